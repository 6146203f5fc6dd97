/** Characters by what they may begin, and the words that are no names. */

import { T, K } from "./ids.generated.js";

export const TAB = 9;
export const LINE_FEED = 10;
export const FORM_FEED = 12;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const DOUBLE_QUOTE = 34;
export const HASH = 35;
export const SINGLE_QUOTE = 39;
export const DOT = 46;
export const EQUALS = 61;
export const GREATER = 62;
export const BACKSLASH = 92;
export const UNDERSCORE = 95;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;
export const BYTE_ORDER_MARK = 0xfeff;

/** What an ASCII character is; combined in one table, so that a loop looks up once. */
export const NAME_START = 1;
export const DIGIT = 2;
export const NAME_PART = NAME_START | DIGIT;
export const STRING_PREFIX = 4;

export const CLASSES = new Uint8Array(128);
for (let c = 97; c <= 122; c++) CLASSES[c] = CLASSES[c - 32] = NAME_START;
CLASSES[UNDERSCORE] = NAME_START;
for (let c = 48; c <= 57; c++) CLASSES[c] = DIGIT;
for (const letter of "bfrtuBFRTU") CLASSES[letter.charCodeAt(0)]! |= STRING_PREFIX;

export function isQuote(c: number): boolean {
  return c === DOUBLE_QUOTE || c === SINGLE_QUOTE;
}

/** Words that Python reserves, as far as they mean something to the grammar; `print`, `match` and the like are names. */
const WORDS: readonly (readonly [string, number])[] = [
  ["False", K.false],
  ["None", K.none],
  ["True", K.true],
  ["and", T.and],
  ["as", T.as],
  ["assert", T.assert],
  ["async", T.async],
  ["await", T.await],
  ["break", T.break],
  ["class", T.class],
  ["continue", T.continue],
  ["def", T.def],
  ["del", T.del],
  ["elif", T.elif],
  ["else", T.else],
  ["except", T.except],
  ["finally", T.finally],
  ["for", T.for],
  ["from", T.from],
  ["global", T.global],
  ["if", T.if],
  ["import", T.import],
  ["in", T.in],
  ["is", T.is],
  ["lambda", T.lambda],
  ["nonlocal", T.nonlocal],
  ["not", T.not],
  ["or", T.or],
  ["pass", T.pass],
  ["raise", T.raise],
  ["return", T.return],
  ["try", T.try],
  ["while", T.while],
  ["with", T.with],
  ["yield", T.yield],
];

/** A table without collisions: each word has its own slot, so a name is compared with one word at most. */
const slotOf = (first: number, last: number, length: number): number => (first + last + length * 19) & 127;
const SLOT_WORDS: string[] = new Array<string>(128).fill("");
const SLOT_TOKENS = new Uint8Array(128);
for (const [word, token] of WORDS) {
  const slot = slotOf(word.charCodeAt(0), word.charCodeAt(word.length - 1), word.length);
  if (SLOT_TOKENS[slot] !== 0) throw new Error(`${word} and ${SLOT_WORDS[slot]!} share a slot`);
  SLOT_WORDS[slot] = word;
  SLOT_TOKENS[slot] = token;
}
const LONGEST_WORD = 8;

/** The token of the word in [start, end): a reserved word's own or that of a name. */
export function wordToken(text: string, start: number, end: number): number {
  const length = end - start;
  if (length < 2 || length > LONGEST_WORD) return K.identifier;
  const slot = slotOf(text.charCodeAt(start), text.charCodeAt(end - 1), length);
  const word = SLOT_WORDS[slot]!;
  if (word.length !== length) return K.identifier;
  for (let index = 0; index < length; index++)
    if (word.charCodeAt(index) !== text.charCodeAt(start + index)) return K.identifier;
  return SLOT_TOKENS[slot]!;
}

const WIDE_START = /\p{XID_Start}/u;
const WIDE_PART = /\p{XID_Continue}/u;

/**
 * True for a letter beyond ASCII that both Unicode tables, the grammar's and JavaScript's, are sure to agree on: of scripts that were
 * complete long ago. A name with any other letter is left to the other parser.
 */
export function isWideLetter(c: number, isFirst: boolean): boolean {
  const isOld =
    (c >= 0xa0 && c <= 0x52f) ||
    (c >= 0x3041 && c <= 0x30ff) ||
    (c >= 0x4e00 && c <= 0x9fa5) ||
    (c >= 0xac00 && c <= 0xd7a3);
  return isOld && (isFirst ? WIDE_START : WIDE_PART).test(String.fromCharCode(c));
}
