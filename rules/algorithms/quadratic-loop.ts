/** All of one collection is compared for each item of another, or a function that searches is called for each item. */

import {
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asFor,
  asFunction,
  asIf,
  asMethodCall,
  asSubscript,
  defineRule,
  fileQuestion,
  excerpt,
  functionAround,
  functionKnownAs,
  integerOf,
  isCompiled,
  onlyStatement,
  statementsOf,
  turnsOf,
  unwrap,
  type Evidence,
  type Facts,
  type ForLoop,
  type FunctionDef,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const FEW_TURNS = 16;

export default defineRule({
  title: "Every item compared with every other",
  why: "For each item all the others are gone through, so the work grows with the product of both sizes: ten times the data takes a hundred times as long. A dict or set by the value that is compared, built once, finds a match at once; for a search by order or distance a sorted list or a k-d tree does.",
  guide: "complexity",
  level: "warning",
  gain: "complexity",
  words: ["for"],

  examples: [
    {
      before: `
def has_repeated(names: list[str]) -> bool:
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            if names[i] == names[j]:
                return True
    return False
`,
      after: `
def has_repeated(names: list[str]) -> bool:
    return len(set(names)) < len(names)
`,
    },
    {
      before: `
def find(users: list[dict[str, str]], name: str) -> str | None:
    for user in users:
        if user["name"] == name:
            return user["mail"]
    return None

def mails(users: list[dict[str, str]], names: list[str]) -> list[str | None]:
    return [find(users, name) for name in names]
`,
      after: `
def mails(users: list[dict[str, str]], names: list[str]) -> list[str | None]:
    mails_by_name = {user["name"]: user["mail"] for user in reversed(users)}
    return [mails_by_name.get(name) for name in names]
`,
    },
  ],

  on: ["for_statement", "call"],
  within: "loop",

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    return node.kind === "call" ? searchCalled(node, facts) : pairOfLoops(node, facts);
  },

  message({ over, function: called, order }) {
    const rows = excerpt(over, 40);
    return called
      ? `\`${excerpt(called, 30)}\` goes through \`${rows}\` in each turn, ${order} steps in all; a dict by what it looks for, built before the loop, finds it at once.`
      : `All of \`${rows}\` is compared in each turn of the outer loop, ${order} steps; a dict or set by what is compared finds matches at once.`;
  },
});

interface Found {
  readonly at: Node;
  readonly construct: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly over: string;
  readonly function: string | undefined;
  readonly order: string;
}

function pairOfLoops(node: Node, facts: Facts): Found | undefined {
  const inner = asFor(node);
  const test = inner && !inner.isAsync && !inner.orElse ? testOf(inner) : undefined;
  const comparison = test && asComparison(unwrap(firstOf(test)));
  if (!inner || !comparison || !["==", "!=", "in"].includes(comparison.operator)) return undefined;
  const outer = asFor(facts.loopAround(node));
  if (!outer || outer.isAsync) return undefined;
  const outside = namesFrom(outer, inner);
  const inside = namesFrom(inner);
  const sides = [comparison.left, comparison.right].map((it) => sideOf(it, outside, inside));
  if (!sides.includes("outer") || !sides.includes("inner")) return undefined;
  // Text within text is most of it: no hash finds that.
  if (comparison.operator === "in" && !/^(list|tuple)$/.test(facts.typeOf(comparison.right)?.name ?? ""))
    return undefined;
  const [left, right] = [comparison.left, comparison.right].map(unwrap) as [Node, Node];
  if (isShifted(left) || isShifted(right)) return undefined;
  // Two counters that are compared with each other say which pairs are wanted.
  if (left.kind === "identifier" && right.kind === "identifier" && [outer, inner].every((it) => isRange(it, facts)))
    return undefined;
  if (dependsOn(inner.iterable, outside, facts) || isFew(outer, facts) || isFew(inner, facts)) return undefined;
  // Another rule says that they are used up after the first turn.
  if (ONCE.test(facts.typeOf(inner.iterable)?.name ?? "")) return undefined;
  if (isCompiled(node, facts) || ROWS.has(asMethodCall(unwrap(inner.iterable))?.method ?? "")) return undefined;
  const [from, over] = [outer, inner].map((it) => itemsOf(it.iterable, facts)) as [Node, Node];
  const isKnown = [left, right].every((it) => facts.typeOf(it) !== undefined);
  const sizes = [outer, inner].map((it) => facts.sizeOf(it.iterable));
  const isBounded = [outer, inner].every((it) => (countOf(it.iterable, facts) ?? Infinity) <= HUNDREDS);
  const weight: Weight = isBounded ? "light" : sizes.every((it) => it === "heavy") ? "heavy" : "unknown";
  return {
    at: inner.node.field("right") ?? inner.iterable,
    construct: outer.node,
    evidence: isKnown ? "proof" : "fair",
    weight,
    over: over.text,
    function: undefined,
    order: from.text === over.text ? "O(n²)" : "O(n·m)",
  };
}

/** Ten thousand comparisons take a millisecond. */
const HUNDREDS = 300;

/** The turns of `range` with numbers that stand there. */
function countOf(iterable: Node, facts: Facts): number | undefined {
  const call = asCall(unwrap(iterable));
  if (call?.callee.text !== "range" || !facts.isBuiltin("range", iterable)) return undefined;
  const [first, second] = call.args.map(integerOf);
  return call.args.length === 1 ? first : second === undefined || first === undefined ? undefined : second - first;
}

/** What is done at all depends on one comparison: what stands before it only takes values out of the rows. */
function testOf(inner: ForLoop): Node | undefined {
  const statements = statementsOf(inner.body);
  const at = statements.findIndex((it) => it.kind === "if_statement");
  const branch = asIf(statements[at]);
  if (!branch || branch.orElse || branch.elifs.length > 0) return undefined;
  const isPlain = (it: Node) => asAssignment(it)?.targets.every((target) => target.kind === "identifier") ?? false;
  if (!statements.slice(0, at).every(isPlain)) return undefined;
  const isGuard =
    onlyStatement(branch.body)?.kind === "continue_statement" &&
    asComparison(unwrap(branch.condition))?.operator === "!=";
  if (isGuard) return branch.condition;
  return at === statements.length - 1 && asComparison(unwrap(firstOf(branch.condition)))?.operator !== "!="
    ? branch.condition
    : undefined;
}

function firstOf(condition: Node): Node {
  const both = asBinary(unwrap(condition));
  return both?.operator === "and" ? firstOf(both.left) : condition;
}

/** The target of a loop, and names that its body gives what is taken from it. */
function namesFrom(loop: ForLoop, without?: ForLoop): ReadonlySet<string> {
  const names = new Set(identifiersOf(loop.target));
  for (const statement of statementsOf(loop.body)) {
    if (statement === without?.node) break;
    const assignment = asAssignment(statement);
    const [target, more] = assignment?.targets ?? [];
    if (target?.kind !== "identifier" || more || !assignment?.value) continue;
    if (identifiersOf(assignment.value).some((it) => names.has(it))) names.add(target.text);
  }
  return names;
}

function identifiersOf(node: Node): readonly string[] {
  const all = node.kind === "identifier" ? [node] : node.descendants("identifier");
  return all.filter((it) => it.fieldName !== "attribute").map((it) => it.text);
}

function sideOf(node: Node, outside: ReadonlySet<string>, inside: ReadonlySet<string>): "outer" | "inner" | undefined {
  const names = identifiersOf(node);
  const isOuter = names.some((it) => outside.has(it));
  const isInner = names.some((it) => inside.has(it));
  return isOuter === isInner ? undefined : isOuter ? "outer" : "inner";
}

/** `v[i - 1]`: a neighbour in a table that is filled step by step. */
function isShifted(node: Node): boolean {
  return node
    .descendants("binary_operator")
    .some((it) => it.fieldName === "subscript" && asSubscript(it.parent) !== undefined);
}

function isRange({ iterable }: ForLoop, facts: Facts): boolean {
  const call = asCall(unwrap(iterable));
  return call !== undefined && facts.nameOf(call.callee) === "builtins.range";
}

/** The inner rows belong to the outer one, or change in the loop. A range may begin behind the outer index. */
function dependsOn(iterable: Node, outside: ReadonlySet<string>, facts: Facts): boolean {
  const call = asCall(unwrap(iterable));
  const counted = call && facts.nameOf(call.callee) === "builtins.range" ? (call.args[1] ?? call.args[0]) : undefined;
  return identifiersOf(counted ?? iterable).some((it) => outside.has(it));
}

function isFew(loop: ForLoop, facts: Facts): boolean {
  return (turnsOf(loop.node) ?? Infinity) <= FEW_TURNS || facts.sizeOf(loop.iterable) === "light";
}

/** `rows` of `range(len(rows))`, `enumerate(rows)`, `rows.items()`. */
function itemsOf(iterable: Node, facts: Facts): Node {
  const node = unwrap(iterable);
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (call && name === "builtins.range") {
    const end = call.args[1] ?? call.args[0];
    return end ? itemsOf(end, facts) : node;
  }
  if (call?.args[0] && name !== undefined && /^builtins\.(len|enumerate|list|sorted|reversed)$/.test(name))
    return itemsOf(call.args[0], facts);
  const method = asMethodCall(node, "items", "values", "keys");
  return method ? itemsOf(method.object, facts) : node;
}

const ONCE = /^(iterator|generator|typing\.(Iterator|Generator)|(binary-)?file)$/;
/** Rules about frames speak of these. */
const ROWS = new Set(["iterrows", "itertuples", "iter_rows", "rows"]);

/** A call, in a loop, of a function of the file that goes through something that stays the same, and returns what it finds. */
function searchCalled(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node);
  const def = call ? searcher(call.callee, facts) : undefined;
  const loop = def && facts.loopAround(node);
  const search = call && loop ? facts.ofFile(SEARCHED, pathOf(call.callee, facts) ?? "") : "";
  if (!call || !def || !loop || search === "" || isCompiled(node, facts)) return undefined;
  const root = /^\w+/.exec(search)?.[0] ?? "";
  const skipped = asAttribute(call.callee) ? 1 : 0;
  const place = def.parameters.findIndex((it) => it.name === root);
  const isOwn = place === 0 && skipped === 1;
  const given = isOwn ? undefined : (call.keywords.get(root) ?? call.args[place - skipped]);
  if (place < 0 || (!isOwn && (!given || !["identifier", "attribute"].includes(given.kind)))) return undefined;
  if (given && facts.isStableIn(given, loop) === "no") return undefined;
  const looked = [...call.args, ...call.keywords.values()].filter((it) => it !== given);
  const bound =
    loop.kind === "for_statement" ? asFor(loop)!.target : loop.descendants("for_in_clause")[0]?.field("left");
  const moving = new Set(bound ? identifiersOf(bound) : []);
  if (!looked.some((it) => identifiersOf(it).some((name) => moving.has(name)))) return undefined;
  const outer = asFor(loop);
  if ((outer && isFew(outer, facts)) || (given && facts.sizeOf(given) === "light")) return undefined;
  return {
    at: call.callee,
    construct: loop,
    evidence: "fair",
    weight: facts.weightOf(node) === "light" ? "light" : "unknown",
    over: given?.text ?? search,
    function: def.name,
    order: "O(n·m)",
  };
}

/** `find`, or `Registry.find` of `self.find`. */
function pathOf(callee: Node, facts: Facts): string | undefined {
  if (callee.kind === "identifier") return callee.text;
  const home = asFunction(functionAround(callee));
  const owner = home && facts.classNameOf(home.outer);
  const name = asAttribute(callee)?.name;
  return owner === undefined || name === undefined ? undefined : `${owner}.${name}`;
}

/** The function or own method of this file that is called. */
function searcher(callee: Node, facts: Facts): FunctionDef | undefined {
  // Nearly everything that is called in loops is of a library, or gives nothing back.
  if (!facts.view.answers(asAttribute(callee)?.name ?? callee.text)) return undefined;
  const path = pathOf(callee, facts);
  if (path === undefined || facts.ofFile(SEARCHED, path) === "") return undefined;
  if (callee.kind === "identifier") return facts.functionNamed(callee);
  const attribute = asAttribute(callee);
  const home = attribute?.object.kind === "identifier" ? asFunction(functionAround(callee)) : undefined;
  if (!attribute || !home || home.parameters[0]?.name !== attribute.object.text) return undefined;
  const [found, more] = facts.classOf(home.outer)?.methods.filter((it) => it.def.name === attribute.name) ?? [];
  return more || found?.kind !== "instance" ? undefined : found.def;
}

/** What a function searches, as it calls it; asked once for each function, by its name: so that callers do not rest on its body. */
const SEARCHED = fileQuestion((facts, path): string => {
  const def = functionKnownAs(path, facts.view);
  const found = def && searchIn(def, facts);
  return found && facts.sizeOf(found) !== "light" ? found.text : "";
});

/** What the function searches: `for row in rows: if row.key == key: return row`, and nothing before it. */
function searchIn(def: FunctionDef, facts: Facts): Node | undefined {
  if (def.isAsync || def.decorators.length > 0) return undefined;
  const body = facts.bodyOf(def);
  if (!body.text.includes("==") || !body.text.includes("return")) return undefined;
  const [first, after, more] = statementsOf(body).filter((it) => it.kind !== "expression_statement" || !isText(it));
  const loop = asFor(first);
  if (!loop || more || (after && after.kind !== "return_statement" && after.kind !== "raise_statement"))
    return undefined;
  const branch = asIf(onlyStatement(loop.body));
  const comparison = branch && !branch.orElse ? asComparison(unwrap(firstOf(branch.condition))) : undefined;
  if (comparison?.operator !== "==" || statementsOf(branch!.body).at(-1)?.kind !== "return_statement") return undefined;
  const rows = new Set(identifiersOf(loop.target));
  const sides = [comparison.left, comparison.right].map((it) => identifiersOf(it).some((name) => rows.has(name)));
  const other = sides[0] ? comparison.right : comparison.left;
  if (sides[0] === sides[1] || identifiersOf(other).length === 0) return undefined;
  return itemsOf(loop.iterable, facts);
}

function isText(statement: Node): boolean {
  return statement.children[0]?.kind === "string";
}
