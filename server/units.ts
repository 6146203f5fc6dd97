/** What is analysed as one, a file or a notebook, with the snapshot that follows its text edit by edit. */

import {
  difference,
  formatOf,
  joinCells,
  type Analyzer,
  type Range,
  type Snapshot,
  type TextEdit,
} from "../analysis/analyzer.js";
import type { LiveText } from "./live-text.js";
import type { Opened, Part, Silent } from "./opened.js";
import type { ResourceSettings } from "./settings.js";
import { isInstalled, isPythonFile, pathOf, showsHistory } from "./uris.js";

export interface Unit {
  readonly uri: string;
  readonly kind: "file" | "notebook";
  /** The Python texts in order: one of a file, one for each code cell of a notebook. */
  documents: readonly LiveText[];
  isDirty: boolean;
  /** Edits of a file since its snapshot. A notebook compares its joined text instead: what one cell hides can change with another. */
  pending: TextEdit[];
  /** The notebook's cells changed since its snapshot. */
  isStale: boolean;
  held?: Held;
}

/** A snapshot and where the documents lie in it. */
interface Seen {
  readonly snapshot: Snapshot;
  readonly places: readonly Range[];
  readonly areas: readonly Range[];
}

interface Held extends Seen {
  readonly settings: ResourceSettings;
  readonly id: string;
}

export function createUnit(uri: string, kind: Unit["kind"], documents: readonly LiveText[]): Unit {
  return { uri, kind, documents, isDirty: false, pending: [], isStale: false };
}

/** Python, or what describes a project: see analysis/configuration. */
export function isAnalysed(document: Pick<LiveText, "uri" | "languageId">): boolean {
  return isPython(document) || (formatOf(pathOf(document.uri)) !== undefined && !showsHistory(document.uri));
}

export function isPython(document: Pick<LiveText, "uri" | "languageId">): boolean {
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
    const isRight = before?.settings.analysis === settings.analysis && before.settings.known === settings.known;
    if (before && isRight && unit.pending.length === 0 && !unit.isStale) return before;

    const { pending } = unit;
    const reusable = isRight ? before : undefined;
    // Nothing is held while the analyzer works: should it throw, the next request starts from the text again.
    drop(unit);
    unit.held = {
      ...(unit.kind === "file" ? holdFile(unit, reusable, pending, settings) : holdNotebook(unit, reusable, settings)),
      settings,
      id: `${session}.${++made}`,
    };
    return unit.held;
  };

  /** The snapshot takes over from the document: it can tell lines and text without going through the file. */
  const holdFile = (
    { uri, documents }: Unit,
    before: Held | undefined,
    pending: readonly TextEdit[],
    settings: ResourceSettings,
  ): Seen => {
    const [document] = documents;
    const snapshot = before
      ? analyzer.edit(before.snapshot, pending)
      : analyzer.open(document!.getText(), settings.analysis, pathOf(uri), new Set(settings.known));
    document!.adopt(snapshot);
    const whole = [{ start: 0, end: document!.length }];
    return { snapshot, places: whole, areas: whole };
  };

  const holdNotebook = ({ uri, documents }: Unit, before: Held | undefined, settings: ResourceSettings): Seen => {
    const { text, cells, areas } = joinCells(documents.map((it) => it.getText()));
    const snapshot = before
      ? analyzer.edit(before.snapshot, difference(before.snapshot.text, text))
      : analyzer.open(text, settings.analysis, pathOf(uri), new Set(settings.known));
    return { snapshot, places: cells, areas };
  };

  return (unit, asked, settings) => {
    if (settings.isOff || isInstalled(unit.uri)) {
      drop(unit);
      return { state: "off" };
    }
    if (unit.documents.reduce((sum, it) => sum + it.length, 0) > settings.maxFileSize * 1024) {
      drop(unit);
      tooLarge(unit, settings.maxFileSize);
      return { state: "tooLarge" };
    }
    const { snapshot, id, places, areas } = hold(unit, settings);
    const parts = unit.documents.map(
      (it, index): Part => ({
        uri: it.uri,
        version: it.version,
        lines: unit.kind === "file" ? linesOf(snapshot) : it,
        ...places[index]!,
      }),
    );
    const part = parts.find((it) => it.uri === asked);
    if (!part) return { state: "off" };
    return {
      state: "ready",
      kind: unit.kind,
      uri: unit.uri,
      part,
      parts,
      snapshot,
      id,
      settings,
      areas,
      isDirty: unit.isDirty,
    };
  };
}

function drop(unit: Unit): void {
  delete unit.held;
  unit.pending = [];
  unit.isStale = false;
}

/** Lines and columns of the snapshot itself: what is answered must not follow edits that came in meanwhile. */
export function linesOf({ lines }: Snapshot): Part["lines"] {
  return {
    offsetAt: ({ line, character }) => lines.offsetAt({ line, column: Math.max(0, character) }),
    positionAt(offset) {
      const { line, column } = lines.positionAt(offset);
      return { line, character: column };
    },
  };
}
