/** A list comprehension that is used up at once by a function or loop that takes one item at a time. */

import {
  asCall,
  asComparison,
  asComprehension,
  asFor,
  asMethodCall,
  clauseTurns,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  heldWeight,
  isCompiled,
  lastName,
  indentOf,
  isConstant,
  isHashable,
  isNumber,
  laterDoubt,
  ownCodeDoubt,
  reindented,
  remove,
  replace,
  startsLine,
  unwrap,
  useOf,
  type Call,
  type Comprehension,
  type Declined,
  type Edit,
  type Facts,
  type Fix,
  type Node,
  type Span,
} from "../../analysis/authoring.js";

/** Lists this short are no burden. */
const FEW = 16;
/** What may stand beside the list. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  sum: ["start"],
  any: [],
  all: [],
  max: ["key", "default"],
  min: ["key", "default"],
  set: [],
  frozenset: [],
  dict: [],
};
const PLAIN = new Set(["int", "float", "bool", "str", "bytes", "None"]);
/** For these a list is no longer than what it is made from, unless that comes in one by one; and they take somewhat longer over a generator. */
const KEEPS_NOTHING = new Set(["sum", "max", "min"]);
/** Methods of texts that only answer a question, whoever has them, and functions that by their names do. */
const QUESTIONS =
  /\.(startswith|endswith|isdigit|isalpha|isalnum|isnumeric|isdecimal|isspace|isupper|islower|istitle)$|(^|[._])(is|has)_\w+$/;
/** Methods of texts that make another text, or several. */
const MAKERS = new Set(
  "casefold decode encode format lower lstrip partition removeprefix removesuffix replace rpartition rsplit rstrip split splitlines strip title upper".split(
    " ",
  ),
);
/** What can be gone through again and from the start. */
const CONTAINERS = new Set([
  "list",
  "tuple",
  "set",
  "frozenset",
  "dict",
  "str",
  "bytes",
  "range",
  "collections.deque",
  "collections.Counter",
  "collections.defaultdict",
]);

export default defineRule({
  title: "List built only to be consumed at once",
  why: "The list holds every item, although its consumer takes one at a time. A generator expression, or a set or dict comprehension, needs no list. That saves memory where the items come one by one from a file or another stream and, for any and all, the work after the first hit. It is not faster per item.",
  guide: "generators",
  level: "info",
  // An order of growth is not at stake: only where the items come one by one does the list matter.
  differs: { light: "off" },
  gain: "memory",
  overlaps: ["C403", "C404", "C419"],
  unlike:
    "it speaks where memory is saved, also of a loop over a list, and the fix is safe only if items are made without effects",
  fixes: "safe",

  examples: [
    {
      before: `
def longest_line(path: str) -> int:
    with open(path, encoding="utf-8") as lines:
        return max([len(line) for line in lines])
`,
      after: `
def longest_line(path: str) -> int:
    with open(path, encoding="utf-8") as lines:
        return max(len(line) for line in lines)
`,
    },
    {
      before: `
def first_words(lines: list[str]) -> set[str]:
    return set([line.partition(" ")[0] for line in lines])
`,
      after: `
def first_words(lines: list[str]) -> set[str]:
    return {line.partition(" ")[0] for line in lines}
`,
    },
  ],

  on: ["list_comprehension"],

  find(node, { facts }) {
    const list = asComprehension(node);
    // What is kept as a list is most of them, and the rest of the questions takes longer.
    const call = asCall(node.parent?.parent);
    const isConsumed =
      node.parent?.kind === "for_statement" || (call?.args[0] === node && lastName(call.callee) in KEYWORDS);
    if (
      !list ||
      !isConsumed ||
      facts.isTest ||
      list.clauses.some((it) => it.isAsync) ||
      node.descendants("await", "yield", "named_expression").length > 0
    )
      return undefined;
    if (node.children.every((it) => it.kind !== "for_in_clause" || (clauseTurns(it, facts) ?? FEW + 1) <= FEW))
      return undefined;
    // The end of another iterator would come out of a generator as a RuntimeError.
    if (
      isCompiled(node, facts) ||
      isForTorchScript(node, facts) ||
      (node.text.includes("next") && facts.callsTo("builtins.next", node).length > 0)
    )
      return undefined;
    const loop = asFor(node.parent);
    if (loop)
      return loop.iterable === node && !loop.isAsync && isLazySafe(list, loop.body, facts)
        ? { at: node, weight: heldWeight(list, facts), list, loop, call: undefined, name: "", inBraces: false }
        : undefined;

    const name = call?.args[0] === node ? facts.nameOf(call.callee)?.replace(/^builtins\./, "") : undefined;
    const keywords = KEYWORDS[name ?? ""];
    if (!call || name === undefined || !keywords || call.hasSplat || call.args.length > (name === "sum" ? 2 : 1))
      return undefined;
    if (![...call.keywords.keys()].every((it) => keywords.includes(it))) return undefined;
    // The sum of lists is another rule's matter.
    if (name === "sum" && (call.args[1] ?? call.keywords.get("start"))?.kind === "list") return undefined;
    if (
      stopsEarly(name)
        ? facts.unknownCallsIn(node).some((it) => !QUESTIONS.test(it.field("function")?.text ?? ""))
        : KEEPS_NOTHING.has(name) && heldWeight(list, facts) !== "heavy"
    )
      return undefined;
    const inBraces = name === "set" || (name === "dict" && isPair(list.element));
    // Braces in braces mean something else in an f-string: there the call is the plain way.
    if (inBraces && node.ancestor("interpolation")) return undefined;
    // Of one value there are only references in the list.
    const held = heldWeight(list, facts);
    const weight = held === "heavy" && isConstant(list.element) ? ("unknown" as const) : held;
    return { at: node, weight, list, loop: undefined, call, name, inBraces };
  },

  message: ({ name, inBraces }) => {
    if (name === "")
      return "The loop takes one item at a time; a generator expression does not keep them all in memory.";
    if (inBraces) return `\`${name}\` is given a whole list first; a ${name} comprehension needs no list.`;
    return `\`${name}\` takes one item at a time; a generator expression does not keep them all in memory${stopsEarly(name) ? ", and stops early" : ""}.`;
  },

  fix({ list, loop, call, name, inBraces }, { facts }) {
    if (loop)
      return generator(list, "(", [
        !(partsCannotRaise(list, facts) && goesThroughContainers(list, facts) && !facts.runsUnknownCode(loop.body)) &&
          "an error in a later item is raised after the first iterations",
        laterDoubt(list.node, loop.body, facts),
        rebindingDoubt(list, loop.target, facts),
        ownCodeDoubt(list.node, facts),
      ]);
    if (inBraces) return braces(list, call, name, facts);
    const [asked] = stopsEarly(name) ? facts.unknownCallsIn(list.node) : [];
    if (asked)
      return declined(
        `\`${asked.field("function")?.text}\` is not asked after the first hit, and may do more than answer`,
      );
    const isSole = call.args.length === 1 && call.keywords.size === 0 && !/,\s*\)$/.test(call.argumentList.text);
    return generator(list, isSole ? "" : "(", [doubtOf(list, call, name, facts), ownCodeDoubt(list.node, facts)]);
  },
});

/** `for x in [x + y for y in items]`: the loop gives a new value to a name that later items are made of. */
function rebindingDoubt({ node }: Comprehension, target: Node, facts: Facts): string | undefined {
  const names = target.descendants("identifier").map((it) => it.text);
  const read = node
    .descendants("identifier")
    .find(
      (it) =>
        names.includes(it.text) &&
        facts.readsOf(it).includes(it) &&
        !facts.writesOf(it).some((site) => site.name.isInside(node)),
    );
  return read && `the loop sets \`${read.text}\`, which later items depend on`;
}

/** A key and a value written side by side: other items would have to be taken apart for a dict comprehension. */
function isPair({ kind, children }: Node): boolean {
  return (
    (kind === "tuple" || kind === "list") && children.length === 2 && !children.some((it) => it.kind === "list_splat")
  );
}

/** TorchScript took lists here for long, and no generators; a function that asks for it or speaks of it is written with that in mind. */
function isForTorchScript(node: Node, facts: Facts): boolean {
  const around = functionAround(node);
  return (
    around !== undefined &&
    ((around.text.includes("is_scripting") && facts.callsTo("torch.jit.is_scripting", around).length > 0) ||
      around.comments.some((it) => /torch ?script/i.test(it.text)) ||
      // A class is compiled as a whole: what is marked to be left out tells that the rest is not.
      (facts.classOf(around) !== undefined && facts.fileMatches(/@torch\.jit\.(unused|ignore|export)\b/)))
  );
}

function stopsEarly(name: string): boolean {
  return name === "any" || name === "all";
}

/** What may differ once items are made one at a time; empty where nothing can. */
function doubtOf(list: Comprehension, call: Call, name: string, facts: Facts): string {
  if (stopsEarly(name))
    return partsCannotRaise(list, facts) && goesThroughContainers(list, facts)
      ? ""
      : "it stops at the first hit, so a later error is not raised and an iterator is not exhausted";
  const type = facts.typeOf(list.element);
  const isKnown = name === "frozenset" ? isHashable(type) : isNumber(type) || (name !== "sum" && type?.name === "str");
  return isKnown && facts.unknownCallsIn(list.node).length === 0 && !call.keywords.has("key")
    ? ""
    : "each item is now computed just before it is used";
}

function generator(list: Comprehension, bracket: "" | "(", doubts: readonly (string | false | undefined)[]): Fix {
  const { node } = list;
  const source = copiedSource(list);
  if (source) return fixOf("Leave out the copy", doubts, [replace(node, source.text)]);
  const open = { tree: node.tree, start: node.start, end: node.start + 1 };
  const close = { tree: node.tree, start: node.end - 1, end: node.end };
  const edits = bracket === "" ? withoutBrackets(node, open, close) : [replace(open, "("), replace(close, ")")];
  return fixOf("Use a generator expression", doubts, edits);
}

/** `items` in `[item for item in items]`. */
function copiedSource({ node, element, clauses, conditions }: Comprehension): Node | undefined {
  const [clause, more] = clauses;
  if (!clause || more || conditions.length > 0 || node.comments.length > 0) return undefined;
  return element.kind === "identifier" && clause.target.text === element.text ? clause.iterable : undefined;
}

/** Brackets that have lines to themselves go with them, and what stood between moves to where they stood. */
function withoutBrackets(node: Node, open: Span, close: Span): readonly Edit[] {
  const { tree } = node;
  const inner = tree.text.slice(open.end, close.start);
  const [, indent] = /^[^\S\n]*\r?\n([^\S\n]+)\S/.exec(inner) ?? [];
  if (indent === undefined || !startsLine(node) || !/\n[^\S\n]*$/.test(inner)) return [remove(open), remove(close)];
  const first = {
    tree,
    start: node.start + 1 + inner.indexOf(inner.trim()),
    end: node.start + 1 + inner.trimEnd().length,
  };
  return [replace(node, reindented(first, indentOf(node)))];
}

/** `{… for …}` in place of `set([… for …])` and `dict([(key, value) for …])`. */
function braces({ node, element }: Comprehension, call: Call, name: string, facts: Facts): Fix | Declined {
  const { tree } = node;
  const around = tree.text.slice(call.node.start, node.start) + tree.text.slice(node.end, call.node.end);
  const [key, value, more] = element.kind === "tuple" ? element.children : [];
  if (around.includes("#") || (name === "dict" && hasComments(element))) return declined("a comment would be lost");
  if (name === "dict" && (!key || !value || more)) return declined("the items are not written as pairs");
  const isSafe = isHashable(facts.typeOf(name === "dict" ? key! : element));
  const doubts = [!isSafe && "an unhashable item raises its error earlier", ownCodeDoubt(node, facts)];
  const pair: readonly Edit[] =
    name === "dict"
      ? [
          remove({ tree, start: element.start, end: key!.start }),
          replace({ tree, start: key!.end, end: value!.start }, ": "),
          remove({ tree, start: value!.end, end: element.end }),
        ]
      : [];
  return fixOf(`Use a ${name} comprehension`, doubts, [
    replace({ tree, start: call.node.start, end: node.start + 1 }, "{"),
    ...pair,
    replace({ tree, start: node.end - 1, end: call.node.end }, "}"),
  ]);
}

/** Made turn by turn, the items are the same: they have no effects, and the loop's body changes nothing they are made from. */
function isLazySafe(list: Comprehension, body: Node, facts: Facts): boolean {
  if (facts.isPure(list.node) !== "yes" && !isPlain(list, body, facts)) return false;
  return list.node.descendants("identifier").every((it) => {
    const sites = facts.writesOf(it);
    const isOwn = sites.some((site) => site.name.isInside(list.node));
    const isRead = facts.readsOf(it).includes(it);
    return isOwn || !isRead || facts.nameOf(it) !== undefined || facts.isStableIn(it, body) === "yes";
  });
}

/** Items that are looked up, or texts that are made of texts: of unknown types, whose attributes and methods are taken at their word. */
function isPlain({ node, clauses }: Comprehension, body: Node, facts: Facts): boolean {
  return (
    // What a module holds is no name of the file: `os.environ`.
    clauses.every(({ iterable }) =>
      body.descendants(iterable.kind).every((it) => it.text !== iterable.text || facts.isHarmless(useOf(it))),
    ) &&
    node.descendants("await", "yield", "lambda").length === 0 &&
    facts.unknownCallsIn(node).every((it) => {
      const called = it.field("function");
      return QUESTIONS.test(called?.text ?? "") || MAKERS.has(asMethodCall(it)?.method ?? "");
    })
  );
}

/** Stopping half-way through leaves nothing behind, and going on cannot fail. */
function goesThroughContainers({ clauses }: Comprehension, facts: Facts): boolean {
  return clauses.every((it) => CONTAINERS.has(facts.typeOf(it.iterable)?.name ?? ""));
}

/** Neither items nor conditions can raise. */
function partsCannotRaise({ element, conditions }: Comprehension, facts: Facts): boolean {
  return [element, ...conditions].every((it) => cannotRaise(it, facts));
}

function cannotRaise(expression: Node, facts: Facts): boolean {
  const node = unwrap(expression);
  if (isConstant(node)) return true;
  if (node.kind === "identifier") return PLAIN.has(facts.typeOf(node)?.name ?? "");
  if (node.kind === "not_operator" || node.kind === "boolean_operator")
    return node.children.every((it) => cannotRaise(it, facts));
  const test = asCall(node);
  if (test)
    return (
      facts.nameOf(test.callee) === "builtins.isinstance" &&
      test.args.length === 2 &&
      test.args[0]!.kind === "identifier" &&
      isClass(test.args[1]!, facts)
    );
  const comparison = asComparison(node);
  return (
    comparison !== undefined &&
    ["==", "!=", "is", "is not"].includes(comparison.operator) &&
    [comparison.left, comparison.right].every((it) => cannotRaise(it, facts))
  );
}

/** A class, or several, that is certainly there. */
function isClass(node: Node, facts: Facts): boolean {
  return node.kind === "tuple"
    ? node.children.every((it) => isClass(it, facts))
    : facts.nameOf(node) !== undefined || facts.typeOf(node)?.name === "type";
}
