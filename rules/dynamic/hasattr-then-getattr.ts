/** An attribute that is asked for with `hasattr` and then read, where `getattr` takes a default. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asConditional,
  asIf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  isConstant,
  nameAtRoot,
  onlyStatement,
  replace,
  textValue,
  unwrap,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Twice extends Match {
  readonly whole: Node;
  readonly object: Node;
  readonly name: Node;
  readonly fallback: Node;
  /** `x = ` of the statements that it takes the place of. */
  readonly target: string;
}

export default defineRule({
  title: "Attribute asked for twice",
  why: "hasattr reads the attribute to see whether it is there, and the line behind reads it again. getattr with a default does it once, and has the name in one place.",
  guide: "introspection",
  level: "hint",
  gain: "clarity",
  words: ["hasattr"],
  fixes: "review",

  examples: [
    {
      before: `
def name_of(function) -> str:
    return function.__name__ if hasattr(function, "__name__") else "unknown"
`,
      after: `
def name_of(function) -> str:
    return getattr(function, "__name__", "unknown")
`,
    },
  ],

  on: ["conditional_expression", "if_statement"],

  find(node, { facts }): Twice | undefined {
    if (facts.isTest) return undefined;
    const either = asConditional(node);
    if (either) return twice(node, either.condition, either.then, either.otherwise, "", facts);
    const test = asIf(node);
    if (!test?.orElse || test.elifs.length > 0) return undefined;
    const [then, otherwise] = [onlyStatement(test.body), onlyStatement(test.orElse)];
    if (!then || !otherwise) return undefined;
    if (then.kind === "return_statement" && otherwise.kind === "return_statement")
      return then.children[0] && otherwise.children[0]
        ? twice(node, test.condition, then.children[0], otherwise.children[0], "return ", facts)
        : undefined;
    const [a, b] = [asAssignment(then), asAssignment(otherwise)];
    const [target, more] = a?.targets ?? [];
    if (!a?.value || !b?.value || !target || more || a.annotation || b.annotation) return undefined;
    if (b.targets.length !== 1 || b.targets[0]!.text !== target.text) return undefined;
    return twice(node, test.condition, a.value, b.value, `${target.text} = `, facts);
  },

  message: ({ object, name, fallback }) =>
    `\`getattr(${excerpt(object.text, 30)}, ${excerpt(name.text, 30)}, ${excerpt(fallback.text, 20)})\` asks once and says the same.`,

  fix({ whole, object, name, fallback, target }, { facts }) {
    if (hasComments(whole)) return declined("a comment would be lost");
    if (!facts.isBuiltin("getattr", whole)) return declined("getattr means something else here");
    return fixOf(
      "Use getattr() with a default",
      ["a property runs once instead of twice"],
      [replace(whole, `${target}getattr(${object.text}, ${name.text}, ${fallback.text})`)],
    );
  },
});

function twice(
  whole: Node,
  condition: Node,
  then: Node,
  otherwise: Node,
  target: string,
  facts: Facts,
): Twice | undefined {
  let test = unwrap(condition);
  let [there, missing] = [unwrap(then), unwrap(otherwise)];
  if (test.kind === "not_operator") {
    test = unwrap(test.field("argument") ?? test);
    [there, missing] = [missing, there];
  }
  const call = asCall(test);
  if (call?.callee.text !== "hasattr" || call.args.length !== 2) return undefined;
  const [object, name] = [unwrap(call.args[0]!), unwrap(call.args[1]!)];
  if (!nameAtRoot(object) || object.descendants("call").length > 0) return undefined;
  const attribute = asAttribute(there);
  const read = asCall(there);
  const isRead =
    (attribute && attribute.object.text === object.text && attribute.name === textValue(name)) ||
    (read?.callee.text === "getattr" &&
      read.args.length === 2 &&
      read.args[0]!.text === object.text &&
      read.args[1]!.text === name.text);
  // getattr works its default out in any case.
  const isCheap = isConstant(missing) || missing.kind === "identifier" || /^(?:\[\]|\{\}|\(\))$/.test(missing.text);
  if (!isRead || !isCheap || !facts.isBuiltin("hasattr", whole)) return undefined;
  return {
    at: test,
    evidence: "proof",
    weight: "unknown",
    construct: whole,
    whole,
    object,
    name,
    fallback: missing,
    target,
  };
}
