/** The sites of one binding in one tree, put in order once, so that which of them reach a read is seen without looking at all of them. */

import { asCall } from "../syntax/expressions.js";
import { asWith } from "../syntax/statements.js";
import type { Node, Tree } from "../syntax/tree.js";
import type { Site } from "./scopes.js";

/** A stretch of node numbers; `low` is `high` where there is none. */
interface Stretch {
  readonly low: number;
  readonly high: number;
}

const NONE: Stretch = { low: 0, high: 0 };

export class Flow {
  readonly count: number;
  readonly #sites: readonly Site[];
  readonly #starts: readonly number[];
  /** Source order is the order of the list: only a walrus inside what else binds the name breaks it. */
  readonly #isOrdered: boolean;
  /** A read in it runs after the site, with nothing conditional between them … */
  readonly #dominated: readonly Stretch[];
  /** … but for one in here. */
  readonly #excepted: readonly Stretch[];
  /** The statement's own value: it sees what was there before. */
  readonly #behind: readonly Stretch[];
  /** The outermost loop around each site, by its number; -1 for none. */
  readonly #loops: readonly number[];
  /** By that loop, which sites it holds. */
  readonly #byLoop = new Map<number, number[]>();

  /** @param sites of one tree, none of them remote or a deletion */
  constructor(sites: readonly Site[]) {
    this.count = sites.length;
    this.#sites = sites;
    this.#starts = sites.map((it) => it.name.start);
    this.#isOrdered = this.#starts.every((it, index) => index === 0 || this.#starts[index - 1]! <= it);
    this.#dominated = sites.map(dominatedBy);
    this.#excepted = sites.map(exceptedFrom);
    this.#behind = sites.map(readBefore);
    this.#loops = sites.map((it) => loopsOf(it.name).at(-1)?.id ?? -1);
    this.#loops.forEach((loop, index) => {
      const known = this.#byLoop.get(loop);
      if (known) known.push(index);
      else this.#byLoop.set(loop, [index]);
    });
  }

  /** The same where one of these sites has run before the read for certain, whatever stands in other pieces; undefined where none has. */
  settled(read: Node): readonly Site[] | undefined {
    for (let index = this.#isOrdered ? this.#countBefore(read.start) - 1 : this.count - 1; index >= 0; index--)
      if (this.#isSettledBy(index, read)) return this.reaching(read);
    return undefined;
  }

  #isSettledBy(index: number, { id, start }: Node): boolean {
    return (
      this.#starts[index]! < start &&
      !isIn(this.#behind[index]!, id) &&
      isIn(this.#dominated[index]!, id) &&
      !isIn(this.#excepted[index]!, id)
    );
  }

  /** For a read in the very function that the sites are in. */
  reaching(read: Node): readonly Site[] {
    const { id, start } = read;
    const before: number[] = [];
    const skipped: number[] = [];
    let last: number | undefined;
    for (let index = this.#isOrdered ? this.#countBefore(start) - 1 : this.count - 1; index >= 0; index--) {
      if (this.#starts[index]! >= start) continue;
      if (isIn(this.#behind[index]!, id)) {
        skipped.push(index);
        continue;
      }
      before.push(index);
      if (!isIn(this.#dominated[index]!, id) || isIn(this.#excepted[index]!, id)) continue;
      last = index;
      break;
    }
    const reaching = before.reverse().map((it) => this.#sites[it]!);
    const carried = this.#carried(read, last, skipped);
    return carried.length === 0 ? reaching : [...reaching, ...carried];
  }

  /** Those that an earlier turn of a loop may have run. */
  #carried(read: Node, last: number | undefined, skipped: readonly number[]): readonly Site[] {
    const loops = loopsOf(read);
    const outermost = loops.at(-1)?.id;
    if (outermost === undefined) return NO_SITES;
    // Each turn of a loop that holds the last site sets the name anew before it is read: only loops inside of it carry anything.
    const setter = last === undefined ? undefined : this.#sites[last]!.name;
    const carrier = setter ? loops.findLast((it) => !setter.isInside(it)) : loops.at(-1);
    if (!carrier) return NO_SITES;
    const inLoop = this.#byLoop.get(outermost);
    if (!inLoop) return NO_SITES;
    const isCarried = (it: number) =>
      (this.#starts[it]! >= read.start ||
        (this.#isOrdered ? skipped.includes(it) : isIn(this.#behind[it]!, read.id))) &&
      this.#sites[it]!.name.isInside(carrier);
    return inLoop.filter(isCarried).map((it) => this.#sites[it]!);
  }

  /** How many sites start before an offset. */
  #countBefore(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const NO_SITES: readonly Site[] = [];

export function isIn({ low, high }: Stretch, id: number): boolean {
  return low <= id && id < high;
}

function stretchOf(node: Node | undefined): Stretch {
  return node ? { low: node.id, high: node.tree.arrays.nexts[node.id]! } : NONE;
}

/** Whenever code in there runs, the site has run before it. */
export function dominatedBy(site: Site): Stretch {
  if (site.kind === "parameter") return wholeOf(site.name.tree);
  if (site.kind === "for" || site.kind === "except" || site.kind === "match") return stretchOf(site.owner);
  let statement = site.owner;
  while (statement.parent && statement.parent.kind !== "block" && statement.parent.kind !== "module") {
    if (CONDITIONAL.has(statement.parent.kind)) return NONE;
    statement = statement.parent;
  }
  let block = statement.parent;
  // What stands behind `with torch.no_grad():` has run its body.
  while (block?.parent?.kind === "with_statement" && isRunThrough(block.parent))
    block = block.parent.parent ?? undefined;
  return stretchOf(block);
}

/** None of its managers keeps an exception to itself. */
function isRunThrough(statement: Node): boolean {
  const items = asWith(statement)?.items ?? [];
  return items.length > 0 && items.every(({ value }) => RUN_THROUGH.test(asCall(value)?.callee.text ?? ""));
}

const RUN_THROUGH = /^(open|(torch\.|tf\.)?([\w.]+\.)?(no_grad|inference_mode|enable_grad|autocast|GradientTape))$/;

export function exceptedFrom({ kind, owner, name }: Site): Stretch {
  const runsAway = kind === "for" || kind === "except" || kind === "match";
  return runsAway ? stretchOf(owner.field("alternative") ?? name) : NONE;
}

function wholeOf(tree: Tree): Stretch {
  return { low: 0, high: tree.size };
}

const CONDITIONAL = new Set(["boolean_operator", "conditional_expression", "if_clause", "for_in_clause"]);

/** Part of what binds: `x = x + 1` reads the value from before. */
function readBefore({ kind, value, owner }: Site): Stretch {
  switch (kind) {
    case "for":
    case "with":
    case "except":
      return stretchOf(value);
    case "parameter":
    case "function":
    case "class":
    case "walrus":
    case "match":
      return NONE;
    default:
      return stretchOf(owner);
  }
}

/** Innermost first, within the function or lambda. */
function loopsOf(node: Node): readonly Node[] {
  const loops: Node[] = [];
  for (let at = node.parent; at && at.kind !== "function_definition" && at.kind !== "lambda"; at = at.parent) {
    if (at.kind === "for_statement" || at.kind === "while_statement") loops.push(at);
  }
  return loops;
}
