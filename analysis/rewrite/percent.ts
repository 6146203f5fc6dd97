/** Turns formatted text into a %-style template and its arguments, where every part has an exact twin; anything else is refused. */

import { asString, type Interpolation } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";

export interface Template {
  /** Source text of the new string literal(s). */
  readonly text: string;
  readonly args: readonly Node[];
  /** The `%` mark of each argument. */
  readonly marks: readonly string[];
}

/** Format specifications that mean the same after a `%`. */
const SPEC = /^(0?\d*)(\.\d+)?([dfFeEgGxXos])$/;

/** An f-string, or several literals side by side of which some are f-strings. */
export function templateOf(literal: Node): Template | undefined {
  if (literal.kind === "concatenated_string") {
    const parts = literal.children.map(templateOf);
    if (!parts.every((it) => it !== undefined)) return undefined;
    let text = "";
    let at = literal.start;
    literal.children.forEach((part, index) => {
      text += literal.tree.text.slice(at, part.start) + parts[index]!.text;
      at = part.end;
    });
    return { text, args: parts.flatMap((it) => it.args), marks: parts.flatMap((it) => it.marks) };
  }

  const view = asString(literal);
  if (!view || view.isBytes) return undefined;
  const args: Node[] = [];
  const marks: string[] = [];
  let body = "";
  for (const part of view.parts) {
    if (typeof part === "string") {
      body += percentEscaped(view.isFormatted ? part.replaceAll("{{", "{").replaceAll("}}", "}") : part);
      continue;
    }
    const mark = markOf(part);
    if (mark === undefined) return undefined;
    body += mark;
    args.push(part.expression);
    marks.push(mark);
  }
  const prefix = literal.children[0]!.text.slice(0, -view.quote.length).replace(/[fFtT]/, "");
  return { text: `${prefix}${view.quote}${body}${view.quote}`, args, marks };
}

function markOf({ expression, conversion, format, isDebug, isNested }: Interpolation): string | undefined {
  if (
    isDebug ||
    isNested ||
    !/^[^\n]*$/.test(expression.text) ||
    expression.kind === "expression_list" ||
    expression.kind === "yield"
  )
    return undefined;
  if (format === undefined || format === "") return `%${conversion ?? "s"}`;
  const spec = SPEC.exec(format);
  if (!spec || conversion !== undefined) return undefined;
  // Text is aligned to the left by format() and to the right by %.
  if (spec[3] === "s" && spec[1] !== "") return undefined;
  return `%${format}`;
}

function percentEscaped(text: string): string {
  return text.replaceAll("%", "%%");
}

/** The marks of a %-template in order; undefined where there are named ones, stars and unknown ones. */
export function placeholders(text: string): readonly string[] | undefined {
  const marks: string[] = [];
  for (const [mark] of text.matchAll(/%(?:%|[^%\s]*?[a-zA-Z]|.?)/g)) {
    if (mark === "%%") continue;
    if (!/^%[-+ #0]*([1-9]\d*)?(\.\d+)?[diouxXeEfFgGcrsa]$/.test(mark)) return undefined;
    marks.push(mark);
  }
  return marks;
}
