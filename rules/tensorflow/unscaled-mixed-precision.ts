/** A training step of the reader's under the policy `mixed_float16` that never scales the loss. */

import {
  asCall,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  lineBelow,
  linesOf,
  textValue,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Training in float16 without loss scaling",
  why: "Under mixed_float16 small gradients become zero in float16, and the weights behind them no longer learn. Model.fit scales the loss against that; a training step of one's own has to do it itself.",
  guide: "tensorflow",
  level: "warning",
  gain: "safety",
  imports: ["tensorflow", "keras"],
  words: ["mixed_float16"],
  fixes: "review",

  examples: [
    {
      before: `
import keras
import tensorflow as tf

keras.mixed_precision.set_global_policy("mixed_float16")
weight = tf.Variable(1.0)
optimizer = keras.mixed_precision.LossScaleOptimizer(keras.optimizers.SGD(0.1))

def train_step(batch: tf.Tensor) -> float:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(batch * weight))
    gradients = tape.gradient(loss, [weight])
    optimizer.apply_gradients(zip(gradients, [weight]))
    return round(float(weight), 4)
`,
      after: `
import keras
import tensorflow as tf

keras.mixed_precision.set_global_policy("mixed_float16")
weight = tf.Variable(1.0)
optimizer = keras.mixed_precision.LossScaleOptimizer(keras.optimizers.SGD(0.1))

def train_step(batch: tf.Tensor) -> float:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(batch * weight))
        loss = optimizer.scale_loss(loss)
    gradients = tape.gradient(loss, [weight])
    optimizer.apply_gradients(zip(gradients, [weight]))
    return round(float(weight), 4)
`,
    },
  ],

  on: ["call"],
  methods: ["gradient"],

  find(node, { facts }): Unscaled | undefined {
    const call = asMethodCall(node, "gradient");
    const [loss] = call?.args ?? [];
    if (!call || !loss || facts.isTest || !facts.ofFile(SETS_POLICY) || facts.fileMatches(SCALES)) return undefined;
    const region = facts.loopAround(node) ?? functionAround(node);
    const applied = region?.descendants("call").flatMap((it) => asMethodCall(it, "apply_gradients", "apply") ?? [])[0];
    if (!region || !applied || !isTape(call.object, region, facts)) return undefined;
    return { at: loss, evidence: "proof", loss, node, optimizer: applied.object };
  },

  message: ({ loss }) =>
    `Under mixed_float16 the gradients of \`${excerpt(loss.text, 40)}\` may vanish: nothing here scales the loss, as Model.fit does.`,

  fix({ loss, node, optimizer }, { facts }) {
    if (facts.hasLibrary("keras", "3.0") === "no" || facts.hasLibrary("tensorflow", "2.16") === "no")
      return declined("Keras 2 also wants the gradients unscaled, before they are applied");
    const isOwn = optimizer.text === "self.optimizer" && asFunction(functionAround(node))?.name === "train_step";
    if (!isOwn && !facts.fileMatches(/\bLossScaleOptimizer\(/))
      return declined("the optimizer has to be put into a LossScaleOptimizer first");
    // The loss has to be scaled while the tape is on.
    if (loss.kind !== "identifier") return declined("the loss has no name");
    const [site, more] = facts.reachingSites(loss);
    const assigned = site && !more && site.kind === "assign" && site.path.length === 0 ? site : undefined;
    const statement = assigned?.name.ancestor("expression_statement");
    const reads = facts.readsOf(loss).filter((it) => it !== loss);
    const block = statement?.parent;
    if (!assigned || !statement || block?.parent?.kind !== "with_statement" || statement.tree !== loss.tree)
      return declined("it is not in sight where the loss is worked out");
    if (reads.some((it) => !it.isInside(block)))
      return declined(`\`${excerpt(loss.text, 40)}\` is needed unscaled behind it`);
    if (!linesOf(statement)) return declined("the line holds more than that");
    return fixOf(
      "Scale the loss",
      [`\`${excerpt(optimizer.text, 40)}\` must scale losses, as a LossScaleOptimizer does`],
      [lineBelow(statement, `${loss.text} = ${optimizer.text}.scale_loss(${loss.text})`)],
    );
  },
});

interface Unscaled extends Match {
  readonly loss: Node;
  readonly node: Node;
  readonly optimizer: Node;
}

/** Some way of scaling a loss, by Keras or by hand. */
const SCALES = /\bscale_loss\b|\bget_scaled_loss\b|\bloss_scale\b|\bauto_mixed_precision\b|\bscaled_loss\b/;

const SETTERS = /(?:^|\.)(?:set_global_policy|set_policy|set_dtype_policy|set_dtype|Policy|DTypePolicy)$/;

/** The policy is set in this file, and not under a condition. */
const SETS_POLICY = fileQuestion((facts) =>
  [
    ...facts.view.attributesOf("set_global_policy"),
    ...facts.view.attributesOf("set_dtype_policy"),
    ...facts.view.attributesOf("set_policy"),
  ]
    .concat(["set_global_policy", "set_dtype_policy", "set_policy"].flatMap((it) => facts.view.readsOf(it)))
    .some((it) => {
      const call = asCall(it.parent);
      if (!call || call.callee !== it || !SETTERS.test(it.text)) return false;
      const given = call.args[0];
      const inner = asCall(given)?.args[0] ?? (given && asCall(facts.valueOf(given))?.args[0]) ?? given;
      return textValue(inner) === "mixed_float16";
    }),
);

/** `with tf.GradientTape() as tape` around. */
function isTape(tape: Node, region: Node, facts: Facts): boolean {
  return region
    .descendants("call")
    .some(
      (it) =>
        facts.nameOf(it.field("function")!) === "tensorflow.GradientTape" &&
        it.ancestor("with_item")?.text.includes(tape.text),
    );
}
