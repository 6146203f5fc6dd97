/** A typed view on string literals: prefix, quotes, the value where it is constant, the pieces of an f-string. */

import { unwrap } from "./expressions.js";
import type { Node } from "./tree.js";

/** View of one `{…}` in an f-string. */
export interface Interpolation {
  readonly node: Node;
  readonly expression: Node;
  /** `r`, `s` or `a` after `!`. */
  readonly conversion: string | undefined;
  /** Without the colon; undefined if there is none. */
  readonly format: string | undefined;
  /** `{x=}`: shows the expression's own text too. */
  readonly isDebug: boolean;
  /** The format itself holds fields. */
  readonly isNested: boolean;
}

/** View of a string literal: its prefix, its quotes and its parts. */
export interface StringLiteral {
  readonly node: Node;
  /** Lower case, e.g. "", "f", "rb". */
  readonly prefix: string;
  readonly quote: `"` | `'` | `"""` | `'''`;
  readonly isBytes: boolean;
  readonly isFormatted: boolean;
  readonly isRaw: boolean;
  /** Source text and interpolations in order; source text is as written, escapes and doubled braces included. */
  readonly parts: readonly (string | Interpolation)[];
}

/** One string literal, f-strings and bytes included; joined literals are none. */
export function asString(node: Node | undefined): StringLiteral | undefined {
  if (node?.kind !== "string" || node.isBroken) return undefined;
  const [open, close] = [node.children[0], node.lastChild];
  const match = /^([a-zA-Z]*)("""|'''|"|')$/.exec(open?.text ?? "");
  if (!open || !close || close.kind !== "string_end" || !match) return undefined;
  const prefix = match[1]!.toLowerCase();
  // The token that ends `r"\\"` has the backslashes too.
  const end = close.end - match[2]!.length;

  const parts: (string | Interpolation)[] = [];
  let at = open.end;
  for (const child of node.children.slice(1, -1)) {
    if (child.kind !== "interpolation") continue;
    const expression = child.field("expression");
    if (!expression) return undefined;
    if (child.start > at) parts.push(node.tree.text.slice(at, child.start));
    const format = child.field("format_specifier");
    parts.push({
      node: child,
      expression,
      conversion: child.field("type_conversion")?.text.slice(1),
      format: format?.text.slice(1),
      isDebug: child.hasToken("="),
      isNested: (format?.children.length ?? 0) > 0,
    });
    at = child.end;
  }
  if (end > at) parts.push(node.tree.text.slice(at, end));
  return {
    node,
    prefix,
    quote: match[2] as StringLiteral["quote"],
    isBytes: prefix.includes("b"),
    isFormatted: prefix.includes("f") || prefix.includes("t"),
    isRaw: prefix.includes("r"),
    parts,
  };
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

/** The value of a constant text (implicitly joined literals too). Undefined for bytes, f-strings and escapes beyond the usual ones. */
export function textValue(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  const inner = unwrap(node);
  if (inner.kind === "concatenated_string") {
    const values = inner.children.map(textValue);
    return values.every((it) => it !== undefined) ? values.join("") : undefined;
  }
  const literal = asString(inner);
  if (!literal || literal.isBytes || literal.isFormatted || literal.parts.some((it) => typeof it !== "string"))
    return undefined;
  const source = literal.parts.join("");
  if (literal.isRaw) return source;
  let known = true;
  const value = source.replace(/\\(x[0-9a-fA-F]{2}|[\s\S])/g, (_, escape: string) => {
    if (escape.startsWith("x")) return String.fromCharCode(parseInt(escape.slice(1), 16));
    const meant = ESCAPES[escape];
    if (meant === undefined) known = false;
    return meant ?? "";
  });
  return known ? value : undefined;
}

/** An f-string without placeholders as the plain literal of the same value; undefined where its braces are not clear. */
export function withoutF(node: Node): string | undefined {
  const [open, close] = [node.children[0]!, node.lastChild!];
  const inner = node.tree.text.slice(open.end, close.start);
  if (inner.includes("{") !== inner.includes("{{") || /\\N/.test(inner)) return undefined;
  return `${open.text.replace(/[fF]/, "")}${inner.replaceAll("{{", "{").replaceAll("}}", "}")}${close.text}`;
}
