/** All of one collection is compared or copied for each item of another, a function that searches is called for each item, or a dict is searched by value. */

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
  asWhile,
  defineRule,
  fileQuestion,
  excerpt,
  functionAround,
  functionKnownAs,
  integerOf,
  isCompiled,
  isConstant,
  isStored,
  methodCalled,
  onlyStatement,
  statementOf,
  statementsOf,
  turnsOf,
  unwrap,
  useOf,
  type Evidence,
  type Facts,
  type ForLoop,
  type FunctionDef,
  type Node,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

const FEW_TURNS = 16;

export default defineRule({
  title: "All of a collection gone through for each item",
  why: "For each item, or each look-up, all of a collection is gone through or copied, so the work grows with the product of both sizes: ten times the data takes a hundred times as long. A dict or set by the value that is compared, built once, finds a match at once; for a search by order or distance a sorted list or a k-d tree does, for a sum or a maximum of what comes before or after a running one.",
  guide: "complexity",
  level: "warning",
  gain: "complexity",
  words: ["for", "while"],

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

  on: ["for_statement", "call", "slice", "return_statement"],
  within: "loop",

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    switch (node.kind) {
      case "call":
        return searchCalled(node, facts);
      case "slice":
        return restTaken(node, facts);
      case "return_statement":
        return keyByValue(node, facts);
      default:
        return pairOfLoops(node, facts);
    }
  },

  message({ at, over, from, function: called, form, sizes, order }) {
    const rows = excerpt(over, 24);
    const through = excerpt(from, 24);
    const steps = order === "O(n²)" ? `${sizes[0]}²` : sizes.join(" · ");
    switch (form) {
      case "call":
        return `\`${excerpt(called ?? "", 24)}\` goes through \`${rows}\` for each of \`${through}\`: ${steps} steps, ${order}; a dict finds it at once.`;
      case "rest":
        return `\`${excerpt(at.text, 24)}\` is gone through for each of \`${through}\`: about ${steps}/2 steps, ${order}; carry the result from turn to turn.`;
      case "kept":
        return `A copy \`${excerpt(at.text, 24)}\` is kept for each of \`${through}\`: about ${steps}/2 items, ${order}; keep the place where it begins.`;
      case "eaten":
        return `\`${excerpt(at.text, 24)}\` copies what is left in each turn: about ${steps}/2 items, ${order}; use an index or an iterator.`;
      case "value":
        return `Each look-up of a key by its value goes through \`${rows}\`, ${sizes[1]} steps; a second dict, from values to keys, finds it at once.`;
      default:
        return `The loop over \`${rows}\` runs for each of \`${through}\`: ${steps} comparisons, ${order}; a dict or set finds matches at once.`;
    }
  },
});

interface Found {
  readonly at: Node;
  readonly construct: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly over: string;
  /** What the outer loop goes through. */
  readonly from: string;
  readonly function: string | undefined;
  readonly form: "pair" | "call" | "rest" | "kept" | "eaten" | "value";
  /** Of the outer and of the inner loop, as expressions. */
  readonly sizes: readonly [string, string];
  readonly order: string;
  readonly related: readonly { readonly at: Node; readonly message: string }[];
}

/** How many turns a loop has, as an expression: `len(rows)`, `count` of `range(count)`. */
function sizeText(iterable: Node, facts: Facts): string {
  const node = unwrap(iterable);
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (call && name === "builtins.range") return excerpt((call.args[1] ?? call.args[0])?.text ?? node.text, 22);
  return `len(${excerpt(itemsOf(node, facts).text, 18)})`;
}

function outerLoop(iterable: Node, facts: Facts): { readonly at: Node; readonly message: string } {
  return { at: iterable, message: `the outer loop: ${sizeText(iterable, facts)} turns` };
}

function pairOfLoops(node: Node, facts: Facts): Found | undefined {
  const inner = asFor(node);
  const test = inner && !inner.isAsync && !inner.orElse ? testOf(inner) : undefined;
  const comparison = test && asComparison(unwrap(firstOf(test)));
  if (!inner || !comparison || !["==", "!=", "in"].includes(comparison.operator)) return undefined;
  const outer = asFor(facts.loopAround(node));
  if (!outer || outer.isAsync) return undefined;
  // It has one turn; and where hashing has failed no dict helps.
  if (/^(?:break|return|raise)_statement$/.test(statementsOf(outer.body).at(-1)?.kind ?? "")) return undefined;
  if (/\bTypeError\b/.test(handlerOf(node))) return undefined;
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
  // The code shows how the work grows: what is compared is known, or all of one collection is compared with all of it.
  const grows = (isKnown || from.text === over.text) && facts.weightOf(outer.node) !== "light";
  const isHeavy =
    (grows && !OF_A_FEW.test(from.text) && !OF_A_FEW.test(over.text)) || sizes.every((it) => it === "heavy");
  const weight: Weight = isBounded ? "light" : isHeavy ? "heavy" : "unknown";
  return {
    at: inner.node.field("right") ?? inner.iterable,
    construct: outer.node,
    evidence: isKnown ? "proof" : "fair",
    weight,
    over: over.text,
    from: from.text,
    function: undefined,
    form: "pair",
    sizes: [sizeText(outer.iterable, facts), sizeText(inner.iterable, facts)],
    order: from.text === over.text ? "O(n²)" : "O(n·m)",
    related: [outerLoop(outer.iterable, facts)],
  };
}

/** The error that the handler around is for. */
function handlerOf(node: Node): string {
  return node.ancestor("except_clause", "function_definition")?.text.split(":", 1)[0] ?? "";
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

/** What of such things a program knows can mostly be counted on two hands: `all_cities`, `self.columns`. */
const OF_A_FEW =
  /(?:^|[._])(?:countries|provinces|states|cities|districts|regions|languages|columns|headers|fields|categories|classes|labels|kinds|modes|providers|backends|tools|plugins|options|settings|extensions)$/;

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
    loop.kind === "for_statement" ? asFor(loop)?.target : loop.descendants("for_in_clause")[0]?.field("left");
  const moving = new Set(bound ? identifiersOf(bound) : []);
  if (!looked.some((it) => identifiersOf(it).some((name) => moving.has(name)))) return undefined;
  const outer = asFor(loop);
  const through =
    loop.kind === "for_statement" ? outer?.iterable : loop.descendants("for_in_clause")[0]?.field("right");
  if (!through) return undefined;
  if ((outer && isFew(outer, facts)) || (given && facts.sizeOf(given) === "light")) return undefined;
  return {
    at: call.callee,
    construct: loop,
    evidence: "fair",
    weight: facts.weightOf(node) === "light" ? "light" : "unknown",
    over: given?.text ?? search,
    from: itemsOf(through, facts).text,
    function: def.name,
    form: "call",
    sizes: [sizeText(through, facts), `len(${excerpt(given?.text ?? search, 18)})`],
    order: "O(n·m)",
    related: [outerLoop(through, facts)],
  };
}

const WALKS = /^builtins\.(?:max|min|sum|any|all|set|frozenset|sorted|tuple|list|len)$/;
const ARRAYS = /^(?:numpy|torch|tensorflow|pandas|polars|jax|cupy|dask|xarray)\b/;

/** `max(prices[i + 1:])`, `name in names[:i]`, `found.append(text[i:])` for each `i`; `rows = rows[1:]` while there are rows. */
function restTaken(node: Node, facts: Facts): Found | undefined {
  const subscript = node.fieldName === "subscript" ? asSubscript(node.parent) : undefined;
  const sequence = subscript && unwrap(subscript.value);
  const parts = node.text.split(":");
  const bound = parts.length === 2 && (parts[0] === "") !== (parts[1] === "") ? node.children[0] : undefined;
  if (!sequence || !bound || sequence.kind !== "identifier" || isStored(subscript.node)) return undefined;
  const loop = facts.loopAround(node);
  const known = facts.typed(sequence, "fair");
  if (!loop || ARRAYS.test(known?.type.name ?? "")) return undefined;
  const use = useOf(subscript.node);
  if (use.kind === "assigned") return eaten(subscript.node, sequence, bound, loop, facts);
  const walked = countedOver(loop, sequence, bound, facts);
  const form = walked && formOf(use, facts);
  if (!walked || !form || isCompiled(node, facts) || facts.isStableIn(sequence, loop) === "no") return undefined;
  // What is kept of an array is a view.
  const mayBeArray = !known && ["numpy", "torch", "tensorflow", "jax"].some((it) => facts.view.imports(it));
  if (form === "kept" && mayBeArray) return undefined;
  const size = `len(${sequence.text})`;
  const isPlain = /^(?:list|str|tuple|bytes)$/.test(known?.type.name ?? "");
  // A tuple is written down somewhere, and an object is made of a handful of sizes.
  const items = sizeHere(sequence, facts);
  const isSmall = known?.type.name === "tuple" || facts.weightOf(loop) === "light" || items === "light";
  const isMaking = asFunction(functionAround(subscript.node))?.name === "__init__";
  return {
    at: subscript.node,
    construct: loop,
    evidence: isPlain ? (known?.evidence ?? "fair") : "fair",
    weight: isSmall ? "light" : form === "rest" && !isMaking && items === "heavy" ? "heavy" : "unknown",
    over: sequence.text,
    from: sequence.text,
    function: undefined,
    form,
    sizes: [size, size],
    order: "O(n²)",
    related: walked.kind === "while_statement" ? [] : [outerLoop(walked, facts)],
  };
}

/** How many items a name has here, also where it is made anew from a few others: `values = [share(it) for it in values]`. */
function sizeHere(sequence: Node, facts: Facts): Weight {
  const known = facts.sizeOf(sequence);
  if (known !== "unknown") return known;
  const [only, more] = facts.reachingSites(sequence);
  const made = !more && only?.kind === "assign" && only.path.length === 0 ? only.value : undefined;
  return made && unwrap(made).kind === "list_comprehension" ? facts.sizeOf(made) : "unknown";
}

function formOf(use: Use, facts: Facts): "rest" | "kept" | undefined {
  if (use.kind === "membership") return "rest";
  if (use.kind === "method") return /^(?:count|index)$/.test(use.name ?? "") ? "rest" : undefined;
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  if (!call) return undefined;
  if (call.args.length === 1 && WALKS.test(facts.nameOf(call.callee) ?? ""))
    return facts.nameOf(call.callee) === "builtins.len" ? undefined : "rest";
  return asMethodCall(call.node, "append", "add") ? "kept" : undefined;
}

/** What counts the turns, if it counts the items of the sequence and the bound follows it. */
function countedOver(loop: Node, sequence: Node, bound: Node, facts: Facts): Node | undefined {
  const names = new Set(identifiersOf(bound));
  const test = asWhile(loop)?.condition;
  if (test) {
    const comparison = asComparison(unwrap(test));
    const isCounted =
      comparison !== undefined &&
      /^<=?$/.test(comparison.operator) &&
      names.has(comparison.left.text) &&
      comparison.right.text.startsWith(`len(${sequence.text})`);
    const steps = isCounted
      ? loop.descendants("augmented_assignment").filter((it) => it.field("left")?.text === comparison.left.text)
      : [];
    return steps.length > 0 && steps.every((it) => isConstant(it.field("right")!)) ? loop : undefined;
  }
  const clause = loop.kind === "for_statement" ? loop : loop.children.find((it) => it.kind === "for_in_clause");
  const iterable = clause?.field("right");
  const target = clause?.field("left");
  const call = iterable && asCall(unwrap(iterable));
  const name = call && facts.nameOf(call.callee);
  const end = name === "builtins.range" ? (call?.args[1] ?? call?.args[0]) : undefined;
  const isCounted = end ? end.text.startsWith(`len(${sequence.text})`) : call?.args[0]?.text === sequence.text;
  if (!call || !target || !isCounted) return undefined;
  const counter = name === "builtins.range" ? target : name === "builtins.enumerate" ? target.children[0] : undefined;
  return counter?.kind === "identifier" && names.has(counter.text) ? iterable : undefined;
}

/** `rows = rows[1:]` in `while rows:`. */
function eaten(taken: Node, sequence: Node, bound: Node, loop: Node, facts: Facts): Found | undefined {
  const assigned = asAssignment(statementOf(taken));
  const condition = asWhile(loop)?.condition;
  if (!condition || !assigned || assigned.targets.length !== 1 || assigned.targets[0]!.text !== sequence.text)
    return undefined;
  const isAtFront = taken.text.endsWith(":]") && isConstant(bound) && !bound.text.startsWith("-");
  const asked = identifiersOf(condition);
  const known = facts.typed(sequence, "fair")?.type.name;
  if (!isAtFront || !asked.includes(sequence.text) || !/^(?:list|str|bytes|tuple)$/.test(known ?? "list"))
    return undefined;
  if (known === undefined && ["numpy", "torch", "tensorflow", "jax"].some((it) => facts.view.imports(it)))
    return undefined;
  // The item of a data set is a tensor, whose slices copy nothing; and what is cut in other ways too is not eaten one by one.
  if (known === undefined && asFunction(functionAround(taken))?.name === "__getitem__") return undefined;
  if (facts.writesOf(sequence, loop).length > 1) return undefined;
  const size = `len(${sequence.text})`;
  return {
    at: taken,
    construct: loop,
    evidence: known === undefined ? "fair" : "strong",
    weight: facts.sizeOf(sequence) === "light" || facts.weightOf(loop) === "light" ? "light" : "unknown",
    over: sequence.text,
    from: sequence.text,
    function: undefined,
    form: "eaten",
    sizes: [size, size],
    order: "O(n²)",
    related: [],
  };
}

/** `for key, value in names.items(): if value == wanted: return key`. */
function keyByValue(node: Node, facts: Facts): Found | undefined {
  const key = node.children[0];
  const branch = key?.kind === "identifier" ? asIf(node.parent?.parent) : undefined;
  const loop = branch && asFor(branch.node.parent?.parent);
  if (!loop || loop.isAsync || onlyStatement(loop.body) !== branch.node || branch.orElse || branch.elifs.length > 0)
    return undefined;
  if (onlyStatement(branch.body) !== node) return undefined;
  const of = asMethodCall(unwrap(loop.iterable), "items");
  const [first, second, more] = loop.target.children;
  if (!of || of.args.length > 0 || first?.text !== key!.text || !second || more) return undefined;
  const values = new Set(identifiersOf(second));
  const names = new Set([first.text, ...values]);
  const isAsked = (test: Node): boolean => {
    const both = asBinary(unwrap(test));
    if (both) return both.operator === "and" && isAsked(both.left) && isAsked(both.right);
    const comparison = asComparison(unwrap(test));
    if (comparison?.operator !== "==") return false;
    const sides = [comparison.left, comparison.right].map(unwrap);
    const value = sides.find((it) => it.kind === "identifier" && values.has(it.text));
    const other = sides.find((it) => it !== value);
    return (
      value !== undefined &&
      other !== undefined &&
      !isConstant(other) &&
      !identifiersOf(other).some((it) => names.has(it))
    );
  };
  if (!isAsked(branch.condition) || facts.sizeOf(loop.iterable) === "light" || facts.sizeOf(of.object) === "light")
    return undefined;
  const runs = facts.weightOf(loop.node);
  return {
    at: loop.iterable,
    construct: loop.node,
    evidence: "fair",
    weight: runs,
    over: of.object.text,
    from: of.object.text,
    function: undefined,
    form: "value",
    sizes: ["look-ups", `len(${excerpt(of.object.text, 18)})`],
    order: "O(n)",
    related: [],
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
  const method = methodCalled(callee, facts);
  return method?.kind === "instance" ? method.def : undefined;
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
