/** More than one Keras in a program: TensorFlow's private copy, Keras 2 as `tf_keras`, or `keras` beside the `tf.keras` of an older TensorFlow. */

import {
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  nextStatement,
  previousStatement,
  replace,
  type Edit,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "More than one Keras in a program",
  why: "Keras comes as several packages. They look the same, but a layer, model or optimizer of one is not accepted by the others, or works half way. TensorFlow keeps an old copy under tensorflow.python for itself; which Keras tf.keras is depends on the version.",
  guide: "tensorflow",
  level: "warning",
  gain: "safety",
  imports: ["tensorflow", "keras", "tf_keras"],
  words: ["keras"],
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf
from tensorflow.python.keras import layers

def network(units: int) -> tf.keras.Model:
    return tf.keras.Sequential([layers.Dense(units)])
`,
      after: `
import tensorflow as tf
from tensorflow.keras import layers

def network(units: int) -> tf.keras.Model:
    return tf.keras.Sequential([layers.Dense(units)])
`,
    },
  ],

  on: ["import_statement", "import_from_statement"],

  find(node, { facts }): Mixed | undefined {
    const path = pathOf(node);
    const kind = path === undefined || facts.isTest ? undefined : kindOf(path);
    // In a branch or a try statement: the one or the other.
    if (!kind || node.ancestor("try_statement", "if_statement")) return undefined;
    const before = previousStatement(node);
    if (before && kindOf(pathOf(before) ?? "") === kind) return undefined;
    const found = FOUND[kind](node, facts);
    return found && { at: placeOf(node), kind, node, ...found };
  },

  message({ kind, isBeside, weight }) {
    switch (kind) {
      case "private":
        if (weight === "light")
          return "This comes from an old copy of Keras that TensorFlow keeps for itself and may remove; public modules stay.";
        return isBeside
          ? "This is an old copy of Keras that TensorFlow keeps for itself; its objects do not work with those of the Keras that is used here too."
          : "This is an old copy of Keras that TensorFlow keeps for itself; its objects do not work with those of Keras.";
      case "legacy":
        return "`tf_keras` is Keras 2; its objects do not work with those of `keras`, which this file uses too.";
      case "keras":
        return "`keras` and `tf.keras` may be two packages before TensorFlow 2.16, and their objects do not work together.";
    }
  },

  fix({ kind, node }, { facts }) {
    if (kind === "legacy") return declined("which of the two is meant is not in sight");
    if (kind === "keras" && facts.hasLibrary("tensorflow", "2.16") !== "no")
      return declined("which of the two is right depends on the version of TensorFlow");
    const edits: Edit[] = [];
    let at: Node | undefined = node;
    for (; at && kindOf(pathOf(at) ?? "") === kind; at = nextStatement(at)) {
      const edit = publicForm(at);
      if (!edit) return declined("not all of it has the same name in `tensorflow.keras`");
      edits.push(edit);
    }
    return fixOf("Import from tensorflow.keras", ["names of the old copy may be gone or mean something newer"], edits);
  },
});

type Kind = "private" | "legacy" | "keras";

interface Mixed extends Match {
  readonly kind: Kind;
  readonly node: Node;
  /** Another Keras is used in the file for certain. */
  readonly isBeside: boolean;
}

interface Found {
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly isBeside: boolean;
}

/** The module that a statement imports, or imports from. */
function pathOf(statement: Node): string | undefined {
  return placeOf(statement).text;
}

function placeOf(statement: Node): Node {
  const name = statement.field("module_name") ?? statement.field("name");
  return (name?.kind === "aliased_import" ? name.field("name") : name) ?? statement;
}

function kindOf(path: string): Kind | undefined {
  if (/^tensorflow\.python\.keras(\.|$)/.test(path)) return "private";
  if (/^tf_keras(\.|$)/.test(path)) return "legacy";
  return /^keras(\.|$)/.test(path) && !OF_ANY.test(path) ? "keras" : undefined;
}

/** They give plain arrays, text and numbers. */
const OF_ANY = /^keras\.(datasets|utils|preprocessing|config|backend|ops)(\.|$)/;
/** What is taken from the old copy and never meets another object of Keras. */
const ASIDE = /^tensorflow\.python\.keras\.(utils|backend|datasets|saving|distribute)(\.|$)/;

const FOUND: Readonly<Record<Kind, (node: Node, facts: Facts) => Found | undefined>> = {
  private: (node, facts) => {
    if (facts.hasLibrary("tensorflow", "2.6") === "no") return undefined;
    const isBeside = facts.ofFile(USES_TF_KERAS) || facts.view.imports("keras");
    // The statements that follow, too: one finding speaks of all.
    const paths: string[] = [];
    for (let at: Node | undefined = node; at && kindOf(pathOf(at) ?? "") === "private"; at = nextStatement(at))
      paths.push(
        pathOf(at) === "tensorflow.python.keras"
          ? at
              .fieldAll("name")
              .map((it) => `${pathOf(at!)}.${it.text}`)
              .join(" ")
          : pathOf(at)!,
      );
    if (paths.every((it) => it.split(" ").every((path) => ASIDE.test(path))))
      return { evidence: "proof", weight: "light", isBeside: false };
    return { evidence: "proof", weight: isBeside ? "heavy" : "unknown", isBeside };
  },
  legacy: (_node, facts) =>
    facts.view.imports("keras") ? { evidence: "strong", weight: "unknown", isBeside: true } : undefined,
  keras: (_node, facts) => {
    const isNew = facts.hasLibrary("tensorflow", "2.16");
    if (isNew === "yes" || !facts.ofFile(USES_TF_KERAS)) return undefined;
    // Up to 2.5 they were two packages; from then on it depends on what is installed beside TensorFlow.
    const weight = isNew === "unknown" ? "light" : facts.hasLibrary("tensorflow", "2.6") === "no" ? "heavy" : "unknown";
    return { evidence: "strong", weight, isBeside: true };
  },
};

/** `tf.keras.…` somewhere in the code, or an import of it. */
const USES_TF_KERAS = fileQuestion(
  (facts) =>
    facts.view.attributesOf("keras").some((it) => facts.nameOf(it) === "tensorflow.keras") ||
    facts.fileMatches(/^[ \t]*(?:from|import) tensorflow\.keras\b/m) ||
    facts.fileMatches(/^[ \t]*from tensorflow import .*\bkeras\b/m),
);

const PARTS =
  "activations applications backend callbacks constraints datasets initializers layers losses metrics models optimizers preprocessing regularizers utils Model Sequential Input";
const PUBLIC = new Set(PARTS.split(" "));

/** The same import from `tensorflow.keras`, where it has a module of that name. */
function publicForm(statement: Node): Edit | undefined {
  const place = placeOf(statement);
  const [, part, deeper] = /^(?:tensorflow\.python\.)?keras(?:\.(\w+))?(\.[\w.]+)?$/.exec(place.text) ?? [
    place.text,
    "",
  ];
  if (statement.kind !== "import_from_statement" || deeper || part === "") return undefined;
  const names = statement.fieldAll("name").map((it) => (it.kind === "aliased_import" ? it.field("name")! : it).text);
  const isKnown = part === undefined ? names.length > 0 && names.every((it) => PUBLIC.has(it)) : PUBLIC.has(part);
  return isKnown ? replace(place, part === undefined ? "tensorflow.keras" : `tensorflow.keras.${part}`) : undefined;
}
