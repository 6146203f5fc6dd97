/** Which of some words stand anywhere in a file's text. Kept from edit to edit, and only ever from no to yes: it saves work, so saying yes for too long costs a little and changes nothing. */

import type { Piece } from "./piece.js";

export class WordIndex {
  #wanted: readonly string[] = [];
  /** The words that begin with each of them, shortest first: the pattern finds the first in the list. */
  #longer: ReadonlyMap<string, readonly string[]> = new Map();
  #present = new Set<string>();
  /** Finds any of the words; undefined while nobody has asked, or when all are there. */
  #pattern: RegExp | undefined;

  /** Those that are there. Who asks for the same list again is answered at once. */
  among(words: readonly string[], pieces: readonly Piece[]): ReadonlySet<string> {
    if (words !== this.#wanted) {
      this.#wanted = words;
      this.#longer = longerWords(words);
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
      this.#present.add(match[0]);
      for (const word of this.#longer.get(match[0])!) if (text.startsWith(word, index)) this.#present.add(word);
      if (this.#present.size === known) repeats++;
      pattern.lastIndex = index + 1;
    }
    // What is known to be there need not be found again. But a new pattern has to be compiled, which takes longer than many finds.
    if (repeats > MANY) this.#pattern = patternOf(this.#wanted.filter((it) => !this.#present.has(it)));
  }
}

/** Finds of known words in one piece that are one too many. */
const MANY = 3;

/** Many files lack the same words, and to compile a pattern takes as long as to search some files. */
const patterns = new Map<string, RegExp>();
const MOST_PATTERNS = 200;

function patternOf(words: readonly string[]): RegExp | undefined {
  if (words.length === 0) return undefined;
  const source = words.map((it) => it.replace(/\W/g, "\\$&")).join("|");
  let pattern = patterns.get(source);
  if (!pattern) {
    if (patterns.size >= MOST_PATTERNS) patterns.clear();
    patterns.set(source, (pattern = new RegExp(source, "g")));
  }
  return pattern;
}

const longer = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

function longerWords(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  let known = longer.get(words);
  if (!known) {
    known = new Map(words.map((word) => [word, words.filter((it) => it !== word && it.startsWith(word))]));
    longer.set(words, known);
  }
  return known;
}
