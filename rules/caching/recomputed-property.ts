/** A property that works out the same at every read, from what the object was made with. */

import {
  asComprehension,
  asFunction,
  costlyCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  importName,
  replace,
  statementsOf,
  unwrap,
  type Facts,
  type FunctionDef,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Property that works out the same at every read",
  why: "Whoever reads an attribute expects it to cost nothing, and reads it in loops too. What it is worked out from is set when the object is made and never again: cached_property works it out at the first read and keeps it.",
  guide: "caching",
  level: "hint",
  gain: "time",
  fixes: "review",

  examples: [
    {
      before: `
import functools

class Shop:
    def __init__(self, prices: list[int]) -> None:
        self.prices = prices

    @property
    def ranked(self) -> list[int]:
        return sorted(self.prices)
`,
      after: `
import functools

class Shop:
    def __init__(self, prices: list[int]) -> None:
        self.prices = prices

    @functools.cached_property
    def ranked(self) -> list[int]:
        return sorted(self.prices)
`,
    },
  ],

  on: ["decorator"],

  find(node, { facts }) {
    const decorator = unwrap(node.children[0]!);
    if (decorator.text !== "property" || facts.isTest || !facts.isBuiltin("property", node)) return undefined;
    const def = asFunction(node.parent);
    const info = def && facts.classOf(def.node);
    if (!def || !info || def.decorators.length > 1 || statementsOf(def.body).length > 4) return undefined;
    // Its own setter or deleter says that it changes.
    if (!info.methodNamed(def.name)) return undefined;
    const work = workOf(def, facts);
    if (!work || !isSettled(def, facts)) return undefined;
    return { at: decorator, weight: facts.weightOf(def.body), def, info, work };
  },

  message: ({ def, work }) =>
    `Each read of \`${def.name}\` works out \`${excerpt(work.text.replace(/\s+/g, " "), 50)}\` again, from attributes that only \`__init__\` sets.`,

  fix({ at, def, info }, file) {
    const { facts } = file;
    if (info.slots !== undefined || info.def.bases.length > 0 || info.def.decorators.length > 0)
      return declined(`the objects of \`${info.name}\` may have no room for the result`);
    const name = importName(file, "functools", "cached_property", def.node);
    if (!name || facts.isTest) return declined("the name `cached_property` means something else here");
    return fixOf(
      "Turn it into a cached_property",
      [
        "what it is worked out from must not change later",
        "all readers then see one object",
        "the attribute can be assigned to",
      ],
      [...name.edits, replace({ tree: at.tree, start: at.start, end: at.end }, name.name)],
    );
  },
});

/** One pass over data, or more, for what the property returns. */
function workOf(def: FunctionDef, facts: Facts): Node | undefined {
  for (const it of def.body.descendants("call")) {
    const costly = functionAround(it) === def.node ? costlyCall(it, facts) : undefined;
    if (costly && costly.cost !== "text" && !costly.readsDisk && /\bself\./.test(it.text)) return it;
  }
  return def.body.descendants("list_comprehension", "dictionary_comprehension", "set_comprehension").find((it) => {
    const made = asComprehension(it);
    return made !== undefined && /^self\.\w+/.test(made.clauses[0]!.iterable.text) && made.conditions.length > 0;
  });
}

/** All that it reads of its object is set by `__init__` alone, and nothing else is asked. */
function isSettled(def: FunctionDef, facts: Facts): boolean {
  const own = def.body.descendants("attribute").filter((it) => it.field("object")?.text === "self");
  if (own.length === 0 || def.body.descendants("yield", "await", "global_statement").length > 0) return false;
  return own.every((it) => {
    const place = facts.placeOf(it);
    return (
      place !== undefined &&
      place.writes.length > 0 &&
      place.writes.every((site) => site.name.ancestor("function_definition")?.field("name")?.text === "__init__") &&
      place.ofUses("only read", (uses) => uses.every(isRead))
    );
  });
}

const isRead = (use: Use): boolean =>
  use.kind === "method" ? READS.test(use.name ?? "") : !GIVES_AWAY.test(use.kind) || isReadOnly(use.in);

const GIVES_AWAY =
  /^(?:subscript-store|subscript-delete|augmented|deleted|attribute-store|assigned|argument|returned|element)$/;

const READS =
  /^(?:get|items|keys|values|index|count|copy|split|strip|lower|upper|startswith|endswith|join|mean|sum|min|max|std|unique|groupby|tolist|to_numpy|isna|dropna|find|union|intersection|difference|issubset|sort_values|head|tail)$/;

function isReadOnly(node: Node): boolean {
  return (
    node.kind === "call" &&
    /^(?:len|sorted|set|sum|min|max|any|all|enumerate|zip|list|tuple|dict|frozenset|isinstance|np\.\w+)$/.test(
      node.field("function")!.text,
    )
  );
}
