/** `tf.py_function` and `tf.numpy_function` around work that TensorFlow has operations for. */

import {
  asAttribute,
  asCall,
  asLambda,
  asMethodCall,
  defineRule,
  excerpt,
  functionAround,
  asFunction,
  unwrap,
  useOf,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Python function in a pipeline where TensorFlow has operations",
  why: "py_function and numpy_function go back into Python for each element, where one element is worked on at a time, however many parallel calls the map asks for. TensorFlow's own operations run outside of Python, side by side, and stay part of the graph.",
  guide: "tf-data",
  level: "info",
  gain: "time",
  imports: ["tensorflow"],

  examples: [
    {
      before: `
import numpy as np
import tensorflow as tf

def scaled(values):
    return np.clip(values / 255.0, 0.0, 1.0).astype(np.float32)

def prepared(dataset: tf.data.Dataset) -> tf.data.Dataset:
    return dataset.map(lambda it: tf.numpy_function(scaled, [it], tf.float32))
`,
      after: `
import tensorflow as tf

def scaled(values):
    return tf.cast(tf.clip_by_value(values / 255.0, 0.0, 1.0), tf.float32)

def prepared(dataset: tf.data.Dataset) -> tf.data.Dataset:
    return dataset.map(scaled)
`,
    },
  ],

  on: ["call"],
  calls: ["tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.py_func"],

  find(node, { facts }): (Match & { readonly name: string }) | undefined {
    const call = asCall(node);
    const given = call?.args[0] ?? call?.keywords.get("func");
    if (!call || !given || facts.isTest) return undefined;
    const work = worksOf(given, facts);
    if (!work?.some((it) => it)) return undefined;
    const isMapped = isInMap(node, facts);
    return {
      at: call.callee,
      weight: isMapped ? "heavy" : "unknown",
      name: asLambda(unwrap(given)) ? "this lambda" : `\`${excerpt(given.text, 40)}\``,
    };
  },

  message: ({ name }) =>
    `${name} runs in Python, one element at a time; TensorFlow has operations of its own for all that it does.`,
});

const NUMPY =
  "abs absolute sqrt exp log log1p square power clip maximum minimum mean sum max min amax amin std var prod argmax argmin argsort sort stack concatenate hstack vstack expand_dims squeeze transpose reshape ravel pad flip fliplr flipud rot90 roll where zeros ones full zeros_like ones_like eye arange linspace tile repeat array asarray float32 float64 int32 int64 uint8 newaxis dot matmul isnan round floor ceil sin cos tanh equal";
const TWINS = new RegExp(
  `^(?:tensorflow\\.(?!train|io\\.gfile|keras|data|Variable)\\w[\\w.]*|numpy\\.(?:${NUMPY.replaceAll(" ", "|")})|numpy\\.random\\.\\w+|random\\.(?:random|uniform|randint)|cv2\\.(?:imread|imdecode|resize|flip|cvtColor|rotate)|PIL\\.Image\\.open|os\\.path\\.join|builtins\\.(?:len|int|float|abs|max|min|sum|round|str))$`,
);
/** Methods of arrays, tensors, pictures, texts. */
const METHODS = new Set(
  "numpy astype reshape mean sum max min std clip transpose squeeze decode split strip lower upper replace startswith endswith resize convert crop flatten copy round item set_shape".split(
    " ",
  ),
);
/** They do no work of their own. */
const IDLE = /^(numpy|decode|item|copy|set_shape)$|^builtins\./;

const DEPTH = 2;

/** For each call in the function whether it is work; undefined where something in it has no twin, or is not in sight. */
function worksOf(callee: Node, facts: Facts, depth = 0): readonly boolean[] | undefined {
  const node = unwrap(callee);
  const def = node.kind === "identifier" ? facts.functionNamed(node) : undefined;
  const body = def ? facts.bodyOf(def) : asLambda(node)?.body;
  if (!body || body.descendants("while_statement", "try_statement", "with_statement", "global_statement").length > 0)
    return undefined;
  const works: boolean[] = [];
  for (const it of body.kind === "call" ? [body, ...body.descendants("call")] : body.descendants("call")) {
    const call = asCall(it);
    if (!call) return undefined;
    const name = facts.nameOf(call.callee);
    if (name !== undefined && TWINS.test(name)) {
      if (/^tensorflow\.(py_func|numpy_func)/.test(name)) return undefined;
      works.push(!IDLE.test(name));
      continue;
    }
    const method = name === undefined || asAttribute(call.callee) ? asMethodCall(it)?.method : undefined;
    if (method !== undefined && METHODS.has(method)) {
      works.push(!IDLE.test(method));
      continue;
    }
    const inner = depth < DEPTH ? worksOf(call.callee, facts, depth + 1) : undefined;
    if (!inner) return undefined;
    works.push(...inner);
  }
  return works;
}

/** In the function of a `map`, written there or by name. */
function isInMap(node: Node, facts: Facts): boolean {
  const around = functionAround(node);
  if (!around) return false;
  const def = asFunction(around);
  const uses = def ? facts.usesOf(def.nameNode) : [useOf(around)];
  return uses.some((it) => it.kind === "argument" && asMethodCall(it.call, "map") !== undefined);
}
