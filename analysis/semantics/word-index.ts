/** Which of some words stand anywhere in a file's text. Kept from edit to edit, and only ever from no to yes: it saves work, so saying yes for too long costs a little and changes nothing. */

import type { Piece } from "./piece.js";

export class WordIndex {
  #wanted: readonly string[] = [];
  #present = new Set<string>();
  /** Finds any of the words; undefined while nobody has asked, or when all are there. */
  #pattern: RegExp | undefined;

  /** Those that are there. Who asks for the same list again is answered at once. */
  among(words: readonly string[], pieces: readonly Piece[]): ReadonlySet<string> {
    if (words !== this.#wanted) {
      this.#wanted = words;
      this.#present = new Set();
      this.#pattern = patternOf(words);
      this.add(pieces);
    }
    return this.#present;
  }

  /** No word reaches over the end of a piece, so those that came in are all there is to look at. */
  add(pieces: readonly Piece[]): void {
    for (const { text } of pieces) {
      if (!this.#pattern) return;
      this.#look(text, this.#pattern);
    }
  }

  #look(text: string, pattern: RegExp): void {
    let repeats = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const { index } = match;
      const known = this.#present.size;
      for (const word of this.#wanted) if (text.startsWith(word, index)) this.#present.add(word);
      if (this.#present.size === known) repeats++;
      pattern.lastIndex = index + 1;
    }
    // What is known to be there need not be found again. But a new pattern has to be compiled, which takes longer than many finds.
    if (repeats > MANY) this.#pattern = patternOf(this.#wanted.filter((it) => !this.#present.has(it)));
  }
}

/** Finds of known words in one piece that are one too many. */
const MANY = 3;

function patternOf(words: readonly string[]): RegExp | undefined {
  return words.length === 0 ? undefined : new RegExp(words.map((it) => it.replace(/\W/g, "\\$&")).join("|"), "g");
}
