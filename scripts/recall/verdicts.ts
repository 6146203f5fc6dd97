/** Verdicts on places where a rule is silent. */
import { readJudged, type Judged, type JudgedByRule, type Question } from "../corpus/judged.js";

/** Silent: rightly. Speak: the rule should report it. */
export const WORDS = ["silent", "speak", "arguable"] as const;
export type Word = (typeof WORDS)[number];
export type Verdict = Judged<Word>;
export type Verdicts = JudgedByRule<Word>;

export const SILENCES: Question<Word> = { folder: "recall", words: WORDS, reasoned: ["speak", "arguable"] };

export function readSilences(corpus?: string): Verdicts {
  return readJudged(SILENCES, corpus);
}
