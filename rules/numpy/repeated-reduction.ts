/** `x.sum(axis=1).sum(axis=1)`: one axis after the other is reduced, with an array in between. */

import {
  argumentOf,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isCompiled,
  replace,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const NAMES = ["sum", "mean", "max", "min", "amax", "amin", "any", "all", "prod"];

export default defineRule({
  title: "Axes reduced one after the other",
  why: "Each reduction goes through an array and makes another one for the next. With a tuple as axis NumPy reduces all of them in one pass.",
  guide: "numpy",
  level: "hint",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def brightness(images: np.ndarray) -> np.ndarray:
    return images.mean(axis=2).mean(axis=1)
`,
      after: `
import numpy as np

def brightness(images: np.ndarray) -> np.ndarray:
    return images.mean(axis=(1, 2))
`,
    },
  ],

  on: ["call"],
  calls: NAMES.map((it) => `numpy.${it}`),
  methods: NAMES.filter((it) => !it.startsWith("am")),

  find(node, { facts }) {
    const outer = facts.isTest ? undefined : reductionOf(node, facts);
    const inner = outer && reductionOf(unwrap(outer.of), facts);
    if (!outer || !inner || inner.name !== outer.name || !inner.axis || isCompiled(node, facts)) return undefined;
    const third = reductionOf(unwrap(inner.of), facts);
    const evidence = [inner, ...(third ? [third] : [])].some((it) => it.isMethod)
      ? evidenceOf(inner.of, facts)
      : "proof";
    if (!evidence || outer.isOdd || inner.isOdd) return undefined;
    return { at: outer.at, construct: node, evidence, weight: facts.weightOf(node), node, inner, outer };
  },

  message: ({ inner, outer }) => {
    const wanted = axesText(inner, outer);
    const better =
      outer.axis === undefined
        ? `one \`${outer.name}\` of all axes`
        : wanted
          ? `\`axis=${wanted}\``
          : "a tuple as `axis`";
    return `\`${excerpt(unwrap(inner.of).text.replace(/\s+/g, " "), 30)}\` is reduced axis by axis, with an array in between; ${better} does it in one pass.`;
  },

  fix({ node, inner, outer }, { facts }) {
    if (hasComments(node)) return declined("a comment would be lost");
    const axes = axesText(inner, outer);
    if ((axes === undefined && outer.axis) || inner.isKept || outer.isKept)
      return declined("say which axes of the array are meant");
    if (reductionOf(unwrap(inner.of), facts)?.name === inner.name) return declined("more than two axes are reduced");
    const { text } = inner.call.node;
    const start = inner.call.node.start;
    const { axis } = inner;
    // Without an axis the argument goes with its name: it is the only one.
    const written = axes !== undefined ? axes : "None";
    const whole = `${text.slice(0, axis!.start - start)}${written}${text.slice(axis!.end - start)}`;
    return fixOf(
      "Reduce all axes at once",
      ["the last digits may differ", !facts.isA(inner.of, "numpy.ndarray") && "what is reduced must be an array"],
      [replace(node, whole)],
    );
  },
});

interface Reduction {
  readonly call: Call;
  readonly at: Node;
  readonly of: Node;
  readonly name: string;
  readonly axis: Node | undefined;
  readonly isMethod: boolean;
  readonly isKept: boolean;
  /** It is given more than an axis. */
  readonly isOdd: boolean;
}

/** `x.sum(axis=1)`, `np.sum(x, 1)`. */
function reductionOf(node: Node, facts: Facts): Reduction | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const name = facts.nameOf(call.callee);
  const isMethod = !name?.startsWith("numpy.") || name.startsWith("numpy.ndarray.");
  const method = isMethod ? asMethodCall(node, ...NAMES) : undefined;
  const word = method ? method.method : name?.slice("numpy.".length);
  const of = method ? method.object : call.args[0];
  if (word === undefined || !NAMES.includes(word) || !of) return undefined;
  const axis = argumentOf(call, "axis", method ? 0 : 1);
  const kept = call.keywords.get("keepdims");
  const isOdd =
    call.args.length > (method ? 1 : 2) || [...call.keywords.keys()].some((it) => it !== "axis" && it !== "keepdims");
  return {
    call,
    at: method?.methodNode ?? call.callee,
    of,
    name: word,
    axis: axis?.text === "None" ? undefined : axis,
    isMethod: method !== undefined,
    isKept: kept !== undefined && kept.text !== "False",
    isOdd,
  };
}

/** Tensors and frames have such methods too; those of a frame mean something else. */
const OTHERS = ["torch", "tensorflow", "jax", "pandas", "polars", "dask", "cudf", "xarray"];

function evidenceOf(of: Node, facts: Facts): Evidence | undefined {
  const known = facts.takenFor(of, "array");
  if (known) return known;
  if (facts.typed(of) || facts.likeness(of)) return undefined;
  return OTHERS.some((it) => facts.view.imports(it)) ? undefined : "fair";
}

/** `(1, 2)`: the second axis counted as if the first were still there. */
function axesText(inner: Reduction, outer: Reduction): string | undefined {
  const [first, second] = [inner.axis && integerOf(inner.axis), outer.axis && integerOf(outer.axis)];
  if (first === undefined || second === undefined || first < 0 !== second < 0) return undefined;
  const moved = first >= 0 ? (second < first ? second : second + 1) : second > first ? second : second - 1;
  const [low, high] = [Math.min(first, moved), Math.max(first, moved)];
  return `(${low}, ${high})`;
}
