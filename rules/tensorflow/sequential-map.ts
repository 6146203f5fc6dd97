/** `dataset.map(f)` without parallel calls. */

import { asFunction, asLambda, asMethodCall, defineRule, importModule, insertAfter, isPureCall, unwrap, type Facts, type Node, type Safety } from "../../analysis/authoring.js";

export default defineRule({
  title: "Dataset mapped one element at a time",
  why: "Without num_parallel_calls a tf.data pipeline works on one element at a time on one core while the others wait; the order of the elements stays the same with it.",
  guide: "tf-data",
  level: "info",
  gain: "time",
  imports: ["tensorflow"],
  fixes: "safe",

  examples: [
    {
      before: `
import tensorflow as tf

def images(paths: list[str]) -> tf.data.Dataset:
    files = tf.data.Dataset.from_tensor_slices(paths)
    return files.map(lambda path: tf.io.decode_jpeg(tf.io.read_file(path)))
`,
      after: `
import tensorflow as tf

def images(paths: list[str]) -> tf.data.Dataset:
    files = tf.data.Dataset.from_tensor_slices(paths)
    return files.map(lambda path: tf.io.decode_jpeg(tf.io.read_file(path)), num_parallel_calls=tf.data.AUTOTUNE)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asMethodCall(node, "map");
    const [mapped, more] = call?.args ?? [];
    if (!call || !mapped || more || call.hasSplat || call.keywords.has("num_parallel_calls")) return undefined;
    if (!facts.isA(call.object, "tensorflow.data.Dataset") || facts.isTest) return undefined;
    const body = bodyOf(mapped, facts);
    // Picking elements apart costs less than handing them to another thread.
    if (body && body.descendants("call", "binary_operator").length === 0) return undefined;
    // Python code runs one call at a time, whatever the pipeline does.
    if (body?.descendants("call").some((it) => PYTHON.has(facts.nameOf(it.field("function")!) ?? ""))) return undefined;
    return { at: call.methodNode, call, mapped, body };
  },

  message: ({ mapped }) => `${mapped.kind === "identifier" ? `\`${mapped.text}\`` : "The function"} works on one element at a time; num_parallel_calls lets several cores do it, in the same order.`,

  fix({ at, call, body }, file) {
    const tensorflow = importModule(file, "tensorflow", at, "tf");
    const last = call.argumentList.children.at(-1);
    if (!tensorflow || !last) return undefined;
    const safety: Safety = body && isDeterministic(body, file.facts) ? "safe" : "review";
    const doubt = safety === "safe" ? "" : " (review: the function must not depend on state, random numbers or the order of calls)";
    return { title: `Map in parallel${doubt}`, safety, edits: [...tensorflow.edits, insertAfter(last, `, num_parallel_calls=${tensorflow.name}.data.AUTOTUNE`)] };
  },
});

function bodyOf(mapped: Node, facts: Facts): Node | undefined {
  const lambda = asLambda(unwrap(mapped));
  if (lambda) return lambda.body;
  const def = mapped.kind === "identifier" ? facts.functionNamed(mapped) : undefined;
  return def && asFunction(def.node) && facts.bodyOf(def);
}

/** They read a file or decode what was read, and change nothing. */
const READING = /^tensorflow\.(io\.(decode_\w+|parse_\w+|read_file)|audio\.decode_wav)$/;
const PYTHON = new Set(["tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.py_func"]);

/** Every call is known to change nothing and to depend on its arguments alone: no printing, writing, random numbers or state. */
function isDeterministic(body: Node, facts: Facts): boolean {
  const calls = body.descendants("call").map((it) => facts.nameOf(it.field("function")!));
  const isFine = (name: string | undefined) => name !== undefined && (isPureCall(name) || READING.test(name));
  return calls.every(isFine) && body.descendants("global_statement", "nonlocal_statement", "augmented_assignment").length === 0;
}
