/** Writes every derived file, or with `--check` only says which are stale. One table: file → function that makes its text. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bring, indexes, type Derived } from "./indexes.js";

const check = process.argv.includes("--check");
const stale: string[] = [...bring(indexes, check)];

// The pages are made from the rules themselves, so they are bundled only now that the index is right.
const bundle = resolve("out/scripts/pages-fresh.mjs");
await build({
  entryPoints: ["scripts/pages.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
const { pages } = (await import(pathToFileURL(bundle).href)) as { readonly pages: () => Derived };
const derived = pages();
stale.push(...bring(derived, check));

/** Pages of rules that are gone. */
for (const file of existsSync("docs/rules") ? readdirSync("docs/rules", { recursive: true, encoding: "utf8" }) : []) {
  const path = `docs/rules/${file}`;
  if (!path.endsWith(".md") || path in derived) continue;
  stale.push(path);
  if (!check) rmSync(path);
}

if (check && stale.length > 0) {
  console.error(`Stale: ${stale.join(", ")}. Run: npm run generate`);
  process.exitCode = 1;
}
