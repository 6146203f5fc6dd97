/** Files that are not open, seen as if they were: for what is done once and then let go. */

import type { Analyzer } from "../analysis/analyzer.js";
import type { Opened, Part } from "./opened.js";
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

/** As the editor has it, else as it lies there; undefined for what is not analysed. */
export async function openedOrRead(session: Session, uri: string): Promise<Opened | undefined> {
  const open = await session.documents.find(uri);
  if (open) return open.state === "ready" ? open : undefined;
  const settings = await session.settings.ofClosed(uri);
  if (settings.isOff || isInstalled(uri)) return undefined;
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
