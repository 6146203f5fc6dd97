/** Findings that a line gets while it is being typed wait until the cursor leaves it: a half-written line is not wrong yet. What stood there before stays. `nippy.holdTypedLine` turns it off. */

import {
  EventEmitter,
  languages,
  window,
  workspace,
  type Diagnostic,
  type Disposable,
  type TextDocument,
  type Uri,
} from "vscode";

export interface HeldLine extends Disposable {
  /** What of a document's findings may be shown now. */
  shown(uri: Uri, findings: Diagnostic[]): Diagnostic[];
  /** Whether some of the document's findings wait: then the same result does not mean the same picture. */
  holds(uri: Uri): boolean;
  /** A document whose findings may all be shown now. */
  readonly onRelease: (listener: (uri: Uri) => void) => Disposable;
}

interface Typing {
  readonly uri: string;
  readonly line: number;
  /** The rules that spoke there before. */
  readonly known: ReadonlySet<string>;
}

export function createHeldLine(): HeldLine {
  let typing: Typing | undefined;
  /** The documents in which findings wait, or did until they are asked for again. */
  const held = new Map<string, Uri>();
  const released = new EventEmitter<Uri>();
  const release = () => {
    typing = undefined;
    for (const uri of held.values()) released.fire(uri);
  };

  const begin = (document: TextDocument, line: number) => {
    const uri = document.uri.toString();
    if (!workspace.getConfiguration("nippy", document).get("holdTypedLine", true)) return;
    if (typing?.uri === uri && typing.line === line) return;
    release();
    const known = languages.getDiagnostics(document.uri).filter((it) => isOnLine(it, line));
    typing = { uri, line, known: new Set(known.map(ruleOf)) };
  };
  const listeners = [
    workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      const change = contentChanges.at(-1);
      const editor = window.activeTextEditor;
      // Undo brings back what was there before, and edits by others are no typing.
      if (!change || reason !== undefined || document !== editor?.document || document.languageId !== "python") return;
      const line = change.range.start.line + change.text.split("\n").length - 1;
      const isAtCursor = Math.abs(editor.selection.active.line - line) <= 1;
      if (isAtCursor) begin(document, line);
    }),
    window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      if (!typing || textEditor.document.uri.toString() !== typing.uri) return;
      if (selections.every((it) => it.active.line !== typing?.line)) release();
    }),
    window.onDidChangeActiveTextEditor(release),
    workspace.onDidSaveTextDocument(release),
  ];

  return {
    shown(uri, findings) {
      const key = uri.toString();
      held.delete(key);
      if (typing?.uri !== key) return findings;
      const { line, known } = typing;
      const shown = findings.filter((it) => !isOnLine(it, line) || known.has(ruleOf(it)));
      if (shown.length < findings.length) held.set(key, uri);
      return shown;
    },
    holds: (uri) => held.has(uri.toString()),
    onRelease: released.event,
    dispose() {
      released.dispose();
      for (const it of listeners) void it.dispose();
    },
  };
}

function isOnLine({ range }: Diagnostic, line: number): boolean {
  return range.start.line <= line && line <= range.end.line;
}

function ruleOf({ code }: Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}
