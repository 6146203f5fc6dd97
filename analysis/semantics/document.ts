/** A text as a list of pieces. An edit makes a new document that shares every piece the edit did not touch; nothing in it costs the length of the text. */

import type { Before, Parser } from "../syntax/parser.js";
import { resplit } from "../syntax/resplit.js";
import { split, type Slice } from "../syntax/splitter.js";
import { readSlices, type ReadText } from "../syntax/text-reader.js";
import type { Node, Span, Tree } from "../syntax/tree.js";
import { applyEdits, type Range, type TextEdit } from "../text/range.js";
import { Piece, pieceOf } from "./piece.js";

export class Document {
  /** Where each piece begins, and behind them the length of the text. */
  readonly starts: Int32Array;
  #text: string | undefined;
  #usesCrLf: boolean | undefined;

  constructor(
    readonly pieces: readonly Piece[],
    text?: string,
  ) {
    this.starts = new Int32Array(pieces.length + 1);
    for (let index = 0, at = 0; index < pieces.length; index++)
      this.starts[index + 1] = at += pieces[index]!.text.length;
    this.#text = text;
  }

  /** Put together when asked: an edit does not need it. */
  get text(): string {
    return (this.#text ??= this.pieces.map((it) => it.text).join(""));
  }

  /** Some line ends in `\r\n`: new lines do so too. */
  get usesCrLf(): boolean {
    return (this.#usesCrLf ??= this.pieces.some((it) => it.text.includes("\r\n")));
  }
}

export interface Edited {
  readonly document: Document;
  /** Pieces `[first, first + removed.length)` of the old document gave way to `added`. */
  readonly first: number;
  readonly removed: readonly Piece[];
  readonly added: readonly Piece[];
}

export function openDocument(source: string | ReadText, parser: Parser): Document {
  const text = typeof source === "string" ? source : source.text;
  const parse = ({ start, end }: Slice) => parser.parse(text.slice(start, end));
  const pieces =
    typeof source === "string"
      ? split(text).map((it) => new Piece(parse(it), it))
      : readSlices(source).map((it) => new Piece(it.tree ?? parse(it), it));
  pieces.forEach((it, index) => (it.lastSeen = index));
  return new Document(pieces, text);
}

/** A text that is one piece, whatever its tree was made of. */
export function documentOf(tree: Tree): Document {
  return new Document([new Piece(tree, { role: "statements", contained: false })], tree.text);
}

/** How many pieces around the edited ones are read at first; four times as many whenever that does not suffice. */
const NEIGHBOURS = 4;

/** One change, in offsets of the document's text. */
export function editDocument(document: Document, edit: TextEdit, parser: Parser): Edited {
  for (let reach = NEIGHBOURS; ; reach *= 4) {
    const edited = editWindow(document, edit, reach, parser);
    if (edited) return edited;
  }
}

/**
 * Cuts anew a stretch of pieces around the edit. Where a piece begins depends on nothing before it, and on what comes
 * after it only as far as the next statement's first word: so the outcome holds for the whole text if it ends in an old
 * piece that was kept. Undefined if it does not, and there is more text to read.
 */
function editWindow(document: Document, edit: TextEdit, reach: number, parser: Parser): Edited | undefined {
  const { pieces, starts } = document;
  let from = pieceIndexAt(document, edit.start);
  for (let left = reach; from > 0 && (left > 0 || pieces[from]!.role === "member"); from--) left--;
  const firstContained = pieces.findIndex((it) => it.isContained);
  if (firstContained >= 0) from = Math.min(from, firstContained);
  while (from > 0 && pieces[from]!.role === "member") from--;
  let to = pieceIndexAt(document, edit.end) + 1;
  for (let left = reach; to < pieces.length && (left > 0 || pieces[to]!.role === "member"); to++) left--;
  const isLast = to === pieces.length;

  const base = starts[from]!;
  const old = pieces.slice(from, to);
  const slices = old.map((it, index) => sliceOf(old, it, index, starts[from + index]! - base));
  const text = applyEdits(old.map((it) => it.tree.text).join(""), [
    { start: edit.start - base, end: edit.end - base, text: edit.text },
  ]);
  const change = {
    start: edit.start - base,
    oldEnd: edit.end - base,
    newEnd: edit.start - base + edit.text.length,
  };
  const cut = resplit(slices, text, change);
  const keptBehind = old.length - cut.first - cut.removed;
  const isSettled = keptBehind > 1 && !cut.slices.some((it) => it.contained);
  if (!isLast && !isSettled) return undefined;

  const first = from + cut.first;
  const removed = pieces.slice(first, first + cut.removed);
  const before = (slice: Slice): Before | undefined => {
    const index = slices.findIndex((it) => it.start === slice.start);
    if (index < 0 || slice.end - slices[index]!.end !== change.newEnd - change.oldEnd) return undefined;
    if (change.start < slice.start || change.newEnd > slice.end) return undefined;
    return {
      tree: old[index]!.tree,
      start: change.start - slice.start,
      oldEnd: change.oldEnd - slice.start,
      newEnd: change.newEnd - slice.start,
    };
  };
  const added = cut.slices.slice(cut.first, cut.first + cut.added).map((it) => {
    const slice = text.slice(it.start, it.end);
    // Most of what it was cut from: to copy it costs more than to keep the rest.
    const isMost = 2 * slice.length > text.length;
    return new Piece(parser.parse(isMost ? slice : detached(slice), before(it)), it);
  });
  added.forEach((it, index) => (it.lastSeen = first + index));
  return {
    document: new Document([...pieces.slice(0, first), ...added, ...pieces.slice(first + removed.length)]),
    first,
    removed,
    added,
  };
}

function sliceOf(all: readonly Piece[], piece: Piece, index: number, start: number): Slice {
  let members = 0;
  if (piece.role === "class-head") while (all[index + 1 + members]?.role === "member") members++;
  return { start, end: start + piece.tree.text.length, role: piece.role, members, contained: piece.isContained };
}

/** A slice keeps alive what it was cut from. Of the text around an edit, often the whole file, nothing is to stay behind with each piece. */
export function detached(slice: string): string {
  return slice.length < SHORTEST_KEEPER ? slice : (JSON.parse(JSON.stringify(slice)) as string);
}

/** V8 copies what is shorter, and of the others keeps the text they were cut from. */
const SHORTEST_KEEPER = 13;

/** The position of a piece; -1 if it is not part of the document. A piece moves little from one version to the next, so the search starts where it was last found. */
export function indexOf({ pieces }: Document, piece: Piece): number {
  const guess = Math.min(piece.lastSeen, pieces.length - 1);
  for (let away = 0; away < pieces.length; away++) {
    for (const index of away === 0 ? [guess] : [guess - away, guess + away]) {
      if (pieces[index] !== piece) continue;
      piece.lastSeen = index;
      return index;
    }
  }
  return -1;
}

/** Where a tree's text begins; undefined if its piece is no longer part of the document. */
export function startOf(document: Document, tree: Tree): number | undefined {
  const index = indexOf(document, pieceOf(tree));
  return index < 0 ? undefined : document.starts[index];
}

export function absolute(document: Document, span: Span): Range {
  const base = startOf(document, span.tree);
  if (base === undefined) throw new Error("this place belongs to another version of the document");
  return { start: base + span.start, end: base + span.end };
}

/** The index of the piece that holds an offset. */
export function pieceIndexAt({ starts, pieces }: Document, offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function pieceAt(document: Document, offset: number): { readonly piece: Piece; readonly start: number } {
  const index = pieceIndexAt(document, offset);
  return { piece: document.pieces[index]!, start: document.starts[index]! };
}

export function textIn(document: Document, { start, end }: Range): string {
  let text = "";
  for (
    let index = pieceIndexAt(document, start);
    index < document.pieces.length && document.starts[index]! < end;
    index++
  ) {
    const base = document.starts[index]!;
    text += document.pieces[index]!.text.slice(Math.max(0, start - base), end - base);
  }
  return text;
}

/** For a member of a class that is cut into pieces: the piece with the class's head. */
export function headOf(document: Document, piece: Piece): Piece | undefined {
  if (piece.role !== "member") return undefined;
  for (let index = indexOf(document, piece); index >= 0; index--) {
    const candidate = document.pieces[index]!;
    if (candidate.role === "class-head") return candidate;
  }
  return undefined;
}

export function membersOf(document: Document, head: Piece): readonly Piece[] {
  const { pieces } = document;
  const index = indexOf(document, head);
  if (index < 0 || head.role !== "class-head") return [];
  let end = index + 1;
  while (pieces[end]?.role === "member") end++;
  return pieces.slice(index + 1, end);
}

/** The class that a "class-head" or "class" piece defines. */
export function classNodeOf(piece: Piece): Node | undefined {
  const statement = piece.tree.root.children.find(
    (it) => it.kind === "class_definition" || it.kind === "decorated_definition",
  );
  return statement?.kind === "decorated_definition" ? statement.field("definition") : statement;
}
