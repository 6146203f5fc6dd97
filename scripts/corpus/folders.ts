/** The folders a scan runs over: which repository each one is, its Python files, notebooks and configurations, and which of them are tests. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import {
  DEFAULT_SETTINGS,
  formatOf,
  joinCells,
  readNotebook,
  SKIPPED_FOLDERS,
  targetSettings,
  type Settings,
} from "../../analysis/analyzer.js";
import { pythonVersion } from "../../analysis/semantics/python-version.js";
import { decode } from "../../cli/source.js";
import { ownTarget } from "../../cli/target.js";
import type { Repository } from "./repositories.js";

export interface Folder {
  readonly name: string;
  readonly root: string;
  readonly python: Settings["python"];
  /** The releases of libraries that the project says it is for. */
  readonly libraries: Settings["libraries"];
  /** Relative to the root, with forward slashes, in order. */
  readonly paths: readonly string[];
}

const MOST_BYTES = 10 * 1024 * 1024;

/** A folder as it was named, `PATH` or `NAME=PATH`; the name is the last step of the path where none is given. `owner+name` stands for the repository at that address. */
export function openFolder(given: string, repositories: readonly Repository[]): Folder {
  const [, name, path = given] = /^([\w.+-]+)=(.+)$/.exec(given) ?? [];
  const root = resolve(path);
  if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`There is no folder "${path}".`);
  const named = name ?? basename(root);
  const repository = repositories.find((it) => it.name === named || it.address.endsWith(`/${named.replace("+", "/")}`));
  const own = repository?.name ?? named;
  const target = ownTarget(root, root);
  const stated = repository?.python ? pythonVersion(repository.python) : target.python?.value;
  return {
    name: own,
    root,
    python: stated ?? DEFAULT_SETTINGS.python,
    libraries: targetSettings(target).libraries ?? {},
    paths: pathsBelow(root, "", new Set([...SKIPPED_FOLDERS, ...(repository?.without ?? [])])),
  };
}

function pathsBelow(root: string, inside: string, skipped: ReadonlySet<string>): string[] {
  const entries = readdirSync(join(root, inside), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : pathsBelow(root, path, skipped);
    const isWanted = /\.(py|ipynb)$/.test(entry.name) || formatOf(entry.name) !== undefined;
    return entry.isFile() && isWanted ? [path] : [];
  });
}

/** The text of a file, of a notebook its code cells one below the other; or why there is none. */
export function readText({ root }: Folder, path: string): { readonly text: string } | { readonly problem: string } {
  const absolute = join(root, path);
  if (statSync(absolute).size > MOST_BYTES) return { problem: "larger than 10 MB" };
  const decoded = decode(readFileSync(absolute));
  if ("problem" in decoded || !path.endsWith(".ipynb")) return decoded;
  const notebook = readNotebook(decoded.text);
  if ("problem" in notebook) return { problem: `no notebook: it ${notebook.problem}` };
  return { text: "skipped" in notebook ? "" : joinCells(notebook.cells.map((it) => it.source)).text };
}

/** By the file's name or any folder around it: what is counted apart is wider than what rules take for a test. */
export function isTest(path: string): boolean {
  return /(^|\/)(tests?|testing)\//.test(path) || /(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(path);
}

/** What stands between two cells of a notebook. */
export function isBetweenCells(line: string): boolean {
  return /^\f\r?\n?$/.test(line);
}

/** Lines of Python: those of configurations are none, so that findings for each thousand lines mean the same everywhere. */
export function pythonLinesIn(path: string, text: string): number {
  return formatOf(path) === undefined ? linesIn(text) : 0;
}

function linesIn(text: string): number {
  const lines = text.split(/\r\n|\r|\n/).filter((it) => !isBetweenCells(it));
  return lines.at(-1) === "" ? lines.length - 1 : lines.length;
}
