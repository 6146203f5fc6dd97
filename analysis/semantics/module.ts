/** The whole file as seen from one of its pieces. Every question is noted, so that the piece is looked at again only when an answer changed. */

import { asClass, type ClassDef } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import { classAround, classInfo, type ClassInfo } from "./classes.js";
import { classNodeOf, headOf, membersOf, type Document } from "./document.js";
import type { NameIndex } from "./name-index.js";
import { pieceOf, type Piece } from "./piece.js";
import type { Binding, Scope, Site } from "./scopes.js";
import type { Store } from "./store.js";

/** Names of the inputs that a document hands to the store; `changedInputs` must speak of every one of them. */
export const input = {
  /** How a module-level name is bound. */
  writes: (name: string) => `writes:${name}`,
  /** Which pieces use a module-level name. */
  reads: (name: string) => `reads:${name}`,
  /** A piece's whole text. */
  piece: (piece: Piece) => `piece:${piece.id}`,
  /** The members of a class that is cut into pieces. */
  members: (className: string) => `members:${className}`,
  /** The name of the class that a member piece belongs to. */
  home: (member: Piece) => `home:${member.id}`,
  stars: "stars:",
  /** Which attributes code stores from outside. */
  foreignStores: "foreignStores:",
  /** What the file's `async def` are called. */
  asyncNames: "asyncNames:",
} as const;

export interface ModuleView {
  readonly document: Document;
  readonly store: Store;
  /** All places that bind a module-level name. Only what a site shows at first sight may be used; to look into bodies call `looksInto`. */
  sitesOf(name: string): readonly Site[];
  readsOf(name: string): readonly Node[];
  /** Module-level binding joined over all pieces. */
  bindingOf(name: string): Binding | undefined;
  stars(): readonly string[];
  /** Attributes that the file stores on anything but a method's own `self`; `__dict__` and `__setattr__` if they are used at all. */
  foreignStores(): ReadonlySet<string>;
  /** What `async def` of the file are called, methods too. */
  asyncNames(): ReadonlySet<string>;
  /** Notes that an answer rests on a tree's whole text. */
  looksInto(tree: Tree): void;
  /** The class whose body directly holds a function or other statement. */
  classOf(statement: Node): ClassInfo | undefined;
  classByName(name: string): ClassInfo | undefined;
  infoOf(def: ClassDef): ClassInfo;
}

export function moduleView(document: Document, store: Store, names: NameIndex): ModuleView {
  const looksInto = (tree: Tree) => store.note(input.piece(pieceOf(tree)));
  const infos = new Map<Node, ClassInfo>();
  const sitesByName = new Map<string, { readonly key: string; readonly sites: readonly Site[] }>();
  const readersByName = new Map<string, readonly Piece[]>();
  let starred: readonly string[] | undefined;
  let asyncNames: ReadonlySet<string> | undefined;

  const infoOf = (def: ClassDef): ClassInfo => {
    const piece = pieceOf(def.node.tree);
    const isHead = piece.role === "class-head" && def.node === classNodeOf(piece);
    if (isHead) store.note(input.members(def.name));
    const known = infos.get(def.node);
    if (known) return known;
    const far = isHead ? membersOf(document, piece).flatMap((it) => it.tree.root.children) : [];
    const info = classInfo(def, [...(def.body?.children ?? []), ...far]);
    infos.set(def.node, info);
    return info;
  };

  const view: ModuleView = {
    document,
    store,
    looksInto,
    infoOf,
    sitesOf(name) {
      let known = sitesByName.get(name);
      if (!known) {
        known = { key: input.writes(name), sites: names.writersOf(name, document).flatMap((it) => it.sites.get(name) ?? []) };
        sitesByName.set(name, known);
      }
      store.note(known.key);
      return known.sites;
    },
    readsOf(name) {
      store.note(input.reads(name));
      let readers = readersByName.get(name);
      if (!readers) readersByName.set(name, (readers = names.readersOf(name, document)));
      return readers.flatMap((it) => {
        store.note(input.piece(it));
        return it.readsOf(name);
      });
    },
    bindingOf(name) {
      const sites = view.sitesOf(name);
      if (sites.length === 0) return undefined;
      for (const site of sites) looksInto(site.name.tree);
      return new ModuleBinding(name, sites, view);
    },
    stars() {
      store.note(input.stars);
      return (starred ??= names.starsIn(document));
    },
    foreignStores() {
      store.note(input.foreignStores);
      return new Set(document.pieces.flatMap((it) => [...it.foreignStores]));
    },
    asyncNames() {
      store.note(input.asyncNames);
      return (asyncNames ??= new Set(document.pieces.flatMap((it) => [...it.asyncNames])));
    },
    classOf(statement) {
      const inPiece = classAround(statement);
      if (inPiece) return infoOf(inPiece);
      const piece = pieceOf(statement.tree);
      if (piece.role !== "member" || !isTopStatement(statement)) return undefined;
      store.note(input.home(piece));
      const head = headOf(document, piece);
      const def = head && asClass(classNodeOf(head));
      return def ? view.classByName(def.name) : undefined;
    },
    classByName: (name) => store.ask<ClassInfo | undefined>("class", name),
  };
  return view;
}

/** Its reads are looked for, and noted, only when they are asked for. */
class ModuleBinding implements Binding {
  constructor(
    readonly name: string,
    readonly sites: readonly Site[],
    private readonly view: ModuleView,
  ) {}

  get scope(): Scope {
    return pieceOf(this.sites[0]!.name.tree).scopes.top;
  }

  get reads(): readonly Node[] {
    return this.view.readsOf(this.name);
  }
}

/** Computes what `classByName` keeps. */
export function computeClass(view: ModuleView, name: string): ClassInfo | undefined {
  const sites = view.sitesOf(name);
  const [only] = sites;
  if (sites.length !== 1 || only?.kind !== "class") return undefined;
  view.looksInto(only.name.tree);
  const def = asClass(only.value);
  return def ? view.infoOf(def) : undefined;
}

function isTopStatement(statement: Node): boolean {
  const outer = statement.parent?.kind === "decorated_definition" ? statement.parent : statement;
  return outer.parent === statement.tree.root;
}

/** Which inputs differ after pieces from `first` on were replaced. */
export function changedInputs(before: Document, after: Document, first: number, removed: readonly Piece[], added: readonly Piece[]): Set<string> {
  const changed = new Set<string>();
  for (const piece of removed) changed.add(input.piece(piece));

  const printsOf = (pieces: readonly Piece[]) => {
    const prints = new Map<string, string>();
    for (const piece of pieces) for (const [name, print] of piece.writes) prints.set(name, `${prints.get(name) ?? ""}${print}\n`);
    return prints;
  };
  const [oldWrites, newWrites] = [printsOf(removed), printsOf(added)];
  for (const name of new Set([...oldWrites.keys(), ...newWrites.keys()])) {
    if (oldWrites.get(name) !== newWrites.get(name)) changed.add(input.writes(name));
  }

  const readBy = (pieces: readonly Piece[]) => new Set(pieces.flatMap((it) => [...it.reads]));
  const [oldReads, newReads] = [readBy(removed), readBy(added)];
  for (const name of oldReads) if (!newReads.has(name)) changed.add(input.reads(name));
  for (const name of newReads) if (!oldReads.has(name)) changed.add(input.reads(name));

  const starsOf = (pieces: readonly Piece[]) => pieces.flatMap((it) => it.stars).join();
  if (starsOf(removed) !== starsOf(added)) changed.add(input.stars);

  const asyncOf = (pieces: readonly Piece[]) => [...new Set(pieces.flatMap((it) => [...it.asyncNames]))].sort().join();
  if (asyncOf(removed) !== asyncOf(added)) changed.add(input.asyncNames);

  const storesOf = (pieces: readonly Piece[]) => [...new Set(pieces.flatMap((it) => [...it.foreignStores]))].sort().join();
  if (storesOf(removed) !== storesOf(added)) changed.add(input.foreignStores);

  for (const [document, pieces] of [[before, removed], [after, added]] as const) {
    for (const piece of pieces) {
      const name = classNameOf(piece.role === "class-head" ? piece : headOf(document, piece));
      if (name !== undefined) changed.add(input.members(name));
    }
  }
  for (const key of rehomed(before, after, first + added.length)) changed.add(key);
  return changed;
}

/** Members behind the replaced pieces stay what they are, but may belong to another class now: what changes with that. */
function rehomed(before: Document, after: Document, next: number): readonly string[] {
  const member = after.pieces[next];
  if (member?.role !== "member") return [];
  const [old, now] = [headOf(before, member), headOf(after, member)];
  const names = [classNameOf(old), classNameOf(now)];
  if (old === now || names[0] === names[1]) return [];
  let end = next;
  while (after.pieces[end]?.role === "member") end++;
  return [...names.flatMap((it) => (it === undefined ? [] : [input.members(it)])), ...after.pieces.slice(next, end).map((it) => input.home(it))];
}

function classNameOf(head: Piece | undefined): string | undefined {
  return head && asClass(classNodeOf(head))?.name;
}
