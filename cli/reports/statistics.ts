/** Findings counted by rule: the most frequent first, or those that matter most. */

import { isAtLeast } from "../../analysis/analyzer.js";
import type { CheckResult, PlacedFinding } from "../result.js";
import { paint } from "../terminal.js";
import { level } from "./text.js";

interface Row {
  readonly rule: string;
  /** The most severe one of the rule's findings. */
  level: PlacedFinding["level"];
  /** The largest one of the rule's findings. */
  value: number;
  count: number;
  fixable: number;
}

export function statisticsReport(result: CheckResult, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  const rows = new Map<string, Row>();
  for (const finding of result.files.flatMap((it) => it.findings)) {
    const { rule, value, fix } = finding;
    const row = rows.get(rule) ?? { rule, level: finding.level, value, count: 0, fixable: 0 };
    if (isAtLeast(finding.level, row.level)) row.level = finding.level;
    row.value = Math.max(row.value, value);
    row.count++;
    if (fix?.safety === "safe") row.fixable++;
    rows.set(rule, row);
  }

  const isByValue = result.sort === "value";
  const sorted = [...rows.values()].sort(
    (a, b) => (isByValue ? b.value - a.value : 0) || b.count - a.count || (a.rule < b.rule ? -1 : 1),
  );
  const digits = String(Math.max(0, ...sorted.map((it) => it.count))).length;
  const names = Math.max(0, ...sorted.map((it) => it.rule.length));
  return sorted
    .map((it) => {
      const gap = " ".repeat("warning".length - it.level.length);
      const value = isByValue ? `  value ${String(it.value).padEnd("100".length)}` : "";
      const fixable = it.fixable > 0 ? ink.green(`${it.fixable} fixable with --fix`) : "";
      return `${String(it.count).padStart(digits)}  ${level(it.level, ink)}${gap}  ${it.rule.padEnd(names)}${value}  ${fixable}`.trimEnd();
    })
    .map((it) => `${it}\n`)
    .join("");
}
