/** docs/precision.md: the repositories, the verdicts of each rule, what is open. Made from the data in test/corpus and the list of rules alone. */
import type { Rule } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { countsOf, densityOf, median, onByDefault, perTenThousand, readMeasured, sum, type Measured } from "./measured.js";
import { readRepositories, type Repository } from "./repositories.js";
import { readVerdicts, VERDICTS, type Verdict, type Verdicts } from "./verdicts.js";

/** What a rule has to reach, and how many verdicts it takes to say so. */
export const WANTED_SHARE = 0.95;
const WANTED_VERDICTS = 20;

export interface PrecisionData {
  readonly repositories: readonly Repository[];
  readonly measured: Measured;
  readonly verdicts: Verdicts;
}

export function readData(corpus?: string): PrecisionData {
  return { repositories: readRepositories(corpus), measured: readMeasured(corpus), verdicts: readVerdicts(corpus) };
}

export function precisionPage({ repositories, measured, verdicts }: PrecisionData = readData()): string {
  const on = onByDefault(rules);
  const rows = measured.repositories.map((it) => ({ it, ...densityOf(it, on) }));
  const lines = sum(rows.map(({ it }) => it.lines));
  const judged = [...verdicts].flatMap(([rule, own]) => own.map((it) => ({ rule, ...it })));
  const still = judged.filter((it) => it.gone === undefined);
  const gone = judged.filter((it) => it.gone !== undefined);
  const mended = gone.filter((it) => it.verdict !== "right");

  return `<!-- Made by scripts/generate.ts from test/corpus. Do not edit: \`npm run precision -- --report PATH…\` measures again. -->

# Precision on real code

What Nippy ${measured.nippy} says of ${rows.length} public code bases with ${lines.toLocaleString("en-US")} lines, measured on ${measured.date}, and how much of a random sample of it was judged right.
Lines are all lines, blank ones and comments too; of a notebook, those of its code cells. Tests are files and folders named so.

At default levels there are ${sum(rows.map((it) => it.findings)).toLocaleString("en-US")} findings. The median of findings per 1,000 lines is **${median(rows.map((it) => it.all)).toFixed(2)}**, and **${median(rows.map((it) => it.outsideTests)).toFixed(2)}** outside tests.

| code base | kind | commit | Python | lines | findings | per 1,000 lines | outside tests |
| --- | --- | --- | --- | ---: | ---: | ---: | ---: |
${rows.map(({ it, findings, all, outsideTests }) => `| ${[...placeCells(it.name, repositories), it.python, it.lines, findings, all.toFixed(2), outsideTests.toFixed(2)].join(" | ")} |`).join("\n")}

## Rules

For each rule a sample, drawn in turns from all code bases so that none outweighs the others, was judged finding by finding: right (true here, and its maintainer would want to know), wrong, or arguable.
The share counts only "right" as right. A rule should reach ${100 * WANTED_SHARE} %, by at least ${WANTED_VERDICTS} verdicts where there are as many findings; marked is what falls short of either.
So far ${VERDICTS.map((word) => `${still.filter((it) => it.verdict === word).length} ${word}`).join(", ")}. Of all ${judged.length} that were ever judged, those mended since among them, ${percent(judged.filter((it) => it.verdict === "right").length / judged.length)} were right. Findings are counted for rules that are off by default too.

| rule | level | findings | per 10,000 lines | code bases | in tests | judged | right | arguable | wrong | share right | |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${rules.map((rule) => ruleRow(rule, measured, lines, verdicts.get(rule.name) ?? [])).join("\n")}

## Not right

Verdicts on findings that are still there.

${verdictTable(still.filter((it) => it.verdict !== "right"))}

## Mended

Findings that were judged wrong or arguable and are no longer reported. ${lost(gone.length - mended.length)}

${verdictTable(mended)}
`;
}

function lost(count: number): string {
  if (count === 0) return "None that was judged right went with them.";
  return `With them went ${count} that ${count === 1 ? "was" : "were"} judged right.`;
}

function placeCells(name: string, repositories: readonly Repository[]): readonly string[] {
  const known = repositories.find((it) => it.name === name);
  if (!known) return [name, "–", "–"];
  const { address, kind, commit } = known;
  return [`[${name}](${address})`, kind, `[${/^[0-9a-f]{40}$/.test(commit) ? commit.slice(0, 10) : commit}](${address}/tree/${commit})`];
}

function ruleRow({ name, level }: Rule, measured: Measured, lines: number, verdicts: readonly Verdict[]): string {
  const still = verdicts.filter((it) => it.gone === undefined);
  const words = VERDICTS.map((word) => still.filter((it) => it.verdict === word).length);
  const share = shareRight(verdicts);
  const { findings, inTests, repositories } = countsOf(measured, name);
  const counted = measured.rules.includes(name) ? [findings, perTenThousand(findings, lines), repositories, inTests] : ["–", "–", "–", "–"];
  const cells = [`[\`${name}\`](rules/${name}.md)`, level, ...counted, still.length, ...words, share === undefined ? "–" : percent(share)];
  return `| ${[...cells, marks(measured.rules.includes(name) ? findings : undefined, still.length, share).join(", ")].join(" | ")} |`;
}

/** Of the findings that are still there; undefined where none was judged. */
export function shareRight(verdicts: readonly Verdict[]): number | undefined {
  const still = verdicts.filter((it) => it.gone === undefined);
  return still.length === 0 ? undefined : still.filter((it) => it.verdict === "right").length / still.length;
}

/** What keeps a share from being taken at its word. */
function marks(findings: number | undefined, judged: number, share: number | undefined): readonly string[] {
  if (findings === undefined) return ["not measured yet"];
  if (findings === 0) return ["never seen here"];
  return [
    ...(findings < WANTED_VERDICTS ? [`only ${findings} found`] : []),
    ...(judged === 0 ? ["not judged yet"] : judged < Math.min(findings, WANTED_VERDICTS) ? ["few verdicts"] : []),
    ...(share !== undefined && share < WANTED_SHARE ? [`**under ${100 * WANTED_SHARE} %**`] : []),
  ];
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`;
}

function verdictTable(verdicts: readonly (Verdict & { readonly rule: string })[]): string {
  if (verdicts.length === 0) return "None.";
  const rows = verdicts.map(({ rule, repository, path, line, verdict, note }) => `| \`${rule}\` | ${repository}/${path}:${line} | ${verdict} | ${note.replaceAll("|", "\\|").replaceAll("<", "&lt;")} |`);
  return ["| rule | place | verdict | why |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
