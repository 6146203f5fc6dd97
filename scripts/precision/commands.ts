/** What the precision tool does: scan and write sheets, measure again for the report. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { matcher, unknownName } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { openFolder } from "../corpus/folders.js";
import { fileOf, marked, writeJudged } from "../corpus/judged.js";
import { measure, writeMeasured } from "./measured.js";
import { CORPUS, readRepositories } from "../corpus/repositories.js";
import { sample } from "../corpus/sample.js";
import { scanFolder, startTools, type FolderScan, type Tools } from "../corpus/scan.js";
import { sheet } from "./sheet.js";
import { summary } from "./summary.js";
import { FINDINGS, readVerdicts } from "./verdicts.js";

export interface SheetsRequest {
  readonly paths: readonly string[];
  /** Names or globs; none means all. */
  readonly rules: readonly string[];
  readonly size: number;
  readonly seed: number;
  readonly allLevels: boolean;
  readonly out: string;
}

type Tell = (progress: string) => void;

function scanAll(
  tools: Tools,
  paths: readonly string[],
  withOff: boolean,
  corpus: string,
  tell: Tell,
): readonly FolderScan[] {
  const repositories = readRepositories(corpus);
  return paths.map((path) => {
    const scan = scanFolder(tools, openFolder(path, repositories), withOff);
    tell(`${scan.folder.name}: ${scan.lines} lines, ${scan.findings.length} findings`);
    return scan;
  });
}

/** Writes the sheets of the rules that found something and the summary, and returns the summary. */
export async function writeSheets(
  { paths, rules: wanted, size, seed, allLevels, out }: SheetsRequest,
  tell: Tell,
  corpus = CORPUS,
): Promise<string> {
  const problems = wanted.flatMap((it) => unknownName(it, rules) ?? []);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const fits = wanted.map(matcher);
  const tools = await startTools((rule) => fits.length === 0 || fits.some((it) => it(rule)));
  const scans = scanAll(tools, paths, allLevels, corpus, tell);
  const folders = scans.map((it) => it.folder);
  const verdicts = readVerdicts(corpus);
  mkdirSync(join(out, "sheets"), { recursive: true });
  for (const rule of tools.asked) {
    const found = scans.flatMap((it) => it.findings).filter((it) => it.rule === rule.name);
    if (found.length === 0) continue;
    const text = sheet(tools, {
      rule,
      found,
      sample: sample(found, size, seed),
      seed,
      folders,
      known: verdicts.get(rule.name) ?? [],
    });
    writeFileSync(join(out, "sheets", `${fileOf(rule.name)}.md`), text);
  }
  const text = summary(scans, tools.asked);
  writeFileSync(join(out, "summary.md"), text);
  return text;
}

/** Counts anew, and marks the verdicts on what is no longer found. Of all repositories or none, so that one table is of one day. */
export async function measureAgain(paths: readonly string[], tell: Tell, corpus = CORPUS): Promise<void> {
  const tools = await startTools();
  const repositories = readRepositories(corpus);
  const named = new Set(paths.map((it) => openFolder(it, repositories).name));
  const missing = repositories.filter((it) => !named.has(it.name));
  if (missing.length > 0)
    throw new Error(
      `A report covers every repository; there is no folder for ${missing.map((it) => it.name).join(", ")}.`,
    );
  const scans = scanAll(tools, paths, true, corpus, tell);
  const date = new Date().toISOString().slice(0, 10);
  const seen = new Map(scans.flatMap((it) => it.findings).map((it) => [it.id, it]));
  for (const [rule, own] of readVerdicts(corpus)) writeJudged(FINDINGS, rule, marked(own, seen, named, date), corpus);
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly version: string };
  writeMeasured(measure(scans, rules, date, version), corpus);
}
