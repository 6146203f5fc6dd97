/** Finds `np.vectorize(f)` and `np.apply_along_axis(f, …)` where NumPy could work out `f` for the whole array itself. */

import {
  argumentOf,
  arrayExpression,
  asCall,
  asFunction,
  asLambda,
  asMethodCall,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  onlyStatement,
  parametersOf,
  replace,
  textIn,
  unwrap,
  SMALL_TYPES,
  type ArrayExpression,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const MAKERS = new Set(["numpy.vectorize", "numpy.frompyfunc"]);
/** Functions of NumPy that take `axis` as second argument or by name, and give the same for an array with one axis. */
const WITH_AXIS = new Set(
  (
    "all amax amin any argmax argmin argsort average count_nonzero cumprod cumsum diff gradient max mean median min nanargmax nanargmin nancumsum " +
    "nanmax nanmean nanmedian nanmin nanstd nansum nanvar prod ptp sort std sum var"
  ).split(" "),
);

/** The same of SciPy, which take `axis` by name. */
const SCIPY_WITH_AXIS = new Set(
  "rankdata zscore skew kurtosis sem iqr gmean hmean variation entropy".split(" ").map((it) => `scipy.stats.${it}`),
);
/** Functions of one number that NumPy has for arrays. */
const OF_ONE =
  /^(builtins\.(abs|round|int|float|bool)|math\.(sqrt|exp|log\w*|a?sin|a?cos|a?tan|floor|ceil|fabs|radians|degrees|isnan|isinf|isfinite))$/;

export default defineRule({
  title: "Python function called for each element",
  why: "np.vectorize and np.frompyfunc are loops in disguise: they call the Python function once for every element, and np.apply_along_axis once for every row. They save writing the loop and no time. The same expression on whole arrays runs in compiled code.",
  guide: "numpy",
  level: "info",
  // A factor of ten and more, whatever the size.
  differs: { unknown: "kept" },
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def relu(x: np.ndarray) -> np.ndarray:
    return np.vectorize(lambda value: value if value > 0 else 0.0)(x)
`,
      after: `
import numpy as np

def relu(x: np.ndarray) -> np.ndarray:
    return np.where(x > 0, x, 0.0)
`,
    },
  ],

  on: ["call", "decorator"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const made = node.kind === "decorator" ? decorating(node, facts) : makerOf(node, facts);
    if (made) {
      const work = workOf(made, facts);
      return (
        work && {
          at: made.at,
          construct: node,
          evidence: work.evidence,
          weight: facts.weightOf(node),
          made,
          work,
          rows: undefined,
        }
      );
    }
    const rows = node.kind === "call" ? rowsOf(node, facts) : undefined;
    return (
      rows && {
        at: rows.call.callee,
        construct: node,
        evidence: "proof",
        weight: facts.weightOf(node),
        made,
        work: undefined,
        rows,
      }
    );
  },

  message({ at, made, rows }) {
    const maker = excerpt(at.text, 30);
    if (rows?.isMode)
      return `\`${maker}\` counts in Python for one row after the other; \`scipy.stats.mode\` takes an axis, and of two classes the mean says it.`;
    if (rows)
      return `\`${maker}\` calls \`${excerpt(rows.shown, 40)}\` for one row after the other in Python; \`axis\` does it for all of them at once.`;
    const name = made!.name === undefined ? "the lambda" : `\`${excerpt(made!.name, 40)}\``;
    return `\`${maker}\` calls ${name} for every element in Python; the same arithmetic on whole arrays runs in compiled code.`;
  },

  fix({ made, work, rows }, file) {
    const { facts } = file;
    if (rows) return rowsFix(rows, facts);
    const outer = made!.call && asCall(made!.call.node.parent);
    if (!outer || unwrap(outer.callee) !== made!.call!.node) return declined("what is made here is called elsewhere");
    if (hasComments(outer.node)) return declined("a comment would be lost");
    const isFromFunction = facts.nameOf(made!.call!.callee) === "numpy.frompyfunc";
    const types = isFromFunction ? undefined : argumentOf(made!.call!, "otypes", 1);
    // Functions of math give floats whatever they are given.
    if (
      types &&
      !(/float\b/.test(types.text) && /^math\./.test(facts.nameOf(asCall(work!.value)?.callee ?? types) ?? ""))
    )
      return declined("the type of the result is given");
    const parameters = made!.parameters;
    if (outer.hasSplat || outer.keywords.size > 0 || outer.args.length !== parameters.length)
      return declined("it is not called with one array for each parameter");
    const numpy = importModule(file, "numpy", outer.node);
    if (!numpy) return declined("`numpy` cannot be imported here");
    const given = new Map(parameters.map((it, at) => [it, outer.args[at]!]));
    const isRepeated = parameters.some((it) => given.get(it)!.kind !== "identifier");
    const expression = work!.value && wholeOf(work!.value, given, made!.isLambda, numpy.name, facts);
    if (!expression) return declined("it cannot be written for the whole array here");
    if (isRepeated) return declined("give the array a name first");
    const text = expression.binding < ATOM && needsParentheses(outer.node) ? `(${expression.text})` : expression.text;
    return fixOf(
      "Work on the whole array",
      [
        isFromFunction
          ? "np.frompyfunc gives an array of objects, whose numbers do not wrap around"
          : "np.vectorize gives all elements the type of the first one, and an empty array raises an error",
        SMALL_TYPES,
        /\/|%|\*\*/.test(work!.value!.text) && "a division by zero gives infinity or NaN with a warning, not an error",
        ...outer.args.map((it) => !facts.isA(it, "numpy.ndarray") && `\`${excerpt(it.text, 30)}\` must be an array`),
        ...expression.doubts,
      ],
      [...numpy.edits, replace(outer.node, text)],
    );
  },
});

interface Made {
  readonly at: Node;
  readonly call: Call | undefined;
  readonly parameters: readonly string[];
  /** Undefined for a lambda. */
  readonly name: string | undefined;
  readonly isLambda: boolean;
  readonly body: Node;
}

/** `np.vectorize(f)`, `np.frompyfunc(f, 1, 1)`. */
function makerOf(node: Node, facts: Facts): Made | undefined {
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!call || call.hasSplat || name === undefined || !MAKERS.has(name)) return undefined;
  const types = argumentOf(call, "otypes", 1);
  // The shape of what goes in, or objects, cannot be had otherwise.
  if (call.keywords.has("signature") || call.keywords.has("excluded")) return undefined;
  if (name === "numpy.vectorize" && types && /object|str|["'][OUSM]|bytes|datetime/.test(types.text)) return undefined;
  const given = argumentOf(call, name === "numpy.vectorize" ? "pyfunc" : "func", 0);
  const made = given && functionOf(unwrap(given), facts);
  return made && { at: call.callee, call, ...made };
}

function functionOf(node: Node, facts: Facts): Omit<Made, "at" | "call"> | undefined {
  const lambda = asLambda(node);
  if (lambda) {
    const parameters = lambda.parameters.map((it) => it.text);
    if (!lambda.parameters.every((it) => it.kind === "identifier")) return undefined;
    return { parameters, name: undefined, isLambda: true, body: lambda.body };
  }
  if (OF_ONE.test(facts.nameOf(node) ?? "")) return { parameters: ["x"], name: node.text, isLambda: false, body: node };
  const def = node.kind === "identifier" ? facts.functionNamed(node) : undefined;
  if (!def || def.isAsync || def.node.parent?.kind === "decorated_definition") return undefined;
  return { parameters: def.parameters.map((it) => it.name), name: def.name, isLambda: false, body: facts.bodyOf(def) };
}

/** `@np.vectorize` above a function. */
function decorating(node: Node, facts: Facts): Made | undefined {
  const expression = node.children[0];
  const call = asCall(expression);
  const callee = call ? call.callee : expression;
  if (!callee || facts.nameOf(callee) !== "numpy.vectorize") return undefined;
  if (call && (call.args.length > 0 || [...call.keywords.keys()].some((it) => it !== "cache" && it !== "doc")))
    return undefined;
  const def = asFunction(node.parent);
  return (
    def && {
      at: callee,
      call: undefined,
      parameters: def.parameters.map((it) => it.name),
      name: def.name,
      isLambda: false,
      body: facts.bodyOf(def),
    }
  );
}

interface Work {
  readonly evidence: "proof" | "strong";
  /** The one expression that is worked out. */
  readonly value: Node | undefined;
}

/** Arithmetic and comparisons of the parameters, and functions that NumPy has for arrays too. */
function workOf({ parameters, body, isLambda }: Made, facts: Facts): Work | undefined {
  if (OF_ONE.test(facts.nameOf(body) ?? "")) return { evidence: "proof", value: undefined };
  if (parameters.length === 0 || body.end - body.start > 1500) return undefined;
  const returned = isLambda ? body : returnedBy(body);
  if (returned) {
    const given = new Map(parameters.map((it) => [it, undefined]));
    // Whether the rest of a division by zero may matter is a question of the fix.
    if (wholeOf(returned, given, true, "np", facts, true))
      return computes(returned) ? { evidence: "proof", value: returned } : undefined;
  }
  return isArithmetic(body, parameters, facts) ? { evidence: "strong", value: undefined } : undefined;
}

function returnedBy(body: Node): Node | undefined {
  const only = onlyStatement(body);
  return only?.kind === "return_statement" ? only.children[0] : undefined;
}

function computes(value: Node): boolean {
  return (
    value.kind === "call" ||
    value.descendants("binary_operator", "comparison_operator", "unary_operator", "call").length > 0 ||
    /operator|expression/.test(value.kind)
  );
}

/** Tests and arithmetic, down to numbers; no loop, text or object. */
function isArithmetic(body: Node, parameters: readonly string[], facts: Facts): boolean {
  if (
    body.descendants(
      "for_statement",
      "while_statement",
      "try_statement",
      "string",
      "list",
      "dictionary",
      "list_comprehension",
      "generator_expression",
      "yield",
      "await",
      "lambda",
      "function_definition",
      "subscript",
      "with_statement",
      "raise_statement",
      "import_statement",
      "import_from_statement",
    ).length > 0
  )
    return false;
  const names = new Set(parameters);
  const calls = body.descendants("call");
  return (
    body
      .descendants("binary_operator", "comparison_operator")
      .some((it) => it.descendants("identifier").some((name) => names.has(name.text))) &&
    calls.every((it) => SIMPLE.test(facts.nameOf(asCall(it)?.callee ?? it) ?? ""))
  );
}

const SIMPLE =
  /^(math\.\w+|builtins\.(abs|min|max|float|int|round|bool)|numpy\.(sqrt|exp|log\w*|a?sin\w*|a?cos\w*|tan\w*|arc\w+|abs\w*|sign|floor|ceil|maximum|minimum|power|isnan|isfinite|isinf|clip|round|square|float\d+|int\d+))$/;

/** The expression on whole arrays; parameters without an argument stand for themselves. */
function wholeOf(
  value: Node,
  given: ReadonlyMap<string, Node | undefined>,
  isFree: boolean,
  numpy: string,
  facts: Facts,
  isNumpy = false,
): ArrayExpression | undefined {
  return arrayExpression(value, {
    numpy,
    isNumpy,
    nameOf: (callee) => facts.nameOf(callee),
    leaf(it) {
      if (it.kind !== "identifier" || !given.has(it.text)) return undefined;
      const array = given.get(it.text);
      return array ? textIn(array, ATOM) : it.text;
    },
    // What a function of the file reads from outside may mean something else where it is called.
    isInvariant: (it) => isFree && it.kind === "identifier" && !given.has(it.text),
  });
}

function needsParentheses(node: Node): boolean {
  return !["return_statement", "assignment", "argument_list", "keyword_argument", "expression_statement"].includes(
    node.parent?.kind ?? "",
  );
}

interface Rows {
  readonly call: Call;
  /** `np.mean`, as it is written, and what it is called for. */
  readonly shown: string;
  readonly function: string | undefined;
  readonly axis: Node;
  readonly array: Node;
  /** The most frequent number of each row. */
  readonly isMode?: boolean;
}

/** `np.apply_along_axis(np.mean, 1, x)`, also with a lambda around it. */
function rowsOf(node: Node, facts: Facts): Rows | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat || facts.nameOf(call.callee) !== "numpy.apply_along_axis" || call.args.length > 3)
    return undefined;
  const fn = argumentOf(call, "func1d", 0);
  const axis = argumentOf(call, "axis", 1);
  const array = argumentOf(call, "arr", 2);
  if (!fn || !axis || !array || call.args.length + call.keywords.size !== 3) return undefined;
  const given = unwrap(fn);
  const lambda = asLambda(given);
  if (!lambda) {
    const name = facts.nameOf(given) ?? "";
    const own = /^numpy\.(\w+)$/.exec(name)?.[1];
    return (own !== undefined && WITH_AXIS.has(own)) || SCIPY_WITH_AXIS.has(name)
      ? { call, shown: given.text, function: given.text, axis, array }
      : undefined;
  }
  const [parameter, more] = parametersOf(given.field("parameters"));
  const inner = asCall(unwrap(lambda.body));
  if (!parameter || more || !inner || inner.hasSplat || inner.keywords.size > 0) return undefined;
  const method = asMethodCall(inner.node);
  const isOf = (it: Node | undefined) => it !== undefined && unwrap(it).text === parameter.name;
  if (isMostFrequent(inner, isOf, facts))
    return { call, shown: inner.node.text, function: undefined, axis, array, isMode: true };
  if (method && isOf(method.object) && inner.args.length === 0 && WITH_AXIS.has(method.method))
    return { call, shown: inner.node.text, function: undefined, axis, array };
  const own = /^numpy\.(\w+)$/.exec(facts.nameOf(inner.callee) ?? "")?.[1];
  const isPlain = own !== undefined && WITH_AXIS.has(own) && isOf(inner.args[0]) && inner.args.length === 1;
  return isPlain ? { call, shown: inner.node.text, function: inner.callee.text, axis, array } : undefined;
}

/** `np.argmax(np.bincount(row))`, `np.bincount(row).argmax()`. */
function isMostFrequent(call: Call, isOf: (it: Node | undefined) => boolean, facts: Facts): boolean {
  const of = facts.nameOf(call.callee) === "numpy.argmax" ? call.args[0] : asMethodCall(call.node, "argmax")?.object;
  const counted = asCall(of && unwrap(of));
  return (
    counted !== undefined &&
    facts.nameOf(counted.callee) === "numpy.bincount" &&
    isOf(counted.args[0]) &&
    counted.args.length === 1 &&
    !counted.keywords.has("weights")
  );
}

function rowsFix(
  { call, function: name, axis, array, isMode }: Rows,
  facts: Facts,
): ReturnType<typeof fixOf> | ReturnType<typeof declined> {
  if (hasComments(call.node)) return declined("a comment would be lost");
  if (isMode) return declined("it has to be written in another way");
  if (facts.isA(array, "pandas.DataFrame", "fair"))
    return declined("a table would leave out missing values and give a Series");
  if (name === undefined) return declined("the method may be another one for what is not an array");
  return fixOf(
    "Pass the axis to the function",
    [
      !facts.isA(array, "numpy.ndarray") && `\`${excerpt(array.text, 30)}\` must be an array, and no table`,
      "last digits may differ",
      "an empty array may no longer raise an error",
    ],
    [replace(call.node, `${name}(${array.text}, axis=${axis.text})`)],
  );
}
