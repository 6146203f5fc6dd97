/** `np.einsum` that is a matrix product, or that works on three or more arrays in the order they are given. */

import {
  arrayShape,
  ATOM,
  axesOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  inside,
  isCompiled,
  leastAround,
  replace,
  textIn,
  textValue,
  withArgument,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** How tightly `@` binds. */
const PRODUCT = 12;
const LETTERS = /^(?:\.\.\.)?[A-Za-z]*$/;

export default defineRule({
  title: "Slow form of einsum",
  why: "For two arrays einsum runs a plain loop over all indices, where @ calls the tuned matrix product of the linear algebra library. For three or more it loops over all indices of all arrays at once, unless optimize=True lets it multiply two at a time; that pays where the arrays are large.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def rotated(rotations: np.ndarray, points: np.ndarray) -> np.ndarray:
    return np.einsum("bij,bjk->bik", rotations, points)
`,
      after: `
import numpy as np

def rotated(rotations: np.ndarray, points: np.ndarray) -> np.ndarray:
    return rotations @ points
`,
    },
    {
      before: `
import numpy as np

def weighted(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ik,i->jk", x, x, weights)
`,
      after: `
import numpy as np

def weighted(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ik,i->jk", x, x, weights, optimize=True)
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.einsum"],

  find(_node, { facts }, call) {
    const [first, ...operands] = call.args;
    const text = textValue(first)?.replace(/\s+/g, "");
    if (!first || text === undefined || call.hasSplat || facts.isTest) return undefined;
    const terms = termsOf(text);
    if (!terms || terms.inputs.length !== operands.length || call.keywords.has("optimize")) return undefined;
    // Whole numbers have no tuned product.
    if (operands.some((it) => holdsWhole(it, facts)) || isCompiled(call.node, facts)) return undefined;
    const product = operands.length === 2 ? productOf(terms) : undefined;
    if (!product && (operands.length < 3 || !isContracted(terms))) return undefined;
    // To look for an order costs some time of its own, however often it is done.
    const weight = product || facts.weightOf(call.node) === "light" ? facts.weightOf(call.node) : "unknown";
    return {
      at: call.callee,
      construct: call.node,
      weight,
      call,
      first,
      terms,
      operands,
      product,
    };
  },

  message: ({ first, operands, product }) => {
    if (!product)
      return `\`${excerpt(first.text, 40)}\` loops over all ${operands.length} arrays at once; on large ones it pays to multiply two at a time (\`optimize=True\`).`;
    const shown = formOf(
      product,
      operands.map((it) => excerpt(it.text.replace(/\s+/g, " "), 24)),
    );
    return `\`${excerpt(first.text, 40)}\` is a matrix product; \`${shown}\` calls the tuned one.`;
  },

  fix({ call, terms, operands, product }, { facts }) {
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (!product) {
      const edit = withArgument(call, "optimize=True");
      return edit
        ? fixOf(
            "Let einsum choose the order",
            ["the last digits may differ", "finding the order takes longer than the work on small arrays"],
            [edit],
          )
        : declined("the arguments cannot be added to");
    }
    if (call.keywords.size > 0) return declined("the call is given more than the arrays");
    const isKnown = operands.every((it, index) => {
      const axes = axesOf(it, facts);
      return axes?.evidence === "proof" && axes.count === terms.inputs[index]!.length;
    });
    const text = formOf(
      product,
      operands.map((it) => textIn(it, ATOM)),
    );
    return fixOf(
      "Use the matrix product",
      ["the last digits may differ", !isKnown && "the arrays must have as many axes as they have letters"],
      [replace(call.node, inside({ text, binding: PRODUCT }, leastAround(call.node)))],
    );
  },
});

interface Terms {
  readonly inputs: readonly string[];
  readonly output: string;
}

/** `ij,jk->ik`; without an arrow the letters that stand once, in their order. */
function termsOf(text: string): Terms | undefined {
  const [left, right, more] = text.split("->");
  const inputs = left!.split(",");
  if (more !== undefined || !inputs.every((it) => LETTERS.test(it))) return undefined;
  if (right !== undefined) return LETTERS.test(right) ? { inputs, output: right } : undefined;
  const all = inputs.join("").replaceAll(".", "");
  const once = [...new Set(all)].filter((it) => all.indexOf(it) === all.lastIndexOf(it)).sort();
  const dots = inputs.some((it) => it.startsWith("...")) ? "..." : "";
  return { inputs, output: dots + once.join("") };
}

interface Product {
  /** The operands by their place, left one first, and which of them is turned. */
  readonly left: { readonly place: number; readonly isTurned: boolean };
  readonly right: { readonly place: number; readonly isTurned: boolean };
}

/** The same leading letters, and one letter that is summed over. */
function productOf({ inputs, output }: Terms): Product | undefined {
  const [a, b] = inputs as [string, string];
  if ([a, b, output].some((it) => new Set(it.replaceAll(".", "")).size !== it.replaceAll(".", "").length))
    return undefined;
  const straight = straightProduct(a, b, output);
  if (straight) return { left: { place: 0, isTurned: false }, right: { place: 1, isTurned: false } };
  if (straightProduct(b, a, output))
    return { left: { place: 1, isTurned: false }, right: { place: 0, isTurned: false } };
  // Turned matrices: the library takes them as they are.
  if (a.length !== 2 || b.length !== 2 || [a, b].some((it) => it.includes("."))) return undefined;
  const turned = (it: string, isTurned: boolean) => (isTurned ? it[1]! + it[0]! : it);
  for (const [first, second, left, right] of [
    [a, b, 0, 1],
    [b, a, 1, 0],
  ] as const)
    for (const [isLeft, isRight] of [
      [false, true],
      [true, false],
      [true, true],
    ] as const)
      if (straightProduct(turned(first, isLeft), turned(second, isRight), output))
        return { left: { place: left, isTurned: isLeft }, right: { place: right, isTurned: isRight } };
  return undefined;
}

/** `Bik,Bkj->Bij`, `ij,j->i`, `i,ij->j`; two vectors are a sum, not worth a word. */
function straightProduct(a: string, b: string, output: string): boolean {
  const batch = output.startsWith("...") ? "..." : "";
  const [p, q, r] = [a, b, output].map((it) => (it.startsWith("...") ? it.slice(3) : it)) as [string, string, string];
  if (batch === "" && (a.startsWith("...") || b.startsWith("..."))) return false;
  if (p.length === 1 && q.length === 2) return batch === "" && p[0] === q[0] && r === q[1];
  if (q.length === 1 && p.length === 2) return !b.startsWith("...") && p[1] === q[0] && r === p[0];
  if (p.length !== q.length || p.length < 2 || r.length !== p.length || a.startsWith("...") !== b.startsWith("..."))
    return false;
  const lead = p.slice(0, -2);
  const [m, k, k2, n] = [p.at(-2)!, p.at(-1)!, q.at(-2)!, q.at(-1)!];
  return q.startsWith(lead) && k === k2 && r === `${lead}${m}${n}` && !lead.includes(k);
}

function formOf({ left, right }: Product, operands: readonly string[]): string {
  const text = ({ place, isTurned }: Product["left"]) => `${operands[place]}${isTurned ? ".T" : ""}`;
  return `${text(left)} @ ${text(right)}`;
}

/** Some index is summed over, and some are not in all of the arrays: an order makes a difference. */
function isContracted({ inputs, output }: Terms): boolean {
  const letters = new Set(inputs.join("").replaceAll(".", ""));
  return (
    [...letters].some((it) => !output.includes(it)) &&
    inputs.some((it) => [...letters].some((letter) => !it.includes(letter)))
  );
}

const holdsWhole = (operand: Node, facts: Facts): boolean =>
  ["int", "bool"].includes(arrayShape(operand, facts).holds ?? "");
