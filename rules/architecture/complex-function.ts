/** A function with more branches than can be kept in mind, by two measures. */

import { defineRule, excerpt, kindSet, type FunctionDef, type Kind, type Node } from "../../analysis/authoring.js";

/** How much cognitive complexity goes with one of McCabe's ways: the tools that use these measures speak at 10 and 15 by default, here it is a little more. */
const COGNITIVE_PER_WAY = 5 / 3;

export default defineRule({
  title: "Function with many branches",
  why: "Every branch is another way through the function, to be thought of at each change and to be tested. Parts that have a purpose of their own become functions with a name, which can be read and tested alone.",
  guide: "code-metrics",
  level: "hint",
  gain: "clarity",
  overlaps: ["C901"],
  leftToRuff: true,
  unlike: "two measures have to be exceeded, so that a plain list of cases is not reported, and both numbers are told",

  examples: [
    {
      before: `
def name_of(number: int, short: bool = False) -> str:
    if number == 0 and not short:
        return "zero"
    if number == 1 and not short:
        return "one"
    if number == 2 and not short:
        return "two"
    if number == 3 and not short:
        return "three"
    if number == 4 and not short:
        return "four"
    if number == 5 and not short:
        return "five"
    if number == 6 and not short:
        return "six"
    if number == 7 and not short:
        return "seven"
    if number == 8 and not short:
        return "eight"
    if number == 9 and not short:
        return "nine"
    if number == 10 and not short:
        return "ten"
    if number == 11 and not short:
        return "eleven"
    if number == 12 and not short:
        return "twelve"
    if number == 13 and not short:
        return "thirteen"
    if number == 14 and not short:
        return "fourteen"
    if number == 15 and not short:
        return "fifteen"
    if number == 16 and not short:
        return "sixteen"
    return "many"
`,
      after: `
NAMES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()

def name_of(number: int, short: bool = False) -> str:
    return NAMES[number] if 0 <= number < len(NAMES) and not short else "many"
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }, def) {
    // Nearly all functions are turned away here.
    if (!def || facts.isTest || def.body.count(WAY) < facts.maxComplexity) return undefined;
    // Functions inside are ways too, and are all looked at again for each function around them: not where nothing branches.
    if (facts.maxComplexity > 0 && def.body.count(BREAK) === 0) return undefined;
    const mccabe = mccabeOf(def.body);
    if (mccabe <= facts.maxComplexity) return undefined;
    const cognitive = cognitiveOf(def);
    if (cognitive <= facts.maxComplexity * COGNITIVE_PER_WAY) return undefined;
    return { at: def.nameNode, evidence: "proof", weight: "light", name: def.name, mccabe, cognitive };
  },

  message: ({ name, mccabe, cognitive }) =>
    `\`${excerpt(name, 50)}\` has a cyclomatic complexity of ${mccabe} (McCabe) and a cognitive complexity of ${cognitive}; take parts out as functions.`,
});

/** Each is one way more. */
const WAY = kindSet(
  "if_statement",
  "elif_clause",
  "for_statement",
  "while_statement",
  "except_clause",
  "case_clause",
  "function_definition",
);

/** One, and one more for each `if`, `elif`, loop, handler and case; a function inside adds all of its own. */
function mccabeOf(body: Node): number {
  const defaults = body.descendants("case_clause").filter((it) => /^case\s+_\s*:/.test(it.text));
  return 1 + body.count(WAY) - defaults.length;
}

const NESTING: ReadonlySet<Kind> = new Set<Kind>([
  "if_statement",
  "for_statement",
  "while_statement",
  "except_clause",
  "match_statement",
  "conditional_expression",
]);
const FLAT: ReadonlySet<Kind> = new Set<Kind>(["elif_clause", "else_clause"]);
/** What is inside stands one level deeper, and they are no break themselves. */
const DEEPER: ReadonlySet<Kind> = new Set<Kind>(["lambda", "function_definition"]);
const COUNTED: readonly Kind[] = [...NESTING, ...FLAT, ...DEEPER, "boolean_operator"];

/** Without any of these the cognitive complexity is one at most. */
const BREAK = kindSet(...NESTING, ...FLAT, "boolean_operator");

/** As published by SonarSource: what breaks the flow below, and one if the function calls itself. */
function cognitiveOf({ body, name }: FunctionDef): number {
  const callsItself = body.identifiers(name).some((it) => isCallOfItself(it));
  return breaksIn(body) + (callsItself ? 1 : 0);
}

/** `walk(…)`, or `self.walk(…)` in a method. */
function isCallOfItself(name: Node): boolean {
  const { parent } = name;
  if (parent?.kind === "call") return parent.field("function") === name;
  return (
    parent?.kind === "attribute" &&
    /^(?:self|cls)$/.test(parent.field("object")?.text ?? "") &&
    parent.parent?.kind === "call" &&
    parent.parent.field("function") === parent
  );
}

/**
 * One for each break in the flow, and one more for each level it stands in; `elif`, `else` and each run of equal boolean operators count one;
 * functions inside go one level deeper.
 */
function breaksIn(body: Node): number {
  let sum = 0;
  /** Those around the present one that lead one level deeper. */
  const around: Node[] = [];
  for (const it of body.descendants(...COUNTED)) {
    while (around.length > 0 && !it.isInside(around.at(-1)!)) around.pop();
    const isNesting = NESTING.has(it.kind);
    if (isNesting) sum += 1 + around.length;
    else if (FLAT.has(it.kind) && it.parent?.kind !== "try_statement") sum += 1;
    else if (it.kind === "boolean_operator" && !isSameOperator(it)) sum += 1;
    if (isNesting || DEEPER.has(it.kind)) around.push(it);
  }
  return sum;
}

const isSameOperator = (node: Node): boolean => {
  let { parent } = node;
  while (parent?.kind === "parenthesized_expression") parent = parent.parent;
  return parent?.kind === "boolean_operator" && operatorOf(parent) === operatorOf(node);
};

const operatorOf = (node: Node): string => (node.hasToken("and") ? "and" : node.hasToken("or") ? "or" : "");
