/** Finds `row = x[2:5]` with `row += 1` below, where `x` is an array that the caller gave and does not get back. */

import {
  asAssignment,
  asFunction,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  insertAfter,
  isCompiled,
  unwrap,
  useOf,
  weakest,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const IN_PLACE = /^(fill|sort|partition|put|resize|itemset|byteswap)$/;
/** Names under which an array is given to be filled. */
const MEANT =
  /^(out|output|outputs|buf|buffer|dst|dest|destination|target|result|results|res|self|workspace|scratch|canvas|grid|board|state)$|_(out|buf|buffer|output|inplace)$|^(out|buf)_/;

export default defineRule({
  title: "View of the caller's array written to",
  why: "A slice of an array is a view: it shares its memory. Writing to it writes to the array that the caller passed, who sees changed data although the function looks as if it worked on a part of its own.",
  guide: "numpy",
  level: "hint",
  gain: "safety",
  imports: ["numpy"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def recent(prices: np.ndarray, count: int) -> float:
    part = prices[-count:]
    part -= part.mean()
    return float(part.std())
`,
      after: `
import numpy as np

def recent(prices: np.ndarray, count: int) -> float:
    part = prices[-count:].copy()
    part -= part.mean()
    return float(part.std())
`,
    },
  ],

  on: ["assignment"],

  find(node, { facts }) {
    const assignment = asAssignment(node);
    const [target, more] = assignment?.targets ?? [];
    const value = assignment?.value && unwrap(assignment.value);
    if (
      !assignment ||
      !target ||
      more ||
      target.kind !== "identifier" ||
      !value ||
      value.kind !== "subscript" ||
      facts.isTest
    )
      return undefined;
    const part = asSubscript(value);
    const base = part && unwrap(part.value);
    if (
      !part ||
      base?.kind !== "identifier" ||
      !part.indices.some((it) => it.kind === "slice" || it.kind === "ellipsis")
    )
      return undefined;
    if (!part.indices.every(isBasic)) return undefined;
    const def = asFunction(functionAround(node));
    if (!def?.parameters.some((it) => it.name === base.text) || MEANT.test(base.text) || MEANT.test(target.text))
      return undefined;
    // Called for what it changes.
    if (
      /(^|_)(inplace|fill|update|set|write|apply|normali[sz]e_|draw|paint|swap|sort|shuffle|init|reset)(_|$)|_$/.test(
        def.name,
      )
    )
      return undefined;
    // Where one way through the function leaves the parameter as it was given, that one writes to it.
    const sites = facts.reachingSites(base);
    if (!sites.some((it) => it.kind === "parameter")) return undefined;
    const taken = facts.takenFor(base, "array");
    const evidence = sites.length === 1 ? taken : weakest(taken, "fair");
    const write = evidence && writeTo(target, facts);
    if (
      !evidence ||
      !write ||
      !answersElse(def, base, base.text === target.text, facts) ||
      saysSo(def) ||
      isCompiled(node, facts)
    )
      return undefined;
    return {
      at: value,
      construct: node,
      evidence,
      weight: facts.weightOf(node),
      value,
      base,
      target,
      related: [{ at: write, message: "It is written to here." }],
    };
  },

  message({ value, base, target, evidence }) {
    const array = evidence === "fair" ? "what the caller passed, if that is an array" : "the caller's array";
    const isSame = base.text === target.text;
    const name = isSame ? excerpt(value.text.replace(/\s+/g, " "), 40) : excerpt(target.text, 30);
    return `\`${name}\` is a view${isSame ? "" : ` of \`${excerpt(base.text, 30)}\``}: writing to it changes ${array}; a copy would be its own.`;
  },

  fix({ value }) {
    if (hasComments(value)) return declined("a comment would be lost");
    return fixOf("Copy the part", ["the array that was passed no longer changes"], [insertAfter(value, ".copy()")]);
  },
});

/** Slices and whole numbers give views; arrays and lists of places give copies. */
function isBasic(index: Node): boolean {
  const node = unwrap(index);
  return (
    node.kind === "slice" ||
    node.kind === "integer" ||
    /\bnewaxis$/.test(node.text) ||
    node.kind === "ellipsis" ||
    node.kind === "none" ||
    node.kind === "unary_operator"
  );
}

/** Where what a name was given here is changed in place. */
function writeTo(target: Node, facts: Facts): Node | undefined {
  return facts.readsSeeing(target).find((read) => {
    const use = useOf(read);
    if (use.kind === "subscript-store" || use.kind === "augmented") return true;
    if (use.kind === "method") return IN_PLACE.test(use.name ?? "");
    return use.kind === "argument" && use.name === "out";
  });
}

/** It gives back something, and not the array itself or a tuple with it. */
function answersElse({ body }: FunctionDef, base: Node, isSame: boolean, facts: Facts): boolean {
  const returned = body.descendants("return_statement").flatMap((it) => it.children.slice(0, 1));
  const answers = returned.filter((it) => it.kind !== "none");
  if (isSame) return answers.length > 0;
  return (
    answers.length > 0 &&
    !answers.some(
      (it) =>
        it.text === base.text ||
        it.descendants("identifier").some((name) => name.text === base.text && useOf(name).kind === "element"),
    ) &&
    facts.readsOf(base, body).every((it) => !/store|augmented/.test(useOf(it).kind))
  );
}

/** Its docstring says so. */
function saysSo({ body }: FunctionDef): boolean {
  const first = body.firstChild;
  const text = first?.kind === "expression_statement" ? first.children[0] : undefined;
  return text?.kind === "string" && /in[- ]?place|modif|overwrit|mutat|updates?\b/i.test(text.text.slice(0, 3000));
}
