/** Writes every derived file, or with `--check` only says which are stale. One table: file → function that makes its text. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { constructIndexSource } from "./construct-index.js";
import { gainIndexSource } from "./gain-index.js";
import { anchorsSource, guideIndexSource } from "./guide-index.js";
import { idsSource, kindsSource } from "./kinds.js";
import { nameListSource } from "./name-list.js";
import { refactoringIndexSource } from "./refactoring-index.js";
import { ruleIndexSource } from "./rule-index.js";
import { snippetIndexSource } from "./snippet-index.js";

type Derived = Readonly<Record<string, () => string>>;

const check = process.argv.includes("--check");
const stale: string[] = [];

function bring(derived: Derived): void {
  for (const [path, make] of Object.entries(derived)) {
    const text = make();
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

bring({
  "analysis/syntax/kinds.generated.ts": kindsSource,
  "analysis/syntax/reader/ids.generated.ts": idsSource,
  "analysis/rule/anchors.generated.ts": anchorsSource,
  "guide/index.generated.ts": guideIndexSource,
  "guide/constructs/index.generated.ts": constructIndexSource,
  "rules/gains.generated.ts": gainIndexSource,
  "rules/index.generated.ts": ruleIndexSource,
  "snippets/index.generated.ts": snippetIndexSource,
  "client/names.generated.ts": nameListSource,
  "refactorings/index.generated.ts": refactoringIndexSource,
});

// The pages are made from the rules themselves, so they are bundled only now that the index is right.
const bundle = resolve("out/scripts/pages-fresh.mjs");
await build({ entryPoints: ["scripts/pages.ts"], outfile: bundle, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "warning" });
const { pages } = (await import(pathToFileURL(bundle).href)) as { readonly pages: () => Derived };
const derived = pages();
bring(derived);

/** Pages of rules that are gone. */
for (const area of existsSync("docs/rules") ? readdirSync("docs/rules") : []) {
  for (const file of readdirSync(`docs/rules/${area}`)) {
    const path = `docs/rules/${area}/${file}`;
    if (path in derived) continue;
    stale.push(path);
    if (!check) rmSync(path);
  }
}

if (check && stale.length > 0) {
  console.error(`Stale: ${stale.join(", ")}. Run: npm run generate`);
  process.exitCode = 1;
}
