/** Files that are not open, seen as if they were: for what is done once and then let go. */

import {
  isNotebook,
  joinCells,
  placeInFile,
  readNotebook,
  type Analyzer,
  type NotebookCell,
} from "../analysis/analyzer.js";
import type { Opened, Part, Place } from "./opened.js";
import type { Session } from "./session.js";
import type { ResourceSettings } from "./settings.js";
import { linesOf } from "./units.js";
import { isInstalled, pathOf } from "./uris.js";

export function closedView(
  analyzer: Analyzer,
  uri: string,
  text: string,
  { analysis, known }: Pick<ResourceSettings, "analysis" | "known">,
): Pick<Opened, "part" | "parts" | "snapshot"> {
  const snapshot = analyzer.open(text, analysis, pathOf(uri), new Set(known));
  const part: Part = { uri, version: null, lines: linesOf(snapshot), start: 0, end: text.length };
  return { part, parts: [part], snapshot };
}

/** A part of a notebook that is not open: its lines and columns are those of the file. */
export interface ClosedCell extends Place {
  readonly cell: NotebookCell;
}

/** @returns undefined for what is no notebook, or not one of Python, or holds more code than is analysed */
export function closedNotebook(
  analyzer: Analyzer,
  uri: string,
  text: string,
  { analysis, known, maxFileSize }: Pick<ResourceSettings, "analysis" | "known" | "maxFileSize">,
): (Pick<Opened, "snapshot"> & { readonly parts: readonly ClosedCell[] }) | undefined {
  const notebook = readNotebook(text);
  if (!("cells" in notebook)) return undefined;
  const { text: code, cells: places } = joinCells(notebook.cells.map((it) => it.source));
  if (code.length > maxFileSize * 1024) return undefined;
  const snapshot = analyzer.open(code, analysis, pathOf(uri), new Set(known));
  const parts = notebook.cells.map(
    (cell, index): ClosedCell => ({ uri, cell, lines: fileLines(cell), ...places[index]! }),
  );
  return { snapshot, parts };
}

function fileLines(cell: NotebookCell): Place["lines"] {
  return {
    positionAt(offset) {
      const { line, column } = placeInFile(cell, offset);
      return { line, character: column };
    },
  };
}

/** As the editor has it, else as it lies there; undefined for what is not analysed. */
export async function openedOrRead(session: Session, uri: string): Promise<Opened | undefined> {
  const open = await session.documents.find(uri);
  if (open) return open.state === "ready" ? open : undefined;
  const settings = await session.settings.ofClosed(uri);
  // An edit of a notebook's file would be one of its JSON: it has to be opened first.
  if (settings.isOff || isInstalled(uri) || isNotebook(uri)) return undefined;
  const text = await session.files.readFile(uri, settings.maxFileSize * 1024);
  if (text === undefined) return undefined;
  return {
    state: "ready",
    kind: "file",
    uri,
    ...closedView(session.analyzer, uri, text, settings),
    id: "closed",
    settings,
    areas: [{ start: 0, end: text.length }],
    isDirty: false,
  };
}
