/** Where the lines of a text begin; turns offsets into lines and columns (both from 0, columns in UTF-16 units) and back. */

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface LineIndex {
  readonly count: number;
  positionAt(offset: number): Position;
  offsetAt(position: Position): number;
  startOf(line: number): number;
}

const NEWLINE = 10;
const RETURN = 13;

/** A line ends at `\n`, `\r\n` or a lone `\r`, as in the Language Server Protocol. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === NEWLINE || (code === RETURN && text.charCodeAt(i + 1) !== NEWLINE)) starts.push(i + 1);
  }

  const startOf = (line: number) => starts[line] ?? text.length;
  return {
    count: starts.length,
    startOf,
    positionAt(offset) {
      const at = Math.max(0, Math.min(offset, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (startOf(middle) <= at) low = middle;
        else high = middle - 1;
      }
      return { line: low, column: at - startOf(low) };
    },
    offsetAt({ line, column }) {
      if (line < 0) return 0;
      if (line >= starts.length) return text.length;
      return Math.max(startOf(line), Math.min(startOf(line) + column, startOf(line + 1)));
    },
  };
}
