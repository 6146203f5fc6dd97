/** Which pieces bind and which use a module-level name. Kept up to date edit by edit, so that asking does not cost the length of the file. */

import { detached, indexOf, type Document } from "./document.js";
import type { Piece } from "./piece.js";

/** Which modules a file imports, by their top-level name. It lives on with the file: ask at once, do not keep it. */
export type Modules = Pick<ReadonlySet<string>, "has">;

/** Names whose readers are kept up to date. */
const MOST_KEPT = 256;

export class NameIndex {
  readonly #pieces = new Set<Piece>();
  readonly #writers = new Map<string, Piece[]>();
  /** Only of names that somebody asked for: most never are, and to know them all every piece would have to be looked through. */
  readonly #readers = new Map<string, Piece[]>();
  readonly #stars = new Set<Piece>();
  /** How many pieces import each top-level module, at whatever depth. */
  readonly #imports = new Map<string, number>();

  constructor(pieces: Iterable<Piece>) {
    for (const piece of pieces) this.add(piece);
  }

  add(piece: Piece): void {
    this.#pieces.add(piece);
    for (const name of piece.sites.keys()) enter(this.#writers, name, piece);
    for (const [name, readers] of this.#readers) if (isReader(piece, name)) readers.push(piece);
    if (piece.stars.length > 0) this.#stars.add(piece);
    for (const module of piece.imports) this.#imports.set(module, (this.#imports.get(module) ?? 0) + 1);
  }

  remove(piece: Piece): void {
    this.#pieces.delete(piece);
    for (const name of piece.sites.keys()) leave(this.#writers, name, piece);
    for (const [name, readers] of this.#readers) if (piece.text.includes(name)) drop(readers, piece);
    this.#stars.delete(piece);
    for (const module of piece.imports) {
      const left = this.#imports.get(module)! - 1;
      if (left > 0) this.#imports.set(module, left);
      else this.#imports.delete(module);
    }
  }

  /** Top-level modules that the file imports somewhere. */
  get imports(): Modules {
    return this.#imports;
  }

  /** In source order. */
  writersOf(name: string, document: Document): readonly Piece[] {
    return inOrder(this.#writers.get(name) ?? NO_PIECES, document);
  }

  readersOf(name: string, document: Document): readonly Piece[] {
    const known = this.#readers.get(name);
    if (known) return inOrder(known, document);
    // Every beginning of a word that is typed may be asked for: a long session must not keep them all up to date for ever.
    if (this.#readers.size >= MOST_KEPT) this.#readers.clear();
    const readers = [...this.#pieces].filter((it) => isReader(it, name));
    this.#readers.set(detached(name), readers);
    return inOrder(readers, document);
  }

  starsIn(document: Document): readonly string[] {
    return inOrder([...this.#stars], document).flatMap((it) => it.stars);
  }
}

function isReader(piece: Piece, name: string): boolean {
  return piece.readsOf(name).length > 0;
}

const NO_PIECES: readonly Piece[] = [];

/** Lists, because most names are used by a piece or two. */
function enter(index: Map<string, Piece[]>, name: string, piece: Piece): void {
  const pieces = index.get(name);
  if (pieces) pieces.push(piece);
  else index.set(name, [piece]);
}

function leave(index: Map<string, Piece[]>, name: string, piece: Piece): void {
  const pieces = index.get(name);
  if (!pieces) return;
  drop(pieces, piece);
  if (pieces.length === 0) index.delete(name);
}

function drop(pieces: Piece[], piece: Piece): void {
  const at = pieces.indexOf(piece);
  if (at >= 0) pieces.splice(at, 1);
}

function inOrder(pieces: readonly Piece[], document: Document): readonly Piece[] {
  return pieces.length < 2 ? pieces : pieces.toSorted((a, b) => indexOf(document, a) - indexOf(document, b));
}
