/** Finds `x.flatten()` whose result is only read, where `x.ravel()` copies nothing. */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isNewArray,
  isOnlyRead,
  mayBeView,
  replace,
  unwrap,
  useOf,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Array copied only to be read as one row",
  why: "flatten() copies all elements into new memory, always. ravel() gives the same row of numbers as a view of the memory that is there, and only copies where the elements do not lie one after the other.",
  guide: "numpy",
  level: "info",
  differs: { light: "off" },
  gain: "memory",
  imports: ["numpy"],
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np

def weighted(image: np.ndarray, weights: np.ndarray) -> float:
    return float(image.flatten() @ weights)
`,
      after: `
import numpy as np

def weighted(image: np.ndarray, weights: np.ndarray) -> float:
    return float(image.ravel() @ weights)
`,
    },
  ],

  on: ["call"],
  methods: ["flatten"],

  find(node, { facts }) {
    const call = asMethodCall(node, "flatten");
    if (!call || call.hasSplat || call.keywords.size > 0 || call.args.length > 1 || facts.isTest) return undefined;
    // The numbers of what was turned lie in another order, so that ravel() copies them too.
    if (/\.(T|transpose\([^()]*\)|swapaxes\([^()]*\))$/.test(call.object.text.slice(-80))) return undefined;
    const evidence = arrayEvidence(call.object, facts);
    if (!evidence) return undefined;
    const isFresh = isNewArray(call.object, facts);
    if (!isFresh && isOnlyRead(node, facts) !== "yes" && !isGivenToReader(node, facts)) return undefined;
    return {
      at: call.node.field("function")!.field("attribute")!,
      construct: node,
      evidence,
      weight: facts.weightOf(node),
      call,
      isFresh,
    };
  },

  message: ({ call, isFresh, evidence }) => {
    const shown = /^[\w.]{1,40}$/.test(call.object.text) ? `\`${call.object.text}\`` : "the array";
    if (isFresh) return `\`flatten()\` copies an array that was made just for it; \`ravel()\` takes it as it is.`;
    return `\`flatten()\` copies ${shown}${evidence === "fair" ? ", taken for an array," : ""} and the copy is only read; \`ravel()\` copies nothing.`;
  },

  fix({ call, isFresh, evidence, at }, { facts }) {
    if (hasComments(at)) return declined("a comment would be lost");
    const use = useOf(call.node);
    const isAtOnce = isFresh || isReadAtOnce(call.node, facts);
    const isKept = isFresh && use.kind !== "assigned" && isOnlyRead(call.node, facts) !== "yes";
    return fixOf(
      "Use ravel",
      [
        !facts.isA(call.object, "numpy.ndarray") &&
          evidence !== "proof" &&
          `\`${excerpt(call.object.text, 30)}\` must be an array`,
        // A class derived from the array may be one of them.
        facts.fileMatches(/\bdef (flatten|ravel)\b/) && "a class of this file has a `flatten` or `ravel` of its own",
        !isAtOnce && "the array must not change while the row is read",
        isKept && "the row does not own its memory, so that its length cannot be changed in place",
        isFresh && use.kind === "assigned" && "the row shares its memory with the array it is made of",
      ],
      [replace(at, "ravel")],
    );
  },
});

/** What is read there and then cannot have changed meanwhile, unless what stands behind it changes the array. */
function isReadAtOnce(row: Node, facts: Facts, depth = 5): boolean {
  const use = useOf(row);
  const call = asCall(use.call);
  const name = call && facts.nameOf(call.callee);
  const later = ["call", "await", "yield", "named_expression"] as const;
  const isBetween = (it: Node) => it.start >= row.end && (it.kind !== "call" || facts.isPure(it) !== "yes");
  if (depth === 0 || later.some((it) => use.in.descendants(it).some(isBetween))) return false;
  switch (use.kind) {
    case "subscript":
    case "attribute":
      return isReadAtOnce(use.in, facts, depth - 1);
    case "method":
      return !mayBeView(use, facts) || isReadAtOnce(use.in, facts, depth - 1);
    case "argument":
      // Some tests and all plots keep what they are given.
      if (call?.keywords.has("key") || isGivenToReader(row, facts)) return /^sklearn\.[a-z_.]+$/.test(name ?? "");
      return !mayBeView(use, facts) || isReadAtOnce(call!.node, facts, depth - 1);
    case "operand":
      return !/^(boolean_operator|conditional_expression)$/.test(use.in.kind) || isReadAtOnce(use.in, facts, depth - 1);
    default:
      return use.kind === "compared";
  }
}

/** Statistics, metrics and plots look at what they are given. */
function isGivenToReader(node: Node, facts: Facts): boolean {
  const use = useOf(node);
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return call !== undefined && /^(sklearn\.metrics|scipy\.stats|matplotlib)\./.test(facts.nameOf(call.callee) ?? "");
}

/** By its type, or by how it was had: `frame.to_numpy()`, `tensor.cpu().numpy()`. */
function arrayEvidence(object: Node, facts: Facts): Evidence | undefined {
  const taken = facts.takenFor(object, "array", "strong");
  if (taken) return taken;
  const node = unwrap(object);
  const method = asMethodCall(node, "to_numpy", "numpy", "toarray", "todense");
  if (method && facts.nameOf(asCall(node)!.callee) === undefined)
    return method.method === "todense" ? undefined : "strong";
  return undefined;
}
