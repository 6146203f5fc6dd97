/** A training loop inside a `tf.function` over a tf.data pipeline without `prefetch`: where TensorFlow, left to its defaults, adds none. */

import {
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  functionAround,
  importModule,
  insertAfter,
  unwrap,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

const named = (...names: readonly string[]) => new Set(names.map((it) => `tensorflow.data.${it}`));

/** Sources that read or make their elements one by one. */
const READING = named("TFRecordDataset", "TextLineDataset", "FixedLengthRecordDataset", "Dataset.from_generator");
const SOURCES = new Set([
  ...READING,
  ...named(
    "Dataset.from_tensor_slices",
    "Dataset.from_tensors",
    "Dataset.list_files",
    "Dataset.range",
    "Dataset.zip",
    "Dataset.sample_from_datasets",
    "Dataset.choose_from_datasets",
  ),
]);
/** Steps that run a function. */
const RUNNING = new Set(["map", "filter", "flat_map", "interleave", "scan", "take_while", "group_by_window"]);
/** Steps that only hand on what comes. */
const PASSING = new Set(["take", "skip", "repeat", "enumerate", "with_options"]);

const TRAINING = /^(apply_gradients|train\w*|step|\w+_step|step_\w+)$/;

/** How many assignments of the same pipeline are followed back. */
const STEPS = 12;

export default defineRule({
  title: "Compiled training loop without prefetch",
  why: "From 2.11 on, TensorFlow itself adds a prefetch at the end of a pipeline when Model.fit or an eager loop reads it, but not for a loop inside a tf.function. There the step waits while a batch is made, and the pipeline waits during the step; with prefetch at its end both run at the same time. It changes neither the elements nor their order.",
  guide: "tf-data",
  level: "info",
  gain: "time",
  imports: ["tensorflow"],
  library: { tensorflow: { from: "2.4" } },
  fixes: "safe",

  examples: [
    {
      before: `
import tensorflow as tf

@tf.function
def train_epoch(files: list[str], train_step) -> None:
    batches = tf.data.TFRecordDataset(files).shuffle(1000).batch(32)
    for batch in batches:
        train_step(batch)
`,
      after: `
import tensorflow as tf

@tf.function
def train_epoch(files: list[str], train_step) -> None:
    batches = tf.data.TFRecordDataset(files).shuffle(1000).batch(32).prefetch(tf.data.AUTOTUNE)
    for batch in batches:
        train_step(batch)
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }) {
    const loop = asFor(node);
    const around = functionAround(node);
    if (!loop || !around || facts.isTest || !isCompiled(around, facts)) return undefined;
    if (
      !loop.body
        .descendants("call")
        .some((it) => TRAINING.test(asMethodCall(it)?.method ?? asCall(it)?.callee.text ?? ""))
    )
      return undefined;
    const iterable = unwrap(loop.iterable);
    const counted = asCall(iterable)?.callee.text === "enumerate" ? asCall(iterable)?.args[0] : iterable;
    const at = counted && unwrap(counted);
    const pipeline = at && pipelineOf(at, facts);
    // The loop trains, so each turn waits for a batch.
    return pipeline && { at, evidence: "proof", weight: "heavy", ...pipeline };
  },

  message: ({ at }) =>
    `\`${at.kind === "identifier" ? at.text : "this pipeline"}\` makes a batch only when this loop asks for it; TensorFlow adds no prefetch to a loop in a tf.function.`,

  fix({ at, end, runsCode, isMadeElsewhere }, file) {
    if (isMadeElsewhere) return declined("another function makes the pipeline");
    // A pipeline of the module may stand in a piece of its own.
    if (end.tree !== at.tree) return declined("the pipeline ends far from here");
    const tensorflow = importModule(file, "tensorflow", at, "tf");
    if (!tensorflow) return declined("the name of TensorFlow means something else here");
    return fixOf(
      "Prefetch at the end of the pipeline",
      [runsCode && "the pipeline's functions then run ahead of the training step"],
      [...tensorflow.edits, insertAfter(end, `.prefetch(${tensorflow.name}.data.AUTOTUNE)`)],
    );
  },
});

/** Under `@tf.function`, with or without arguments. */
function isCompiled(around: Node, facts: Facts): boolean {
  return (
    asFunction(around)?.decorators.some((it) => facts.nameOf(asCall(it)?.callee ?? it) === "tensorflow.function") ??
    false
  );
}

interface Pipeline {
  readonly end: Node;
  /** A generator or function of the reader's runs in it. */
  readonly runsCode: boolean;
  /** Another function of the file gives it, perhaps to more than this loop. */
  readonly isMadeElsewhere: boolean;
}

/** The pipeline, if it can be seen whole, has work to do, and nothing in it prefetches, or may: `apply` can. */
function pipelineOf(dataset: Node, facts: Facts): Pipeline | undefined {
  let end = resolved(dataset, facts);
  let [runsCode, isCached, isTail, isMadeElsewhere] = [false, false, true, false];
  let works = false;
  let at = end;
  for (let step = 0; at && step < STEPS; step++) {
    const given = madeBy(at, facts);
    if (given) {
      isMadeElsewhere ||= at === end;
      const inner = resolved(given, facts);
      end = at === end ? inner : end;
      at = inner;
      continue;
    }
    const call = asCall(at);
    if (!call) return undefined;
    const source = facts.nameOf(call.callee) ?? "";
    if (end && SOURCES.has(source)) {
      runsCode ||= source.endsWith("from_generator");
      return works || (READING.has(source) && !isCached) ? { end, runsCode, isMadeElsewhere } : undefined;
    }
    const method = asMethodCall(at);
    if (
      !method ||
      method.method === "prefetch" ||
      method.method === "apply" ||
      !facts.isA(method.object, "tensorflow.data.Dataset")
    )
      return undefined;
    if (isTail && worksAhead(method, facts)) return undefined;
    isTail &&= PASSING.has(method.method);
    isCached ||= method.method === "cache";
    runsCode ||= RUNNING.has(method.method);
    works ||= RUNNING.has(method.method) && !isCached;
    at = resolved(unwrap(method.object), facts);
  }
  return undefined;
}

/** Last steps that fill a buffer by themselves: parallel ones, a map, which is parallel if its function is stateless, and a batch fused with the map before it. */
function worksAhead({ method, object, keywords }: MethodCall, facts: Facts): boolean {
  if (method === "map" || keywords.has("num_parallel_calls")) return true;
  const before = resolved(unwrap(object), facts);
  return method === "batch" && asMethodCall(madeBy(before, facts) ?? before, "map") !== undefined;
}

/** What a name was given, if only one assignment can have given it; of a name from further out, if there is only one at all. */
function resolved(node: Node, facts: Facts): Node | undefined {
  if (node.kind !== "identifier") return node;
  const [site, more] = facts.reachingSites(node);
  const isPlain = site && !more && site.kind === "assign" && site.path.length === 0 && !site.isRemote;
  return isPlain && site.value ? unwrap(site.value) : undefined;
}

/** What a plain function of the file gives back, if it ends with the only `return` it has; undefined for anything that is no call of one. */
function madeBy(node: Node | undefined, facts: Facts): Node | undefined {
  const call = asCall(node);
  const def = call && facts.functionNamed(call.callee);
  if (!def || def.isAsync || def.decorators.length > 0) return undefined;
  const body = facts.bodyOf(def);
  const [only, more] = body.descendants("return_statement").filter((it) => functionAround(it) === def.node);
  const value = only?.children[0];
  return value && !more && only.parent === body && body.descendants("yield").length === 0 ? unwrap(value) : undefined;
}
