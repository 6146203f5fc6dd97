/** Verdicts on findings, kept as data: one file of JSON lines for each rule, without a word of the code that was judged. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORPUS } from "./repositories.js";

export const VERDICTS = ["right", "arguable", "wrong"] as const;
export type Word = (typeof VERDICTS)[number];

export interface Verdict {
  readonly id: string;
  readonly repository: string;
  readonly path: string;
  readonly line: number;
  readonly verdict: Word;
  /** Why, in the judge's own words. */
  readonly note: string;
  /** Since when the finding appears no more. */
  readonly gone?: string;
}

export type Verdicts = ReadonlyMap<string, readonly Verdict[]>;

const ENDING = ".jsonl";

/** By rule. Areas have no dash, so that the first one in a file's name is the slash of the rule's. */
export function readVerdicts(corpus = CORPUS): Verdicts {
  const folder = join(corpus, "verdicts");
  const files = existsSync(folder) ? readdirSync(folder).filter((it) => it.endsWith(ENDING)).sort() : [];
  return new Map(files.map((file) => [file.slice(0, -ENDING.length).replace("-", "/"), readLines(join(folder, file))]));
}

function readLines(path: string): readonly Verdict[] {
  return readFileSync(path, "utf8").split("\n").filter((it) => it !== "").map((it) => JSON.parse(it) as Verdict);
}

export function fileOf(rule: string): string {
  return rule.replace("/", "-");
}

/** One verdict a line, in the order of places: two people who judge different findings change different lines. */
export function writeVerdicts(rule: string, verdicts: readonly Verdict[], corpus = CORPUS): void {
  const folder = join(corpus, "verdicts");
  mkdirSync(folder, { recursive: true });
  const keys = ["repository", "path"] as const;
  const order = (a: Verdict, b: Verdict) => keys.map((key) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0)).find((it) => it !== 0) ?? a.line - b.line;
  const lines = [...verdicts].sort((a, b) => order(a, b) || (a.id < b.id ? -1 : 1)).map(({ id, repository, path, line, verdict, note, gone }) =>
    JSON.stringify({ id, repository, path, line, verdict, note, ...(gone !== undefined && { gone }) }));
  writeFileSync(join(folder, `${fileOf(rule)}${ENDING}`), lines.map((it) => `${it}\n`).join(""));
}

/** The newest word on a finding counts. */
export function merged(known: readonly Verdict[], added: readonly Verdict[]): readonly Verdict[] {
  return [...new Map([...known, ...added].map((it) => [it.id, it])).values()];
}

/**
 * Marks the verdicts on findings that appear no more, and takes the mark off those that are back.
 * Lines are brought up to date. What lies in repositories that were not looked at stays as it was.
 */
export function marked(verdicts: readonly Verdict[], lines: ReadonlyMap<string, number>, looked: ReadonlySet<string>, date: string): readonly Verdict[] {
  return verdicts.map((it) => {
    if (!looked.has(it.repository)) return it;
    const line = lines.get(it.id);
    if (line === undefined) return { ...it, gone: it.gone ?? date };
    const { gone: _, ...still } = it;
    return { ...still, line };
  });
}
