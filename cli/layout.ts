/** Where in its file a part of an analysed text stands: as it is for a module; for a notebook in a cell, and in the JSON around it. */

import {
  fitsIn,
  lineIndex,
  editInFile,
  joinCells,
  lastAtMost,
  placeInFile,
  type LineIndex,
  type NotebookCell,
  type Range,
  type Snapshot,
  type TextEdit,
} from "../analysis/analyzer.js";
import { codeFrame, type FrameLine } from "./code-frame.js";
import type { Place, PlacedEdit, PlacedRange } from "./result.js";

export interface Layout {
  /** Whether a range lies in one text of the user's; one between two cells does not. */
  holds(range: Range): boolean;
  place(range: Range): PlacedRange;
  frame(range: Range): readonly FrameLine[];
  /** Undefined where they would change what is not Python. */
  edits(edits: readonly TextEdit[]): readonly PlacedEdit[] | undefined;
}

/** Most files have nothing to show: their lines are not counted. */
export function fileLayout(snapshot: Snapshot): Layout {
  const place = (range: Range) => placed(snapshot.lines, range);
  return {
    holds: () => true,
    place,
    frame: (range) => codeFrame(snapshot.text, snapshot.lines, range),
    edits: (edits) => edits.map((it) => ({ range: place(it), text: it.text })),
  };
}

function placed(lines: LineIndex, { start, end }: Range): PlacedRange {
  const place = (offset: number): Place => fromOne(lines.positionAt(offset));
  return { start: place(start), end: place(end) };
}

function fromOne({ line, column }: { readonly line: number; readonly column: number }): Place {
  return { line: line + 1, column: column + 1 };
}

/** Of the text that `joinCells` makes of the cells. */
export function notebookLayout(notebook: readonly NotebookCell[]): Layout {
  const { cells, areas } = joinCells(notebook.map((it) => it.source));
  const starts = cells.map((it) => it.start);
  const lines = new Map<NotebookCell, LineIndex>();
  const linesOf = (cell: NotebookCell) => {
    const known = lines.get(cell) ?? lineIndex(cell.source);
    lines.set(cell, known);
    return known;
  };
  const fits = fitsIn(areas);
  const isInCell = fitsIn(cells);
  const cellAt = (range: Range) => {
    const index = lastAtMost(starts, range.start);
    const start = starts[index]!;
    return { cell: notebook[index]!, range: { start: range.start - start, end: range.end - start } };
  };
  const place = (given: Range): PlacedRange => {
    const { cell, range } = cellAt(given);
    const { start, end } = placed(linesOf(cell), range);
    const inside = (offset: number, at: Place): Place => ({
      ...at,
      cell: cell.number,
      inFile: fromOne(placeInFile(cell, offset)),
    });
    return { start: inside(range.start, start), end: inside(range.end, end) };
  };
  return {
    holds: (range) => isInCell([range]),
    place,
    frame(given) {
      const { cell, range } = cellAt(given);
      return codeFrame(cell.source, linesOf(cell), range);
    },
    edits(edits) {
      if (!fits(edits)) return undefined;
      return edits.map((it): PlacedEdit => {
        const { cell, range } = cellAt(it);
        const { text: textInFile } = editInFile(cell, { ...range, text: it.text });
        return { range: place(it), text: it.text, textInFile };
      });
    },
  };
}
