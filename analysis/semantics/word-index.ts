/** Which of some words stand anywhere in a file's text. Kept from edit to edit, and only ever from no to yes: it saves work, so saying yes for too long costs a little and changes nothing. */

import type { Range } from "../text/range.js";
import { textIn, type Document } from "./document.js";
import type { Piece } from "./piece.js";

export class WordIndex {
  #wanted: readonly string[] = [];
  #search: WordSearch | undefined;
  #present = new Set<string>();

  /** Those that are there. Who asks for the same list again is answered at once. */
  among(words: readonly string[], pieces: readonly Piece[]): ReadonlySet<string> {
    if (words !== this.#wanted) {
      this.#wanted = words;
      this.#search = words.length > 0 ? searchFor(words) : undefined;
      this.#present = new Set();
      if (this.#search) for (const { text } of pieces) this.#look(text, this.#search);
    }
    return this.#present;
  }

  /** What an edit brings touches the text that it put in, so only what stands around that is looked at. */
  addAround({ start, end }: Range, document: Document): void {
    if (!this.#search) return;
    const { longest } = this.#search;
    this.#look(textIn(document, { start: Math.max(0, start - longest), end: end + longest }), this.#search);
  }

  #look(text: string, { pattern, longer }: WordSearch): void {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const { index } = match;
      this.#present.add(match[0]);
      for (const word of longer.get(match[0]) ?? NONE) if (text.startsWith(word, index)) this.#present.add(word);
      pattern.lastIndex = index + 1;
    }
  }
}

interface WordSearch {
  /** Finds any of the words; of several that begin alike the shortest. */
  readonly pattern: RegExp;
  /** The words that begin with one of them, for those that have any. */
  readonly longer: ReadonlyMap<string, readonly string[]>;
  /** The length of the longest word. */
  readonly longest: number;
}

const NONE: readonly string[] = [];

/** One for each list: to compile a pattern takes longer than to find words that are known to be there again and again. */
const searches = new WeakMap<readonly string[], WordSearch>();

function searchFor(words: readonly string[]): WordSearch {
  let known = searches.get(words);
  if (!known) {
    // In order, so that a word stands right before those that begin with it.
    const sorted = words.toSorted();
    const longer = new Map<string, readonly string[]>();
    sorted.forEach((word, index) => {
      let end = index + 1;
      while (sorted[end]?.startsWith(word)) end++;
      if (end > index + 1) longer.set(word, sorted.slice(index + 1, end));
    });
    const source = sorted.map((it) => it.replace(/\W/g, "\\$&")).join("|");
    const longest = Math.max(...words.map((it) => it.length));
    searches.set(words, (known = { pattern: new RegExp(source, "g"), longer, longest }));
  }
  return known;
}
