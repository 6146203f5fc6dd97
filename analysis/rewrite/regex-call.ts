/** Calls of the module `re` and of patterns that it compiled: the pattern as Python reads it, its flags, and the text that is searched. */

import type { Facts } from "../semantics/facts.js";
import { asAttribute, asBinary, asCall, unwrap, type Call } from "../syntax/expressions.js";
import { asString } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";

/** A call that searches by a pattern, or compiles one. */
export interface RegexCall {
  readonly call: Call;
  /** `search`, `compile` … */
  readonly does: string;
  /** The method of a compiled pattern, not a function of `re`. */
  readonly isMethod: boolean;
  /** What stands in the place of the pattern; the compiled pattern for a method. */
  readonly given: Node;
  /** The string literals of the pattern, and what they are worth; undefined where they are not known. */
  readonly literal: Node | undefined;
  readonly pattern: string | undefined;
  /** One letter for each flag, as `(?i)` has them; undefined where they are not known. */
  readonly flags: string | undefined;
  /** What is searched. */
  readonly subject: Node | undefined;
  /** What is put in the place of a match. */
  readonly replacement: Node | undefined;
}

/** Where each function takes its text and its flags, the pattern in front. */
const FUNCTIONS: Readonly<Record<string, { subject?: number; flags: number }>> = {
  compile: { flags: 1 },
  search: { subject: 1, flags: 2 },
  match: { subject: 1, flags: 2 },
  fullmatch: { subject: 1, flags: 2 },
  findall: { subject: 1, flags: 2 },
  finditer: { subject: 1, flags: 2 },
  split: { subject: 1, flags: 3 },
  sub: { subject: 2, flags: 4 },
  subn: { subject: 2, flags: 4 },
};

/** The functions of `re` that take a pattern, as a rule's `calls`. */
export const REGEX_CALLS: readonly string[] = Object.keys(FUNCTIONS).map((it) => `re.${it}`);
/** The methods of a compiled pattern, as a rule's `methods`. */
export const REGEX_METHODS: readonly string[] = Object.keys(FUNCTIONS).filter((it) => it !== "compile");

/** A call of a function of `re`; undefined for anything else, and with `*args`. */
export function regexCall(call: Call, facts: Facts): RegexCall | undefined {
  const name = facts.nameOf(call.callee);
  const does = name?.startsWith("re.") ? name.slice(3) : "";
  const places = Object.hasOwn(FUNCTIONS, does) ? FUNCTIONS[does]! : undefined;
  const given = call.args[0] ?? call.keywords.get("pattern");
  if (!places || !given || call.hasSplat) return undefined;
  const literal = literalOf(given, facts);
  const flags = call.args[places.flags] ?? call.keywords.get("flags");
  return {
    call,
    does,
    isMethod: false,
    given,
    literal,
    pattern: literal && patternText(literal),
    flags: flags ? flagsOf(flags, facts) : "",
    subject: places.subject === undefined ? undefined : (call.args[places.subject] ?? call.keywords.get("string")),
    replacement: does.startsWith("sub") ? (call.args[1] ?? call.keywords.get("repl")) : undefined,
  };
}

/** A method of what `re.compile` gave, or of what is known for a compiled pattern. */
export function regexMethod(call: Call, facts: Facts): RegexCall | undefined {
  const callee = asAttribute(call.callee);
  if (!callee || call.hasSplat || !REGEX_METHODS.includes(callee.name)) return undefined;
  const compiling = asCall(facts.valueOf(callee.object) ?? unwrap(callee.object));
  const compiled =
    compiling && facts.nameOf(compiling.callee) === "re.compile" ? regexCall(compiling, facts) : undefined;
  if (!compiled && facts.typed(callee.object, "strong")?.type.name !== "re.Pattern") return undefined;
  const isReplacing = callee.name.startsWith("sub");
  return {
    call,
    does: callee.name,
    isMethod: true,
    given: callee.object,
    literal: compiled?.literal,
    pattern: compiled?.pattern,
    flags: compiled?.flags,
    subject: call.args[isReplacing ? 1 : 0] ?? call.keywords.get("string"),
    replacement: isReplacing ? (call.args[0] ?? call.keywords.get("repl")) : undefined,
  };
}

/** The pattern itself, or what the name stands for. */
function literalOf(given: Node, facts: Facts): Node | undefined {
  const node = unwrap(given);
  if (isLiteral(node)) return node;
  const value = node.kind === "identifier" ? facts.valueOf(node) : undefined;
  return value && isLiteral(unwrap(value)) ? unwrap(value) : undefined;
}

const isLiteral = (node: Node): boolean => node.kind === "string" || node.kind === "concatenated_string";

const FLAGS: Readonly<Record<string, string>> = {
  A: "a",
  ASCII: "a",
  I: "i",
  IGNORECASE: "i",
  M: "m",
  MULTILINE: "m",
  S: "s",
  DOTALL: "s",
  U: "u",
  UNICODE: "u",
  X: "x",
  VERBOSE: "x",
  NOFLAG: "",
};

/** `re.I | re.M` as letters. */
function flagsOf(value: Node, facts: Facts, depth = 6): string | undefined {
  const node = unwrap(value);
  if (node.text === "0") return "";
  const either = asBinary(node);
  if (either) {
    if (either.operator !== "|" || depth === 0) return undefined;
    const [left, right] = [either.left, either.right].map((it) => flagsOf(it, facts, depth - 1));
    return left === undefined || right === undefined ? undefined : left + right;
  }
  const name = facts.nameOf(node) ?? "";
  return name.startsWith("re.") ? FLAGS[name.slice(name.lastIndexOf(".") + 1)] : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** The text of string literals, where a backslash before a sign without a meaning of its own stays, as Python keeps it. Undefined for bytes, f-strings and rare escapes. */
export function patternText(node: Node): string | undefined {
  const inner = unwrap(node);
  if (inner.kind === "concatenated_string") {
    const values = inner.children.map(patternText);
    return values.every((it) => it !== undefined) ? values.join("") : undefined;
  }
  const literal = asString(inner);
  if (!literal || literal.isBytes || literal.isFormatted) return undefined;
  const source = literal.parts.join("");
  if (literal.isRaw) return source;
  let known = true;
  const value = source.replace(
    /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|([0-7]{1,3})|([\s\S]))/g,
    (whole, two?: string, four?: string, octal?: string, sign?: string) => {
      if (two ?? four) return String.fromCharCode(parseInt((two ?? four)!, 16));
      if (octal) return String.fromCharCode(parseInt(octal, 8));
      if (sign === "N" || sign === "U" || sign === "x" || sign === "u" || sign === "\r") known = false;
      return ESCAPES[sign!] ?? whole;
    },
  );
  return known ? value : undefined;
}

/** Where a stretch of the pattern stands in the source; undefined where the literal is not written as it reads. */
export function spanInPattern(
  literal: Node,
  start: number,
  end: number,
): { tree: Node["tree"]; start: number; end: number } | undefined {
  const it = asString(literal);
  if (!it || (!it.isRaw && literal.text.includes("\\")) || literal.text.includes("\r")) return undefined;
  const from = literal.children[0]!.end;
  return { tree: literal.tree, start: from + start, end: from + end };
}
