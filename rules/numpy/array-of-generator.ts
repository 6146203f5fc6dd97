/** Finds `np.array(x for x in items)` and the like: an array without axes that holds the generator itself. */

import {
  isPython2,
  argumentOf,
  asCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  insertAfter,
  insertBefore,
  replace,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** They take an object that is no sequence for one item. */
const MAKERS = new Set(
  ["array", "asarray", "asanyarray", "max", "min", "prod", "cumsum", "sort", "unique"].map((it) => `numpy.${it}`),
);
/** They raise an error for it. */
const OTHERS = new Set(
  [
    "concatenate",
    "vstack",
    "hstack",
    "stack",
    "dstack",
    "column_stack",
    "mean",
    "median",
    "std",
    "var",
    "average",
    "percentile",
    "quantile",
    "diff",
    "nanmean",
  ].map((it) => `numpy.${it}`),
);

/** What an expression of the type is called in a message. */
const KINDS: Readonly<Record<string, string>> = {
  generator: "a generator",
  iterator: "an iterator",
  set: "a set",
  frozenset: "a set",
};
const VIEWS = /^(dict|collections\.(defaultdict|OrderedDict|Counter))$/;

export default defineRule({
  title: "NumPy function that is given a generator",
  why: "NumPy makes arrays of sequences. A generator, an iterator, a set or the view of a dict is none: np.array makes an array without axes that holds this one object, and most other functions raise an error.",
  guide: "numpy",
  level: "error",
  gain: "safety",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def squares(values: list[float]) -> np.ndarray:
    return np.array(value * value for value in values)
`,
      after: `
import numpy as np

def squares(values: list[float]) -> np.ndarray:
    return np.array([value * value for value in values])
`,
    },
  ],

  on: ["call"],
  calls: [...MAKERS, ...OTHERS],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat) return undefined;
    const [items] = call.args;
    const kind = items && kindOf(unwrap(items), facts);
    if (!items || !kind || isPython2(facts)) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    const dtype = argumentOf(call, "dtype", name === "numpy.array" || name === "numpy.asarray" ? 1 : undefined);
    if (dtype && isObject(dtype, facts)) return undefined;
    return { at: items, construct: node, call, items: unwrap(items), kind, isSilent: MAKERS.has(name) && !dtype };
  },

  message: ({ call, items, kind, isSilent }) => {
    const shown = /^[\w.]{1,40}$/.test(items.text) ? `\`${items.text}\` is ${kind}` : `This is ${kind}`;
    return `${shown}, which \`${excerpt(call.callee.text, 40)}\` ${isSilent ? "takes for one object instead of its items" : "does not take for a sequence"}; make a list of it.`;
  },

  fix({ call, items, isSilent }, { facts }) {
    if (hasComments(items)) return declined("a comment would be lost");
    const doubts = [isSilent ? "the result is about the items" : "the call no longer raises an error"];
    if (items.kind === "generator_expression") {
      const list = `[${items.text.slice(1, -1)}]`;
      return fixOf("Make a list", doubts, [replace(items, call.argumentList === items ? `(${list})` : list)]);
    }
    if (!facts.isBuiltin("list", call.node)) return declined("`list` means something else here");
    return fixOf("Make a list", doubts, [insertBefore(items, "list("), insertAfter(items, ")")]);
  },
});

/** What is no sequence, in words. */
function kindOf(items: Node, facts: Facts): string | undefined {
  if (items.kind === "generator_expression") return "a generator";
  const call = asCall(items);
  if (call && facts.nameOf(call.callee) === "builtins.open") return undefined;
  const type = facts.typed(items, "strong")?.type;
  const known = type && KINDS[type.name];
  if (known) return known;
  const value = items.kind === "identifier" ? facts.valueOf(items) : items;
  return isView(value, facts) ? "the view of a dict" : undefined;
}

/** `table.values()` where the table is a dict. */
function isView(value: Node | undefined, facts: Facts): boolean {
  const call = asCall(value);
  const object = call?.callee.field("object");
  const method = call?.callee.field("attribute")?.text ?? "";
  return (
    object !== undefined &&
    call!.args.length === 0 &&
    ["values", "keys", "items"].includes(method) &&
    VIEWS.test(facts.typed(object, "strong")?.type.name ?? "")
  );
}

function isObject(dtype: Node, facts: Facts): boolean {
  const name = facts.nameOf(dtype);
  return name === "builtins.object" || name === "numpy.object_" || /^["'](O|object)["']$/.test(dtype.text);
}
