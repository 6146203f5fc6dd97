/** The path of one machine in the middle of the code. */

import { asString, defineRule, excerpt, functionAround, textValue, type Node } from "../../analysis/authoring.js";

export default defineRule({
  title: "Path of one machine in the code",
  why: "A path below somebody's home or a mounted disk exists on one machine alone. As an option, a setting or a constant at the top it can be found and changed without reading the code.",
  guide: "configuration",
  level: "hint",
  gain: "clarity",

  examples: [
    {
      before: `
import pandas as pd

def load() -> pd.DataFrame:
    return pd.read_csv("/home/ada/data/prices.csv")
`,
      after: `
import os
import pandas as pd

PRICES = os.environ.get("PRICES", "data/prices.csv")

def load() -> pd.DataFrame:
    return pd.read_csv(PRICES)
`,
    },
  ],

  on: ["string"],
  begins: /[rRfF]{0,2}["']{1,3}(?:\/|[A-Z]:)/,

  find(node, { facts }) {
    const length = node.end - node.start;
    if (length < 10 || length > 300 || node.parent?.kind === "expression_statement") return undefined;
    const text = textValue(node) ?? (asString(node) ? node.text.replace(/^[rRfF]{0,2}["']+/, "") : "");
    if (!PERSONAL.test(text) || EVERYWHERE.test(text) || facts.isTest) return undefined;
    // A constant, a default or an option is the place for it.
    const around = node.ancestor(
      "assignment",
      "default_parameter",
      "typed_default_parameter",
      "call",
      "comparison_operator",
    );
    if (!around || /^(?:default_parameter|typed_default_parameter|comparison_operator)$/.test(around.kind))
      return undefined;
    const isConstant = /^[A-Z][A-Z0-9_]*$/.test(around.field("left")?.text ?? "") || !functionAround(node);
    if (around.kind === "assignment" && isConstant) return undefined;
    const isDefault = isOptionDefault(node, around);
    if (
      around.kind === "call" &&
      !isDefault &&
      /add_argument|Option|Argument|getenv|environ|\.get$|Field|startswith|mount/.test(around.field("function")!.text)
    )
      return undefined;
    return { at: node, evidence: "strong", weight: "light", text, isDefault };
  },

  message: ({ text, isDefault }) =>
    isDefault
      ? `Without this option the program works on one machine alone: \`${excerpt(text, 70)}\` is somebody's own; a path below the project works everywhere.`
      : `\`${excerpt(text, 70)}\` is on one machine alone; make it an option or a constant at the top.`,
});

/** `add_argument("--data", default="/home/ada/data")`: of a home, not of a mounted disk, which may be the same on all machines of a team. */
function isOptionDefault(node: Node, around: Node): boolean {
  const keyword = node.parent?.kind === "keyword_argument" ? node.parent.field("name")?.text : undefined;
  return keyword === "default" && /add_argument$/.test(around.field("function")?.text ?? "") && HOME.test(node.text);
}
const HOME = /^[rRfF]{0,2}["']+(?:[A-Z]:)?[\\/]+(?:home|Users)[\\/]/;

const PERSONAL =
  /^(?:\/(?:\w+\/){0,2}(?:home|Users)\/\w|\/(?:mnt|media|scratch|lustre|gpfs)\/\w+\/\w|[A-Z]:(?:\\{1,2}|\/)\w|\/content\/drive\/\w)/;

/** What an installer or the system puts on every machine of its kind, and names that stand for anybody's or for the one of a container. */
const EVERYWHERE =
  /^(?:[A-Z]:(?:\\{1,2}|\/)(?:Windows|Program Files|ProgramData|Python\d)\b|(?:[A-Z]:)?[\\/]+(?:home|Users)[\\/]+(?:user|users?name|you|your[-_]?name|app|runner|Public)(?=[\\/]|$))/i;
