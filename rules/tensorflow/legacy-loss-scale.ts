/** `get_scaled_loss` and `get_unscaled_gradients`, which optimizers of Keras 3 have no more. */

import {
  asAssignment,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  previousStatement,
  removeStatement,
  replace,
  statementOf,
  unwrap,
  useOf,
  type Edit,
  type Facts,
  type Match,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

const SCALED = "get_scaled_loss";
const UNSCALED = "get_unscaled_gradients";

export default defineRule({
  title: "Loss scaling as Keras 2 had it",
  why: "The LossScaleOptimizer of Keras 3 has neither get_scaled_loss nor get_unscaled_gradients: the step stops with AttributeError. scale_loss scales the loss, and apply_gradients takes the scale out of the gradients by itself.",
  guide: "tensorflow",
  level: "warning",
  gain: "safety",
  imports: ["tensorflow", "keras"],
  orWords: [SCALED, UNSCALED],
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf

weight = tf.Variable(1.0)
optimizer = tf.keras.mixed_precision.LossScaleOptimizer(tf.keras.optimizers.SGD(0.1))

def train_step(batch: tf.Tensor) -> float:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(batch * weight))
        scaled_loss = optimizer.get_scaled_loss(loss)
    scaled_gradients = tape.gradient(scaled_loss, [weight])
    gradients = optimizer.get_unscaled_gradients(scaled_gradients)
    optimizer.apply_gradients(zip(gradients, [weight]))
    return float(weight)
`,
      after: `
import tensorflow as tf

weight = tf.Variable(1.0)
optimizer = tf.keras.mixed_precision.LossScaleOptimizer(tf.keras.optimizers.SGD(0.1))

def train_step(batch: tf.Tensor) -> float:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(batch * weight))
        scaled_loss = optimizer.scale_loss(loss)
    gradients = tape.gradient(scaled_loss, [weight])
    optimizer.apply_gradients(zip(gradients, [weight]))
    return float(weight)
`,
    },
  ],

  on: ["call"],
  methods: [SCALED, UNSCALED],

  find(node, { facts }): Legacy | undefined {
    const call = asMethodCall(node, SCALED, UNSCALED);
    // Of Keras 2 under its own name, or a method that the file defines.
    if (!call || facts.view.imports("tf_keras") || facts.fileMatches(OWN)) return undefined;
    const isNew = [facts.hasLibrary("tensorflow", "2.16"), facts.hasLibrary("keras", "3.0")];
    if (isNew.includes("no")) return undefined;
    const region = functionAround(node) ?? node.tree.root;
    const unscaled = callsIn(region, UNSCALED);
    if (call.method === UNSCALED && callsIn(region, SCALED).length > 0) return undefined;
    return {
      at: call.methodNode,
      related: call.method === SCALED ? unscaled.map((it) => ({ at: it.methodNode, message: "and this with it" })) : [],
      evidence: "strong",
      weight: isNew.includes("yes") ? "heavy" : "unknown",
      call,
      unscaled,
    };
  },

  message: ({ call }) => {
    const name = excerpt(call.object.text, 30);
    return call.method === SCALED
      ? `Keras 3 has no \`${SCALED}\`: \`${name}.scale_loss\` scales, and apply_gradients takes the scale out again.`
      : `Keras 3 has no \`${UNSCALED}\`: apply_gradients of \`${name}\` takes the scale out of the gradients itself.`;
  },

  fix({ call, unscaled }, { facts }) {
    const [other, more] = unscaled;
    if (call.method === UNSCALED || !other || more)
      return declined("where the gradients are scaled and unscaled is not in sight together");
    const edits = asScaled(other, facts);
    return edits
      ? fixOf("Use scale_loss", ["it needs Keras 3"], [replace(call.methodNode, "scale_loss"), ...edits])
      : declined("something is done to the gradients before they are applied, and then they are scaled still");
  },
});

interface Legacy extends Match {
  readonly call: MethodCall;
  readonly unscaled: readonly MethodCall[];
}

const OWN = /\bdef get_(?:scaled_loss|unscaled_gradients)\b/;

function callsIn(region: Node, method: string): readonly MethodCall[] {
  return region.descendants("call").flatMap((it) => asMethodCall(it, method) ?? []);
}

/** The gradients go on as they are; undefined if something else than apply_gradients looks at them. */
function asScaled({ node, args }: MethodCall, facts: Facts): readonly Edit[] | undefined {
  const [given, second] = args;
  if (!given || second || hasComments(node)) return undefined;
  const statement = statementOf(node);
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  const isWhole = assignment?.value !== undefined && unwrap(assignment.value) === node;
  if (!isWhole) return isApplied(node) ? [replace(node, given.text)] : undefined;
  if (target?.kind !== "identifier" || more || !facts.readsOf(target).every(isApplied)) return undefined;
  // What `tape.gradient` gives gets the name at once, if it is asked for nothing else.
  const before = asAssignment(previousStatement(statement));
  const [first, another] = before?.targets ?? [];
  const isBetween = first?.text === given.text && !another && facts.readsOf(first).length === 1;
  const removed = isBetween ? removeStatement(statement) : undefined;
  return removed ? [replace(first!, target.text), removed] : [replace(node, given.text)];
}

/** Handed to `apply_gradients`, or to `zip`. */
function isApplied(read: Node): boolean {
  const use = useOf(read);
  return use.kind === "argument" && /^zip$|\.apply(_gradients)?$/.test(use.call?.field("function")?.text ?? "");
}
