/** `order.index(name)` for one name after another: the list is searched from its front each time. */

import {
  asCall,
  asComparison,
  asComprehension,
  asFor,
  asIf,
  asLambda,
  asMethodCall,
  declined,
  defineRule,
  elementOf,
  excerpt,
  fixOf,
  givenOnce,
  hasComments,
  isConstant,
  isHashable,
  knownTurns,
  lastIdentifier,
  lineAbove,
  nameGiven,
  removeStatement,
  replace,
  statementOf,
  unwrap,
  wordsOf,
  type Call,
  type Edit,
  type Evidence,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** So many items are found as quickly as by a hash. */
const FEW_ITEMS = 8;
/** Of these there is a handful wherever they come from. */
const FEW_NAMES =
  /(^|_)(col|column|class|tag|categor(y|ie)|axis|axe|device|dim|shape|arg|param|symbol|sym|gen|quantile|perm|permutation|header|extension|suffix|dtype|letter|alphabet|schema|option|choice|level)(e?s)?$/i;

export default defineRule({
  title: "Place of an item searched for in a loop",
  why: "index goes through the list from its front until it meets the item, so the work grows with the product of both lengths. A dict of the places is made in one pass and finds each by its hash; a loop over the list itself gets the place from enumerate.",
  guide: "data-structures",
  level: "warning",
  gain: "complexity",
  words: ["index"],
  overrides: ["algorithms/quadratic-loop"],
  fixes: "review",

  examples: [
    {
      before: `
def places(order: list[str], wanted: list[str]) -> list[int]:
    return [order.index(name) for name in wanted]
`,
      after: `
def places(order: list[str], wanted: list[str]) -> list[int]:
    order_places = {item: place for place, item in reversed(list(enumerate(order)))}
    return [order_places[name] for name in wanted]
`,
    },
    {
      before: `
def show(names: list[str]) -> None:
    for name in names:
        print(names.index(name), name)
`,
      after: `
def show(names: list[str]) -> None:
    for i, name in enumerate(names):
        print(i, name)
`,
    },
  ],

  on: ["call"],
  methods: ["index"],

  find(node, { facts }) {
    const search = facts.isTest ? undefined : asMethodCall(node, "index");
    const call = search && asCall(node);
    const [item] = call?.args ?? [];
    if (!search || !call || !item || call.args.length !== 1 || call.keywords.size > 0 || isConstant(item))
      return undefined;
    const list = unwrap(search.object);
    if (list.kind !== "identifier" && list.kind !== "attribute") return undefined;
    const evidence = listEvidence(list, facts);
    if (!evidence || isShort(list, facts)) return undefined;
    const pass = passOver(node, item, facts);
    const around = pass ? [pass, ...facts.loopsAround(pass)] : facts.loopsAround(node);
    if (!around.some((it) => searchesIn(it, facts).get(list.text) === node.start)) return undefined;
    const loops = around.filter((it) => isUnchanged(list, it, facts) && moves(item, it, facts));
    const [inner] = loops;
    const loop = loops.at(-1);
    if (!inner || !loop) return undefined;
    const own = ownLoop(list, item, inner);
    if (searchesIn(loop, facts).get(list.text) !== node.start) return undefined;
    const weight = weightOf(list, loops, facts);
    return {
      at: search.methodNode,
      construct: node,
      // A list of which nothing is known is short more often than not.
      evidence: own || weight === "heavy" ? evidence : ("fair" as const),
      isTaken: evidence === "fair",
      weight,
      search,
      list,
      item,
      loop,
      own,
    };
  },

  message: ({ list, own, isTaken, item }) =>
    own
      ? `Each search goes through \`${excerpt(list.text, 30)}\` up to \`${excerpt(item.text, 20)}\`, whose place enumerate() gives.`
      : `\`${excerpt(list.text, 30)}\`${isTaken ? " (taken for a list)" : ""} is searched from its front in every turn; if it is long, a dict of the places finds items faster.`,

  fix({ construct, search, list, item, loop, own }, { facts }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    if (isWaitedFor(construct)) return declined("a ValueError is caught here");
    if (own) {
      const { target, iterable } = own;
      if (facts.writesOf(target, asFor(loop)?.body ?? loop).some((it) => it.name !== target && it.kind !== "for"))
        return declined(`\`${excerpt(target.text, 20)}\` is given another value in the loop`);
      const named = placeWithName(construct, loop, facts);
      const place = named?.name ?? facts.freshName("i", loop);
      return fixOf(
        "Use enumerate()",
        ["items that are there twice get a place each"],
        [
          replace(target, `${place}, ${target.text}`),
          replace(iterable, `enumerate(${iterable.text})`),
          named?.gone ?? replace(construct, place),
        ],
      );
    }
    if (isLazy(search.node, item, facts)) return declined("map looks the places up when it is gone through");
    const type = elementOf(facts.typeOf(list));
    if (!isHashable(type) && !isHashable(facts.typeOf(item))) return declined("the items may not be hashable");
    const statement = statementOf(loop);
    if (
      list.kind !== "identifier" ||
      facts
        .writesOf(list)
        .some((it) => it.name.start > statement.start && it.name.tree === list.tree && it.name.isInside(statement))
    )
      return declined("the list is not shown to stay as it is");
    if (!["enumerate", "reversed", "list"].every((it) => facts.isBuiltin(it, construct)))
      return declined("a built-in function means something else here");
    if (allSearches(loop, list).some((it) => hasComments(it.node) || isWaitedFor(it.node)))
      return declined("a ValueError is caught here");
    const name = facts.freshName(`${lastIdentifier(list.text)}_places`, statement);
    return fixOf(
      "Make a dict of the places",
      [
        "an item that is missing raises KeyError instead of ValueError",
        "numbers that are NaN are found by identity alone",
      ],
      [
        lineAbove(statement, `${name} = {item: place for place, item in reversed(list(enumerate(${list.text})))}`),
        ...allSearches(loop, list).map((it) => replace(it.node, `${name}[${it.args[0]!.text}]`)),
      ],
    );
  },
});

/** `map(lambda name: names.index(name), wanted)`, `sorted(names, key=lambda name: order.index(name))`, `column.map(lambda name: names.index(name))`: a function that is called for each item. */
function passOver(search: Node, item: Node, facts: Facts): Node | undefined {
  const each = asLambda(search.ancestor("lambda"));
  const [parameter, more] = each?.parameters ?? [];
  if (!each || !parameter || more || parameter.text !== item.text) return undefined;
  const key = each.node.parent?.kind === "keyword_argument" ? each.node.parent : undefined;
  const call = asCall((key ?? each.node).parent?.parent);
  if (!call) return undefined;
  if (key)
    return /(?:^|\.)(?:sorted|sort)$/.test(call.callee.text) && key.field("name")?.text === "key"
      ? call.node
      : undefined;
  if (call.args[0] !== each.node) return undefined;
  const isPass =
    call.callee.kind === "attribute"
      ? /^(?:map|apply|applymap)$/.test(call.callee.field("attribute")?.text ?? "")
      : facts.nameOf(call.callee) === "builtins.map";
  return isPass ? call.node : undefined;
}

/** A `map` that nothing goes through where it stands. */
function isLazy(search: Node, item: Node, facts: Facts): boolean {
  const pass = passOver(search, item, facts);
  if (!pass || facts.nameOf(asCall(pass)!.callee) !== "builtins.map") return false;
  return !/^(?:list|tuple|set|frozenset|sum|min|max|sorted|(?:np|numpy)\.(?:array|fromiter))$/.test(
    asCall(pass.parent?.parent)?.callee.text ?? "",
  );
}

/** `place = names.index(name)` gives the place a name, which only the rest of its block reads: the loop can bind it. */
function placeWithName(
  search: Node,
  loop: Node,
  facts: Facts,
): { readonly name: string; readonly gone: Edit } | undefined {
  const name = nameGiven(search);
  const statement = statementOf(search);
  const gone = name && facts.writesOf(name).length === 1 ? removeStatement(statement) : undefined;
  const isOfBlock =
    name !== undefined &&
    !facts.isRemote(name) &&
    statement.isInside(loop) &&
    facts.readsOf(name).every((it) => it.isInside(statement.parent!) && it.start > statement.end);
  return gone && isOfBlock && statement.parent!.children.length > 1 ? { name: name.text, gone } : undefined;
}

/** By its type, or as something that is only used like one; texts have `index` too. */
function listEvidence(list: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(list, "fair");
  if (typed) return /^(list|tuple)$/.test(typed.type.name) ? typed.evidence : undefined;
  if (facts.takenFor(list, "text", "fair")) return undefined;
  const sequence = facts.takenFor(list, "sequence", "fair");
  if (sequence) return "fair";
  return /(?:list|names|items|words|ids|keys|labels|tokens|nodes|values|rows)$/i.test(lastIdentifier(list.text))
    ? "fair"
    : undefined;
}

/** Where each list is searched first in a loop: one finding for all searches. */
function searchesIn(loop: Node, facts: Facts): ReadonlyMap<string, number> {
  return facts.memo("first searches of lists", loop, () => {
    const found = new Map<string, number>();
    for (const it of loop.identifiers("index")) {
      const call = it.fieldName === "attribute" ? asMethodCall(it.parent?.parent, "index") : undefined;
      const [item] = call?.args ?? [];
      const list = call && unwrap(call.object).text;
      if (call && item && !isConstant(item) && list !== undefined && !found.has(list)) found.set(list, call.node.start);
    }
    return found;
  });
}

/** All searches of the list in the loop, for what moves and for what does not. */
function allSearches(loop: Node, list: Node): readonly Call[] {
  return loop.identifiers("index").flatMap((it) => {
    const call = it.fieldName === "attribute" ? asMethodCall(it.parent?.parent, "index") : undefined;
    const found = call && unwrap(call.object).text === list.text ? asCall(call.node) : undefined;
    return found?.args.length === 1 && found.keywords.size === 0 ? [found] : [];
  });
}

/** The same list in every turn, with the same items. */
function isUnchanged(list: Node, loop: Node, facts: Facts): boolean {
  if (list.kind === "identifier")
    return (
      facts.writesOf(list, loop).length === 0 &&
      (facts.isStableIn(list, loop) !== "no" || onlyTakesNew(list, loop, facts)) &&
      !isBoundBy(list, loop)
    );
  const place = facts.placeOf(list);
  return (
    place !== undefined &&
    !place.writes.some((it) => it.name.isInside(loop)) &&
    !place
      .usesIn(loop)
      .some((it) => it.kind === "subscript-store" || (it.kind === "method" && CHANGES.test(it.name ?? "")))
  );
}

/** `if name not in names: names.append(name)`: each item keeps its place. */
function onlyTakesNew(list: Node, loop: Node, facts: Facts): boolean {
  const added = facts.usesOf(list, loop).filter((it) => it.kind === "method" && CHANGES.test(it.name ?? ""));
  return (
    added.length > 0 &&
    added.every((it) => {
      const append = asMethodCall(it.call, "append");
      const test = asComparison(unwrap(asIf(append?.node.ancestor("if_statement"))?.condition ?? it.node));
      return test?.operator === "not in" && test.right.text === list.text && test.left.text === append?.args[0]?.text;
    })
  );
}

const CHANGES = /^(append|extend|insert|pop|remove|clear|sort|reverse)$/;

function isBoundBy(name: Node, loop: Node): boolean {
  const targets = asComprehension(loop)?.clauses.map((it) => it.target) ?? [loop.field("left")];
  return targets.some((it) => it !== undefined && (it.text === name.text || it.identifiers(name.text).length > 0));
}

/** What is searched for is another one in each turn. */
function moves(item: Node, loop: Node, facts: Facts): boolean {
  const names = [...(item.kind === "identifier" ? [item] : []), ...item.descendants("identifier")];
  return names.some((it) => isBoundBy(it, loop) || facts.writesOf(it, loop).length > 0);
}

/** The list is looped over itself, and its item is what is searched for. */
function ownLoop(list: Node, item: Node, loop: Node) {
  const made = asComprehension(loop);
  const clause = made ? (made.clauses.length === 1 ? made.clauses[0] : undefined) : asFor(loop);
  return clause && clause.iterable.text === list.text && clause.target.text === item.text && item.kind === "identifier"
    ? { target: clause.target, iterable: clause.iterable }
    : undefined;
}

/** Written out, and found as quickly as by a hash. */
function isShort(list: Node, facts: Facts): boolean {
  const value = unwrap(facts.valueOf(list) ?? givenOnce(list, facts) ?? list);
  const words = wordsOf(value);
  return (
    (/^(list|tuple)$/.test(value.kind) && value.children.length > 0 && value.children.length <= FEW_ITEMS) ||
    (words !== undefined && words.length <= FEW_ITEMS)
  );
}

function weightOf(list: Node, loops: readonly Node[], facts: Facts): Weight {
  if (FEW_NAMES.test(lastIdentifier(list.text))) return "light";
  const turns = loops.map((it) => knownTurns(it, facts));
  if (turns.every((it) => it !== undefined) && turns.reduce((all, it) => all * it, 1) <= FEW_ITEMS) return "light";
  return facts.sizeOf(list);
}

function isWaitedFor(node: Node): boolean {
  for (let at = node.ancestor("try_statement"); at; at = at.ancestor("try_statement"))
    if (
      at.children.some((it) => it.kind === "except_clause" && /ValueError|Exception|except:/.test(it.text.slice(0, 80)))
    )
      return true;
  return false;
}
