/** Steps of a tf.data pipeline in the wrong order: a shuffle of whole batches, a cache that keeps the first epoch's random steps for ever. */

import {
  asCall,
  asMethodCall,
  callsOfMapped,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  insertAfter,
  integerOf,
  remove,
  stepsAfter,
  stepsBefore,
  textIn,
  useOf,
  type Evidence,
  type Facts,
  type Match,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Steps of a data pipeline in the wrong order",
  why: "Each step of a tf.data pipeline works on what the step before it gives. A shuffle after batch moves whole batches, so the same items stay together in every epoch; a cache after a shuffle or a random change gives the random outcome of the first epoch again in all others.",
  guide: "tf-data",
  level: "info",
  gain: "safety",
  imports: ["tensorflow"],
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf

def batches(values: list[int]) -> tf.data.Dataset:
    dataset = tf.data.Dataset.from_tensor_slices(values)
    return dataset.batch(32).shuffle(1000)
`,
      after: `
import tensorflow as tf

def batches(values: list[int]) -> tf.data.Dataset:
    dataset = tf.data.Dataset.from_tensor_slices(values)
    return dataset.shuffle(1000).batch(32)
`,
    },
  ],

  on: ["call"],
  methods: ["shuffle", "cache"],

  find(node, { facts }): Misplaced | undefined {
    const call = asMethodCall(node, "shuffle", "cache");
    if (!call || facts.isTest || facts.nameOf(call.callee) !== undefined) return undefined;
    if (call.method === "shuffle" ? call.args.length + call.keywords.size === 0 : call.args.length > 1)
      return undefined;
    const before = stepsBefore(call.object, facts);
    const found = call.method === "shuffle" ? batchBefore(before, call, facts) : randomBefore(before, call, facts);
    const evidence = found && evidenceOf(call, before, facts);
    if (!found || !evidence) return undefined;
    return {
      at: call.methodNode,
      evidence: found.evidence === "fair" ? "fair" : evidence,
      call,
      step: found.step,
    };
  },

  message: ({ call, step }) =>
    call.method === "shuffle"
      ? "This shuffle comes after `batch`: it moves whole batches, and the same items stay together in every epoch."
      : step.method === "shuffle"
        ? "This cache comes after `shuffle`: every epoch then has the order of the first one."
        : `This cache comes after the random \`${excerpt(step.args[0]?.text ?? "map", 40)}\`: every epoch then gets what the first one drew.`,

  fix({ call, step }) {
    if (call.node.tree !== step.node.tree || !step.node.isInside(call.node))
      return declined("the steps stand in several statements");
    const segment = { tree: call.node.tree, start: call.object.end, end: call.node.end };
    const text = segment.tree.text.slice(segment.start, segment.end);
    if (hasComments(call.node)) return declined("a comment would lose its place");
    if (textIn(step.object, 20) !== step.object.text) return declined("there are parentheses around the data set");
    return fixOf(
      call.method === "shuffle" ? "Shuffle before batch" : `Cache before ${step.method}`,
      [
        call.method === "shuffle"
          ? "the items come in another order, and the buffer counts items, not batches"
          : "the steps behind the cache run in every epoch",
      ],
      [insertAfter(step.object, text.trim()), remove(segment)],
    );
  },
});

interface Misplaced extends Match {
  readonly call: MethodCall;
  /** The step that should come later. */
  readonly step: MethodCall;
}

interface Found {
  readonly step: MethodCall;
  readonly evidence: Evidence;
}

const BATCHES = ["batch", "padded_batch", "ragged_batch"];
/** What is in a batch is not known behind them. */
const OPAQUE = new Set(["unbatch", "rebatch", "flat_map", "interleave", "apply", "window", "group_by_window"]);

function batchBefore(before: readonly MethodCall[], call: MethodCall, facts: Facts): Found | undefined {
  for (const step of before) {
    if (OPAQUE.has(step.method) || step.method === "shuffle") return undefined;
    if (!BATCHES.includes(step.method)) continue;
    const isSingle = integerOf(step.args[0] ?? step.keywords.get("batch_size")) === 1;
    // A batch that is put into batches is a sequence of something: one item.
    return isSingle || isBatchedLater(call, facts) || before.some((it) => it.method === "shuffle")
      ? undefined
      : { step, evidence: "proof" };
  }
  return undefined;
}

function isBatchedLater({ node }: MethodCall, facts: Facts): boolean {
  const after = stepsAfter(node);
  if (after.some((it) => BATCHES.includes(it.method) || OPAQUE.has(it.method))) return true;
  const whole = after.at(-1)?.node ?? node;
  const use = useOf(whole);
  const target = use.kind === "assigned" ? use.in.field("left") : undefined;
  if (target?.kind !== "identifier") return false;
  return facts
    .usesOf(target)
    .some(
      (it) =>
        it.kind === "method" &&
        it.node.start > whole.start &&
        (BATCHES.includes(it.name ?? "") || OPAQUE.has(it.name ?? "")),
    );
}

function randomBefore(before: readonly MethodCall[], call: MethodCall, facts: Facts): Found | undefined {
  let [isPart, found]: [boolean, Found | undefined] = [false, undefined];
  for (const step of before) {
    if (step.method === "apply" || step.method === "cache") break;
    // A part of what was shuffled is a sample, which is to stay the same.
    isPart ||= ["take", "skip", "shard"].includes(step.method);
    if (step.method === "shuffle" && !isPart && !isFixed(step) && !isShuffledLater(call, facts))
      found = { step, evidence: "proof" };
    const evidence = step.method === "map" && step.args[0] ? randomness(step.args[0], facts) : undefined;
    if (evidence) found = { step, evidence };
  }
  return found;
}

const isFixed = ({ keywords }: MethodCall) => keywords.get("reshuffle_each_iteration")?.text === "False";

function isShuffledLater({ node }: MethodCall, facts: Facts): boolean {
  const after = stepsAfter(node);
  const whole = after.at(-1)?.node ?? node;
  const use = useOf(whole);
  const target = use.kind === "assigned" ? use.in.field("left") : undefined;
  return (
    after.some((it) => it.method === "shuffle") ||
    (target?.kind === "identifier" &&
      facts.usesOf(target).some((it) => it.kind === "method" && it.name === "shuffle" && it.node.start > whole.start))
  );
}

/** Their outcome is another one at each call. */
const DRAWS =
  /^tensorflow\.(random\.(normal|uniform|truncated_normal|gamma|poisson|categorical|shuffle)|image\.(random_\w+|sample_distorted_bounding_box))$/;
const RANDOM_LAYERS =
  /\bRandom(?:Flip|Rotation|Zoom|Crop|Contrast|Translation|Brightness|Height|Width|Erasing|Hue|Saturation)\(/;

/** By which evidence a mapped function draws random numbers. */
function randomness(mapped: Node, facts: Facts): Evidence | undefined {
  const calls = callsOfMapped(mapped, facts);
  if (calls?.some((it) => drawsAnew(it, facts))) return "proof";
  if (calls) return undefined;
  return /augment|^random_|jitter/i.test(mapped.text) ? "fair" : undefined;
}

/** Also `augmentation(x, training=True)`, where that is a model of random layers. */
function drawsAnew(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  if (!call) return false;
  if (DRAWS.test(facts.nameOf(call.callee) ?? "")) return true;
  if (call.callee.kind !== "identifier" || call.keywords.get("training")?.text === "False") return false;
  const made = facts.valueOf(call.callee);
  return made?.kind === "call" && RANDOM_LAYERS.test(made.text);
}

/** Other libraries have data sets with such methods too. */
function evidenceOf(call: MethodCall, before: readonly MethodCall[], facts: Facts): Evidence | undefined {
  const typed = [call.object, ...before.map((it) => it.object)].map((it) => facts.typed(it)?.type.name);
  if (typed.some((it) => it !== undefined && it.startsWith("tensorflow.data."))) return "proof";
  if (typed.some((it) => it !== undefined) || facts.view.imports("datasets") || facts.view.imports("torch"))
    return undefined;
  return "strong";
}
