/** A pattern with backslashes in a plain string: Python reads them before `re` does. */

import {
  asString,
  declined,
  defineRule,
  excerpt,
  fixOf,
  patternText,
  REGEX_CALLS,
  regexCall,
  replace,
  type Node,
} from "../../analysis/authoring.js";

/** Escapes that Python knows and turns into a sign which means itself in a pattern too. */
const SAME = /^(?:[ntrfva'"]|x|u)/;
const NO_ESCAPE = /^[^\\'"abfnrtvxuUN0-7\r\n]/;

export default defineRule({
  title: "Pattern in a string that is not raw",
  why: 'Without the r in front Python reads the backslashes first: "\\b" is a backspace and no word boundary, "\\1" a control character and no group, and "\\d" works by luck alone: since Python 3.12 such unknown escapes give a SyntaxWarning, and later they will be errors.',
  guide: "regex",
  level: "warning",
  gain: "safety",
  overrides: ["strings/unicode-digit"],
  overlaps: ["W605", "RUF039"],
  unlike:
    "escapes that mean a sign are left alone, and one that Python reads as a backspace is told apart from one that only looks odd",
  fixes: "safe",

  examples: [
    {
      before: `
import re

def numbers(text: str) -> list[str]:
    return re.findall("\\d+", text)
`,
      after: `
import re

def numbers(text: str) -> list[str]:
    return re.findall(r"\\d+", text)
`,
    },
  ],

  on: ["call"],
  calls: REGEX_CALLS,

  find(_node, { facts }, call) {
    const use = regexCall(call, facts);
    // A sign and the backspace behind it: what was struck over is taken out.
    if (!use || use.literal?.text.slice(1, -1) === ".\\b") return undefined;
    const found = [
      ...(use.literal?.isInside(call.node) ? literalsOf(use.literal, "pattern") : []),
      ...(use.replacement ? literalsOf(use.replacement, "replacement") : []),
    ];
    return found.map(({ node, escape, isDoubled, isPattern }) => ({
      at: node,
      // It is right as it is, and hard to read.
      weight: isDoubled ? ("light" as const) : ("heavy" as const),
      escape,
      isPattern,
      isVerbose: use.flags === undefined || use.flags.includes("x") || /\(\?[a-zA-Z]*x/.test(use.literal?.text ?? ""),
    }));
  },

  message: ({ at, escape }) =>
    escape === "\\b"
      ? `\`\\b\` is a backspace here; \`r${shown(at)}\` makes it the word boundary that is meant.`
      : /^\\[0-7]/.test(escape)
        ? `\`${escape}\` is a control character here; \`r${shown(at)}\` makes it the group that is meant.`
        : escape === "\\\\"
          ? `In a raw string (\`r"…"\`) this pattern needs no doubled backslashes.`
          : `\`${escape}\` is no escape of Python's, which warns of it from 3.12 on; \`r${shown(at)}\` says what is meant.`,

  fix({ at, escape, isPattern, isVerbose }) {
    const literal = asString(at)!;
    const [open, close] = [at.children[0]!, at.lastChild!];
    const source = at.tree.text.slice(open.end, close.start);
    const isMistaken = escape === "\\b" || /^\\[0-7]/.test(escape);
    const signs = signsOf(source);
    if (isVerbose && signs.some((it) => /[\s#]/.test(it)))
      return declined("white space counts for nothing in this pattern");
    if (/\\(?:\r?\n|[NU])/.test(source)) return declined("it has escapes that only Python knows");
    if (isPattern && signs.some((it) => SPECIAL.test(it)))
      return declined("an escape stands for a sign that has a meaning in patterns");
    if (
      /(?<!\\)(?:\\\\)*\\(?:[1-7][0-7]|[0-7]{3})/.test(source) ||
      (!isPattern && /(?<!\\)(?:\\\\)*\\[xu]/.test(source))
    )
      return declined("`re` reads one of its escapes otherwise than Python");
    const raw = source.replace(/\\([\s\S])/g, (whole, sign: string) => (sign === "\\" ? "\\" : whole));
    // What a doubled backslash leaves must not join with what follows, nor end the string.
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(raw) || raw.includes(literal.quote))
      return declined("a raw string cannot hold it");
    const text = `r${open.text.replace(/^[uU]/, "")}${raw}${close.text}`;
    const isSame = literal.isBytes
      ? !/\\[abfnrtvxu0-7'"]/.test(source.replaceAll("\\\\", ""))
      : raw === patternText(at);
    return fixOf(
      "Make it a raw string",
      [
        isMistaken && `\`${escape}\` then means what it looks like, so that other texts match`,
        !isMistaken && !isSame && "the pattern has another text, which matches the same",
      ],
      [replace(at, text)],
    );
  },
});

const shown = (literal: { readonly tree: Node["tree"]; readonly start: number; readonly end: number }): string =>
  excerpt(literal.tree.text.slice(literal.start, literal.end).replace(/\s+/g, " "), 50);

interface Found {
  readonly node: Node;
  readonly escape: string;
  readonly isDoubled: boolean;
  /** A replacement otherwise. */
  readonly isPattern: boolean;
}

/** What has a meaning in a pattern, or between brackets in one. */
const SPECIAL = /[.^$*+?{}[\]\\|()&~-]/;

/** The signs that Python makes of the escapes it knows. */
function signsOf(source: string): readonly string[] {
  const plain: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v" };
  return [...source.matchAll(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|([0-7]{1,3})|([\s\S]))/g)].flatMap(
    ([, byte, point, octal, letter]) => {
      if (letter !== undefined) return plain[letter] ?? [];
      return String.fromCodePoint(octal === undefined ? parseInt((byte ?? point)!, 16) : parseInt(octal, 8));
    },
  );
}

/** The string literals of a pattern that should be raw, with the escape that shows it best. */
function literalsOf(value: Node, place: "pattern" | "replacement"): readonly Found[] {
  const literals = value.kind === "concatenated_string" ? value.children : [value];
  return literals.flatMap((node): readonly Found[] => {
    const literal = asString(node);
    if (!literal || literal.isRaw || literal.isFormatted || !node.text.includes("\\")) return [];
    const escapes: readonly string[] = literal.parts.join("").match(/\\(?:[0-7]{1,3}|[\s\S])/g) ?? [];
    const mistaken = escapes.find((it) => /^\\[1-9]$/.test(it) || (place === "pattern" && it === "\\b"));
    const unknown = escapes.find((it) => NO_ESCAPE.test(it.slice(1)));
    if (mistaken ?? unknown)
      return [{ node, escape: (mistaken ?? unknown)!, isDoubled: false, isPattern: place === "pattern" }];
    const isDoubled =
      place === "pattern" && escapes.includes("\\\\") && escapes.every((it) => it === "\\\\" || SAME.test(it.slice(1)));
    return isDoubled ? [{ node, escape: "\\\\", isDoubled, isPattern: true }] : [];
  });
}
