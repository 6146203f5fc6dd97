/** The commands in the palette. Each is a few lines; what they need is handed in. */

import {
  commands,
  l10n,
  languages,
  Position,
  ProgressLocation,
  Selection,
  Uri,
  ViewColumn,
  window,
  workspace,
  type CodeAction,
  type Disposable,
  type ExtensionContext,
  type LogOutputChannel,
} from "vscode";
import {
  ANALYSE_WORKSPACE,
  FIX_ALL,
  FIXES_HERE,
  OPEN_GUIDE,
  SHOW_FIXES,
  type Analysed,
  type FixesHere,
} from "../server/protocol.js";
import { copyDebugInfo, reportIssue, type DebugInfo } from "./debug-info.js";
import type { Guide } from "./guide.js";
import type { Session } from "./session.js";
import { insertSnippet, newFromTemplate } from "./snippets.js";

export interface Parts {
  readonly session: Session;
  readonly guide: Guide;
  readonly log: LogOutputChannel;
  readonly debug: DebugInfo;
}

export function registerCommands(
  context: ExtensionContext,
  { session, guide, log, debug }: Parts,
): readonly Disposable[] {
  // Arguments come from links too, so their shape is not known.
  const handlers: Readonly<Record<string, (argument: unknown) => unknown>> = {
    [OPEN_GUIDE]: (anchor) => (typeof anchor === "string" ? guide.open(anchor) : guide.pick()),
    [SHOW_FIXES]: showFixes,
    "nippy.searchGuide": (query) => guide.search(typeof query === "string" ? query : undefined),
    "nippy.search": () => guide.find("everything"),
    "nippy.searchRules": () => guide.find("rules"),
    "nippy.explainRule": (name) => {
      const rule = typeof name === "string" ? name : ruleAtCursor();
      return rule === undefined ? guide.find("rules") : guide.open(`rule:${rule}`);
    },
    "nippy.fixAll": () => fixAll(session),
    "nippy.analyseWorkspace": () => analyseWorkspace(session),
    "nippy.insertSnippet": (name) => insertSnippet(session, typeof name === "string" ? name : undefined),
    "nippy.newFile": () => newFromTemplate(session),
    "nippy.openSample": () => openSample(context),
    "nippy.showWalkthrough": walkthrough(`${context.extension.id}#start`),
    "nippy.reportIssue": () => reportIssue(context, debug),
    "nippy.copyDebugInfo": () => copyDebugInfo(debug),
    "nippy.start": () => session.start(),
    "nippy.stop": () => session.halt(),
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

/** From a hover: the menu belongs to the place that the hover is about, not to where the cursor was. */
async function showFixes(argument: unknown): Promise<void> {
  const { uri, line, character } = (argument ?? {}) as Partial<Record<string, unknown>>;
  if (typeof line !== "number" || typeof character !== "number") return;
  const editor = window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
  if (editor === undefined) return;
  const place = editor.document.validatePosition(new Position(Math.max(0, line), Math.max(0, character)));
  editor.selection = new Selection(place, place);
  if (editor !== window.activeTextEditor && editor.viewColumn !== undefined)
    await window.showTextDocument(editor.document, { viewColumn: editor.viewColumn, selection: editor.selection });
  await commands.executeCommand("editor.action.quickFix");
}

function saidOf(applied: number, left: number): string {
  const said =
    applied === 0
      ? l10n.t("no safe fix here")
      : applied === 1
        ? l10n.t("1 fix applied")
        : l10n.t("{0} fixes applied", applied);
  return left === 0 ? said : `${said}, ${l10n.t("{0} to review left", left)}`;
}

/** In milliseconds: how long VS Code may take to read the walkthroughs of extensions, which it does when one is first asked for. */
const READING = 5500;

/** Asked for before VS Code has read ours, it shows its own instead. */
function walkthrough(id: string): () => Promise<void> {
  let ready: Promise<void> | undefined;
  const read = async () => {
    try {
      // Of a step that is not there: it changes nothing, and has the walkthroughs read.
      await commands.executeCommand("welcome.markStepIncomplete", `${id}#none`);
    } catch {
      // As said: there is no such step.
    }
    const options = { location: ProgressLocation.Window, title: l10n.t("Nippy: opening the walkthrough") };
    await window.withProgress(options, () => new Promise((resolve) => setTimeout(resolve, READING)));
  };
  return async () => {
    await (ready ??= read());
    await commands.executeCommand("workbench.action.openWalkthrough", id, false);
  };
}

async function fixAll(session: Session): Promise<FixesHere | undefined> {
  // From the walkthrough no text editor is active, but the sample stands beside it.
  const editor =
    window.activeTextEditor ?? window.visibleTextEditors.find(({ document }) => document.languageId === "python");
  if (editor === undefined) return undefined;
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
  const here = await session.ask<FixesHere>(FIXES_HERE, { uri: document.uri.toString() });
  const safe = edit !== undefined && (await workspace.applyEdit(edit)) ? here.safe : 0;
  window.setStatusBarMessage(`Nippy: ${saidOf(safe, here.review)}`, 8000);
  return { safe, review: here.review };
}

async function analyseWorkspace(session: Session): Promise<Analysed> {
  const options = { location: ProgressLocation.Notification, title: "Nippy", cancellable: true };
  const { files, findings, isComplete } = await window.withProgress(options, (progress, token) =>
    session.run<Analysed>(ANALYSE_WORKSPACE, undefined, { progress, token }),
  );
  void window.showInformationMessage(
    isComplete
      ? l10n.t("Nippy has {0} findings in {1} files that are not open.", findings, files)
      : l10n.t("Nippy has {0} findings in the part of the workspace that was looked at.", findings),
  );
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
