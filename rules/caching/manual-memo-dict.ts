/** `if key not in cache: cache[key] = …`: a cache by hand where functools has one. */

import {
  asAssignment,
  asComparison,
  asFunction,
  asIf,
  asSubscript,
  defineRule,
  functionAround,
  isSamePlace,
  onlyStatement,
  statementsOf,
  unwrap,
  useOf,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Cache kept by hand in a dict",
  why: "functools.cache and lru_cache keep results by the arguments, can be given a size, and can be asked and emptied. A dict beside the function does the same in more lines, is seen by the whole module, and never forgets.",
  guide: "caching",
  level: "hint",
  differs: { unknown: "kept" },
  gain: "clarity",
  overrides: ["caching/ever-growing-dict"],

  examples: [
    {
      before: `
_cache = {}

def square_sum(n: int) -> int:
    if n not in _cache:
        _cache[n] = sum(i * i for i in range(n))
    return _cache[n]
`,
      after: `
from functools import cache

@cache
def square_sum(n: int) -> int:
    return sum(i * i for i in range(n))
`,
    },
  ],

  on: ["if_statement"],
  values: { if_statement: ["comparison_operator", "parenthesized_expression"] },

  find(node, { facts }) {
    const test = asComparison(unwrap(asIf(node)?.condition ?? node));
    if (!test || (test.operator !== "in" && test.operator !== "not in")) return undefined;
    const cache = unwrap(test.right);
    const key = unwrap(test.left);
    if (cache.kind !== "identifier" || facts.isTest || node.field("alternative")) return undefined;
    const def = asFunction(functionAround(node));
    if (!def || def.isAsync || facts.classOf(def.node) || node.parent !== def.body) return undefined;
    if (facts.bindingOf(cache)?.scope.kind !== "module" || !isKeyOf(key, def, facts)) return undefined;
    // A dict that lets its keys go, or keeps to a size, does more than lru_cache.
    if (!isPlainDict(facts.valueOf(cache))) return undefined;
    if (!(test.operator === "in" ? returnsItAtOnce(node, cache, key) : fillsIt(node, cache, key))) return undefined;
    // A dictionary of many functions is given up at the first read elsewhere, before its reads are gone through.
    if (!isPrivateTo(cache, def, facts)) return undefined;
    const stores = facts.readsOf(cache).filter((it) => useOf(it).kind === "subscript-store");
    if (stores.length !== 1) return undefined;
    return { at: cache, construct: node, evidence: "strong", weight: "heavy", def, cache };
  },

  message: ({ def, cache }) =>
    `\`${cache.text}\` only keeps the results of \`${def.name}\` by its arguments; \`functools.cache\` or \`lru_cache\` does that.`,
});

function isPlainDict(value: Node | undefined): boolean {
  return value?.kind === "dictionary" || /^(?:dict|OrderedDict|collections\.OrderedDict)\(/.test(value?.text ?? "");
}

/** The one parameter, or a tuple of all of them. */
function isKeyOf(key: Node, { parameters }: FunctionDef, facts: Facts): boolean {
  const names: readonly (string | undefined)[] = parameters.map((it) => it.name);
  if (names.length === 0 || names.includes(undefined)) return false;
  const value = key.kind === "identifier" && !names.includes(key.text) ? unwrap(facts.valueOf(key) ?? key) : key;
  const parts = value.kind === "tuple" ? value.children : [value];
  return parts.length === names.length && parts.every((it) => it.kind === "identifier" && names.includes(it.text));
}

/** `if key in cache: return cache[key]`. */
function returnsItAtOnce(node: Node, cache: Node, key: Node): boolean {
  const only = onlyStatement(node.field("consequence"));
  return only?.kind === "return_statement" && isItem(only.children[0], cache, key);
}

/** `if key not in cache: … cache[key] = …`, and then `return cache[key]`. */
function fillsIt(node: Node, cache: Node, key: Node): boolean {
  const last = statementsOf(node.field("consequence")!).at(-1);
  const assigned = last && asAssignment(last);
  const after = node.nextSibling;
  return (
    assigned?.targets.length === 1 &&
    isItem(assigned.targets[0], cache, key) &&
    // An empty collection is filled later: that is grouping.
    !/^(?:list|dictionary|set)$/.test(assigned.value?.kind ?? "") &&
    after?.kind === "return_statement" &&
    isItem(after.children[0], cache, key)
  );
}

function isItem(node: Node | undefined, cache: Node, key: Node): boolean {
  const item = asSubscript(node && unwrap(node));
  return (
    item !== undefined &&
    item.value.text === cache.text &&
    item.indices.length === 1 &&
    unwrap(item.indices[0]!).text === key.text
  );
}

/** No other function looks at it, and nothing empties, counts or shows it. */
function isPrivateTo(cache: Node, def: FunctionDef, facts: Facts): boolean {
  return (
    facts.writesOf(cache).length === 1 &&
    facts
      .readsOf(cache)
      .every(
        (it) =>
          functionAround(it) === def.node &&
          /^(?:subscript|subscript-store|membership)$/.test(useOf(it).kind) &&
          isSamePlace(it, cache, facts),
      )
  );
}
