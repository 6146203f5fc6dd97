/** What a docstring says of types: of parameters and of what is returned, in the styles of NumPy, Google and Sphinx. Only the words; what they mean is for `documented-types.ts`. */

import { asString } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";

export interface Documented {
  /** By parameter, the words as they stand there. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly returns: string | undefined;
}

/** Longer ones hold texts and tables, not declarations of parameters. */
const LONGEST = 40_000;

/** The text of the string that begins a body, quotes left out and escapes as they are written. */
export function docstringOf(body: Node | undefined): string | undefined {
  const first = body?.firstChild;
  const string = first?.kind === "expression_statement" ? asString(first.children[0]) : undefined;
  if (!string || string.isBytes || string.isFormatted) return undefined;
  const [text] = string.parts;
  return typeof text === "string" && text.length <= LONGEST ? text : undefined;
}

export function documentedIn(text: string): Documented {
  const parameters = new Map<string, string>();
  let returns: string | undefined;
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    const field = /^\s*:(param|parameter|arg|type|rtype)\b([^:]*):(.*)$/.exec(line);
    if (field) {
      const [, kind, subject = "", rest = ""] = field;
      if (kind === "rtype") returns = rest.trim();
      else if (kind === "type") parameters.set(subject.trim(), rest.trim());
      else {
        // `:param str name:`; without a type there is one word.
        const [, words, name] = /^(.*\S)\s+(\w+)$/.exec(subject.trim()) ?? [];
        if (words !== undefined && name !== undefined && !parameters.has(name)) parameters.set(name, words);
      }
      continue;
    }
    const header = /^\s*(Parameters|Other Parameters|Args|Arguments|Keyword Args|Returns):?\s*$/.exec(line)?.[1];
    if (header === undefined) continue;
    const isNumpy = /^\s*-{3,}\s*$/.test(lines[at + 1] ?? "");
    const section = sectionBelow(lines, isNumpy ? at + 2 : at + 1, indentation(line), isNumpy);
    if (header === "Returns")
      returns ??= isNumpy ? numpyReturns(section) : /^([^:]+):(?:\s|$)/.exec(section[0] ?? "")?.[1];
    else for (const entry of section) declare(entry, isNumpy, parameters);
    at += section.length;
  }
  return { parameters, returns };
}

/** The lines of a section that stand at the indentation of its entries: what describes them stands deeper. */
function sectionBelow(lines: readonly string[], from: number, header: number, isNumpy: boolean): readonly string[] {
  const entries: string[] = [];
  let indent: number | undefined;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at]!;
    if (line.trim() === "") continue;
    const own = indentation(line);
    indent ??= own;
    if (own < indent || (isNumpy ? own < header || /^\s*-{3,}\s*$/.test(lines[at + 1] ?? "") : own <= header)) break;
    if (own === indent) entries.push(line.trim());
  }
  return entries;
}

/** `name, other : type` of NumPy; `name (type): words` of Google. */
function declare(entry: string, isNumpy: boolean, parameters: Map<string, string>): void {
  const [, names, words] = (isNumpy ? /^([\w, *\t]+):\s*(\S.*)$/ : /^(\*{0,2}\w+)\s*\((.+?)\)\s*:/).exec(entry) ?? [];
  if (names === undefined || words === undefined) return;
  for (const name of names.split(",")) parameters.set(name.trim().replace(/^\*+/, ""), words);
}

/** `type` or `name : type`; several entries are a tuple. */
function numpyReturns(section: readonly string[]): string | undefined {
  return section.length === 1 ? section[0]!.replace(/^\w+\s*:\s*/, "") : undefined;
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}
