/** `as_strided` for sliding windows, where `sliding_window_view` checks what it does. */

import {
  argumentOf,
  asAttribute,
  asBinary,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importName,
  isCompiled,
  isOnlyRead,
  itemsOf,
  replace,
  textIn,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Sliding windows by as_strided",
  why: "as_strided believes every shape and stride that it is given: one mistake in them, or an array that is not laid out as expected, and it reads or writes memory that belongs to something else. sliding_window_view makes the same view from the window's length, and checks it.",
  guide: "numpy",
  level: "warning",
  differs: { unknown: "kept", light: "kept" },
  gain: "safety",
  imports: ["numpy"],
  library: { numpy: { from: "1.20" } },
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from numpy.lib.stride_tricks import as_strided

def moving_mean(values: np.ndarray, width: int) -> np.ndarray:
    step = values.strides[0]
    windows = as_strided(values, shape=(len(values) - width + 1, width), strides=(step, step))
    return windows.mean(axis=1)
`,
      after: `
import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

def moving_mean(values: np.ndarray, width: int) -> np.ndarray:
    step = values.strides[0]
    windows = sliding_window_view(values, width)
    return windows.mean(axis=1)
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.lib.stride_tricks.as_strided"],

  find(_node, { facts }, call) {
    const [array, shape, strides] = [
      argumentOf(call, "x", 0),
      argumentOf(call, "shape", 1),
      argumentOf(call, "strides", 2),
    ];
    if (!array || !shape || !strides || facts.isTest || isCompiled(call.node, facts)) return undefined;
    const items = stridesOf(strides, array, facts);
    if (!items || !areWindows(items)) return undefined;
    return { at: call.callee, construct: call.node, call, array, shape, items };
  },

  message: ({ array }) =>
    `These strides give sliding windows of \`${excerpt(array.text, 40)}\`; \`sliding_window_view\` makes them without reaching into other memory.`,

  fix({ call, array, shape, items }, file) {
    const { facts } = file;
    if (hasComments(call.node)) return declined("a comment would be lost");
    const width = items.length === 2 ? widthIn(shape, array, facts) : undefined;
    if (!width) return declined("the windows are along more than one axis, or their shape is worked out elsewhere");
    const view = asAttribute(call.callee)
      ? { name: call.callee.text.replace(/as_strided$/, "sliding_window_view"), edits: [] }
      : importName(file, "numpy.lib.stride_tricks", "sliding_window_view", call.node);
    if (!view) return declined("`sliding_window_view` cannot be imported here");
    return fixOf(
      "Use sliding_window_view",
      [
        "it raises an error where the array is shorter than a window",
        isOnlyRead(call.node, facts) !== "yes" && "the windows cannot be written to",
      ],
      [...view.edits, replace(call.node, `${view.name}(${array.text}, ${width.text})`)],
    );
  },
});

/** One text for each stride of the view; undefined where they are not known one by one. */
function stridesOf(strides: Node, array: Node, facts: Facts, depth = 4): readonly string[] | undefined {
  const node = unwrap(strides);
  if (depth === 0) return undefined;
  const inner = (it: Node) => stridesOf(it, array, facts, depth - 1);
  const base = rootOf(array);
  if (node.kind === "identifier") {
    const value = facts.valueOf(node);
    return value && inner(value);
  }
  if (node.kind === "attribute") return node.text === `${base}.strides` ? ["*"] : undefined;
  const sum = asBinary(node);
  if (sum?.operator === "+") {
    const [left, right] = [inner(sum.left), inner(sum.right)];
    return left && right ? [...left, ...right] : undefined;
  }
  if (sum?.operator === "*") return sum.right.text === "2" && inner(sum.left)?.join() === "*" ? ["*", "*"] : undefined;
  if (node.kind !== "tuple" && node.kind !== "list") return undefined;
  const found = itemsOf(node).map((it) =>
    it.kind === "list_splat"
      ? it.children[0] && inner(it.children[0])?.join() === "*"
        ? "*"
        : undefined
      : strideOf(it, base, facts),
  );
  return found.every((it) => it !== undefined) ? (found as string[]) : undefined;
}

const rootOf = (array: Node): string => array.text;

/** `x.strides[0]`, `x.itemsize`, a name for one of them; undefined for zero, for what is turned, and for sums and multiples. */
function strideOf(item: Node, base: string, facts: Facts): string | undefined {
  const node = unwrap(item);
  if (node.kind === "identifier") {
    const value = facts.valueOf(node);
    return value && value.kind !== "identifier" ? (strideOf(value, base, facts) ?? undefined) : undefined;
  }
  const attribute = asAttribute(node);
  if (attribute) return attribute.name === "itemsize" ? "itemsize" : undefined;
  const part = asSubscript(node);
  if (part?.indices.length !== 1) return undefined;
  const value = unwrap(part.value);
  const strides = value.kind === "identifier" ? facts.valueOf(value) : value;
  return strides && asAttribute(strides)?.name === "strides" ? `[${part.indices[0]!.text}]` : undefined;
}

/** Each stride of the array once, and some of them a second time. */
function areWindows(items: readonly string[]): boolean {
  if (items.length < 2) return false;
  if (items[0] === "*") return items.length === 2 || items.slice(1).every((it) => it.startsWith("["));
  return (
    (new Set(items).size < items.length &&
      items.filter((it) => items.indexOf(it) !== items.lastIndexOf(it)).length === 2) ||
    items.join() === `${items[0]},${items[1]},${items[0]},${items[1]}`
  );
}

/** The `w` of `(len(x) - w + 1, w)`, of `(x.size - w + 1, w)`, of `x.shape[:-1] + (x.shape[-1] - w + 1, w)`. */
function widthIn(shape: Node, array: Node, facts: Facts): Node | undefined {
  const node = unwrap(shape);
  const given = node.kind === "identifier" ? facts.valueOf(node) : node;
  const [rows, width, more] = given && given.kind === "tuple" ? itemsOf(given) : [];
  if (!rows || !width || more) return undefined;
  const counted = (rows.kind === "identifier" ? facts.valueOf(rows) : rows)?.text.replace(/\s/g, "");
  const [of, w] = [array.text, textIn(width, 12).replace(/\s/g, "")];
  const lengths = [`len(${of})`, `${of}.size`, `${of}.shape[0]`, `${of}.shape[-1]`];
  return lengths.some((it) => counted === `${it}-${w}+1` || counted === `${it}+1-${w}` || counted === `1+${it}-${w}`)
    ? width
    : undefined;
}
