/** The whole file as seen from one of its pieces. Every question is noted, so that the piece is looked at again only when an answer changed. */

import { unlimited } from "../syntax/effort.js";
import { asClass, type ClassDef } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import type { BindingIndex } from "./binding-index.js";
import { classAround, classInfo, type ClassInfo } from "./classes.js";
import { classNodeOf, headOf, indexOf, membersOf, type Document } from "./document.js";
import type { NameIndex } from "./name-index.js";
import { pieceOf, type Piece } from "./piece.js";
import type { Binding, Scope, Site } from "./scopes.js";
import type { Star } from "./stars.js";
import type { Store } from "./store.js";

/** Names of the inputs that a document hands to the store; `changedInputs` must speak of every one of them. */
export const input = {
  /** How a module-level name is bound. */
  writes: (name: string) => `writes:${name}`,
  /** Which pieces use a module-level name, and their whole texts. */
  reads: (name: string) => `reads:${name}`,
  /** The whole texts of the pieces that bind a module-level name. */
  binders: (name: string) => `binders:${name}`,
  /** How many pieces there are: one that comes from nothing is none that anybody has looked into. */
  pieces: "pieces:",
  /** A piece's whole text. */
  piece: (piece: Piece) => `piece:${piece.id}`,
  /** The members of a class that is cut into pieces. */
  members: (className: string) => `members:${className}`,
  /** How a name is bound in the body of a class that is cut into pieces. */
  body: (className: string | undefined, name: string) => `body:${className ?? ""}.${name}`,
  /** Which members of such a class use a name. */
  bodyReads: (className: string | undefined, name: string) => `bodyReads:${className ?? ""}.${name}`,
  /** Which piece follows. */
  next: (piece: Piece) => `next:${piece.id}`,
  /** The name of the class that a member piece belongs to. */
  home: (member: Piece) => `home:${member.id}`,
  /** Modules that are imported whole, and the order of that and other bindings. */
  stars: "stars:",
  /** Which attributes code stores from outside. */
  foreignStores: "foreignStores:",
  /** What the file's `async def` are called. */
  asyncNames: "asyncNames:",
  /** Whether a function of that name gives something back. */
  answering: (name: string) => `answering:${name}`,
  /** Whether something by that name is called somewhere. */
  called: (name: string) => `called:${name}`,
  /** Whether some loop or comprehension calls something by that name. */
  calledInLoops: (name: string) => `calledInLoops:${name}`,
  /** Which pieces have an attribute of that name, of whatever object. */
  attributes: (name: string) => `attributes:${name}`,
  /** Whether the file imports something of a top-level module. */
  imports: (module: string) => `imports:${module}`,
  /** Whether the text of some piece matches a pattern. */
  matches: (pattern: RegExp) => patternKey(pattern),
} as const;

/** Patterns are constants of rules and some are long: each is written out once, not once a node. */
const patternKeys = new WeakMap<RegExp, string>();
function patternKey(pattern: RegExp): string {
  let key = patternKeys.get(pattern);
  if (key === undefined) patternKeys.set(pattern, (key = `matches:${pattern}`));
  return key;
}

/** The patterns that were ever asked for, by their input: whoever follows edits has to look for them. */
export type Patterns = Map<string, RegExp>;

export interface ModuleView {
  readonly document: Document;
  readonly store: Store;
  /** All places that bind a module-level name. Only what a site shows at first sight may be used; to look into bodies call `looksInto`. */
  sitesOf(name: string): readonly Site[];
  /** What these places show together, told without looking at all of them again. */
  shownBySites(name: string): ShownBySites;
  readsOf(name: string): readonly Node[];
  /** Some loop or comprehension calls something by that name: told without a look at what the name means there. */
  isCalledInLoops(name: string): boolean;
  /** The name is called somewhere, whatever it means there. */
  isCalled(name: string): boolean;
  /** Notes that an answer rests on the whole texts of all pieces that bind a module-level name. */
  looksIntoBinders(name: string): void;
  /** Module-level binding joined over all pieces. */
  bindingOf(name: string): Binding | undefined;
  /**
   * The places that bind a name in the class body that a member piece is part of, all its pieces together; none if all of them come
   * after the piece. Of a site only what it shows at first sight may be used, as with `sitesOf`.
   */
  bodySitesOf(name: string, member: Piece): readonly Site[];
  /** The class body that a member piece is part of binds a name, be it below the piece. */
  isBoundInBody(name: string, member: Piece): boolean;
  /** That name, as bound in the class body. */
  bodyBindingOf(name: string, member: Piece): Binding | undefined;
  /** All `from module import *`, in source order. */
  stars(): readonly Star[];
  /** Attributes that the file stores on anything but a method's own `self`; `__dict__` and `__setattr__` if they are used at all. */
  foreignStores(): ReadonlySet<string>;
  /** What `async def` of the file are called, methods too. */
  asyncNames(): ReadonlySet<string>;
  /** A function or method of that name gives something back. */
  answers(name: string): boolean;
  /** Whether the text of some piece matches, comments and strings included. */
  matches(pattern: RegExp): boolean;
  /** Every `object.name` of the file, read or stored, whatever the object. */
  attributesOf(name: string): readonly Node[];
  /** The file imports something of a top-level module, at whatever depth. */
  imports(module: string): boolean;
  /** Notes that an answer rests on a tree's whole text. */
  looksInto(tree: Tree): void;
  /** All pieces, in source order, for an answer that goes through them; whoever reads one calls `looksInto` as well. */
  pieces(): readonly Piece[];
  /** The piece that follows. */
  behind(tree: Tree): Piece | undefined;
  /** The name of the class whose body directly holds a function or other statement, without looking at the class. */
  classNameOf(statement: Node): string | undefined;
  /** The class whose body directly holds a function or other statement. */
  classOf(statement: Node): ClassInfo | undefined;
  classByName(name: string): ClassInfo | undefined;
  /** What fixes look up in this version. Nothing of it is noted: not for findings. */
  readonly keptForFixes: {
    imports?: readonly Site[];
    head?: readonly Node[];
    readonly localImports: Map<Scope, readonly Site[]>;
    readonly more: Map<string, unknown>;
  };
  infoOf(def: ClassDef): ClassInfo;
}

/** What all places that bind a name show. */
export interface ShownBySites {
  /** Some of them are functions. */
  readonly isFunction: boolean;
  /** Some of them stand in functions, behind `global`. */
  readonly isRemote: boolean;
  /** The one tree that they stand in; undefined where there are several, or none. */
  readonly tree: Tree | undefined;
}

export function moduleView(document: Document, store: Store, names: NameIndex, patterns: Patterns): ModuleView {
  const looksInto = (tree: Tree) => store.note(input.piece(pieceOf(tree)));
  const infos = new Map<Node, ClassInfo>();
  const sitesByName = new Map<string, { readonly key: string; readonly sites: readonly Site[] }>();
  const shown = new Map<string, ShownBySites>();
  const readsByName = new Map<string, readonly Node[]>();
  const bindings = new Map<string, ModuleBinding>();
  let starred: readonly Star[] | undefined;
  const attributesByName = new Map<string, readonly Piece[]>();
  const matched = new Map<string, boolean>();

  const bodies = new Map<Piece, { readonly body: ClassBody; readonly index: number }>();
  const bodyAround = (member: Piece): { readonly body: ClassBody; readonly index: number } | undefined => {
    store.note(input.home(member));
    const known = bodies.get(member);
    const head = known ? undefined : headOf(document, member);
    if (!head) return known;
    const body = unlimited(() => classBody(document, head));
    body.members.forEach((it, index) => bodies.set(it, { body, index }));
    return bodies.get(member);
  };

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
    keptForFixes: { localImports: new Map(), more: new Map() },
    looksInto,
    pieces() {
      store.note(input.pieces);
      return document.pieces;
    },
    infoOf,
    sitesOf(name) {
      let known = sitesByName.get(name);
      if (!known) {
        known = {
          key: input.writes(name),
          sites: names.writersOf(name, document).flatMap((it) => it.sites.get(name) ?? []),
        };
        sitesByName.set(name, known);
      }
      store.note(known.key);
      return known.sites;
    },
    shownBySites(name) {
      // Asked for each time, so that whoever asks is noted.
      const sites = view.sitesOf(name);
      let known = shown.get(name);
      if (!known) {
        const tree = sites[0]?.name.tree;
        known = {
          isFunction: sites.some((it) => it.kind === "function"),
          isRemote: sites.some((it) => it.isRemote),
          tree: sites.every((it) => it.name.tree === tree) ? tree : undefined,
        };
        shown.set(name, known);
      }
      return known;
    },
    readsOf(name) {
      store.note(input.reads(name));
      let reads = readsByName.get(name);
      if (!reads) {
        reads = names.readersOf(name, document).flatMap((it) => it.readsOf(name));
        readsByName.set(name, reads);
      }
      return reads;
    },
    isCalled(name) {
      store.note(input.called(name));
      return names.told("called").has(name);
    },
    isCalledInLoops(name) {
      store.note(input.calledInLoops(name));
      return names.told("calledInLoops").has(name);
    },
    bindingOf(name) {
      const sites = view.sitesOf(name);
      if (sites.length === 0) return undefined;
      view.looksIntoBinders(name);
      let binding = bindings.get(name);
      if (!binding) bindings.set(name, (binding = new ModuleBinding(name, sites, view)));
      return binding;
    },
    bodySitesOf(name, member) {
      const home = member.role === "member" ? bodyAround(member) : undefined;
      if (!home) return NO_SITES;
      store.note(input.body(home.body.className, name));
      const found = home.body.sites.get(name);
      return found && home.index >= found.first ? found.all : NO_SITES;
    },
    isBoundInBody(name, member) {
      const home = member.role === "member" ? bodyAround(member) : undefined;
      if (!home) return false;
      store.note(input.body(home.body.className, name));
      return home.body.sites.has(name);
    },
    bodyBindingOf(name, member) {
      const sites = view.bodySitesOf(name, member).slice(0, MOST_SITES);
      if (sites.length === 0) return undefined;
      for (const site of sites) looksInto(site.name.tree);
      return new BodyBinding(name, sites, member, bodyAround(member)!.body, view);
    },
    looksIntoBinders: (name) => store.note(input.binders(name)),
    behind(tree) {
      const piece = pieceOf(tree);
      store.note(input.next(piece));
      const next = document.pieces[indexOf(document, piece) + 1];
      if (next) looksInto(next.tree);
      return next;
    },
    stars() {
      store.note(input.stars);
      return (starred ??= names.starsIn(document));
    },
    foreignStores() {
      store.note(input.foreignStores);
      return names.told("foreignStores");
    },
    matches(pattern) {
      const key = input.matches(pattern);
      store.note(key);
      patterns.set(key, pattern);
      let found = matched.get(key);
      if (found === undefined) matched.set(key, (found = document.pieces.some((it) => pattern.test(it.text))));
      return found;
    },
    answers(name) {
      store.note(input.answering(name));
      return names.told("answering").has(name);
    },
    asyncNames() {
      store.note(input.asyncNames);
      return names.told("asyncNames");
    },
    attributesOf(name) {
      store.note(input.attributes(name));
      let holders = attributesByName.get(name);
      if (!holders) attributesByName.set(name, (holders = names.holdersOf(name, document)));
      return holders.flatMap((it) => {
        store.note(input.piece(it));
        return it.attributesOf(name);
      });
    },
    imports(module) {
      store.note(input.imports(module));
      return names.imports.has(module);
    },
    classNameOf(statement) {
      const inPiece = classAround(statement);
      if (inPiece) return inPiece.name;
      const piece = pieceOf(statement.tree);
      if (piece.role !== "member" || !isTopStatement(statement)) return undefined;
      store.note(input.home(piece));
      return classNameOf(headOf(document, piece));
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
  index: BindingIndex | undefined = undefined;

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

/** What the pieces of a class bind in its body. */
interface ClassBody {
  readonly className: string | undefined;
  readonly members: readonly Piece[];
  /** By name, with the index of the first member that binds it. */
  readonly sites: ReadonlyMap<string, { readonly first: number; readonly all: readonly Site[] }>;
  /** By name, the members that use it: filled when somebody asks. */
  readonly readers: Map<string, readonly Piece[]>;
}

function classBody(document: Document, head: Piece): ClassBody {
  const members = membersOf(document, head);
  const found = new Map<string, { readonly first: number; readonly all: Site[] }>();
  members.forEach((it, index) => {
    for (const [name, sites] of it.bodySites) {
      const known = found.get(name);
      if (known) known.all.push(...sites);
      else found.set(name, { first: index, all: [...sites] });
    }
  });
  return { className: classNameOf(head), members, sites: found, readers: new Map() };
}

/** That a name is bound again and again in a class body, so many sites tell as well as all: each of them would ask for all the others. */
const MOST_SITES = 64;
const NO_SITES: readonly Site[] = [];

/** A name of a class body that is cut into pieces. */
class BodyBinding implements Binding {
  index: BindingIndex | undefined = undefined;

  constructor(
    readonly name: string,
    readonly sites: readonly Site[],
    private readonly member: Piece,
    private readonly body: ClassBody,
    private readonly view: ModuleView,
  ) {}

  get scope(): Scope {
    return this.member.scopes.top;
  }

  get reads(): readonly Node[] {
    const { name, body, view } = this;
    view.store.note(input.bodyReads(body.className, name));
    let readers = body.readers.get(name);
    if (!readers) {
      const later = body.members.slice(body.sites.get(name)!.first);
      readers = unlimited(() => later.filter((it) => it.text.includes(name) && it.bodyReads.has(name)));
      body.readers.set(name, readers);
    }
    return readers.flatMap((it) => {
      view.looksInto(it.tree);
      return it.bodyReadsOf(name);
    });
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
export function changedInputs(
  before: Document,
  after: Document,
  first: number,
  removed: readonly Piece[],
  added: readonly Piece[],
  patterns: Patterns,
): Set<string> {
  const changed = new Set<string>();
  for (const [key, pattern] of patterns)
    if (removed.some((it) => pattern.test(it.text)) !== added.some((it) => pattern.test(it.text))) changed.add(key);
  for (const piece of removed) changed.add(input.piece(piece));
  if (removed.length !== added.length) changed.add(input.pieces);
  const above = before.pieces[first - 1];
  if (above) changed.add(input.next(above));

  const printsOf = (pieces: readonly Piece[]) => {
    const prints = new Map<string, string>();
    for (const piece of pieces)
      for (const [name, print] of piece.writes) prints.set(name, `${prints.get(name) ?? ""}${print}\n`);
    return prints;
  };
  const [oldWrites, newWrites] = [printsOf(removed), printsOf(added)];
  for (const name of new Set([...oldWrites.keys(), ...newWrites.keys()])) {
    if (oldWrites.get(name) !== newWrites.get(name)) changed.add(input.writes(name));
  }

  const readBy = (pieces: readonly Piece[]) => new Set(pieces.flatMap((it) => [...it.reads]));
  const [oldReads, newReads] = [readBy(removed), readBy(added)];
  for (const name of [...oldReads, ...newReads]) changed.add(input.reads(name));
  for (const name of [...oldWrites.keys(), ...newWrites.keys()]) changed.add(input.binders(name));

  for (const [key, namesOf] of [
    [input.attributes, (it: Piece) => it.attributeNames],
    [input.imports, (it: Piece) => it.imports],
    [input.called, (it: Piece) => it.called],
    [input.calledInLoops, (it: Piece) => it.calledInLoops],
    [input.answering, (it: Piece) => it.answering],
  ] as const) {
    const [old, now] = [removed, added].map((pieces) => new Set(pieces.flatMap((it) => [...namesOf(it)])));
    for (const name of old!) if (!now!.has(name)) changed.add(key(name));
    for (const name of now!) if (!old!.has(name)) changed.add(key(name));
  }

  if (printOfStars(removed) !== printOfStars(added)) changed.add(input.stars);

  const asyncOf = (pieces: readonly Piece[]) => [...new Set(pieces.flatMap((it) => [...it.asyncNames]))].sort().join();
  if (asyncOf(removed) !== asyncOf(added)) changed.add(input.asyncNames);

  const storesOf = (pieces: readonly Piece[]) =>
    [...new Set(pieces.flatMap((it) => [...it.foreignStores]))].sort().join();
  if (storesOf(removed) !== storesOf(added)) changed.add(input.foreignStores);

  for (const [document, pieces] of [
    [before, removed],
    [after, added],
  ] as const) {
    for (const piece of pieces) {
      const name = classNameOf(piece.role === "class-head" ? piece : headOf(document, piece));
      if (name !== undefined) changed.add(input.members(name));
    }
  }
  const [oldBodies, newBodies] = [bodyPrints(before, removed), bodyPrints(after, added)];
  for (const key of new Set([...oldBodies.keys(), ...newBodies.keys()]))
    if (oldBodies.get(key) !== newBodies.get(key)) changed.add(key);
  for (const key of rehomed(before, after, first + added.length)) changed.add(key);
  return changed;
}

/** Which modules are imported whole, and which names are bound before and after that: of two that bind a name the later one counts. */
function printOfStars(pieces: readonly Piece[]): string {
  if (!pieces.some((it) => it.stars.length > 0)) return "";
  return pieces
    .flatMap((piece) =>
      [
        ...[...piece.sites].flatMap(([name, sites]) => sites.map((it) => [it.name.start, name] as const)),
        ...piece.stars.map(({ module, statement }) => [statement.start, `*${module}`] as const),
      ].toSorted(byStart),
    )
    .map(([, text]) => text)
    .join(" ");
}

const byStart = (a: readonly [number, string], b: readonly [number, string]): number => a[0] - b[0];

/** Members behind the replaced pieces stay what they are, but may belong to another class now: what changes with that. */
function rehomed(before: Document, after: Document, next: number): readonly string[] {
  const member = after.pieces[next];
  if (member?.role !== "member") return [];
  const [old, now] = [headOf(before, member), headOf(after, member)];
  const names = [classNameOf(old), classNameOf(now)];
  if (old === now || names[0] === names[1]) return [];
  let end = next;
  while (after.pieces[end]?.role === "member") end++;
  const members = after.pieces.slice(next, end);
  return [
    ...names.flatMap((it) => (it === undefined ? [] : [input.members(it)])),
    ...members.flatMap((it) => [
      input.home(it),
      ...names.flatMap((className) => [
        ...[...it.bodyWrites.keys()].map((name) => input.body(className, name)),
        ...[...it.bodyReads].map((name) => input.bodyReads(className, name)),
      ]),
    ]),
  ];
}

/** What members bind and use in the bodies of their classes, by the name of the input. */
function bodyPrints(document: Document, pieces: readonly Piece[]): ReadonlyMap<string, string> {
  const prints = new Map<string, string>();
  for (const piece of pieces) {
    if (piece.role !== "member") continue;
    const className = classNameOf(headOf(document, piece));
    for (const [name, print] of piece.bodyWrites) {
      const key = input.body(className, name);
      prints.set(key, `${prints.get(key) ?? ""}${print}\n`);
    }
    for (const name of piece.bodyReads) prints.set(input.bodyReads(className, name), "");
  }
  return prints;
}

function classNameOf(head: Piece | undefined): string | undefined {
  return head && asClass(classNodeOf(head))?.name;
}
