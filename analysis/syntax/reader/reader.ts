/** What the reader of a text remembers, and the few steps by which all its parts write nodes. */

import { K, T } from "./ids.generated.js";
import type { TreeArrays } from "../tree.js";
import { makeWriter, write, type Writer } from "./writer.js";

/** One object for all texts, with the state of the tokens and the nodes written so far: nothing is made per node or token. */
export interface Reader extends Writer {
  text: string;
  /** Where the present token ends: what follows is still to be read. */
  at: number;
  /** The present token, a `T` or, if it is a node by itself, a `K`. */
  token: number;
  start: number;
  end: number;
  /** Where the last token written ends, or the last comment behind it. */
  lastEnd: number;
  /** How many brackets are open. Inside them the ends of lines mean nothing. */
  brackets: number;
  /** The column of the present block, and those of the blocks around it. */
  column: number;
  readonly columns: number[];
  /** Comments and line continuations before the present token, not yet written: where they go depends on what the token turns out to be. */
  extras: number;
  readonly extraKinds: number[];
  readonly extraStarts: number[];
  readonly extraEnds: number[];
  /** One of the comments before the present token stands left of the block. */
  hasShallowComment: boolean;
  /** The statement begins with a name that the grammar first takes for a word, `print` say. */
  beginsSoftly: boolean;
  /** The grammar may go on with the next line, if that begins with a bracket: see `startNextLine`. */
  mayGoOn: boolean;
  /** How deep the reading functions are nested. */
  depth: number;
  /** Damage is read past: see damage.ts. Otherwise the whole text is left to the other parser. */
  recovers: boolean;
  /** The column of the innermost item or statement around that damage can be confined to. */
  within: number;
  /** The first stretch that was not understood. */
  damage: Damage | undefined;
  /** The reading of the text before an edit: see resume.ts. */
  previous: Previous | undefined;
  /** How deep the reading functions were nested at most. */
  deepestNesting: number;
  /** For the next reading, of each long list of items or statements: where it starts, and the column of the block around it. */
  lists: number;
  readonly listKeys: number[];
  readonly listColumns: number[];
  readonly expressions: Expressions;
}

/** Brackets hold expressions and expressions hold brackets: of the files that read them one imports the other and the other finds its way back here. */
export interface Expressions {
  /** Any expression but `:=` and `*x`. */
  readonly readExpression: (r: Reader) => void;
  readonly readNamed: (r: Reader) => void;
  /** An expression that is neither a conditional one nor a lambda. */
  readonly readDisjunction: (r: Reader) => void;
  /** An atom with calls, subscripts and attributes. */
  readonly readPrimary: (r: Reader) => void;
  readonly readYield: (r: Reader) => void;
}

/** A stretch that is not understood; `before` and `after` make it a text that can be read on its own. */
export interface Damage {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

/** What is left of a reading for the one that comes after an edit. */
export interface Reading {
  /** The column of the block around each long list, by its key. */
  readonly columns: ReadonlyMap<number, number>;
  readonly deepestNesting: number;
  readonly deepest: number;
}

/** The tree of the text before an edit: `[start, oldEnd)` of that became `[start, newEnd)` of the present one. */
export interface Previous {
  readonly arrays: TreeArrays;
  readonly reading: Reading;
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

export function makeReader(deepest: number, expressions: Expressions): Reader {
  return {
    ...makeWriter(deepest),
    text: "",
    at: 0,
    token: T.end,
    start: 0,
    end: 0,
    lastEnd: 0,
    brackets: 0,
    column: 0,
    columns: [],
    extras: 0,
    extraKinds: [],
    extraStarts: [],
    extraEnds: [],
    hasShallowComment: false,
    beginsSoftly: false,
    mayGoOn: false,
    depth: 0,
    recovers: false,
    within: 0,
    damage: undefined,
    previous: undefined,
    deepestNesting: 0,
    lists: 0,
    listKeys: [],
    listColumns: [],
    expressions,
  };
}

/** Thrown when a text is not understood beyond doubt. A constant, because an Error would cost its stack trace. */
export const NOT_UNDERSTOOD = { reason: "left to the other parser" } as const;

export function giveUp(): never {
  throw NOT_UNDERSTOOD;
}

/** Nobody writes such code; deeper nesting would exhaust the stack sooner than the tree's own bound. */
export const DEEPEST_NESTING = 100;

export function enter(r: Reader): void {
  if (++r.depth <= r.deepestNesting) return;
  r.deepestNesting = r.depth;
  if (r.depth > DEEPEST_NESTING) giveUp();
}

export function leave(r: Reader): void {
  r.depth--;
}

/** Where a node begins: all that is written from here on can become its children. Comments before it stay outside. */
export function begin(r: Reader): number {
  if (r.extras > 0) flush(r);
  return r.count;
}

/** Ends a node that began at `mark`. It reaches from its first token to the last one written. */
export function close(r: Reader, kind: number, mark: number): void {
  write(r, kind, mark, r.starts[mark]!, r.lastEnd);
}

/** Gives the node written last its field. */
export function setField(r: Reader, field: number): void {
  r.fields[r.count - 1] = field;
}

export function addExtra(r: Reader, kind: number, start: number, end: number): void {
  const index = r.extras++;
  r.extraKinds[index] = kind;
  r.extraStarts[index] = start;
  r.extraEnds[index] = end;
}

/** Writes the comments before the present token. */
export function flush(r: Reader): void {
  for (let index = 0; index < r.extras; index++) {
    write(r, r.extraKinds[index]!, r.count, r.extraStarts[index]!, r.extraEnds[index]!);
    r.lastEnd = r.extraEnds[index]!;
  }
  r.extras = 0;
}

/** True if what was written since `mark` is one name and nothing else. */
export function isName(r: Reader, mark: number): boolean {
  return r.count === mark + 1 && r.kinds[mark] === K.identifier;
}

/** True for the names that the grammar first takes for words, except `type`. */
export function isHalfName(r: Reader): boolean {
  return isWord(r, "print") || isWord(r, "exec") || isWord(r, "match");
}

/** Asked through a function, the compiler does not take the present token for a constant. */
export function is(r: Reader, token: number): boolean {
  return r.token === token;
}

/** True if the present token is this name. */
export function isWord(r: Reader, word: string): boolean {
  return is(r, K.identifier) && r.end - r.start === word.length && r.text.startsWith(word, r.start);
}

/** Where the reader stands, to come back to when a second reading has to be tried. */
export interface Place {
  readonly at: number;
  readonly token: number;
  readonly start: number;
  readonly end: number;
  readonly lastEnd: number;
  readonly brackets: number;
  readonly count: number;
  readonly depth: number;
  readonly column: number;
  readonly blocks: number;
  readonly lists: number;
}

/** There must be no unwritten comments: call `begin` before. */
export function placeOf(r: Reader): Place {
  const { at, token, start, end, lastEnd, brackets, count, depth, column, lists } = r;
  return { at, token, start, end, lastEnd, brackets, count, depth, column, lists, blocks: r.columns.length };
}

export function goBack(r: Reader, place: Place): void {
  r.at = place.at;
  r.token = place.token;
  r.start = place.start;
  r.end = place.end;
  r.lastEnd = place.lastEnd;
  r.brackets = place.brackets;
  r.count = place.count;
  r.depth = place.depth;
  r.column = place.column;
  r.columns.length = place.blocks;
  r.lists = place.lists;
  r.extras = 0;
  while (r.runs.length > 0 && r.runs.at(-1)!.at >= r.count) r.runs.pop();
}

/** Reads on if the rest can be read that way; otherwise comes back to where it stood and says no. What is damaged cannot be read that way. */
export function attempt(r: Reader, read: (r: Reader) => boolean): boolean {
  const place = placeOf(r);
  const { recovers } = r;
  r.recovers = false;
  try {
    if (read(r)) return true;
  } catch (error) {
    if (error !== NOT_UNDERSTOOD) throw error;
  } finally {
    r.recovers = recovers;
  }
  goBack(r, place);
  return false;
}
