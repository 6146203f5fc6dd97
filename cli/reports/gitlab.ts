/** The report for GitLab's merge requests: a code quality file, which has one list of findings and nothing around it. */

import { resolve } from "node:path";
import { digestOf } from "../digest.js";
import { shownPath } from "../paths.js";
import { inFile, lineOf, listed, type CheckResult, type Failure, type PlacedFinding } from "../result.js";
import { jsonText } from "../terminal.js";
import type { ReportContext } from "./report.js";

const SEVERITIES: Readonly<Record<PlacedFinding["level"], string>> = {
  error: "critical",
  warning: "major",
  info: "minor",
  hint: "info",
};

export function gitlabReport(result: CheckResult, { root }: Pick<ReportContext, "root">): string {
  const fileOf = (path: string) => shownPath(resolve(result.folder, path), root);
  const failures = result.files.flatMap(({ path, failures: own }) => own.map((it) => failure(fileOf(path), it)));
  return jsonText([...failures, ...listed(result).map(({ path, finding }) => issue(fileOf(path), finding))]);
}

function issue(path: string, { rule, level, message, fingerprint, range }: PlacedFinding) {
  return {
    description: message,
    check_name: rule,
    // Ours is unique within its file, GitLab's within the whole report.
    fingerprint: digestOf(`${path}\n${fingerprint}`),
    severity: SEVERITIES[level],
    location: { path, lines: { begin: inFile(range).start.line, end: inFile(range).end.line } },
  };
}

function failure(path: string, it: Failure) {
  const { rule, message } = it;
  const line = lineOf(it) ?? 1;
  return {
    description: message,
    check_name: rule ?? "nippy",
    fingerprint: digestOf(`${path}\n${rule}\n${message}`),
    severity: rule === null ? "blocker" : "info",
    location: { path, lines: { begin: line, end: line } },
  };
}
