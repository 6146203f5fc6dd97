/** The text of one open document as the client has it. It follows edits without being put together again: a keystroke must not cost the length of the file. */

import type { Position, TextDocumentContentChangeEvent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { applyEdits, type Snapshot, type TextEdit } from "../analysis/analyzer.js";

export interface LiveText {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  /** In UTF-16 units. */
  readonly length: number;
  getText(): string;
  offsetAt(position: Position): number;
  positionAt(offset: number): Position;
  /** Applies one change and says what it was in offsets of the text before it. */
  apply(change: TextDocumentContentChangeEvent, version: number): TextEdit;
  /** A version without a change. */
  touch(version: number): void;
  /** The snapshot has this very text: from now on it answers for lines and text. */
  adopt(snapshot: Snapshot): void;
}

/** Either a snapshot and the one edit since, or a document of its own that keeps its table of lines from edit to edit. */
type Source =
  | { readonly snapshot: Snapshot; readonly edit: TextEdit | undefined }
  | { readonly document: TextDocument };

export function liveText(uri: string, languageId: string, firstVersion: number, text: string): LiveText {
  let version = firstVersion;
  let length = text.length;
  let source: Source = { document: TextDocument.create(uri, languageId, firstVersion, text) };

  const getText = (): string => {
    if ("document" in source) return source.document.getText();
    return source.edit ? applyEdits(source.snapshot.text, [source.edit]) : source.snapshot.text;
  };
  /** A second edit before the next snapshot: from here on the text stands alone. */
  const ownDocument = (): TextDocument => {
    if ("document" in source) return source.document;
    const document = TextDocument.create(uri, languageId, version, getText());
    source = { document };
    return document;
  };
  const offsetAt = (position: Position): number => {
    if ("document" in source || source.edit) return ownDocument().offsetAt(position);
    return source.snapshot.lines.offsetAt({ line: position.line, column: Math.max(0, position.character) });
  };

  return {
    uri,
    languageId,
    get version() {
      return version;
    },
    get length() {
      return length;
    },
    getText,
    offsetAt,
    positionAt(offset) {
      if ("document" in source || source.edit) return ownDocument().positionAt(offset);
      const { line, column } = source.snapshot.lines.positionAt(offset);
      return { line, character: column };
    },
    apply(change, next) {
      const places = "range" in change ? [offsetAt(change.range.start), offsetAt(change.range.end)] : [0, length];
      const [start = 0, end = 0] = places.sort((a, b) => a - b);
      const edit = { start, end, text: change.text };
      // A whole new text asks for no place in the old one: the edit before it has to be put in all the same.
      if ("document" in source || source.edit) {
        const document = ownDocument();
        // A range beyond the text's end would spoil the document's table of lines, so it gets the range as it was understood.
        const range = { start: document.positionAt(start), end: document.positionAt(end) };
        TextDocument.update(document, ["range" in change ? { range, text: change.text } : change], next);
      } else source = { snapshot: source.snapshot, edit };
      length += change.text.length - (end - start);
      version = next;
      return edit;
    },
    touch(next) {
      version = next;
    },
    adopt(snapshot) {
      source = { snapshot, edit: undefined };
    },
  };
}
