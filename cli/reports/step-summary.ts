/** The table that GitHub Actions shows on a run's page: there every finding has room, where annotations are limited. */

import { counted, lineInWords, listed, type CheckResult } from "../result.js";
import { shown } from "../terminal.js";
import { summary } from "./summary.js";

/** GitHub takes one megabyte from a step; long before that nobody reads on. */
const MOST_ROWS = 200;

export function stepSummary(result: CheckResult): string {
  const findings = listed(result);
  const rows = findings.slice(0, MOST_ROWS).map(({ path, finding: { level, message, rule, range } }) => {
    const cells = [level, lineInWords(path, range.start), message, rule];
    return `| ${cells.map(escapeCell).join(" | ")} |`;
  });
  const table = rows.length > 0 ? ["", "| Level | Place | Finding | Rule |", "| --- | --- | --- | --- |", ...rows] : [];
  const left = findings.length - rows.length;
  return [
    "## Nippy",
    "",
    summary(result, { color: false }),
    ...table,
    ...(left > 0 ? ["", `${counted(left, "more finding")} not shown.`] : []),
    "",
    "",
  ].join("\n");
}

/** Every mark that Markdown or HTML might take for its own. */
function escapeCell(text: string): string {
  return shown(text.replace(/\s+/g, " ")).text.replace(/[\\|`*_~[\]<>&#]/g, (it) => `&#${it.codePointAt(0)};`);
}
