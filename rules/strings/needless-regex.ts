/** A pattern in which every sign means itself: a method of str does the same. */

import {
  asComparison,
  asConditional,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  lastName,
  parsePattern,
  patternText,
  REGEX_CALLS,
  regexCall,
  replace,
  replacedDoubt,
  textDoubts,
  textIn,
  textValue,
  useOf,
  wrapped,
  type Evidence,
  type Facts,
  type Node,
  type Part,
  type RegexCall,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Pattern without anything special in it",
  why: "A pattern in which every sign means itself is a plain text. `in`, startswith, replace and split look for that without a pattern, several times faster, and nobody has to look whether something in it is special.",
  guide: "regex",
  level: "info",
  gain: "time",
  overlaps: ["RUF055"],
  unlike: "escaped signs, a count and `split` with `maxsplit` count too, and patterns of bytes are left alone",
  overrides: ["strings/regex-in-loop"],
  fixes: "safe",

  examples: [
    {
      before: `
import re

def spaced(text: str) -> str:
    return re.sub("_", " ", text)
`,
      after: `
import re

def spaced(text: str) -> str:
    return text.replace("_", " ")
`,
    },
  ],

  on: ["call"],
  calls: REGEX_CALLS.filter((it) => !/compile|finditer|subn|findall/.test(it)),

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const use = regexCall(call, facts);
    if (!use?.literal?.isInside(node) || !use.pattern || use.flags !== "" || !use.subject) return undefined;
    // A text that stands there is there to show how patterns work.
    if (textValue(use.subject) !== undefined) return undefined;
    if (!/^(?:[^\\.^$*+?{}[\]|()]|\\[^\w])+$|^\^/.test(use.pattern)) return undefined;
    const pattern = parsePattern(use.pattern);
    const plain = pattern && plainText(pattern.root, pattern.alphabet);
    if (!plain) return undefined;
    const instead = insteadOf(use, plain, facts);
    if (!instead) return undefined;
    const named = use.does === "sub" ? use.replacement : undefined;
    const evidence: Evidence = named && !patternText(named) && !facts.typed(named) ? "fair" : "proof";
    return { at: call.callee, construct: node, evidence, weight: weightIn(node, facts), use, ...instead };
  },

  message: ({ shown, use }) =>
    `Every sign of ${excerpt(use.given.text.replace(/\s+/g, " "), 40)} means itself: \`${excerpt(shown, 80)}\` does the same without a pattern.`,

  fix({ use, replaced, text }, { facts }) {
    if (hasComments(replaced)) return declined("a comment would be lost");
    if (text.includes("\n")) return declined("it goes over several lines");
    if (/\w$/.test(text) && /^\w/.test(replaced.tree.text.slice(replaced.end)))
      return declined("a word stands right behind it");
    return fixOf(
      "Use a method of str",
      [
        ...textDoubts(use.subject!, facts),
        ...(use.replacement && isNamedText(use.replacement, facts)
          ? [
              facts.typeOf(use.replacement)?.name !== "str" &&
                `\`${excerpt(use.replacement.text, 30)}\` must be a text`,
              `backslashes in \`${excerpt(use.replacement.text, 30)}\` stay as they are`,
            ]
          : []),
        replacedDoubt(`re.${use.does}`, facts),
      ],
      [replace(replaced, text)],
    );
  },
});

/** A pattern that is looked up once, or a few times, costs next to nothing. */
function weightIn(node: Node, facts: Facts): Weight {
  const weight = facts.weightOf(node);
  return weight === "heavy" && !facts.loopAround(node) ? "unknown" : weight;
}

interface Plain {
  readonly text: string;
  readonly isAtStart: boolean;
}

function plainText(root: Part, alphabet: readonly number[]): Plain | undefined {
  const parts = root.kind === "sequence" ? root.parts : [root];
  const isAtStart = parts[0]?.kind === "place" && parts[0].place === "start";
  const signs = parts.slice(isAtStart ? 1 : 0).map((it) => {
    const place = it.kind === "sign" ? alphabet.findIndex((_, index) => it.signs === 1n << BigInt(index)) : -1;
    return place < 0 || (it.kind === "sign" && it.text.startsWith("["))
      ? undefined
      : String.fromCodePoint(alphabet[place]!);
  });
  return signs.length > 0 && signs.every((it) => it !== undefined) ? { text: signs.join(""), isAtStart } : undefined;
}

interface Instead {
  readonly replaced: Node;
  readonly text: string;
  readonly shown: string;
}

/** What does the same; undefined where the match itself is wanted. */
function insteadOf(use: RegexCall, { text, isAtStart }: Plain, facts: Facts): Instead | undefined {
  const { call, does } = use;
  const wanted = literalText(use, text);
  const subject = textIn(use.subject!, ATOM);
  if (does === "sub" || does === "split") {
    if (isAtStart) return undefined;
    const template = does === "sub" ? replacementText(use, facts) : undefined;
    if (does === "sub" && template === undefined) return undefined;
    const given = does === "sub" ? `${wanted}, ${template}` : wanted;
    const count = call.args[does === "sub" ? 3 : 2] ?? call.keywords.get(does === "sub" ? "count" : "maxsplit");
    // For re 0 means all, for str -1 does.
    if (count && (integerOf(count) ?? 0) < 1) return undefined;
    const shown = `${subject}.${does === "sub" ? "replace" : "split"}(${given}${count ? `, ${count.text}` : ""})`;
    return { replaced: call.node, text: shown, shown };
  }
  const test = testAround(call.node);
  if (!test) return undefined;
  const { replaced, isNegated } = test;
  if (does === "search" && !isAtStart) {
    const shown = `${wanted} ${isNegated ? "not in" : "in"} ${textIn(use.subject!, 6)}`;
    return { replaced, text: inPlace(replaced, shown), shown };
  }
  if (does === "fullmatch" && !isAtStart) {
    const shown = `${subject} ${isNegated ? "!=" : "=="} ${wanted}`;
    return { replaced, text: inPlace(replaced, shown), shown };
  }
  if (does !== "match" && !isAtStart) return undefined;
  const shown = `${isNegated ? "not " : ""}${subject}.startswith(${wanted})`;
  return { replaced, text: isNegated ? inPlace(replaced, shown) : shown, shown };
}

/** A comparison in parentheses where something around binds tighter. */
function inPlace(replaced: Node, text: string): string {
  const isLoose = wrapped(replaced) === replaced && TIGHTER.has(replaced.parent?.kind ?? "");
  return isLoose ? `(${text})` : text;
}

const TIGHTER = new Set(["comparison_operator", "binary_operator", "unary_operator", "attribute", "subscript"]);

/** As it is written where it has no escapes, else anew. */
function literalText(use: RegexCall, text: string): string {
  const { literal, pattern } = use;
  if (text === pattern && !literal!.text.includes("\\") && /^[rR]?["']/.test(literal!.text))
    return literal!.text.replace(/^[rR]/, "");
  return quoted(text);
}

/** In the quotes that need no escapes; where both do, in double ones. */
function quoted(text: string): string {
  const written = JSON.stringify(text).replace(/\u007f/g, "\\x7f");
  return text.includes('"') && !text.includes("'") ? `'${written.slice(1, -1).replaceAll('\\"', '"')}'` : written;
}

/** A template without groups or escapes of its own, or a name for a text. */
function replacementText({ replacement }: RegexCall, facts: Facts): string | undefined {
  if (replacement && isNamedText(replacement, facts)) return replacement.text;
  const text = replacement && patternText(replacement);
  if (text === undefined || text.includes("\\")) return undefined;
  return replacement!.text.includes("\\") ? quoted(text) : replacement!.text.replace(/^[rR](?=["'])/, "");
}

/** Something with a name that is a text, as far as can be told; a function that makes the replacement is none. */
function isNamedText(replacement: Node, facts: Facts): boolean {
  if (!/^(?:identifier|attribute)$/.test(replacement.kind)) return false;
  const typed = facts.typed(replacement, "fair");
  if (typed) return typed.type.name === "str";
  return (
    facts.nameOf(replacement) === undefined && TEXTS.test(lastName(replacement)) && !MAKERS.test(lastName(replacement))
  );
}
const MAKERS = /^_?(?:by|to|as|get|make|format|replace)_/i;
const TEXTS = /(?:^|_)(?:name|path|text|title|label|word|string|url|value|prefix|suffix)s?$/i;

/** `if re.search(…)`, `re.search(…) is None`, `not …`: only whether there is a match is asked. */
function testAround(call: Node): { replaced: Node; isNegated: boolean } | undefined {
  const outer = wrapped(call).parent;
  const comparison = asComparison(outer);
  if (
    comparison &&
    outer &&
    wrapped(comparison.left).isInside(outer) &&
    comparison.right.kind === "none" &&
    /^is(?: not)?$/.test(comparison.operator)
  )
    return { replaced: outer, isNegated: comparison.operator === "is" };
  if (outer?.kind === "not_operator") return { replaced: outer, isNegated: true };
  if (outer?.kind === "call" && outer.field("function")?.text === "bool") return { replaced: outer, isNegated: false };
  return isTested(call) ? { replaced: call, isNegated: false } : undefined;
}

/** A condition, also as a part of one. */
function isTested(node: Node): boolean {
  let inner = wrapped(node);
  while (inner.parent?.kind === "boolean_operator" || inner.parent?.kind === "not_operator")
    inner = wrapped(inner.parent);
  return asConditional(inner.parent)?.condition === inner || useOf(inner).kind === "tested";
}
