/** The parts of a text as Python's configparser reads it: sections, options, and values that go on in the lines below that stand further in. */

import { holdsRequirements, type Part } from "./parts.js";

interface Open {
  readonly path: readonly string[];
  readonly start: number;
  readonly keyEnd: number;
  readonly items: { readonly start: number; readonly end: number }[];
}

const COMMENT = /^[ \t]*([#;].*)$/;
const HEADER = /^\[([^\]]{1,200})\]/;
const OPTION = /^([^\s=:[#;][^=:]{0,400})[=:][ \t]*/;

/** In any order. A line that it does not understand is passed over. */
export function iniParts(text: string): readonly Part[] {
  const parts: Part[] = [];
  let section: readonly string[] = [];
  let open: Open | undefined;
  const close = () => {
    if (open) parts.push(...optionParts(open));
    open = undefined;
  };
  for (const { line, start } of linesOf(text)) {
    const comment = COMMENT.exec(line)?.[1];
    const header = HEADER.exec(line);
    const option = OPTION.exec(line);
    if (comment !== undefined)
      parts.push({ kind: "comment", start: start + line.length - comment.length, end: start + line.trimEnd().length });
    else if (header) {
      close();
      section = [header[1]!.trim()];
      parts.push({ kind: "setting_table", start, end: start + header[0].length, path: section });
    } else if (option) {
      close();
      const [all, before = ""] = option;
      const key = before.trimEnd();
      open = { path: [...section, key.toLowerCase()], start, keyEnd: start + key.length, items: [] };
      add(open, line, start, all.length);
    } else if (/^[ \t]/.test(line) && open) add(open, line, start, 0);
    else if (line.trim() !== "") close();
  }
  close();
  return parts;
}

function add({ items }: Open, line: string, start: number, from: number): void {
  const end = line.trimEnd().length;
  const first = from + line.slice(from).length - line.slice(from).trimStart().length;
  if (first < end) items.push({ start: start + first, end: start + end });
}

function optionParts({ path, start, keyEnd, items }: Open): readonly Part[] {
  const last = items.at(-1);
  const end = last?.end ?? keyEnd;
  const isList = holdsRequirements(path);
  return [
    { kind: "setting", start, end, path },
    { kind: "setting_key", start, end: keyEnd, field: "name" },
    ...(last ? [{ kind: "setting_value" as const, start: items[0]!.start, end, field: "value" as const }] : []),
    ...items.flatMap((it): Part[] => [
      ...(items.length > 1 ? [{ kind: "setting_value" as const, ...it }] : []),
      ...(isList ? [{ kind: "requirement" as const, ...it }] : []),
    ]),
  ];
}

export function* linesOf(text: string): Generator<{ readonly line: string; readonly start: number }> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    yield { line: text.slice(start, end).replace(/\r$/, ""), start };
    start = end + 1;
  }
}
