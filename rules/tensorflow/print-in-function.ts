/** `print` in a function that TensorFlow traces: it runs while tracing, not at each call. */

import {
  asAttribute,
  asCall,
  asFunction,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importModule,
  isConstant,
  isTraced,
  replace,
  type Node,
} from "../../analysis/authoring.js";

/** Keywords that tf.print has too. */
const SHARED = new Set(["sep", "end"]);

export default defineRule({
  title: "Python's print inside a tf.function",
  why: "The body of a tf.function runs as Python only while it is traced, so print shows symbolic tensors once per trace and nothing at later calls. tf.print becomes part of the graph and shows values every time.",
  guide: "tensorflow",
  level: "info",
  gain: "safety",
  overrides: ["logging/print-in-library"],
  imports: ["tensorflow"],
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf

@tf.function
def step(batch):
    total = tf.reduce_sum(batch)
    print("total", total)
    return total
`,
      after: `
import tensorflow as tf

@tf.function
def step(batch):
    total = tf.reduce_sum(batch)
    tf.print("total", total)
    return total
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.print"],

  find(node, { facts }) {
    const call = asCall(node);
    if (call?.callee.text !== "print" || facts.nameOf(call.callee) !== "builtins.print") return undefined;
    // Text alone, text that says so, and what is fixed while tracing: this is how people see when a function is traced.
    if (
      !call.hasSplat &&
      (call.args.every((it) => isConstant(it) || isStatic(it)) ||
        call.args.some((it) => [it, ...it.descendants("string")].some((part) => saysTracing(part))))
    )
      return undefined;
    const around = asFunction(functionAround(node));
    return around && isTraced(around, facts)
      ? { at: call.callee, evidence: "proof", weight: "heavy", call }
      : undefined;
  },

  message: () =>
    "This print runs while TensorFlow traces the function, not when it is called; tf.print shows the values at every call.",

  fix({ at, call }, file) {
    if (![...call.keywords.keys()].every((it) => SHARED.has(it)) || call.hasSplat)
      return declined("tf.print does not take these arguments");
    if (call.args.some(isFormatted)) return declined("the text is made while TensorFlow traces, whoever prints it");
    const tensorflow = importModule(file, "tensorflow", at, "tf");
    if (!tensorflow) return declined("the name of TensorFlow means something else here");
    return fixOf(
      "Use tf.print",
      ["it prints at every call, to stderr"],
      [...tensorflow.edits, replace(at, `${tensorflow.name}.print`)],
    );
  },
});

/** A text, also one that is filled in, with the word in it: in English, or in Chinese as the translated guides have it. */
function saysTracing(text: Node): boolean {
  return text.kind === "string" && /\btrac(e|ed|ing)\b|\bretrac|\u8ffd\u8e2a|\u8ddf\u8e2a/i.test(text.text);
}

/** `x.shape`, `x.dtype`: known when the graph is made. */
function isStatic(node: Node): boolean {
  return ["shape", "dtype", "name"].includes(asAttribute(node)?.name ?? "");
}

/** The text is made while tracing, whoever prints it. */
function isFormatted(node: Node): boolean {
  return (
    node.descendants("interpolation").length > 0 ||
    node.kind === "binary_operator" ||
    node.descendants("call").some((it) => it.text.includes(".format("))
  );
}
