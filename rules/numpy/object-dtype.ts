/** Finds arrays of numbers that are made with `dtype=object`, and rows of different lengths made into an array. */

import {
  argumentOf,
  arrayShape,
  asCall,
  asMethodCall,
  defineRule,
  elementOf,
  excerpt,
  isConstant,
  isNumber,
  itemsOf,
  textValue,
  unwrap,
  useOf,
  type Evidence,
  type Facts,
  type Maybe,
  type Node,
} from "../../analysis/authoring.js";

const OF_ITEMS = new Set(["numpy.array", "numpy.asarray", "numpy.asanyarray"]);
const OF_NUMBERS = new Set(["numpy.arange", "numpy.linspace", "numpy.ones"]);

export default defineRule({
  title: "Numbers kept as objects in an array",
  why: "An array of objects holds references: each number is an object of Python somewhere else, and arithmetic calls a method for each of them. It is slower than a list, and most functions of NumPy do not take it.",
  guide: "numpy",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy"],

  examples: [
    {
      before: `
import numpy as np

def total(prices: list[float]) -> float:
    values = np.array(prices, dtype=object)
    return (values * 2).sum()
`,
      after: `
import numpy as np

def total(prices: list[float]) -> float:
    values = np.array(prices)
    return (values * 2).sum()
`,
    },
  ],

  on: ["call"],
  calls: [...OF_ITEMS, ...OF_NUMBERS],
  methods: ["astype"],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || facts.isTest) return undefined;
    const name = facts.nameOf(call.callee);
    const cast = name === undefined ? asMethodCall(node, "astype") : undefined;
    const at = argumentOf(call, "dtype", cast ? 0 : name === "numpy.arange" || name === "numpy.linspace" ? 9 : 1);
    const rows = name !== undefined && OF_ITEMS.has(name) ? raggedRows(call.args[0]) : undefined;
    const shared = { construct: node, weight: facts.weightOf(node), isRagged: rows !== undefined };
    if (rows && (!at || isObject(at, facts))) return { at: rows, evidence: "proof", given: rows, ...shared };
    if (!at || !isObject(at, facts)) return undefined;
    const given = cast ? cast.object : call.args[0];
    const evidence =
      given &&
      (cast
        ? castEvidence(given, facts)
        : name !== undefined && OF_NUMBERS.has(name)
          ? "proof"
          : numbersEvidence(given, facts));
    if (!evidence || holdsMore(node, facts) || facts.fileMatches(BIG)) return undefined;
    return { at, evidence, given: given!, ...shared };
  },

  message({ given, isRagged }) {
    const shown = excerpt(given.text.replace(/\s+/g, " "), 40);
    return isRagged
      ? `\`${shown}\` has rows of different lengths: an array of them holds lists, or raises an error; fill them up to one length, or keep a list.`
      : `\`${shown}\` holds numbers, and \`dtype=object\` keeps each as an object of Python; a type of numbers lets NumPy compute with them.`;
  },
});

/** Whole numbers without a limit and exact fractions are kept as objects on purpose. */
const BIG = /\b(Fraction|Decimal|gmpy2|mpmath|sympy|factorial|None)\b/;

function isObject(dtype: Node, facts: Facts): boolean {
  const text = textValue(dtype);
  if (text !== undefined) return text === "object" || text === "O";
  return /^(builtins\.object|numpy\.object_?)$/.test(facts.nameOf(dtype) ?? "");
}

/** `[[1, 2], [3]]`, written out. */
function raggedRows(given: Node | undefined): Node | undefined {
  const list = given && unwrap(given);
  if (list?.kind !== "list") return undefined;
  const rows = itemsOf(list).map(unwrap);
  if (
    rows.length < 2 ||
    !rows.every((it) => (it.kind === "list" || it.kind === "tuple") && itemsOf(it).every(isNumeral))
  )
    return undefined;
  return new Set(rows.map((it) => itemsOf(it).length)).size > 1 ? list : undefined;
}

function isNumeral(node: Node): boolean {
  return isConstant(node) && /^[-+]?[\d.]/.test(node.text);
}

/** A list of numbers by its type, or written out. */
function numbersEvidence(given: Node, facts: Facts): Evidence | undefined {
  const node = unwrap(given);
  if (node.kind === "list" || node.kind === "tuple")
    return itemsOf(node).length > 0 && itemsOf(node).every(isNumeral) ? "proof" : undefined;
  const known = facts.typed(node);
  const element = elementOf(known?.type);
  return known && /^(list|tuple|range)$/.test(known.type.name) && isPlainNumber(element) ? known.evidence : undefined;
}

function isPlainNumber(type: Maybe): boolean {
  return type !== undefined && isNumber(type) && /^(int|float)$/.test(type.name);
}

/** An array that is known to hold numbers. */
function castEvidence(array: Node, facts: Facts): Evidence | undefined {
  const { holds } = arrayShape(array, facts);
  return holds === "int" || holds === "float" ? "proof" : undefined;
}

/** Something else is put into it afterwards, or it goes where objects may be wanted. */
function holdsMore(node: Node, facts: Facts): boolean {
  const use = useOf(node);
  if (use.kind === "argument" || use.kind === "returned" || use.kind === "element") return true;
  if (use.kind !== "assigned") return false;
  const target = node.parent?.field("left");
  if (target?.kind !== "identifier") return true;
  return facts.usesOf(target).some((it) => /store|argument|returned|element|assigned|yielded/.test(it.kind));
}
