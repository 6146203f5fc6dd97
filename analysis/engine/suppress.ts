/** The edit that silences a finding: a name added to the comment that is there, else a comment of its own. */

import { pieceAt, type Document } from "../semantics/document.js";
import { statementOf } from "../syntax/statements.js";
import { SettingsTree } from "../configuration/settings-tree.js";
import type { Node } from "../syntax/tree.js";
import type { TextEdit } from "../text/range.js";
import type { Finding } from "./report.js";
import { isForFile, suppressionsIn } from "./suppressions.js";

/** Behind the finding's line, on a line of its own above the statement or the function it is in, or at the head of the file. */
export const SILENCE_SCOPES = ["line", "statement", "function", "file"] as const;
export type SilenceScope = (typeof SILENCE_SCOPES)[number];

/** Undefined where there is no such place: outside of functions, or where a statement does not begin its line. */
export function suppressEdit(document: Document, finding: Finding, scope: SilenceScope): TextEdit | undefined {
  switch (scope) {
    case "line":
      return onLine(document, finding);
    case "file":
      return inFile(document, finding);
    default:
      return above(document, finding, scope);
  }
}

function above(document: Document, finding: Finding, scope: "statement" | "function"): TextEdit | undefined {
  const { piece, start } = pieceAt(document, finding.range.start);
  if (piece.tree instanceof SettingsTree) return scope === "statement" ? aboveLine(document, finding) : undefined;
  const innermost = nodeAt(piece.tree.root, finding.range.start - start);
  const target = scope === "statement" ? statementOf(innermost) : functionAround(innermost);
  if (!target || target.kind === "module") return undefined;
  const known = suppressionsIn(piece.tree).find(
    ({ governs, listEnd, comment }) =>
      governs && listEnd !== undefined && governs.start === target.start && comment.end <= target.start,
  );
  if (known) return insertion(start + known.listEnd!, `, ${finding.rule}`);
  const at = start + target.start;
  const lineStart = document.text.lastIndexOf("\n", at - 1) + 1;
  const indent = document.text.slice(lineStart, at);
  if (indent.trim() !== "") return undefined;
  return insertion(at, `# nippy: ignore[${finding.rule}]${newlineOf(document)}${indent}`);
}

/** In a configuration: above the line, with its indentation. */
function aboveLine(document: Document, { range, rule }: Finding): TextEdit {
  const known = suppressionsIn(document.pieces[0]!.tree).find(
    ({ governs, listEnd, comment }) =>
      governs &&
      listEnd !== undefined &&
      comment.end < governs.end &&
      governs.start <= range.start &&
      range.start <= governs.end,
  );
  if (known) return insertion(known.listEnd!, `, ${rule}`);
  const lineStart = document.text.lastIndexOf("\n", range.start - 1) + 1;
  const indent = /^[ \t]*/.exec(document.text.slice(lineStart, range.start))![0];
  return insertion(lineStart, `${indent}# nippy: ignore[${rule}]${newlineOf(document)}`);
}

function onLine(document: Document, finding: Finding): TextEdit {
  const { piece, start } = pieceAt(document, finding.range.start);
  // There a `#` behind a value is part of it.
  if (piece.tree instanceof SettingsTree && piece.tree.format === "ini") return aboveLine(document, finding);
  const at = finding.range.start - start;
  const known = suppressionsIn(piece.tree).find(
    ({ governs, listEnd }) => governs && listEnd !== undefined && governs.start <= at && at <= governs.end,
  );
  if (known) return insertion(start + known.listEnd!, `, ${finding.rule}`);

  // Behind the whole statement's last line, or its header's: a comment inside a multi-line string would be text.
  const end = lineEnd(document.text, start + headerEnd(piece.tree.root, at));
  const line = document.text.slice(document.text.lastIndexOf("\n", end - 1) + 1, end);
  return insertion(end, `${/\s$/.test(line) ? "" : "  "}# nippy: ignore[${finding.rule}]`);
}

function headerEnd(root: Node, at: number): number {
  if (root.tree instanceof SettingsTree) return Math.max(at, nodeAt(root, at).end);
  const statement = statementOf(nodeAt(root, at));
  const body = [statement, ...statement.children]
    .map((it) => it.field("body") ?? it.field("consequence"))
    .find((it) => it !== undefined && it.start > at);
  if (!body) return Math.max(at, statement.end);
  const header = root.tree.text.slice(0, body.start).trimEnd();
  const colon = header.lastIndexOf(":");
  return Math.max(at, colon);
}

/** With its decorators. */
function functionAround(node: Node): Node | undefined {
  const found = node.ancestor("function_definition");
  return found?.parent?.kind === "decorated_definition" ? found.parent : found;
}

/** The innermost named node there. */
function nodeAt({ tree }: Node, at: number): Node {
  let node = tree.node(tree.holding(at, at + 1));
  while (node.parent && !node.isNamed) node = node.parent;
  return node;
}

function inFile(document: Document, finding: Finding): TextEdit {
  for (const [index, piece] of document.pieces.entries()) {
    const known = suppressionsIn(piece.tree).find((it) => isForFile(it) && it.listEnd !== undefined);
    if (known) return insertion(document.starts[index]! + known.listEnd!, `, ${finding.rule}`);
  }
  const header = /^\uFEFF?(#![^\n]*\n)?(#(?=[^\n]*coding[:=])[^\n]*\n)?/.exec(document.text)![0].length;
  return insertion(header, `# nippy: ignore-file[${finding.rule}]${newlineOf(document)}`);
}

function newlineOf({ text }: Document): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  if (newline < 0) return text.length;
  return text[newline - 1] === "\r" ? newline - 1 : newline;
}
