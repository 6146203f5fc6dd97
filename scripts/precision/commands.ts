/** What the precision tool does: scan and write sheets, measure again for the report. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../rules/index.generated.js";
import { stamp, toolsFor, type SheetsRequest, type Tell } from "../corpus/command.js";
import { openFolder } from "../corpus/folders.js";
import { fileOf, marked, writeJudged } from "../corpus/judged.js";
import { measure, readMeasured, withCounts, writeMeasured } from "./measured.js";
import { CORPUS, readRepositories } from "../corpus/repositories.js";
import { sample } from "../corpus/sample.js";
import { scanFolder, startTools, type FolderScan, type Tools } from "../corpus/scan.js";
import { sheet } from "./sheet.js";
import { summary } from "./summary.js";
import { FINDINGS, readVerdicts } from "./verdicts.js";

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
  { paths, rules: wanted, size, seed, allLevels = false, out }: SheetsRequest,
  tell: Tell,
  corpus = CORPUS,
): Promise<string> {
  const tools = await toolsFor(wanted);
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

/** Counts anew, and marks the verdicts on what is no longer found. Of all repositories or none, so that one table is of one day; where rules are named, theirs alone in the repositories that are there. */
export async function measureAgain(
  paths: readonly string[],
  tell: Tell,
  corpus = CORPUS,
  wanted: readonly string[] = [],
): Promise<void> {
  const isPart = wanted.length > 0;
  const tools = isPart ? await toolsFor(wanted) : await startTools();
  const repositories = readRepositories(corpus);
  const named = new Set(paths.map((it) => openFolder(it, repositories).name));
  const missing = repositories.filter((it) => !named.has(it.name));
  if (missing.length > 0 && !isPart)
    throw new Error(
      `A report covers every repository; there is no folder for ${missing.map((it) => it.name).join(", ")}.`,
    );
  const scans = scanAll(tools, paths, true, corpus, tell);
  const { date, nippy } = stamp();
  const seen = new Map(scans.flatMap((it) => it.findings).map((it) => [it.id, it]));
  const names = new Set((isPart ? tools.asked : rules).map((it) => it.name));
  for (const [rule, own] of readVerdicts(corpus))
    if (names.has(rule)) writeJudged(FINDINGS, rule, marked(own, seen, named, date), corpus);
  const measured = measure(scans, rules, date, nippy);
  writeMeasured(isPart ? withCounts(readMeasured(corpus), measured, names) : measured, corpus);
}
