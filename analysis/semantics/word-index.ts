/** Which of some words stand anywhere in a file's text. Kept from edit to edit, and only ever from no to yes: it saves work, so saying yes for too long costs a little and changes nothing. */

import type { Range } from "../text/range.js";
import { textIn, type Document } from "./document.js";
import type { Piece } from "./piece.js";

export class WordIndex {
  #wanted: readonly string[] = [];
  #search: WordSearch | undefined;
  #present = new Set<string>();
  /** By beginning: how many of its words were not met yet. What has none left is passed over. */
  #left = new Uint16Array(0);

  /** Those that are there. Who asks for the same list again is answered at once. */
  among(words: readonly string[], pieces: readonly Piece[]): ReadonlySet<string> {
    if (words !== this.#wanted) {
      this.#wanted = words;
      this.#search = words.length > 0 ? searchFor(words) : undefined;
      this.#left = this.#search?.counts.slice() ?? new Uint16Array(0);
      this.#present = new Set();
      // No word reaches over the end of a piece.
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

  /** One pass over the characters, two at a time. */
  #look(text: string, { slots, words, letters }: WordSearch): void {
    for (const it of letters) if (!this.#present.has(it) && text.includes(it)) this.#present.add(it);
    const left = this.#left;
    let pair = 0;
    for (let index = 0; index < text.length; index++) {
      pair = ((pair << 8) | (text.charCodeAt(index) & 0xff)) & 0xffff;
      const slot = slots[pair]!;
      if (left[slot]! > 0) this.#meet(text, index - 1, slot, words[slot]!);
    }
  }

  #meet(text: string, start: number, slot: number, words: readonly string[]): void {
    for (const word of words) {
      if (!text.startsWith(word, start) || this.#present.has(word)) continue;
      this.#present.add(word);
      this.#left[slot]!--;
    }
  }
}

/** Words by their first two characters, of which the lower eight bits count: what is met in vain is compared and passed over. */
interface WordSearch {
  /** The beginning that two characters are; 0 for that of no word. */
  readonly slots: Uint16Array;
  readonly words: readonly (readonly string[])[];
  /** Words of each beginning. */
  readonly counts: Uint16Array;
  /** Words of one character, which have no such beginning. */
  readonly letters: readonly string[];
  /** The length of the longest word. */
  readonly longest: number;
}

/** One for each list: many files ask for the same. */
const searches = new WeakMap<readonly string[], WordSearch>();

function searchFor(words: readonly string[]): WordSearch {
  let known = searches.get(words);
  if (!known) searches.set(words, (known = makeSearch(words)));
  return known;
}

function makeSearch(words: readonly string[]): WordSearch {
  const slots = new Uint16Array(0x10000);
  const lists: string[][] = [[]];
  for (const word of new Set(words)) {
    if (word.length < 2) continue;
    const pair = ((word.charCodeAt(0) & 0xff) << 8) | (word.charCodeAt(1) & 0xff);
    if (slots[pair] === 0) slots[pair] = lists.push([]) - 1;
    lists[slots[pair]!]!.push(word);
  }
  const letters = words.filter((it) => it.length === 1);
  const longest = Math.max(...words.map((it) => it.length));
  return { slots, words: lists, counts: Uint16Array.from(lists, (it) => it.length), letters, longest };
}
