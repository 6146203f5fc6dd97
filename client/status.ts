/** The entries in the editor's language status: what became of the file in front and how long it took, and the Python and libraries it is checked for. */

import {
  l10n,
  languages,
  LanguageStatusSeverity,
  type LanguageStatusItem,
  Uri,
  window,
  workspace,
  type Command,
  type Disposable,
  type DocumentFilter,
} from "vscode";
import type { Status, TargetNote } from "../server/protocol.js";
import { faceOf, type Face, type ServerState } from "./status-face.js";
import { targetText } from "./target-text.js";

export interface StatusItem extends Disposable {
  serverIs(state: ServerState): void;
  server(): ServerState;
  /** News of one document. */
  tell(news: Status): void;
}

const showLogs: Command = { command: "nippy.showLogs", title: l10n.t("Show Logs") };
const startServer: Command = { command: "nippy.start", title: l10n.t("Start") };
const settings = (query: string): Command => ({
  command: "workbench.action.openSettings",
  title: l10n.t("Settings"),
  arguments: [query],
});

const SEVERITIES = { warning: LanguageStatusSeverity.Warning, error: LanguageStatusSeverity.Error };

function commandOf(does: Face["does"]): Command {
  if (does === "showLogs") return showLogs;
  return does === "start" ? startServer : settings(does.settings);
}

export function createStatusItem(selector: readonly DocumentFilter[]): StatusItem {
  const item = languages.createLanguageStatusItem("nippy", selector);
  item.name = "Nippy";
  const target = languages.createLanguageStatusItem("nippy.target", []);
  target.name = l10n.t("Nippy: checked for");
  target.command = settings("nippy.python");
  // The item is seen only where there is Python, and then the server is started.
  let server: ServerState = "starting";
  /** The last news of each open document. */
  const known = new Map<string, Status>();

  const show = (): void => {
    const news = newsInFront(known);
    const shown = (uri: string) => workspace.asRelativePath(Uri.parse(uri));
    const { text, detail, severity, busy, does } = faceOf(server, news, l10n.t, shown);
    item.text = `Nippy: ${text}`;
    item.detail = detail ?? "";
    item.severity = severity === undefined ? LanguageStatusSeverity.Information : SEVERITIES[severity];
    item.busy = busy ?? false;
    item.command = commandOf(does);
    item.accessibilityInformation = { label: detail === undefined ? item.text : `${item.text}, ${detail}` };
    showTarget(target, news?.target, selector);
  };

  const listeners = [
    window.onDidChangeActiveTextEditor(show),
    window.onDidChangeActiveNotebookEditor(show),
    workspace.onDidCloseTextDocument(({ uri }) => known.delete(uri.toString())),
    workspace.onDidCloseNotebookDocument(({ uri }) => known.delete(uri.toString())),
  ];
  show();

  return {
    serverIs(state) {
      server = state;
      if (state !== "running") known.clear();
      show();
    },
    server: () => server,
    tell(news) {
      known.set(news.uri, news);
      show();
    },
    dispose() {
      listeners.forEach((it) => void it.dispose());
      item.dispose();
      target.dispose();
    },
  };
}

/** Shown only where there is something to say: an empty selector fits no document. */
function showTarget(item: LanguageStatusItem, note: TargetNote | undefined, selector: readonly DocumentFilter[]): void {
  item.selector = note ? selector : [];
  if (!note) return;
  const { text, detail } = targetText(note, l10n.t);
  item.text = text;
  item.detail = detail;
  item.accessibilityInformation = { label: `${text}, ${detail}` };
}

/** A notebook is told of as one, so a cell may be known by its notebook. */
function newsInFront(known: ReadonlyMap<string, Status>): Status | undefined {
  const file = window.activeTextEditor?.document.uri.toString();
  const notebook = window.activeNotebookEditor?.notebook.uri.toString();
  return (
    (file === undefined ? undefined : known.get(file)) ?? (notebook === undefined ? undefined : known.get(notebook))
  );
}
