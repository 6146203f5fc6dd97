/** Batches that are cut or collected by hand. */

import {
  asAssignment,
  asBinary,
  asCall,
  asComparison,
  asFor,
  asMethodCall,
  asSubscript,
  defineRule,
  excerpt,
  nextStatement,
  statementsOf,
  unwrap,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Batches made by hand",
  why: "Collecting items, handing them on when there are enough and once more after the loop says the same twice, and the second place is easily forgotten. itertools.batched, which came with Python 3.12, gives the batches of any iterable, the last one too.",
  guide: "generators",
  level: "hint",
  gain: "clarity",
  words: ["range", "append"],
  overrides: ["generators/accumulator-returned", "iteration/append-in-loop"],

  examples: [
    {
      before: `
def show(names: list[str], size: int) -> None:
    for start in range(0, len(names), size):
        batch = names[start : start + size]
        print(*batch)
`,
      after: `
from itertools import batched

def show(names: list[str], size: int) -> None:
    for batch in batched(names, size):
        print(*batch)
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }, loop) {
    if (facts.isTest || loop.isAsync) return undefined;
    const cut = cutIn(node, facts);
    if (cut)
      return {
        at: loop.iterable,
        construct: node,
        evidence: cut.evidence,
        weight: "unknown" as const,
        items: cut.items.text,
        batch: cut.batch,
        cut,
        isAtLast: false,
      };
    const after = flushedIn(node, facts);
    const flushed = after ?? flushedAtLast(node, facts);
    return (
      flushed && {
        at: flushed,
        construct: node,
        evidence: "proof" as const,
        weight: "unknown" as const,
        items: (after ? loop.iterable : asCall(loop.iterable)!.args[0]!).text,
        batch: flushed,
        cut: undefined,
        isAtLast: after === undefined,
      }
    );
  },

  message: ({ items, cut, isAtLast }) => {
    const batched = `\`itertools.batched(${excerpt(items.replace(/\s+/g, " "), 40)}, …)\``;
    if (isAtLast)
      return `The last batch needs a condition of its own; ${batched} gives it like the others, from Python 3.12 on.`;
    return cut
      ? `${batched} gives these batches without counting, from Python 3.12 on.`
      : `The batch is handed on in the loop and once more after it; ${batched} gives the last one too, from Python 3.12 on.`;
  },
});

interface Cut {
  readonly loop: Node;
  readonly items: Node;
  readonly size: Node;
  readonly batch: Node;
  readonly statement: Node;
  readonly evidence: Evidence;
}

/** `for i in range(0, len(items), n): batch = items[i : i + n]`, where `i` serves for nothing else. */
function cutIn(node: Node, facts: Facts): Cut | undefined {
  const loop = asFor(node)!;
  const range = asCall(loop.iterable);
  if (range?.args.length !== 3 || range.callee.text !== "range" || loop.target.kind !== "identifier") return undefined;
  const [start, stop, size] = range.args;
  const items = asCall(stop)?.args[0];
  if (start?.text !== "0" || !size || !items || asCall(stop)?.callee.text !== "len") return undefined;
  const [statement] = statementsOf(loop.body);
  const assignment = asAssignment(statement);
  const [batch, more] = assignment?.targets ?? [];
  const slice = asSubscript(assignment?.value);
  if (
    !statement ||
    batch?.kind !== "identifier" ||
    more ||
    slice?.value.text !== items.text ||
    slice.indices.length !== 1
  )
    return undefined;
  const name = loop.target.text;
  const bounds = slice.indices[0]!.text.replace(/\s+/g, "");
  const step = size.text.replace(/\s+/g, "");
  if (bounds !== `${name}:${name}+${step}` && bounds !== `${name}:min(${name}+${step},len(${items.text}))`)
    return undefined;
  if (
    facts.readsOf(loop.target, loop.body).some((it) => !it.isInside(statement)) ||
    facts.isReadOutside(loop.target, node)
  )
    return undefined;
  const evidence = facts.takenFor(items, "sequence");
  const type = facts.typed(items)?.type.name;
  if (!evidence || (type !== undefined && !/^(?:list|tuple)$/.test(type))) return undefined;
  return { loop: node, items, size, batch, statement, evidence };
}

/** `if len(batch) == n: …; batch = []` in the loop that fills it, and `if batch:` behind it. */
function flushedIn(node: Node, facts: Facts): Node | undefined {
  const after = nextStatement(node);
  const left = after?.kind === "if_statement" ? after.field("condition") : undefined;
  const name = left && (left.kind === "identifier" ? left : asCall(asComparison(left)?.left ?? left)?.args[0]);
  if (name?.kind !== "identifier") return undefined;
  const statements = statementsOf(asFor(node)!.body);
  const full = statements.find((it) => it.kind === "if_statement" && isFull(it.field("condition"), name.text));
  const inside = full?.field("consequence");
  if (!full || !inside || statements.at(-1) !== full || after!.field("alternative")) return undefined;
  // Both hand it to the same function.
  const hands = (block: Node | undefined) =>
    block?.descendants("call").map((it) => it.field("function")?.text ?? "") ?? [];
  const here = hands(inside);
  // A generator that yields its batches is the function that the others lack.
  return isEmptied(name, statements, full, facts) &&
    hands(after!.field("consequence")).some((it) => here.includes(it)) &&
    inside.descendants("yield").length === 0
    ? name
    : undefined;
}

/** The loop fills it, and empties it where there are enough. */
function isEmptied(name: Node, statements: readonly Node[], full: Node, facts: Facts): boolean {
  const puts = statements.some((it) => asMethodCall(it.children[0], "append")?.object.text === name.text);
  const empties = statementsOf(full.field("consequence")!).some(
    (it) =>
      asAssignment(it)?.targets[0]?.text === name.text ||
      asMethodCall(it.children[0], "clear")?.object.text === name.text,
  );
  return puts && empties && facts.bindingOf(name) !== undefined;
}

/** `if len(batch) == n or i == len(items) - 1: …; batch = []`: the last turn hands on what is left. */
function flushedAtLast(node: Node, facts: Facts): Node | undefined {
  const { iterable, target, body } = asFor(node)!;
  const counted = asCall(iterable);
  const [items, more] = counted?.args ?? [];
  const [place] = target.children;
  if (!items || more || counted?.callee.text !== "enumerate" || place?.kind !== "identifier") return undefined;
  const last = statementsOf(body).at(-1);
  const either = last?.kind === "if_statement" ? asBinary(unwrap(last.field("condition")!)) : undefined;
  if (!last || either?.operator !== "or" || last.field("alternative")) return undefined;
  const isLast = LAST_TURN.exec(either.right.text.replace(/[\s()]/g, ""));
  if (isLast?.[1] !== place.text || isLast[2] !== items.text.replace(/[\s()]/g, "")) return undefined;
  const full = asComparison(unwrap(either.left));
  const name = asCall(full?.left)?.args[0];
  if (
    name?.kind !== "identifier" ||
    !isFull(either.left, name.text) ||
    !isEmptied(name, statementsOf(body), last, facts)
  )
    return undefined;
  // The number of the turn is asked for nothing else.
  return facts.readsOf(place, body).every((it) => it.isInside(either.right)) ? name : undefined;
}

const LAST_TURN = /^(\w+)==len([\w.]+)-1$/;

function isFull(condition: Node | null | undefined, name: string): boolean {
  const comparison = asComparison(condition ? unwrap(condition) : undefined);
  return (
    comparison !== undefined &&
    /^(?:==|>=)$/.test(comparison.operator) &&
    asCall(comparison.left)?.callee.text === "len" &&
    asCall(comparison.left)?.args[0]?.text === name &&
    asBinary(comparison.right) === undefined
  );
}
