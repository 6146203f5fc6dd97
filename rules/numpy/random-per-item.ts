/** Finds `[rng.normal() for _ in range(n)]`, and draws in each turn of a loop that does little else: random numbers drawn one by one. */

import {
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isCompiled,
  isConstant,
  isQuick,
  replace,
  unwrap,
  type Call,
  type Facts,
  type ForLoop,
  type Match,
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

  on: ["list_comprehension", "for_statement"],

  find(node, { facts }): Found | undefined {
    if (node.kind === "for_statement") return inTurns(node, facts);
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
      isInLoop: false,
    };
  },

  message: ({ draw, shown, unsure, isInLoop, related = [] }) =>
    isInLoop
      ? `\`${excerpt(draw.callee.text, 30)}\`${related.length > 0 ? " and other calls draw" : " draws"} one number in each turn${unsure ? `, if \`${excerpt(unsure.text, 20)}\` is one` : ""}; with \`size=\` before the loop one call draws all of them.`
      : `\`${excerpt(draw.callee.text, 30)}\` draws one number at a time${unsure ? `, if \`${excerpt(unsure.text, 20)}\` is one` : ""}; with \`size=${excerpt(shown, 20)}\` one call draws all of them.`,

  fix({ node, draw, word, count, unsure, isInLoop }, { facts }) {
    if (isInLoop) return declined("the numbers have to be named, and several draws would come in another order");
    if (hasComments(node)) return declined("a comment would be lost");
    if (draw.node !== node.children[0] || !count)
      return declined("the element is worked out from the number, or from an item");
    // Numbers of 8, 16 or 32 bits share what is drawn for one.
    if (draw.keywords.has("dtype") || ((word === "integers" || word === "randint") && draw.args.length > 2))
      return declined("small types of numbers would be drawn in another way");
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

interface Found extends Match {
  readonly node: Node;
  readonly draw: Call;
  readonly word: string;
  readonly count: Node | undefined;
  readonly shown: string;
  readonly unsure: Node | undefined;
  /** In the turns of a `for`. */
  readonly isInLoop: boolean;
}

/** One finding for a loop whose turns draw, and do little else. */
function inTurns(node: Node, facts: Facts): Found | undefined {
  const loop = facts.isTest ? undefined : asFor(node);
  if (!loop || loop.isAsync || loop.body.descendants(...LEAVING).length > 0) return undefined;
  const calls = loop.body.descendants("call").flatMap((it) => asCall(it) ?? []);
  const draws = calls.filter((it) => mayDraw(it) && isDrawnAhead(it, loop, facts));
  const [draw] = draws;
  if (!draw || isCompiled(node, facts)) return undefined;
  if (!calls.every((it) => mayDraw(it) || isShort(it) || (isQuick(it, facts) && !worksOnArrays(it, facts))))
    return undefined;
  const count = countOf(loop.iterable, facts);
  const size = facts.sizeOf(loop.iterable);
  const few = draws.length > 1 || size === "heavy" ? "unknown" : "light";
  const weight = count ? weightOfTurns(count, draws.length, facts) : size === "light" ? undefined : few;
  if (!weight) return undefined;
  const unsure = draws.map((it) => notSurelyNumber(it, facts)).find((it) => it !== undefined);
  return {
    at: draw.callee,
    construct: draw.node,
    evidence: unsure ? "fair" : "proof",
    weight,
    related: draws.slice(1, 6).map((it) => ({ at: it.callee, message: "another one" })),
    node,
    draw,
    word: wordOf(draw),
    count,
    shown: "",
    unsure: unsure === "array" ? undefined : unsure,
    isInLoop: true,
  };
}

/** Not every turn comes to its end, so that fewer numbers are drawn; or somebody else acts between the turns. */
const LEAVING = [
  ...(["break_statement", "return_statement", "continue_statement", "yield", "await"] as const),
  // A turn that goes through others itself, or works on parts of arrays, takes longer than a draw.
  ...(["for_statement", "while_statement", "for_in_clause", "slice"] as const),
];

/** More than a formula for one number. */
const worksOnArrays = (call: Call, facts: Facts): boolean =>
  /^numpy\.(?!random\.|(?:sqrt|exp|log\w*|sin|cos|tan|abs|floor|ceil|round|clip|maximum|minimum|sign|float\d*|int\d*)$)/.test(
    facts.nameOf(call.callee) ?? "",
  );

const mayDraw = (call: Call): boolean => DRAWS.has(wordOf(call)) || wordOf(call) === "choice";

/** Methods of dates and texts, by whatever these are known. */
const isShort = (call: Call): boolean =>
  /^(?:strftime|isoformat|format|lower|upper|title|date|weekday|get|items|keys|values|zfill|append)$/.test(
    wordOf(call),
  );

/** A draw of one number in each turn, with arguments that the loop does not change. */
function isDrawnAhead(call: Call, loop: ForLoop, facts: Facts): boolean {
  if (call.hasSplat || call.keywords.has("size") || facts.loopAround(call.node) !== loop.node) return false;
  const given = [...call.args, ...call.keywords.values()];
  if (given.some((it) => it.kind === "call" || it.descendants("call").length > 0)) return false;
  const names = given.flatMap((it) => (it.kind === "identifier" ? [it] : it.descendants("identifier")));
  if (names.some((it) => facts.writesOf(it, loop.node).length > 0)) return false;
  const word = wordOf(call);
  if (word === "choice" ? !isChoice(call, facts) : !isDraw(call, word, facts)) return false;
  if (word !== "choice" && notSurelyNumber(call, facts) === "array") return false;
  for (let at = call.node; at !== loop.body; at = at.parent!) {
    const isAsked = at.fieldName === "condition" && at.parent!.kind === "if_statement";
    if (!isAsked && SOMETIMES.test(at.parent!.kind)) return false;
  }
  return true;
}

/** What stands in them does not run once in each turn. */
const SOMETIMES =
  /^(?:if_statement|elif_clause|conditional_expression|boolean_operator|match_statement|try_statement|while_statement|lambda|function_definition|class_definition)$/;

/** `rng.choice(items)`, which takes one of them. */
function isChoice(call: Call, facts: Facts): boolean {
  if (call.args.length !== 1) return false;
  if (facts.nameOf(call.callee) === "numpy.random.choice") return true;
  const method = asMethodCall(call.node);
  return method !== undefined && GENERATORS.test(facts.typed(method.object, "strong")?.type.name ?? "");
}

/** A draw takes a microsecond or some: one in each of a thousand turns is nothing that anybody sees. */
function weightOfTurns(count: Node, draws: number, facts: Facts): Weight | undefined {
  const value = facts.valueOf(count) ?? count;
  const known = integerOf(value);
  // A number that was drawn itself is mostly a small one.
  if (known === undefined) return draws > 1 && !DRAWS.has(wordIn(value)) ? "unknown" : "light";
  return known < FEW ? undefined : known * draws < 10_000 ? "light" : known < 1_000_000 ? "unknown" : "heavy";
}

const wordIn = (value: Node): string => asCall(value)?.callee.field("attribute")?.text ?? "";
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
  // What is chosen from may be anything.
  if (wordOf(draw) === "choice") return undefined;
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
