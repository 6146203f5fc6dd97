/** What the recall tool does: find candidates and write sheets, count again for the report. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { stamp, toolsFor, type SheetsRequest, type Tell } from "../corpus/command.js";
import { openFolder, readText, type Folder } from "../corpus/folders.js";
import { placesIn } from "../corpus/places.js";
import { fileOf, marked, writeJudged, type Seen } from "../corpus/judged.js";
import { CORPUS, readRepositories } from "../corpus/repositories.js";
import { sample } from "../corpus/sample.js";
import { settingsFor, startTools, toldPath, type Tools } from "../corpus/scan.js";
import { countOf, countsIn, mergeCounts, writeCounts, type Counted } from "./counts.js";
import { answered, FELT, HOLDOUT, meantFor, readFelt, writeFelt, type FeltFile } from "./felt.js";
import { queriesFor, scanForRecall, type RecallScan, type Silent } from "./scan.js";
import { sheet } from "./sheet.js";
import { readSilences, SILENCES } from "./verdicts.js";

/** One folder after the other, when it is asked for. */
function* scanAll(tools: Tools, paths: readonly string[], corpus: string, tell: Tell): Generator<RecallScan> {
  const repositories = readRepositories(corpus);
  const queries = queriesFor(tools);
  for (const path of paths) {
    const scan = scanForRecall(tools, queries, openFolder(path, repositories));
    tell(`${scan.folder.name}: ${scan.lines} lines, ${scan.silent.length} silent candidates`);
    yield scan;
  }
}

/** Writes the sheets of the rules that are silent somewhere and the summary, and returns the summary. */
export async function writeSheets(
  { paths, rules: wanted, size, seed, out }: SheetsRequest,
  tell: Tell,
  corpus = CORPUS,
): Promise<string> {
  const tools = await toolsFor(wanted);
  const scans = [...scanAll(tools, paths, corpus, tell)];
  const verdicts = readSilences(corpus);
  const queries = queriesFor(tools);
  const names = tools.asked.map((it) => it.name);
  const counted = scans.map((it) => countsIn(it, names));
  mkdirSync(join(out, "sheets"), { recursive: true });
  for (const rule of tools.asked) {
    const silent = scans.flatMap((it) => it.silent).filter((it) => it.rule === rule.name);
    if (silent.length === 0) continue;
    const text = sheet(tools, {
      rule,
      queries: queries.get(rule.name)!,
      count: countOf(counted, rule.name)!,
      sample: drawn(silent, size, seed),
      seed,
      folders: scans.map((it) => it.folder),
      known: verdicts.get(rule.name) ?? [],
    });
    writeFileSync(join(out, "sheets", `${fileOf(rule.name)}.md`), text);
  }
  const text = summary(scans, tools.asked);
  writeFileSync(join(out, "summary.md"), text);
  return text;
}

/** Tests come last: recall is counted outside of them. */
export function drawn(silent: readonly Silent[], size: number, seed: number): readonly Silent[] {
  const parts = [false, true].map((inTests) => silent.filter((it) => it.isTest === inTests));
  return parts.flatMap((it) => sample(it, size, seed)).slice(0, size);
}

function summary(scans: readonly RecallScan[], asked: readonly Rule[]): string {
  const names = asked.map((it) => it.name);
  const counted = scans.map((it) => countsIn(it, names));
  const outside = scans.flatMap((it) => it.outside);
  const rows = names.map((name) => {
    const [candidates, reported, inTests] = countOf(counted, name) ?? [0, 0, 0];
    const beyond = outside.filter((it) => it.rule === name).length;
    return `| ${[name, candidates, reported, candidates - reported, inTests, beyond].join(" | ")} |`;
  });
  const problems = scans.flatMap((it) => it.problems);
  const first = outside.slice(0, 40).map((it) => `- ${it.rule}: ${it.repository}/${it.path}:${it.line}`);
  return `# Summary

${scans.reduce((sum, it) => sum + it.lines, 0)} lines in ${scans.length} folders.

| rule | candidates | reported | silent | in tests | findings that no candidate stands for |
| --- | ---: | ---: | ---: | ---: | ---: |
${rows.join("\n")}
${first.length === 0 ? "" : `\nFindings that no candidate stands for; the query is too narrow:\n\n${first.join("\n")}\n`}
${problems.length === 0 ? "Every file was read, no rule failed." : `Not read, or a rule failed:\n\n${problems.map((it) => `- ${it}`).join("\n")}`}
`;
}

/** Counts the repositories that are named anew, and marks the verdicts on places where the rule speaks by now or that are gone. Of folders of the hold-out only the remarks are looked at. Where rules are named, all else stays as it was counted. */
export async function countAgain(
  paths: readonly string[],
  tell: Tell,
  corpus = CORPUS,
  wanted: readonly string[] = [],
): Promise<void> {
  const repositories = readRepositories(corpus);
  const known = new Set(repositories.map((it) => it.name));
  const held = new Set(readFelt(corpus, HOLDOUT).map(folderName));
  const folders = paths.map((path) => ({ path, folder: openFolder(path, repositories) }));
  const strange = folders.map((it) => it.folder.name).filter((it) => !known.has(it) && !held.has(it));
  if (strange.length > 0)
    throw new Error(`A report covers pinned code only; not in repositories.json: ${strange.join(", ")}.`);
  const tools = wanted.length > 0 ? await toolsFor(wanted) : await startTools();
  const counted = folders.filter((it) => known.has(it.folder.name)).map((it) => it.path);
  const named = new Set(folders.map((it) => it.folder.name).filter((it) => known.has(it)));
  const { date, nippy } = stamp();
  const names = wanted.length > 0 ? tools.asked.map((it) => it.name) : rules.map((it) => it.name);
  const silences = new Map([...readSilences(corpus)].filter(([rule]) => wanted.length === 0 || names.includes(rule)));
  const judged = new Set([...silences.values()].flat().map((it) => it.id));
  const seen = new Map<string, Seen>();
  const counts: Counted[] = [];
  // All silent candidates of all folders are millions of places: only what was judged is kept.
  for (const scan of scanAll(tools, counted, corpus, tell)) {
    for (const { id, line } of scan.silent) if (judged.has(id)) seen.set(id, { line });
    counts.push({ name: scan.folder.name, date, nippy, lines: scan.lines, ...countsIn(scan, names) });
  }
  for (const [rule, own] of silences) writeJudged(SILENCES, rule, marked(own, seen, named, date), corpus);
  if (wanted.length > 0) return mergeCounts(counts, corpus);
  writeCounts(counts, corpus);
  for (const list of [FELT, HOLDOUT])
    sayAgain(
      tools,
      folders.map((it) => it.folder),
      corpus,
      list,
    );
}

/** The folder a file of either list is in: `owner+name` where it is named by its address. */
function folderName({ repository }: FeltFile): string {
  return repository.replace("/", "+");
}

/** Looks which remarks of the reviewers Nippy makes by now, at any level. */
function sayAgain(tools: Tools, folders: readonly Folder[], corpus: string, list: string): void {
  const byName = new Map(folders.map((it) => [it.name, it]));
  const before = readFelt(corpus, list);
  const names = new Set(rules.map((it) => it.name));
  const files = before.map((file): FeltFile => {
    const folder = byName.get(folderName(file));
    const read = folder && readText(folder, file.path);
    if (!folder || !read || "problem" in read) return file;
    const { analyzer } = tools;
    const snapshot = analyzer.open(read.text, settingsFor(tools, folder, false), toldPath(folder, file.path));
    const placeOf = placesIn(folder.name, file.path, read.text);
    const findings = analyzer
      .report(snapshot)
      .findings.map((it) => ({ rule: it.rule, line: placeOf(it.rule, it.range.start).line }));
    const remarks = file.remarks.map((it) => meantFor(it, names));
    return { ...file, remarks: answered(remarks, findings) };
  });
  if (before.length > 0) writeFelt(files, corpus, list);
}
