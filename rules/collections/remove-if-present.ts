/** `if x in items: items.remove(x)` for a set. */

import {
  asComparison,
  asIf,
  asMethodCall,
  declined,
  defineRule,
  equalityDoubt,
  excerpt,
  expressionOf,
  fixOf,
  hasComments,
  onlyStatement,
  noneDoubt,
  ownCodeDoubt,
  replace,
  rereadDoubt,
  unwrap,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Set asked before an item is removed",
  why: "The item is hashed and looked up twice. discard removes it if it is there and does nothing if not, in one look.",
  guide: "data-structures",
  level: "hint",
  gain: "clarity",
  overlaps: ["FURB132"],
  unlike: "sets that the object itself keeps count beside local ones",
  fixes: "safe",

  examples: [
    {
      before: `
def forget(name: str) -> set[str]:
    names = {"a", "b"}
    if name in names:
        names.remove(name)
    return names
`,
      after: `
def forget(name: str) -> set[str]:
    names = {"a", "b"}
    names.discard(name)
    return names
`,
    },
  ],

  on: ["if_statement"],
  values: { if_statement: ["comparison_operator", "parenthesized_expression"] },

  find(node, { facts }) {
    const choice = asIf(node);
    const test = choice && asComparison(unwrap(choice.condition));
    if (test?.operator !== "in" || node.field("alternative")) return undefined;
    const only = onlyStatement(node.field("consequence"));
    const call = only && asMethodCall(expressionOf(only), "remove");
    const [item, more] = call?.args ?? [];
    if (!call || !item || more || item.text !== test.left.text || call.object.text !== test.right.text)
      return undefined;
    if (!/^(?:identifier|attribute|string|integer)$/.test(unwrap(item).kind)) return undefined;
    const known = facts.typed(call.object, "fair");
    if (known?.type.name !== "set") return undefined;
    return {
      at: call.methodNode,
      construct: node,
      evidence: known.evidence,
      weight: "heavy",
      call,
      item,
      isProof: known.evidence === "proof",
    };
  },

  message: ({ call, item }) =>
    `\`${excerpt(call.object.text, 40)}\` is asked for \`${excerpt(item.text, 30)}\` before it is removed; \`discard\` does both.`,

  fix({ construct, call, item, isProof }, { facts }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    return fixOf(
      "Use discard()",
      [
        !isProof && `\`${excerpt(call.object.text, 40)}\` must be a set`,
        ownCodeDoubt(call.object, facts),
        isProof && noneDoubt(call.object, facts),
        ownCodeDoubt(item, facts) ?? equalityDoubt(facts),
        rereadDoubt(call.object, facts) ?? rereadDoubt(item, facts),
      ],
      [replace(construct, `${call.object.text}.discard(${item.text})`)],
    );
  },
});
