/** The report for programs. Its shape is public: a change is a breaking change. */

import { countHidden, countKnown, listed, type CheckResult } from "../result.js";
import { jsonText } from "../terminal.js";

export function jsonReport(result: CheckResult): string {
  const findings = listed(result).map(
    ({
      path,
      finding: { rule, fingerprint, level, evidence, weight, value, message, range, guide, fix, declined },
    }) => ({
      path,
      rule,
      fingerprint,
      level,
      evidence,
      weight,
      value,
      message,
      range,
      guide,
      fix,
      declined,
    }),
  );
  const failures = result.files.flatMap(({ path, failures: own }) =>
    own.map(({ rule, message }) => ({ path, rule, message })),
  );
  const report = {
    version: 1,
    findings,
    failures,
    files: result.files.length,
    belowMinLevel: countHidden(result),
    inBaseline: countKnown(result),
  };
  return jsonText(report);
}
