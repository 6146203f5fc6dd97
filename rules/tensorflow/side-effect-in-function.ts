/** Lists, dicts, counters and globals of Python that a traced function changes: it happens while TensorFlow traces, not at each call. */

import {
  asAttribute,
  asAugmented,
  asFunction,
  asMethodCall,
  asSubscript,
  defineRule,
  excerpt,
  functionAround,
  integerOf,
  isTraced,
  unwrap,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Side effect in a function that TensorFlow traces",
  why: "The body of a tf.function runs as Python only while it is traced. A list or counter of Python is changed then, once for many calls, and what is put into it is a placeholder of the graph, not a value. Values are returned; what counts on is a tf.Variable or a metric.",
  guide: "tensorflow",
  level: "warning",
  gain: "safety",
  imports: ["tensorflow"],
  words: ["function", "train_step", "test_step"],

  examples: [
    {
      before: `
import tensorflow as tf

losses = []

@tf.function
def train_step(prediction, target):
    loss = tf.reduce_mean(tf.square(prediction - target))
    losses.append(loss)
    return loss
`,
      after: `
import tensorflow as tf

losses = []

@tf.function
def train_step(prediction, target):
    return tf.reduce_mean(tf.square(prediction - target))

def train(batches):
    for prediction, target in batches:
        losses.append(train_step(prediction, target))
`,
    },
  ],

  on: ["call", "augmented_assignment", "assignment"],

  find(node, { facts }): SideEffect | undefined {
    if (facts.isTest) return undefined;
    const changed = changedBy(node, facts);
    if (!changed || /trac/i.test(changed.target.text) || isMadeOnce(node, changed.target)) return undefined;
    const def = asFunction(functionAround(node));
    const traced = def && tracing(def, facts);
    if (!traced || !isFromOutside(changed.target, def, facts)) return undefined;
    const evidence = traced === "proof" ? changed.evidence : changed.evidence === "proof" ? traced : changed.evidence;
    return { at: changed.at, evidence, target: changed.target, def };
  },

  message: ({ target, def }) =>
    `\`${excerpt(target.text, 40)}\` changes only while TensorFlow traces \`${excerpt(def.name, 40)}\`, not at each call; return the value, or use a tf.Variable.`,
});

interface SideEffect extends Match {
  readonly target: Node;
  readonly def: FunctionDef;
}

interface Changed {
  readonly at: Node;
  /** What is changed: a name, or an attribute of the own object. */
  readonly target: Node;
  readonly evidence: Evidence;
}

const GROWING = [
  "append",
  "extend",
  "insert",
  "appendleft",
  "add",
  "update",
  "setdefault",
  "pop",
  "popleft",
  "clear",
  "remove",
];
/** Lists alone have them. */
const OF_LISTS = new Set(["append", "extend", "insert", "appendleft"]);
const CONTAINERS = /^(list|dict|set|collections\.(deque|defaultdict|Counter|OrderedDict))$/;

function changedBy(node: Node, facts: Facts): Changed | undefined {
  const method = asMethodCall(node, ...GROWING);
  if (method) {
    const type = facts.typed(method.object)?.type.name;
    const isContainer = type !== undefined && CONTAINERS.test(type);
    // What a call gives back is of no name, and of other types there are variables and metrics.
    if (!isPlace(method.object) || (type !== undefined && !isContainer)) return undefined;
    if (isContainer) return { at: method.callee, target: method.object, evidence: "proof" };
    return OF_LISTS.has(method.method) ? { at: method.callee, target: method.object, evidence: "fair" } : undefined;
  }
  if (node.kind === "call") return undefined;
  const augmented = asAugmented(node);
  const target = augmented?.target ?? node.field("left");
  if (!target) return undefined;
  const part = asSubscript(target);
  if (part) {
    const type = facts.typed(part.value)?.type.name;
    return isPlace(part.value) && type !== undefined && (CONTAINERS.test(type) || type === "numpy.ndarray")
      ? { at: target, target: part.value, evidence: "proof" }
      : undefined;
  }
  if (target.kind === "identifier")
    return facts.isRemote(target) && (augmented !== undefined || isCounted(target, node))
      ? { at: target, target, evidence: "proof" }
      : undefined;
  // `self.calls += 1`: a number of Python, if it was one to begin with; of a variable it makes a tensor.
  if (!isPlace(target) || (!augmented && !isCounted(target, node))) return undefined;
  const writes = facts.placeOf(target)?.writes.filter((it) => it.kind === "assign" && !it.name.isInside(node));
  const isNumber = writes && writes.length > 0 && writes.every((it) => isPlainNumber(it.value));
  return isNumber ? { at: target, target, evidence: "proof" } : undefined;
}

const isPlainNumber = (value: Node | undefined): boolean =>
  value !== undefined && (integerOf(value) !== undefined || value.kind === "float");

/** `count = count + 1` */
function isCounted(target: Node, assignment: Node): boolean {
  const value = assignment.field("right");
  return value?.kind === "binary_operator" && value.descendants(target.kind).some((it) => it.text === target.text);
}

/** A name, or an attribute: `losses`, `self.losses`. */
function isPlace(node: Node): boolean {
  const attribute = asAttribute(unwrap(node));
  return attribute ? attribute.object.kind === "identifier" : unwrap(node).kind === "identifier";
}

/** By which evidence a function is traced: decorated, handed to tf.function, or a step that Model.fit compiles. */
function tracing(def: FunctionDef, facts: Facts): Evidence | undefined {
  if (isTraced(def, facts)) return "proof";
  if (!STEPS.has(def.name) || def.decorators.length > 0) return undefined;
  const owner = facts.classOf(def.outer);
  return owner && facts.basesOf(owner).some((it) => it === "tensorflow.keras.Model") ? "strong" : undefined;
}

const STEPS = new Set(["train_step", "test_step", "predict_step"]);

/** The object is there when the function is called, and stays when it is done. */
function isFromOutside(target: Node, def: FunctionDef, facts: Facts): boolean {
  const node = unwrap(target);
  const root = asAttribute(node)?.object ?? node;
  const binding = facts.bindingOf(root);
  if (!binding) return false;
  if (root !== node) {
    const [first] = def.parameters;
    return facts.classOf(def.outer) !== undefined && first?.name === root.text;
  }
  if (facts.isRemote(root)) return true;
  const home = binding.scope.node;
  return home !== def.node && !home.isInside(def.node);
}

/** `if not weights: weights.append(tf.Variable(…))`: what is made while tracing, and kept for the calls. */
function isMadeOnce(node: Node, target: Node): boolean {
  const name = target.text;
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement")) {
    const condition = at.field("condition");
    if (condition && [condition, ...condition.descendants("identifier", "attribute")].some((it) => it.text === name))
      return true;
  }
  return false;
}
