/** The reports for programs. Their shape is public: a change is a breaking change. */

import { countHidden, countKnown, listed, type CheckResult, type LocatedFinding } from "../result.js";
import { jsonText } from "../terminal.js";

export function jsonReport(result: CheckResult): string {
  const findings = listed(result).map(publicFinding);
  return jsonText({
    version: VERSION,
    findings,
    failures: publicFailures(result),
    skipped: publicSkipped(result),
    comments: publicComments(result),
    ...counts(result),
  });
}

/** The same line by line, for what reads along: each finding and failure, then the numbers. */
export function jsonLinesReport(result: CheckResult): string {
  return [
    ...listed(result).map((it) => ({ type: "finding", ...publicFinding(it) })),
    ...publicFailures(result).map((it) => ({ type: "failure", ...it })),
    ...publicSkipped(result).map((it) => ({ type: "skipped", ...it })),
    ...publicComments(result).map((it) => ({ type: "comment", ...it })),
    { type: "summary", version: VERSION, ...counts(result) },
  ]
    .map((it) => jsonText(it, 0))
    .join("");
}

const VERSION = 1;

function publicFinding({ path, finding }: LocatedFinding) {
  const { rule, fingerprint, level, evidence, weight, value, message, range, guide, fix, declined } = finding;
  return { path, rule, fingerprint, level, evidence, weight, value, message, range, guide, fix, declined };
}

function publicFailures({ files }: CheckResult) {
  return files.flatMap(({ path, failures }) =>
    failures.map(({ rule, message, at }) => ({ path, rule, message, at: at ?? null })),
  );
}

function publicSkipped({ files }: CheckResult) {
  return files.flatMap(({ path, skipped: reason }) => (reason === undefined ? [] : [{ path, reason }]));
}

function publicComments({ files }: CheckResult) {
  return files.flatMap(({ path, comments }) => comments.map(({ message, range }) => ({ path, message, range })));
}

function counts(result: CheckResult) {
  return { files: result.files.length, belowMinLevel: countHidden(result), inBaseline: countKnown(result) };
}
