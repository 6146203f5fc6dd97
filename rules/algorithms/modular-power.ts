/** `pow(a, b) % m` of whole numbers: the whole power is worked out for the sake of its remainder. */

import {
  asBinary,
  asCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isCompiled,
  isConstant,
  ownCodeDoubt,
  replace,
  unwrap,
  wrapped,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** Powers up to this are no large numbers. */
const SMALL = 8;

export default defineRule({
  title: "Whole power for the sake of its remainder",
  why: "The power has as many digits as the exponent demands, and all of them are multiplied out before the remainder throws most of them away. pow with three arguments takes the remainder in every step, so that no number grows beyond the modulus.",
  guide: "complexity",
  level: "warning",
  gain: "time",
  fixes: "safe",

  examples: [
    {
      before: `
def fingerprint(base: int, letters: list[str]) -> int:
    return base ** len(letters) % 1_000_003
`,
      after: `
def fingerprint(base: int, letters: list[str]) -> int:
    return pow(base, len(letters), 1_000_003)
`,
    },
  ],

  on: ["binary_operator"],

  find(node, { facts }) {
    if (!node.hasToken("%")) return undefined;
    const rest = asBinary(node);
    if (rest?.operator !== "%") return undefined;
    const power = powerOf(unwrap(rest.left), facts);
    if (!power || facts.isTest || isCompiled(node, facts)) return undefined;
    const { base, exponent } = power;
    const size = integerOf(exponent);
    if ((size !== undefined && size <= SMALL) || (isConstant(base) && isConstant(exponent))) return undefined;
    // The sign that goes up and down.
    if (integerOf(base) === -1 || (isConstant(unwrap(rest.right)) && integerOf(rest.right) === undefined))
      return undefined;
    const evidence = evidenceOf([base, exponent, rest.right], power.isCall, facts);
    if (!evidence || (asBinary(exponent)?.operator ?? "") === "%") return undefined;
    return {
      at: node,
      evidence,
      weight: facts.weightOf(node) === "light" ? "light" : size === undefined ? "heavy" : "unknown",
      base,
      exponent,
      modulus: unwrap(rest.right),
    };
  },

  message: ({ base, exponent, modulus, evidence }) =>
    `The whole power is worked out before its remainder is taken; \`pow(${[base, exponent, modulus].map((it) => excerpt(it.text, 20)).join(", ")})\` keeps it small${evidence === "fair" ? ", if all are whole numbers" : ""}.`,

  fix({ at, base, exponent, modulus }, { facts }) {
    if (hasComments(at)) return declined("a comment would be lost");
    if (!facts.isBuiltin("pow", at)) return declined("`pow` means something else here");
    const all = [base, exponent, modulus];
    const zero = integerOf(modulus);
    // `return(a ** b % m)`: the parentheses part the word from the name.
    const isGlued = /\w/.test(at.tree.text[wrapped(at).start - 1] ?? "");
    return fixOf(
      "Use pow with three arguments",
      [
        !all.every((it) => isWhole(it, facts)) && "all three must be whole numbers",
        ARRAYS.some((it) => facts.view.imports(it)) &&
          !all.every((it) => isMadeHere(it, facts)) &&
          "a number of NumPy raises TypeError",
        !isCount(exponent, facts) && "a negative exponent gives the inverse, or an error",
        (zero === undefined || zero === 0) && "a modulus of zero is another error",
        all.map((it) => ownCodeDoubt(it, facts)).find((it) => it !== undefined),
      ],
      [replace(isGlued ? at : wrapped(at), `pow(${all.map((it) => it.text).join(", ")})`)],
    );
  },
});

/** `a ** b`, `pow(a, b)`. */
function powerOf(
  node: Node,
  facts: Facts,
): { readonly base: Node; readonly exponent: Node; readonly isCall: boolean } | undefined {
  const binary = asBinary(node);
  if (binary)
    return binary.operator === "**"
      ? { base: unwrap(binary.left), exponent: unwrap(binary.right), isCall: false }
      : undefined;
  const call = asCall(node);
  const [base, exponent, more] = call?.args ?? [];
  if (!call || !base || !exponent || more || call.hasSplat || call.keywords.size > 0) return undefined;
  return facts.nameOf(call.callee) === "builtins.pow"
    ? { base: unwrap(base), exponent: unwrap(exponent), isCall: true }
    : undefined;
}

const isWhole = (node: Node, facts: Facts): boolean =>
  integerOf(node) !== undefined || facts.typeOf(node)?.name === "int";

/** A number of Python for certain: one of NumPy is what an `int` of a parameter may be. */
function isMadeHere(node: Node, facts: Facts): boolean {
  const value = node.kind === "identifier" ? facts.valueOf(node) : node;
  if (!value || integerOf(value) !== undefined) return value !== undefined;
  return /^builtins\.(?:int|len|ord)$/.test(facts.nameOf(asCall(value)?.callee ?? value) ?? "");
}

const ARRAYS = ["numpy", "torch", "tensorflow", "jax", "pandas", "sympy", "polars"];

/** Whole numbers, as far as is known; fractions, arrays and symbols have remainders too. */
function evidenceOf(all: readonly Node[], isCall: boolean, facts: Facts): Evidence | undefined {
  const types = all.map((it) =>
    integerOf(it) === undefined ? facts.typed(it) : ({ type: { name: "int" }, evidence: "proof" } as const),
  );
  if (types.some((it) => it && it.type.name !== "int" && it.type.name !== "bool")) return undefined;
  const open = all.filter((_, index) => types[index] === undefined);
  if (open.length === 0)
    return types.some((it) => it!.evidence === "fair")
      ? "fair"
      : types.some((it) => it!.evidence === "strong")
        ? "strong"
        : "proof";
  const written = all.filter((it) => integerOf(it) !== undefined).length;
  if (ARRAYS.some((it) => facts.view.imports(it))) return undefined;
  return isCall || open.length < all.length - written ? "fair" : undefined;
}

/** Not negative for certain. */
function isCount(exponent: Node, facts: Facts): boolean {
  const number = integerOf(exponent);
  if (number !== undefined) return number >= 0;
  const call = asCall(exponent);
  return call !== undefined && /^builtins\.(len|abs|ord)$/.test(facts.nameOf(call.callee) ?? "");
}
