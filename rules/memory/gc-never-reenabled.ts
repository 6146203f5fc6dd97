/** `gc.disable()` … `gc.enable()` without a `finally`: an exception in between leaves the collector off. */

import {
  asCall,
  declined,
  defineRule,
  expressionOf,
  fixOf,
  functionAround,
  hasComments,
  indentLines,
  indentOf,
  indentUnit,
  lineBelow,
  replace,
  startsLine,
  statementOf,
  statementsOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Garbage collector that stays off after an exception",
  why: "An exception between gc.disable() and gc.enable() leaves the collector off for the rest of the program: cycles pile up, and memory grows without a hint of where it began. In a `finally` the collector is switched on again whatever happens.",
  guide: "refcount-and-gc",
  level: "info",
  gain: "safety",
  words: ["disable"],
  fixes: "review",

  examples: [
    {
      before: `
import gc

def load(lines: list[str]) -> list[list[str]]:
    gc.disable()
    rows = [line.split(",") for line in lines]
    gc.enable()
    return rows
`,
      after: `
import gc

def load(lines: list[str]) -> list[list[str]]:
    gc.disable()
    try:
        rows = [line.split(",") for line in lines]
    finally:
        gc.enable()
    return rows
`,
    },
  ],

  on: ["call"],
  calls: ["gc.disable"],

  find(node, { facts }, call) {
    const around = functionAround(node);
    if (facts.isTest || around?.kind !== "function_definition" || node.parent?.kind !== "expression_statement")
      return undefined;
    const switches = facts.memo("switches of the collector", around, () => switchesIn(around, facts));
    const first = switches.enabling.find((it) => it.start > node.end);
    // Who never switches it on again means it, or does so elsewhere.
    if (!first || switches.cleanUp > node.end || node.ancestor("with_statement")?.isInside(around)) return undefined;
    // Of several in front of it, the first one is told of.
    const since = switches.enabling.findLast((it) => it.start < node.start)?.end ?? 0;
    if (switches.disabling.find((it) => it.start > since)!.start < node.start) return undefined;
    if (!mayRaise(node, first, around)) return undefined;
    return { at: call.callee, node, first };
  },

  message: ({ at, first }) =>
    `An exception before \`${first.text}\` leaves the collector off after \`${at.text}()\`; in a \`finally\` it is switched on whatever happens.`,

  fix({ node, first }, { facts }) {
    const [start, end] = [statementOf(node), statementOf(first)];
    const statements = statementsOf(start.parent!);
    const inner = statements.slice(statements.indexOf(start) + 1, Math.max(0, statements.indexOf(end)));
    if (start.parent !== end.parent || inner.length === 0) return declined("the two stand in different blocks");
    if (expressionOf(end) !== first || [...inner, end].some((it) => !startsLine(it)) || hasComments(end))
      return declined("the lines hold more");
    const unit = indentUnit(start, facts);
    const below = start.tree.text.indexOf("\n", start.end) + 1;
    return fixOf(
      "Switch it on in a finally",
      ["whatever leaves the lines, a `return` or an exception, then finds the collector switched on"],
      [
        lineBelow(start, "try:"),
        ...indentLines({ tree: end.tree, start: below, end: inner.at(-1)!.end }, unit),
        replace(end, `finally:\n${indentOf(end)}${unit}${end.text}`),
      ],
    );
  },
});

function switchesIn(around: Node, facts: Facts) {
  const called = (name: string) => (call: Node) => {
    if (!call.text.endsWith(`${name}()`)) return false;
    // A damaged call has no callee.
    const callee = asCall(call)?.callee;
    return callee !== undefined && facts.nameOf(callee) === `gc.${name}`;
  };
  const calls = around.descendants("call");
  const enabling = calls.filter(called("enable"));
  return {
    enabling,
    disabling: calls.filter(called("disable")),
    /** Where the last of those stands that run whatever happens. */
    cleanUp: enabling.findLast((it) => isCleanUp(it, around))?.start ?? -1,
  };
}

/** In a `finally`, or in a function of its own that somebody else calls. */
function isCleanUp(call: Node, around: Node): boolean {
  return call.ancestor("finally_clause")?.isInside(around) === true || functionAround(call) !== around;
}

/** Something is called in between. */
function mayRaise(from: Node, to: Node, around: Node): boolean {
  return around
    .descendants("call", "subscript", "yield", "attribute", "binary_operator")
    .some((it) => it.start >= from.end && it.end <= to.start);
}
