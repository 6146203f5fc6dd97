/** `images / 255.0` of a data set of bytes: the result has eight bytes for each of them. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  replace,
  textIn,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Pictures made 64-bit floats",
  why: 'Dividing an array of bytes gives 64-bit floats: eight times the memory of the pictures, and twice what a network computes with, which makes 32-bit floats of them once more. `astype("float32")` in front of the division makes the array that stays half as large.',
  guide: "numpy",
  level: "hint",
  gain: "memory",
  words: ["load_data"],
  fixes: "review",

  examples: [
    {
      before: `
from tensorflow import keras

(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train / 255.0
`,
      after: `
from tensorflow import keras

(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train.astype("float32") / 255.0
`,
    },
  ],

  on: ["binary_operator"],

  find(node, { facts }) {
    const right = node.field("right");
    const left = node.field("left");
    if (!left || !/^(?:255|127\.5|256)\.?0*$/.test(right?.text ?? "") || node.field("operator")?.text === "*")
      return undefined;
    if (!/^\s*\/\s*$/.test(node.tree.text.slice(left.end, right!.start)) || facts.isTest) return undefined;
    return holdsBytes(left, facts) ? { at: node, left } : undefined;
  },

  message: ({ at, left }) =>
    `\`${excerpt(at.text, 40)}\` makes 64-bit floats of bytes; \`${excerpt(left.text, 30)}.astype("float32")\` in front halves what stays in memory.`,

  fix({ at, left }) {
    if (hasComments(at)) return declined("a comment would be lost");
    return fixOf(
      "Make them 32-bit floats first",
      ["the numbers are rounded to 32 bits"],
      [replace(left, `${textIn(left, ATOM)}.astype("float32")`)],
    );
  },
});

const DATA = /\b(?:mnist|fashion_mnist|cifar10|cifar100)\b/;
/** What gives the same pictures in another form. */
const SHAPING = new Set(["reshape", "copy", "transpose", "squeeze", "swapaxes"]);

/** Pictures of a data set of Keras, as `load_data` gives them or in another shape. */
function holdsBytes(value: Node, facts: Facts, depth = 4): boolean {
  const node = unwrap(value);
  if (depth === 0) return false;
  const part = asSubscript(node);
  if (part) return holdsBytes(part.value, facts, depth - 1);
  const shaped = asMethodCall(node, ...SHAPING);
  if (shaped) return holdsBytes(shaped.object, facts, depth - 1);
  const call = asCall(node);
  if (call)
    return (
      /^np\.(?:expand_dims|reshape)$/.test(call.callee.text) &&
      call.args[0] !== undefined &&
      holdsBytes(call.args[0], facts, depth - 1)
    );
  if (node.kind !== "identifier") return false;
  return facts.reachingSites(node).some((site) => {
    if (site.kind !== "assign" || !site.value) return false;
    // Labels are small, and nobody divides them.
    if (site.path.length > 0 && asMethodCall(unwrap(site.value), "load_data"))
      return DATA.test(`${site.value.text} ${givenTo(site.value, facts)}`);
    const whole = site.path.length === 0 ? site.value : itemAt(site.value, site.path);
    return whole !== undefined && !sameDivision(whole) && holdsBytes(whole, facts, depth - 1);
  });
}

/** `mnist` of `data = keras.datasets.mnist`. */
function givenTo(call: Node, facts: Facts): string {
  const object = asMethodCall(unwrap(call), "load_data")!.object;
  return object.kind === "identifier" ? `${facts.nameOf(object) ?? ""} ${facts.valueOf(object)?.text ?? ""}` : "";
}

function itemAt(value: Node, path: readonly unknown[]): Node | undefined {
  const items = asAssignment(value)?.value ?? value;
  const [index, more] = path;
  return more === undefined && typeof index === "number" && /tuple|expression_list/.test(items.kind)
    ? items.children[index]
    : undefined;
}

/** What is divided already. */
const sameDivision = (value: Node): boolean => value.kind === "binary_operator";
