/** The report for reviewdog, which writes findings and suggestions into reviews on many code hosts. */

import { resolve } from "node:path";
import type { GuideAnchor } from "../../analysis/analyzer.js";
import { guideUrl } from "../../guide/address.js";
import { shownPath } from "../paths.js";
import {
  declinedLines,
  inFile,
  lineOf,
  listed,
  type CheckResult,
  type Place,
  type PlacedFinding,
  type PlacedFix,
  type PlacedRange,
} from "../result.js";
import { jsonText } from "../terminal.js";
import type { ReportContext } from "./report.js";

const SEVERITIES: Readonly<Record<PlacedFinding["level"], string>> = {
  error: "ERROR",
  warning: "WARNING",
  info: "INFO",
  hint: "INFO",
};

/** A suggestion is one stretch of lines. Where a fix changes places far apart, nobody could review it as one. */
const MOST_LINES = 30;

export function rdjsonReport(result: CheckResult, { root, textOf }: Pick<ReportContext, "root" | "textOf">): string {
  const fileOf = (path: string) => shownPath(resolve(result.folder, path), root);
  const lines = new Map(
    result.files.filter((it) => it.findings.length > 0).map(({ path }) => [path, textOf(path)?.split(LINE_END)]),
  );
  const failures = result.files.flatMap(({ path, failures: own }) =>
    own.map((it) => {
      const line = lineOf(it);
      const location = { path: fileOf(path), ...(line !== undefined && { range: { start: { line } } }) };
      return { message: it.message, location, severity: it.rule === null ? "ERROR" : "WARNING" };
    }),
  );
  const comments = result.files.flatMap(({ path, comments: own }) =>
    own.map(({ range, message }) => ({
      message,
      location: { path: fileOf(path), range: { start: { line: inFile(range).start.line } } },
      severity: "WARNING",
    })),
  );
  const findings = listed(result).map(({ path, finding }) => diagnostic(fileOf(path), finding, lines.get(path)));
  return jsonText({
    source: { name: "nippy", url: "https://github.com/nippy-python/nippy" },
    diagnostics: [...failures, ...findings, ...comments],
  });
}

/** As in an editor: these three end a line, and nothing else does. */
const LINE_END = /\r\n|\r|\n/;

type Lines = readonly string[] | undefined;

function diagnostic(path: string, finding: PlacedFinding, lines: Lines) {
  const { rule, level, message, guide, range, fix } = finding;
  // The lines of a cell stand in the notebook as text of JSON: what is suggested for them cannot be put there as it is.
  const suggestion = fix && range.start.cell === undefined ? suggested(fix, lines) : undefined;
  const remarks = [
    ...(fix && fix.doubts.length > 0 ? [`Check before you fix it: ${fix.doubts.join("; ")}`] : []),
    ...declinedLines(finding),
  ];
  return {
    message: [message, ...remarks].join("\n"),
    location: { path, range: inBytes(inFile(range), lines) },
    severity: SEVERITIES[level],
    code: { value: rule, url: guideUrl(guide as GuideAnchor) },
    ...(suggestion && { suggestions: [suggestion] }),
  };
}

/** Several suggestions would be a choice between them, so all edits go into one, with what stands between them. */
function suggested({ edits }: PlacedFix, lines: Lines) {
  const ordered = edits.toSorted((a, b) => compare(a.range.start, b.range.start));
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (!lines || !first || !last || lines.length < last.range.end.line) return undefined;
  const range: PlacedRange = { start: first.range.start, end: last.range.end };
  if (range.end.line - range.start.line >= MOST_LINES) return undefined;
  let text = "";
  let at = range.start;
  for (const edit of ordered) {
    text += between(lines, at, edit.range.start) + edit.text;
    at = edit.range.end;
  }
  return { range: inBytes(range, lines), text };
}

function compare(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}

function between(lines: readonly string[], from: Place, to: Place): string {
  const part = lines.slice(from.line - 1, to.line);
  part[part.length - 1] = part.at(-1)!.slice(0, to.column - 1);
  part[0] = part[0]!.slice(from.column - 1);
  return part.join("\n");
}

/** reviewdog counts columns in the bytes of UTF-8. Where the text cannot be read, the line has to do. */
function inBytes({ start, end }: PlacedRange, lines: Lines) {
  const place = ({ line, column }: Place) => {
    const text = lines?.[line - 1];
    return text === undefined ? { line } : { line, column: Buffer.byteLength(text.slice(0, column - 1)) + 1 };
  };
  return { start: place(start), end: place(end) };
}
