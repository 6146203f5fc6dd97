/** `npm run test:rule NAME`, `npm run test:engine` and their like: bundles a part of the tests and runs it, with only as much made before as it needs. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import picomatch from "picomatch";
import { catalogueNames, strayName } from "./catalogue.js";
import { bring, indexes } from "./indexes.js";
import { ruleNames } from "./rule-index.js";
import { PATIENCE } from "./run-command.js";

const RULES = ["test/rules.test.ts", "test/overrides.test.ts"];
const PROOFS = ["test/proof/fixes.test.ts", "test/proof/processes.test.ts"];
/** These are given names of rules, areas, globs or programs behind their own name. */
const NARROWED: Readonly<Record<string, readonly string[]>> = {
  rule: [...RULES, ...PROOFS],
  rules: RULES,
  proof: PROOFS,
};
/** Their tests run what is in dist/. */
const ON_PRODUCT = new Set([
  "browser",
  "cli",
  "editors",
  "golden",
  "hostile",
  "packaging",
  "server",
  "shipped",
  "soak",
]);
/** Proofs of all rules without any kept verdict, on a busy machine. */
const MINUTES = 60;

const [name = "", ...rest] = process.argv.slice(2);
/** A file may be given as it is called. */
const part = name.replace(/^test\//, "").replace(/\.test\.ts$/, "");
const isUpdate = rest.includes("--update");
const given = rest.filter((it) => it !== "--update");

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function node(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

function filesOf(name: string): readonly string[] {
  const folder = join("test", name.replace(/\.test\.ts$/, ""));
  const below = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  const files = [`${folder}.test.ts`, ...below.map((it) => join(folder, it)).sort()];
  return files.filter((it) => it.endsWith(".test.ts") && existsSync(it));
}

/** What a contributor calls a rule: its name, its area, a glob, or its name and one of its cases. */
function checkNames(): void {
  const names = ruleNames();
  for (const pattern of given) {
    const [rule = ""] = pattern.split(": ");
    if (names.some((it) => it === rule || it.startsWith(`${rule}/`) || picomatch.isMatch(it, rule))) continue;
    if (catalogueNames().includes(rule)) fail(`${rule} is not built yet: npm run new-rule ${rule}`);
    fail(strayName(rule, names, "a rule, an area or a glob that fits one"));
  }
}

const narrowed = NARROWED[part];
// With nothing behind it, `proof` means all there is to prove, programs made by chance included.
const files = part === "proof" && given.length === 0 ? filesOf(part) : (narrowed ?? filesOf(part));
if (files.length === 0) fail(`There is no part "${part}" of the tests: no test/${part}, no test/${part}.test.ts.`);
if (part === "rule" && given.length === 0) fail("Give a rule: npm run test:rule area/name");
if (isUpdate && !files.includes(RULES[0]!))
  fail("Only snapshots of rules can be updated: npm run test:rules -- --update");
if (narrowed) checkNames();

const started = performance.now();
bring(indexes);
// esbuild takes the types away unread: a rule whose types are wrong would pass all that follows.
if (part === "rule") node("node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
const bundle = `out/part/${part}.js`;
if (ON_PRODUCT.has(part.split("/")[0]!)) node("esbuild.mjs", "--quiet");
node("esbuild.mjs", `--only=${files.join(",")}`, `--into=${bundle}`);
// Made before mocha counts the seconds: the first time it takes one or two minutes.
if (files.some((it) => PROOFS.includes(it))) node("out/scripts/python-environment.js");
const { status } = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    "node_modules/mocha/bin/mocha.js",
    ...["--reporter", "dot", "--timeout", PATIENCE, "--fail-zero", bundle],
    ...(narrowed ? [] : given),
  ],
  {
    stdio: "inherit",
    timeout: MINUTES * 60_000,
    env: { ...process.env, NIPPY_RULES: narrowed ? given.join("\n") : "", NIPPY_UPDATE: isUpdate ? "1" : "" },
  },
);
console.log(`${[part, ...given].join(" ")}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
process.exit(status ?? 1);
