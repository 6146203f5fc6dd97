/** The commands around snippets: choosing one of all, inserting one by name, and beginning a file from a template. */

import { l10n, QuickPickItemKind, SnippetString, window, workspace, type QuickPickItem, type TextEditor } from "vscode";
import { SNIPPETS, type SnippetsParams, type SnippetSummary } from "../server/protocol.js";
import { newPackage } from "./new-package.js";
import type { Session } from "./session.js";

interface SnippetItem extends QuickPickItem {
  readonly snippet?: SnippetSummary;
}

/** Into the editor at hand if it holds the snippet's language, else into a new file. */
export async function insertSnippet(session: Session, name: string | undefined): Promise<void> {
  // From the guide or the walkthrough no text editor is active, but one may stand beside.
  const editor =
    window.activeTextEditor ?? window.visibleTextEditors.find(({ document }) => document.languageId === "python");
  const known = summaries(session, editor);
  const chosen =
    name === undefined ? await pick(known, l10n.t("Insert a snippet")) : (await known).find((it) => it.name === name);
  if (chosen === undefined) {
    if (name !== undefined) void window.showWarningMessage(l10n.t("Nippy has no snippet called {0}.", name));
    return;
  }
  if (editor === undefined || editor.document.languageId !== chosen.language) return openWith(chosen, editor);
  await window.showTextDocument(editor.document, editor.viewColumn);
  await editor.insertSnippet(new SnippetString(chosen.body));
}

export async function newFromTemplate(session: Session): Promise<void> {
  const all = summaries(session, window.activeTextEditor);
  const wholePackage: SnippetItem = {
    label: l10n.t("Python package"),
    description: l10n.t("a folder"),
    detail: l10n.t("pyproject.toml, a package below src with an entry point, a first test and a README"),
  };
  const items = all.then((found): SnippetItem[] => [
    ...itemsOf(found.filter((it) => it.isFileTemplate)),
    { label: "", kind: QuickPickItemKind.Separator },
    wholePackage,
  ]);
  const chosen = await window.showQuickPick<SnippetItem>(items, {
    title: l10n.t("New file from a template"),
    ...howToMatch(),
  });
  if (chosen === wholePackage) await newPackage(await all);
  else if (chosen?.snippet) await openWith(chosen.snippet, undefined);
}

function summaries(session: Session, editor: TextEditor | undefined): Promise<readonly SnippetSummary[]> {
  const params: SnippetsParams =
    editor?.document.languageId === "python" ? { uri: editor.document.uri.toString() } : {};
  return session.ask<readonly SnippetSummary[]>(SNIPPETS, params);
}

async function pick(snippets: Promise<readonly SnippetSummary[]>, title: string): Promise<SnippetSummary | undefined> {
  return (await window.showQuickPick<SnippetItem>(snippets.then(itemsOf), { title, ...howToMatch() }))?.snippet;
}

function howToMatch() {
  return { placeHolder: l10n.t("Search by name or words"), matchOnDescription: true, matchOnDetail: true };
}

function itemsOf(snippets: readonly SnippetSummary[]): SnippetItem[] {
  const families = [...new Set(snippets.map((it) => it.family))];
  return families.flatMap((family): SnippetItem[] => [
    { label: family.replaceAll("-", " "), kind: QuickPickItemKind.Separator },
    ...snippets
      .filter((it) => it.family === family)
      .map((it) => ({ label: it.name, description: it.title, detail: it.description, snippet: it })),
  ]);
}

/** The selection stays behind in the other editor, so its text is put in here. */
async function openWith({ language, body }: SnippetSummary, from: TextEditor | undefined): Promise<void> {
  const selected = from?.document.getText(from.selection) ?? "";
  const document = await workspace.openTextDocument({ language, content: "" });
  const editor = await window.showTextDocument(document);
  await editor.insertSnippet(new SnippetString(selected === "" ? body : withSelection(body, selected)));
}

const VARIABLE = /\$TM_SELECTED_TEXT\b|\$\{TM_SELECTED_TEXT(?::(?:[^{}\\]|\\.|\{(?!TM_)[^{}]*\})*)?\}/g;

function withSelection(body: string, selected: string): string {
  const escaped = selected.replace(/[\\$}]/g, "\\$&");
  return body.replace(VARIABLE, () => escaped);
}
