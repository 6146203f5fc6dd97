/** `np.tile(v, (n, 1)) * table`: copies of a row, made only to be combined with a table. */

import {
  argumentOf,
  asAssignment,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  axesOf,
  declined,
  defineRule,
  elementwiseAround,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  inside,
  bindingStrength,
  isCompiled,
  isConstant,
  isNumber,
  itemsOf,
  leastAround,
  replace,
  statementOf,
  unwrap,
  useOf,
  wrapped,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Copies of an array that only meet a larger one",
  why: "tile and repeat write the copies into memory, and the operator behind them reads them back. An operator stretches a row or a column over a table by itself and needs no copy.",
  guide: "numpy",
  level: "info",
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def centered(table: np.ndarray) -> np.ndarray:
    rows, columns = table.shape
    means = table.mean(axis=0)
    return table - np.tile(means, (rows, 1))
`,
      after: `
import numpy as np

def centered(table: np.ndarray) -> np.ndarray:
    rows, columns = table.shape
    means = table.mean(axis=0)
    return table - means
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.tile", "numpy.repeat"],

  find(node, { facts }) {
    const copies = facts.isTest ? undefined : copiesOf(node, facts);
    if (!copies || isCompiled(node, facts)) return undefined;
    const places = placesOf(node, facts);
    const found = places.map((it) => partnerOf(it, copies, facts));
    if (places.length === 0 || !found.every((it) => it !== undefined)) return undefined;
    const evidence = [copies.evidence, ...found].includes("fair") ? "fair" : "strong";
    const isNamed = places[0] !== node;
    return {
      at: asCall(node)!.callee,
      construct: node,
      evidence: evidence as Evidence,
      weight: facts.weightOf(node),
      node,
      copies,
      isNamed,
    };
  },

  message: ({ at, copies: { of, kind } }) =>
    `\`${at.text}\` copies \`${excerpt(of.text.replace(/\s+/g, " "), 30)}\` only to combine it with a table; NumPy stretches a ${kind} over it without a copy.`,

  fix({ node, copies, isNamed }) {
    if (hasComments(node)) return declined("a comment would be lost");
    if (isNamed) return declined("the copies have a name");
    const of = unwrap(copies.of);
    return fixOf(
      "Leave out the copies",
      ["what it is combined with must have the shape that the copies have"],
      [replace(node, inside({ text: of.text, binding: bindingStrength(of) }, leastAround(node)))],
    );
  },
});

interface Copies {
  readonly of: Node;
  readonly kind: "row" | "column";
  readonly evidence: Evidence;
}

/** `np.tile(row, (n, 1))`, `np.tile(column, (1, n))`, `np.repeat(x[:, None], n, axis=1)`; other copies make a pattern. */
function copiesOf(node: Node, facts: Facts): Copies | undefined {
  const call = asCall(node);
  const of = call?.args[0];
  if (!call || !of || call.hasSplat) return undefined;
  if (facts.nameOf(call.callee) === "numpy.repeat") {
    const [count, axis] = [argumentOf(call, "repeats", 1), argumentOf(call, "axis", 2)];
    const along = axis && integerOf(axis);
    if (!count || along === undefined || isMany(count, facts)) return undefined;
    const single = singleAxis(of, facts);
    if (single === undefined || (along !== single && !(along === -1 && single === 1))) return undefined;
    return { of, kind: single === 0 ? "row" : "column", evidence: "proof" };
  }
  const reps = argumentOf(call, "reps", 1);
  const [first, second, more] = reps && ["tuple", "list"].includes(reps.kind) ? itemsOf(reps) : [];
  if (!first || !second || more) return undefined;
  const [down, across] = [integerOf(first), integerOf(second)];
  if (across === 1 && down !== 1) {
    if (singleAxis(of, facts) === 0) return { of, kind: "row", evidence: "proof" };
    const axes = axesOf(of, facts);
    if (axes && axes.count !== 1) return undefined;
    return singleAxis(of, facts) === 1 ? undefined : { of, kind: "row", evidence: axes?.evidence ?? "fair" };
  }
  return down === 1 && across !== 1 && singleAxis(of, facts) === 1
    ? { of, kind: "column", evidence: "proof" }
    : undefined;
}

/** `np.repeat(x, [1, 2, 3])`. */
function isMany(count: Node, facts: Facts): boolean {
  const type = facts.typed(unwrap(count))?.type.name;
  return ["list", "tuple"].includes(unwrap(count).kind) || type === "numpy.ndarray" || type === "list";
}

/** Which axis has a length of 1 by the way the array is written: `x[None]` 0, `x[:, None]` and `x.reshape(-1, 1)` 1. */
function singleAxis(array: Node, facts: Facts, depth = 3): number | undefined {
  const node = unwrap(array);
  if (node.kind === "identifier" && depth > 0) {
    const value = facts.valueOf(node);
    return value && singleAxis(value, facts, depth - 1);
  }
  const part = asSubscript(node);
  if (part) {
    const texts = part.indices.map((it) => it.text.replace(/\s/g, ""));
    const isNew = (it: string | undefined) => it === "None" || /(^|\.)newaxis$/.test(it ?? "");
    if (isNew(texts[0]) && (texts.length === 1 || texts[1] === ":")) return 0;
    return texts.length === 2 && texts[0] === ":" && isNew(texts[1]) ? 1 : undefined;
  }
  const shaped = asMethodCall(node, "reshape");
  const sizes = shaped?.args.length === 1 ? itemsOf(shaped.args[0]!) : (shaped?.args ?? []);
  if (sizes.length === 2) return integerOf(sizes[1]) === 1 ? 1 : integerOf(sizes[0]) === 1 ? 0 : undefined;
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!call || name === undefined) return undefined;
  if (name === "numpy.vstack" && call.args.length === 1 && axesOf(call.args[0]!, facts)?.count === 1) return 1;
  if (name !== "numpy.expand_dims") return undefined;
  const axis = integerOf(argumentOf(call, "axis", 1));
  return axis === -1 ? 1 : axis === 0 || axis === 1 ? axis : undefined;
}

/** The copies themselves, or the reads of the name that they are given. */
function placesOf(node: Node, facts: Facts): readonly Node[] {
  if (useOf(node).kind !== "assigned") return [node];
  const [target, more] = asAssignment(statementOf(node))?.targets ?? [];
  const isWhole = wrapped(node).parent?.kind === "assignment";
  return isWhole && target?.kind === "identifier" && !more && !facts.isRemote(target) ? facts.readsSeeing(target) : [];
}

/** By which evidence the copies meet a table: undefined where only numbers are in sight, or a row as long. */
function partnerOf(place: Node, { kind }: Copies, facts: Facts): Evidence | undefined {
  const { operands } = elementwiseAround(place, facts);
  const found = operands.map((it) => evidenceOf(unwrap(it), kind, facts));
  return found.includes("strong") ? "strong" : found.find((it) => it !== undefined);
}

function evidenceOf(other: Node, kind: Copies["kind"], facts: Facts): Evidence | undefined {
  if (isConstant(other) || isNumber(facts.typed(other)?.type)) return undefined;
  if (asAttribute(other) && facts.nameOf(other)?.startsWith("math.")) return undefined;
  const call = asCall(other);
  const again =
    call && /^numpy\.(tile|repeat)$/.test(facts.nameOf(call.callee) ?? "") ? copiesOf(other, facts) : undefined;
  if (again) return again.kind !== kind ? "strong" : undefined;
  const count = axesOf(other, facts)?.count;
  if (count !== undefined) return count >= (kind === "row" ? 2 : 1) ? "strong" : undefined;
  return facts.takenFor(other, "array") || other.descendants("identifier").length > 1 ? "fair" : undefined;
}
