/** Finds loops that only count, add up whole numbers, or look whether some or all items fit: `sum`, `len`, `any` and `all` written out. */

import {
  asAssignment,
  asAugmented,
  asFor,
  asIf,
  comprehension,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameDoubt,
  gatheringOf,
  hasComments,
  headOf,
  insteadOfLoop,
  integerOf,
  isCompiled,
  isComprehensible,
  negated,
  nextStatement,
  onlyStatement,
  previousStatement,
  removeWithGap,
  replace,
  statementsOf,
  stopDoubt,
  type Facts,
  type ForLoop,
  lastIdentifier,
  type Node,
} from "../../analysis/authoring.js";

const DOES =
  /(?:^|_)(?:add|clear|close|copy|create|delete|download|fetch|fill|insert|invalidate|kill|move|pop|print|process|put|remove|run|save|send|set|start|stop|store|sync|train|update|upload|write)(?:_|$)/;

type Gathering = NonNullable<ReturnType<typeof gatheringOf>>;

/** Beyond these one expression is harder to read than the loop. */
const MOST_CLAUSES = 3;
const LONGEST = 100;

export default defineRule({
  title: "Loop that only counts, adds up or looks for one that fits",
  why: "A start value, a loop and a step say in three places what sum(), any() or all() says in one word. The built-in functions cannot forget the break, and any() and all() stop at the first item that decides.",
  guide: "code-level",
  level: "hint",
  gain: "clarity",
  overlaps: ["SIM110"],
  unlike: "sums, counts and flags that are kept up to the end count beside a loop that returns",
  fixes: "safe",

  examples: [
    {
      before: `
def has_comment(lines: list[str]) -> bool:
    found = False
    for line in lines:
        if line.startswith("#"):
            found = True
            break
    return found
`,
      after: `
def has_comment(lines: list[str]) -> bool:
    found = any(line.startswith("#") for line in lines)
    return found
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }) {
    const loop = asFor(node);
    if (!loop || loop.isAsync || loop.orElse || facts.isTest) return undefined;
    // TorchScript knows no generators.
    if (facts.fileMatches(/\btorch\.jit\.|[Tt]orch[Ss]cript/)) return undefined;
    const found = answerOf(loop) ?? flagOf(loop, facts) ?? totalOf(loop, facts);
    if (!found || isCompiled(node, facts) || node.descendants("await", "yield").length > 0) return undefined;
    if (found.element && (found.element.text.includes("\n") || found.element.end - found.element.start > LONGEST))
      return undefined;
    // It reads better; it is no faster.
    return { at: node.allChildren[0]!, construct: node, evidence: "proof", weight: "unknown", loop, found };
  },

  message: ({ found: { kind, name } }) => {
    const shown = name === undefined ? "The loop" : `The loop to \`${excerpt(name.text, 30)}\``;
    const what = {
      any: "only looks whether some item fits",
      all: "only looks whether all items fit",
      count: "only counts items",
      sum: "only adds up",
    }[kind];
    return `${shown} ${what}; \`${kind === "count" ? "sum" : kind}()\` says so in one expression.`;
  },

  fix({ loop, found }, { facts }) {
    const { node } = loop;
    if (hasComments(node)) return declined("a comment would be lost");
    const { gathering, kind, element, start, follow } = found;
    if (!isComprehensible(gathering, facts))
      return declined("something in the loop means something else in an expression, or is read after it");
    const builtin = kind === "count" ? "sum" : kind;
    if (!facts.isBuiltin(builtin, node)) return declined(`\`${builtin}\` means something else here`);
    const write = (indent: string) =>
      element === undefined ? "1" : kind === "all" ? negated(element, indent) : element.text;
    const before = start ? headOf(start) : "return ";
    const text = isEachItself(found)
      ? `(${gathering.loop.iterable.text})`
      : comprehension(gathering, write, `${before}${builtin}`, facts.lineLength, ["(", ")"]);
    if (text === undefined) return declined("it does not fit into one expression");
    const expression = `${builtin}${text}`;
    const doubts = [frameDoubt(node, facts), stopDoubt(loop.body, facts)];
    if (!start) {
      const gone = follow && removeWithGap(follow);
      return gone
        ? fixOf(`Use ${builtin}()`, doubts, [replace(node, `return ${expression}`), gone])
        : declined("a comment would be lost");
    }
    const name = found.name!;
    if (facts.isObserved(name, node) || facts.isRemote(name))
      return declined(`\`${excerpt(name.text, 30)}\` may be seen while the loop runs`);
    const edits = insteadOfLoop(
      start.node.kind === "expression_statement" ? start.node : start.node.parent!,
      start.value!,
      node,
      expression,
    );
    return edits ? fixOf(`Use ${builtin}()`, doubts, edits) : declined("a comment would be lost");
  },
});

/** `for price in prices: total += price`: nothing is made of the items. */
function isEachItself({ kind, gathering: { loop, clauses }, element }: Found): boolean {
  const { target, iterable } = loop;
  return (
    kind === "sum" &&
    clauses.length === 1 &&
    element?.kind === "identifier" &&
    element.text === target.text &&
    ["identifier", "attribute", "call", "subscript"].includes(iterable.kind) &&
    !iterable.text.includes("\n")
  );
}

interface Found {
  readonly kind: "any" | "all" | "count" | "sum";
  readonly gathering: Gathering;
  /** The condition, or what is added; undefined for 1. */
  readonly element: Node | undefined;
  /** The name that holds the result; undefined where it is returned. */
  readonly name: Node | undefined;
  readonly start: ReturnType<typeof asAssignment>;
  /** The `return` below the loop. */
  readonly follow: Node | undefined;
}

/** The condition of the one `if` that is all of the loop, with the statements in it. */
function testOf(
  loop: ForLoop,
): { readonly condition: Node; readonly steps: readonly Node[]; readonly gathering: Gathering } | undefined {
  const statement = onlyStatement(loop.body);
  const branch = asIf(statement);
  if (!statement || !branch || branch.orElse || branch.elifs.length > 0) return undefined;
  return {
    condition: branch.condition,
    steps: statementsOf(branch.body),
    gathering: { loop, clauses: [loop], statement },
  };
}

/** `for …: if …: return True` and `return False` below. */
function answerOf(loop: ForLoop): Found | undefined {
  const test = testOf(loop);
  const [only, more] = test?.steps ?? [];
  const follow = nextStatement(loop.node);
  if (!test || !only || more || only.kind !== "return_statement" || follow?.kind !== "return_statement")
    return undefined;
  const [here, below] = [only.children[0]?.text, follow.children[0]?.text];
  const kind = here === "True" && below === "False" ? "any" : here === "False" && below === "True" ? "all" : undefined;
  return (
    kind && { kind, gathering: test.gathering, element: test.condition, name: undefined, start: undefined, follow }
  );
}

/** `found = False`, `for …: if …: found = True; break`. */
function flagOf(loop: ForLoop, facts: Facts): Found | undefined {
  const test = testOf(loop);
  const [set, stop, more] = test?.steps ?? [];
  const flag = asAssignment(set);
  const [name, another] = flag?.targets ?? [];
  if (!test || !name || another || more || name.kind !== "identifier" || stop?.kind !== "break_statement")
    return undefined;
  const start = startOf(loop, name, facts);
  const [before, then] = [start?.value?.text, flag?.value?.text];
  const kind =
    before === "False" && then === "True" ? "any" : before === "True" && then === "False" ? "all" : undefined;
  if (!kind || facts.readsOf(name, loop.node).length > 0) return undefined;
  return { kind, gathering: test.gathering, element: test.condition, name, start, follow: undefined };
}

/** `count = 0`, `for …: count += 1`; of other numbers only whole ones, as `sum` rounds less. */
function totalOf(loop: ForLoop, facts: Facts): Found | undefined {
  const gathering = gatheringOf(loop);
  const step = asAugmented(gathering?.statement);
  if (
    !gathering ||
    !step ||
    step.operator !== "+=" ||
    step.target.kind !== "identifier" ||
    gathering.clauses.length > MOST_CLAUSES
  )
    return undefined;
  const start = startOf(loop, step.target, facts);
  if (!start?.value || integerOf(start.value) !== 0) return undefined;
  const isOne = integerOf(step.value) === 1;
  if (!isOne && facts.typeOf(step.value)?.name !== "int") return undefined;
  if (isOne && gathering.clauses.length === 1) return undefined;
  // What does something is better seen as a loop.
  if (loop.node.descendants("call").some((it) => DOES.test(lastIdentifier(it.field("function")?.text ?? ""))))
    return undefined;
  if (facts.readsOf(step.target, loop.node).some((it) => it !== step.target)) return undefined;
  return {
    kind: isOne ? "count" : "sum",
    gathering,
    element: isOne ? undefined : step.value,
    name: step.target,
    start,
    follow: undefined,
  };
}

/** The assignment right above the loop. */
function startOf(loop: ForLoop, name: Node, facts: Facts): ReturnType<typeof asAssignment> {
  const start = asAssignment(previousStatement(loop.node));
  const [target, more] = start?.targets ?? [];
  return target && !more && target.text === name.text && facts.writesOf(name, loop.node).length === 1
    ? start
    : undefined;
}
