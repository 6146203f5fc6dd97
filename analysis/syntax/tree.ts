/** A parsed piece of Python as flat arrays in pre-order, and `Node`, the handle on one of its nodes. Never changes once made. */

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

export class Tree {
  readonly size: number;
  /** What the document keeps with the tree: its piece. */
  owner: object | undefined = undefined;
  readonly #handles: (Node | undefined)[];

  constructor(
    readonly text: string,
    readonly arrays: TreeArrays,
  ) {
    this.size = arrays.kinds.length;
    this.#handles = new Array<Node | undefined>(this.size);
  }

  get root(): Node {
    return this.node(0);
  }

  /** The one handle of a node: the same id always gives the same object, so nodes can be compared with `===`. */
  node(id: number): Node {
    return (this.#handles[id] ??= new Node(this, id));
  }

  isBroken(id: number): boolean {
    return (this.arrays.flags[id]! & BROKEN) !== 0;
  }
}

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
    return this.tree.text.slice(this.start, this.end);
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

  /** The named children that carry a field, for fields that repeat. */
  fieldAll(name: FieldName): Node[] {
    return this.#collect(NAMED, NAMED).filter((it) => it.fieldName === name);
  }

  hasToken(token: Token): boolean {
    const { flags, kinds, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    for (let child = this.id + 1; child < end; child = nexts[child]!) if ((flags[child]! & NAMED) === 0 && NAMES[kinds[child]!] === token) return true;
    return false;
  }

  /** The nearest ancestor of one of the kinds; the node itself is not looked at. */
  ancestor(...kinds: readonly Kind[]): Node | undefined {
    const { kinds: ids, parents } = this.tree.arrays;
    for (let id = parents[this.id]!; id >= 0; id = parents[id]!) if (kinds.includes(NAMES[ids[id]!] as Kind)) return this.tree.node(id);
    return undefined;
  }

  isInside(outer: Node): boolean {
    return this.tree === outer.tree && outer.id <= this.id && this.id < this.tree.arrays.nexts[outer.id]!;
  }

  /** All nodes below of the given kinds, in source order (every named node if none are given); the node itself too if it fits. */
  descendants(...kinds: readonly Kind[]): Node[] {
    return kinds.length === 1 ? this.#ofKind(KIND_IDS.get(kinds[0]!)!) : this.#ofKinds(kinds.map((kind) => KIND_IDS.get(kind)!));
  }

  #ofKind(wanted: number): Node[] {
    const { flags, kinds, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    const found: Node[] = [];
    for (let id = this.id; id < end; id++) if (kinds[id] === wanted && (flags[id]! & (NAMED | EXTRA)) === NAMED) found.push(this.tree.node(id));
    return found;
  }

  #ofKinds(wanted: readonly number[]): Node[] {
    const { flags, kinds, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    const all = wanted.length === 0;
    const found: Node[] = [];
    for (let id = this.id; id < end; id++) if ((flags[id]! & (NAMED | EXTRA)) === NAMED && (all || wanted.includes(kinds[id]!))) found.push(this.tree.node(id));
    return found;
  }

  /** The identifiers below that say a name, whatever they stand for; in source order. */
  identifiers(name: string): Node[] {
    const { kinds, nexts, starts, ends } = this.tree.arrays;
    const { text } = this.tree;
    const end = nexts[this.id]!;
    const { length } = name;
    const found: Node[] = [];
    for (let id = this.id; id < end; id++) if (kinds[id] === IDENTIFIER && ends[id]! - starts[id]! === length && text.startsWith(name, starts[id]!)) found.push(this.tree.node(id));
    return found;
  }

  get comments(): Node[] {
    const { flags, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    const found: Node[] = [];
    for (let id = this.id; id < end; id++) if ((flags[id]! & EXTRA) !== 0) found.push(this.tree.node(id));
    return found.filter((it) => it.kind === "comment");
  }

  /** The children of whose flags those that are looked at are as wanted. */
  #collect(looked: number, wanted: number): Node[] {
    const { flags, nexts } = this.tree.arrays;
    const end = nexts[this.id]!;
    const found: Node[] = [];
    for (let child = this.id + 1; child < end; child = nexts[child]!) if ((flags[child]! & looked) === wanted) found.push(this.tree.node(child));
    return found;
  }
}
