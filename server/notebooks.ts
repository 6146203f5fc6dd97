/** Follows the client's notebooks: which cells there are, in which order, and what stands in them. */

import type { Connection, NotebookCell } from "vscode-languageserver";
import { liveText, type LiveText } from "./live-text.js";
import { createUnit, isPython, type Unit } from "./units.js";

export interface NotebookSync {
  tell(event: "opened" | "changed" | "saved" | "closed" | "notebookOpened" | "notebookClosed", uri: string): void;
  recheck(): void;
  forget(uri: string): void;
}

interface Notebook {
  readonly unit: Unit;
  /** All cells the client speaks of, in order. */
  cells: readonly NotebookCell[];
  readonly texts: Map<string, LiveText>;
}

/** What was run in an interactive window is history; nobody goes back to improve it. */
const INTERACTIVE = "interactive";

export function syncNotebooks(
  connection: Connection,
  units: Map<string, Unit>,
  { tell, recheck, forget }: NotebookSync,
): void {
  const notebooks = new Map<string, Notebook>();
  const { synchronization } = connection.notebooks;

  const open = (
    notebook: Notebook,
    documents: readonly { uri: string; languageId: string; version: number; text: string }[],
  ) => {
    for (const { uri, languageId, version, text } of documents)
      notebook.texts.set(uri, liveText(uri, languageId, version, text));
  };

  /** Brings the unit in line with cells and texts; cells that left it are closed, new ones opened. */
  const settle = ({ unit, cells, texts }: Notebook) => {
    const before = unit.documents;
    unit.documents = cells
      .map((it) => texts.get(it.document))
      .filter((it) => it !== undefined && isPython(it)) as LiveText[];
    unit.isStale = true;
    const left = before.filter(({ uri }) => !unit.documents.some((it) => it.uri === uri));
    const joined = unit.documents.filter((it) => !before.includes(it));
    for (const { uri } of left) units.delete(uri);
    for (const { uri } of joined) units.set(uri, unit);
    for (const { uri } of left) tell("closed", uri);
    for (const { uri } of joined) tell("opened", uri);
  };

  synchronization.onDidOpenNotebookDocument(({ notebookDocument: { uri, notebookType, cells }, cellTextDocuments }) => {
    if (notebookType === INTERACTIVE) return;
    const notebook: Notebook = { unit: createUnit(uri, "notebook", []), cells, texts: new Map() };
    notebooks.set(uri, notebook);
    open(notebook, cellTextDocuments);
    recheck();
    tell("notebookOpened", uri);
    settle(notebook);
  });

  synchronization.onDidChangeNotebookDocument(({ notebookDocument: { uri }, change: { cells: change } }) => {
    const notebook = notebooks.get(uri);
    if (!notebook || !change) return;
    const { structure, data = [], textContent = [] } = change;
    if (structure) {
      const { start, deleteCount, cells = [] } = structure.array;
      notebook.cells = notebook.cells.toSpliced(start, deleteCount, ...cells);
      for (const { uri: closed } of structure.didClose ?? []) notebook.texts.delete(closed);
      open(notebook, structure.didOpen ?? []);
    }
    for (const cell of data) notebook.cells = notebook.cells.map((it) => (it.document === cell.document ? cell : it));
    for (const { document, changes } of textContent) {
      const text = notebook.texts.get(document.uri);
      if (text) for (const it of changes) text.apply(it, document.version);
    }
    notebook.unit.isDirty = true;
    settle(notebook);
    for (const { uri: cell } of notebook.unit.documents) tell("changed", cell);
  });

  synchronization.onDidSaveNotebookDocument(({ notebookDocument: { uri } }) => {
    const notebook = notebooks.get(uri);
    if (!notebook) return;
    notebook.unit.isDirty = false;
    recheck();
    for (const { uri: cell } of notebook.unit.documents) tell("saved", cell);
  });

  synchronization.onDidCloseNotebookDocument(({ notebookDocument: { uri } }) => {
    const notebook = notebooks.get(uri);
    if (!notebook) return;
    notebooks.delete(uri);
    notebook.cells = [];
    settle(notebook);
    forget(uri);
    tell("notebookClosed", uri);
  });
}
