/** "Nippy: Show Effective Configuration": what holds for the file in front, in a document that cannot be edited. */

import { commands, EventEmitter, Uri, window, workspace, type Disposable } from "vscode";
import { EFFECTIVE_CONFIGURATION } from "../server/protocol.js";
import type { Session } from "./session.js";

const SCHEME = "nippy-configuration";

export function registerEffectiveConfiguration(session: Session): readonly Disposable[] {
  const changed = new EventEmitter<Uri>();
  return [
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: ({ query }) => session.ask<string>(EFFECTIVE_CONFIGURATION, { uri: query }),
    }),
    commands.registerCommand("nippy.showConfiguration", async () => {
      // Without a file it is about the folder, as far as one is open.
      const about = window.activeTextEditor?.document.uri ?? workspace.workspaceFolders?.[0]?.uri;
      if (about === undefined || about.scheme === SCHEME) return;
      const name = about.path.split("/").at(-1) ?? "";
      const uri = Uri.from({ scheme: SCHEME, path: `/Configuration of ${name}`, query: about.toString() });
      // It may have been shown before, and the settings be others now.
      changed.fire(uri);
      const document = await workspace.openTextDocument(uri);
      await window.showTextDocument(document, { preview: true });
    }),
  ];
}
