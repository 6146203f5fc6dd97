/** What silences a rule or a finding for everybody in the project: where it is written, and the edit that writes it. */

import type { WorkspaceEdit } from "vscode-languageserver";
import { fileEdit, newFile } from "../convert.js";
import { writeBaseline } from "../../analysis/analyzer.js";
import { levelEdits } from "../level-edit.js";
import type { Opened } from "../opened.js";
import type { Session } from "../session.js";
import { joined, relativeTo } from "../uris.js";

export interface LevelChange {
  /** For the action's title. */
  readonly place: string;
  readonly edit: WorkspaceEdit;
}

/** In the project's own configuration, else in its pyproject.toml, else in a new nippy.toml in the workspace folder. */
export async function turnOff(session: Session, opened: Opened, rule: string): Promise<LevelChange | undefined> {
  const { analyzer, client, documents, settings } = session;
  const { preference } = await settings.of(opened.uri);
  // Nobody would read it.
  if (preference === "editorOnly") return undefined;
  const { source, pyproject } = await settings.project(opened.uri);
  const file = source ?? pyproject;
  if (file) {
    // The editor may hold changes that are not on disk yet.
    const open = documents.text(file.uri);
    const text = open?.text ?? file.text;
    const edits = levelEdits(text, file.name, rule, "off", analyzer.rules);
    return (
      edits && { place: file.name, edit: fileEdit(file.uri, open?.version ?? null, text, edits, client.versionedEdits) }
    );
  }
  const folder = settings.folderOf(opened.uri);
  if (folder === undefined || !client.createsFiles) return undefined;
  return { place: "a new nippy.toml", edit: newFile(joined(folder, "nippy.toml"), `[levels]\n"${rule}" = "off"\n`) };
}

/** The project lives with a finding for now. Only where it has a baseline: to begin one is a decision about all findings. */
export async function intoBaseline(
  { client, documents, settings }: Session,
  opened: Opened,
  rule: string,
  fingerprint: string | undefined,
): Promise<WorkspaceEdit | undefined> {
  const found = await settings.baseline(opened.uri);
  const path = found && relativeTo(found.folder, opened.uri);
  if (!found || path === undefined || fingerprint === undefined) return undefined;
  const open = documents.text(found.uri);
  // What the editor holds of it unsaved is somebody's work.
  if (open && open.text !== found.text) return undefined;
  const ofFile = new Map(found.entries.get(path));
  ofFile.set(rule, [...(ofFile.get(rule) ?? []), fingerprint]);
  const text = writeBaseline(new Map(found.entries).set(path, ofFile));
  const edits = [{ start: 0, end: found.text.length, text }];
  return fileEdit(found.uri, open?.version ?? null, found.text, edits, client.versionedEdits);
}
