/** Which of the places that bind a name can have given it the value that one read sees. */

import { functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { indexOfBinding, Ordered } from "./binding-index.js";
import { dominatedBy, exceptedFrom, isIn } from "./flow-order.js";
import type { Binding, Site } from "./scopes.js";

/** All sites when the read runs in another function than the binding: then any of them may have run last. */
export function reachingSites(binding: Binding, read: Node): readonly Site[] {
  const index = indexOfBinding(binding);
  const { live } = index;
  if (live.length === 1 || functionAround(read) !== home(binding)) return live;
  const flow = index.flowIn(read.tree);
  if (flow.count === live.length) return flow.reaching(read);
  // The pieces of a module run one after another: what one of them sets anew before it reads is nobody else's.
  return index.isRemote ? live : (flow.settled(read) ?? live);
}

/** Which reads may see what each site of a binding gives. */
export class Seen {
  readonly #reads: readonly Node[];
  readonly #live: ReadonlySet<Node>;
  /** Positions of the reads that any site may have run before, as they run elsewhere. */
  readonly #ofAll: readonly number[];
  readonly #bySite = new Map<Node, number[]>();
  readonly #ordered = new Map<Node | undefined, Ordered<Node>>();

  constructor(binding: Binding) {
    const { live } = indexOfBinding(binding);
    const ofAll: number[] = [];
    binding.reads.forEach((read, position) => {
      const reaching = reachingSites(binding, read);
      // The very list: then it is that of all sites, whatever their number.
      if (reaching === live) ofAll.push(position);
      else for (const { name } of reaching) enter(this.#bySite, name, position);
    });
    this.#reads = binding.reads;
    this.#live = new Set(live.map((it) => it.name));
    this.#ofAll = ofAll;
  }

  /** In the order of the binding's reads. */
  readsOf(siteName: Node): readonly Node[] {
    const own = this.#bySite.get(siteName) ?? [];
    const ofAll = this.#live.has(siteName) ? this.#ofAll : [];
    const positions = ofAll.length === 0 ? own : [...own, ...ofAll].sort((a, b) => a - b);
    return positions.map((it) => this.#reads[it]!);
  }

  isOutside(siteName: Node, region: Node): boolean {
    if (!this.#live.has(siteName)) return false;
    return [this.#orderedOf(undefined, this.#ofAll), this.#orderedOf(siteName, this.#bySite.get(siteName) ?? [])].some(
      (it) => it.count > it.countInside(region),
    );
  }

  #orderedOf(key: Node | undefined, positions: readonly number[]): Ordered<Node> {
    let ordered = this.#ordered.get(key);
    if (!ordered) {
      ordered = new Ordered(
        positions.map((it) => this.#reads[it]!),
        (it) => it,
      );
      this.#ordered.set(key, ordered);
    }
    return ordered;
  }
}

function enter(lists: Map<Node, number[]>, key: Node, position: number): void {
  const known = lists.get(key);
  if (known) known.push(position);
  else lists.set(key, [position]);
}

export function seenBy(binding: Binding): Seen {
  const index = indexOfBinding(binding);
  // Asked for each time, so that whoever asks is noted.
  void binding.reads;
  return (index.seen ??= new Seen(binding)) as Seen;
}

/** Code outside a region may see what the name stands for while the region runs, or after the region failed half-way: other functions, and what runs behind a `try` around it. */
export function isObserved(binding: Binding, region: Node): boolean {
  const index = indexOfBinding(binding);
  if (index.isRemote) return true;
  const { reads } = index;
  const here = index.byFunction.get(functionAround(region));
  const outside = reads.count - reads.countInside(region);
  const outsideHere = here ? here.count - here.countInside(region) : 0;
  if (outside > outsideHere) return true;
  const [rescued] = rescuesAround(region);
  return rescued !== undefined && reads.count > reads.countInside(rescued);
}

/** What is left when a node fails and the function goes on all the same, innermost first: bodies of `try` statements and of `with suppress(…)`. */
function rescuesAround(node: Node): readonly Node[] {
  const bodies: Node[] = [];
  for (
    let inner = node, outer = node.parent;
    outer && outer.kind !== "function_definition";
    inner = outer, outer = outer.parent
  ) {
    if (outer.kind === "try_statement" && inner.fieldName === "body") bodies.push(inner);
    if (
      outer.kind === "with_statement" &&
      inner.fieldName === "body" &&
      /\b(suppress|raises|assertRaises)\b/.test(outer.tree.text.slice(outer.start, inner.start))
    )
      bodies.push(inner);
  }
  return bodies;
}

function home(binding: Binding): Node | undefined {
  const { kind, node } = binding.scope;
  return kind === "function" || kind === "lambda" ? node : undefined;
}

/** Whenever the read runs, the site has run before it, with nothing conditional between them. */
export function dominates(site: Site, read: Node): boolean {
  return isIn(dominatedBy(site), read.id) && !isIn(exceptedFrom(site), read.id) && site.name.tree === read.tree;
}

/** In the `else` of `if True:` or the body of `if False:`, within its function: the other half of code that tools generate from one source. */
export function neverRuns(node: Node): boolean {
  for (
    let inner = node, outer = node.parent;
    outer && outer.kind !== "function_definition";
    inner = outer, outer = outer.parent
  ) {
    const condition = outer.kind === "if_statement" ? outer.field("condition")?.kind : undefined;
    if (
      (condition === "true" && inner.fieldName === "alternative") ||
      (condition === "false" && inner.fieldName === "consequence")
    )
      return true;
  }
  return false;
}
