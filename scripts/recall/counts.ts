/** How many candidates were counted where, kept as data beside the verdicts. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORPUS } from "../corpus/repositories.js";
import type { Count, RecallScan } from "./scan.js";

export interface Counted {
  readonly name: string;
  /** When it was counted, and by which version. */
  readonly date: string;
  readonly nippy: string;
  readonly lines: number;
  /** By rule; a rule that was asked and found nothing has zeros. */
  readonly counts: Readonly<Record<string, Count>>;
}

const FILE = "recall.json";

export function countsIn({ counts }: RecallScan, rules: readonly string[]): Pick<Counted, "counts"> {
  return { counts: Object.fromEntries(rules.map((it) => [it, counts.get(it) ?? [0, 0, 0, 0]] as const)) };
}

export function readCounts(corpus = CORPUS): readonly Counted[] {
  const path = join(corpus, FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as readonly Counted[]) : [];
}

/** A repository a line, in order. Those that were counted anew replace what was known of them. */
export function writeCounts(counted: readonly Counted[], corpus = CORPUS): void {
  const all = [...new Map([...readCounts(corpus), ...counted].map((it) => [it.name, it])).values()];
  const ordered = all.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  writeFileSync(join(corpus, FILE), `[\n${ordered.map((it) => `  ${JSON.stringify(it)}`).join(",\n")}\n]\n`);
}

/** Puts the counts of some rules beside those that are known of the others. */
export function mergeCounts(counted: readonly Counted[], corpus = CORPUS): void {
  const known = new Map(readCounts(corpus).map((it) => [it.name, it]));
  const merged = counted.map((it) => {
    const before = known.get(it.name);
    return before ? { ...before, counts: { ...before.counts, ...it.counts } } : it;
  });
  writeCounts(merged, corpus);
}

/** Of some repositories; undefined where the rule was counted in none of them. */
export function countOf(counted: readonly Pick<Counted, "counts">[], rule: string): Count | undefined {
  const own = counted.flatMap((it) => (it.counts[rule] ? [it.counts[rule]] : []));
  if (own.length === 0) return undefined;
  return own.reduce((total, it) => total.map((value, index) => value + it[index]!) as unknown as Count);
}
