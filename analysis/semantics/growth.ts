/**
 * How the work of a function grows with the sizes of what it is given: an upper bound, made of its loops, of calls whose cost is known, and of recursion.
 * What is unknown is said, not guessed: the function grows at least as told, if what is unknown does not depend on the sizes.
 *
 * Steps are counted, not time: a whole-array operation is as many steps as the array has elements, an operation on a number or a short text is one.
 */

import { isProgressBar } from "./progress.js";
import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asComprehension,
  asMethodCall,
  asSubscript,
  integerOf,
  unwrap,
  type Call,
} from "../syntax/expressions.js";
import { asFor, asWhile, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { functionCalled } from "./called.js";
import type { Facts } from "./facts.js";
import {
  CONSTANT,
  exponential,
  inTermsOf,
  linear,
  logarithmic,
  logOf,
  rooted,
  sum,
  times,
  unknownGrowth,
  type Growth,
} from "./growth-terms.js";
import { useOf } from "./uses.js";

export type GrowthFacts = Pick<
  Facts,
  "nameOf" | "typeOf" | "isA" | "functionNamed" | "bodyOf" | "valueOf" | "sizeOf" | "writesOf" | "classOf" | "view"
>;

/** Calls of functions of the file are followed so deep. */
const DEEPEST = 6;
/** Names of sizes are as long as this at most: what is longer says nothing to a reader. */
const LONGEST_NAME = 40;
/** What is gone through in the end is looked for behind so many names and calls. */
const BEHIND = 6;

/** @param open functions whose growth is being worked out: a call of one of them is recursion */
export function growthOf(def: FunctionDef, facts: GrowthFacts, open: readonly FunctionDef[] = []): Growth {
  const own = [...open, def];
  const body = costOf(facts.bodyOf(def), facts, own);
  const calls = selfCallsOf(def, facts);
  return calls.length === 0 ? body : recursive(def, calls, body, facts);
}

/** Of a block, statement or expression; functions and classes that are only defined cost nothing. */
function costOf(node: Node, facts: GrowthFacts, open: readonly FunctionDef[]): Growth {
  const inside = (it: Node | undefined) => (it ? costOf(it, facts, open) : CONSTANT);
  switch (node.kind) {
    case "function_definition":
    case "class_definition":
    case "decorated_definition":
    case "lambda":
    case "identifier":
    case "integer":
    case "comment":
      return CONSTANT;
    case "for_statement": {
      const loop = asFor(node);
      if (!loop) break;
      const each = inside(loop.body);
      return sum([inside(loop.iterable), times(turnsThrough(loop.iterable, facts), each), inside(loop.orElse)]);
    }
    case "while_statement": {
      const loop = asWhile(node);
      if (!loop) break;
      return times(
        turnsOfWhile(node, loop.condition, loop.body, facts),
        sum([inside(loop.condition), inside(loop.body)]),
      );
    }
    case "list_comprehension":
    case "set_comprehension":
    case "dictionary_comprehension":
    case "generator_expression": {
      const comprehension = asComprehension(node);
      if (!comprehension) break;
      let each = sum([inside(comprehension.element), ...comprehension.conditions.map(inside)]);
      for (const { iterable } of [...comprehension.clauses].reverse())
        each = sum([inside(iterable), times(turnsThrough(iterable, facts), each)]);
      return each;
    }
    case "call":
      return costOfCall(node, facts, open);
    case "comparison_operator": {
      const parts = sum(node.children.map(inside));
      const comparison = asComparison(node);
      const isSearch = comparison?.operator === "in" || comparison?.operator === "not in";
      return isSearch ? sum([parts, costOfSearch(comparison.right, facts)]) : parts;
    }
    default:
  }
  return sum(node.children.map(inside));
}

const HASHED =
  /^(set|frozenset|dict|collections\.(defaultdict|Counter|OrderedDict|ChainMap)|typing\.(Mapping|MutableMapping)|range)$/;

/** `x in container`. A short text, or what is written out, is looked through in no time. */
function costOfSearch(container: Node, facts: GrowthFacts): Growth {
  const node = unwrap(container);
  if (facts.sizeOf(node) === "light") return CONSTANT;
  const type = facts.typeOf(node)?.name;
  if (type === undefined)
    return node.kind === "identifier" || node.kind === "attribute" ? unknownGrowth(`in ${shown(node)}`) : CONSTANT;
  if (HASHED.test(type) || type === "str") return CONSTANT;
  return sizeNamed(node, facts) ?? CONSTANT;
}

/** Go through all of what they are given first. */
const THROUGH =
  /^(builtins\.(sum|any|all|list|tuple|set|frozenset|dict|max|min|bytes|bytearray)|collections\.(Counter|deque|OrderedDict)|statistics\.\w+|math\.(fsum|prod)|copy\.(copy|deepcopy)|functools\.reduce|numpy\.(array|asarray|sum|mean|std|var|min|max|argmin|argmax|cumsum|where|concatenate|stack|vstack|hstack|abs|exp|log|sqrt|isnan)|json\.(dumps|loads|dump|load)|pandas\.(DataFrame|Series|concat))$/;
const SORTS = /^(builtins\.sorted|numpy\.(sort|argsort|unique)|heapq\.(nlargest|nsmallest|merge))$/;
const HEAPS = /^heapq\.(heappush|heappop|heapreplace|heappushpop)$|^bisect\.bisect(_left|_right)?$/;
/** Cost the same whatever they are given, or are lazy: who goes through what they give pays for it. */
const CHEAP =
  /^builtins\.(len|range|print|isinstance|issubclass|enumerate|zip|map|filter|reversed|iter|next|int|float|str|bool|abs|round|divmod|ord|chr|hash|id|type|getattr|setattr|hasattr|open|super|repr|format|callable|object|property|pow|input|slice|vars|complex|bin|hex|ascii)$|^(math|operator|time|random|os|os\.path|itertools|collections|functools|logging|typing|string|re|datetime|pathlib)\.\w+/;

/** Of a list: they move or look at all that stands in it. */
const LIST_THROUGH = new Set(["index", "count", "remove", "insert", "copy", "reverse", "clear"]);
const GROWS_BY = new Set(["extend", "update", "union", "intersection", "difference", "join"]);
const ARRAYS = ["numpy.ndarray", "pandas.DataFrame", "pandas.Series", "torch.Tensor"];

function costOfCall(node: Node, facts: GrowthFacts, open: readonly FunctionDef[]): Growth {
  const call = asCall(node);
  if (!call) return CONSTANT;
  const given = sum([...call.args, ...call.keywords.values()].map((it) => costOf(it, facts, open)));
  return sum([given, costOf(call.callee, facts, open), costOfRun(call, facts, open)]);
}

function costOfRun(call: Call, facts: GrowthFacts, open: readonly FunctionDef[]): Growth {
  const [first] = call.args;
  const name = facts.nameOf(call.callee);
  if (name !== undefined) {
    if (THROUGH.test(name)) return first && call.args.length === 1 ? throughAll(first, facts) : CONSTANT;
    if (SORTS.test(name)) return first ? sorting(throughAll(first, facts)) : CONSTANT;
    if (HEAPS.test(name)) return first ? logOf(turnsThrough(first, facts)) : CONSTANT;
    if (CHEAP.test(name) || /Error$|Exception$/.test(name)) return CONSTANT;
  }
  const own = functionCalled(call.callee, facts);
  if (own) {
    // Its own calls are looked at when all else of it is known.
    if (own.node === open.at(-1)?.node) return CONSTANT;
    if (open.length >= DEEPEST || open.some((it) => it.node === own.node)) return unknownGrowth(`${own.name}()`);
    return asCalled(call, own, growthOf(own, facts, open), facts);
  }
  const method = asMethodCall(call.node);
  if (method) {
    const type = facts.typeOf(method.object)?.name;
    if (method.method === "sort" && (type === "list" || type === "numpy.ndarray"))
      return sorting(turnsThrough(method.object, facts));
    if (type === "list" && LIST_THROUGH.has(method.method)) return turnsThrough(method.object, facts);
    if (type === "list" && method.method === "pop" && first && integerOf(first) === 0)
      return turnsThrough(method.object, facts);
    if (GROWS_BY.has(method.method) && (type === "str" || type === "list" || type === "set" || type === "dict"))
      return first ? throughAll(first, facts) : CONSTANT;
    if (type !== undefined && BUILT_IN.test(type)) return CONSTANT;
    if (ARRAYS.some((it) => facts.isA(method.object, it)))
      return method.method.startsWith("sort")
        ? sorting(turnsThrough(method.object, facts))
        : (sizeNamed(method.object, facts) ?? CONSTANT);
    if (CHEAP_METHODS.has(method.method)) return CONSTANT;
  }
  return unknownGrowth(`${shown(call.callee)}()`);
}

const BUILT_IN =
  /^(list|dict|set|str|bytes|int|float|tuple|frozenset|range|file|collections\.\w+|re\.\w+|logging\.\w+)$/;
/** Whatever object they are called on. */
const CHEAP_METHODS = new Set(
  "append add get items keys values pop popleft appendleft setdefault discard strip split startswith endswith lower upper format encode decode replace group debug info warning error exception put".split(
    " ",
  ),
);

const sorting = (size: Growth): Growth => times(size, logOf(size));

/** Reading a generator costs what it costs to make its items, which was counted where it stands. */
function throughAll(argument: Node, facts: GrowthFacts): Growth {
  const node = unwrap(argument);
  return asComprehension(node) ? CONSTANT : turnsThrough(node, facts);
}

/** The growth of a function in the sizes of what it is called with. */
function asCalled(call: Call, def: FunctionDef, growth: Growth, facts: GrowthFacts): Growth {
  const skipped = facts.classOf(def.outer) && asAttribute(call.callee) ? 1 : 0;
  const given = new Map<string, Node>();
  def.parameters.forEach((it, index) => {
    const value = call.keywords.get(it.name) ?? call.args[index - skipped];
    if (value && index >= skipped) given.set(it.name, value);
  });
  return inTermsOf(growth, (size) => {
    const root = /^\w+/.exec(size)?.[0] ?? size;
    const value = given.get(root);
    if (value && root === size) return turnsThrough(value, facts, true);
    if (value) return linear(`${shown(value)}${size.slice(root.length)}`.slice(0, LONGEST_NAME));
    // An attribute of the same object, or a global name: it has the same name here. A name of its own has none.
    const isOwn = def.parameters.some((it) => it.name === root) && skipped === 0;
    return isOwn || isLocal(root, def) ? unknownGrowth(`${def.name}()`) : linear(size);
  });
}

function isLocal(name: string, def: FunctionDef): boolean {
  return def.body.identifiers(name).some((it) => useOf(it).kind === "other" && it.fieldName === "left");
}

/** How often a loop over it turns. @param isCount the value may be a number that says how often, as an argument is */
function turnsThrough(iterable: Node, facts: GrowthFacts, isCount = false, depth = 0): Growth {
  const node = unwrap(iterable);
  if (depth > BEHIND) return unknownGrowth(shown(node));
  const inner = (it: Node) => turnsThrough(it, facts, isCount, depth + 1);
  if (integerOf(node) !== undefined || facts.sizeOf(node) === "light") return CONSTANT;
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (call && name !== undefined) {
    const [first, second] = call.args;
    if (name === "builtins.range") return turnsOfRange(call, facts, depth);
    if (name === "builtins.len" && first) return inner(first);
    if (name === "itertools.combinations" || name === "itertools.permutations") {
      const size = first ? inner(first) : CONSTANT;
      const chosen = second && integerOf(second);
      if (chosen === undefined || chosen < 1) return exponential();
      return Array.from({ length: Math.min(chosen, 6) }).reduce<Growth>((all) => times(all, size), CONSTANT);
    }
    if (name === "itertools.product") {
      const sizes = call.args.map(inner);
      return call.keywords.has("repeat") ? exponential() : sizes.reduce<Growth>(times, CONSTANT);
    }
    if ((name === "builtins.map" || name === "builtins.filter") && second) return inner(second);
    if ((HANDS_ON.test(name) || isProgressBar(name)) && first) return inner(first);
    if (READS.test(name)) return linear(shown(node));
  }
  const method = call && asMethodCall(node);
  if (method && /^(items|keys|values|split|splitlines|readlines|iterrows|itertuples|tolist|copy)$/.test(method.method))
    return inner(method.object);
  const comprehension = asComprehension(node);
  if (comprehension) return comprehension.clauses.map((it) => inner(it.iterable)).reduce<Growth>(times, CONSTANT);
  const subscript = asSubscript(node);
  if (subscript?.indices[0]?.kind === "slice") return inner(subscript.value);
  const binary = asBinary(node);
  if (binary && isCount) return turnsOfSum(binary.left, binary.right, binary.operator, facts, depth);
  const known = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  if (known && isLengthOf(known, facts)) return inner(known);
  return sizeNamed(node, facts) ?? unknownGrowth(shown(node));
}

const HANDS_ON =
  /^(builtins\.(enumerate|zip|reversed|iter|list|tuple|set|sorted|frozenset)|itertools\.(islice|takewhile|dropwhile|filterfalse|starmap|pairwise|groupby|chain)|tqdm\.(\w+\.)*trange)$/;

/** As long as a file or a folder is. */
const READS = /^(builtins\.open|os\.(listdir|scandir|walk)|glob\.i?glob|csv\.(reader|DictReader)|sys\.stdin)$/;

function isLengthOf(value: Node, facts: GrowthFacts): boolean {
  const call = asCall(unwrap(value));
  return call !== undefined && facts.nameOf(call.callee) === "builtins.len";
}

/** `range(n)`, `range(1, len(rows) + 1)`, `range(i + 1, n)`, `range(int(n ** 0.5))`: as many as its end says, at most. */
function turnsOfRange({ args }: Call, facts: GrowthFacts, depth: number): Growth {
  const [first, second, step] = args;
  const down = step && integerOf(step) !== undefined && integerOf(step)! < 0;
  const end = down ? first : (second ?? first);
  return end ? turnsOfNumber(end, facts, depth + 1) : CONSTANT;
}

function turnsOfNumber(number: Node, facts: GrowthFacts, depth: number): Growth {
  const node = unwrap(number);
  if (depth > BEHIND || integerOf(node) !== undefined) return CONSTANT;
  const binary = asBinary(node);
  if (binary) return turnsOfSum(binary.left, binary.right, binary.operator, facts, depth);
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  const [first, second] = call?.args ?? [];
  if (call && name !== undefined && first) {
    if (name === "builtins.len") return turnsThrough(first, facts, true, depth + 1);
    if (name === "builtins.int" || name === "builtins.round" || name === "math.ceil" || name === "math.floor")
      return turnsOfNumber(first, facts, depth + 1);
    if (name === "math.sqrt" || name === "math.isqrt") return rooted(turnsOfNumber(first, facts, depth + 1));
    if (/^math\.log(2|10)?$/.test(name)) return logOf(turnsOfNumber(first, facts, depth + 1));
    if ((name === "builtins.min" || name === "builtins.max") && second)
      return sum(call.args.map((it) => turnsOfNumber(it, facts, depth + 1)));
  }
  // `matrix.shape[0]`
  const shape = asAttribute(asSubscript(node)?.value);
  if (shape?.name === "shape") return linear(shown(node));
  const outer = node.kind === "identifier" ? countedBy(node, facts) : undefined;
  if (outer) return turnsOfRange(outer, facts, depth + 1);
  return turnsThrough(node, facts, false, depth + 1);
}

/** The `range(…)` of a loop that counts with this name. */
function countedBy(name: Node, facts: GrowthFacts): Call | undefined {
  const [site, more] = facts.writesOf(name);
  const call = site?.kind === "for" && !more ? asCall(unwrap(site.value ?? name)) : undefined;
  return call && facts.nameOf(call.callee) === "builtins.range" ? call : undefined;
}

function turnsOfSum(left: Node, right: Node, operator: string, facts: GrowthFacts, depth: number): Growth {
  const [a, b] = [left, right].map((it) => turnsOfNumber(it, facts, depth + 1)) as [Growth, Growth];
  if (operator === "*") return times(a, b);
  if (operator === "**") {
    const power = integerOf(right);
    if (/^0?\.5$/.test(unwrap(right).text) || /^1\s*\/\s*2$/.test(unwrap(right).text)) return rooted(a);
    if (power === undefined) return a === CONSTANT ? exponential() : a;
    return Array.from({ length: Math.min(power, 6) }).reduce<Growth>((all) => times(all, a), CONSTANT);
  }
  if (operator === "//" || operator === "/" || operator === "%") return operator === "%" ? b : a;
  if (operator === "<<") return exponential();
  return operator === "-" ? (a === CONSTANT ? b : a) : sum([a, b]);
}

/** `while low < high` that halves what is between them, `while i < n` that counts, `while n: n //= 10`; else nobody knows. */
function turnsOfWhile(loop: Node, condition: Node, body: Node, facts: GrowthFacts): Growth {
  const comparison = asComparison(unwrap(condition));
  const changes = body.descendants("augmented_assignment", "assignment");
  const writesTo = (name: string) => changes.filter((it) => it.field("left")?.text === name);
  const isHalved = (name: string) =>
    writesTo(name).some((it) => {
      const operator = it.field("operator")?.text;
      if (operator === "//=" || operator === "/=" || operator === ">>=" || operator === "*=") return true;
      const value = it.field("right");
      return value !== undefined && (HALF.test(value.text) || /\bmid(dle)?\b/.test(value.text));
    });
  const isCounted = (name: string) =>
    writesTo(name).some((it) => {
      const step = it.kind === "augmented_assignment" ? it.field("right") : asBinary(it.field("right"))?.right;
      const operator =
        it.kind === "augmented_assignment" ? it.field("operator")?.text : asBinary(it.field("right"))?.operator;
      return (
        (operator === "+=" || operator === "-=" || operator === "+" || operator === "-") &&
        step !== undefined &&
        integerOf(step) !== undefined
      );
    });
  const tested = comparison ? [comparison.left, comparison.right].map(unwrap) : [unwrap(condition)];
  const names = tested.filter((it) => it.kind === "identifier");
  const halved = names.filter((it) => isHalved(it.text));
  if (halved.length > 0) {
    const end = tested.find((it) => !halved.includes(it) && it.kind !== "integer") ?? halved[0]!;
    return logarithmic(sizeNameOf(end) ?? shown(end));
  }
  const counted = names.find((it) => isCounted(it.text));
  if (counted && comparison) {
    const end = unwrap(comparison.left) === counted ? comparison.right : comparison.left;
    return integerOf(end) === undefined ? turnsOfNumber(end, facts, 0) : linear(shown(counted));
  }
  return unknownGrowth(`while ${shown(condition)}`);
}

const HALF = /\/\/\s*2\b|>>\s*1\b/;

/** By the name it has in the program; undefined for what has none. */
function sizeNamed(node: Node, facts: GrowthFacts): Growth | undefined {
  if (facts.sizeOf(node) === "light") return CONSTANT;
  const name = sizeNameOf(node);
  return name === undefined ? undefined : linear(name);
}

function sizeNameOf(node: Node): string | undefined {
  const inner = unwrap(node);
  if (!["identifier", "attribute", "subscript"].includes(inner.kind)) return undefined;
  return inner.text.length <= LONGEST_NAME && !inner.text.includes("\n") ? inner.text : undefined;
}

function shown(node: Node): string {
  const text = node.text.replaceAll(/\s+/g, " ");
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1)}…`;
}

const CACHES = /^(functools\.(cache|lru_cache)|cachetools\.\w+|joblib\.Memory\.\w+)$/;

function selfCallsOf(def: FunctionDef, facts: GrowthFacts): readonly Call[] {
  if (!facts.bodyOf(def).text.includes(`${def.name}(`)) return [];
  return def.body
    .identifiers(def.name)
    .flatMap((it) => asCall(it.parent?.kind === "attribute" ? it.parent.parent : it.parent) ?? [])
    .filter((it) => functionCalled(it.callee, facts)?.node === def.node && functionAround(it.node) === def.node);
}

/** What each call of itself is given, compared with what it was given. */
type Descent = "half" | "step" | "part" | "unknown";

/** `f(n - 1)` once is n runs, twice is exponential; halves are a logarithm, or all of it again; parts of a tree are its parts in all. */
function recursive(def: FunctionDef, calls: readonly Call[], body: Growth, facts: GrowthFacts): Growth {
  const descents = calls.map((it) => descentOf(it, def));
  const isCached = def.decorators.some((it) => CACHES.test(facts.nameOf(asCall(it)?.callee ?? it) ?? ""));
  const [kind] = descents;
  const isSame = descents.every((it) => it === kind);
  const changed = def.parameters.find((it) => isChanged(it.name, def, calls));
  const size = changed?.name ?? def.parameters.at(-1)?.name ?? def.name;
  const several = calls.length > 1 && !areAlternatives(calls);
  if (!isSame || kind === "unknown" || kind === undefined) return sum([body, unknownGrowth(`${def.name}() of itself`)]);
  if (kind === "part") return times(linear(`all parts of ${size}`), body);
  if (kind === "step") {
    if (!several || isCached) return times(linear(size), body);
    return sum([exponential(), body]);
  }
  if (!several) return body.terms.length === 0 ? sum([logarithmic(size), body]) : body;
  // Twice a half: as many runs as items where each costs the same, a logarithm more where each goes through all.
  return body.terms.length === 0 ? sum([linear(size), body]) : times(logarithmic(size), body);
}

function descentOf(call: Call, def: FunctionDef): Descent {
  const given = [...call.args, ...call.keywords.values()];
  const kinds = given.flatMap((it): readonly Descent[] => {
    const node = unwrap(it);
    const name = /^\w+/.exec(node.text)?.[0];
    const isOwn = def.parameters.some((parameter) => parameter.name === name);
    if (node.kind === "identifier")
      return isOwn || !/^(mid|middle|half|left|right)(_\w+)?$/.test(node.text) ? [] : ["half"];
    if (HALF.test(node.text) || /\bmid(dle)?\b/.test(node.text)) return ["half"];
    const binary = asBinary(node);
    if (binary) return isOwn && integerOf(binary.right) !== undefined ? [STEPS.get(binary.operator) ?? "unknown"] : [];
    if (node.kind === "attribute") return ["part"];
    const slice = asSubscript(node)?.indices[0];
    if (slice?.kind === "slice") return [isOwn ? "step" : "unknown"];
    return [];
  });
  if (kinds.length > 0) return kinds.includes("half") ? "half" : kinds[0]!;
  // `for child in node.children: walk(child)`
  const isOfLoop = given.some((it) => {
    const loop = asFor(it.ancestor("for_statement")) ?? undefined;
    return loop !== undefined && loop.target.identifiers(unwrap(it).text).length > 0;
  });
  return isOfLoop ? "part" : "unknown";
}

const STEPS: ReadonlyMap<string, Descent> = new Map([
  ["-", "step"],
  ["+", "step"],
  ["//", "half"],
  ["/", "half"],
  [">>", "half"],
]);

function isChanged(name: string, def: FunctionDef, calls: readonly Call[]): boolean {
  const index = def.parameters.findIndex((it) => it.name === name);
  return calls.some((it) => {
    const given = it.keywords.get(name) ?? it.args[index];
    return given !== undefined && unwrap(given).text !== name && given.identifiers(name).length > 0;
  });
}

/** Each stands in an arm of its own, or leaves: one run of the function makes one of them. */
function areAlternatives(calls: readonly Call[]): boolean {
  const arms = new Set(calls.map((it) => it.node.ancestor("block")));
  const isLast = (it: Call) => it.node.ancestor("return_statement") !== undefined;
  return arms.size === calls.length && calls.every(isLast);
}
