/** Finds `[rng.normal() for _ in range(n)]`: random numbers drawn one by one. */

import {
  asCall,
  asComprehension,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isCompiled,
  isConstant,
  replace,
  unwrap,
  type Call,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** They draw one number where no size is given, and the same numbers in the same order where one is. */
const DRAWS = new Set(
  "random normal uniform standard_normal exponential poisson binomial gamma rand randn randint integers random_sample lognormal beta".split(
    " ",
  ),
);
/** Their arguments are sizes. */
const SIZED = new Set("random standard_normal rand randn random_sample".split(" "));
const GENERATORS = /^numpy\.random\.(Generator|RandomState)$/;

export default defineRule({
  title: "Random numbers drawn one by one",
  why: "Each call draws one number, which costs many times the drawing itself. With size= one call fills an array with the same numbers.",
  guide: "numpy",
  level: "warning",
  gain: "time",
  imports: ["numpy"],
  overrides: ["numpy/legacy-random"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def noise(count: int) -> list[float]:
    rng = np.random.default_rng(1)
    return [rng.normal(0.0, 2.0) for _ in range(count)]
`,
      after: `
import numpy as np

def noise(count: int) -> list[float]:
    rng = np.random.default_rng(1)
    return rng.normal(0.0, 2.0, size=count).tolist()
`,
    },
  ],

  on: ["list_comprehension"],

  find(node, { facts }) {
    const [element, clause, more] = node.children;
    if (!element || more || clause?.kind !== "for_in_clause" || facts.isTest || !asComprehension(node))
      return undefined;
    const draw = drawIn(element, facts);
    const target = clause.field("left");
    if (!draw || target?.kind !== "identifier" || facts.readsOf(target, draw.node).length > 0) return undefined;
    // An argument that is drawn itself is another one each time.
    if (draw.argumentList.descendants("call").length > 0 || isCompiled(node, facts)) return undefined;
    const items = clause.field("right")!;
    const count = countOf(items, facts);
    const weight = count ? weightOf(count, node, facts) : weightOver(items, facts);
    const word = wordOf(draw);
    const unsure = notSurelyNumber(draw, facts);
    if (!weight || unsure === "array") return undefined;
    return {
      at: draw.callee,
      construct: node,
      evidence: unsure ? "fair" : "proof",
      weight,
      node,
      draw,
      word,
      count,
      shown: count?.text ?? `len(${unwrap(items).text.replace(/\s+/g, " ")})`,
      unsure,
    };
  },

  message: ({ draw, shown, unsure }) =>
    `\`${excerpt(draw.callee.text, 30)}\` draws one number at a time${unsure ? `, if \`${excerpt(unsure.text, 20)}\` is one` : ""}; with \`size=${excerpt(shown, 20)}\` one call draws all of them.`,

  fix({ node, draw, word, count, unsure }, { facts }) {
    if (hasComments(node)) return declined("a comment would be lost");
    if (draw.node !== node.children[0] || !count)
      return declined("the element is worked out from the number, or from an item");
    const given = draw.args.length + draw.keywords.size;
    const isBare = word === "rand" || word === "randn";
    const size = given === 0 ? (isBare ? count.text : `size=${count.text}`) : `, size=${count.text}`;
    const { argumentList } = draw;
    const sized = `${draw.callee.text}(${argumentList.text.slice(1, -1).replace(/,\s*$/, "")}${size})`;
    const outer = asCall(node.parent?.parent);
    const name =
      outer && outer.args[0] === node && outer.args.length === 1 && outer.keywords.size === 0
        ? facts.nameOf(outer.callee)
        : undefined;
    const isArray = name === "numpy.array" || name === "numpy.asarray";
    const doubts = [
      unsure && `\`${excerpt(unsure.text, 30)}\` must be a number`,
      "a negative count raises an error",
      !isArray && (word === "integers" || word === "randint") && "the numbers are plain numbers of Python",
      isArray && "an empty array may have another type",
    ];
    return fixOf("Draw all of them at once", doubts, [
      replace(isArray ? outer!.node : node, isArray ? sized : `${sized}.tolist()`),
    ]);
  },
});

const wordOf = ({ callee }: Call): string => callee.field("attribute")?.text ?? "";

/** The draw that is the element, or that the element is worked out from: once for each, whatever comes of it. */
function drawIn(element: Node, facts: Facts): Call | undefined {
  for (const it of [element, ...element.descendants("call")]) {
    const call = it.kind === "call" ? asCall(it) : undefined;
    if (!call || call.hasSplat || call.keywords.has("size") || !DRAWS.has(wordOf(call))) continue;
    if (isDraw(call, wordOf(call), facts) && isComputedWith(it, element, facts)) return call;
  }
  return undefined;
}

/** Nothing but arithmetic lies between: what makes an object, or asks first, takes longer than the draw. */
function isComputedWith(draw: Node, element: Node, facts: Facts): boolean {
  for (let at = draw; at !== element; at = at.parent!) {
    const { kind } = at.parent!;
    const isNumeric = kind === "call" && NUMERIC.test(facts.nameOf(at.parent!.field("function")!) ?? "");
    if (!isNumeric && !/^(?:binary_operator|unary_operator|parenthesized_expression|argument_list)$/.test(kind))
      return false;
  }
  return true;
}

const NUMERIC = /^(?:builtins\.(?:int|float|round|abs|min|max)|math\.\w+|numpy\.\w+)$/;

/** `n` of `range(n)`. */
function countOf(items: Node, facts: Facts): Node | undefined {
  const range = asCall(items);
  const [count, second] = range?.args ?? [];
  return range && count && !second && facts.nameOf(range.callee) === "builtins.range" ? count : undefined;
}

/** Of an array or a column: what is worked out from a list stays a list, and what a generator gives nobody can count beforehand. */
function weightOver(items: Node, facts: Facts): Weight | undefined {
  const type = facts.typed(items, "fair")?.type.name;
  if (type !== "numpy.ndarray" && type !== "pandas.Series") return undefined;
  return facts.sizeOf(items) === "light" ? undefined : facts.sizeOf(items);
}

/** So few are drawn in no time. */
const FEW = 20;

/** An argument that may be an array, which draws an array each time: "array" where that is likely. */
function notSurelyNumber(draw: Call, facts: Facts): Node | "array" | undefined {
  let unsure: Node | undefined;
  for (const it of [...draw.args, ...draw.keywords.values()]) {
    const type = facts.typed(it, "strong")?.type.name;
    if (isConstant(it) || (type !== undefined && /^(?:int|float|bool)$/.test(type))) continue;
    if (type !== undefined || !/^-?[\w.]+(?:\s*[-+*/]\s*[\w.]+)*$/.test(it.text)) return "array";
    unsure ??= it;
  }
  return unsure;
}

/** A draw of one number, by NumPy's own functions or a generator of NumPy. */
function isDraw(draw: Call, word: string, facts: Facts): boolean {
  if (SIZED.has(word) && draw.args.length + draw.keywords.size > 0) return false;
  // randint(low, high, size), normal(loc, scale, size)
  if (draw.args.length > 2) return false;
  if (facts.nameOf(draw.callee) === `numpy.random.${word}`) return true;
  const method = asMethodCall(draw.node);
  return method !== undefined && GENERATORS.test(facts.typed(method.object, "strong")?.type.name ?? "");
}

function weightOf(count: Node, node: Node, facts: Facts): Weight | undefined {
  const known = integerOf(facts.valueOf(count) ?? count);
  if (known !== undefined) return known < FEW ? undefined : known < 10_000 ? "unknown" : "heavy";
  return facts.weightOf(node) === "light" ? "light" : "unknown";
}
