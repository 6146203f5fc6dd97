/** Finds `np.prod(x.shape)` and `np.max([a, b])`: a handful of numbers that becomes an array only to be reduced to one. */

import {
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  importModule,
  isCompiled,
  isConstant,
  isNumber,
  itemsOf,
  lastName,
  replace,
  turnTakesLong,
  unwrap,
  weakest,
  type Edit,
  type Evidence,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** What does the same for a tuple or list. */
const TWINS: ReadonlyMap<string, string> = new Map(
  "prod:math.prod product:math.prod sum:sum max:max amax:max min:min amin:min mean:statistics.fmean any:any all:all median:statistics.median"
    .split(" ")
    .map((it) => it.split(":") as [string, string])
    .map(([own, twin]) => [`numpy.${own}`, twin]),
);
/** More than so many are no handful. */
const FEW = 12;

export default defineRule({
  title: "A few numbers reduced by NumPy",
  why: "NumPy makes an array of the tuple or list first and then reduces it, which for a handful of numbers takes far longer than to go through them. The functions of Python take the numbers as they are, and the product of a large shape does not overflow.",
  guide: "numpy",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def sizes(blocks: list[np.ndarray]) -> list[int]:
    return [int(np.prod(block.shape)) for block in blocks]
`,
      after: `
import math

import numpy as np

def sizes(blocks: list[np.ndarray]) -> list[int]:
    return [int(math.prod(block.shape)) for block in blocks]
`,
    },
  ],

  on: ["call"],
  calls: [...TWINS.keys()],

  find(node, { facts }) {
    const call = asCall(node);
    const twin = call && TWINS.get(facts.nameOf(call.callee) ?? "");
    const [only, more] = call?.args ?? [];
    if (!call || !twin || call.hasSplat || !only || more || call.keywords.size > 0 || facts.isTest) return undefined;
    const evidence = handfulEvidence(only, twin, facts, 0);
    if (!evidence || isCompiled(node, facts)) return undefined;
    return { at: call.callee, construct: node, evidence, weight: weightAt(node, facts), call, twin, only };
  },

  message({ call: { callee }, only, twin, evidence }) {
    const given = excerpt(only.text.replace(/\s+/g, " "), 40);
    const taken = evidence === "fair" ? ", taken for a few numbers," : "";
    return `\`${excerpt(callee.text, 30)}\` makes an array of \`${given}\`${taken} only to reduce it; \`${twin}\` takes the numbers as they are.`;
  },

  fix({ call, twin, only, evidence }, file) {
    const { facts } = file;
    if (hasComments(call.callee)) return declined("a comment would be lost");
    const [module, name] = twin.includes(".") ? twin.split(".") : [undefined, twin];
    if (twin === "math.prod" && !facts.hasPython("3.8")) return declined("`math.prod` is there from Python 3.8 on");
    const doubts = [
      evidence === "fair" && `\`${excerpt(only.text, 30)}\` must hold plain numbers`,
      "the result is a number of Python, not of NumPy",
      /^(max|min|statistics\.median)$/.test(twin) && "NaN is treated in another way",
      twin === "math.prod" && "a product too large for 64 bits no longer wraps around",
      twin === "statistics.fmean" && "last digits may differ",
    ];
    if (module === undefined) {
      if (!facts.isBuiltin(name!, call.node)) return declined(`\`${name}\` means something else here`);
      return fixOf(`Use ${name}`, doubts, [replace(call.callee, name!), ...bareItems(only, name!)]);
    }
    const imported = importModule(file, module, call.node);
    if (!imported) return declined(`\`${module}\` cannot be imported here`);
    return fixOf(`Use ${twin}`, doubts, [...imported.edits, replace(call.callee, `${imported.name}.${name}`)]);
  },
});

/** `max(a, b)` takes the items as they are, without a list around them. */
function bareItems(only: Node, name: string): readonly Edit[] {
  const isWritten = only.kind === "list" || only.kind === "tuple";
  if (!/^(?:max|min)$/.test(name) || !isWritten || only.children.length < 2 || hasComments(only)) return [];
  return [replace(only, only.text.slice(1, -1).replace(/,\s*$/, "").trim())];
}

/** A shape, or a few numbers in a tuple or list. */
function handfulEvidence(expression: Node, twin: string, facts: Facts, depth: number): Evidence | undefined {
  const node = unwrap(expression);
  if (node.kind === "list" || node.kind === "tuple") return ofItems(itemsOf(node), twin, facts);
  if (isShape(node)) return "strong";
  if (node.kind !== "identifier" && node.kind !== "attribute") return undefined;
  const value = depth < 3 ? facts.valueOf(node) : undefined;
  if (value) return isGrown(node, facts) ? undefined : handfulEvidence(value, twin, facts, depth + 1);
  const known = facts.typed(node);
  if (known && !/^(tuple|list|torch\.Size)$/.test(known.type.name)) return undefined;
  return twin === "math.prod" && /^(?:\w+_)?shape$/.test(lastName(node)) ? "fair" : undefined;
}

function ofItems(items: readonly Node[], twin: string, facts: Facts): Evidence | undefined {
  if (items.length === 0 || items.length > FEW) return undefined;
  const all = items.map((it) => itemEvidence(it, facts));
  // A number among them shows that the others are no arrays, or the result would be one of a kind NumPy refuses.
  const known = all.filter((it) => it !== undefined && it !== "unknown");
  if (all.includes(undefined) || known.length === 0) return undefined;
  return known.length === all.length
    ? weakest(...(all as Evidence[]))
    : twin === "any" || twin === "all"
      ? undefined
      : "fair";
}

/** `unknown`: it may be a number. Undefined: it is none. */
function itemEvidence(item: Node, facts: Facts): Evidence | "unknown" | undefined {
  const node = unwrap(item);
  if (isConstant(node)) return node.kind === "string" || node.kind === "none" ? undefined : "proof";
  const known = facts.typed(node);
  if (known) return isNumber(known.type) && !/complex/.test(known.type.name) ? known.evidence : undefined;
  // `x.shape[0]`
  const part = asSubscript(node);
  if (part && isShape(part.value) && part.indices[0]?.kind !== "slice") return "strong";
  return /^(identifier|attribute|binary_operator|unary_operator|call|subscript)$/.test(node.kind) &&
    !facts.likeness(node)
    ? "unknown"
    : undefined;
}

/** `x.shape`, `x.shape[1:]`, `x.size()`. */
function isShape(node: Node): boolean {
  const part = asSubscript(node);
  if (part) return part.indices.length === 1 && part.indices[0]!.kind === "slice" && isShape(unwrap(part.value));
  const sized = asMethodCall(node, "size");
  if (sized) return sized.args.length === 0;
  return asAttribute(node)?.name === "shape";
}

/** Something is added to the list after it was made. */
function isGrown(node: Node, facts: Facts): boolean {
  return (facts.placeOf(node)?.uses ?? []).some(
    (it) => it.kind === "method" || it.kind === "subscript-store" || it.kind === "augmented",
  );
}

/** In a constructor and outside of loops it takes a microsecond once. */
function weightAt(node: Node, facts: Facts): Weight {
  if (facts.loopAround(node)) return turnTakesLong(node, facts) ? "light" : facts.weightOf(node);
  const weight = facts.weightOf(node);
  const around = functionAround(node)?.field("name")?.text ?? "";
  return weight === "heavy"
    ? weight
    : /^(__init__|build|setup|setUp|main|__post_init__|get_config)$/.test(around)
      ? "light"
      : weight;
}
