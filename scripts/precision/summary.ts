/** The summary of a scan: how dense findings are in each folder, and how often and where each rule speaks. */
import type { Rule } from "../../analysis/analyzer.js";
import { countsOf, densityOf, measure, median, onByDefault, perTenThousand, sum } from "./measured.js";
import type { FolderScan, Found } from "../corpus/scan.js";

const LEVEL_ORDER = ["error", "warning", "info", "hint"] as const;

export function summary(scans: readonly FolderScan[], rules: readonly Rule[]): string {
  const measured = measure(scans, rules, "", "");
  const on = onByDefault(rules);
  const rows = measured.repositories.map((it) => ({
    it,
    ...densityOf(it, on),
    levels: levelCounts(scans.find(({ folder }) => folder.name === it.name)?.findings ?? []),
  }));
  const lines = sum(measured.repositories.map((it) => it.lines));
  const perRule = rules
    .map(({ name, level }) => ({ name, level, ...countsOf(measured, name) }))
    .sort((a, b) => b.findings - a.findings);
  const problems = scans.flatMap((it) => it.problems);
  return `# Summary

${lines} lines in ${rows.length} folders. Findings per 1,000 lines of ${rules.length} rules at default levels: median ${median(rows.map((it) => it.all)).toFixed(2)}, without hints ${median(rows.map((it) => it.withoutHints)).toFixed(2)}, outside tests ${median(rows.map((it) => it.outsideTests)).toFixed(2)}.

| folder | files | lines | in tests | findings | ${LEVEL_ORDER.join(" | ")} | per 1,000 lines | outside tests |
| --- | ---: | ---: | ---: | ---: | ${LEVEL_ORDER.map(() => "---:").join(" | ")} | ---: | ---: |
${rows.map(({ it, findings, all, outsideTests, levels }) => `| ${[it.name, it.files, it.lines, it.testLines, findings, ...levels, all.toFixed(2), outsideTests.toFixed(2)].join(" | ")} |`).join("\n")}

| rule | level | findings | per 10,000 lines | folders | in tests |
| --- | --- | ---: | ---: | ---: | ---: |
${perRule.map((it) => `| ${[it.name, it.level, it.findings, perTenThousand(it.findings, lines), it.repositories, it.inTests].join(" | ")} |`).join("\n")}

${problems.length === 0 ? "Every file was read, no rule failed." : `Not read, or a rule failed:\n\n${problems.map((it) => `- ${it}`).join("\n")}`}
`;
}

/** Of the findings themselves: evidence and weight lower what a rule starts at. */
function levelCounts(found: readonly Found[]): readonly number[] {
  return LEVEL_ORDER.map((level) => found.filter((it) => it.level === level).length);
}
