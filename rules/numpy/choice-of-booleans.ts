/** Finds `np.random.choice([True, False], p=[p, 1 - p])`, which is `np.random.random() < p`. */

import {
  argumentOf,
  asBinary,
  asCall,
  asComparison,
  asMethodCall,
  bindingStrength,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isConstant,
  itemsOf,
  nameGiven,
  replace,
  textIn,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Truth values drawn from a list",
  why: "choice makes arrays of the list and of its probabilities, checks and sums them and searches for a place in them, for every call. A random number compared with the probability gives the same truth value, and needs none of that.",
  guide: "numpy",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy"],
  overrides: ["numpy/legacy-random"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np

def clicks(rng: np.random.Generator, count: int, rate: float) -> np.ndarray:
    return rng.choice([True, False], size=count, p=[rate, 1 - rate])
`,
      after: `
import numpy as np

def clicks(rng: np.random.Generator, count: int, rate: float) -> np.ndarray:
    return rng.random(count) < rate
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.random.choice"],
  methods: ["choice"],

  find(node, { facts }) {
    const call = asCall(node);
    const choices = call?.args[0] && unwrap(call.args[0]);
    const items = call && !call.hasSplat && choices && !facts.isTest ? twoOf(choices, facts) : undefined;
    if (!call || !items || (!items.isTruth && !isTakenForTruth(node, facts))) return undefined;
    const { isTrueFirst } = items;
    // Without putting back, there are but two of them.
    if (argumentOf(call, "replace", 2)?.text === "False") return undefined;
    const evidence = drawEvidence(call, facts);
    if (!evidence) return undefined;
    const given = argumentOf(call, "p", 3);
    const probability = given ? probabilityOf(given, isTrueFirst) : "0.5";
    return {
      at: call.callee,
      construct: node,
      evidence,
      weight: facts.weightOf(node),
      call,
      probability,
      isTruth: items.isTruth,
      size: argumentOf(call, "size", 1),
    };
  },

  message: ({ call, probability }) =>
    `\`${excerpt(call.callee.text, 30)}\` makes arrays of two truth values and their probabilities for each draw; a random number \`< ${excerpt(probability ?? "p", 30)}\` says the same.`,

  fix({ call, probability, size, isTruth, evidence }, { facts }) {
    if (!isTruth) return declined("it gives a number, which is taken for a truth value further on");
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (probability === undefined) return declined("the probabilities are not written as one and the rest");
    const receiver = call.callee.field("object");
    if (!receiver) return declined("`choice` is imported by its own name");
    // An old RandomState has no random() before NumPy 1.17.
    const draw = `${receiver.text}.random(${size && size.text !== "None" ? size.text : ""}) < ${probability}`;
    const parent = call.node.parent;
    const isAlone = [
      "return_statement",
      "assignment",
      "argument_list",
      "keyword_argument",
      "if_statement",
      "parenthesized_expression",
    ].includes(parent?.kind ?? "");
    return fixOf(
      "Compare a random number",
      [
        "other numbers are drawn from the same seed",
        "a wrong probability no longer raises an error",
        evidence === "fair" && `\`${excerpt(receiver.text, 30)}\` must be a random generator of NumPy`,
        size === undefined && !facts.isA(receiver, "numpy.random.Generator") && "the result may be a plain truth value",
      ],
      [replace(call.node, isAlone ? draw : `(${draw})`)],
    );
  },
});

/** `[True, False]`, or 0 and 1: `[0, 1]`, `np.arange(2)`, `2`. */
function twoOf(choices: Node, facts: Facts): { readonly isTrueFirst: boolean; readonly isTruth: boolean } | undefined {
  if (choices.kind !== "list" && choices.kind !== "tuple") {
    const call = asCall(choices);
    const isCounted = call !== undefined && facts.nameOf(call.callee) === "numpy.arange";
    const bounds = (isCounted ? call.args : [choices]).map((it) => it.text).join();
    return bounds === "2" || (isCounted && bounds === "0,2") ? { isTrueFirst: false, isTruth: false } : undefined;
  }
  const words = itemsOf(choices)
    .map((it) => it.text)
    .join();
  const isTruth = words === "True,False" || words === "False,True";
  return isTruth || words === "1,0" || words === "0,1" ? { isTrueFirst: /^[T1]/.test(words), isTruth } : undefined;
}

/** `bool(choice(2))`, `if choice(2):`, `choice(2) == 1`, also by a name. */
function isTakenForTruth(value: Node, facts: Facts): boolean {
  const use = useOf(value);
  if (use.kind === "tested") return true;
  if (use.kind === "argument") return facts.nameOf(asCall(use.call)!.callee) === "builtins.bool";
  if (use.kind === "compared") {
    const test = asComparison(use.in);
    return test?.operator === "==" && /^[01]$/.test(test.right.text);
  }
  const target = use.kind === "assigned" || value.parent?.kind === "assignment" ? nameGiven(value) : undefined;
  const reads = target ? facts.readsSeeing(target) : [];
  return reads.length > 0 && reads.every((it) => useOf(it).kind !== "assigned" && isTakenForTruth(it, facts));
}

/** NumPy's own function, or a generator of NumPy by its type or name; `random.choice` takes no probabilities. */
function drawEvidence(call: Call, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(call.callee);
  if (name !== undefined) return name === "numpy.random.choice" ? "proof" : undefined;
  const method = asMethodCall(call.node, "choice");
  if (!method) return undefined;
  const known = facts.typed(method.object);
  if (known)
    return /^numpy\.random\.(Generator|RandomState|mtrand\.RandomState)$/.test(known.type.name)
      ? known.evidence
      : undefined;
  const isSized = call.keywords.has("p") || call.keywords.has("size");
  return isSized || /(^|[._])(rng|R|random_state|rs|prng|np_random)$/.test(method.object.text) ? "fair" : undefined;
}

/** `p` of `[p, 1 - p]`; undefined where the second is not the rest. */
function probabilityOf(given: Node, isTrueFirst: boolean): string | undefined {
  const node = unwrap(given);
  const items = node.kind === "list" || node.kind === "tuple" ? itemsOf(node) : [];
  const [first, second, third] = items;
  if (!first || !second || third) return undefined;
  const [wanted, other] = isTrueFirst ? [first, second] : [second, first];
  const isRest = (rest: Node, of: Node) => {
    const binary = asBinary(unwrap(rest));
    return (
      binary?.operator === "-" && /^1(\.0*)?$/.test(binary.left.text) && unwrap(binary.right).text === unwrap(of).text
    );
  };
  const isSum =
    isConstant(wanted) && isConstant(other) && Math.abs(Number(wanted.text) + Number(other.text) - 1) < 1e-9;
  return isSum || isRest(other, wanted) || isRest(wanted, other)
    ? textIn(wanted, Math.max(bindingStrength(wanted), 6))
    : undefined;
}
