/** `list(d.keys())[0]`, `list(d.values())[i]` in a loop: a whole list is made for one item of a dict or set. */

import {
  asBinary,
  asCall,
  asComparison,
  asComprehension,
  asConditional,
  asMethodCall,
  asSubscript,
  ATOM,
  callsUnder,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isInLastTurn,
  replace,
  textIn,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const VIEWS = ["keys", "values", "items"];

export default defineRule({
  title: "List made of a dict for one item",
  why: "list() copies all keys, values or pairs, and all but one are thrown away. next(iter(…)) takes the first without a copy; where a loop asks for one after the other, one list before it serves for all.",
  guide: "data-structures",
  level: "info",
  gain: "time",
  words: ["list", "tuple"],
  overlaps: ["RUF015"],
  leftToRuff: true,
  unlike:
    "any place counts where the list is made in each turn of a loop, and lists of other things than dicts and sets are left alone",
  overrides: ["iteration/loop-invariant-expression"],
  fixes: "review",

  examples: [
    {
      before: `
def first_shop(prices: dict[str, float]) -> str:
    return list(prices.keys())[0]
`,
      after: `
def first_shop(prices: dict[str, float]) -> str:
    return next(iter(prices))
`,
    },
  ],

  on: ["subscript"],

  find(node, { facts }) {
    const subscript = asSubscript(node);
    const [index, more] = subscript?.indices ?? [];
    const isFirst = subscript !== undefined && index !== undefined && !more && integerOf(index) === 0;
    const chosen = isFirst ? chosenIn(unwrap(subscript.value)) : undefined;
    if (chosen) {
      if (facts.isTest) return undefined;
      const weight = facts.sizeOf(chosen.container) === "heavy" ? ("heavy" as const) : ("light" as const);
      const of: Source = { ...chosen, evidence: "proof", isKeys: false, isSet: false };
      return {
        at: chosen.list,
        construct: node,
        evidence: "proof" as const,
        weight,
        items: chosen.list,
        of,
        place: 0,
        loop: undefined,
      };
    }
    const made = asCall(subscript && unwrap(subscript.value));
    const [items] = made?.args ?? [];
    if (!made || !items || !index || more || made.args.length !== 1 || made.keywords.size > 0) return undefined;
    const name = facts.nameOf(made.callee);
    if (name !== "builtins.list" && name !== "builtins.tuple") return undefined;
    const place = integerOf(index);
    const loop = place === undefined ? loopFor(items, index, node, facts) : undefined;
    // A place that is worked out once needs the list.
    if (place !== 0 && place !== -1 && !loop) return undefined;
    const of = sourceOf(items, facts);
    if (!of) return undefined;
    if (place !== undefined && holdsOne(of.container, node)) return undefined;
    const size = facts.isTest ? ("light" as const) : facts.sizeOf(of.container);
    const weight = loop || size === "heavy" ? (size === "light" ? ("light" as const) : ("heavy" as const)) : size;
    return { at: made.node, construct: node, evidence: of.evidence, weight, items, of, place, loop };
  },

  message({ at, place, loop, of }) {
    const shown = `\`${excerpt(at.text.replace(/\s+/g, " "), 45)}\``;
    if (of.each) return `${shown} goes on to the end for its first item; \`next(…)\` stops there.`;
    if (loop) return `${shown} is made anew in every turn for one item of it; make it once before the loop.`;
    return place === 0
      ? `${shown} copies everything for the first item; \`next(iter(…))\` takes it alone.`
      : `${shown} copies everything for the last item; \`next(reversed(…))\` takes it alone.`;
  },

  fix({ of, items, place, construct, loop }, { facts }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    if (loop) return declined("where the list belongs depends on what changes in the loop");
    if (of.each && /\b(?:await|async|yield)\b|:=/.test(items.text)) return declined("the list is made in steps");
    if (of.isSet && place !== 0) return declined("a set has no last item");
    if (isAwaited(construct)) return declined("an IndexError is caught here");
    if (endsWhatRunsIt(construct)) return declined("StopIteration would end the generator around it");
    if (place === -1 && of.isAnyMapping) return declined("not every mapping can be gone through from its end");
    const taker = place === 0 ? "iter" : "reversed";
    if (!facts.isBuiltin("next", construct) || !facts.isBuiltin(taker, construct))
      return declined(`\`next\` or \`${taker}\` means something else here`);
    if (construct.fieldName === "left" || construct.parent?.kind === "delete_statement")
      return declined("the item of the copy is set");
    if (of.each)
      return fixOf(
        "Use next(…)",
        [
          "none at all raises StopIteration instead of IndexError",
          callsUnder(items).length > 0 && "what is called for the later items is not called any more",
        ],
        [replace(construct, `next(${of.each.trim()})`)],
      );
    const text = of.isKeys && of.evidence === "proof" ? textIn(of.container, 0) : textIn(unwrap(items), ATOM);
    return fixOf(
      place === 0 ? "Use next(iter(…))" : "Use next(reversed(…))",
      [
        "an empty one raises StopIteration instead of IndexError",
        of.evidence !== "proof" && `\`${excerpt(of.container.text, 30)}\` must be a dict`,
      ],
      [replace(construct, `next(${taker}(${text}))`)],
    );
  },
});

/** By an `except` or a `with suppress(…)` around it. */
function isAwaited(node: Node): boolean {
  for (
    let at = node.ancestor("try_statement", "with_statement");
    at;
    at = at.ancestor("try_statement", "with_statement")
  ) {
    const heads = at.kind === "with_statement" ? [at] : at.children.filter((it) => it.kind === "except_clause");
    if (heads.some((it) => /IndexError|LookupError/.test(it.text.slice(0, 80)))) return true;
  }
  return false;
}

/** In a generator, and in what `map` or a comprehension calls for each item, StopIteration means that there are no more. */
function endsWhatRunsIt(node: Node): boolean {
  const around = node.ancestor("lambda", "generator_expression", "function_definition");
  return around?.kind === "function_definition" ? around.descendants("yield").length > 0 : around !== undefined;
}

interface Source {
  readonly container: Node;
  readonly evidence: "proof" | "strong";
  readonly isKeys: boolean;
  readonly isSet: boolean;
  /** Known by an abstract class alone. */
  readonly isAnyMapping?: boolean;
  /** What gives the items one by one, where the list is a comprehension. */
  readonly each?: string;
}

/** `[it for it in items if fits(it)][0]`: the rest is looked at for nothing. */
function chosenIn(list: Node): { readonly list: Node; readonly container: Node; readonly each: string } | undefined {
  const made = list.kind === "list_comprehension" ? asComprehension(list) : undefined;
  const [clause] = made?.clauses ?? [];
  // Without a condition the first item is `items[0]`, and somebody may want the list to be made.
  if (!clause || made!.conditions.length === 0) return undefined;
  return { list, container: clause.iterable, each: list.text.slice(1, -1) };
}

const MAPPINGS = /^(dict|collections\.(defaultdict|OrderedDict|Counter)|(typing|collections\.abc)\.(Mutable)?Mapping)$/;
const SETS = /^(set|frozenset)$/;

/** `d`, `d.keys()`, `d.values()`, `d.items()`, or a set. */
function sourceOf(items: Node, facts: Facts): Source | undefined {
  const node = unwrap(items);
  const view = asMethodCall(node, ...VIEWS);
  const container = view ? unwrap(view.object) : node;
  const type = facts.typeOf(container)?.name;
  const isMapping = type !== undefined && MAPPINGS.test(type);
  const isAnyMapping = isMapping && type.endsWith("Mapping");
  if (!view) {
    const isSet = type !== undefined && SETS.test(type);
    return isMapping || isSet ? { container, evidence: "proof", isKeys: true, isSet, isAnyMapping } : undefined;
  }
  if (asCall(view.node)!.args.length > 0 || (type !== undefined && !isMapping)) return undefined;
  // Nothing else that is common has these methods without arguments.
  return {
    container,
    evidence: isMapping ? "proof" : "strong",
    isKeys: view.method === "keys",
    isSet: false,
    isAnyMapping,
  };
}

/** `if len(prices) == 1:` around it: a list of one costs nothing. */
function holdsOne(container: Node, node: Node): boolean {
  for (let inner = node, at = node.parent; at && at.kind !== "function_definition"; inner = at, at = at.parent) {
    const isThen = at.kind === "if_statement" || at.kind === "elif_clause" ? inner.fieldName === "consequence" : false;
    const choice = asConditional(at);
    const test = isThen ? at.field("condition") : choice?.then === inner ? choice.condition : undefined;
    if (test && operandsOfAnd(test).some((it) => isLengthOne(it, container))) return true;
  }
  return false;
}

function isLengthOne(test: Node, container: Node): boolean {
  const comparison = asComparison(test);
  const length = comparison?.operator === "==" ? asCall(comparison.left) : undefined;
  const [counted] = length?.callee.text === "len" ? length.args : [];
  if (!counted || integerOf(comparison?.right) !== 1) return false;
  return (asMethodCall(counted, ...VIEWS)?.object ?? counted).text === container.text;
}

const operandsOfAnd = (test: Node): readonly Node[] => {
  const both = asBinary(unwrap(test));
  return both?.operator === "and" ? [...operandsOfAnd(both.left), ...operandsOfAnd(both.right)] : [unwrap(test)];
};

/** The loop that asks the same container for one place after another. */
function loopFor(items: Node, index: Node, node: Node, facts: Facts): Node | undefined {
  const loop = facts.loopAround(node);
  if (!loop || isInLastTurn(node, loop)) return undefined;
  const names = [...(items.kind === "identifier" ? [items] : []), ...items.descendants("identifier")].filter(
    (it) => it.fieldName !== "attribute",
  );
  const isSame = names.every((it) => facts.writesOf(it, loop).length === 0 && facts.isStableIn(it, loop) !== "no");
  const isMoving = [...(index.kind === "identifier" ? [index] : []), ...index.descendants("identifier")].some(
    (it) => facts.writesOf(it, loop).length > 0,
  );
  return isSame && isMoving && names.length > 0 ? loop : undefined;
}
