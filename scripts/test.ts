/** `npm test`: freshness, types, every mocha suite, the suite inside a real VS Code; the last line counts them all. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PATIENCE, runCommand } from "./run-command.js";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const totals: Counts = { passed: 0, failed: 0, skipped: 0 };
/** What failed, told once more at the end: whoever sees only the last lines of a long run must learn it there. */
const failures: string[] = [];

/** A check that is one test by itself. */
async function step(title: string, command: string, args: readonly string[]): Promise<void> {
  const { code } = await runCommand(command, args);
  totals[code === 0 ? "passed" : "failed"]++;
  if (code !== 0) failures.push(title);
  console.log(`${code === 0 ? "ok" : "FAILED"}  ${title}`);
}

function testFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return path === join("test", "vscode") ? [] : testFiles(path);
    return entry.name.endsWith(".test.ts") ? [join("out", path).replace(/\.ts$/, ".js")] : [];
  });
}

const count = (output: string, pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? 0);

const tsc = join("node_modules", "typescript", "bin", "tsc");
await step("everything generated is fresh", process.execPath, ["out/scripts/generate.js", "--check"]);
await step("sources are formatted", process.execPath, [
  join("node_modules", "@biomejs", "biome", "bin", "biome"),
  "format",
  ".",
]);
await step("types of the pure program", process.execPath, [tsc, "-p", "tsconfig.json"]);
await step("types of the host program", process.execPath, [tsc, "-p", "tsconfig.host.json"]);

/** One mocha; its summary, not the way it ends, tells the counts, unless there is none. */
async function suites(files: readonly string[], shown: boolean): Promise<void> {
  const args = ["node_modules/mocha/bin/mocha.js", "--reporter", "dot", "--timeout", PATIENCE, ...files];
  const mocha = await runCommand(process.execPath, args, { minutes: 60, done: /^ +\d+ passing/m, shown });
  const failing = count(mocha.output, /(\d+) failing/);
  totals.passed += count(mocha.output, /(\d+) passing/);
  totals.failed += failing > 0 ? failing : mocha.code === 0 ? 0 : 1;
  totals.skipped += count(mocha.output, /(\d+) pending/);
  const report = mocha.output.search(/^ +\d+ failing/m);
  if (report !== -1) failures.push(mocha.output.slice(report).trimEnd());
  else if (mocha.code !== 0) failures.push(`${files.length} test files ended with code ${mocha.code} and no summary`);
}

await runCommand(process.execPath, ["out/scripts/python-environment.js"]);
const files = testFiles("test");
const isProof = (it: string) => it.startsWith(join("out", "test", "proof"));
// At the same time: the proofs mostly wait for Python.
await Promise.all([
  suites(
    files.filter((it) => !isProof(it)),
    true,
  ),
  suites(files.filter(isProof), false),
]);

/** The suite inside a real VS Code; one line of its output tells the counts. */
async function insideVsCode(...args: readonly string[]): Promise<void> {
  const inside = await runCommand(process.execPath, ["out/scripts/test-vscode.js", ...args]);
  const [, passed, failed, skipped] = /vscode: (\d+) passed, (\d+) failed, (\d+) skipped/.exec(inside.output) ?? [
    "",
    "0",
    "1",
    "0",
  ];
  totals.passed += Number(passed);
  totals.failed += Number(failed) > 0 ? Number(failed) : inside.code === 0 ? 0 : 1;
  totals.skipped += Number(skipped);
  const marked = inside.output
    .split("\n")
    .flatMap((line, at, all) => (line.includes("✗") ? all.slice(at, at + 6) : []));
  if (marked.length > 0) failures.push(marked.join("\n"));
  else if (inside.code !== 0) failures.push(`the suite inside VS Code ended with code ${inside.code}`);
}

await insideVsCode();
// Last, because the production build takes the place of the one the tests above ran.
await step("production build", process.execPath, ["esbuild.mjs", "--production"]);
await step("package", process.execPath, ["out/scripts/package.js"]);
const { name, version } = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly name: string;
  readonly version: string;
};
await insideVsCode("--vsix", `${name}-${version}.vsix`);

if (totals.skipped > 0) console.log(`skipped: ${totals.skipped} (the reasons are above)`);
if (process.env["NIPPY_NO_SKIPS"] === "1" && totals.skipped > 0) totals.failed += totals.skipped;
if (failures.length > 0) console.log(`what failed, once more:\n${failures.map((it) => it.slice(0, 8000)).join("\n")}`);
process.exitCode = totals.failed > 0 ? 1 : 0;
console.log(`tests: ${totals.passed} passed, ${totals.failed} failed`);
