/** A function that chooses what to make, and makes nothing for a kind it does not know. */

import {
  asCall,
  branchOf,
  declined,
  defineRule,
  equalityTests,
  excerpt,
  fixOf,
  indentOf,
  insertAfter,
  previousStatement,
  asFunction,
  functionAround,
  statementsOf,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Factory that gives None for an unknown kind",
  why: "For a kind that no branch knows the function ends and gives None. The error then comes up far away, as an attribute that None does not have, and says nothing of the kind that was misspelt. An exception at the end of the function does.",
  guide: "pattern-factory",
  level: "hint",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
class Circle:
    pass

class Square:
    pass

def make_shape(kind: str):
    if kind == "circle":
        return Circle()
    elif kind == "square":
        return Square()
`,
      after: `
class Circle:
    pass

class Square:
    pass

def make_shape(kind: str):
    if kind == "circle":
        return Circle()
    elif kind == "square":
        return Square()
    raise ValueError(f"unknown kind: {kind!r}")
`,
    },
  ],

  on: ["if_statement"],

  find(node, { facts }) {
    // The last thing that the function does; the tests above it are those of its chain.
    if (node.nextSibling || node.parent?.parent?.kind !== "function_definition" || facts.isTest) return undefined;
    const def = asFunction(functionAround(node));
    if (!def || node.parent !== def.body) return undefined;
    if (def.returns && /None|Optional/.test(def.returns.text)) return undefined;
    if (/\bNone\b/.test(documentation(def))) return undefined;
    const tests = equalityTests(node);
    // An `else` is outside of the region.
    if (!tests || tests.arms.length < 2 || tests.region.end !== node.end) return undefined;
    const { condition } = tests.arms[0]!;
    const above = previousStatement(condition.parent!);
    if (above?.kind === "if_statement" && equalityTests(above)?.subject.text === tests.subject.text) return undefined;
    // A member of an enumeration that asks which one it is.
    if (tests.subject.text === def.parameters[0]?.name && facts.classOf(def.outer)) return undefined;
    const made = tests.arms.filter((it) => isMaking(it.key, it.body));
    if (made.length < 2 || made.length < tests.arms.length) return undefined;
    const isNamed = /(?:^|_)(?:get|make|create|build|load|new|from|factory|select|choose|init)(?:_|$)/i.test(def.name);
    return {
      at: def.nameNode,
      evidence: "strong",
      // Who calls a private function brings what is known.
      weight: isInner(def) ? "light" : isNamed ? "heavy" : "unknown",
      related: [{ at: condition, message: "the choice starts here" }],
      last: node,
      def,
      subject: tests.subject,
    };
  },

  message: ({ def, subject }) =>
    `\`${excerpt(def.name, 50)}\` gives None where no branch knows \`${excerpt(subject.text, 40)}\`; raise a ValueError that names it.`,

  fix({ last, subject }) {
    if (!/^[\w.]+$/.test(subject.text)) return declined("what is compared is no plain name");
    const what = subject.text.slice(subject.text.lastIndexOf(".") + 1).replaceAll("_", " ");
    return fixOf(
      "Raise a ValueError",
      ["callers that test for None get an exception instead"],
      [insertAfter(last, `\n${indentOf(last)}raise ValueError(f"unknown ${what}: {${subject.text}!r}")`)],
    );
  },
});

/** `return Circle(…)`: something is made by calling a class. */
function isMaking(key: Node, body: Node): boolean {
  const branch = branchOf(key, body);
  const isReturn = branch?.statement.kind === "return_statement";
  const value = isReturn ? branch.statement.children[0] : undefined;
  const callee = asCall(value)?.callee.text ?? "";
  return isReturn && /(?:^|\.)_*[A-Z]\w*$/.test(callee);
}

const isInner = ({ name, outer }: FunctionDef): boolean =>
  name.startsWith("_") || outer.ancestor("function_definition") !== undefined;

function documentation({ body }: FunctionDef): string {
  const first = statementsOf(body)[0];
  return first?.kind === "expression_statement" && first.children[0]?.kind === "string" ? first.text : "";
}
