/** Turning a rule off for a whole project: where it is written, and the edit that writes it. */

import type { WorkspaceEdit } from "vscode-languageserver";
import { fileEdit, newFile } from "../convert.js";
import { levelEdits } from "../level-edit.js";
import type { Opened } from "../opened.js";
import type { Session } from "../session.js";
import { joined } from "../uris.js";

export interface LevelChange {
  /** For the action's title. */
  readonly place: string;
  readonly edit: WorkspaceEdit;
}

/** In the project's own configuration, else in its pyproject.toml, else in a new nippy.toml in the workspace folder. */
export async function turnOff(session: Session, opened: Opened, rule: string): Promise<LevelChange | undefined> {
  const { analyzer, client, documents, settings } = session;
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
