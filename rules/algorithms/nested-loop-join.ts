/** Two nested loops that pair rows by an equal key: for each row of one side all of the other is searched. */

import {
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asComprehension,
  asFor,
  asFunction,
  asIf,
  asMethodCall,
  asSubscript,
  between,
  declined,
  defineRule,
  excerpt,
  functionAround,
  importName,
  indentOf,
  isCompiled,
  isConstant,
  isHashable,
  isWrittenOut,
  jumpsOf,
  lastName,
  lineAbove,
  onlyStatement,
  reindented,
  remove,
  removeStatement,
  replace,
  singular,
  startsLine,
  statementsOf,
  textValue,
  turnsOf,
  unwrap,
  useOf,
  type Answer,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type ForLoop,
  type If,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const FEW_ROWS = 16;
/** `sorted({row["season"] for row in rows})`, `set(names)`: each value once. */
const DISTINCT = /^(?:sorted\(|list\()*(?:set\(|\{[^:]*\bfor\b)|\.unique\(\)/;
const SHOWS = /^(__(str|repr|format)__|_repr_\w+_|_?pprint\w*|pformat|pretty_?(print|format)\w*|_?print_\w+)$/;
/** The second outer row finds them at their end. */
const WALKED_ONCE = /^(iterator|generator|typing\.(Iterator|Generator)|(binary-)?file)$/;

export default defineRule({
  title: "Rows matched by key in nested loops",
  why: "For each row of one side, all rows of the other side are compared, so the work grows with the product of both sizes. A dict from key to rows is built once and finds the matching rows directly.",
  guide: "complexity",
  level: "warning",
  gain: "complexity",
  overrides: ["iteration/append-in-loop", "algorithms/quadratic-loop"],
  fixes: "review",

  examples: [
    {
      before: `
def cities(orders: list[dict[str, str]], customers: list[dict[str, str]]) -> dict[str, str]:
    found = {}
    for order in orders:
        for customer in customers:
            if order["customer"] == customer["id"]:
                found[order["number"]] = customer["city"]
    return found
`,
      after: `from collections import defaultdict

def cities(orders: list[dict[str, str]], customers: list[dict[str, str]]) -> dict[str, str]:
    found = {}
    customers_by_id = defaultdict(list)
    for customer in customers:
        customers_by_id[customer["id"]].append(customer)
    for order in orders:
        for customer in customers_by_id.get(order["customer"], ()):
            found[order["number"]] = customer["city"]
    return found
`,
    },
  ],

  on: ["for_statement", "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"],

  find(node, { facts }) {
    const pair = node.kind === "for_statement" ? loopPair(node, facts) : (clausePair(node) ?? searchPair(node, facts));
    // A test says plainly what it compares, on the few rows it makes.
    if (
      !pair ||
      facts.isTest ||
      [pair.outer, pair.inner].some(
        (it) => (turnsOf(it.target.parent!) ?? Infinity) <= FEW_ROWS || isWrittenOut(it.iterable, facts),
      )
    )
      return undefined;
    const sizes = [pair.outer, pair.inner].map((it) => facts.sizeOf(it.iterable));
    const keys = keysOf(pair, facts);
    if (
      !keys ||
      sizes.includes("light") ||
      areSameRows(pair.inner.iterable, pair.outer, facts) === "no" ||
      isCompiled(node, facts)
    )
      return undefined;
    // What is written for people to read is short.
    const isShown = SHOWS.test(asFunction(functionAround(node))?.name ?? "");
    // The rows are gone through once for each group, of which there are often few.
    const areGroups = DISTINCT.test(facts.valueOf(pair.outer.iterable)?.text ?? pair.outer.iterable.text);
    const weight: Weight = isShown ? "light" : sizes.every((it) => it === "heavy") && !areGroups ? "heavy" : "unknown";
    // A bare value of unknown kind is one of a few names more often than a row's key.
    const isKnown = [keys.outer, keys.inner].every((it) => it.kind !== "identifier" || facts.typeOf(it));
    // What one line searches is short more often than what has a loop of its own, and so are rows of which nothing says that they are many.
    const evidence: Evidence = isKnown && !pair.isSearch && weight === "heavy" ? "proof" : "fair";
    return { at: unwrap(pair.equality), construct: pair.outer.node, evidence, weight, keys, ...pair };
  },

  message({ outer, inner, weight, isSearch }) {
    if (isSearch && /^_+$/.test(outer.target.text))
      return `In each turn all of \`${excerpt(inner.iterable.text, 40)}\` is searched; where it is long, a dict by what is looked for, built once before the loop, finds it at once.`;
    if (isSearch)
      return `For each \`${excerpt(outer.target.text, 30)}\`, all of \`${excerpt(inner.iterable.text, 40)}\` is searched; where it is long, a dict or set by key, built once before the loop, finds it at once.`;
    const [row, rows] = [excerpt(outer.target.text, 30), excerpt(inner.iterable.text, 40)];
    return weight === "unknown"
      ? `For each \`${row}\`, all of \`${rows}\` is searched; where both are long, build a dict by key once and look up in it.`
      : `For each \`${row}\`, all of \`${rows}\` is searched; build a dict by key once and look the rows up in it.`;
  },

  fix({ outer, inner, filter, keys, isSearch }, file) {
    const { facts } = file;
    if (isSearch) return declined("whether a key has one row or several is not known");
    if (!filter || facts.scopeOf(outer.node).kind === "class")
      return declined("a comprehension and a class body have no room for the index");
    if (![keys.outer, keys.inner].every((it) => isHashable(facts.typeOf(it)) || unwrap(it).kind !== "identifier"))
      return declined("it is not known that the keys can be hashed");
    if (areSameRows(inner.iterable, outer, facts) !== "yes")
      return declined(`code in the loop may change \`${excerpt(inner.iterable.text, 30)}\``);
    const names = namesIn(inner.target);
    const isKept = names.some((name) => facts.isSeenOutside(name, inner.node));
    const isChanged = [...namesIn(outer.target), ...names].some((name) =>
      facts.writesOf(name).some((it) => it.name.isInside(inner.body)),
    );
    const isRewritten = inner.body
      .descendants("assignment", "augmented_assignment")
      .some((it) => [keys.outer, keys.inner].some((key) => key.text.startsWith(it.field("left")?.text ?? key.text)));
    const grouping = importName(file, "collections", "defaultdict", outer.node);
    const body = filtered(inner, filter);
    if (isKept) return declined("the last row is read after the loop");
    if (isChanged || isRewritten) return declined("the loop changes a row, or what holds the key");
    if (!body) return declined("a comment would be lost");
    if (!grouping || !startsLine(outer.node) || !facts.isBuiltin("list", outer.node))
      return declined("there is no room for the index, or the name `list` means something else");
    const index = indexName(inner.iterable, keys.inner, file);
    const unit = indentOf(statementsOf(outer.body)[0]!).slice(indentOf(outer.node).length);
    const lines = [
      `${index} = ${grouping.name}(list)`,
      `for ${inner.target.text} in ${inner.iterable.text}:`,
      `${unit}${index}[${keys.inner.text}].append(${inner.target.kind === "pattern_list" ? `(${inner.target.text})` : inner.target.text})`,
    ];
    return {
      title: "Look the rows up by key",
      doubts: [
        "every row must have its key before the loop, and the key must be hashable, unchanged and not NaN",
        ...(isKnownCollection(inner.iterable, facts)
          ? []
          : [`\`${excerpt(inner.iterable.text, 30)}\` must be no iterator, which gives its rows only once`]),
      ],
      edits: [
        ...grouping.edits,
        lineAbove(outer.node, lines.join("\n")),
        replace(inner.iterable, `${index}.get(${keys.outer.text}, ())`),
        ...body,
      ],
    };
  },
});

/** A loop, or a clause of a comprehension, which then is `node` and `body` in one. */
type Side = Pick<ForLoop, "node" | "target" | "iterable" | "body">;

interface Pair {
  readonly outer: Side;
  readonly inner: Side;
  readonly equality: Node;
  /** Absent in a comprehension. */
  readonly filter: Filter | undefined;
  /** The inner side is a comprehension in one turn of the outer loop. */
  readonly isSearch: boolean;
}

function loopPair(node: Node, facts: Facts): Pair | undefined {
  const inner = asFor(node);
  const outer = inner && asFor(facts.loopAround(node));
  const filter = outer && filterOf(inner);
  if (!filter || inner.isAsync || outer.isAsync) return undefined;
  const pair = { outer, inner, equality: filter.equality, filter };
  return { ...pair, isSearch: isValueSearched(inner, filter) && !keysOf({ ...pair, isSearch: false }, facts) };
}

/** `for key, value in names.items(): if value == wanted: …; break`: the key of a value is looked for. */
function isValueSearched({ iterable, node }: ForLoop, { branch, isGuard }: Filter): boolean {
  const last = statementsOf(branch.body).at(-1);
  return (
    !isGuard &&
    asMethodCall(iterable, "items") !== undefined &&
    last !== undefined &&
    jumpsOf(node).includes(last) &&
    last.kind === "break_statement"
  );
}

/** `… for a in left for b in right if a.key == b.key`. */
function clausePair(node: Node): Pair | undefined {
  const { clauses = [], conditions = [] } = asComprehension(node) ?? {};
  const [outer, inner, more] = clauses;
  const equality = conditions[0] && firstOf(conditions[0]);
  if (
    !outer ||
    !inner ||
    more ||
    !equality ||
    outer.isAsync ||
    inner.isAsync ||
    asComparison(unwrap(equality))?.operator !== "=="
  )
    return undefined;
  return {
    outer: { ...outer, node, body: node },
    inner: { ...inner, node, body: node },
    equality,
    filter: undefined,
    isSearch: false,
  };
}

/** `[row for row in rows if row.key == key]` or `any(row.key == key for row in rows)` in a loop over keys. */
function searchPair(node: Node, facts: Facts): Pair | undefined {
  const { clauses = [], conditions = [], element } = asComprehension(node) ?? {};
  const [clause, more] = clauses;
  const isAny = conditions.length === 0 && asCall(node.parent)?.callee.text === "any";
  const tested = isAny ? element : conditions[0];
  const equality = tested && firstOf(tested);
  if (!clause || more || clause.isAsync || !equality || asComparison(unwrap(equality))?.operator !== "==")
    return undefined;
  // The members of an enumeration.
  if (/^[A-Z](?=\w*[a-z])\w*$/.test(lastName(clause.iterable))) return undefined;
  if (clause.target.kind !== "identifier" && clause.target.kind !== "pattern_list") return undefined;
  const around = facts.loopAround(node);
  const outer = asFor(around) ?? outerClause(around);
  return outer && !outer.isAsync && !node.isInside(outer.iterable)
    ? { outer, inner: { ...clause, node, body: node }, equality, filter: undefined, isSearch: true }
    : undefined;
}

function outerClause(around: Node | undefined): (Side & { readonly isAsync: boolean }) | undefined {
  const [clause, more] = asComprehension(around)?.clauses ?? [];
  return around && clause && !more ? { ...clause, node: around, body: around } : undefined;
}

/** The part of a condition that is tested first. */
function firstOf(condition: Node): Node {
  const both = asBinary(unwrap(condition));
  return both?.operator === "and" ? firstOf(both.left) : condition;
}

interface Filter {
  /** The comparison of the two keys, with its parentheses. */
  readonly equality: Node;
  readonly branch: If;
  /** `if a != b: continue` ahead of the rest, instead of an `if` around it. */
  readonly isGuard: boolean;
}

/** The test on which all of the inner loop's body depends. */
function filterOf({ body }: ForLoop): Filter | undefined {
  const [first, ...rest] = statementsOf(body);
  const branch = asIf(first);
  if (!branch || branch.orElse || branch.elifs.length > 0) return undefined;
  if (rest.length === 0) {
    const equality = firstOf(branch.condition);
    return asComparison(unwrap(equality))?.operator === "==" ? { equality, branch, isGuard: false } : undefined;
  }
  const isGuard =
    onlyStatement(branch.body)?.kind === "continue_statement" &&
    asComparison(unwrap(branch.condition))?.operator === "!=";
  return isGuard ? { equality: branch.condition, branch, isGuard } : undefined;
}

interface Keys {
  readonly outer: Node;
  readonly inner: Node;
}

/** One side belongs to the outer loop's row, the other to the inner one's. */
function keysOf({ equality, outer, inner, filter, isSearch }: Pair, facts: Facts): Keys | undefined {
  const { left, right } = asComparison(unwrap(equality))!;
  const belongs = (key: Node, loop: Side) => namesIn(loop.target).some((name) => name.text === rootOf(key)?.text);
  // A key may have been taken out of the row before.
  const belongsOutside = (key: Node) => {
    const root = rootOf(key);
    return belongs(key, outer) || (isSearch && root !== undefined && facts.writesOf(root, outer.body).length > 0);
  };
  const keys =
    belongs(right, inner) && belongsOutside(left)
      ? { outer: left, inner: right }
      : belongs(left, inner) && belongsOutside(right)
        ? { outer: right, inner: left }
        : undefined;
  if (!keys || rootOf(keys.outer)?.text === rootOf(keys.inner)?.text) return undefined;
  const types = [keys.outer, keys.inner].map((it) => facts.typeOf(it));
  // Two bare values of unknown kind may be arrays or whole objects, unless one is looked for among the values of a dict.
  const isField =
    (isSearch && filter !== undefined) || keys.outer.kind !== "identifier" || keys.inner.kind !== "identifier";
  return types.every((it) => (it ? isHashable(it) : isField)) ? keys : undefined;
}

/** The name at the start of `row`, `row.a.b`, `row["a"]`. */
function rootOf(key: Node): Node | undefined {
  const node = unwrap(key);
  if (node.kind === "identifier") return node;
  const subscript = asSubscript(node);
  const [index, more] = subscript?.indices ?? [];
  if (subscript) return index && !more && isConstant(index) ? rootOf(subscript.value) : undefined;
  const attribute = asAttribute(node);
  return attribute && rootOf(attribute.object);
}

function namesIn(target: Node): readonly Node[] {
  return target.kind === "identifier" || target.kind === "pattern_list" || target.kind === "tuple_pattern"
    ? target.descendants("identifier")
    : [];
}

/** The inner rows are the same for every outer row: a name or attribute that nothing in the outer loop sets, changes or hands on. */
function areSameRows(iterable: Node, outer: Side, facts: Facts): Answer {
  const view = asMethodCall(iterable, "items", "values");
  const rows = view && view.argumentList.children.length === 0 ? view.object : iterable;
  const root = rootOf(rows);
  if (
    !root ||
    WALKED_ONCE.test(facts.typeOf(rows)?.name ?? "") ||
    namesIn(outer.target).some((it) => it.text === root.text) ||
    !["identifier", "attribute"].includes(rows.kind)
  )
    return "no";
  if (rows.kind === "identifier") {
    const isChanged = facts
      .usesOf(rows)
      .some((it) => it.kind === "method" && it.node.isInside(outer.body) && !facts.isHarmless(it));
    return isChanged || isShort(rows, facts) ? "no" : facts.isStableIn(rows, outer.body);
  }
  const same = outer.body.descendants("attribute").filter((it) => it.text === rows.text);
  const isSame =
    facts.writesOf(root).every((it) => !it.name.isInside(outer.node)) &&
    same.every((it) => it === view?.object || facts.isHarmless(useOf(it)));
  return isSame ? "yes" : "no";
}

function isShort(rows: Node, facts: Facts): boolean {
  return facts
    .writesOf(rows)
    .every(
      (it) =>
        it.value !== undefined &&
        ["list", "tuple", "dictionary"].includes(it.value.kind) &&
        it.value.children.length <= FEW_ROWS &&
        !facts.usesOf(rows).some((use) => use.kind === "method"),
    );
}

/** The inner body without the test, which every row found by the key passes. */
function filtered({ node }: Side, { equality, branch, isGuard }: Filter): readonly Edit[] | undefined {
  if (isGuard) {
    const line = removeStatement(branch.node);
    return line && branch.node.comments.length === 0 ? [line] : undefined;
  }
  const both = equality.parent?.kind === "boolean_operator" ? equality.parent.field("right") : undefined;
  if (both) return [remove({ tree: node.tree, start: equality.start, end: both.start })];
  const [first, last] = [statementsOf(branch.body)[0]!, statementsOf(branch.body).at(-1)!];
  const above = branch.node.comments.filter((it) => it.start < first.start);
  if (!above.every((it) => startsLine(it) && indentOf(it) === indentOf(first))) return undefined;
  return [replace(between(branch.node, last), reindented(between(above[0] ?? first, last), indentOf(branch.node)))];
}

function indexName(rows: Node, key: Node, { facts }: File): string {
  const plural = lastName(asMethodCall(rows)?.object ?? rows);
  const field =
    /^[a-z_]\w*$/i.exec(
      textValue(asSubscript(unwrap(key))?.indices[0]) ?? asAttribute(unwrap(key))?.name ?? "key",
    )?.[0] ?? "key";
  return facts.freshName(`${singular(plural) ? plural : "rows"}_by_${field}`, rows);
}

/** It gives its rows each time anew. */
const isKnownCollection = (rows: Node, facts: Facts): boolean =>
  /^(?:list|tuple|set|frozenset|dict|range|(?:typing|collections\.abc)\.(?:Sequence|Collection|Mapping))$/.test(
    facts.typeOf(rows)?.name ?? "",
  );
