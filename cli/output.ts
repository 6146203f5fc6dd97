/** Who gets to see what of a check: the report on standard output or in a file, problems and diff summaries on standard error. */

import { appendFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CheckRequest } from "./arguments.js";
import { coloredDiff } from "./diff.js";
import { loadEngine } from "./load-engine.js";
import { leavesRepository } from "./links.js";
import { repositoryRoot } from "./paths.js";
import { readPython } from "./python-bytes.js";
import { makeReport, type ReportContext } from "./reports/report.js";
import { statisticsReport } from "./reports/statistics.js";
import { stepSummary } from "./reports/step-summary.js";
import { summary } from "./reports/summary.js";
import { conciseReport, goneReport, mostImportant, textReport } from "./reports/text.js";
import { counted, countFindings, lineInWords, listed, type CheckResult, type PlacedFinding } from "./result.js";
import { decode } from "./source.js";
import { tell } from "./tell.js";
import { shownLines, wantsColor } from "./terminal.js";
import { Trouble } from "./trouble.js";
import { version } from "./version.js";

/** @param input the text on standard input, where that was checked */
export async function printReport(request: CheckRequest, result: CheckResult, input?: Uint8Array): Promise<void> {
  const context = contextFor(request, result, input);
  const report = request.statistics
    ? statisticsReport(result, context)
    : await makeReport(request.format, result, context);
  const isForPeople = (request.format === "text" || request.format === "concise") && !request.quiet;
  const important = request.statistics || request.format === "concise" ? "" : mostImportant(result, context);
  const parts = isForPeople ? [report, important, `${summary(result, context)}\n`] : [report];
  print(request, parts.filter((it) => it !== "").join("\n"));

  const page = process.env["GITHUB_STEP_SUMMARY"];
  if (request.format === "github" && page) writing(page, () => appendFileSync(page, stepSummary(result)));
}

/** What is new in full, what is gone in a line each. Nothing where nothing changed. */
export function printChanges(request: CheckRequest, before: CheckResult, after: CheckResult): void {
  const context = contextFor(request, after);
  const fresh = notIn(before, after);
  const gone = notIn(after, before);
  const told = new Set(problemsOf(before));
  if (!problemsOf(after).every((it) => told.has(it))) tellProblems(after, request.quiet);
  const counts = [fresh, gone].map(countFindings);
  if (counts[0] === 0 && counts[1] === 0) return;
  const report = request.format === "concise" ? conciseReport(fresh, context) : textReport(fresh, context);
  const parts = [goneReport(gone, context), report].filter((it) => it !== "");
  const sum = request.quiet ? [] : [`${counts[0]} new, ${counts[1]} gone. ${summary(after, context)}\n`];
  process.stdout.write([...parts, ...sum].join("\n"));
}

/** The findings of one result that another has not. */
function notIn(other: CheckResult, result: CheckResult): CheckResult {
  const nameOf = (path: string, { rule, fingerprint }: PlacedFinding) => JSON.stringify([path, rule, fingerprint]);
  const known = new Set(listed(other).map(({ path, finding }) => nameOf(path, finding)));
  const files = result.files.map((file) => ({
    ...file,
    findings: file.findings.filter((it) => !known.has(nameOf(file.path, it))),
  }));
  return { ...result, files };
}

function problemsOf({ files }: CheckResult): readonly string[] {
  return files.flatMap(({ path, failures, comments }) =>
    [...failures, ...comments].map((it) => `${path} ${it.message}`),
  );
}

export function printDiffs(request: CheckRequest, result: CheckResult): void {
  const { color } = contextFor(request, result);
  const diff = result.files.map((it) => it.diff ?? "").join("");
  // For a program it is data, and each of its bytes counts.
  print(request, coloredDiff(isForScreen(request) ? shownLines(diff) : diff, color));
  if (!request.quiet) process.stderr.write(`${diffSummary(result)}\n`);
}

function diffSummary(result: CheckResult): string {
  const changed = result.files.filter((it) => it.fixed > 0);
  const fixes = changed.reduce((sum, it) => sum + it.fixed, 0);
  return fixes === 0
    ? "Nothing would change."
    : `${counted(fixes, "fix", "fixes")} would be applied in ${counted(changed.length, "file")}.`;
}

/** The source goes where a pipe expects it, changed or not; what is left to say goes to standard error. */
export function printFixedInput(request: CheckRequest, result: CheckResult, input: Uint8Array): void {
  const source = result.files[0]?.fixedBytes ?? input;
  process.stdout.write(isForScreen(request) ? shownLines(Buffer.from(source).toString("utf8")) : source);
  const color = wantsColor(request.color, process.stderr.isTTY === true);
  process.stderr.write(textReport(result, { color }));
  if (!request.quiet) process.stderr.write(`${summary(result, { color })}\n`);
}

export function tellProblems(result: CheckResult, quiet: boolean): void {
  const failedRules = new Set<string>();
  for (const { path, failures, comments, skipped } of result.files) {
    if (skipped !== undefined && !quiet) tell("warning", `${path}: ${skipped}`);
    for (const { rule, message, at } of failures) {
      if (rule === null) tell("error", `${at ? `${lineInWords(path, at)}:${at.column}` : path}: ${message}`);
      else if (!failedRules.has(rule)) tell("warning", `${path}: ${message}`);
      if (rule !== null) failedRules.add(rule);
    }
    if (!quiet)
      for (const { range, message } of comments) tell("warning", `${lineInWords(path, range.start)}: ${message}`);
  }
}

export function warn(warnings: readonly string[], quiet: boolean): void {
  if (!quiet) for (const it of warnings) tell("warning", it);
}

function contextFor(request: CheckRequest, result: CheckResult, input?: Uint8Array): ReportContext {
  return {
    color: wantsColor(request.color, isForScreen(request)),
    version: version(),
    root: repositoryRoot(result.folder),
    textOf: (path) => textOf(input ?? resolve(result.folder, path)),
    analyzer: async () => (await loadEngine()).startAnalyzer(),
  };
}

/** Undefined where the file is gone by now, or is no longer what it was. */
function textOf(source: Uint8Array | string): string | undefined {
  try {
    const decoded = decode(typeof source === "string" ? readPython(source) : source);
    return "text" in decoded ? decoded.text : undefined;
  } catch {
    return undefined;
  }
}

function isForScreen({ outputFile }: CheckRequest): boolean {
  return outputFile === undefined && process.stdout.isTTY === true;
}

function print({ outputFile }: CheckRequest, report: string): void {
  if (outputFile === undefined) process.stdout.write(report);
  else {
    // A repository can bring along a link of the very name that reports are given.
    if (leavesRepository(resolve(outputFile)))
      throw new Trouble(`The report cannot be written to "${outputFile}": a link leads out of the repository.`);
    writing(outputFile, () => writeFileSync(outputFile, report));
  }
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new Trouble(
      `The report cannot be written to "${path}" (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
    );
  }
}
