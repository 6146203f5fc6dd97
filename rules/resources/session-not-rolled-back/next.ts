/** What comes next after a failure that a handler swallowed: the first step that needs the session or connection again. */

import {
  asAssignment,
  asIf,
  asMethodCall,
  asTry,
  asWith,
  functionAround,
  statementsOf,
  unwrap,
  type Facts,
  type Node,
  type Try,
} from "../../../analysis/authoring.js";
import { deedsIn, handleOf, type Deed } from "./deeds.js";

export interface Next {
  readonly deed: Deed;
  /** `handler`: in the handler itself. `turn`: in the next turn of the loop. `end`: the end of a block that commits. */
  readonly where: "handler" | "turn" | "below" | "end";
}

/** `cleared`: something takes the failure back first, or what follows hangs on whether it failed. `left`: whoever called the function gets it as it is. */
export type Outcome = Next | "cleared" | "left";

export interface Walk {
  readonly handle: string;
  /** The body of the function, or the piece of the module. */
  readonly home: Node;
  readonly facts: Facts;
}

/** What comes behind a `try` whose handler swallowed a failure, the handler included. */
export function nextDeed({ node, body: tried, finalizer }: Try, handler: Node, walk: Walk): Outcome {
  const own = firstIn(walk, handler.start, handler.end);
  if (own) return own.what === "clears" ? "cleared" : { deed: own, where: "handler" };
  const finals = finalizer && firstIn(walk, finalizer.start, finalizer.end);
  if (finals) return finals.what === "clears" ? "cleared" : { deed: finals, where: "below" };
  const last = statementsOf(handler).at(-1)?.kind;
  if (last === "raise_statement") return "cleared";
  if (last === "return_statement") return "left";
  const jump = last === "continue_statement" ? "continue" : last === "break_statement" ? "break" : undefined;
  return nextAfter(node, jump, namesSet(tried, handler), walk);
}

/**
 * What comes behind a statement of the function, in its order.
 * @param jump how the block that holds it is left
 * @param marks the names that tell afterwards whether it failed
 */
export function nextAfter(
  statement: Node,
  jump: "continue" | "break" | undefined,
  marks: ReadonlySet<string>,
  walk: Walk,
): Outcome {
  const judged = (deed: Deed, from: number, region: Node, where: Next["where"]): Outcome =>
    deed.what === "clears" || hangsOn(marks, deed.node, from, region) ? "cleared" : { deed, where };
  const around = functionAround(statement);
  let [at, leaves] = [statement, jump];
  for (;;) {
    const block = at.parent;
    if (!block) return "left";
    const owner = block.parent;
    if (!leaves && (block.kind === "block" || !owner)) {
      const deed = firstIn(walk, at.end, block.end);
      if (deed) return judged(deed, at.end, block, "below");
      if (leavesOn(marks, at, block)) return "cleared";
      const end = statementsOf(block).at(-1)?.kind;
      if (end === "raise_statement") return "cleared";
      if (end === "return_statement") return "left";
      if (end === "continue_statement") leaves = "continue";
      if (end === "break_statement") leaves = "break";
    }
    if (!owner || owner.kind === "function_definition" || block.kind !== "block") return "left";
    if (owner.kind === "for_statement" || owner.kind === "while_statement") {
      // The block of its `else` ends the loop.
      if (leaves !== "break" && owner.field("body") === block) {
        const deed = firstIn(walk, block.start, block.end);
        return deed ? judged(deed, block.start, block, "turn") : "cleared";
      }
      leaves = undefined;
      at = owner;
      continue;
    }
    if (owner.kind === "with_statement") {
      const ended = endedBy(owner, walk);
      if (ended === "closed") return "cleared";
      if (ended) return { deed: { what: "ends", node: ended, shown: ended }, where: "end" };
    }
    at = STATEMENT.test(owner.kind)
      ? owner
      : (owner.ancestor("if_statement", "try_statement", "match_statement") ?? owner);
    const finalizer = asTry(at)?.finalizer;
    const below = finalizer && !block.isInside(finalizer) && firstIn(walk, finalizer.start, finalizer.end);
    if (below) return below.what === "clears" ? "cleared" : { deed: below, where: "below" };
    if (functionAround(at) !== around) return "left";
  }
}

const STATEMENT = /^(?:if|try|match|with|for|while)_statement$/;

/** The first deed on the handle between two points. */
function firstIn({ handle, home, facts }: Walk, from: number, to: number): Deed | undefined {
  const deeds = deedsIn(home, facts).get(handle) ?? [];
  const deed = deeds[firstFrom(deeds, from)];
  return deed && deed.node.start < to ? deed : undefined;
}

function firstFrom(deeds: readonly Deed[], offset: number): number {
  let [low, high] = [0, deeds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (deeds[middle]!.node.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The names that tell afterwards whether it failed: what the block or the handler sets or fills. */
function namesSet(tried: Node, handler: Node): ReadonlySet<string> {
  const names = new Set<string>();
  for (const region of [tried, handler]) {
    for (const it of region.descendants("assignment", "augmented_assignment")) {
      const left = it.field("left");
      const targets = asAssignment(it)?.targets ?? (left ? [left] : []);
      for (const target of targets) names.add(target.text);
    }
    for (const it of region.descendants("call")) {
      const filled = asMethodCall(it, "append", "add", "extend", "update", "put");
      if (filled) names.add(filled.object.text);
    }
  }
  return names;
}

const mentions = (names: ReadonlySet<string>, node: Node): boolean =>
  names.size > 0 &&
  (names.has(node.text) || node.descendants("identifier", "attribute", "subscript").some((it) => names.has(it.text)));

/** A test between the two asks what the block left behind: the step may not be taken after a failure. */
function hangsOn(names: ReadonlySet<string>, node: Node, from: number, region: Node): boolean {
  for (let it = node.parent; it && it !== region; it = it.parent) {
    const test =
      it.kind === "if_statement" ||
      it.kind === "elif_clause" ||
      it.kind === "while_statement" ||
      it.kind === "conditional_expression"
        ? (it.field("condition") ?? it)
        : undefined;
    if (test && mentions(names, test)) return true;
  }
  return region
    .descendants("if_statement")
    .some((it) => it.start >= from && it.end <= node.start && isWayOut(it, names));
}

/** `if failed: return`. */
function isWayOut(statement: Node, names: ReadonlySet<string>): boolean {
  const tested = asIf(statement);
  return (
    tested !== undefined &&
    mentions(names, tested.condition) &&
    statement.descendants("return_statement", "raise_statement", "break_statement", "continue_statement").length > 0
  );
}

const leavesOn = (names: ReadonlySet<string>, at: Node, block: Node): boolean =>
  block.descendants("if_statement").some((it) => it.start >= at.end && isWayOut(it, names));

/** What a `with` does to the handle at its end: it closes it, or commits, where its head is given back. */
function endedBy(node: Node, { handle, home, facts }: Walk): Node | "closed" | undefined {
  for (const { value, alias } of asWith(node)?.items ?? []) {
    const made = asMethodCall(unwrap(value));
    const isOwn = alias?.text === handle;
    if (made?.method === "begin" && (isOwn || made.object.text === handle)) return made.node;
    if (made?.method === "transaction" && (isOwn || made.object.text === handle)) return made.node;
    // `with connection:` commits, and leaves it open.
    if (!alias && value.text === handle && handleOf(handle, home, facts) === handle) return value;
    if (isOwn) return "closed";
  }
  return undefined;
}
