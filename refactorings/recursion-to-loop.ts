/** A function that calls itself at its end, joins one thing to such a call, or needs its last two values becomes a loop. */

import {
  asFunction,
  bindingStrength,
  defineRefactoring,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  integerOf,
  isConstant,
  isNumber,
  linearRecursion,
  linesOf,
  negated,
  pairRecursion,
  reindented,
  remove,
  replace,
  startsLine,
  type Edit,
  type Facts,
  type FunctionDef,
  type Linear,
  type Node,
  type PairRecursion,
  type SelfCall,
} from "../analysis/authoring.js";

type Match =
  | { readonly def: FunctionDef; readonly linear: Linear; readonly pair?: undefined }
  | { readonly def: FunctionDef; readonly pair: PairRecursion; readonly linear?: undefined };

const MEMOS = new Set(["functools.cache", "functools.lru_cache"]);

export default defineRefactoring({
  title: "Recursion to loop",
  guide: "caching",
  kind: "rewrite",
  on: ["function_definition"],
  reach: "head",

  example: {
    before: `
def ‸orders(guests: int) -> int:
    if guests <= 1:
        return 1
    return guests * orders(guests - 1)
`,
    after: `
def orders(guests: int) -> int:
    result = 1
    while guests > 1:
        result *= guests
        guests -= 1
    return result
`,
  },

  find(node, _selection, { facts }): Match | undefined {
    const def = asFunction(node);
    if (
      !def ||
      !def.decorators.every((it) => MEMOS.has(facts.nameOf(it.kind === "call" ? it.field("function")! : it) ?? ""))
    )
      return undefined;
    if (
      def.decorators.length > 0 &&
      facts.usesOf(def.nameNode).some((it) => it.kind === "attribute" || it.kind === "method")
    )
      return undefined;
    const pair = pairRecursion(def, facts);
    const linear = pair ? undefined : linearRecursion(def, facts);
    const match = pair ? { def, pair } : linear && { def, linear };
    return match && edits(match, facts) ? match : undefined;
  },

  offer: ({ def }) => `Turn the recursion of \`${def.name}\` into a loop`,

  doubt({ def, linear, pair }, { facts }) {
    const forget = def.decorators.length > 0 ? ["Results are no longer kept from call to call."] : [];
    if (pair) {
      const name = pair.parameter.name;
      const whole =
        pair.parameter.annotation && facts.typeOf(pair.reads[0]!)?.name === "int"
          ? []
          : [`\`${name}\` must be a whole number.`];
      return (
        [
          ...(pair.isBounded
            ? []
            : [
                `Below its first value the recursion did not end; the loop returns the second start value, so check \`${name}\` if it may be negative.`,
              ]),
          ...whole,
          ...forget,
        ].join(" ") || undefined
      );
    }
    const { joined } = linear;
    const isExact = !joined || isWhole(joined.item, facts) || !isConstant(joined.base) || !/\d/.test(joined.base.text);
    return [
      "Where the recursion did not end, it stopped with RecursionError; the loop runs for ever.",
      ...(isExact ? [] : ["Floats are combined in another order, so their last digits may differ."]),
      ...forget,
    ].join(" ");
  },

  apply(match, { facts }) {
    const made = edits(match, facts);
    return made && { edits: made };
  },
});

function isWhole(item: Node, facts: Facts): boolean {
  return facts.typeOf(item)?.name === "int";
}

function edits({ def, linear, pair }: Match, facts: Facts): readonly Edit[] | undefined {
  const gone = def.outer.children.filter((it) => it.kind === "decorator").map(linesOf);
  if (!gone.every((it) => it !== undefined)) return undefined;
  const made = pair
    ? overPair(pair, facts)
    : linear.plain && !hasRemarks(linear)
      ? plainLoop(linear, linear.plain, facts)
      : inPlace(linear, facts);
  return made && [...gone.map((it) => remove(it)), ...made];
}

function hasRemarks({ def, statements }: Linear): boolean {
  const [first, last] = [statements[0], statements.at(-1)];
  return def.body.comments.some(
    (it) => first !== undefined && last !== undefined && it.start > first.start && it.start < last.end,
  );
}

/** `while n > 1:` around what each run did, the result behind it. */
function plainLoop(
  linear: Linear,
  { checks, condition, isEnd, between, base }: NonNullable<Linear["plain"]>,
  facts: Facts,
): readonly Edit[] | undefined {
  const {
    statements,
    joined,
    calls: [call],
  } = linear;
  const first = statements[checks.length];
  const last = statements.at(-1);
  if (!first || !last || !call || !startsLine(first)) return undefined;
  const [indent, unit] = [indentOf(first), indentUnit(first, facts)];
  const inner = indent + unit;
  const result = facts.freshName("result", first);
  const head = isEnd ? negated(condition, indent, true) : reindented(condition, indent);
  const lines = [
    ...(joined ? [`${result} = ${joined.base.text}`] : []),
    `while ${/^\(.*\)$/.test(head) && !head.includes("\n") && isOneGroup(head) ? head.slice(1, -1) : head}:`,
    ...[...between.map((it) => reindented(it, inner)), ...steps(linear, call, result, inner, facts)].map(
      (it) => unit + it,
    ),
    joined ? `return ${result}` : `return${base ? ` ${reindented(base, indent)}` : ""}`,
  ];
  return [replace({ tree: first.tree, start: first.start, end: last.end }, lines.join(`\n${indent}`))];
}

/** The first parenthesis is closed by the last one. */
function isOneGroup(text: string): boolean {
  let depth = 0;
  return [...text].every(
    (it, index) => (depth += it === "(" ? 1 : it === ")" ? -1 : 0) > 0 || index === text.length - 1,
  );
}

/** What is joined to the result, then the parameters of the next run. */
function steps(
  { joined, def }: Linear,
  { changes }: SelfCall,
  result: string,
  indent: string,
  facts: Facts,
): readonly string[] {
  const added: string[] = [];
  if (joined) {
    const item = reindented(joined.item, indent);
    const isFront = !joined.isFirst && /^\D/.test(joined.base.text);
    added.push(
      isFront
        ? `${result} = ${bindingStrength(joined.item) < 10 ? `(${item})` : item} + ${result}`
        : `${result} ${joined.operator}= ${item}`,
    );
  }
  const [only, more] = changes;
  const counted = only && !more ? new RegExp(`^${only.name} ([-+]|//) (\\d+)$`).exec(only.value.text) : null;
  const isCounted =
    counted !== null &&
    (counted[1] !== "+" || isNumber(facts.typeOf(only!.value)) || integerOf(only!.value.field("right")) !== undefined);
  if (isCounted) return [...added, `${only!.name} ${counted[1]}= ${counted[2]}`];
  if (changes.length === 0 || def.parameters.length === 0) return added;
  return [
    ...added,
    `${changes.map((it) => it.name).join(", ")} = ${changes.map((it) => reindented(it.value, indent)).join(", ")}`,
  ];
}

/** `while True:` around the body as it is; the calls become new values of the parameters. */
function inPlace(linear: Linear, facts: Facts): readonly Edit[] | undefined {
  const { calls, joined, statements, def } = linear;
  const [first, last] = [statements[0], statements.at(-1)];
  if (
    !first ||
    !last ||
    !startsLine(first) ||
    def.body.descendants("conditional_expression").some((it) => calls.some((call) => call.node.isInside(it)))
  )
    return undefined;
  const unit = indentUnit(first, facts);
  const result = facts.freshName("result", first);
  const [, ...moved] = indentLines({ tree: first.tree, start: first.start, end: last.end }, unit);
  const nexts = calls.map((call) => {
    const statement = returnOf(call.node);
    const inner = indentOf(statement) + unit;
    if (!startsLine(statement)) return undefined;
    const lines = [...steps(linear, call, result, inner, facts), ...(isLast(statement, def) ? [] : ["continue"])];
    return statement.comments.length > 0 ? undefined : replace(statement, lines.join(`\n${inner}`) || "continue");
  });
  if (!nexts.every((it) => it !== undefined)) return undefined;
  const replaced = calls.map((it) => returnOf(it.node));
  const others = joined ? def.body.descendants("return_statement").filter((it) => !replaced.includes(it)) : [];
  const opened = `${joined ? `${result} = ${joined.base.text}\n${indentOf(first)}` : ""}while True:\n${indentOf(first)}${unit}`;
  return [
    insertBefore(first, opened),
    ...moved.filter(
      (it) => !replaced.some((statement) => it.at.start > statement.start && it.at.start < statement.end),
    ),
    ...nexts,
    ...others.map((it) => replace(it, `return ${result}`)),
  ];
}

function returnOf(call: Node): Node {
  return call.ancestor("return_statement")!;
}

/** Nothing runs behind it before the next turn. */
function isLast(statement: Node, def: FunctionDef): boolean {
  for (let node = statement; node !== def.body; node = node.parent!)
    if (node.parent!.kind === "block" && node.parent!.lastChild !== node) return false;
  return true;
}

/** The first values stay as they are; from there on the last two are carried along. */
function overPair(
  { last, starts, parameter, calls, value, reads }: PairRecursion,
  facts: Facts,
): readonly Edit[] | undefined {
  if (!startsLine(last) || last.comments.length > 0) return undefined;
  const [indent, unit] = [indentOf(last), indentUnit(last, facts)];
  const [previous, current] = [facts.freshName("previous", last), facts.freshName("current", last)];
  const counted = reads.filter((it) => it.isInside(value) && !calls.some((call) => it.isInside(call.node)));
  const step = counted.length > 0 ? facts.freshName(parameter.name === "i" ? "step" : "i", last) : "_";
  const from = starts.index;
  const turns = counted.length > 0 ? `range(${from + 1}, ${parameter.name} + 1)` : `range(${parameter.name} - ${from})`;
  const replaced = [
    ...calls.map((it) => ({ at: it.node, text: it.distance === 1 ? current : previous })),
    ...counted.map((it) => ({ at: it, text: step })),
  ].sort((a, b) => a.at.start - b.at.start);
  let text = "";
  let at = value.start;
  for (const it of replaced) {
    text += last.tree.text.slice(at, it.at.start) + it.text;
    at = it.at.end;
  }
  text += last.tree.text.slice(at, value.end);
  const lines = [
    `${previous}, ${current} = ${starts.values.join(", ")}`,
    `for ${step} in ${turns}:`,
    `${unit}${previous}, ${current} = ${current}, ${text}`,
    `return ${current}`,
  ];
  return facts.isBuiltin("range", last) ? [replace(last, lines.join(`\n${indent}`))] : undefined;
}
