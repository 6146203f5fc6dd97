/** Questions that rules have about a file as a whole: answered once for all of its pieces, and anew only when something the answer rests on was edited. */

import type { Facts } from "./facts.js";

/** A question about the whole file that a rule asks through `facts`, with the number it is kept under. */
export interface FileQuestion<T extends string | boolean | number> {
  readonly id: number;
  answer(facts: Facts, about: string): T;
}

const questions: FileQuestion<string | boolean | number>[] = [];

/** To be asked once, when a module is loaded. @param answer may ask facts about the file and nothing else */
export function fileQuestion<T extends string | boolean | number>(
  answer: (facts: Facts, about: string) => T,
): FileQuestion<T> {
  const question = { id: questions.length, answer };
  questions.push(question);
  return question;
}

/** @param key the question's number and what it is about, with a colon between them */
export function answerOf(key: string, facts: () => Facts): string | boolean | number {
  const colon = key.indexOf(":");
  return questions[Number(key.slice(0, colon))]!.answer(facts(), key.slice(colon + 1));
}
