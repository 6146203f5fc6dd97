/** `df.query(f"price > {limit}")`: the value becomes source text, and is read again as such. */

import {
  asMethodCall,
  asString,
  declined,
  defineRule,
  excerpt,
  fixOf,
  isNumber,
  replace,
  type Facts,
  type Node,
  type StringLiteral,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Value put into the text of a query",
  why: "query reads the text as code. A value that becomes part of it loses its type: a text with a quote, a date or a missing value breaks the query or means something else, and text from outside can run code. `@name` hands the value over as it is.",
  guide: "pandas",
  level: "warning",
  differs: { unknown: "kept" },
  gain: "safety",
  imports: ["pandas"],
  orWords: ["query"],
  fixes: "review",

  examples: [
    {
      before: `
import pandas as pd

def of_shop(orders: pd.DataFrame, shop: str) -> pd.DataFrame:
    return orders.query(f"shop == '{shop}'")
`,
      after: `
import pandas as pd

def of_shop(orders: pd.DataFrame, shop: str) -> pd.DataFrame:
    return orders.query("shop == @shop")
`,
    },
  ],

  on: ["call"],
  methods: ["query", "eval"],

  find(node, { facts }) {
    const call = asMethodCall(node, "query", "eval");
    const [given] = call?.args ?? [];
    const text = asString(given);
    if (!call || !text?.isFormatted || text.isBytes || facts.isTest) return undefined;
    const values = valuesIn(text);
    const [value] = values;
    const evidence = facts.takenFor(call.object, "frame");
    if (!value || !evidence) return undefined;
    return {
      at: text.node,
      construct: node,
      evidence,
      weight: values.every((it) => isNumber(facts.typed(it.expression, "fair")?.type))
        ? ("light" as const)
        : ("heavy" as const),
      text,
      values,
      value,
      method: call.method,
    };
  },

  message: ({ value, evidence, method, weight }) =>
    `\`${excerpt(value.expression.text, 40)}\` becomes code that \`${method}\` reads${evidence === "fair" ? ", if this is a DataFrame" : ""}: ${weight === "light" ? "a missing or infinite value breaks it" : "quotes, dates and missing values break it"}; hand it over as \`@name\`.`,

  fix({ text, values, construct, evidence }, { facts }) {
    const isStillFormatted = text.parts.some(
      (it, index) => typeof it !== "string" && !values.some((value) => value.index === index),
    );
    const prefix = `${text.isRaw ? "r" : ""}${isStillFormatted ? "f" : ""}`;
    const open = values.find((it) => !isPlainName(it.expression, construct, facts));
    if (open) return declined(`\`${excerpt(open.expression.text, 30)}\` has no name that query can see`);
    const written = text.parts.map((part, index) => {
      const of = (at: number) => values.find((it) => it.index === at);
      if (typeof part !== "string") return of(index) ? `@${part.expression.text}` : part.node.text;
      // The quotes around a value go with it.
      const bare = part.slice(of(index - 1)?.isQuoted ? 1 : 0, of(index + 1)?.isQuoted ? -1 : undefined);
      return isStillFormatted ? bare : bare.replaceAll("{{", "{").replaceAll("}}", "}");
    });
    return fixOf(
      "Hand the value over with @",
      [
        "a value whose text means more than itself is now just a value",
        ...values.map(
          (it) =>
            `\`${excerpt(it.expression.text, 30)}\` must ${it.isQuoted ? "be a text" : "have the type of the column"}`,
        ),
        evidence !== "proof" && "the frame must be a DataFrame of pandas",
      ],
      [replace(text.node, `${prefix}${text.quote}${written.join("")}${text.quote}`)],
    );
  },
});

interface Value {
  /** Which part of the text it is. */
  readonly index: number;
  readonly expression: Node;
  /** It stands in quotes inside the query. */
  readonly isQuoted: boolean;
}

/** What is put in behind a comparison, where a value stands. Names of columns and operators stand elsewhere. */
function valuesIn({ parts }: StringLiteral): readonly Value[] {
  return parts.flatMap((part, index) => {
    const [before, after] = [parts[index - 1], parts[index + 1]];
    if (typeof part === "string" || typeof before !== "string") return [];
    if (part.conversion !== undefined || part.format !== undefined || part.isDebug) return [];
    const compared = /(?:[=!]=|[<>]=?)\s?(["']?)$/.exec(before) ?? /\bin\s(["']?)$/.exec(before);
    const quote = compared?.[1] ?? "";
    const isQuoted = quote !== "" && typeof after === "string" && after.startsWith(quote);
    return compared && isQuoted === (quote !== "") ? [{ index, expression: part.expression, isQuoted }] : [];
  });
}

/** `query` looks for it where it is called, and in the module. */
function isPlainName(expression: Node, construct: Node, facts: Facts): boolean {
  if (expression.kind !== "identifier") return false;
  const scope = facts.bindingOf(expression)?.scope;
  return (
    scope !== undefined &&
    (scope.kind === "module" || (scope.kind === "function" && scope === facts.scopeOf(construct)))
  );
}
