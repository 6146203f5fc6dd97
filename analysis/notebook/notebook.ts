/** What a notebook's file says: its Python cells, where each character of them stands in the file, and how they are changed there. */

import { lastAtMost } from "../text/ascending.js";
import { lineIndex, type LineIndex } from "../text/line-index.js";
import type { TextEdit } from "../text/range.js";
import { BadJson, readJson, type Json, type JsonString, type Sieve } from "./json.js";

/** A string of the file that holds a part of a cell. Plain data, like all of a notebook: it goes from thread to thread. */
interface SourceString {
  /** Where its text begins in the file. */
  readonly at: FilePlace;
  /** Behind which characters of it how many more have been written: `\n` is two for one. */
  readonly escapes?: { readonly ends: Int32Array; readonly extra: Int32Array };
}

/** Line and column from 0. */
export interface FilePlace {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A code cell. */
export interface NotebookCell {
  /** From 1, counted over cells of every kind. */
  readonly number: number;
  readonly source: string;
  readonly strings: readonly SourceString[];
  /** Where the text of each of them begins in the cell. */
  readonly starts: readonly number[];
  /** What stands between two lines of code in the file; undefined where a string may have several. */
  readonly separator: string | undefined;
  /** The source is a list without a string. */
  readonly isBare: boolean;
}

/** The Python of a notebook; or what is wrong with the file, or why there is none in it. The phrases go on from "This notebook". */
export type ReadNotebook =
  | { readonly cells: readonly NotebookCell[] }
  | { readonly problem: string }
  | { readonly skipped: string };

const CELL: Sieve = {
  cell_type: {},
  source: {},
  metadata: { vscode: { languageId: {} } },
  // Of nbformat 3.
  input: {},
  language: {},
};
const NOTEBOOK: Sieve = {
  metadata: { language_info: { name: {} }, kernelspec: { language: {} } },
  cells: CELL,
  // Of nbformat 3.
  worksheets: { cells: CELL },
};

const MOST_CELLS = 20_000;
/** What another language may be called. */
const LONGEST_NAME = 30;

export function readNotebook(text: string): ReadNotebook {
  // As editors see it, an empty file is a new notebook.
  if (text.trim() === "") return { cells: [] };
  let root: Json;
  try {
    root = readJson(text, NOTEBOOK);
  } catch (error) {
    if (error instanceof BadJson) return { problem: inWords(error, text) };
    throw error;
  }
  const cells = cellsOf(root);
  if (!cells) return { problem: "has no list of cells: it is JSON of another kind" };
  if (cells.length > MOST_CELLS) return { problem: `has more than ${MOST_CELLS} cells` };

  const language =
    textAt(root, "metadata", "language_info", "name") || textAt(root, "metadata", "kernelspec", "language");
  if (language && !isPython(language)) return { skipped: `is written in ${language.slice(0, LONGEST_NAME)}` };

  const lines = lineIndex(text);
  const separator = commonSeparator(text, cells);
  const read: NotebookCell[] = [];
  for (const [index, cell] of cells.entries()) {
    if (textAt(cell, "cell_type") !== "code") continue;
    const own = textAt(cell, "metadata", "vscode", "languageId") || textAt(cell, "language");
    if (own && !isPython(own)) continue;
    const source = member(cell, "source") ?? member(cell, "input");
    const strings = source && stringsOf(source);
    if (!strings) return { problem: `has a code cell without a text: cell ${index + 1}` };
    read.push(codeCell(index + 1, source, strings, { text, lines, separator }));
  }
  return { cells: read };
}

function inWords({ what, offset }: BadJson, text: string): string {
  if (what === "deep") return "is nested too deeply";
  if (what === "full") return "has too many lines of code";
  return `is not valid JSON: something is wrong in line ${lineIndex(text).positionAt(offset).line + 1}`;
}

function isPython(language: string): boolean {
  return /^(?:i?python[23]?)$/i.test(language);
}

function member(json: Json | undefined, name: string): Json | undefined {
  return json?.kind === "table" ? json.members.get(name) : undefined;
}

function textAt(json: Json | undefined, ...names: readonly string[]): string | undefined {
  const found = names.reduce<Json | undefined>(member, json);
  return found?.kind === "string" ? found.value : undefined;
}

function itemsOf(json: Json | undefined): readonly Json[] | undefined {
  return json?.kind === "list" ? json.items : undefined;
}

function cellsOf(root: Json): readonly Json[] | undefined {
  const sheets = itemsOf(member(root, "worksheets"));
  return itemsOf(member(root, "cells")) ?? sheets?.flatMap((it) => itemsOf(member(it, "cells")) ?? []);
}

/** Undefined where it is neither a string nor a list of strings. */
function stringsOf(source: Json): readonly JsonString[] | undefined {
  if (source.kind === "string") return [source];
  if (source.kind !== "list" || !source.items.every((it) => it.kind === "string")) return undefined;
  return source.items as readonly JsonString[];
}

/** Between the first two lines of the first cell that has two. */
function commonSeparator(text: string, cells: readonly Json[]): string {
  for (const cell of cells) {
    const [first, second] = itemsOf(member(cell, "source") ?? member(cell, "input")) ?? [];
    if (first?.kind === "string" && second?.kind === "string") return text.slice(first.end + 1, second.start - 1);
  }
  return ", ";
}

interface Around {
  readonly text: string;
  readonly lines: LineIndex;
  readonly separator: string;
}

function codeCell(
  number: number,
  given: Json,
  found: readonly JsonString[],
  { text, lines, separator }: Around,
): NotebookCell {
  const placed = (offset: number): FilePlace => ({ offset, ...lines.positionAt(offset) });
  let source = "";
  const starts: number[] = [];
  const strings = found.map((it): SourceString => {
    const string = { at: placed(it.start) };
    starts.push(source.length);
    source += it.value;
    const isPlain = it.value.length === it.end - it.start;
    return isPlain ? string : { ...string, escapes: escapesIn(text.slice(it.start, it.end)) };
  });
  const isBare = given.kind === "list" && given.items.length === 0;
  if (isBare) {
    starts.push(0);
    strings.push({ at: placed(given.start) });
  }
  const [first, second] = found;
  const own = first && second && text.slice(first.end + 1, second.start - 1);
  const isLineByLine = given.kind === "list" && found.every(({ value }) => !/\n[^]/.test(value));
  return {
    number,
    source,
    strings,
    starts,
    separator: isLineByLine ? (own ?? separator) : undefined,
    isBare,
  };
}

function escapesIn(raw: string): { readonly ends: Int32Array; readonly extra: Int32Array } {
  const ends: number[] = [];
  const extra: number[] = [];
  let more = 0;
  for (let at = raw.indexOf("\\"); at >= 0; ) {
    const length = raw[at + 1] === "u" ? 6 : 2;
    ends.push(at - more + 1);
    extra.push((more += length - 1));
    at = raw.indexOf("\\", at + length);
  }
  return { ends: Int32Array.from(ends), extra: Int32Array.from(extra) };
}

/** Where an offset of a cell is in the file. The end of one string is the beginning of the next. */
export function placeInFile({ starts, strings }: NotebookCell, offset: number): FilePlace {
  const index = lastAtMost(starts, offset);
  const { at, escapes } = strings[index]!;
  const inside = offset - starts[index]!;
  const by = inside + (escapes?.extra[lastAtMost(escapes.ends, inside)] ?? 0);
  return { offset: at.offset + by, line: at.line, column: at.column + by };
}

/** An edit of a cell as one of the file. New lines become strings of their own where the others are. */
export function editInFile(cell: NotebookCell, { start, end, text }: TextEdit): TextEdit {
  const { source, separator, isBare } = cell;
  const isLast = end === source.length;
  const parts = separator === undefined ? [text] : text.split(/(?<=\n)/);
  if (separator !== undefined && text.endsWith("\n") && !isLast) parts.push("");
  const written = parts.map((it) => JSON.stringify(it).slice(1, -1)).join(`"${separator}"`);
  return {
    start: placeInFile(cell, start).offset,
    end: placeInFile(cell, end).offset,
    text: isBare ? `"${written}"` : written,
  };
}
