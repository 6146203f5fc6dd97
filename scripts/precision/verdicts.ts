/** Verdicts on findings, and the shares that are made of them. */
import { readJudged, standing, type Judged, type JudgedByRule, type Question } from "../corpus/judged.js";

/** Right: true, and worth a maintainer's time. Trivial: true, and not worth it. */
export const VERDICTS = ["right", "trivial", "arguable", "wrong"] as const;
export type Word = (typeof VERDICTS)[number];
export type Verdict = Judged<Word>;
export type Verdicts = JudgedByRule<Word>;

export const FINDINGS: Question<Word> = { folder: "verdicts", words: VERDICTS, reasoned: ["arguable", "wrong"] };

export function readVerdicts(corpus?: string): Verdicts {
  return readJudged(FINDINGS, corpus);
}

/** Right or trivial, of the findings that are still there; undefined where none was judged. */
export function shareTrue(verdicts: readonly Verdict[]): number | undefined {
  return share(verdicts, ["right", "trivial"]);
}

export function shareWorth(verdicts: readonly Verdict[]): number | undefined {
  return share(verdicts, ["right"]);
}

function share(verdicts: readonly Verdict[], words: readonly Word[]): number | undefined {
  const still = standing(verdicts);
  return still.length === 0 ? undefined : still.filter((it) => words.includes(it.verdict)).length / still.length;
}
