/** What is analysed as one, a file or a notebook, with the snapshot that follows its text edit by edit. */

import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Analyzer, Range, Snapshot, TextEdit } from "../analysis/analyzer.js";
import { difference } from "./difference.js";
import { joinCells } from "./notebook-text.js";
import type { Opened, Part, Silent } from "./opened.js";
import type { ResourceSettings } from "./settings.js";
import { isInstalled, isPythonFile, pathOf, showsHistory } from "./uris.js";

export interface Unit {
  readonly uri: string;
  readonly kind: "file" | "notebook";
  /** The Python texts in order: one of a file, one for each code cell of a notebook. */
  documents: readonly TextDocument[];
  isDirty: boolean;
  /** Edits of a file since its snapshot. A notebook compares its joined text instead: what one cell hides can change with another. */
  pending: TextEdit[];
  /** The notebook's cells changed since its snapshot. */
  isStale: boolean;
  held?: Held;
}

interface Held {
  readonly snapshot: Snapshot;
  readonly settings: ResourceSettings;
  readonly id: string;
  readonly text: string;
  readonly places: readonly Range[];
  readonly hidden: readonly Range[];
}

export function createUnit(uri: string, kind: Unit["kind"], documents: readonly TextDocument[]): Unit {
  return { uri, kind, documents, isDirty: false, pending: [], isStale: false };
}

export function isPython(document: TextDocument): boolean {
  return (document.languageId === "python" || isPythonFile(document.uri)) && !showsHistory(document.uri);
}

export type Look = (unit: Unit, asked: string, settings: ResourceSettings) => Opened | Silent;

/** Brings a unit's snapshot up to its text and settings, and shows it from the document that was asked for. */
export function createLook(analyzer: Analyzer, tooLarge: (unit: Unit, limit: number) => void): Look {
  // Result ids of an earlier session must not look like ours.
  const session = Date.now().toString(36);
  let made = 0;

  const hold = (unit: Unit, settings: ResourceSettings): Held => {
    const before = unit.held;
    const isRight = before?.settings.analysis === settings.analysis;
    if (before && isRight && unit.pending.length === 0 && !unit.isStale) return before;

    const joined = textOf(unit);
    const { pending } = unit;
    // Nothing is held while the analyzer works: should it throw, the next request starts from the text again.
    drop(unit);
    const snapshot =
      before && isRight
        ? analyzer.edit(before.snapshot, unit.kind === "file" ? pending : difference(before.text, joined.text))
        : analyzer.open(joined.text, settings.analysis, pathOf(unit.uri));
    unit.held = { ...joined, snapshot, settings, id: `${session}.${++made}` };
    return unit.held;
  };

  return (unit, asked, settings) => {
    if (settings.isOff || isInstalled(unit.uri)) {
      drop(unit);
      return { state: "off" };
    }
    if (unit.documents.reduce((sum, it) => sum + it.getText().length, 0) > settings.maxFileSize * 1024) {
      drop(unit);
      tooLarge(unit, settings.maxFileSize);
      return { state: "tooLarge" };
    }
    const { snapshot, id, places, hidden } = hold(unit, settings);
    const parts = unit.documents.map((lines, index): Part => ({ uri: lines.uri, version: lines.version, lines, ...places[index]! }));
    const part = parts.find((it) => it.uri === asked);
    if (!part) return { state: "off" };
    return { state: "ready", kind: unit.kind, uri: unit.uri, part, parts, snapshot, id, settings, hidden, isDirty: unit.isDirty };
  };
}

function drop(unit: Unit): void {
  delete unit.held;
  unit.pending = [];
  unit.isStale = false;
}

function textOf(unit: Unit): Pick<Held, "text" | "places" | "hidden"> {
  const texts = unit.documents.map((it) => it.getText());
  if (unit.kind === "file") return { text: texts[0] ?? "", places: [{ start: 0, end: texts[0]?.length ?? 0 }], hidden: [] };
  const { text, cells, hidden } = joinCells(texts);
  return { text, places: cells, hidden };
}
