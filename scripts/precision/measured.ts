/** What a whole scan counted, kept as data beside the verdicts: the page is made of both, without the repositories at hand. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "../../analysis/analyzer.js";
import { CORPUS } from "../corpus/repositories.js";
import { grouped } from "../corpus/sample.js";
import type { FolderScan, Found } from "../corpus/scan.js";

export interface Measured {
  readonly date: string;
  readonly nippy: string;
  /** Those that ran, the ones that are off by default too. */
  readonly rules: readonly string[];
  readonly repositories: readonly MeasuredRepository[];
}

export interface MeasuredRepository {
  readonly name: string;
  readonly python: string;
  readonly files: number;
  readonly lines: number;
  readonly testLines: number;
  /** By rule. */
  readonly findings: Readonly<Record<string, Count>>;
}

/** Hints are part of both; what was measured before they were told apart has no count of them. */
export type Count = readonly [all: number, inTests: number, hints?: number, hintsInTests?: number];

const FILE = "measured.json";

export function measure(scans: readonly FolderScan[], rules: readonly Rule[], date: string, nippy: string): Measured {
  const repositories = scans.map(
    ({ folder: { name, python }, files, lines, testLines, findings }): MeasuredRepository => {
      const counts = grouped(findings, (it) => it.rule).map((own) => [own[0]!.rule, countOf(own)] as const);
      return {
        name,
        python,
        files,
        lines,
        testLines,
        findings: Object.fromEntries(counts.sort(([a], [b]) => (a < b ? -1 : 1))),
      };
    },
  );
  const ordered = repositories.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return { date, nippy, rules: rules.map((it) => it.name), repositories: ordered };
}

/** What was measured before, with what some rules say now. */
export function withCounts(before: Measured, now: Measured, names: ReadonlySet<string>): Measured {
  const counted = new Map(now.repositories.map((it) => [it.name, it]));
  const repositories = before.repositories.map((it) => {
    const own = counted.get(it.name);
    if (!own) return it;
    const others = Object.entries(it.findings).filter(([rule]) => !names.has(rule));
    const added = Object.entries(own.findings).filter(([rule]) => names.has(rule));
    return { ...it, findings: Object.fromEntries([...others, ...added].sort(([a], [b]) => (a < b ? -1 : 1))) };
  });
  return { ...before, repositories };
}

function countOf(found: readonly Found[]): Count {
  const inTests = found.filter((it) => it.isTest);
  const hints = (of: readonly Found[]) => of.filter((it) => it.level === "hint").length;
  return [found.length, inTests.length, hints(found), hints(inTests)];
}

export function readMeasured(corpus = CORPUS): Measured {
  return JSON.parse(readFileSync(join(corpus, FILE), "utf8")) as Measured;
}

/** A rule and a repository a line, so that what changed can be read in a diff. */
export function writeMeasured({ date, nippy, rules, repositories }: Measured, corpus = CORPUS): void {
  const rows = repositories.map((it) => `    ${JSON.stringify(it)}`).join(",\n");
  writeFileSync(
    join(corpus, FILE),
    `{\n  "date": ${JSON.stringify(date)},\n  "nippy": ${JSON.stringify(nippy)},\n  "rules": [\n${rules.map((it) => `    ${JSON.stringify(it)}`).join(",\n")}\n  ],\n  "repositories": [\n${rows}\n  ]\n}\n`,
  );
}

/** How often a rule speaks, in tests too, and in how many repositories. */
export function countsOf(
  { repositories }: Pick<Measured, "repositories">,
  rule: string,
): {
  readonly findings: number;
  readonly inTests: number;
  /** Undefined where they were not told apart. */
  readonly hints: number | undefined;
  readonly repositories: number;
} {
  const own = repositories.flatMap((it) => (it.findings[rule] ? [it.findings[rule]] : []));
  return {
    findings: sum(own.map(([all]) => all)),
    inTests: sum(own.map(([, inTests]) => inTests)),
    hints: own.every(([, , hints]) => hints !== undefined) ? sum(own.map(([, , hints = 0]) => hints)) : undefined,
    repositories: own.length,
  };
}

export interface Density {
  readonly findings: number;
  /** Findings per 1,000 lines: of all code, and of what is no test. */
  readonly all: number;
  readonly outsideTests: number;
  /** Of all code, hints left out. */
  readonly withoutHints: number;
}

/** Of the rules that are on. */
export function densityOf({ findings, lines, testLines }: MeasuredRepository, on: ReadonlySet<string>): Density {
  const counts = Object.entries(findings).flatMap(([rule, count]) => (on.has(rule) ? [count] : []));
  const all = sum(counts.map((it) => it[0]));
  const hints = sum(counts.map(([, , own = 0]) => own));
  const per = (count: number, of: number) => (of === 0 ? 0 : (count * 1000) / of);
  return {
    findings: all,
    all: per(all, lines),
    outsideTests: per(all - sum(counts.map((it) => it[1])), lines - testLines),
    withoutHints: per(all - hints, lines),
  };
}

export function onByDefault(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(rules.filter((it) => it.level !== "off").map((it) => it.name));
}

export function perTenThousand(count: number, lines: number): string {
  return lines === 0 ? "–" : ((count * 10_000) / lines).toFixed(2);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, it) => total + it, 0);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
