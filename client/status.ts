/** The entries in the editor's language status: what became of the file in front and how long it took, and the Python and libraries it is checked for. */

import {
  l10n,
  languages,
  LanguageStatusSeverity,
  type LanguageStatusItem,
  window,
  workspace,
  type Command,
  type Disposable,
  type DocumentFilter,
} from "vscode";
import type { Status, TargetNote } from "../server/protocol.js";
import { targetText } from "./target-text.js";

export type ServerState = "starting" | "running" | "failed" | "stopped";

export interface StatusItem extends Disposable {
  serverIs(state: ServerState): void;
  server(): ServerState;
  /** News of one document. */
  tell(news: Status): void;
}

interface Face {
  readonly text: string;
  readonly detail?: string;
  readonly severity?: LanguageStatusSeverity;
  readonly busy?: boolean;
  readonly command: Command;
}

const showLogs: Command = { command: "nippy.showLogs", title: l10n.t("Show Logs") };
const restart: Command = { command: "nippy.restart", title: l10n.t("Restart") };
const settings = (query: string): Command => ({
  command: "workbench.action.openSettings",
  title: l10n.t("Settings"),
  arguments: [query],
});

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
    const { text, detail, severity, busy, command } = faceOf(server, news);
    item.text = `Nippy: ${text}`;
    item.detail = detail ?? "";
    item.severity = severity ?? LanguageStatusSeverity.Information;
    item.busy = busy ?? false;
    item.command = command;
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

function faceOf(server: ServerState, news: Status | undefined): Face {
  if (server === "starting") return { text: l10n.t("starting"), busy: true, command: showLogs };
  if (server === "failed")
    return { text: l10n.t("could not start"), severity: LanguageStatusSeverity.Error, command: showLogs };
  if (server === "stopped")
    return { text: l10n.t("not running"), severity: LanguageStatusSeverity.Warning, command: restart };
  switch (news?.state) {
    case undefined:
      return { text: l10n.t("ready"), command: showLogs };
    case "analysing":
      return { text: l10n.t("looking"), busy: true, command: showLogs };
    case "ready":
      return { text: counted(news.findings), detail: `${milliseconds(news.milliseconds)} ms`, command: showLogs };
    case "off":
      return { text: l10n.t("off for this file"), command: settings("nippy.enable nippy.exclude") };
    case "tooLarge":
      return {
        text: l10n.t("file too large"),
        severity: LanguageStatusSeverity.Warning,
        command: settings("nippy.maxFileSize"),
      };
    case "error":
      return { text: l10n.t("failed on this file"), severity: LanguageStatusSeverity.Error, command: showLogs };
  }
}

function counted(findings: number): string {
  if (findings === 0) return l10n.t("no findings");
  return findings === 1 ? l10n.t("1 finding") : l10n.t("{0} findings", findings);
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
