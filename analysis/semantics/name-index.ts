/** Which pieces bind and which use a module-level name. Kept up to date edit by edit, so that asking does not cost the length of the file. */

import { detached, indexOf, type Document } from "./document.js";
import { identifiersOf } from "./bound-names.js";
import type { Piece } from "./piece.js";
import type { Star } from "./stars.js";

/** Which modules a file imports, by their top-level name. It lives on with the file: ask at once, do not keep it. */
export type Modules = Pick<ReadonlySet<string>, "has">;

/** Names whose readers are kept up to date. */
const MOST_KEPT = 256;
/** Names that are looked for one by one. */
const SEARCHES = 64;

/** What pieces say about names, joined over all of them. */
export type Told = "called" | "calledInLoops" | "answering" | "asyncNames" | "foreignStores";

export class NameIndex {
  readonly #pieces = new Set<Piece>();
  readonly #writers = new Map<string, Piece[]>();
  /** Only of names that somebody asked for: most never are, and to know them all every piece would have to be looked through. */
  readonly #readers = new Map<string, Piece[]>();
  /** Which pieces have an attribute of a name; made when somebody first asks. */
  #holders: Map<string, Piece[]> | undefined;
  /** Names asked for since the last edit whose readers were not known. */
  #searches = 0;
  /** Every name that stands somewhere, with the pieces it stands in: made where many names are asked for, and until the next edit. */
  #standing: Map<string, Piece[]> | undefined;
  readonly #stars = new Set<Piece>();
  /** Only of what somebody asked for. */
  readonly #told = new Map<Told, Tally>();
  /** How many pieces import each top-level module, at whatever depth. */
  readonly #imports = new Map<string, number>();

  constructor(pieces: Iterable<Piece>) {
    for (const piece of pieces) this.add(piece);
  }

  add(piece: Piece): void {
    this.#searches = 0;
    this.#standing = undefined;
    this.#pieces.add(piece);
    for (const name of piece.sites.keys()) enter(this.#writers, name, piece);
    if (this.#holders) for (const name of piece.attributeNames) enter(this.#holders, name, piece);
    for (const [name, readers] of this.#readers) if (isReader(piece, name)) readers.push(piece);
    for (const [what, tally] of this.#told) tally.add(piece[what]);
    if (piece.stars.length > 0) this.#stars.add(piece);
    for (const module of piece.imports) this.#imports.set(module, (this.#imports.get(module) ?? 0) + 1);
  }

  remove(piece: Piece): void {
    this.#searches = 0;
    this.#standing = undefined;
    this.#pieces.delete(piece);
    for (const name of piece.sites.keys()) leave(this.#writers, name, piece);
    if (this.#holders) for (const name of piece.attributeNames) leave(this.#holders, name, piece);
    for (const [name, readers] of this.#readers) if (piece.text.includes(name)) drop(readers, piece);
    for (const [what, tally] of this.#told) tally.remove(piece[what]);
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

  /** What some piece tells. It lives on with the file: ask at once, do not keep it. */
  told(what: Told): ReadonlySet<string> {
    let tally = this.#told.get(what);
    if (!tally) {
      this.#told.set(what, (tally = new Tally()));
      for (const piece of this.#pieces) tally.add(piece[what]);
    }
    return tally.names;
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
    const readers = this.#mayRead(name).filter((it) => isReader(it, name));
    this.#readers.set(detached(name), readers);
    return inOrder(readers, document);
  }

  /** Pieces that have `object.name`, in source order. */
  holdersOf(name: string, document: Document): readonly Piece[] {
    if (!this.#holders) {
      this.#holders = new Map();
      for (const piece of this.#pieces) for (const it of piece.attributeNames) enter(this.#holders, it, piece);
    }
    return inOrder(this.#holders.get(name) ?? NO_PIECES, document);
  }

  /** Looking for one name after the other in all pieces is quicker for a few names, but not for as many as there are pieces. */
  #mayRead(name: string): readonly Piece[] {
    if (++this.#searches < SEARCHES) return [...this.#pieces];
    if (!this.#standing) {
      this.#standing = new Map();
      for (const piece of this.#pieces) for (const it of identifiersOf(piece.tree)) enter(this.#standing, it, piece);
    }
    return this.#standing.get(name) ?? NO_PIECES;
  }

  starsIn(document: Document): readonly Star[] {
    if (this.#stars.size === 0) return NO_STARS;
    return inOrder([...this.#stars], document).flatMap((it) => it.stars);
  }
}

/** How many pieces tell of each name: so that one more or less costs what it tells, and not the length of the file. */
class Tally {
  readonly names = new Set<string>();
  /** Of those that more than one tells. */
  readonly #counts = new Map<string, number>();

  add(told: ReadonlySet<string>): void {
    for (const name of told) {
      if (this.names.has(name)) this.#counts.set(name, (this.#counts.get(name) ?? 1) + 1);
      else this.names.add(detached(name));
    }
  }

  remove(told: ReadonlySet<string>): void {
    for (const name of told) {
      const count = this.#counts.get(name) ?? 1;
      if (count > 2) this.#counts.set(name, count - 1);
      else if (count === 2) this.#counts.delete(name);
      else this.names.delete(name);
    }
  }
}

function isReader(piece: Piece, name: string): boolean {
  return piece.readsOf(name).length > 0;
}

const NO_STARS: readonly Star[] = [];
const NO_PIECES: readonly Piece[] = [];

/** Lists, because most names are used by a piece or two. */
function enter(index: Map<string, Piece[]>, name: string, piece: Piece): void {
  const pieces = index.get(name);
  if (pieces) pieces.push(piece);
  else index.set(detached(name), [piece]);
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
