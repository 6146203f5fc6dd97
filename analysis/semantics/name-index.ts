/** Which pieces bind and which use a module-level name. Kept up to date edit by edit, so that asking does not cost the length of the file. */

import { indexOf, type Document } from "./document.js";
import type { Piece } from "./piece.js";

/** Which modules a file imports, by their top-level name. It lives on with the file: ask at once, do not keep it. */
export type Modules = Pick<ReadonlySet<string>, "has">;

export class NameIndex {
  readonly #writers = new Map<string, Piece[]>();
  readonly #readers = new Map<string, Piece[]>();
  readonly #stars = new Set<Piece>();
  /** How many pieces import each top-level module, at whatever depth. */
  readonly #imports = new Map<string, number>();

  constructor(pieces: Iterable<Piece>) {
    for (const piece of pieces) this.add(piece);
  }

  add(piece: Piece): void {
    for (const name of piece.sites.keys()) enter(this.#writers, name, piece);
    for (const name of piece.reads) enter(this.#readers, name, piece);
    if (piece.scopes.stars.length > 0) this.#stars.add(piece);
    for (const module of piece.imports) this.#imports.set(module, (this.#imports.get(module) ?? 0) + 1);
  }

  remove(piece: Piece): void {
    for (const name of piece.sites.keys()) leave(this.#writers, name, piece);
    for (const name of piece.reads) leave(this.#readers, name, piece);
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
    return inOrder(this.#writers.get(name), document);
  }

  readersOf(name: string, document: Document): readonly Piece[] {
    return inOrder(this.#readers.get(name), document);
  }

  starsIn(document: Document): readonly string[] {
    return inOrder(this.#stars, document).flatMap((it) => it.scopes.stars);
  }
}

/** Lists, because most names are used by a piece or two. */
function enter(index: Map<string, Piece[]>, name: string, piece: Piece): void {
  const pieces = index.get(name);
  if (pieces) pieces.push(piece);
  else index.set(name, [piece]);
}

function leave(index: Map<string, Piece[]>, name: string, piece: Piece): void {
  const pieces = index.get(name);
  const at = pieces?.indexOf(piece) ?? -1;
  if (!pieces || at < 0) return;
  pieces.splice(at, 1);
  if (pieces.length === 0) index.delete(name);
}

function inOrder(pieces: Iterable<Piece> | undefined, document: Document): readonly Piece[] {
  const list = pieces ? [...pieces] : [];
  return list.length < 2 ? list : list.sort((a, b) => indexOf(document, a) - indexOf(document, b));
}
