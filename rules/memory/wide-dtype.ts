/** Eight bytes for each number where one or four hold it: `images / 255.0` of bytes, pictures and one-hot rows that are made 64-bit. */

import {
  argumentOf,
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
  integerOf,
  itemAt,
  nameGiven,
  replace,
  statementOf,
  textIn,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Pictures or one-hot rows of 64-bit numbers",
  why: 'Python\'s `float` and `int` are 64 bits wide in NumPy, and ones and zeros need no more than one byte. Dividing an array of bytes gives 64-bit floats: eight times the memory of the pictures, and twice what a network computes with, which makes 32-bit floats of them once more. `astype("float32")` in front of the division makes the array that stays half as large.',
  guide: "numpy",
  level: "hint",
  gain: "memory",
  words: ["CV_64F", "load_data", "float", "float64", "double", "int", "int64", "one_hot", "onehot"],
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

  on: ["binary_operator", "call"],
  calls: ["numpy.array", "numpy.asarray", "numpy.zeros", "cv2.Sobel", "cv2.Scharr", "cv2.Laplacian"],

  find(node, { facts }) {
    if (node.kind === "call") return gradient(node, facts) ?? oneHot(node, facts);
    const right = node.field("right");
    const left = node.field("left");
    if (!left || !/^(?:255|127\.5|256)\.?0*$/.test(right?.text ?? "") || node.field("operator")?.text === "*")
      return undefined;
    if (!/^\s*\/\s*$/.test(node.tree.text.slice(left.end, right!.start)) || facts.isTest) return undefined;
    // What stays is cast.
    if (/(?:^|\.)(?:cast|float32)$/.test(asCall(node.parent?.parent)?.callee.text ?? "")) return undefined;
    const wide = wideIn(left, facts);
    if (wide) return { at: node, left, wide, form: "divided" as const };
    return holdsBytes(left, facts) ? { at: node, left, wide, form: "bytes" as const } : undefined;
  },

  message: ({ at, left, wide, form }) =>
    form === "gradient"
      ? `\`${excerpt(wide!.text, 24)}\` takes eight bytes for each pixel; \`CV_32F\` holds every gradient of a picture of bytes in half of that.`
      : form === "ones"
        ? `\`${excerpt(at.text.replace(/\s+/g, " "), 50)}\` takes eight bytes for each 0 and 1; \`dtype="uint8"\` or \`"float32"\`, or class numbers as targets, take a part of that.`
        : form === "divided"
          ? `\`${excerpt(wide!.text, 24)}\` is 64 bits wide, and pictures hold bytes: \`"float32"\` halves what \`${excerpt(at.text.replace(/\s+/g, " "), 40)}\` takes.`
          : `\`${excerpt(at.text, 40)}\` makes 64-bit floats of bytes; \`${excerpt(left.text, 30)}.astype("float32")\` in front halves what stays in memory.`,

  fix({ at, left, wide, form }) {
    if (form === "gradient")
      return fixOf(
        "Compute 32-bit gradients",
        ["the numbers are rounded to 32 bits"],
        [replace(wide!, wide!.text.replace("CV_64F", "CV_32F"))],
      );
    if (form === "ones") return declined("which form the rows have is decided by what takes them");
    if (hasComments(at)) return declined("a comment would be lost");
    return fixOf(
      "Make them 32-bit floats first",
      ["the numbers are rounded to 32 bits"],
      wide ? [replace(wide, '"float32"')] : [replace(left, `${textIn(left, ATOM)}.astype("float32")`)],
    );
  },
});

const WIDE = /^(?:float|["'](?:float|float64|double|d|f8)["']|(?:np|numpy)\.(?:float64|double|float_|float))$/;

/** `float` of `pictures.astype(float) / 255`, `np.array(pictures, dtype="float") / 255`. */
function wideIn(left: Node, facts: Facts): Node | undefined {
  const node = unwrap(left);
  const cast = asMethodCall(node, "astype");
  const made = cast ? undefined : asCall(node);
  const name = made && facts.nameOf(made.callee);
  const isMade = name === "numpy.array" || name === "numpy.asarray";
  const type = cast ? (cast.args[0] ?? cast.keywords.get("dtype")) : isMade ? made?.keywords.get("dtype") : undefined;
  return type && WIDE.test(type.text) && facts.view.imports("numpy") ? type : undefined;
}

/** `cv2.Sobel(picture, cv2.CV_64F, 1, 0)` that is kept: what is summed up on the spot is gone at once. */
function gradient(node: Node, facts: Facts) {
  const call = asCall(node);
  const depth = call && !call.hasSplat ? argumentOf(call, "ddepth", 1) : undefined;
  if (!depth || !/\bCV_64F$/.test(depth.text) || !nameGiven(node) || facts.isTest) return undefined;
  // Larger kernels add up to more than 24 bits.
  const size = argumentOf(call!, "ksize", call!.callee.text.endsWith("Sobel") ? 5 : 3);
  if (size && (integerOf(size) ?? LARGEST_KERNEL + 1) > LARGEST_KERNEL) return undefined;
  return { at: node, left: node, wide: depth, form: "gradient" as const };
}

const LARGEST_KERNEL = 9;

/** `one_hot = np.array(rows, dtype=int)`, `one_hot = np.zeros((count, classes))`. */
function oneHot(node: Node, facts: Facts) {
  const call = asCall(node);
  const target = asAssignment(statementOf(node))?.targets[0];
  if (!call || facts.isTest || target?.kind !== "identifier" || !/one_?hot/i.test(target.text)) return undefined;
  if (nameGiven(node)?.text !== target.text) return undefined;
  const isZeros = call.callee.text.endsWith("zeros");
  const type = call.keywords.get("dtype") ?? (isZeros ? call.args[1] : undefined);
  const isWide = type
    ? WIDE.test(type.text) || /^(?:int|["'](?:int|int64|i8)["']|(?:np|numpy)\.(?:int64|int_|int))$/.test(type.text)
    : isZeros;
  // One row, of as many numbers as there are classes, is nothing.
  const isTable = !isZeros || (/^(?:tuple|list)$/.test(call.args[0]?.kind ?? "") && call.args[0]!.children.length > 1);
  if (!isWide || !isTable) return undefined;
  return { at: node, left: node, wide: type, form: "ones" as const, weight: "unknown" as const };
}

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
    const whole = itemAt(site.value, site.path);
    return whole !== undefined && !sameDivision(whole) && holdsBytes(whole, facts, depth - 1);
  });
}

/** `mnist` of `data = keras.datasets.mnist`. */
function givenTo(call: Node, facts: Facts): string {
  const object = asMethodCall(unwrap(call), "load_data")!.object;
  return object.kind === "identifier" ? `${facts.nameOf(object) ?? ""} ${facts.valueOf(object)?.text ?? ""}` : "";
}

/** What is divided already. */
const sameDivision = (value: Node): boolean => value.kind === "binary_operator";
