/** A client's own idea of lines and columns, to hold the server's against. */
import type { Position, TextDocumentContentChangeEvent } from "vscode-languageserver/node";

const LINE_END = /\r\n|\r|\n/g;

/** As the protocol says it: beyond a line's end is its end, beyond the last line the end of the text. */
export function offsetOf(text: string, { line, character }: Position): number {
  if (line < 0) return 0;
  let start = 0;
  let current = 0;
  for (const { 0: ending, index } of text.matchAll(LINE_END)) {
    if (current === line) return Math.min(start + Math.max(0, character), index);
    start = index + ending.length;
    current++;
  }
  return current === line ? Math.min(start + Math.max(0, character), text.length) : text.length;
}

export function placeOf(text: string, offset: number): Position {
  let line = 0;
  let start = 0;
  for (const { 0: ending, index } of text.slice(0, offset).matchAll(LINE_END)) {
    line++;
    start = index + ending.length;
  }
  return { line, character: offset - start };
}

/** The text after a change, as the client has it. */
export function applied(text: string, change: TextDocumentContentChangeEvent): string {
  if (!("range" in change)) return change.text;
  const [start = 0, end = 0] = [offsetOf(text, change.range.start), offsetOf(text, change.range.end)].sort(
    (a, b) => a - b,
  );
  return text.slice(0, start) + change.text + text.slice(end);
}
