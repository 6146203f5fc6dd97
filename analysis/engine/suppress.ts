/** The edit that silences a finding: a name added to the comment that is there, else a comment of its own. */

import { pieceAt, type Document } from "../semantics/document.js";
import { statementOf } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { TextEdit } from "../text/range.js";
import type { Finding } from "./report.js";
import { isForFile, suppressionsIn } from "./suppressions.js";

export function suppressEdit(document: Document, finding: Finding, scope: "line" | "file"): TextEdit {
  return scope === "line" ? onLine(document, finding) : inFile(document, finding);
}

function onLine(document: Document, finding: Finding): TextEdit {
  const { piece, start } = pieceAt(document, finding.range.start);
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
  let innermost = root;
  for (const node of root.descendants()) {
    if (node.start > at) break;
    if (node.end > at && node.id !== 0) innermost = node;
  }
  const statement = statementOf(innermost);
  const body = [statement, ...statement.children]
    .map((it) => it.field("body") ?? it.field("consequence"))
    .find((it) => it !== undefined && it.start > at);
  if (!body) return Math.max(at, statement.end);
  const header = root.tree.text.slice(0, body.start).trimEnd();
  const colon = header.lastIndexOf(":");
  return Math.max(at, colon);
}

function inFile(document: Document, finding: Finding): TextEdit {
  for (const [index, piece] of document.pieces.entries()) {
    const known = suppressionsIn(piece.tree).find((it) => isForFile(it) && it.listEnd !== undefined);
    if (known) return insertion(document.starts[index]! + known.listEnd!, `, ${finding.rule}`);
  }
  const header = /^\uFEFF?(#![^\n]*\n)?(#[^\n]*coding[:=][^\n]*\n)?/.exec(document.text)![0].length;
  const newline = document.text.includes("\r\n") ? "\r\n" : "\n";
  return insertion(header, `# nippy: ignore-file[${finding.rule}]${newline}`);
}

function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  if (newline < 0) return text.length;
  return text[newline - 1] === "\r" ? newline - 1 : newline;
}
