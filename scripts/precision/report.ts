/** docs/precision.md: the repositories, the verdicts of each rule, what is open. Made from the data in test/corpus and the list of rules alone. */
import type { Rule } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import {
  countsOf,
  densityOf,
  median,
  onByDefault,
  perTenThousand,
  readMeasured,
  sum,
  type Measured,
} from "./measured.js";
import {
  GROUP_TITLES,
  GROUPS,
  inGroup,
  readRepositories,
  type Group,
  type Repository,
} from "../corpus/repositories.js";
import { standing } from "../corpus/judged.js";
import { readVerdicts, shareTrue, shareWorth, VERDICTS, type Verdict, type Verdicts } from "./verdicts.js";

/** What is asked of the findings that the command line shows by default, and of hints. */
export const WANTED = { isTrue: 0.95, isWorth: 0.85, isTrueHint: 0.9 } as const;
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
  const lines = sum(measured.repositories.map((it) => it.lines));
  const judged = [...verdicts].flatMap(([rule, own]) => own.map((it) => ({ rule, ...it })));
  const mended = judged.filter((it) => it.gone !== undefined && isDoubted(it));

  return `<!-- Made by scripts/generate.ts from test/corpus. Do not edit: \`npm run precision -- --report PATH…\` measures again. -->

# Precision on real code

What Nippy ${measured.nippy} reports in ${measured.repositories.length} public code bases with ${lines.toLocaleString("en-US")} lines, measured on ${measured.date}, and what a random sample of these findings was judged to be.
All lines count, also blank lines and comments; in a notebook, the lines of its code cells. Tests are files and folders with a test name.
\`npm run docs:totals\` prints the totals: findings, findings per 1,000 lines of each code base, verdicts.

| code base | kind | group | commit | Python | lines |
| --- | --- | --- | --- | --- | ---: |
${measured.repositories.map((it) => `| ${[...placeCells(it.name, repositories), it.python, it.lines].join(" | ")} |`).join("\n")}

## Rules

For each rule a sample of findings was judged one by one: right (true here, and worth a maintainer's time), trivial (true, but not worth the time), arguable, or wrong. The sample takes findings from all code bases in turn, so that no code base dominates.
*True* is the share that is right or trivial, *worth it* the share that is right. Errors, warnings and infos are counted apart from hints, by the level at which a finding was judged, or the lower one that it has now; if neither is known, by the level of the rule.
Errors, warnings and infos should be true in ${percent(WANTED.isTrue)} and worth it in ${percent(WANTED.isWorth)}, hints true in ${percent(WANTED.isTrueHint)}, with at least ${WANTED_VERDICTS} verdicts if there are that many findings. Rules that miss a target are marked.
Findings of rules that are off by default are counted too.

${GROUPS.map((group) => groupSection(group, { repositories, measured, verdicts })).join("\n\n")}

## Wrong or arguable

Verdicts on findings that are still reported.

${verdictTable(judged.filter((it) => it.gone === undefined && isDoubted(it)))}

## Corrected since

Findings that were judged wrong or arguable and are no longer reported.

${verdictTable(mended)}
`;
}

/** Trivial findings are true: they are counted, not listed. */
function isDoubted({ verdict }: Verdict): boolean {
  return verdict === "wrong" || verdict === "arguable";
}

function groupSection(group: Group, { repositories, measured, verdicts }: PrecisionData): string {
  const names = inGroup(repositories, group);
  const own = measured.repositories.filter((it) => names.has(it.name));
  const head = `### ${GROUP_TITLES[group]}`;
  if (own.length === 0) return `${head}\n\nNone were measured.`;
  const rows = rules.map((rule) => {
    const judged = (verdicts.get(rule.name) ?? []).filter((it) => names.has(it.repository));
    return ruleRow(rule, { ...measured, repositories: own }, judged);
  });
  return `${head}

| rule | level | findings | of these hints | per 10,000 lines | code bases | in tests | judged | true | worth it | hints judged | true | worth it | |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${rows.join("\n")}`;
}

/** What the page leaves out because every rule changes it: one line each. */
export function precisionTotals({ repositories, measured, verdicts }: PrecisionData = readData()): readonly string[] {
  const on = onByDefault(rules);
  const rows = measured.repositories.map((it) => ({ name: it.name, ...densityOf(it, on) }));
  const judged = [...verdicts.values()].flat();
  const still = standing(judged);
  const lost = judged.filter((it) => it.gone !== undefined && it.verdict === "right").length;
  const middle = (of: "all" | "outsideTests" | "withoutHints") => median(rows.map((it) => it[of])).toFixed(2);
  return [
    `${sum(rows.map((it) => it.findings)).toLocaleString("en-US")} findings at default levels; median of findings per 1,000 lines: ${middle("all")}, without hints ${middle("withoutHints")}, outside tests ${middle("outsideTests")}`,
    ...rows.map(
      (it) =>
        `  ${it.name}: ${it.findings}, per 1,000 lines ${it.all.toFixed(2)}, without hints ${it.withoutHints.toFixed(2)}, outside tests ${it.outsideTests.toFixed(2)}`,
    ),
    `verdicts on findings that are still there: ${VERDICTS.map((word) => `${still.filter((it) => it.verdict === word).length} ${word}`).join(", ")}`,
    ...GROUPS.flatMap((group) => groupTotals(group, repositories, verdicts)),
    `of all ${judged.length} that were ever judged ${share(shareWorth(judged.map(({ gone: _, ...it }) => it)))} were right; ${lost} of those are no longer reported`,
  ];
}

function groupTotals(group: Group, repositories: readonly Repository[], verdicts: Verdicts): readonly string[] {
  const names = inGroup(repositories, group);
  const parts = rules.map((rule) =>
    byLevel(
      rule,
      standing(verdicts.get(rule.name) ?? []).filter((it) => names.has(it.repository)),
    ),
  );
  return (["shown", "hints"] as const).map((part) => {
    const own = parts.flatMap((it) => it[part]);
    const means = part === "shown" ? "error, warning, info" : "hint";
    return `  ${GROUP_TITLES[group]}, ${means}: ${own.length} judged, ${share(shareTrue(own))} true, ${share(shareWorth(own))} worth it`;
  });
}

function placeCells(name: string, repositories: readonly Repository[]): readonly string[] {
  const known = repositories.find((it) => it.name === name);
  if (!known) return [name, "–", "–", "–"];
  const { address, kind, group, commit } = known;
  return [
    `[${name}](${address})`,
    kind,
    group,
    `[${/^[0-9a-f]{40}$/.test(commit) ? commit.slice(0, 10) : commit}](${address}/tree/${commit})`,
  ];
}

interface ByLevel {
  /** Errors, warnings and infos: what the command line shows by default. */
  readonly shown: readonly Verdict[];
  readonly hints: readonly Verdict[];
}

function byLevel({ level }: Rule, verdicts: readonly Verdict[]): ByLevel {
  const isHint = (it: Verdict) => ["hint", "off"].includes(it.level ?? level);
  return { shown: verdicts.filter((it) => !isHint(it)), hints: verdicts.filter(isHint) };
}

function ruleRow(rule: Rule, measured: Measured, verdicts: readonly Verdict[]): string {
  const { name, level } = rule;
  const isMeasured = measured.rules.includes(name);
  const { findings, hints, inTests, repositories } = countsOf(measured, name);
  const lines = sum(measured.repositories.map((it) => it.lines));
  const parts = byLevel(rule, standing(verdicts));
  const cells = [
    `[\`${name}\`](rules/${name}.md)`,
    level,
    ...(isMeasured
      ? [findings, hints ?? "–", perTenThousand(findings, lines), repositories, inTests]
      : ["–", "–", "–", "–", "–"]),
    ...[parts.shown, parts.hints].flatMap((it) => [it.length, share(shareTrue(it)), share(shareWorth(it))]),
  ];
  return `| ${[...cells, marks(isMeasured ? findings : undefined, parts).join(", ")].join(" | ")} |`;
}

/** What keeps a share from being taken at its word. */
function marks(findings: number | undefined, { shown, hints }: ByLevel): readonly string[] {
  if (findings === undefined) return ["not measured yet"];
  if (findings === 0) return ["not found in these code bases"];
  const judged = shown.length + hints.length;
  const under = (share: number | undefined, wanted: number, what: string) =>
    share !== undefined && share < wanted ? [`**${what} under ${percent(wanted)}**`] : [];
  return [
    ...(findings < WANTED_VERDICTS ? [`only ${findings} found`] : []),
    ...(judged === 0 ? ["not judged yet"] : judged < Math.min(findings, WANTED_VERDICTS) ? ["few verdicts"] : []),
    ...under(shareTrue(shown), WANTED.isTrue, "true"),
    ...under(shareWorth(shown), WANTED.isWorth, "worth it"),
    ...under(shareTrue(hints), WANTED.isTrueHint, "hints true"),
  ];
}

/** Rounded down: a share that misses its target must not seem to reach it. */
function percent(share: number): string {
  return `${Math.floor(100 * share + 1e-9)} %`;
}

function share(value: number | undefined): string {
  return value === undefined ? "–" : percent(value);
}

function verdictTable(verdicts: readonly (Verdict & { readonly rule: string })[]): string {
  if (verdicts.length === 0) return "None.";
  const rows = verdicts.map(
    ({ rule, repository, path, line, verdict, note }) =>
      `| \`${rule}\` | ${repository}/${path}:${line} | ${verdict} | ${note.replaceAll("|", "\\|").replaceAll("<", "&lt;")} |`,
  );
  return ["| rule | place | verdict | why |", "| --- | --- | --- | --- |", ...rows].join("\n");
}
