/** A costly call in a loop that gives the same in each of its turns. */

import {
  asCall,
  asComparison,
  asComprehension,
  asFor,
  costlyCall,
  COSTLY_FUNCTIONS,
  COSTLY_METHODS,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  isCompiled,
  isConstant,
  itemsOf,
  knownTurns,
  lastIdentifier,
  lineAbove,
  LOOP_MAKERS,
  operandsOf,
  replace,
  startsLine,
  statementOf,
  statementsOf,
  staysSame,
  useOf,
  wrapped,
  type CostlyCall,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const LONGEST = 160;
/** A loop of more nodes is not read through for each call in it. */
const LONGEST_LOOP = 2500;
const FEW_TURNS = 8;

export default defineRule({
  title: "Costly call in a loop that gives the same in every turn",
  why: "Nothing that the call reads changes while the loop runs, so every turn works out the same once more. Worked out before the loop, it costs its time once.",
  guide: "code-level",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  within: "loop",
  overrides: ["pandas/late-selection", "pandas/unused-columns-read", "pandas/whole-csv-read"],
  fixes: "review",

  examples: [
    {
      before: `
def shares(prices: list[int]) -> list[float]:
    return [price / sum(prices) for price in prices]
`,
      after: `
def shares(prices: list[int]) -> list[float]:
    prices_sum = sum(prices)
    return [price / prices_sum for price in prices]
`,
    },
  ],

  on: ["call", "list", "set"],
  calls: [...COSTLY_FUNCTIONS, ...LOOP_MAKERS],
  methods: COSTLY_METHODS,

  find(node, { facts }) {
    if (facts.isTest || node.end - node.start > LONGEST) return undefined;
    if (node.kind !== "call" && !isMembersList(node)) return undefined;
    const loops = facts.loopsAround(node);
    const [inner] = loops;
    if (!inner || sizeOf(inner) > LONGEST_LOOP || isCompiled(node, facts)) return undefined;
    const costly = node.kind === "call" ? costlyCall(node, facts, true) : members(node, facts);
    if (!costly || endsLoop(node, inner) || isGivenAway(node, costly)) return undefined;
    if (costly.readsDisk && loops.some((it) => it.kind === "while_statement")) return undefined;
    if (operandsOf(node, facts).length === 0 && !costly.readsDisk && node.kind === "call") return undefined;
    const same = loops.filter((it) => sizeOf(it) <= LONGEST_LOOP && isSameIn(node, it, costly, facts));
    const loop = same.at(-1);
    if (!same.includes(inner) || !loop) return undefined;
    const turns = same.map((it) => knownTurns(it, facts));
    if (turns.every((it) => it !== undefined) && turns.reduce((all, it) => all * it!, 1)! <= FEW_TURNS)
      return undefined;
    return {
      at: node,
      construct: node,
      evidence: costly.evidence,
      weight: weightOf(node, costly, facts),
      loop,
      costly,
    };
  },

  message: ({ at, loop }) => {
    const shown = excerpt(at.text.replace(/\s+/g, " "), 60);
    const over = (asFor(loop) ?? asComprehension(loop)?.clauses[0])?.iterable.text.replace(/\s+/g, " ");
    return `\`${shown}\` gives the same in every turn${over ? ` over \`${excerpt(over, 40)}\`` : ""}; work it out once before the loop.`;
  },

  fix({ at, loop, costly }, { facts }) {
    if (hasComments(at) || at.text.includes("\n")) return declined("it goes over several lines");
    const statement = statementOf(loop);
    if (
      !startsLine(statement) ||
      /^(?:elif_clause|else_clause)$/.test(statement.kind) ||
      functionAround(statement) !== functionAround(at)
    )
      return declined("there is no room above the loop");
    if (statement !== loop && !isFirst(loop, statement)) return declined("the loop may not be reached");
    const name = facts.freshName(nameFor(at), statement);
    return fixOf(
      "Work it out before the loop",
      [
        "it is worked out too where the loop has no turns",
        `${operandsOf(at, facts)
          .slice(0, 3)
          .map((it) => `\`${it.text}\``)
          .join(", ")} must stay the same while the loop runs`,
        costly.isObject && at.kind === "call" && "all turns then see one object",
      ],
      [lineAbove(statement, `${name} = ${at.text}`), replace(at, name)],
    );
  },
});

function sizeOf(loop: Node): number {
  return loop.tree.arrays.nexts[loop.id]! - loop.id;
}

/** The right side of `in`, with items that have to be looked up: one of constants is made once by the compiler. */
function isMembersList(node: Node): boolean {
  const test = asComparison(wrapped(node).parent);
  if (!test || (test.operator !== "in" && test.operator !== "not in") || wrapped(test.right) !== wrapped(node))
    return false;
  const items = itemsOf(node);
  return items.length > 1 && items.every((it) => it.kind === "subscript" || it.kind === "call");
}

function members(node: Node, facts: Facts): CostlyCall | undefined {
  const calls = node.descendants("call");
  const isPlain = calls.every(
    (it) =>
      asCall(it)?.args.every(isConstant) === true &&
      /(?:^|[._])(?:get|index|token_to_id|convert_tokens_to_ids|word2idx|str_to_idx|stoi)$/.test(
        asCall(it)!.callee.text,
      ),
  );
  return isPlain && !facts.isTest
    ? { call: node, cost: "pass", isObject: false, readsDisk: false, evidence: "strong" }
    : undefined;
}

function isSameIn(node: Node, loop: Node, { readsDisk }: CostlyCall, facts: Facts): boolean {
  return staysSame(node, [{ from: loop.id, to: loop.tree.arrays.nexts[loop.id]! }], facts, readsDisk);
}

/** The turn that comes here is the last. */
function endsLoop(node: Node, loop: Node): boolean {
  for (let at: Node | undefined = node; at && at !== loop; at = at.parent) {
    if (/^(?:return_statement|raise_statement|assert_statement)$/.test(at.kind)) return true;
    if (at.kind !== "block") continue;
    if (/^(?:break_statement|return_statement|raise_statement)$/.test(statementsOf(at).at(-1)?.kind ?? "")) return true;
  }
  return false;
}

/** Each turn may want an object of its own: it is put somewhere, or given a name and changed. */
function isGivenAway(node: Node, { isObject, cost }: CostlyCall): boolean {
  if (!isObject || cost === "text") return false;
  const use = useOf(node);
  if (use.kind === "returned" || use.kind === "yielded" || use.kind === "element" || use.kind === "other") return true;
  if (use.kind === "argument")
    return !/^(?:len|sum|max|min|sorted|set|enumerate|zip|list|tuple|any|all|range|print|str|np\.\w+|isinstance)$/.test(
      asCall(use.call)?.callee.text ?? "",
    );
  if (use.kind === "assigned")
    return !/^(?:identifier)$/.test(use.in.field("left")?.kind ?? "") || isChangedLater(use.in.field("left")!);
  return false;
}

function isChangedLater(name: Node): boolean {
  const block = statementOf(name).parent;
  return (
    block === undefined ||
    block.identifiers(name.text).some((it) => {
      if (it.id <= name.id) return false;
      const use = useOf(it);
      return (
        use.kind !== "subscript" &&
        use.kind !== "membership" &&
        use.kind !== "iterated" &&
        use.kind !== "compared" &&
        use.kind !== "operand" &&
        use.kind !== "tested" &&
        use.kind !== "formatted" &&
        !(use.kind === "argument" && /^(?:len|print|sum|max|min|sorted)$/.test(asCall(use.call)?.callee.text ?? "")) &&
        !(use.kind === "method" && /^(?:mean|sum|index|get|items|keys|values|count|join)$/.test(use.name ?? ""))
      );
    })
  );
}

function weightOf(node: Node, { cost, call }: CostlyCall, facts: Facts): Weight {
  // Which turns come here hangs on what the loop goes through: they may be few.
  const runs = isChosen(node, facts) && facts.weightOf(node) === "heavy" ? "unknown" : facts.weightOf(node);
  if (isScalarTest(call, facts)) return "light";
  if (cost === "work") return runs === "light" ? "unknown" : runs;
  if (runs === "light" || cost === "text") return runs === "light" ? runs : "unknown";
  const [items] = asCall(call)?.args ?? [];
  if (/^(?:sum|min|max|set|frozenset|list|tuple|dict)$/.test(asCall(call)?.callee.text ?? "") && items)
    return facts.sizeOf(items) === "light" ? "light" : "unknown";
  return call.kind === "call" &&
    /^(?:array|arange|tensor|constant|range)$/.test(lastIdentifier(asCall(call)!.callee.text))
    ? "unknown"
    : runs;
}

function isChosen(node: Node, facts: Facts): boolean {
  const loop = facts.loopAround(node);
  for (let at = node; at !== loop && at.parent; at = at.parent) {
    const { kind } = at.parent;
    if (at.kind === "block" && /^(?:if_statement|elif_clause|else_clause)$/.test(kind)) return true;
    if (kind === "function_definition") return false;
  }
  return false;
}

/** `np.isinf(count)`: of one number. */
function isScalarTest(call: Node, facts: Facts): boolean {
  const view = call.kind === "call" ? asCall(call) : undefined;
  if (!view || !/^(?:np|numpy|math)\.is(?:inf|nan|finite)$/.test(view.callee.text)) return false;
  const type = view.args[0] && facts.typeOf(view.args[0])?.name;
  return type !== undefined && /^(?:int|float)$/.test(type);
}

/** Nothing in the statement runs before the loop or decides whether it does. */
function isFirst(loop: Node, statement: Node): boolean {
  if (!/^(?:expression_statement|return_statement|if_statement|for_statement)$/.test(statement.kind)) return false;
  for (let at: Node = loop; at !== statement; at = at.parent!)
    if (/^(?:boolean_operator|conditional_expression|lambda|block)$/.test(at.parent!.kind)) return false;
  return true;
}

function nameFor(node: Node): string {
  const call = asCall(node);
  if (!call) return "wanted";
  const word = lastIdentifier(call.callee.text);
  const object = call.callee.field("object")?.text ?? "";
  const isModule = /^(?:np|numpy|pd|json|re|os|glob|torch|tf|math)$/.test(object);
  const of = isModule || object === "" ? call.args[0]?.text : object;
  const base = of && /^[\w.]+$/.test(of) ? lastIdentifier(of).replace(/^_+/, "") : "";
  return (base === "" || /^\d/.test(base) ? `${word}_result` : `${base}_${word}`).toLowerCase();
}
