/** What a walk through a project looks at, as git would see it: Python's files, notebooks and what describes the project, outside the folders of tools, without what the .gitignore files leave out. */

import { formatOf } from "../configuration/formats.js";
import { readGitignore, type Gitignore } from "./gitignore.js";

/** Folders that hold what was installed, built or cached. Whoever names one wants it checked all the same. */
export const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(
  (
    ".bzr .direnv .eggs .git .hg .idea .ipynb_checkpoints .mypy_cache .nippy_cache .nox .pytest_cache .pytype .pyre .ruff_cache .svn .tox " +
    ".venv .vscode __pycache__ __pypackages__ build dist node_modules site-packages venv"
  ).split(" "),
);

export function isModule(name: string): boolean {
  return /.\.pyi?$/.test(name);
}

export function isNotebook(name: string): boolean {
  return /.\.ipynb$/.test(name);
}

/** Whether some rule may look at a file of this name. */
export function isChecked(name: string): boolean {
  return isModule(name) || isNotebook(name) || formatOf(name) !== undefined;
}

/** In bytes: a larger .gitignore was not written by hand. */
export const IGNORE_FILE_SIZE = 256 * 1024;

/** The .gitignore of a folder and those above it, up to where the walk or the repository begins. */
export interface IgnoredPaths {
  /** With a slash at its end. */
  readonly folder: string;
  readonly list: Gitignore;
  readonly above: IgnoredPaths | undefined;
}

/** @param text of the folder's .gitignore */
export function withGitignore(
  above: IgnoredPaths | undefined,
  folder: string,
  text: string,
  ignoresCase: boolean,
): IgnoredPaths {
  return { folder: folder.endsWith("/") ? folder : `${folder}/`, list: readGitignore(text, ignoresCase), above };
}

/** Whether a path, with forward slashes, is left out: of the files that speak of it the closest one decides, as in git. */
export function isIgnored(ignored: IgnoredPaths | undefined, path: string, isFolder: boolean): boolean {
  for (let at = ignored; at; at = at.above) {
    const inside = at.folder.length;
    const says = inside < path.length ? at.list.says(path.slice(inside), isFolder) : undefined;
    if (says !== undefined) return says;
  }
  return false;
}
