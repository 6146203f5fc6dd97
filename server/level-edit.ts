/** Writes a rule's level into the text of a configuration file, by the smallest edit, and only if reading it back gives that level. */

import {
  applyEdits,
  decisions,
  lineStretches,
  readToml,
  rootOf,
  type ConfigurationName,
  type LineStretch,
  type Rule,
  type TextEdit,
} from "../analysis/analyzer.js";

interface Line extends LineStretch {
  /** Without its line break. */
  readonly text: string;
}

/** A later entry beats an earlier one, so the level goes to the end of the levels and an entry of the same name goes away. */
export function levelEdits(
  text: string,
  name: ConfigurationName,
  rule: string,
  level: string,
  rules: readonly Rule[],
): readonly TextEdit[] | undefined {
  const root = rootOf(name);
  const lines = linesOf(text);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const entry = `"${rule}" = "${level}"`;
  const edits =
    inTable(text, tableAt(lines, [...root, "levels"]), rule, entry, newline) ??
    inline(tableAt(lines, root), rule, entry) ??
    dotted(text, tableAt(lines, root), entry, newline) ??
    newTable(text, lines, root, entry, newline);
  const after = applyEdits(text, edits);
  const read = readToml(after, name, rules);
  const decided = decisions(read?.settings.levels ?? [])(rule);
  const before = readToml(text, name, rules)?.problems.length ?? 0;
  return decided === level && read !== undefined && read.problems.length <= before ? edits : undefined;
}

/** Under `[levels]` or `[tool.nippy.levels]`. */
function inTable(
  text: string,
  table: readonly Line[] | undefined,
  rule: string,
  entry: string,
  newline: string,
): TextEdit[] | undefined {
  if (!table) return undefined;
  const same = table.slice(1).filter((it) => keyOf(it.text) === rule);
  return [
    ...same.map((it) => ({ start: it.start, end: it.next, text: "" })),
    insertAfter(text, lastOf(table), entry, newline),
  ];
}

/** `levels = { … }` on one line. */
function inline(table: readonly Line[] | undefined, rule: string, entry: string): TextEdit[] | undefined {
  for (const line of table ?? []) {
    const match = /^(\s*levels\s*=\s*\{)(.*)\}\s*(?:#|$)/.exec(line.text);
    if (!match) continue;
    const start = line.start + match[1]!.length;
    const kept = match[2]!.split(",").filter((it) => it.trim() !== "" && keyOf(it) !== rule);
    return [{ start, end: start + match[2]!.length, text: ` ${[...kept.map((it) => it.trim()), entry].join(", ")} ` }];
  }
  return undefined;
}

/** `levels."pandas/iterrows" = "off"`. */
function dotted(
  text: string,
  table: readonly Line[] | undefined,
  entry: string,
  newline: string,
): TextEdit[] | undefined {
  const line = table?.findLast((it) => /^\s*levels\s*\./.test(it.text));
  return line && [insertAfter(text, line, `levels.${entry}`, newline)];
}

function newTable(
  text: string,
  lines: readonly Line[],
  root: readonly string[],
  entry: string,
  newline: string,
): TextEdit[] {
  const header = `[${[...root, "levels"].join(".")}]`;
  const own = tableAt(lines, root);
  const last = own && own.length > 0 ? lastOf(own) : lines.findLast((it) => it.text.trim() !== "");
  if (!last) return [{ start: 0, end: text.length, text: `${header}${newline}${entry}${newline}` }];
  return [insertAfter(text, last, `${newline}${header}${newline}${entry}`, newline)];
}

function insertAfter(text: string, line: Line, inserted: string, newline: string): TextEdit {
  const hasBreak = line.next > line.end;
  return {
    start: line.next,
    end: line.next,
    text: hasBreak ? `${inserted}${newline}` : `${newline}${inserted}${line.next === text.length ? newline : ""}`,
  };
}

/** The lines of a table, its header first; of the root table those before the first header. Undefined where there is none. */
function tableAt(lines: readonly Line[], path: readonly string[]): readonly Line[] | undefined {
  const start = path.length === 0 ? 0 : lines.findIndex((it) => isHeader(it.text, path));
  if (start < 0) return undefined;
  const end = lines.findIndex(
    (it, index) => (path.length === 0 ? index >= start : index > start) && /^\s*\[/.test(it.text),
  );
  return lines.slice(start, end < 0 ? lines.length : end);
}

function isHeader(line: string, path: readonly string[]): boolean {
  const inner = /^\s*\[([^[\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1];
  return (
    inner !== undefined &&
    inner
      .split(".")
      .map((it) => it.trim().replace(/^["']|["']$/g, ""))
      .join("\n") === path.join("\n")
  );
}

/** The last line that says something. */
function lastOf(table: readonly Line[]): Line {
  return table.findLast((it) => it.text.trim() !== "") ?? table[0]!;
}

/** The quoted or bare key of a line `key = …`. */
function keyOf(line: string): string | undefined {
  const match = /^\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=/.exec(line);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function linesOf(text: string): readonly Line[] {
  return [...lineStretches(text)]
    .filter((it) => it.next > it.start)
    .map((it) => ({ ...it, text: text.slice(it.start, it.end) }));
}
