/** A tf.data pipeline that feeds training without `prefetch` at its end. */

import { asCall, asFor, asMethodCall, defineRule, importModule, insertAfter, unwrap, type Facts, type Node } from "../../analysis/authoring.js";

/** Where a pipeline begins. Those that prefetch by themselves are left out on purpose: make_csv_dataset, image_dataset_from_directory. */
const SOURCES = new Set(
  ["Dataset.from_tensor_slices", "Dataset.from_tensors", "Dataset.from_generator", "Dataset.list_files", "Dataset.range", "Dataset.zip", "Dataset.sample_from_datasets", "Dataset.choose_from_datasets", "TFRecordDataset", "TextLineDataset", "FixedLengthRecordDataset"].map((it) => `tensorflow.data.${it}`),
);
const TRAINING = new Set(["fit", "apply_gradients", "train_on_batch", "train_step"]);

const RUNNING = new Set(["map", "filter", "flat_map", "interleave", "scan", "take_while", "group_by_window"]);

/** How many assignments of the same pipeline are followed back. */
const STEPS = 12;

export default defineRule({
  title: "Training data without prefetch",
  why: "Without prefetch the model waits while the next batch is made, and the pipeline waits while the model works; with it both run at the same time. It changes neither the elements nor their order.",
  guide: "tf-data",
  level: "info",
  gain: "time",
  imports: ["tensorflow"],
  fixes: "safe",

  examples: [
    {
      before: `
import tensorflow as tf

def train(model: tf.keras.Model, features, labels) -> None:
    batches = tf.data.Dataset.from_tensor_slices((features, labels)).shuffle(1000).batch(32)
    model.fit(batches, epochs=5)
`,
      after: `
import tensorflow as tf

def train(model: tf.keras.Model, features, labels) -> None:
    batches = tf.data.Dataset.from_tensor_slices((features, labels)).shuffle(1000).batch(32).prefetch(tf.data.AUTOTUNE)
    model.fit(batches, epochs=5)
`,
    },
  ],

  on: ["call", "for_statement"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const dataset = fedByFit(node) ?? fedByLoop(node);
    const pipeline = dataset && pipelineOf(dataset, facts);
    if (!pipeline || (dataset.kind === "identifier" && facts.readsOf(dataset).some((it) => isFedBefore(it, dataset, facts)))) return undefined;
    return { at: dataset, ...pipeline };
  },

  message: ({ at }) => `\`${at.kind === "identifier" ? at.text : "this pipeline"}\` makes a batch only when the model asks for it; prefetch at its end makes the next one meanwhile.`,

  fix({ at, end, runsCode }, file) {
    const tensorflow = importModule(file, "tensorflow", at, "tf");
    const doubt = runsCode ? " (review: its functions then run ahead of the training step)" : "";
    return tensorflow && { title: `Prefetch at the end of the pipeline${doubt}`, safety: runsCode ? "review" : "safe", edits: [...tensorflow.edits, insertAfter(end, `.prefetch(${tensorflow.name}.data.AUTOTUNE)`)] };
  },
});

/** `model.fit(dataset)`. */
function fedByFit(node: Node): Node | undefined {
  const call = asMethodCall(node, "fit");
  const first = call?.args[0] ?? call?.keywords.get("x");
  return first && unwrap(first);
}

/** `for batch in dataset:` around a training step. */
function fedByLoop(node: Node): Node | undefined {
  const loop = asFor(node);
  if (!loop) return undefined;
  const trains = loop.body.descendants("call").some((it) => TRAINING.has(asMethodCall(it)?.method ?? asCall(it)?.callee.text ?? ""));
  if (!trains) return undefined;
  const iterable = unwrap(loop.iterable);
  const call = asCall(iterable);
  return call?.callee.text === "enumerate" ? call.args[0] && unwrap(call.args[0]) : iterable;
}

/** Another place above trains on the same pipeline: one of them is enough to tell. */
function isFedBefore(read: Node, dataset: Node, facts: Facts): boolean {
  if (read.tree !== dataset.tree || read.start >= dataset.start) return false;
  const feeders = [read.ancestor("call"), read.ancestor("for_statement")];
  return feeders.some((it) => it && (fedByFit(it) ?? fedByLoop(it)) === read) && resolved(read, facts) === resolved(dataset, facts);
}

interface Pipeline {
  readonly end: Node;
  /** A generator or function of the reader's runs in it. */
  readonly runsCode: boolean;
}

/** The pipeline, if it can be seen whole, from its source to its last call, and nothing in it prefetches, or may: `apply` can. */
function pipelineOf(dataset: Node, facts: Facts): Pipeline | undefined {
  const end = resolved(dataset, facts);
  let runsCode = false;
  let at = end;
  for (let step = 0; at && step < STEPS; step++) {
    const call = asCall(at);
    if (!call) return undefined;
    const source = facts.nameOf(call.callee) ?? "";
    if (end && SOURCES.has(source)) return { end, runsCode: runsCode || source.endsWith("from_generator") };
    const method = asMethodCall(at);
    if (!method || method.method === "prefetch" || method.method === "apply" || !facts.isA(method.object, "tensorflow.data.Dataset")) return undefined;
    runsCode ||= RUNNING.has(method.method);
    at = resolved(unwrap(method.object), facts);
  }
  return undefined;
}

/** What a name was given, if only one assignment in the same function can have given it. */
function resolved(node: Node, facts: Facts): Node | undefined {
  if (node.kind !== "identifier") return node;
  const [site, more] = facts.reachingSites(node);
  const isOwn = site && !more && site.kind === "assign" && site.path.length === 0 && site.name.tree === node.tree && facts.scopeOf(site.name) === facts.scopeOf(node);
  return isOwn && site.value ? unwrap(site.value) : undefined;
}
