/** `name in ("only")`: parentheses without a comma make no tuple, so parts of the text are found too. */

import {
  asComparison,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  replace,
  textValue,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Parentheses that make no tuple",
  why: "Without a comma the parentheses are only parentheses: the test asks whether one text is part of the other, and every piece of it, even the empty text, passes.",
  guide: "data-structures",
  level: "warning",
  differs: { light: "kept", unknown: "kept" },
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
def is_admin(name: str) -> bool:
    return name in ("administrator")
`,
      after: `
def is_admin(name: str) -> bool:
    return name in ("administrator",)
`,
    },
  ],

  on: ["comparison_operator"],

  find(node) {
    const test = asComparison(node);
    if (!test || (test.operator !== "in" && test.operator !== "not in")) return undefined;
    if (test.right.kind !== "parenthesized_expression" && test.right.parent?.kind !== "parenthesized_expression")
      return undefined;
    const inner = test.right.kind === "parenthesized_expression" ? test.right.children[0] : test.right;
    if (inner?.kind !== "string") return undefined;
    const value = textValue(inner);
    // One sign, or a text to look for signs or words in.
    if (value === undefined || !/^[\w.-]{2,}$/.test(value) || isSigns(value) || isSign(test.left.text))
      return undefined;
    return { at: inner.parent!, evidence: "strong", value, inner, left: test.left };
  },

  message: ({ left, inner }) =>
    `\`(${excerpt(inner.text, 30)})\` is a text and no tuple: any part of it passes as \`${excerpt(left.text, 30)}\`; add a comma.`,

  fix({ at, inner }) {
    if (hasComments(inner.parent!)) return declined("a comment would be lost");
    return fixOf(
      "Make it a tuple",
      ["parts of the text no longer pass"],
      [replace({ tree: at.tree, start: inner.end, end: inner.end }, ",")],
    );
  },
});

/** `"aeiou"`, `"0123456789"`, `"ACGT"`. */
function isSigns(value: string): boolean {
  return (
    new Set(value).size === value.length &&
    (/^(?:[aeiouy]+|\d+|[A-Z]{2,6}|[^aeiou]+|[a-z]{2})$/.test(value) || value.length > 12)
  );
}

function isSign(left: string): boolean {
  return /^(?:c|ch|char|character|letter|sign|digit|base|symbol|s|x|k|key_char|mode)$|\[-?\w+\]$/.test(left);
}
