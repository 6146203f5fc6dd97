/** The report for GitHub Actions: workflow commands that become annotations on the lines of a pull request. */

import { resolve } from "node:path";
import { shownPath } from "../paths.js";
import {
  counted,
  inFile,
  declinedLines,
  lineOf,
  listed,
  type CheckResult,
  type CommentMistake,
  type Failure,
  type PlacedFinding,
  type PlacedFix,
} from "../result.js";
import { shown } from "../terminal.js";
import type { ReportContext } from "./report.js";

type Command = "error" | "warning" | "notice";
const COMMANDS: Readonly<Record<PlacedFinding["level"], Command>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};
const WORST_FIRST: readonly PlacedFinding["level"][] = ["error", "warning", "info", "hint"];

/** GitHub shows no more of each kind from one step, and drops the rest without a word. */
const MOST_OF_A_KIND = 10;

interface Annotation {
  readonly command: Command;
  readonly line: string;
}

export function githubReport(result: CheckResult, { root }: Pick<ReportContext, "root">): string {
  const fileOf = (path: string) => shownPath(resolve(result.folder, path), root);
  const failures = result.files.flatMap(({ path, failures: own }) => own.map((it) => failure(fileOf(path), it)));
  const comments = result.files.flatMap(({ path, comments: own }) => own.map((it) => mistake(fileOf(path), it)));
  const ordered = listed(result).toSorted(
    (a, b) => WORST_FIRST.indexOf(a.finding.level) - WORST_FIRST.indexOf(b.finding.level),
  );
  const all = [...failures, ...ordered.map(({ path, finding }) => annotation(fileOf(path), finding)), ...comments];

  const everything = firstOfEachKind(all, MOST_OF_A_KIND);
  // Saying that some were left out takes one notice itself.
  const chosen = everything.length === all.length ? all : firstOfEachKind(all, MOST_OF_A_KIND - 1);
  const left = all.length - chosen.length;
  const closing = `${counted(left, "more annotation")} left out, because GitHub shows ${MOST_OF_A_KIND} of each kind. "nippy check" lists them all.`;
  return [...chosen.map((it) => it.line), ...(left > 0 ? [`::notice title=Nippy::${escapeData(closing)}`] : [])]
    .map((it) => `${it}\n`)
    .join("");
}

function firstOfEachKind(all: readonly Annotation[], notices: number): readonly Annotation[] {
  const room = { error: MOST_OF_A_KIND, warning: MOST_OF_A_KIND, notice: notices };
  return all.filter(({ command }) => room[command]-- > 0);
}

function annotation(file: string, finding: PlacedFinding): Annotation {
  const { rule, level, message, range, fix } = finding;
  const { start, end } = inFile(range);
  // GitHub takes columns only where an annotation stays on one line.
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {};
  const place = { title: `Nippy (${rule})`, file, line: start.line, endLine: end.line, ...columns };
  const cure = fix ? cureLines(fix) : declinedLines(finding);
  return {
    command: COMMANDS[level],
    line: `::${COMMANDS[level]} ${propertyList(place)}::${escapeData(message, ...cure)}`,
  };
}

function cureLines({ safety, title, doubts }: PlacedFix): readonly string[] {
  if (safety === "safe") return [`Fix: ${title}`];
  return [`Fix (review): ${title}`, `Check first: ${doubts.join("; ")}`];
}

/** A file that could not be checked is an error; a rule that failed on it is our mistake, not the user's. */
function failure(file: string, it: Failure): Annotation {
  const { rule, message } = it;
  const line = lineOf(it);
  const command = rule === null ? "error" : "warning";
  return {
    command,
    line: `::${command} ${propertyList({ title: "Nippy", file, ...(line !== undefined && { line }) })}::${escapeData(message)}`,
  };
}

function mistake(file: string, { range, message }: CommentMistake): Annotation {
  const place = { title: "Nippy", file, line: inFile(range).start.line };
  return { command: "warning", line: `::warning ${propertyList(place)}::${escapeData(message)}` };
}

function propertyList(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(",");
}

/** Each line stays one, whatever it says. */
function escapeData(...lines: readonly string[]): string {
  return lines.map((it) => shown(it).text.replaceAll("%", "%25")).join("%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
