/** docs/recall.md: felt recall, then for each rule the candidates, what is reported of them, and what a sample of the others was judged to be. From the data in test/corpus and the list of rules alone. */
import { rules } from "../../rules/index.generated.js";
import { isTest } from "../corpus/folders.js";
import { standing } from "../corpus/judged.js";
import {
  GROUP_TITLES,
  GROUPS,
  inGroup,
  readRepositories,
  type Group,
  type Repository,
} from "../corpus/repositories.js";
import { grouped } from "../corpus/sample.js";
import { readVerdicts, shareTrue, type Verdict as FindingVerdict } from "../precision/verdicts.js";
import { countOf, readCounts, type Counted } from "./counts.js";
import { HOLDOUT, NO_RULE, readFelt, type FeltFile, type Remark } from "./felt.js";
import type { Count } from "./scan.js";
import { readSilences, WORDS, type Verdict, type Verdicts } from "./verdicts.js";

const WANTED_RECALL = 0.85;
const WANTED_VERDICTS = 20;

export interface RecallData {
  readonly repositories: readonly Repository[];
  readonly counted: readonly Counted[];
  readonly silences: Verdicts;
  readonly findings: ReadonlyMap<string, readonly FindingVerdict[]>;
  readonly felt: readonly FeltFile[];
  readonly holdout: readonly FeltFile[];
}

export function readRecallData(corpus?: string): RecallData {
  return {
    repositories: readRepositories(corpus),
    counted: readCounts(corpus),
    silences: readSilences(corpus),
    findings: readVerdicts(corpus),
    felt: readFelt(corpus),
    holdout: readFelt(corpus, HOLDOUT),
  };
}

export function recallPage(data: RecallData = readRecallData()): string {
  return `<!-- Made by scripts/generate.ts from test/corpus. Do not edit: \`npm run recall -- --report PATH…\` counts again. -->

# Recall on real code

How much of what a careful reviewer would say Nippy says, on the code bases of [precision.md](precision.md).

## Felt recall on code that no rule was made with

Files of repositories that are not among these code bases. The remarks were written down, and kept, before anything was run over the files, and no rule is changed for their sake.

${holdoutSection(data)}

## Felt recall

Reviewers read whole files and wrote down their remarks before they saw what Nippy reports. A remark counts as said if Nippy reports the same at that place, at any level.

${feltSection(data)}

## Deserved recall, rule by rule

Each rule has a query for candidates: places that a reviewer would look at with this rule in mind. The query is wider than the rule. It stands on the rule's page of test cases.
Of the candidates that a rule does not report, a random sample was judged: rightly silent, the rule should speak, or arguable. Places where a rule speaks that overrides this one are no candidates.
*Deserved recall* is the true findings as a share of all that should be reported: the true findings, and as much of the silent candidates as the sample says.
The share of true findings comes from the verdicts of [precision.md](precision.md); if there are none, all findings are taken to be true. Everything is counted outside tests.
A rule should reach ${percent(WANTED_RECALL)}, with at least ${WANTED_VERDICTS} verdicts if there are that many silent candidates. Rules that miss either target are marked.

${GROUPS.map((group) => groupSection(group, data)).join("\n\n")}

## Should be reported

Verdicts on places where a rule is still silent.

${silenceTable(data)}
`;
}

function feltSection({ felt, repositories }: RecallData): string {
  if (felt.length === 0) return "No file was reviewed yet.";
  const rows = [
    ...GROUPS.map((group) => {
      const names = inGroup(repositories, group);
      return [GROUP_TITLES[group], felt.filter((it) => names.has(it.repository))] as const;
    }),
    ["All", felt] as const,
  ];
  return `${FELT_HEAD}
${rows.map(([title, files]) => feltRow(title, files)).join("\n")}

${missedTable(felt)}`;
}

function holdoutSection({ holdout }: RecallData): string {
  if (holdout.length === 0) return "No file was reviewed yet.";
  const rows = holdout.map((file) => {
    const { repository, commit, path } = file;
    return feltRow(`[${repository}](https://github.com/${repository}/tree/${commit}) \`${path}\``, [file]);
  });
  return `${FELT_HEAD}
${[...rows, feltRow("All", holdout)].join("\n")}

${missedTable(holdout)}`;
}

const FELT_HEAD = `| code | files | remarks | said | share | a rule is meant for | said | share |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`;

function missedTable(files: readonly FeltFile[]): string {
  const remarks = files.flatMap((it) => it.remarks);
  const kinds = grouped(remarks, kindOf)
    .map((own) => ({ kind: kindOf(own[0]!), own, missed: own.filter((it) => !it.said).length }))
    .filter((it) => it.missed > 0)
    .sort((a, b) => b.missed - a.missed || (a.kind < b.kind ? -1 : 1));
  const table = kinds.map(({ kind, own, missed }) => {
    const { rule } = own[0]!;
    const meant = rule === NO_RULE ? "–" : `[\`${rule}\`](rules/${rule}.md)`;
    return `| ${rule === NO_RULE ? escaped(kind) : "–"} | ${meant} | ${own.length} | ${missed} |`;
  });
  return `What was missed, by kind:

${kinds.length === 0 ? "Nothing." : ["| remark | rule | remarks | missed |", "| --- | --- | ---: | ---: |", ...table].join("\n")}`;
}

/** By the rule that is meant for it; else by the reviewer's own word. */
function kindOf({ rule, kind }: Remark): string {
  return rule === NO_RULE ? (kind ?? "other") : rule;
}

function feltRow(title: string, files: readonly FeltFile[]): string {
  const remarks = files.flatMap((it) => it.remarks);
  const cells = [remarks, remarks.filter((it) => it.rule !== NO_RULE)].flatMap((own) => {
    const said = own.filter((it) => it.said).length;
    return [own.length, said, own.length === 0 ? "–" : percent(said / own.length)];
  });
  return `| ${[title, files.length, ...cells].join(" | ")} |`;
}

function groupSection(group: Group, data: RecallData): string {
  const names = inGroup(data.repositories, group);
  const counted = data.counted.filter((it) => names.has(it.name));
  const head = `### ${GROUP_TITLES[group]}`;
  if (counted.length === 0) return `${head}\n\nNone were counted yet.`;
  const dates = counted.map((it) => it.date).sort();
  const when = dates[0] === dates.at(-1) ? `on ${dates[0]}` : `between ${dates[0]} and ${dates.at(-1)}`;
  const rows = rules.map(({ name }) => {
    const own = (data.silences.get(name) ?? []).filter((it) => names.has(it.repository));
    const findings = data.findings.get(name) ?? [];
    const inOwn = findings.filter((it) => names.has(it.repository));
    return ruleRow(name, countOf(counted, name), own, shareTrue(inOwn) ?? shareTrue(findings));
  });
  return `${head}

${counted.length} code bases with ${counted.reduce((sum, it) => sum + it.lines, 0).toLocaleString("en-US")} lines, counted ${when}.

| rule | candidates | reported | judged | ${WORDS.join(" | ")} | deserved recall | |
| --- | ---: | ---: | ---: | ${WORDS.map(() => "---:").join(" | ")} | ---: | --- |
${rows.join("\n")}`;
}

function ruleRow(
  name: string,
  count: Count | undefined,
  verdicts: readonly Verdict[],
  isTrue: number | undefined,
): string {
  const link = `[\`${name}\`](rules/${name}.md)`;
  const judged = outsideTests(verdicts);
  const words = WORDS.map((word) => judged.filter((it) => it.verdict === word).length);
  if (!count) return `| ${[link, "–", "–", judged.length, ...words, "–", "not counted yet"].join(" | ")} |`;
  const [candidates, reported] = countOutsideTests(count);
  const recall = deservedRecall(count, verdicts, isTrue);
  const silent = candidates - reported;
  const marks = [
    ...(candidates === 0 ? ["no candidates in these code bases"] : []),
    ...(silent > 0 && judged.length === 0
      ? ["not judged yet"]
      : judged.length < Math.min(silent, WANTED_VERDICTS)
        ? ["few verdicts"]
        : []),
    ...(recall !== undefined && recall < WANTED_RECALL ? [`**under ${percent(WANTED_RECALL)}**`] : []),
  ];
  const cells = [link, candidates, reported, judged.length, ...words, recall === undefined ? "–" : percent(recall)];
  return `| ${[...cells, marks.join(", ")].join(" | ")} |`;
}

function countOutsideTests([candidates, reported, inTests, reportedInTests]: Count): readonly [number, number] {
  return [candidates - inTests, reported - reportedInTests];
}

function outsideTests(verdicts: readonly Verdict[]): readonly Verdict[] {
  return standing(verdicts).filter((it) => !isTest(it.path));
}

/**
 * True findings as a share of all that should be reported. Undefined where nothing should be, or where silent candidates were not judged.
 * @param isTrue the share of findings that is true; all of them where that is not known
 */
export function deservedRecall(count: Count, verdicts: readonly Verdict[], isTrue = 1): number | undefined {
  const [candidates, reported] = countOutsideTests(count);
  const silent = candidates - reported;
  const judged = outsideTests(verdicts);
  if (silent > 0 && judged.length === 0) return undefined;
  const missed = silent === 0 ? 0 : (silent * judged.filter((it) => it.verdict === "speak").length) / judged.length;
  const said = reported * isTrue;
  return said + missed === 0 ? undefined : said / (said + missed);
}

/** Rounded down: a share that misses its target must not seem to reach it. */
function percent(share: number): string {
  return `${Math.floor(100 * share + 1e-9)} %`;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

function silenceTable({ silences }: RecallData): string {
  const rows = [...silences].flatMap(([rule, own]) =>
    standing(own)
      .filter((it) => it.verdict === "speak")
      .map(({ repository, path, line, note }) => `| \`${rule}\` | ${repository}/${path}:${line} | ${escaped(note)} |`),
  );
  return rows.length === 0 ? "None." : ["| rule | place | why |", "| --- | --- | --- |", ...rows].join("\n");
}
