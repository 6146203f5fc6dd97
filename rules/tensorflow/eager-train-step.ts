/** A training step with GradientTape that no tf.function compiles. */

import {
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  callsInside,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  importModule,
  isTracer,
  lineAbove,
  tracedAround,
  useOf,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Training step that is not compiled",
  why: "Without tf.function, every operation of the step and of its gradients goes through Python one by one, for each batch. As a tf.function the step is traced once and then runs as a graph.",
  guide: "tensorflow",
  level: "info",
  gain: "time",
  imports: ["tensorflow"],
  words: ["GradientTape"],
  fixes: "review",

  examples: [
    {
      before: `
import tensorflow as tf

weight = tf.Variable(1.0)
optimizer = tf.keras.optimizers.SGD(0.1)

def train_step(batch: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(batch * weight - 2.0))
    gradients = tape.gradient(loss, [weight])
    optimizer.apply_gradients(zip(gradients, [weight]))
    return loss
`,
      after: `
import tensorflow as tf

weight = tf.Variable(1.0)
optimizer = tf.keras.optimizers.SGD(0.1)

@tf.function
def train_step(batch: tf.Tensor) -> tf.Tensor:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(batch * weight - 2.0))
    gradients = tape.gradient(loss, [weight])
    optimizer.apply_gradients(zip(gradients, [weight]))
    return loss
`,
    },
  ],

  on: ["call"],
  methods: ["apply_gradients"],

  find(node, { facts }): Step | undefined {
    const call = asMethodCall(node, "apply_gradients");
    if (!call || facts.isTest) return undefined;
    const loop = facts.loopAround(node);
    const around = functionAround(node);
    const def = asFunction(around);
    const region = loop && isTaped(loop, facts) ? loop : def && isTaped(def.body, facts) ? def.body : undefined;
    // One finding for a step with two optimizers.
    if (!region || isSecond(node, region) || tracedAround(node, facts)) return undefined;
    // Who knows what a decorator does with it.
    if (def && (def.decorators.length > 0 || isCompiledElsewhere(def, facts))) return undefined;
    const python = pythonIn(region, facts);
    const weight = python ? "unknown" : "heavy";
    return region === loop
      ? { at: call.callee, evidence: "proof", weight, python }
      : { at: def!.nameNode, evidence: "proof", weight, def: def!, python };
  },

  message: ({ def }) =>
    def
      ? `\`${excerpt(def.name, 60)}\` is not compiled: without @tf.function each operation of the step goes through Python.`
      : "This step is not compiled: as a function under @tf.function, it does not go through Python for each operation.",

  fix({ def, python }, file) {
    if (!def) return declined("the step is not a function of its own");
    if (python) return declined(`\`${excerpt(python.text, 40)}\` needs Python in each step`);
    const tensorflow = importModule(file, "tensorflow", def.node, "tf");
    if (!tensorflow) return declined("the name of TensorFlow means something else here");
    return fixOf(
      "Compile the step",
      [
        "what is left of Python in it runs only while it is traced",
        "called with another model or optimizer, it needs a tf.function of its own",
        "last digits may differ",
      ],
      [...tensorflow.edits, lineAbove(def.node, `@${tensorflow.name}.function`)],
    );
  },
});

interface Step extends Match {
  readonly def?: FunctionDef;
  /** What cannot be compiled. */
  readonly python: Node | undefined;
}

function isTaped(region: Node, facts: Facts): boolean {
  return region.descendants("call").some((it) => facts.nameOf(it.field("function")!) === "tensorflow.GradientTape");
}

function isSecond(node: Node, region: Node): boolean {
  const first = region.descendants("call").find((it) => asMethodCall(it, "apply_gradients"));
  return first !== undefined && first !== node;
}

/** `Model.fit` compiles it, another traced function runs it, or it is handed to something that may. */
function isCompiledElsewhere(def: FunctionDef, facts: Facts): boolean {
  const owner = facts.classOf(def.outer);
  if (owner) {
    const isPlain = facts.basesOf(owner).every((it) => it === "builtins.object" || it === "tensorflow.Module");
    const isOwn = !OF_KERAS.has(def.name) && facts.basesOf(owner).every((it) => it !== undefined);
    if (!isPlain && !isOwn) return true;
    return facts.view
      .attributesOf(def.name)
      .some((it) => useOf(it).kind === "argument" || tracedAround(it, facts) !== undefined);
  }
  return facts
    .usesOf(def.nameNode)
    .some((it) =>
      it.kind === "call"
        ? tracedAround(it.node, facts) !== undefined
        : it.kind !== "argument" || isHandedOn(it.call, facts),
    );
}

const OF_KERAS = new Set(["train_step", "call", "update_step"]);

/** `tf.function(step)`; `strategy.run(step, …)` in a traced function. */
function isHandedOn(call: Node | undefined, facts: Facts): boolean {
  return (
    call === undefined ||
    isTracer(call, facts) ||
    tracedAround(call, facts) !== undefined ||
    asMethodCall(call, "run") === undefined
  );
}

const NUMBERS = new Set(["builtins.float", "builtins.int", "builtins.input", "builtins.open", "builtins.next"]);

/** Something in the step that only works, or only makes sense, in Python. */
function pythonIn(region: Node, facts: Facts): Node | undefined {
  return region.descendants("call").find((it) => {
    const call = asCall(it);
    if (!call) return false;
    if (asMethodCall(it, "numpy", "item", "append", "set_description", "set_postfix", "random", "sample")) return true;
    const name = facts.nameOf(call.callee);
    if (name === undefined) return asAttribute(call.callee) === undefined && readsPython(call.callee, facts);
    return NUMBERS.has(name) || /^(random|numpy\.random|time|cv2|PIL|gym(nasium)?)\./.test(name);
  });
}

/** A function of the file that does so itself. */
function readsPython(callee: Node, facts: Facts): boolean {
  return callsInside(callee, facts).some(
    (it) => asMethodCall(it, "numpy", "item") || /^(random|numpy)\./.test(facts.nameOf(it.field("function")!) ?? ""),
  );
}
