/** A function that gathers its results in a list becomes a generator; its calls in the file that need a list get one. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asCall,
  asFunction,
  asMethodCall,
  asTry,
  defineRefactoring,
  expressionOf,
  functionAround,
  importName,
  importsInstead,
  insertAfter,
  insertBefore,
  isCompiled,
  itemsOf,
  previousStatement,
  remove,
  removeReturn,
  removeStatement,
  replace,
  statementOf,
  statementsOf,
  typeHead,
  useOf,
  yieldFor,
  yieldOf,
  type Edit,
  type Facts,
  type File,
  type FunctionDef,
  type Node,
} from "../analysis/authoring.js";

/** What takes an iterator as well as a list, and all of it at once; and what goes on taking from it. */
const CONSUMERS = new Set(
  ["all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"].map(
    (it) => `builtins.${it}`,
  ),
);
const LAZY = new Set(["enumerate", "filter", "map", "zip"].map((it) => `builtins.${it}`));
const LISTS = new Set([
  "builtins.list",
  "typing.List",
  "typing.Sequence",
  "collections.abc.Sequence",
  "typing.Collection",
  "collections.abc.Collection",
]);
const OPEN = new Set(["typing.Iterable", "typing.Iterator", "collections.abc.Iterable", "collections.abc.Iterator"]);
const PLAIN_DECORATORS = new Set(["builtins.staticmethod", "builtins.classmethod"]);

interface Match {
  readonly def: FunctionDef;
  readonly start: Node;
  readonly gathers: readonly Edit[];
  readonly returns: readonly Node[];
  /** Calls in the file whose result has to stay a list. */
  readonly wrapped: readonly Node[];
}

export default defineRefactoring({
  title: "Function that builds and returns a list to generator",
  guide: "generators",
  kind: "rewrite",
  on: ["function_definition"],
  reach: "head",
  rules: ["generators/accumulator-returned"],

  example: {
    before: `
def ‸failures(lines: list[str]) -> list[str]:
    found = []
    for line in lines:
        if "ERROR" in line:
            found.append(line.strip())
    return found

def first(lines: list[str]) -> str:
    return failures(lines)[0]
`,
    after: `from collections.abc import Iterator

def failures(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if "ERROR" in line:
            yield line.strip()

def first(lines: list[str]) -> str:
    return list(failures(lines))[0]
`,
  },

  find(node, _selection, file): Match | undefined {
    const { facts } = file;
    const def = asFunction(node);
    if (
      !def ||
      def.isAsync ||
      def.name.startsWith("__") ||
      !def.decorators.every((it) => PLAIN_DECORATORS.has(facts.nameOf(it) ?? "")) ||
      isCompiled(def.body, facts)
    )
      return undefined;
    const own = def.body.descendants("return_statement", "yield", "await").filter((it) => functionAround(it) === node);
    const list = lastReturn(def)?.children[0];
    if (
      list?.kind !== "identifier" ||
      !own.every((it) => it.kind === "return_statement" && /^return( \[\])?$|^return \w+$/.test(it.text))
    )
      return undefined;
    if (own.some((it) => it.children[0]?.kind !== "list" && it.children[0]?.text !== list.text)) return undefined;

    const [start, more] = facts.writesOf(list).filter((it) => it.kind !== "augment");
    const assignment = asAssignment(start?.owner);
    if (!start || more || assignment?.targets.length !== 1 || assignment.value?.text !== "[]" || start.isRemote)
      return undefined;
    const grown = [
      ...facts.readsOf(list).filter((it) => it.parent?.kind !== "return_statement"),
      ...facts
        .writesOf(list)
        .filter((it) => it.kind === "augment")
        .map((it) => it.name),
    ];
    const gathers = [...new Set(grown.map(statementOf))].map((it) => gatherOf(it, list.text, node, facts));
    const isFilled = grown.some((it) => facts.loopsAround(it).length > 0);
    const block = statementOf(start.owner).parent;
    if (!isFilled || !gathers.every((it) => it !== undefined) || !block || !grown.every((it) => it.isInside(block)))
      return undefined;
    const wrapped = callsToWrap(def, grown, facts);
    const match = wrapped && { def, start: statementOf(start.owner), gathers, returns: own, wrapped };
    return match && edits(match, file) ? match : undefined;
  },

  offer: ({ def }) => `Turn \`${def.name}\` into a generator`,

  doubt({ def }) {
    const docstring = def.body.firstChild?.children[0];
    return [
      "It runs only while items are requested, and only once; callers in other places that index the list, take its length, keep it or loop over it again need list(…).",
      ...(def.body.descendants("with_statement").length > 0
        ? ["What its `with` block opens stays open while items are still requested."]
        : []),
      ...(docstring?.kind === "string" && /\blists?\b/i.test(docstring.text)
        ? ["The docstring still mentions a list."]
        : []),
    ].join(" ");
  },

  apply(match, file) {
    const made = edits(match, file);
    return made && { edits: made };
  },
});

/** The `return` that the body ends with, perhaps at the end of a `with` block. */
function lastReturn({ body }: FunctionDef): Node | undefined {
  let last = statementsOf(body).at(-1);
  while (last?.kind === "with_statement") last = statementsOf(last.field("body")!).at(-1);
  return last?.kind === "return_statement" ? last : undefined;
}

/** `list.append(item)`, `list.extend(items)` or `list += items` as a statement of the function itself; not where a caller's leaving would be caught. */
function gatherOf(statement: Node, list: string, def: Node, facts: Facts): Edit | undefined {
  if (functionAround(statement) !== def || facts.scopeOf(statement).kind !== "function") return undefined;
  for (let outer = statement.parent; outer && outer !== def; outer = outer.parent) {
    const tried = asTry(outer);
    if (
      tried &&
      (tried.finalizer || tried.handlers.some((it) => !it.type || facts.nameOf(it.type) === "builtins.BaseException"))
    )
      return undefined;
  }
  const mentions = (it: Node) => it.descendants("identifier").some((name) => name.text === list);
  const call = asMethodCall(expressionOf(statement), "append", "extend");
  const [item, more] = call?.args ?? [];
  if (item && isChangedLater(item, statement, facts)) return undefined;
  if (call)
    return item && !more && call.object.text === list && call.keywords.size === 0 && !call.hasSplat && !mentions(item)
      ? yieldFor(call)
      : undefined;
  const augmented = asAugmented(statement);
  if (
    augmented?.operator !== "+=" ||
    augmented.target.text !== list ||
    mentions(augmented.value) ||
    augmented.value.comments.length > 0
  )
    return undefined;
  const items = augmented.value.kind === "list" ? itemsOf(augmented.value) : [];
  const [only, others] = items;
  return replace(
    augmented.node,
    only && !others && only.kind !== "list_splat" ? yieldOf(only, false) : yieldOf(augmented.value, true),
  );
}

/** Who gets the item at once would see it unfinished. */
function isChangedLater(item: Node, statement: Node, facts: Facts): boolean {
  const changes =
    item.kind === "identifier"
      ? facts.usesOf(item).filter((it) => it.node.tree === item.tree && it.node.start > statement.end)
      : [];
  return changes.some(
    (it) => /-store$|-delete$|^augmented$/.test(it.kind) || (it.kind === "method" && !facts.isHarmless(it)),
  );
}

/** Undefined where the function is used otherwise than by calls, or a call may be that of another one. */
function callsToWrap(def: FunctionDef, gathers: readonly Node[], facts: Facts): readonly Node[] | undefined {
  const owner = facts.classOf(def.outer);
  const uses = owner ? attributesNamed(def.name, facts) : facts.readsOf(def.nameNode);
  if (!owner && facts.writesOf(def.nameNode).length !== 1) return undefined;
  const wrapped: Node[] = [];
  for (const use of uses) {
    const callee = owner ? use : useOf(use).kind === "call" ? use : undefined;
    const call = callee?.fieldName === "function" ? asCall(callee.parent) : undefined;
    const receiver = owner ? asAttribute(use)?.object : undefined;
    const type = receiver && facts.typeOf(receiver)?.name;
    const isOther = type !== undefined && type !== `local.${owner?.name}` && type !== "type";
    if (isOther) continue;
    if (!call) return undefined;
    const isGathered = gathers.some(
      (it) => statementOf(it) === statementOf(call.node) && statementOf(it).tree === call.node.tree,
    );
    // Called for its effects.
    if (useOf(call.node).kind === "discarded") return undefined;
    if (isGathered || isTakenOnce(call.node, facts)) continue;
    const isOwn =
      type !== undefined ||
      receiver === undefined ||
      (facts.classOf(functionAround(use) ?? use)?.name === owner?.name && /^(self|cls)$/.test(receiver.text));
    if (!isOwn || !facts.isBuiltin("list", call.node)) return undefined;
    wrapped.push(call.node);
  }
  return wrapped;
}

function attributesNamed(name: string, facts: Facts): readonly Node[] {
  const trees = facts.view.document.pieces.map((it) => it.tree).filter((it) => it.text.includes(`.${name}`));
  return trees.flatMap((it) => it.root.descendants("attribute")).filter((it) => asAttribute(it)?.name === name);
}

/** Gone through once on the spot, by a loop that leaves the arguments alone or by a function that takes any iterable. */
function isTakenOnce(node: Node, facts: Facts): boolean {
  const use = useOf(node);
  if (use.kind === "iterated") {
    const loop = use.in.kind === "for_in_clause" ? use.in.parent : use.in.field("body");
    return node.descendants("identifier").every((it) => !loop || facts.isStableIn(it, loop) !== "no");
  }
  const taker = use.kind === "argument" ? asCall(use.call) : undefined;
  const name = taker && facts.nameOf(taker.callee);
  if (taker && name !== undefined) return CONSUMERS.has(name) || (LAZY.has(name) && isTakenOnce(taker.node, facts));
  const method = taker && asMethodCall(taker.node, "join", "extend");
  return method !== undefined && node.identifiers(method.object.text).length === 0;
}

function edits({ def, start, gathers, returns, wrapped }: Match, file: File): readonly Edit[] | undefined {
  const annotation = def.returns ? annotated(def, def.returns, file) : [];
  const first = removeFirst(start);
  const last = lastReturn(def);
  const ends = returns.map((it) => {
    const before = previousStatement(it);
    return it === last && before && before !== start ? removeReturn(before, it) : replace(it, "return");
  });
  if (!annotation || !first || !ends.every((it) => it !== undefined)) return undefined;
  return [
    ...annotation,
    first,
    ...gathers,
    ...ends,
    ...wrapped.flatMap((it) => [insertBefore(it, "list("), insertAfter(it, ")")]),
  ];
}

/** With the empty lines below it where it opens its block. */
function removeFirst(start: Node): Edit | undefined {
  const gone = removeStatement(start);
  const { tree } = start;
  const gap = gone && !previousStatement(start) ? /^([ \t]*\r?\n)*/.exec(tree.text.slice(gone.at.end))![0] : "";
  return gone && remove({ tree, start: gone.at.start, end: gone.at.end + gap.length });
}

function annotated(def: FunctionDef, returns: Node, file: File): readonly Edit[] | undefined {
  const head = typeHead(returns);
  const name = head && file.facts.nameOf(head);
  if (!head || name === undefined || OPEN.has(name)) return name === undefined ? undefined : [];
  const iterator = LISTS.has(name) ? importName(file, "collections.abc", "Iterator", def.node) : undefined;
  const isHead = (it: Node) => it.tree === head.tree && it.start === head.start;
  return iterator && [...importsInstead(head, isHead, iterator.edits, file.facts, false), replace(head, iterator.name)];
}
