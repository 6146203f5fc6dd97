/** `pl.col("a").map_elements(lambda a: a * 2)`: a Python function for each value, where an expression does the same. */

import {
  asCall,
  asComparison,
  asMethodCall,
  asString,
  bindingStrength,
  declined,
  defineRule,
  excerpt,
  expressionWork,
  fixOf,
  functionGiven,
  hasComments,
  polarsForm,
  replace,
  textIn,
  textValue,
  unwrap,
  type Facts,
  type GivenFunction,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Python function for each value of a Polars column",
  why: "Each value is made a Python object, given to the function and taken back, one after another and in one thread. An expression runs in compiled code over the whole column, in all threads, and the query planner can see what it needs.",
  guide: "pandas-scale",
  level: "warning",
  gain: "time",
  imports: ["polars"],
  fixes: "review",

  examples: [
    {
      before: `
import polars as pl

def prices(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.with_columns(pl.col("net").map_elements(lambda net: net * 1.19 + 5, return_dtype=pl.Float64))
`,
      after: `
import polars as pl

def prices(orders: pl.DataFrame) -> pl.DataFrame:
    return orders.with_columns(pl.col("net") * 1.19 + 5)
`,
    },
  ],

  on: ["call"],
  methods: ["map_elements", "apply"],

  find(node, { facts }) {
    const call = facts.isTest ? undefined : asMethodCall(node, "map_elements", "apply");
    const given = call && (call.args[0] ?? call.keywords.get("function"));
    if (!call || !given || call.hasSplat) return undefined;
    const type = facts.typed(call.object, "fair")?.type.name;
    // Before 0.19 the method of columns was called `apply`; frames and groups have one of their own.
    if (
      call.method === "apply"
        ? type !== "polars.Expr" && type !== "polars.Series"
        : type?.startsWith("polars.") === false
    )
      return undefined;
    const fn = functionGiven(given, facts);
    const direct = fn && expressionWork(fn, isStruct(call.object), facts);
    const work = direct ?? (fn && partlyWork(fn));
    if (!fn || work === undefined) return undefined;
    return {
      at: call.methodNode,
      evidence: type === undefined ? "strong" : "proof",
      // Where expressions do only a part of it, or take a few steps for it.
      weight: direct === undefined ? "light" : facts.weightOf(node) === "light" ? "unknown" : "heavy",
      call,
      fn,
      work,
    };
  },

  message: ({ call, fn, work }) =>
    work === "membership" || work === "format"
      ? `The function runs in Python for each value of \`${excerpt(call.object.text, 40)}\`; ${work === "format" ? "`pl.format` and the methods of `.str` put the text together in compiled code" : "`is_in` tests the whole column, once its distinct values are worked out the same way"}.`
      : `${fn.def ? `\`${excerpt(fn.given.text, 40)}\`` : "The function"} runs in Python for each value of \`${excerpt(call.object.text, 40)}\`; ${saidOf(work)} the whole column in compiled code.`,

  fix({ call, fn, work }, { facts }) {
    if (fn.isMethod) return declined("a subclass may have a method of its own of that name");
    if (work === "membership" || work === "format") return declined("it takes several expressions to say the same");
    const { object, node } = call;
    if (hasComments(node)) return declined("a comment would be lost");
    const polars = moduleName(facts);
    if (polars === undefined) return declined("Polars is not imported as a module");
    const ofRow = isStruct(object);
    const isSeries = facts.typed(object, "fair")?.type.name === "polars.Series";
    if (isSeries && work === "when") return declined("a Series has no `when`: a frame with the column does");
    const form = polarsForm(
      fn,
      { base: ofRow ? undefined : textIn(object, 20), polars, isKnown: (it) => isPlain(it, fn.given, facts) },
      facts,
    );
    if (!form) return declined("a name of the function may be more than one number or text");
    const skips = call.keywords.get("skip_nulls");
    if (skips && skips.kind !== "true") return declined("the function sees missing values as well");
    const around = asMethodCall(node.parent?.parent);
    const isNamed = node.parent?.kind === "keyword_argument" || (around?.method === "alias" && around.object === node);
    const name = form.keepsName || isNamed || isSeries ? undefined : columnName(object);
    if (!form.keepsName && !isNamed && !isSeries && name === undefined)
      return declined("the name of the column would change");
    const text = name === undefined ? form.text : `${form.binding < 20 ? `(${form.text})` : form.text}.alias(${name})`;
    const needsAtom =
      node.parent?.kind === "attribute" || node.parent?.kind === "subscript" || leastAround(node) > form.binding;
    return fixOf(
      "Write it as an expression",
      [...form.doubts, call.keywords.has("return_dtype") && "the type of the column is that of the expression"],
      [replace(node, needsAtom && form.binding < 20 && name === undefined ? `(${text})` : text)],
    );
  },
});

/** `plain(name) in names` and `f"{name[0]}. {name.split()[1]}"`: work that takes more than one expression. */
function partlyWork({ given, parameter, cases }: GivenFunction): "membership" | "format" | undefined {
  const [only, more] = cases;
  if (given.kind !== "lambda" || parameter === undefined || !only || more) return undefined;
  const value = unwrap(only.value);
  const test = asComparison(value);
  if (test?.operator === "in" || test?.operator === "not in")
    return test.left.identifiers(parameter).length > 0 && test.right.identifiers(parameter).length === 0
      ? "membership"
      : undefined;
  const parts = asString(value)?.parts.filter((it) => typeof it !== "string") ?? [];
  const isText = parts.every(
    (it) => typeof it !== "string" && !it.node.text.includes(":.") && TEXT_WORK.test(it.expression.text),
  );
  return parts.length > 0 && isText ? "format" : undefined;
}

/** Items, slices and methods of text. */
const TEXT_WORK = /^[\w\s'"[\]:.,()-]*$/;

/** `pl.struct("a", "b").map_elements(…)` gives the function a row. */
const isStruct = (object: Node): boolean => /(?:^|\.)struct$/.test(asCall(object)?.callee.text ?? "");

function leastAround({ parent }: Node): number {
  if (!parent) return 0;
  return /operator/.test(parent.kind) ? bindingStrength(parent) + 1 : 0;
}

const WORDS: Readonly<Record<string, string>> = { when: "`pl.when` chooses for", operators: "operators do it for" };
const saidOf = (work: string): string => WORDS[work] ?? `\`.${work}\` does it for`;

/** `pl`, from any use of it. */
function moduleName(facts: Facts): string | undefined {
  return ["pl", "polars"].find((it) => facts.view.readsOf(it).length > 0);
}

/** One number or text: a constant of the module, or what is known to be one. */
function isPlain(node: Node, given: Node, facts: Facts): boolean {
  // A local name of a function of the file is another one where the expression stands.
  if (given.kind !== "lambda" && node.kind === "identifier" && facts.bindingOf(node)?.scope.parent !== undefined)
    return false;
  const type = facts.typeOf(node)?.name;
  return type === "int" || type === "float" || type === "str" || type === "bool";
}

/** `"a"` of `pl.col("a")`, of `pl.struct("a", "b")` too. */
function columnName(object: Node): string | undefined {
  let call = asCall(object);
  for (
    let method: MethodCall | undefined;
    (method = asMethodCall(call?.node)) && !/^(?:col|struct)$/.test(method.method);
  )
    call = asCall(method.object);
  const [first] = call?.args ?? [];
  return first && textValue(first) !== undefined ? first.text : undefined;
}
