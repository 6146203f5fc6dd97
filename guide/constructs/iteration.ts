/** What hovers say of going through items: generators, comprehensions, iterators, loops. */

import {
  asCall,
  asComprehension,
  asFor,
  asFunction,
  asMethodCall,
  defineConstructs,
  functionAround,
  statementOf,
  turnsOf,
  unwrap,
  type File,
  type ForLoop,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "yield",
    guide: "generators",
    at: [{ token: "yield", of: "yield" }],
    says: "Makes the function a generator: a call runs nothing, each `next` runs to the following `yield`, with the locals kept in between. One pass only. `return x` ends it, with `x` in `StopIteration.value`; leaving the loop early raises GeneratorExit here at `close()`, so clean up in `finally`. Errors in the arguments show only when the first item is asked for.",
    here: yieldNote,
    example: "def numbers(n):\n    for i in range(n):\n        ‸yield i\n",
    unlike: ["async def main(job):\n    ‸await job\n", "def numbers(n):\n    ‸return n\n"],
  },
  {
    name: "generator expression",
    guide: "generators",
    at: [
      { token: ["(", ")"], of: "generator_expression" },
      { token: ["for", "in"], of: "for_in_clause" },
    ],
    when: (node) => comprehensionOf(node) === "generator_expression",
    says: "Gives one item at a time and holds none, so memory stays flat and a consumer can stop early. It runs once and has no length. Time per item is worse than a list's: summing 20,000 squares took 1.13 to 1.26 times as long (3.11 to 3.13). The first iterable is evaluated at once, all other names when an item is asked for.",
    here: consumerNote,
    example: "total = sum(‸(n * n for n in range(10)))\n",
    unlike: [
      "total = sum‸([n * n for n in range(10)])\n",
      "squares = [n * n ‸for n in range(10)]\n",
      "total = ‸(1 + 2)\n",
    ],
  },
  {
    name: "list comprehension",
    guide: "code-level",
    at: [
      { token: ["[", "]"], of: "list_comprehension" },
      { token: ["for", "in"], of: "for_in_clause" },
    ],
    when: (node) => comprehensionOf(node) === "list_comprehension",
    says: "Builds the whole list before anybody sees an item. Against `append` in a loop it was only 1.03 to 1.18 times as fast (3.11 to 3.13), so the gain is mostly clarity. Since 3.12 it runs inline, without a frame of its own; its variable still does not leak.",
    here: consumerNote,
    example: "squares = ‸[n * n for n in range(10)]\n",
    unlike: ["squares = ‸[1, 4, 9]\n", "for n ‸in range(3):\n    pass\n", "squares = {n * n ‸for n in range(10)}\n"],
  },
  {
    name: "__iter__ / __next__",
    guide: "generators",
    at: [{ defines: ["__iter__", "__next__"] }],
    says: "An iterable's `__iter__` returns a fresh iterator for each loop; an iterator's returns itself and its `__next__` raises StopIteration at the end, and from then on. A class that is both can be looped over once: the second loop gets nothing. Writing `__iter__` as a generator method gives each loop a position of its own and needs no `__next__`.",
    here: iteratorNote,
    example: "class Rows:\n    def ‸__iter__(self):\n        yield 1\n",
    unlike: ["def ‸__iter__(self):\n    yield 1\n", "rows = [1]\nstep = rows.‸__iter__()\n"],
  },
  {
    name: "for statement",
    guide: "complexity",
    at: [{ token: "for", of: "for_statement" }],
    when: (node) => !node.parent!.hasToken("async"),
    says: "Each turn costs interpreter time, so the depth of nesting tells more than the body: a second loop over the same data makes the work quadratic. A dict or set in place of the inner search makes it linear, and array operations move the loop into C. Items are fetched one by one: a list changed meanwhile skips or repeats items, a dict or set that changes size raises RuntimeError.",
    here: loopNote,
    example: "for i in range(3):\n    ‸for j in range(3):\n        print(i * j)\n",
    unlike: [
      "squares = [n * n ‸for n in range(10)]\n",
      "async def read(rows):\n    async ‸for row in rows:\n        print(row)\n",
    ],
  },
]);

/** The kind of the comprehension that a bracket or clause belongs to. */
function comprehensionOf(node: Node): string | undefined {
  const parent = node.parent;
  return parent?.kind === "for_in_clause" ? parent.parent?.kind : parent?.kind;
}

function yieldNote(node: Node, { facts }: File): string | undefined {
  const expression = node.parent!;
  if (expression.hasToken("from"))
    return "Hands on items, sent values and exceptions of the inner iterator; the expression's own value is what that one returns.";
  const def = asFunction(functionAround(expression));
  if (!def) return undefined;
  const decorators = def.decorators.map((it) => facts.nameOf(asCall(it)?.callee ?? it));
  if (decorators.some((it) => it === "contextlib.contextmanager" || it === "contextlib.asynccontextmanager"))
    return "Here the body of the `with` runs, and here its exception is raised.";
  if (decorators.includes("pytest.fixture")) return "Up to here is set-up; the rest runs as teardown after the test.";
  return def.isAsync ? `\`${def.name}\` is an async generator: read it with \`async for\`.` : undefined;
}

const EARLY = new Set(["builtins.any", "builtins.all", "builtins.next"]);
const REDUCERS = new Set(["builtins.sum", "builtins.min", "builtins.max"]);
const BUILDERS = new Set(["builtins.list", "builtins.sorted", "builtins.tuple"]);

/** What the function around a comprehension does with it. */
function consumerNote(node: Node, { facts }: File): string | undefined {
  const inner = node.parent!.kind === "for_in_clause" ? node.parent!.parent! : node.parent!;
  const comprehension = asComprehension(inner);
  if (!comprehension) return undefined;
  const isList = comprehension.kind === "list";
  const call = asCall(inner.parent?.kind === "argument_list" ? inner.parent.parent : inner.parent);
  const callee = call?.args[0] === inner ? facts.nameOf(call.callee) : undefined;
  if (call && asMethodCall(call.node, "join"))
    return isList
      ? "`join` needs a list or tuple anyway, so the brackets cost nothing."
      : "`join` makes a list of it first, so brackets are as good.";
  if (callee && EARLY.has(callee))
    return isList
      ? `The list is complete before \`${callee.slice(9)}\` sees its first item; without the brackets it could stop early.`
      : `\`${callee.slice(9)}\` stops asking as soon as it knows.`;
  if (callee && REDUCERS.has(callee) && isList)
    return `\`${callee.slice(9)}\` reads each item once: without the brackets no list is held.`;
  if (callee && BUILDERS.has(callee))
    return `\`${callee.slice(9)}\` takes all items at once, so nothing stays lazy here.`;
  return comprehension.clauses.length > 1
    ? `${comprehension.clauses.length} \`for\` clauses run nested, the leftmost outside: the item counts multiply.`
    : undefined;
}

function iteratorNote(node: Node, { facts }: File): string | undefined {
  const def = asFunction(node.parent);
  const info = def && facts.classOf(statementOf(def.outer));
  if (!def || !info) return undefined;
  if (def.name === "__next__") {
    const hasIter = [...info.methods.map((it) => it.def.name), ...info.attributes.map((it) => it.name)].includes(
      "__iter__",
    );
    return !hasIter && info.def.bases.length === 0 && !info.def.hasSplat
      ? "No `__iter__` here: `next` works on an instance, `for` raises TypeError."
      : undefined;
  }
  if (def.body.descendants("yield").some((it) => functionAround(it) === def.node))
    return "A generator method: every loop starts afresh.";
  const [only, more] = def.body.children.filter((it) => it.children[0]?.kind !== "string");
  const returnsSelf = only?.kind === "return_statement" && !more && only.children[0]?.text === def.parameters[0]?.name;
  return returnsSelf ? "Returns the object itself and resets nothing: one pass for each instance." : undefined;
}

/** Built-ins whose result has a size that shows: as many items as their arguments. */
const PLAIN = new Set(["range", "enumerate", "zip", "reversed", "sorted", "list", "tuple", "set"]);
const VIEWS = ["items", "keys", "values"];

function loopNote(node: Node, file: File): string | undefined {
  const loop = node.parent!;
  const loops = [loop, ...file.facts.loopsAround(loop)];
  const depth = loops.length;
  if (depth === 1) {
    const turns = turnsOf(loop);
    return turns === undefined || unwrap(loop.field("right")!).kind === "string"
      ? undefined
      : `${turns === 1 ? "One turn" : `${turns.toLocaleString("en-US")} turns`}, unless it is left early.`;
  }
  const growth = growthOf(loops, file);
  return growth === undefined ? `Nested ${depth} deep in its function.` : `Nested ${depth} deep: ${growth}`;
}

const POWERS = ["", "n", "n²", "n³", "n⁴", "n⁵", "n⁶"];

function growthOf(loops: readonly Node[], file: File): string | undefined {
  let factor = 1;
  let power = 0;
  const targets = new Set<string>();
  for (const node of [...loops].reverse()) {
    const loop = asFor(node);
    if (!loop || loop.isAsync || !isKnownCollection(loop.iterable, file)) return undefined;
    const turns = unwrap(loop.iterable).kind === "string" ? undefined : turnsOf(node);
    if (turns !== undefined) factor *= turns;
    else power++;
    // Where an inner range depends on an outer counter, the turns are only part of the product.
    const isRange = asCall(unwrap(loop.iterable))?.callee.text === "range";
    if (isRange && namesIn(loop.iterable).some((it) => targets.has(it)))
      return loops.length === 2 && isTriangle(asFor(loops[1])!, loop)
        ? "about n²/2 turns, as the inner range grows or shrinks with the outer counter."
        : undefined;
    for (const name of namesIn(loop.target)) targets.add(name);
  }
  if (factor === 0 || POWERS[power] === undefined) return undefined;
  if (power === 0) return `${factor.toLocaleString("en-US")} turns in all, unless left early.`;
  const product = factor === 1 ? POWERS[power] : `${factor.toLocaleString("en-US")} × ${POWERS[power]}`;
  return power === 1
    ? `about ${product} turns if the loop over the data runs over n items.`
    : `about ${product} turns if each runs over n items.`;
}

/** `for i in range(n)` around `for j in range(i)` or `range(i + 1, n)`. */
function isTriangle(outer: ForLoop, inner: ForLoop): boolean {
  const [around, within] = [asCall(unwrap(outer.iterable)), asCall(unwrap(inner.iterable))];
  if (around?.callee.text !== "range" || around.args.length > 2 || !within || outer.target.kind !== "identifier")
    return false;
  const [first, last] = within.args;
  const isCounter = first !== undefined && first.text.replace(/(?<!\s)\s*[+-]\s*1$/, "") === outer.target.text;
  return isCounter && (last === undefined || (within.args.length === 2 && last.text === around.args.at(-1)?.text));
}

const namesIn = (node: Node): readonly string[] =>
  node.kind === "identifier" ? [node.text] : node.descendants("identifier").map((it) => it.text);

/** A name, attribute, item or literal, or what a built-in makes of such with as many items. */
function isKnownCollection(expression: Node, file: File): boolean {
  const node = unwrap(expression);
  if (["identifier", "attribute", "subscript", "list", "tuple", "set", "expression_list", "string"].includes(node.kind))
    return true;
  const call = asCall(node);
  if (!call || call.hasSplat) return false;
  const method = asMethodCall(node, ...VIEWS);
  if (method) return call.args.length === 0 && isKnownCollection(method.object, file);
  if (!PLAIN.has(call.callee.text) || file.facts.nameOf(call.callee) !== `builtins.${call.callee.text}`) return false;
  return call.callee.text === "range" || call.args.every((it) => isKnownCollection(it, file));
}
