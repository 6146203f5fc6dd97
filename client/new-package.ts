/** "Python package": a folder with a pyproject.toml, a package below src with an entry point, a first test and a README, made of the templates that fill single files. */

import { FileType, l10n, SnippetString, Uri, window, workspace } from "vscode";
import type { SnippetSummary } from "../server/protocol.js";

/** The files of a package and the snippet that each one is filled from. */
const LAYOUT: readonly (readonly [path: string, snippet: string])[] = [
  ["src/NAME/__init__.py", "pkg-init"],
  ["src/NAME/cli.py", "pkg-main-guard"],
  ["src/NAME/py.typed", ""],
  ["tests/test_NAME.py", "test-basic"],
  ["README.md", ""],
  ["pyproject.toml", "pkg-pyproject"],
];

export async function newPackage(snippets: readonly SnippetSummary[]): Promise<void> {
  const folder = await chooseFolder();
  const name = folder && (await askForName(folder));
  if (!folder || name === undefined) return;
  const root = Uri.joinPath(folder, name);
  for (const [path, snippet] of LAYOUT) {
    const uri = Uri.joinPath(root, ...path.replaceAll("NAME", moduleName(name)).split("/"));
    await workspace.fs.writeFile(uri, new TextEncoder().encode(path === "README.md" ? `# ${name}\n` : ""));
    const body = snippets.find((it) => it.name === snippet)?.body;
    if (body === undefined) continue;
    const editor = await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false });
    await editor.insertSnippet(new SnippetString(named(body, name)));
    await editor.document.save();
  }
}

async function chooseFolder(): Promise<Uri | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length <= 1) {
    if (folders.length === 0)
      void window.showInformationMessage(l10n.t("Open a folder first: the package is made inside it."));
    return folders[0]?.uri;
  }
  return (await window.showWorkspaceFolderPick({ placeHolder: l10n.t("Where to make the package") }))?.uri;
}

async function askForName(folder: Uri): Promise<string | undefined> {
  const taken = new Set(
    (await workspace.fs.readDirectory(folder)).filter(([, type]) => type !== FileType.Unknown).map(([name]) => name),
  );
  return window.showInputBox({
    title: l10n.t("New Python package"),
    prompt: l10n.t("The name it is installed by; the folder gets the same name"),
    value: "my-project",
    validateInput(value) {
      if (!/^[A-Za-z][A-Za-z0-9]*([-_.][A-Za-z0-9]+)*$/.test(value))
        return l10n.t("Letters, digits and single hyphens, beginning with a letter.");
      return taken.has(value) ? l10n.t("There is something called {0} already.", value) : undefined;
    },
  });
}

function moduleName(name: string): string {
  return name.toLowerCase().replace(/[-.]/g, "_");
}

/** The templates speak of `my-project` and `my_project`. */
function named(body: string, name: string): string {
  return body.replaceAll("my-project", name).replaceAll("my_project", moduleName(name));
}
