/** An edit that opens the editor's preview, with the change ticked and its doubt to be read. */

import type { AnnotatedTextEdit, TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver";
import { annotated, plain, toOurRange } from "../convert.js";
import type { Opened } from "../opened.js";
import type { Session } from "../session.js";

/** The annotation of the comment that brings up the preview. */
export const NOTE = "note";

/** What an editor is told of an edit as far as it understands: what may differ, and whether to show the change before it is made. */
export function withPreview(
  { client }: Session,
  opened: Opened,
  edit: WorkspaceEdit,
  label: string,
  doubt: string | undefined,
): WorkspaceEdit {
  if (!client.annotatesEdits) return edit;
  const choice = opened.settings.refactoringPreview;
  const isShown = choice === "always" || (choice === "inDoubt" && doubt !== undefined);
  const description = doubt ?? "Behaviour stays the same.";
  const told = annotated(edit, {
    label: plain(label),
    description: plain(description),
    needsConfirmation: isShown && !client.previewsActions,
  });
  return isShown && client.previewsActions ? withNote(opened, told, description) : told;
}

/**
 * Editors show a preview only of edits that need to be confirmed, and leave those unticked.
 * So the change itself needs no confirmation, and an edit beside it does: a comment that says the doubt.
 * The preview lists it, and whoever ticks it keeps it in the code.
 */
function withNote(
  opened: Opened,
  { documentChanges = [], changeAnnotations }: WorkspaceEdit,
  description: string,
): WorkspaceEdit {
  const first = documentChanges.find((it): it is TextDocumentEdit => "edits" in it);
  const note = first && noteAbove(opened, first, description);
  return {
    documentChanges: documentChanges.map((it) =>
      note && it === first ? { ...first, edits: [note, ...first.edits] } : it,
    ),
    changeAnnotations: {
      ...changeAnnotations,
      [NOTE]: { label: "Keep this as a comment", description, needsConfirmation: true },
    },
  };
}

/** A comment above the first line that changes: imports that are only added do not count where something else does. */
export function noteAbove(
  { parts, snapshot }: Opened,
  { textDocument, edits }: Pick<TextDocumentEdit, "textDocument" | "edits">,
  text: string,
): AnnotatedTextEdit | undefined {
  const part = parts.find((it) => it.uri === textDocument.uri);
  const ranges = edits.map((it) => it.range);
  const changed = ranges.filter(({ start, end }) => start.line !== end.line || start.character !== end.character);
  const lines = (changed.length > 0 ? changed : ranges).map((it) => it.start.line);
  if (!part || lines.length === 0) return undefined;
  const textOf = (line: number): string =>
    snapshot.textOf(toOurRange(part, { start: { line, character: 0 }, end: { line: line + 1, character: 0 } }));
  let line = Math.min(...lines);
  // No comment may stand inside a statement that goes on after a backslash.
  while (line > 0 && /\\\s*$/.test(textOf(line - 1))) line--;
  const indent = /^[ \t]*/.exec(textOf(line))![0];
  const lineEnd = /\r?\n$/.exec(textOf(line))?.[0] ?? "\n";
  const start = { line, character: indent.length };
  return {
    range: { start, end: start },
    newText: `# ${text.replace(/\s+/g, " ")}${lineEnd}${indent}`,
    annotationId: NOTE,
  };
}
