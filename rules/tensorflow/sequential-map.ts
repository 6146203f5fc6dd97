/** A costly `dataset.map(f)` that TensorFlow leaves serial, because `f` draws random numbers, prints or looks into a table. */

import {
  fileQuestion,
  asCall,
  asLambda,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  givenOnce,
  importModule,
  unwrap,
  withArgument,
  type Facts,
  type Kind,
  type Node,
} from "../../analysis/authoring.js";

/** Their state is in the graph; the stateless_ forms have none, and numbers from `random` or NumPy are drawn once, while tracing. */
const DRAWS =
  /^tensorflow\.(random\.(normal|uniform|truncated_normal|gamma|poisson|categorical|shuffle)|image\.(random_\w+|sample_distorted_bounding_box))$/;
/** Work on a whole file, record, picture or sound: a number or a short vector costs less than handing it to another thread. */
const WORKS = /^tensorflow\.(image\.\w+|io\.(read_file|decode_\w+|parse_\w*example)|audio\.decode_wav|signal\.\w+)$/;
/** Work on a text: it is cut into words, which the table is asked for one by one. */
const TEXT_WORKS =
  /^(tensorflow_text\.\w+|tensorflow\.strings\.(split|bytes_split|unicode_split|regex_replace|ngrams))$/;
const PYTHON = new Set(["tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.py_func"]);

const TABLES = new Set(["tensorflow.lookup.StaticHashTable", "tensorflow.lookup.StaticVocabularyTable"]);
const LOOKUP_LAYERS = ["StringLookup", "IntegerLookup", "TextVectorization"].map(
  (it) => `tensorflow.keras.layers.${it}`,
);

/** Who asks for the same numbers in every run gets them from a serial map alone. */
const SEEDING = new Set([
  "tensorflow.random.set_seed",
  "tensorflow.keras.utils.set_random_seed",
  "tensorflow.config.experimental.enable_op_determinism",
]);

type Reason = "draws" | "prints" | "looks up";

const DOUBTS: Readonly<Record<Reason, string>> = {
  draws: "the calls draw random numbers in a different order",
  prints: "its output is printed in a different order",
  "looks up": "nothing else in the function may depend on the order of calls",
};

export default defineRule({
  title: "Expensive dataset map that runs serially",
  why: "TensorFlow runs a map in parallel by itself only where its function is stateless. Random numbers, tf.print and table lookups make the function stateful, so its decoding or image work handles one element after another unless num_parallel_calls is given. The elements keep their order.",
  guide: "tf-data",
  level: "info",
  gain: "time",
  imports: ["tensorflow"],
  library: { tensorflow: { from: "2.4" } },
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf

def load(path: tf.Tensor) -> tf.Tensor:
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return tf.image.random_flip_left_right(image)

def images(paths: list[str]) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices(paths).map(load)
`,
      after: `
import tensorflow as tf

def load(path: tf.Tensor) -> tf.Tensor:
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return tf.image.random_flip_left_right(image)

def images(paths: list[str]) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices(paths).map(load, num_parallel_calls=tf.data.AUTOTUNE)
`,
    },
  ],

  on: ["call"],
  methods: ["map"],

  find(node, { facts }) {
    const call = asMethodCall(node, "map");
    const [mapped, more] = call?.args ?? [];
    if (
      !call ||
      !mapped ||
      more ||
      call.hasSplat ||
      call.keywords.has("num_parallel_calls") ||
      call.keywords.has("synchronous")
    )
      return undefined;
    // A pipeline made inside interleave or flat_map: there the outer one is what should run in parallel.
    if (facts.isTest || node.ancestor("lambda")) return undefined;
    const typed = facts.typed(call.object);
    if (typed && !facts.isA(call.object, "tensorflow.data.Dataset")) return undefined;
    // What runs TensorFlow's own steps on each element is a dataset, unless it is called otherwise.
    if (
      !typed &&
      (/pool|executor|client|bag|rdd/i.test(call.object.text) ||
        facts.view.imports("datasets") ||
        isForeign(call.object, facts))
    )
      return undefined;
    const evidence = typed?.evidence ?? "strong";
    if (isTextLayer(mapped, facts))
      return { at: call.methodNode, evidence, weight: "heavy", call, callee: mapped, reason: "looks up" as Reason };
    const calls = callsOf(mapped, facts).map((it) => ({
      node: it,
      name: facts.nameOf(it.field("function")!) ?? "",
      reason: reasonOf(it, facts),
    }));
    const culprit = calls.find((it) => it.reason !== undefined);
    if (
      !culprit ||
      !calls.some((it) => WORKS.test(it.name) || TEXT_WORKS.test(it.name) || isTextWork(it.node, facts)) ||
      calls.some((it) => it.reason === undefined && isUnfit(it.node, it.name, facts))
    )
      return undefined;
    if (calls.some((it) => it.reason === "draws" && isSeeded(it.node, facts))) return undefined;
    return {
      at: call.methodNode,
      evidence,
      // The function works on a whole file, record, picture or sound; a text may be short.
      weight: calls.some((it) => WORKS.test(it.name) || isTextWork(it.node, facts)) ? "heavy" : "unknown",
      call,
      callee: culprit.node.field("function")!,
      reason: culprit.reason as Reason,
    };
  },

  message: ({ callee }) =>
    `\`${callee.text}\` keeps this map at one element at a time; num_parallel_calls=tf.data.AUTOTUNE lets several run at once.`,

  fix({ at, call, reason }, file) {
    const tensorflow = importModule(file, "tensorflow", at, "tf");
    const parallel = tensorflow && withArgument(call, `num_parallel_calls=${tensorflow.name}.data.AUTOTUNE`);
    if (!parallel)
      return declined("the arguments cannot be added to, or the name of TensorFlow means something else here");
    return fixOf("Map in parallel", [DOUBTS[reason]], [...tensorflow.edits, parallel]);
  },
});

/** How many functions of the file are entered from the mapped one. */
const HELPERS = 2;

/** The calls that every call of a function makes, those of the file's functions that it calls included. */
function callsOf(callee: Node, facts: Facts, depth = 0): readonly Node[] {
  const body = bodyOf(unwrap(callee), facts);
  const calls = body?.descendants("call").filter((it) => alwaysRuns(it, body)) ?? [];
  return calls.flatMap((it) => [it, ...(depth < HELPERS ? callsOf(it.field("function")!, facts, depth + 1) : [])]);
}

function bodyOf(callee: Node, facts: Facts): Node | undefined {
  const def = callee.kind === "identifier" ? facts.functionNamed(callee) : undefined;
  if (!def) return asLambda(callee)?.body;
  return def.decorators.every((it) => facts.nameOf(it) === "tensorflow.function") ? facts.bodyOf(def) : undefined;
}

const BRANCHES = new Set<Kind>([
  "if_statement",
  "elif_clause",
  "else_clause",
  "for_statement",
  "while_statement",
  "try_statement",
  "match_statement",
  "assert_statement",
  "conditional_expression",
  "boolean_operator",
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
  "lambda",
  "function_definition",
  "class_definition",
]);

/** Neither in a branch, which tracing may leave out, nor behind a way out of the function. */
function alwaysRuns(call: Node, body: Node): boolean {
  for (let inner = call, outer = call.parent; inner !== body && outer; inner = outer, outer = outer.parent) {
    if (BRANCHES.has(outer.kind) && !(outer.kind === "if_statement" && inner.fieldName === "condition")) return false;
  }
  return !body.descendants("return_statement", "raise_statement").some((it) => it.end <= call.start);
}

/** Parallel calls bring nothing, or harm: Python code runs one call at a time, those of a random Keras layer may draw the same numbers, and those that set a variable race. */
function isUnfit(call: Node, name: string, facts: Facts): boolean {
  const callee = call.field("function")!;
  return (
    PYTHON.has(name) ||
    (asCall(call)?.keywords.has("training") ?? false) ||
    asMethodCall(call, "assign", "assign_add", "assign_sub") !== undefined ||
    facts.isA(callee, "tensorflow.keras.layers.Layer")
  );
}

/** What the chain of methods begins with was made by another library, or by Python itself. */
function isForeign(object: Node, facts: Facts): boolean {
  let root = unwrap(object);
  for (
    let method = asMethodCall(root);
    method && facts.nameOf(method.callee) === undefined;
    method = asMethodCall(root)
  )
    root = unwrap(method.object);
  const made = asCall(root) ? root : facts.valueOf(root);
  const name = made && facts.nameOf(asCall(unwrap(made))?.callee ?? made);
  return name !== undefined && !/^(tensorflow|tensorflow_datasets|keras)\b/.test(name);
}

/** Texts are cut into words, each of which is looked up. */
const isTextWork = (call: Node, facts: Facts): boolean => isTextLayer(call.field("function")!, facts);

function isTextLayer(layer: Node, facts: Facts): boolean {
  if (facts.isA(layer, "tensorflow.keras.layers.TextVectorization")) return true;
  const made = layer.kind === "identifier" ? asCall(givenOnce(layer, facts)) : undefined;
  return (
    made !== undefined && /^(tensorflow\.)?keras\.([\w.]+\.)?TextVectorization$/.test(facts.nameOf(made.callee) ?? "")
  );
}

/** What makes TensorFlow leave the map serial. */
function reasonOf(call: Node, facts: Facts): Reason | undefined {
  const callee = call.field("function")!;
  const name = facts.nameOf(callee) ?? "";
  if (DRAWS.test(name)) return "draws";
  if (name === "tensorflow.print") return "prints";
  return isTextWork(call, facts) ||
    isTable(asMethodCall(call, "lookup")?.object, facts) ||
    LOOKUP_LAYERS.some((it) => facts.isA(callee, it))
    ? "looks up"
    : undefined;
}

function isTable(object: Node | undefined, facts: Facts): boolean {
  const given = object && givenOnce(object, facts);
  const made = given && unwrap(given).field("function");
  return made !== undefined && TABLES.has(facts.nameOf(made) ?? "");
}

/** The draw has a seed of its own, or the file sets one for all. */
function isSeeded(draw: Node, facts: Facts): boolean {
  const call = asCall(draw);
  if (!call || call.keywords.has("seed")) return true;
  const [head] = call.callee.descendants("identifier");
  if (head === undefined) return false;
  const binding = facts.bindingOf(head);
  return binding?.scope.parent
    ? facts.memo("seeds", binding, () => seeds(binding.reads, facts))
    : facts.ofFile(SETS_SEED, head.text);
}

/** The file sets a seed by way of a name of the module. */
const SETS_SEED = fileQuestion((facts, name) => seeds(facts.view.readsOf(name), facts));

function seeds(reads: readonly Node[], facts: Facts): boolean {
  return reads.some((it) => SEEDING.has(facts.nameOf(wholeName(it)) ?? ""));
}

/** The dotted name that an identifier begins. */
function wholeName(identifier: Node): Node {
  let name = identifier;
  while (name.parent?.kind === "attribute" && name.fieldName === "object") name = name.parent;
  return name;
}
