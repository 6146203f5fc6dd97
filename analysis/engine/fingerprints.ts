/** A name for each finding that survives moves, renamed neighbours and another formatting: its rule, the scope it is in, the statement it is in, and which of equal ones it is. */

import { classNodeOf, pieceIndexAt, type Document } from "../semantics/document.js";
import type { Piece } from "../semantics/piece.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { SettingsTree } from "../configuration/settings-tree.js";
import { EXTRA, KIND_IDS, type Tree } from "../syntax/tree.js";
import { Hash } from "../text/hash.js";
import type { Range } from "../text/range.js";
import type { Finding } from "./report.js";

const [BLOCK, MODULE, FUNCTION, CLASS, STRING_START, STRING_END, REQUIREMENT] = (
  [
    "block",
    "module",
    "function_definition",
    "class_definition",
    "string_start",
    "string_end",
    "requirement",
  ] satisfies Kind[]
).map((it) => KIND_IDS.get(it)!);

/** Findings in source order. What is read out of a piece is kept with it, so a keystroke pays for the edited one. */
export function fingerprintsOf(document: Document, findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const prints = new Map<Finding, string>();
  const counts = new Map<string, number>();
  let head = -1;
  for (const finding of findings) {
    const index = pieceIndexAt(document, finding.range.start);
    const piece = document.pieces[index]!;
    // Findings are in order, so the head of the class is never looked for twice.
    if (piece.role === "member") head = headBefore(document, index, head);
    const base = document.starts[index]!;
    const range = { start: finding.range.start - base, end: finding.range.end - base };
    const home =
      tableAround(piece.tree, range) ??
      (piece.role === "member" && head >= 0 ? nameOfClass(document.pieces[head]!) : "");
    const print = new Hash().add(finding.rule).add(home).add(statementAround(piece, range)).hex();
    const count = (counts.get(print) ?? 0) + 1;
    counts.set(print, count);
    prints.set(finding, count === 1 ? print : `${print}-${count}`);
  }
  return prints;
}

function headBefore({ pieces }: Document, index: number, known: number): number {
  for (let at = index - 1; at > known; at--) if (pieces[at]!.role === "class-head") return at;
  return known;
}

function nameOfClass(head: Piece): string {
  return classNodeOf(head)?.field("name")?.text ?? "";
}

/** In a configuration: the table and the setting that a finding is in. */
function tableAround(tree: Tree, { start, end }: Range): string | undefined {
  if (!(tree instanceof SettingsTree)) return undefined;
  const { parents } = tree.arrays;
  let id = tree.holding(start, end);
  while (id > 0 && !tree.paths.has(id)) id = parents[id]!;
  return tree.paths.get(id)?.join("\n") ?? "";
}

/** The scopes around the statement and its words. Read once for each statement, however many findings there are in it. */
function statementAround({ tree }: Piece, range: Range): string {
  const id = statementOf(tree, range);
  const byStatement = tree.index.kept("fingerprints", () => new Map<number, string>());
  let print = byStatement.get(id);
  if (print === undefined) byStatement.set(id, (print = printOf(tree, id)));
  return print;
}

function statementOf(tree: Tree, { start, end }: Range): number {
  const { parents, kinds } = tree.arrays;
  let id = tree.holding(start, end);
  // Of a list of requirements each is a matter of its own.
  if (kinds[id] === REQUIREMENT) return id;
  const isStatement = () => kinds[parents[id]!] === BLOCK || kinds[parents[id]!] === MODULE;
  while (id > 0 && !isStatement()) id = parents[id]!;
  return id;
}

/** Comments, brackets, commas, white space and the kind of quotes are left out, as formatters change them; so are blocks, as they are statements of their own. */
function printOf(tree: Tree, statement: number): string {
  const { kinds, flags, starts, ends, parents, nexts } = tree.arrays;
  const hash = new Hash();
  for (let id = parents[statement]!; id >= 0; id = parents[id]!)
    if (kinds[id] === FUNCTION || kinds[id] === CLASS) hash.add(tree.node(id).field("name")?.text ?? "");
  hash.add("");
  const end = nexts[statement]!;
  for (let id = statement; id < end; id = kinds[id] === BLOCK ? nexts[id]! : id + 1) {
    if (nexts[id] !== id + 1 || (flags[id]! & EXTRA) !== 0 || kinds[id] === BLOCK) continue;
    const text = tree.text.slice(starts[id], ends[id]);
    if (kinds[id] === STRING_START || kinds[id] === STRING_END) hash.add(text.toLowerCase().replaceAll("'", '"'));
    else if (text !== "(" && text !== ")" && text !== ",") hash.add(text);
  }
  return hash.hex();
}
