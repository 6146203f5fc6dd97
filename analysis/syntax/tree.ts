/** A parsed piece of Python as flat arrays in pre-order, and `Node`, the handle on one of its nodes. Never changes once made. */

import { firstFrom, firstWhere, lastAtMost } from "../text/ascending.js";
import { spend, unlimited } from "./effort.js";
import { FIELDS, KINDS, TOKENS, type FieldName, type Kind, type Token } from "./kinds.generated.js";

export const NAMED = 1;
/** A comment or line continuation: it may stand anywhere. */
export const EXTRA = 2;
export const MISSING = 4;
/** The node is an ERROR or MISSING one, or holds one. */
export const BROKEN = 8;

/** Named kinds come first, so a dispatch table needs only `KINDS.length` entries. */
export const KIND_IDS: ReadonlyMap<Kind, number> = new Map(KINDS.map((kind, id) => [kind, id]));
export const FIELD_IDS: ReadonlyMap<FieldName, number> = new Map(FIELDS.map((field, id) => [field, id + 1]));
const IDENTIFIER = KIND_IDS.get("identifier")!;
const COMMENT = KIND_IDS.get("comment")!;
const NAMES: readonly string[] = [...KINDS, ...TOKENS];

/** A stretch of one tree's text. Offsets are UTF-16 units from the start of that tree's text. */
export interface Span {
  readonly tree: Tree;
  readonly start: number;
  readonly end: number;
}

export interface TreeArrays {
  readonly kinds: Uint16Array;
  /** 0 means none, else the index in FIELDS plus one. */
  readonly fields: Uint8Array;
  readonly flags: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** -1 at the root. */
  readonly parents: Int32Array;
  /** Index after the subtree: the first child is `i + 1` if `nexts[i] > i + 1`, the next sibling is `nexts[i]` if that is below `nexts[parents[i]]`. */
  readonly nexts: Int32Array;
}

/** Deeper trees are cut: what lies below counts as not understood, so that no walk over a tree can exhaust the stack. */
export const DEEPEST = 600;

/** What the arrays take for each node. */
export const BYTES_PER_NODE = 20;

/** Seven arrays in one stretch of memory: making a stretch costs more than filling it, for a piece of the usual size. `at` is a multiple of four. */
export function arraysIn(memory: ArrayBuffer, at: number, size: number): TreeArrays {
  return {
    starts: new Int32Array(memory, at, size),
    ends: new Int32Array(memory, at + 4 * size, size),
    parents: new Int32Array(memory, at + 8 * size, size),
    nexts: new Int32Array(memory, at + 12 * size, size),
    kinds: new Uint16Array(memory, at + 16 * size, size),
    fields: new Uint8Array(memory, at + 18 * size, size),
    flags: new Uint8Array(memory, at + 19 * size, size),
  };
}

/** Children stand after their parents, so one backward pass carries the mark up to the root. */
export function markBroken({ flags, parents }: TreeArrays): void {
  for (let id = flags.length - 1; id > 0; id--) {
    if ((flags[id]! & BROKEN) !== 0) flags[parents[id]!]! |= BROKEN;
  }
}

/** In nodes. */
const LARGE = 32_768;

/** The syntax tree of one piece of a file, with its text. */
export class Tree {
  readonly size: number;
  /** What costs a step for every node is felt here. */
  readonly isLarge: boolean;
  /** What the document keeps with the tree: its piece. */
  owner: object | undefined = undefined;
  /** What the parser keeps with it, for when the text is edited. */
  reading: object | undefined = undefined;
  #index: TreeIndex | undefined = undefined;
  readonly #handles: (Node | undefined)[];
  /** Of a large tree, where in `#handles` that of each node is, counted from one: few of its nodes are ever asked for, and numbers are nothing that has to be moved about when memory is tidied. */
  readonly #places: Int32Array | undefined;

  constructor(
    readonly text: string,
    readonly arrays: TreeArrays,
  ) {
    this.size = arrays.kinds.length;
    this.isLarge = this.size > LARGE;
    this.#places = this.isLarge ? new Int32Array(this.size) : undefined;
    this.#handles = this.isLarge ? [] : new Array<Node | undefined>(this.size);
  }

  get root(): Node {
    return this.node(0);
  }

  /** The one handle of a node: the same id always gives the same object, so nodes can be compared with `===`. */
  node(id: number): Node {
    if (this.#places) return this.#placed(this.#places, id);
    return (this.#handles[id] ??= new Node(this, id));
  }

  #placed(places: Int32Array, id: number): Node {
    const place = places[id]!;
    if (place > 0) return this.#handles[place - 1]!;
    const made = new Node(this, id);
    places[id] = this.#handles.push(made);
    return made;
  }

  isBroken(id: number): boolean {
    return (this.arrays.flags[id]! & BROKEN) !== 0;
  }

  /** The number of the innermost node that holds a stretch; the root's where none does. Nodes are numbered as they begin, so nothing is walked. */
  holding(start: number, end: number): number {
    const { starts, ends, parents } = this.arrays;
    let id = Math.max(lastAtMost(starts, start), 0);
    while (id > 0 && ends[id]! < end) id = parents[id]!;
    return id;
  }

  /** The comments in a stretch of the text, in source order. */
  commentsIn({ start, end }: { readonly start: number; readonly end: number }): readonly Node[] {
    return this.index.commentsBetween(start, end);
  }

  /** For stretches too long to be walked each time somebody asks. */
  get index(): TreeIndex {
    return (this.#index ??= new TreeIndex(this));
  }
}

/** A walk over so many nodes costs less than looking them up. */
const WALKED = 512;

/** Which nodes of a tree are of a kind, and which identifiers say a name: put together per kind when first asked. */
class TreeIndex {
  readonly #byKind: (Int32Array | undefined)[] = [];
  #comments: Int32Array | undefined;
  #byName: ReadonlyMap<string, Int32Array> | undefined;
  readonly #kept = new Map<string, unknown>();

  constructor(private readonly tree: Tree) {}

  /** What somebody reads out of the whole tree, and out of nothing else, once for all who ask. */
  kept<T>(name: string, compute: () => T): T {
    if (!this.#kept.has(name)) this.#kept.set(name, unlimited(compute));
    return this.#kept.get(name) as T;
  }

  /** The nodes of a kind that begin at an offset or behind it, in source order, and the last one before. */
  around(kind: Kind, offset: number): { readonly before: Node | undefined; readonly from: Iterable<Node> } {
    const { tree } = this;
    const ids = this.ofKind(KIND_IDS.get(kind)!, 0, tree.size);
    const first = firstAt(ids, tree.arrays.starts, offset);
    return { before: first > 0 ? tree.node(ids[first - 1]!) : undefined, from: handles(tree, ids.subarray(first)) };
  }

  commentsBetween(start: number, end: number): readonly Node[] {
    const { tree } = this;
    const { starts, ends } = tree.arrays;
    const ids = this.comments(0, tree.size);
    const first = firstAt(ids, starts, start);
    return [...handles(tree, ids.subarray(first, firstAt(ids, starts, end)))].filter((it) => ends[it.id]! <= end);
  }

  /** Named nodes of a kind in `[from, to)`, comments left out as everywhere. */
  ofKind(kind: number, from: number, to: number): Int32Array {
    return within((this.#byKind[kind] ??= this.#collect(kind)), from, to);
  }

  comments(from: number, to: number): Int32Array {
    return within((this.#comments ??= findComments(this.tree, 0, this.tree.size)), from, to);
  }

  identifiers(name: string, from: number, to: number): Int32Array {
    this.#byName ??= this.#collectNames();
    const ids = this.#byName.get(name);
    return ids ? within(ids, from, to) : NO_IDS;
  }

  #collect(kind: number): Int32Array {
    const { kinds, flags } = this.tree.arrays;
    const found: number[] = [];
    for (let id = 0; id < kinds.length; id++)
      if (kinds[id] === kind && (flags[id]! & (NAMED | EXTRA)) === NAMED) found.push(id);
    return Int32Array.from(found);
  }

  #collectNames(): ReadonlyMap<string, Int32Array> {
    const { kinds, starts, ends } = this.tree.arrays;
    const found = new Map<string, number[]>();
    for (let id = 0; id < kinds.length; id++) {
      if (kinds[id] !== IDENTIFIER) continue;
      const name = this.tree.text.slice(starts[id], ends[id]);
      const known = found.get(name);
      if (known) known.push(id);
      else found.set(name, [id]);
    }
    return new Map([...found].map(([name, ids]) => [name, Int32Array.from(ids)]));
  }
}

function findComments({ arrays: { flags, kinds } }: Tree, from: number, to: number): Int32Array {
  const found: number[] = [];
  for (let id = from; id < to; id++) if ((flags[id]! & EXTRA) !== 0 && kinds[id] === COMMENT) found.push(id);
  return found.length === 0 ? NO_IDS : Int32Array.from(found);
}

function* handles(tree: Tree, ids: Int32Array): Iterable<Node> {
  for (const id of ids) yield tree.node(id);
}

const NO_IDS = new Int32Array(0);

/** Those of ascending numbers that lie in `[from, to)`. */
function within(ids: Int32Array, from: number, to: number): Int32Array {
  return ids.subarray(firstFrom(ids, from), firstFrom(ids, to));
}

/** The index of the first node that starts at an offset or behind it. */
function firstAt(ids: Int32Array, starts: Int32Array, offset: number): number {
  return firstWhere(ids.length, (it) => starts[ids[it]!]! >= offset);
}

/** A text of this length costs something to whoever looks for something in it: as much as a node for every 64 characters. */
const LONG_TEXT = 4096;

/** Kinds of nodes, for who counts many: by kind id, whether it is one of them. */
export type KindSet = Uint8Array;

/** A set of kinds for `node.count`: made once, where a module is loaded. */
export function kindSet(...kinds: readonly Kind[]): KindSet {
  const set = new Uint8Array(KINDS.length);
  for (const kind of kinds) set[KIND_IDS.get(kind)!] = 1;
  return set;
}

/** A node of a syntax tree: its kind, its place, its parent, children and descendants. */
export class Node implements Span {
  /** The typed view on the node, kept by whoever made it: expressions.ts, statements.ts and, for identifiers, the scopes know which one belongs to its kind. */
  view: object | undefined = undefined;

  constructor(
    readonly tree: Tree,
    readonly id: number,
  ) {}

  get kind(): Kind {
    return NAMES[this.tree.arrays.kinds[this.id]!] as Kind;
  }

  /** For the anonymous nodes (`+`, `not in`, `async` …): what they say. */
  get token(): Token | undefined {
    return this.isNamed ? undefined : (NAMES[this.tree.arrays.kinds[this.id]!] as Token);
  }

  get start(): number {
    return this.tree.arrays.starts[this.id]!;
  }

  get end(): number {
    return this.tree.arrays.ends[this.id]!;
  }

  get text(): string {
    const { start, end } = this;
    if (end - start > LONG_TEXT) spend((end - start) >> 6);
    return this.tree.text.slice(start, end);
  }

  get isNamed(): boolean {
    return (this.tree.arrays.flags[this.id]! & NAMED) !== 0;
  }

  get isBroken(): boolean {
    return this.tree.isBroken(this.id);
  }

  get parent(): Node | undefined {
    const parent = this.tree.arrays.parents[this.id]!;
    return parent < 0 ? undefined : this.tree.node(parent);
  }

  get fieldName(): FieldName | undefined {
    const field = this.tree.arrays.fields[this.id]!;
    return field === 0 ? undefined : FIELDS[field - 1];
  }

  /** Named children without comments. */
  get children(): Node[] {
    return this.#collect(NAMED | EXTRA, NAMED);
  }

  /** The named child of the same parent behind this one, comments left out. */
  get nextSibling(): Node | undefined {
    const { flags, nexts, parents } = this.tree.arrays;
    const parent = parents[this.id]!;
    if (parent < 0) return undefined;
    for (let id = nexts[this.id]!; id < nexts[parent]!; id = nexts[id]!)
      if ((flags[id]! & (NAMED | EXTRA)) === NAMED) return this.tree.node(id);
    return undefined;
  }

  /** The one before it. */
  get previousSibling(): Node | undefined {
    const { flags, parents } = this.tree.arrays;
    const parent = parents[this.id]!;
    if (parent < 0) return undefined;
    let id = this.id;
    while (id > parent + 1) {
      // What stands before a node is the end of the sibling before it.
      for (id--; parents[id] !== parent; ) id = parents[id]!;
      if ((flags[id]! & (NAMED | EXTRA)) === NAMED) return this.tree.node(id);
    }
    return undefined;
  }

  /** All children: tokens and comments too. */
  get allChildren(): Node[] {
    return this.#collect(0, 0);
  }

  field(name: FieldName): Node | undefined {
    const { fields, nexts } = this.tree.arrays;
    const wanted = FIELD_IDS.get(name)!;
    const end = nexts[this.id]!;
    for (let child = this.id + 1; child < end; child = nexts[child]!) {
      if (fields[child] === wanted) return this.tree.node(child);
    }
    return undefined;
  }

  /** The first of the named children, comments left out: most who ask for children want no other. */
  get firstChild(): Node | undefined {
    const { flags, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    for (let child = this.id + 1; child < end; child = nexts[child]!)
      if ((flags[child]! & (NAMED | EXTRA)) === NAMED) return this.tree.node(child);
    return undefined;
  }

  /** The last of them. */
  get lastChild(): Node | undefined {
    const { flags, nexts, parents } = this.tree.arrays;
    for (let id = nexts[this.id]! - 1; id > this.id; id--) {
      while (parents[id] !== this.id) id = parents[id]!;
      if ((flags[id]! & (NAMED | EXTRA)) === NAMED) return this.tree.node(id);
    }
    return undefined;
  }

  /** The named children that carry a field, for fields that repeat. */
  fieldAll(name: FieldName): Node[] {
    const { fields, flags, nexts } = this.tree.arrays;
    const wanted = FIELD_IDS.get(name)!;
    const end = nexts[this.id]!;
    const found: Node[] = [];
    for (let child = this.id + 1; child < end; child = nexts[child]!)
      if (fields[child] === wanted && (flags[child]! & NAMED) !== 0) found.push(this.tree.node(child));
    spend(found.length + 1);
    return found;
  }

  hasToken(token: Token): boolean {
    const { flags, kinds, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    for (let child = this.id + 1; child < end; child = nexts[child]!)
      if ((flags[child]! & NAMED) === 0 && NAMES[kinds[child]!] === token) return true;
    return false;
  }

  /** The nearest ancestor of one of the kinds; the node itself is not looked at. */
  ancestor(...kinds: readonly Kind[]): Node | undefined {
    const { kinds: ids, parents } = this.tree.arrays;
    if (kinds.length === 1) {
      const wanted = KIND_IDS.get(kinds[0]!)!;
      for (let id = parents[this.id]!; id >= 0; id = parents[id]!) if (ids[id] === wanted) return this.tree.node(id);
      return undefined;
    }
    for (let id = parents[this.id]!; id >= 0; id = parents[id]!)
      if (kinds.includes(NAMES[ids[id]!] as Kind)) return this.tree.node(id);
    return undefined;
  }

  isInside(outer: Node): boolean {
    return this.tree === outer.tree && outer.id <= this.id && this.id < this.tree.arrays.nexts[outer.id]!;
  }

  /** All nodes below of the given kinds, in source order (every named node if none are given); the node itself too if it fits. */
  descendants(...kinds: readonly Kind[]): Node[] {
    return kinds.length === 1
      ? this.#ofKind(KIND_IDS.get(kinds[0]!)!)
      : this.#ofKinds(kinds.map((kind) => KIND_IDS.get(kind)!));
  }

  /** How many nodes below are of some kinds, the node itself too if it fits: without a handle on any of them. */
  count(kinds: KindSet): number {
    const { flags, kinds: ids, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    spend((end - this.id) >> 4);
    let count = 0;
    // The ids behind those of the kinds are tokens.
    for (let id = this.id; id < end; id++)
      if (kinds[ids[id]!] === 1 && (flags[id]! & (NAMED | EXTRA)) === NAMED) count++;
    return count;
  }

  #ofKind(wanted: number): Node[] {
    const { flags, kinds, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    if (end - this.id > WALKED) return this.#at(this.tree.index.ofKind(wanted, this.id, end));
    const found: Node[] = [];
    for (let id = this.id; id < end; id++)
      if (kinds[id] === wanted && (flags[id]! & (NAMED | EXTRA)) === NAMED) found.push(this.tree.node(id));
    spend(end - this.id);
    return found;
  }

  #ofKinds(wanted: readonly number[]): Node[] {
    const { flags, kinds, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    const all = wanted.length === 0;
    if (!all && end - this.id > WALKED) {
      const lists = wanted.map((it) => this.tree.index.ofKind(it, this.id, end)).filter((it) => it.length > 0);
      const [only] = lists;
      if (lists.length < 2) return only ? this.#at(only) : [];
      return this.#at(Int32Array.from(lists.flatMap((it) => [...it])).sort());
    }
    const found: Node[] = [];
    for (let id = this.id; id < end; id++)
      if ((flags[id]! & (NAMED | EXTRA)) === NAMED && (all || wanted.includes(kinds[id]!)))
        found.push(this.tree.node(id));
    spend(end - this.id);
    return found;
  }

  /** The identifiers below that say a name, whatever they stand for; in source order. */
  identifiers(name: string): Node[] {
    const { kinds, nexts, starts, ends } = this.tree.arrays;
    const { text } = this.tree;
    const end = nexts[this.id]!;
    const { length } = name;
    if (end - this.id > WALKED) return this.#at(this.tree.index.identifiers(name, this.id, end));
    const found: Node[] = [];
    for (let id = this.id; id < end; id++)
      if (kinds[id] === IDENTIFIER && ends[id]! - starts[id]! === length && text.startsWith(name, starts[id]!))
        found.push(this.tree.node(id));
    spend(end - this.id);
    return found;
  }

  /** Whether one of them is as asked. */
  someIdentifier(name: string, isWanted: (identifier: Node) => boolean): boolean {
    const { tree, id } = this;
    const end = tree.arrays.nexts[id]!;
    if (end - id <= WALKED) return this.identifiers(name).some(isWanted);
    return tree.index.identifiers(name, id, end).some((it) => isWanted(tree.node(it)));
  }

  #at(ids: Int32Array): Node[] {
    spend(ids.length + 1);
    const found = new Array<Node>(ids.length);
    for (let index = 0; index < ids.length; index++) found[index] = this.tree.node(ids[index]!);
    return found;
  }

  get comments(): Node[] {
    const end = this.tree.arrays.nexts[this.id]!;
    const isLong = end - this.id > WALKED;
    return this.#at(isLong ? this.tree.index.comments(this.id, end) : findComments(this.tree, this.id, end));
  }

  /** The children of whose flags those that are looked at are as wanted. */
  #collect(looked: number, wanted: number): Node[] {
    const { flags, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    // Counted first: a list that grows is given room for seventeen by its first item, and most nodes have one to three children.
    let count = 0;
    for (let child = this.id + 1; child < end; child = nexts[child]!) if ((flags[child]! & looked) === wanted) count++;
    spend(count + 1);
    const found = new Array<Node>(count);
    for (let child = this.id + 1, index = 0; index < count; child = nexts[child]!)
      if ((flags[child]! & looked) === wanted) found[index++] = this.tree.node(child);
    return found;
  }
}
