/** How the tests drive the window: write a file, open it, wait for what Nippy says about it. */

import assert from "node:assert/strict";
import * as vscode from "vscode";

/** Long enough for a cold start on a machine that is slow and busy: what takes longer hangs. */
const patience = 60_000;

/** Asks until the answer is defined. There is an event for some of what we wait for, but not for all of it. */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < deadline, `Waited ${patience / 1000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Writes a file into the workspace and shows it in an editor. */
export async function open(name: string, text: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(await write(name, text));
  return vscode.window.showTextDocument(document);
}

export async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(workspaceFolder().uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

export function workspaceFolder(): vscode.WorkspaceFolder {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "the window has a folder open");
  return folder;
}

/** What Nippy, and nobody else, reports in a document now. */
export function findings(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === "nippy");
}

/** The name of the rule behind a finding. */
export function ruleOf(finding: vscode.Diagnostic): string {
  const { code } = finding;
  return typeof code === "object" ? String(code.value) : String(code);
}

export function findingOf(rule: string, uri: vscode.Uri): Promise<vscode.Diagnostic> {
  return until(`${rule} in ${uri.path}`, () => findings(uri).find((finding) => ruleOf(finding) === rule));
}

/** Waits until Nippy no longer reports a rule in a document where it did. */
export async function untilGone(rule: string, uri: vscode.Uri): Promise<void> {
  await until(`${rule} to go away in ${uri.path}`, () =>
    findings(uri).some((finding) => ruleOf(finding) === rule) ? undefined : true,
  );
}

/** The manifest of the extension under test, as VS Code read it. */
export function manifest(): Manifest {
  const extension = vscode.extensions.getExtension("nippy.nippy");
  assert.ok(extension, "nippy.nippy is installed");
  return extension.packageJSON as Manifest;
}

export interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: boolean | string };
    readonly virtualWorkspaces: unknown;
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly snippets: readonly { readonly path: string }[];
  };
}

/**
 * Chooses the first code action of a kind at the cursor, as its menu does, and says yes to the preview that comes up.
 * VS Code takes what edits say of themselves away where extensions ask for them, so only its own command will do.
 */
export async function choosePreviewed(document: vscode.TextDocument, kind: string): Promise<void> {
  const before = document.getText();
  void vscode.commands.executeCommand("editor.action.codeAction", { kind, apply: "first" });
  await until(`what "${kind}" changes, after its preview`, async () => {
    // Before the preview is there, this does nothing.
    await vscode.commands.executeCommand("refactorPreview.apply");
    return document.getText() === before ? undefined : true;
  });
}

export async function closeEverything(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.files.revert");
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
