/** The commands in the palette. Each is a few lines; what they need is handed in. */

import {
  commands,
  languages,
  ProgressLocation,
  Uri,
  ViewColumn,
  window,
  workspace,
  type CodeAction,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
} from "vscode";
import { ANALYSE_WORKSPACE, FIX_ALL, OPEN_GUIDE, type Analysed } from "../server/protocol.js";
import type { Guide } from "./guide.js";
import type { Session } from "./session.js";
import { insertSnippet, newFromTemplate } from "./snippets.js";

export interface Parts {
  readonly session: Session;
  readonly guide: Guide;
  readonly log: LogOutputChannel;
}

export function registerCommands(context: ExtensionContext, { session, guide, log }: Parts): readonly Disposable[] {
  // Arguments come from links too, so their shape is not known.
  const handlers: Readonly<Record<string, (argument: unknown) => unknown>> = {
    [OPEN_GUIDE]: (anchor) => (typeof anchor === "string" ? guide.open(anchor) : guide.pick()),
    "nippy.searchGuide": (query) => guide.search(typeof query === "string" ? query : undefined),
    "nippy.search": () => guide.find("everything"),
    "nippy.searchRules": () => guide.find("rules"),
    "nippy.explainRule": (name) => {
      const rule = typeof name === "string" ? name : ruleAtCursor();
      return rule === undefined ? guide.find("rules") : guide.open(`rule:${rule}`);
    },
    "nippy.fixAll": fixAll,
    "nippy.analyseWorkspace": () => analyseWorkspace(session),
    "nippy.insertSnippet": (name) => insertSnippet(session, typeof name === "string" ? name : undefined),
    "nippy.newFile": () => newFromTemplate(session),
    "nippy.openSample": () => openSample(context),
    "nippy.showWalkthrough": () =>
      commands.executeCommand("workbench.action.openWalkthrough", `${context.extension.id}#start`, false),
    "nippy.restart": () => session.restart(),
    "nippy.showLogs": () => log.show(),
  };
  return Object.entries(handlers).map(([name, handler]) => commands.registerCommand(name, handler));
}

function ruleAtCursor(): string | undefined {
  const editor = window.activeTextEditor;
  if (editor === undefined) return undefined;
  const here = languages
    .getDiagnostics(editor.document.uri)
    .find((it) => it.source === "nippy" && it.range.contains(editor.selection.active));
  const code = typeof here?.code === "object" ? here.code.value : here?.code;
  return code === undefined ? undefined : String(code);
}

async function fixAll(): Promise<void> {
  // From the walkthrough no text editor is active, but the sample stands beside it.
  const editor =
    window.activeTextEditor ?? window.visibleTextEditors.find(({ document }) => document.languageId === "python");
  if (editor === undefined) return;
  const { document, selection } = editor;
  const kind = document.uri.scheme === "vscode-notebook-cell" ? `notebook.${FIX_ALL}` : FIX_ALL;
  const actions = await commands.executeCommand<readonly CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    selection,
    kind,
    1,
  );
  const edit = actions.find((it) => it.edit !== undefined)?.edit;
  if (edit === undefined) void window.showInformationMessage("Nippy has no safe fix for this file.");
  else await workspace.applyEdit(edit);
}

async function analyseWorkspace(session: Session): Promise<Analysed> {
  const options = { location: ProgressLocation.Notification, title: "Nippy", cancellable: true };
  const { files, findings, isComplete } = await window.withProgress(options, (progress, token) =>
    session.run<Analysed>(ANALYSE_WORKSPACE, undefined, { progress, token }),
  );
  const extent = isComplete ? `${files} files that are not open` : "the part of the workspace that was looked at";
  void window.showInformationMessage(`Nippy has ${findings} findings in ${extent}.`);
  return { files, findings, isComplete };
}

/** An unsaved copy: the user may change it, and the extension's own file stays as it is. */
async function openSample(context: ExtensionContext): Promise<void> {
  const bytes = await workspace.fs.readFile(Uri.joinPath(context.extensionUri, "assets", "sample.py"));
  const document = await workspace.openTextDocument({ language: "python", content: new TextDecoder().decode(bytes) });
  // Beside the walkthrough that tells to open it; in place of a file.
  const isBesidePage = window.activeTextEditor === undefined && window.tabGroups.activeTabGroup.activeTab !== undefined;
  await window.showTextDocument(document, isBesidePage ? ViewColumn.Beside : ViewColumn.Active);
}
