/** The report for programs. Its shape is public: a change is a breaking change. */

import type { CheckResult } from "../result.js";

export function jsonReport(result: CheckResult): string {
  const findings = result.files.flatMap(({ path, findings: own }) =>
    own.map(({ rule, level, message, range, guide, fix }) => ({ path, rule, level, message, range, guide, fix })),
  );
  const failures = result.files.flatMap(({ path, failures: own }) => own.map(({ rule, message }) => ({ path, rule, message })));
  return `${JSON.stringify({ version: 1, findings, failures, files: result.files.length }, undefined, 2)}\n`;
}
