/** Verdicts on places in code, kept as data: one file of JSON lines for each rule, without a word of the code that was judged. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../analysis/analyzer.js";
import { CORPUS } from "./repositories.js";

/** What is asked, where the answers are kept in test/corpus, and the words they are given in. */
export interface Question<Word extends string = string> {
  readonly folder: string;
  readonly words: readonly Word[];
  /** Words that stand only with a reason. */
  readonly reasoned: readonly Word[];
}

export interface Judged<Word extends string = string> {
  readonly id: string;
  readonly repository: string;
  readonly path: string;
  readonly line: number;
  /** Of the finding, when it was judged. */
  readonly level?: Finding["level"];
  readonly verdict: Word;
  /** Why, in the judge's own words. */
  readonly note: string;
  /** Since when the place is no longer one to judge. */
  readonly gone?: string;
}

/** By rule. */
export type JudgedByRule<Word extends string = string> = ReadonlyMap<string, readonly Judged<Word>[]>;

const ENDING = ".jsonl";

/** Areas have no dash, so that the first one in a file's name is the slash of the rule's. */
export function readJudged<Word extends string>(question: Question<Word>, corpus = CORPUS): JudgedByRule<Word> {
  const folder = join(corpus, question.folder);
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((it) => it.endsWith(ENDING))
        .sort()
    : [];
  return new Map(
    files.map((file) => [file.slice(0, -ENDING.length).replace("-", "/"), readLines<Word>(join(folder, file))]),
  );
}

function readLines<Word extends string>(path: string): readonly Judged<Word>[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((it) => it !== "")
    .map((it) => JSON.parse(it) as Judged<Word>);
}

export function fileOf(rule: string): string {
  return rule.replace("/", "-");
}

/** One verdict a line, in the order of places: two people who judge different places change different lines. */
export function writeJudged<Word extends string>(
  question: Question<Word>,
  rule: string,
  judged: readonly Judged<Word>[],
  corpus = CORPUS,
): void {
  const folder = join(corpus, question.folder);
  mkdirSync(folder, { recursive: true });
  const keys = ["repository", "path"] as const;
  const order = (a: Judged, b: Judged) =>
    keys.map((key) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0)).find((it) => it !== 0) ?? a.line - b.line;
  const lines = [...judged]
    .sort((a, b) => order(a, b) || (a.id < b.id ? -1 : 1))
    .map(({ id, repository, path, line, level, verdict, note, gone }) =>
      JSON.stringify({
        id,
        repository,
        path,
        line,
        ...(level !== undefined && { level }),
        verdict,
        note,
        ...(gone !== undefined && { gone }),
      }),
    );
  writeFileSync(join(folder, `${fileOf(rule)}${ENDING}`), lines.map((it) => `${it}\n`).join(""));
}

/** The newest word on a place counts. */
export function merged<Word extends string>(
  known: readonly Judged<Word>[],
  added: readonly Judged<Word>[],
): readonly Judged<Word>[] {
  return [...new Map([...known, ...added].map((it) => [it.id, it])).values()];
}

/** What a new scan says of a place that was judged. */
export type Seen = Pick<Judged, "line" | "level">;

/**
 * Marks the verdicts on places that appear no more, and takes the mark off those that are back.
 * Lines are brought up to date; a level that was not kept is that of today. A level that went down takes its verdict along:
 * what was worth a look as a warning is so as a hint, and the other way round nobody has judged it. What lies in repositories that were not looked at stays as it was.
 */
export function marked<Word extends string>(
  verdicts: readonly Judged<Word>[],
  seen: ReadonlyMap<string, Seen>,
  looked: ReadonlySet<string>,
  date: string,
): readonly Judged<Word>[] {
  return verdicts.map((it) => {
    if (!looked.has(it.repository)) return it;
    const now = seen.get(it.id);
    if (now === undefined) return { ...it, gone: it.gone ?? date };
    const { gone: _, ...still } = it;
    const level = lowest(still.level, now.level);
    return { ...still, line: now.line, ...(level !== undefined && { level }) };
  });
}

const RISING: readonly Finding["level"][] = ["hint", "info", "warning", "error"];

function lowest(before: Finding["level"] | undefined, now: Finding["level"] | undefined): Finding["level"] | undefined {
  if (before === undefined || now === undefined) return before ?? now;
  return RISING.indexOf(now) < RISING.indexOf(before) ? now : before;
}

/** Those whose place is still there. */
export function standing<Word extends string>(judged: readonly Judged<Word>[]): readonly Judged<Word>[] {
  return judged.filter((it) => it.gone === undefined);
}
