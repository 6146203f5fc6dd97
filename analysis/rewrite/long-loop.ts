/** Loops that take so long that whatever waits for them notices. */

import type { Evidence, Facts, Weight } from "../semantics/facts.js";
import { asBinary, asCall, integerOf, unwrap } from "../syntax/expressions.js";
import { asFor, asWhile } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** From so many turns on it takes milliseconds. */
const LONG = 100_000;

/** How sure it is that a loop is long, and how much that matters. */
export interface LongLoop {
  readonly evidence: Evidence;
  readonly weight: Weight;
}

/** Many turns that are written down, or a loop in a loop over the same items that works something out. */
export function longLoop(node: Node, facts: Facts): LongLoop | undefined {
  const own = turnsOf(node, facts);
  const inner = node
    .descendants("for_statement", "list_comprehension", "generator_expression")
    .filter((it) => it !== node);
  const nested = Math.max(1, ...inner.map((it) => turnsOf(it, facts) ?? 1));
  if ((own ?? 1) * nested >= LONG) return { evidence: "proof", weight: "heavy" };
  if (asWhile(node) || own !== undefined) return undefined;
  const outer = iterated(node);
  const isPair = inner.some((it) => {
    const text = iterated(it);
    return (
      it.kind === "for_statement" &&
      outer !== undefined &&
      text !== undefined &&
      LETTERS.test(outer) &&
      nameOf(text) === nameOf(outer)
    );
  });
  return isPair && reckons(node) ? { evidence: "strong", weight: "unknown" } : undefined;
}

const LETTERS = /[A-Za-z]/;
/** `items` of `enumerate(items)`, `range(len(items))`, `items[i + 1:]`. */
const nameOf = (text: string): string =>
  text
    .replace(/^(?:enumerate|range|reversed|sorted)\(/, "")
    .replace(/^(?:\w+(?: \+ 1)?, ?)?/, "")
    .replace(/^len\(/, "")
    .split(/[[()]/, 1)[0]!;

const reckons = (node: Node): boolean => node.descendants("binary_operator", "augmented_assignment").length > 0;

function iterated(node: Node): string | undefined {
  const clause =
    node.kind === "for_statement"
      ? asFor(node)?.iterable
      : node.children.find((it) => it.kind === "for_in_clause")?.fieldAll("right")[0];
  return clause && unwrap(clause).text;
}

function turnsOf(node: Node, facts: Facts): number | undefined {
  const iterable =
    node.kind === "for_statement"
      ? asFor(node)?.iterable
      : node.children.find((it) => it.kind === "for_in_clause")?.fieldAll("right")[0];
  const call = iterable && asCall(unwrap(iterable));
  if (!call || facts.nameOf(call.callee) !== "builtins.range" || call.args.length > 2) return undefined;
  const bounds = call.args.map((it) => numberOf(it, facts));
  const [first, second] = bounds;
  if (first === undefined || bounds.includes(undefined)) return undefined;
  return Math.abs(second === undefined ? first : second - first);
}

/** `1_000_000`, `10**6`, or a name for one of these. */
function numberOf(value: Node, facts: Facts): number | undefined {
  const node = unwrap(value.kind === "identifier" ? (facts.valueOf(value) ?? value) : value);
  const power = asBinary(node);
  if (power?.operator !== "**") return integerOf(node);
  const [base, exponent] = [integerOf(power.left), integerOf(power.right)];
  return base === undefined || exponent === undefined ? undefined : base ** exponent;
}
