/** Findings counted by rule, the most frequent first. */

import type { CheckResult, PlacedFinding } from "../result.js";
import { paint } from "../terminal.js";
import { level } from "./text.js";

interface Row {
  readonly rule: string;
  readonly level: PlacedFinding["level"];
  count: number;
  fixable: number;
}

export function statisticsReport(result: CheckResult, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  const rows = new Map<string, Row>();
  for (const finding of result.files.flatMap((it) => it.findings)) {
    const row = rows.get(finding.rule) ?? { rule: finding.rule, level: finding.level, count: 0, fixable: 0 };
    row.count++;
    if (finding.fix?.safety === "safe") row.fixable++;
    rows.set(finding.rule, row);
  }

  const sorted = [...rows.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
  const digits = String(sorted[0]?.count ?? 0).length;
  const names = Math.max(0, ...sorted.map((it) => it.rule.length));
  return sorted
    .map((it) => {
      const gap = " ".repeat("warning".length - it.level.length);
      const fixable = it.fixable > 0 ? ink.green(`${it.fixable} fixable with --fix`) : "";
      return `${String(it.count).padStart(digits)}  ${level(it.level, ink)}${gap}  ${it.rule.padEnd(names)}  ${fixable}`.trimEnd();
    })
    .map((it) => `${it}\n`)
    .join("");
}
