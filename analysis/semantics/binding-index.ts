/** What is asked again and again of one binding, put in order once: with thousands of reads in one function, each question must not walk over all of them. */

import { functionAround } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import { Flow } from "./flow-order.js";
import type { Binding, Site } from "./scopes.js";
import { isAliased, useOf, type Use } from "./uses.js";

/** The index of a binding, which keeps it. */
export function indexOfBinding(binding: Binding): BindingIndex {
  return (binding.index ??= new BindingIndex(binding));
}

export class BindingIndex {
  /** Where it is bound; `del` binds nothing. */
  readonly live: readonly Site[];
  /** Written from a function by way of `global` or `nonlocal`. */
  readonly isRemote: boolean;
  readonly isDeleted: boolean;
  readonly isSetToNone: boolean;
  /** Which reads see which site: flow.ts keeps it here. */
  seen: object | undefined = undefined;
  readonly #binding: Binding;
  readonly #flows = new Map<Tree, Flow>();
  #flowing: ReadonlyMap<Tree, readonly Site[]> | undefined;
  #sites: Ordered<Site> | undefined;
  #reads: Ordered<Node> | undefined;
  #uses: readonly Use[] | undefined;
  readonly #ofUses = new Map<string, unknown>();
  #ordered: Ordered<Use> | undefined;
  #aliased: Ordered<Use> | undefined;
  #byFunction: ReadonlyMap<Node | undefined, Ordered<Node>> | undefined;
  #isCaptured: boolean | undefined;

  constructor(binding: Binding) {
    this.#binding = binding;
    const { sites } = binding;
    this.isSetToNone = sites.some((it) => it.value?.kind === "none");
    this.isDeleted = sites.some((it) => it.kind === "delete");
    this.live = this.isDeleted ? sites.filter((it) => it.kind !== "delete") : sites;
    this.isRemote = sites.some((it) => it.isRemote);
  }

  /** In one tree: how its sites come before and behind its reads. */
  flowIn(tree: Tree): Flow {
    let flow = this.#flows.get(tree);
    if (!flow) {
      this.#flowing ??= grouped(
        this.live.filter((it) => !it.isRemote),
        (it) => it.name.tree,
      );
      this.#flows.set(tree, (flow = new Flow(this.#flowing.get(tree) ?? [])));
    }
    return flow;
  }

  get sites(): Ordered<Site> {
    return (this.#sites ??= new Ordered(this.#binding.sites, (it) => it.name));
  }

  get reads(): Ordered<Node> {
    // Asked for each time, so that whoever asks is noted.
    const { reads } = this.#binding;
    return (this.#reads ??= new Ordered(reads, (it) => it));
  }

  /** What each read does with the value, in the order of the reads. */
  get uses(): readonly Use[] {
    const { reads } = this.#binding;
    return (this.#uses ??= reads.map(useOf));
  }

  /** What somebody reads out of all uses, and out of nothing else, once for all who ask. */
  ofUses<T>(name: string, compute: (uses: readonly Use[]) => T): T {
    const { uses } = this;
    if (!this.#ofUses.has(name)) this.#ofUses.set(name, compute(uses));
    return this.#ofUses.get(name) as T;
  }

  get orderedUses(): Ordered<Use> {
    const { uses } = this;
    return (this.#ordered ??= new Ordered(uses, (it) => it.node));
  }

  /** Uses that give the object another name or put it into something. */
  get aliased(): Ordered<Use> {
    const { uses } = this;
    return (this.#aliased ??= new Ordered(uses.filter(isAliased), (it) => it.node));
  }

  /** Reads by the function whose code they are part of. */
  get byFunction(): ReadonlyMap<Node | undefined, Ordered<Node>> {
    const { reads } = this.#binding;
    return (this.#byFunction ??= new Map(
      [...grouped(reads, functionAround)].map(([key, group]) => [key, new Ordered(group, (it) => it)]),
    ));
  }

  /** Read by a function inside the one that binds it. */
  get isCaptured(): boolean {
    const { reads, scope } = this.#binding;
    return (this.#isCaptured ??= reads.some((it) => runsInside(it, scope.node)));
  }
}

function runsInside(read: Node, scope: Node): boolean {
  for (let node = read.parent; node && node !== scope; node = node.parent) {
    if (node.kind === "function_definition" || node.kind === "lambda") return true;
  }
  return false;
}

/** Things that stand at nodes: how many there are, and those inside some region. */
export class Ordered<T> {
  readonly count: number;
  readonly #all: readonly T[];
  readonly #nodeOf: (one: T) => Node;
  /** By tree, ascending; for the usual handful nothing is put in order. */
  #byTree: ReadonlyMap<Tree, readonly T[]> | undefined;

  constructor(all: readonly T[], nodeOf: (one: T) => Node) {
    this.count = all.length;
    this.#all = all;
    this.#nodeOf = nodeOf;
  }

  inside(region: Node): readonly T[] {
    const nodeOf = this.#nodeOf;
    if (this.count < FEW) return this.#all.filter((it) => nodeOf(it).isInside(region));
    const here = this.#in(region.tree);
    const end = region.tree.arrays.nexts[region.id]!;
    return here.slice(firstFrom(here, nodeOf, region.id), firstFrom(here, nodeOf, end));
  }

  /** The last one before a node of the same tree. */
  before(node: Node): T | undefined {
    const nodeOf = this.#nodeOf;
    if (this.count < FEW) {
      let last: T | undefined;
      for (const it of this.#all) {
        const { tree, id } = nodeOf(it);
        if (tree === node.tree && id < node.id && (!last || nodeOf(last).id < id)) last = it;
      }
      return last;
    }
    const here = this.#in(node.tree);
    return here[firstFrom(here, nodeOf, node.id) - 1];
  }

  countInside(region: Node): number {
    const nodeOf = this.#nodeOf;
    if (this.count < FEW) {
      let count = 0;
      for (const it of this.#all) if (nodeOf(it).isInside(region)) count++;
      return count;
    }
    const here = this.#in(region.tree);
    const end = region.tree.arrays.nexts[region.id]!;
    return firstFrom(here, nodeOf, end) - firstFrom(here, nodeOf, region.id);
  }

  #in(tree: Tree): readonly T[] {
    const nodeOf = this.#nodeOf;
    if (!this.#byTree) {
      const byTree = grouped(this.#all, (it) => nodeOf(it).tree);
      for (const group of byTree.values()) group.sort((a, b) => nodeOf(a).id - nodeOf(b).id);
      this.#byTree = byTree;
    }
    return this.#byTree.get(tree) ?? [];
  }
}

const FEW = 16;

/** The index of the first that stands at a node or behind it. */
function firstFrom<T>(ordered: readonly T[], nodeOf: (one: T) => Node, id: number): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodeOf(ordered[middle]!).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function grouped<K, T>(all: readonly T[], keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}
