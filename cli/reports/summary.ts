/** The last line for people: how much was found, where, and what can be done about it at once. */

import { isNotebook } from "../../analysis/analyzer.js";
import { countFindings, countHidden, countKnown, counted, type CheckResult } from "../result.js";
import { paint, type Paint } from "../terminal.js";

export function summary(result: CheckResult, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  const total = result.files.length;
  if (total === 0) return "There are no Python files here.";

  const fixed = result.files.reduce((sum, it) => sum + it.fixed, 0);
  const broken = result.files.filter((file) => file.failures.some((it) => it.rule === null && !it.at)).length;
  const inPart = result.files.filter((file) => file.failures.some((it) => it.at)).length;
  const skipped = result.files.filter((it) => it.skipped !== undefined);
  const notebooks = skipped.filter((it) => isNotebook(it.path)).length;
  const others = skipped.length - notebooks;
  const checked = total - broken - skipped.length;
  const parts = [
    ...(fixed > 0
      ? [
          `${counted(fixed, "fix", "fixes")} applied in ${counted(result.files.filter((it) => it.fixed > 0).length, "file")}.`,
        ]
      : []),
    ...(checked > 0 || countFindings(result) > 0 ? [foundLine(result, checked, ink)] : []),
    ...(countHidden(result) > 0 ? [hiddenLine(result)] : []),
    ...(countKnown(result) > 0
      ? [`${counted(countKnown(result), "known finding")} left out: --ignore-baseline shows them.`]
      : []),
    ...(notebooks > 0 ? [`${counted(notebooks, "notebook")} in other languages left out.`] : []),
    ...(others > 0
      ? [`${counted(others, "configuration")} that ${others === 1 ? "is" : "are"} not UTF-8 left out.`]
      : []),
    ...(inPart > 0 ? [ink.red(`${counted(inPart, "file")} with syntax errors checked in part.`)] : []),
    ...(broken > 0 ? [ink.red(`${counted(broken, "file")} could not be checked.`)] : []),
  ];
  return parts.join(" ");
}

/** What was left out is not lost: who wants it is told how to see it. */
function hiddenLine(result: CheckResult): string {
  const hidden = result.files.flatMap((it) => it.hidden);
  const areHints = hidden.every((it) => it.level === "hint");
  const what = areHints ? counted(hidden.length, "hint") : `${counted(hidden.length, "finding")} of lower levels`;
  return `${what} left out: --min-level hint shows ${hidden.length === 1 ? "it" : "them"}.`;
}

function foundLine(result: CheckResult, checked: number, ink: Paint): string {
  const found = countFindings(result);
  if (found === 0)
    return ink.green(
      `Nothing ${result.files.some((it) => it.fixed > 0) ? "else " : ""}found in ${counted(checked, "file")}.`,
    );

  const findings = result.files.flatMap((it) => it.findings);
  const safe = findings.filter((it) => it.fix?.safety === "safe").length;
  const review = findings.filter((it) => it.fix?.safety === "review").length;
  const fixable = [
    ...(safe > 0 ? [`${safe} fixable with --fix`] : []),
    ...(review > 0 ? [`${review} ${safe > 0 ? "more " : ""}with --fix --unsafe-fixes, to be reviewed`] : []),
  ];
  const where = `in ${result.files.filter((it) => it.findings.length > 0).length} of ${counted(result.files.length, "file")}`;
  return `${ink.bold(counted(found, "finding"))} ${where}${fixable.length > 0 ? ` (${fixable.join(", ")})` : ""}.`;
}
