/** A text as a list of pieces. An edit makes a new document that shares every piece the edit did not touch. */

import type { Parser } from "../syntax/parser.js";
import { resplit } from "../syntax/resplit.js";
import { split, type Slice } from "../syntax/splitter.js";
import type { Node, Span, Tree } from "../syntax/tree.js";
import { applyEdits, type Range, type TextEdit } from "../text/range.js";
import { makePiece, pieceOf, type Piece } from "./piece.js";

export interface Document {
  readonly text: string;
  readonly slices: readonly Slice[];
  readonly pieces: readonly Piece[];
  /** Where a piece stands in the list, for those that are in it. */
  readonly indexOf: ReadonlyMap<Piece, number>;
}

export interface Edited {
  readonly document: Document;
  readonly removed: readonly Piece[];
  readonly added: readonly Piece[];
}

export function openDocument(text: string, parser: Parser): Document {
  const slices = split(text);
  return assemble(text, slices, slices.map((it) => parsePiece(text, it, parser)));
}

/** One change. Its cost is that of the slices it touched, plus one short step for each piece of the file. */
export function editDocument(document: Document, edit: TextEdit, parser: Parser): Edited {
  const text = applyEdits(document.text, [edit]);
  const { slices, first, removed, added } = resplit(document.slices, text, { start: edit.start, oldEnd: edit.end, newEnd: edit.start + edit.text.length });
  const made = slices.slice(first, first + added).map((it) => parsePiece(text, it, parser));
  const pieces = [...document.pieces.slice(0, first), ...made, ...document.pieces.slice(first + removed)];
  return { document: assemble(text, slices, pieces), removed: document.pieces.slice(first, first + removed), added: made };
}

function parsePiece(text: string, slice: Slice, parser: Parser): Piece {
  return makePiece(parser.parse(text.slice(slice.start, slice.end)), slice.role);
}

function assemble(text: string, slices: readonly Slice[], pieces: readonly Piece[]): Document {
  return { text, slices, pieces, indexOf: new Map(pieces.map((it, index) => [it, index])) };
}

/** Where a piece's text begins; undefined if the piece is no longer part of the document. */
export function startOf(document: Document, tree: Tree): number | undefined {
  const index = document.indexOf.get(pieceOf(tree));
  return index === undefined ? undefined : document.slices[index]!.start;
}

export function absolute(document: Document, span: Span): Range {
  const base = startOf(document, span.tree);
  if (base === undefined) throw new Error("this place belongs to another version of the document");
  return { start: base + span.start, end: base + span.end };
}

/** The piece that holds an offset. */
export function pieceAt(document: Document, offset: number): { readonly piece: Piece; readonly start: number } {
  let low = 0;
  let high = document.slices.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (document.slices[middle]!.start <= offset) low = middle;
    else high = middle - 1;
  }
  return { piece: document.pieces[low]!, start: document.slices[low]!.start };
}

/** For a member of a class that is cut into pieces: the piece with the class's head. */
export function headOf(document: Document, piece: Piece): Piece | undefined {
  if (piece.role !== "member") return undefined;
  for (let index = document.indexOf.get(piece) ?? -1; index >= 0; index--) {
    const candidate = document.pieces[index]!;
    if (candidate.role === "class-head") return candidate;
  }
  return undefined;
}

export function membersOf(document: Document, head: Piece): readonly Piece[] {
  const index = document.indexOf.get(head);
  if (index === undefined || head.role !== "class-head") return [];
  return document.pieces.slice(index + 1, index + 1 + document.slices[index]!.members);
}

/** The class that a "class-head" or "class" piece defines. */
export function classNodeOf(piece: Piece): Node | undefined {
  const statement = piece.tree.root.children.find((it) => it.kind === "class_definition" || it.kind === "decorated_definition");
  return statement?.kind === "decorated_definition" ? statement.field("definition") : statement;
}
