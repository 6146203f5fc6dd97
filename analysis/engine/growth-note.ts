/** How a function grows, in a sentence for the hover of its name. */

import type { Facts } from "../semantics/facts.js";
import { growthInWords } from "../semantics/growth-terms.js";
import { asFunction, type FunctionDef } from "../syntax/statements.js";
import type { Tree } from "../syntax/tree.js";
import { innermost } from "./constructs.js";

/** More sizes, or unknown things, than these make the sentence too long to read. */
const MOST_SIZES = 3;
const MOST_UNKNOWN = 3;

/** The function whose name stands at an offset of a tree, where it is defined. */
export function definedAt(tree: Tree, offset: number): FunctionDef | undefined {
  const node = innermost(tree, offset);
  return node?.kind === "identifier" && node.fieldName === "name" ? asFunction(node.parent) : undefined;
}

/** With code between backticks; undefined where nothing of the growth is known, or where it does not grow. */
export function growthSentence(def: FunctionDef, facts: Facts): string | undefined {
  const growth = facts.growthOf(def);
  const { order, sizes } = growthInWords(growth);
  if (growth.terms.length === 0 && !growth.isExponential) return undefined;
  const named = sizes.slice(0, MOST_SIZES).map(([letter, size]) => `${letter} = \`${size}\``);
  const grows = growth.isExponential
    ? "The number of steps is exponential."
    : `The number of steps is at most ${order}${named.length > 0 ? ` with ${named.join(", ")}` : ""}${sizes.length > MOST_SIZES ? " …" : ""}.`;
  const unknown = growth.unknown.slice(0, MOST_UNKNOWN).map((it) => `\`${it}\``);
  const rest = growth.unknown.length > MOST_UNKNOWN ? " and more" : "";
  return unknown.length === 0 ? grows : `${grows} Not counted, as its cost is not known: ${unknown.join(", ")}${rest}.`;
}
