/** The text of one open document as the client has it. It follows edits without being put together again: a keystroke must not cost the length of the file. */

import type { Position, Range as ProtocolRange, TextDocumentContentChangeEvent } from "vscode-languageserver";
import { applyEdits, lineIndex, type LineIndex, type Snapshot, type TextEdit } from "../analysis/analyzer.js";

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

export function liveText(uri: string, languageId: string, firstVersion: number, firstText: string): LiveText {
  let version = firstVersion;
  let length = firstText.length;
  /** What the text was last known as, and what happened to it since. */
  let base: string | Snapshot = firstText;
  let edits: TextEdit[] = [];
  let lines: LineIndex | undefined;

  const getText = (): string => {
    const start = typeof base === "string" ? base : base.text;
    if (edits.length > 0) {
      base = edits.reduce((text, edit) => applyEdits(text, [edit]), start);
      edits = [];
    }
    return typeof base === "string" ? base : base.text;
  };
  const index = (): LineIndex => {
    if (edits.length === 0 && typeof base !== "string") return base.lines;
    return (lines ??= lineIndex(getText()));
  };
  const offsetAt = ({ line, character }: Position) => index().offsetAt({ line, column: Math.max(0, character) });
  const rangeOf = ({ start, end }: ProtocolRange): [number, number] => [offsetAt(start), offsetAt(end)].sort((a, b) => a - b) as [number, number];

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
      const { line, column } = index().positionAt(offset);
      return { line, character: column };
    },
    apply(change, next) {
      const [start, end] = "range" in change ? rangeOf(change.range) : [0, length];
      const edit = { start, end, text: change.text };
      edits.push(edit);
      lines = undefined;
      length += change.text.length - (end - start);
      version = next;
      return edit;
    },
    touch(next) {
      version = next;
    },
    adopt(snapshot) {
      base = snapshot;
      edits = [];
      lines = undefined;
    },
  };
}
