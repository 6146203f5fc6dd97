/** Statements that differ between functions only in the function's own name within texts: read as equal, and written with `func.__name__`. */

import { asCall } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { identifierPattern } from "../text/identifiers.js";

const LOGS = /\.(debug|info|warning|error|exception|critical)$/;
const MARK = "\0";

/** The text with the name marked where a string literal has it as a word. */
export function withoutName(statement: Node, name: string): string {
  return edited(statement, (it) =>
    mentions(it, name) ? { start: it.start, end: it.end, text: it.text.replaceAll(word(name), MARK) } : undefined,
  );
}

/** The same statement inside a decorator. Undefined where the text cannot take the name in. */
export function withFunctionName(statement: Node, name: string): string | undefined {
  let isGood = true;
  const text = edited(statement, (it) => {
    if (!mentions(it, name)) return undefined;
    const [, prefix = "", quote = ""] = /^([A-Za-z]*)("""|'''|"|')/.exec(it.text) ?? [];
    const content = it.text.slice(prefix.length + quote.length, -quote.length);
    const at = { start: it.start, end: it.end };
    if (/[bt]/i.test(prefix) || quote === "" || it.parent?.kind === "concatenated_string") {
      isGood = false;
      return undefined;
    }
    if (content === name) return { ...at, text: "func.__name__" };
    if (/f/i.test(prefix))
      return { ...at, text: `${prefix}${quote}${content.replaceAll(word(name), "{func.__name__}")}${quote}` };
    const list = it.parent;
    const call = list?.kind === "argument_list" ? asCall(list.parent) : undefined;
    const isLogged = call !== undefined && LOGS.test(call.callee.text) && call.args[0] === it && !call.hasSplat;
    const before = content.slice(0, content.search(word(name)));
    const isFirst =
      !before.includes("%") &&
      (call?.args.length !== 1 || !content.includes("%")) &&
      content.split(word(name)).length === 2;
    if (isLogged && isFirst)
      return { ...at, text: `${prefix}${quote}${content.replace(word(name), "%s")}${quote}, func.__name__` };
    return {
      ...at,
      text: `f${prefix}${quote}${content.replace(/[{}]/g, "$&$&").replaceAll(word(name), "{func.__name__}")}${quote}`,
    };
  });
  return isGood ? text : undefined;
}

const word = (name: string): RegExp => identifierPattern(name, ".{", "(");

function mentions(node: Node, name: string): boolean {
  return (
    node.kind === "string" &&
    node.descendants("string").every((it) => it === node) &&
    node.descendants("interpolation").every((it) => !word(name).test(it.text)) &&
    word(name).test(node.text)
  );
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function edited(statement: Node, change: (string: Node) => Change | undefined): string {
  const changes = statement
    .descendants("string")
    .flatMap((it) => change(it) ?? [])
    .sort((a, b) => b.start - a.start);
  return changes.reduce(
    (text, it) => text.slice(0, it.start - statement.start) + it.text + text.slice(it.end - statement.start),
    statement.text,
  );
}
