/** Writes repaired cells back into the text of their notebook, which stays as it is everywhere else, and shows what has changed, cell by cell. */

import { diffArrays } from "diff";
import {
  applyEdits,
  difference,
  editInFile,
  joinCells,
  readNotebook,
  type NotebookCell,
  type TextEdit,
} from "../analysis/analyzer.js";
import { unifiedDiff } from "../host/unified-diff.js";

/** @returns undefined where the cells that are then read are not the ones that were to be written: better none than a damaged notebook */
export function rewritten(
  file: string,
  cells: readonly NotebookCell[],
  sources: readonly string[],
): { readonly text: string; readonly cells: readonly NotebookCell[] } | undefined {
  const edits = cells.flatMap((cell, index) =>
    lineEdits(cell.source, sources[index]!).map((it) => editInFile(cell, it)),
  );
  const text = applyEdits(file, edits);
  const read = readNotebook(text);
  return "cells" in read && isSame(read.cells, sources) ? { text, cells: read.cells } : undefined;
}

function isSame(cells: readonly NotebookCell[], sources: readonly string[]): boolean {
  return cells.length === sources.length && cells.every((it, index) => it.source === sources[index]);
}

/** What is Python in the cells, as one text. */
export function joined(cells: readonly NotebookCell[]): string {
  return joinCells(cells.map((it) => it.source)).text;
}

/** Line by line, so that what stands between two changes keeps its bytes; in a changed line only what is another. */
function lineEdits(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const edits: TextEdit[] = [];
  let at = 0;
  let gone = "";
  let come = "";
  const close = () => {
    for (const it of difference(gone, come)) edits.push({ start: at + it.start, end: at + it.end, text: it.text });
    at += gone.length;
    gone = come = "";
  };
  for (const { added, removed, value } of diffArrays(linesOf(before), linesOf(after))) {
    const text = value.join("");
    if (added) come += text;
    else if (removed) gone += text;
    else {
      close();
      at += text.length;
    }
  }
  close();
  return edits;
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

export function cellDiffs(path: string, cells: readonly NotebookCell[], sources: readonly string[]): string {
  const ended = (it: string) => (it === "" || it.endsWith("\n") ? it : `${it}\n`);
  return cells
    .map(({ number, source }, index) => {
      const after = sources[index]!;
      return source === after ? "" : unifiedDiff(`${path}:cell ${number}`, ended(source), ended(after));
    })
    .join("");
}
