/** Finds the Python files that paths mean: a file that is named is always checked, a folder is walked as git would see it. */

import { isUtf8 } from "node:buffer";
import { readdirSync, statSync, type Dirent, type Stats } from "node:fs";
import { dirname, extname, join, resolve, sep } from "node:path";
import { isUnfit, readIfPresent, textOf } from "../host/regular-file.js";
import type { ConfigFinder } from "./config.js";
import { readGitignore, type Gitignore } from "./gitignore.js";
import { repositoryRoot, shownPath } from "./paths.js";
import { counted } from "./result.js";
import { Trouble } from "./trouble.js";

export interface FoundFile {
  readonly absolute: string;
  readonly path: string;
}

export interface FoundFiles {
  /** Ordered by path, each once. */
  readonly files: readonly FoundFile[];
  /** Folders that could not be listed, and what is neither folder nor file. */
  readonly failures: readonly { readonly path: string; readonly message: string }[];
  /** What was left out although nobody asked for that, and what was not heeded as it stands. */
  readonly warnings: readonly string[];
}

type Warn = (path: string, message: string) => void;

const EXTENSIONS: ReadonlySet<string> = new Set([".py", ".pyi"]);

/** Folders that hold what was installed, built or cached; naming one on the command line checks it all the same. */
export const SKIPPED: ReadonlySet<string> = new Set(
  (
    ".bzr .direnv .eggs .git .hg .idea .ipynb_checkpoints .mypy_cache .nippy_cache .nox .pytest_cache .pytype .pyre .ruff_cache .svn .tox " +
    ".venv .vscode __pycache__ __pypackages__ build dist node_modules site-packages venv"
  ).split(" "),
);

/** @throws {Trouble} when a path does not exist */
export function findFiles(paths: readonly string[], configs: ConfigFinder, current: string): FoundFiles {
  const found = new Map<string, FoundFile>();
  const failures: { path: string; message: string }[] = [];
  const warnings: string[] = [];
  const warn: Warn = (path, message) => warnings.push(`${shownPath(path, current)}: ${message}`);
  const add = (absolute: string) => found.set(absolute, { absolute, path: shownPath(absolute, current) });

  const walk = (folder: string, ignored: IgnoredPaths | undefined, isExcludedToo: boolean) => {
    const entries = listFolder(folder, warn);
    if (typeof entries === "string") {
      failures.push({ path: shownPath(folder, current), message: `This folder cannot be listed (${entries}).` });
      return;
    }
    const here = withGitignore(ignored, folder, warn);
    const excludes = (path: string) => !isExcludedToo && configs.of(folder).excludes(path);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      // Like git, a walk does not follow links: so it cannot go round in circles, and nothing is reported twice.
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !isIgnored(here, path, true) && !excludes(path))
          walk(path, here, isExcludedToo);
      } else if (entry.isFile() && EXTENSIONS.has(extname(entry.name))) {
        if (!isIgnored(here, path, false) && !excludes(path)) add(path);
      }
    }
  };

  const missing = paths.filter((it) => statOf(resolve(current, it)) === undefined);
  if (missing.length > 0) throw new Trouble(...missing.map(notThere));
  for (const path of paths) {
    const absolute = resolve(current, path);
    const stats = statOf(absolute);
    if (stats?.isDirectory()) walk(absolute, ignoredAbove(absolute, warn), configs.of(absolute).excludes(absolute));
    // Even to open a device can have an effect.
    else if (stats && !stats.isFile())
      failures.push({ path: shownPath(absolute, current), message: "This is no regular file, so it is not checked." });
    else add(absolute);
  }
  const files = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, failures, warnings };
}

function notThere(path: string): string {
  const hint = path.includes(REPLACED) ? " If its name is not UTF-8, rename it." : "";
  return `There is no file or folder "${path}".${hint}`;
}

/** Undefined when nothing is there, or nothing that can be reached. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function listFolder(folder: string, warn: Warn): readonly Dirent[] | string {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.some((it) => it.name.includes(REPLACED)) ? withoutStrangeNames(folder, entries, warn) : entries;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** What stands in a text for bytes that are none. */
const REPLACED = "\ufffd";

/** A name that is not UTF-8 leads nowhere once it is a text, and Python cannot import it either. */
function withoutStrangeNames(folder: string, entries: readonly Dirent[], warn: Warn): readonly Dirent[] {
  const names = readdirSync(folder, { encoding: "buffer" });
  const strange = new Set(names.filter((it) => !isUtf8(it)).map(String));
  const left = entries.filter((it) => !strange.has(it.name));
  const isChecked = (it: Dirent) => it.isDirectory() || EXTENSIONS.has(extname(it.name));
  const count = entries.filter((it) => strange.has(it.name) && isChecked(it)).length;
  if (count > 0)
    warn(
      folder,
      `${counted(count, "name")} here ${count === 1 ? "is" : "are"} not UTF-8: what is called so is not checked. Rename it.`,
    );
  return left;
}

/** In bytes: a larger .gitignore was not written by hand. */
const IGNORE_FILE_SIZE = 256 * 1024;

/** The .gitignore of a folder and those above it, up to where the walk or the repository begins. */
interface IgnoredPaths {
  /** How many characters of a path lead into the folder. */
  readonly inside: number;
  readonly list: Gitignore;
  readonly above: IgnoredPaths | undefined;
}

/** Case counts where the file system says so. */
const IGNORES_CASE = process.platform === "win32" || process.platform === "darwin";

/** Whether a path is left out: of the files that speak of it the closest one decides, as in git. */
function isIgnored(ignored: IgnoredPaths | undefined, path: string, isFolder: boolean): boolean {
  for (let at = ignored; at; at = at.above) {
    const says = at.inside < path.length ? at.list.says(toSlashes(path.slice(at.inside)), isFolder) : undefined;
    if (says !== undefined) return says;
  }
  return false;
}

function withGitignore(above: IgnoredPaths | undefined, folder: string, warn: Warn): IgnoredPaths | undefined {
  const path = join(folder, ".gitignore");
  const text = readPatterns(path, warn);
  if (text === undefined) return above;
  const list = readGitignore(text, IGNORES_CASE);
  if (list.leftOut > 0) warn(path, `Too many patterns with wildcards: the last ${list.leftOut} are left out.`);
  return { inside: folder.endsWith(sep) ? folder.length : folder.length + 1, list, above };
}

/** Where there is none that can be read, nothing is ignored; git does the same. */
function readPatterns(path: string, warn: Warn): string | undefined {
  try {
    const bytes = readIfPresent(path, IGNORE_FILE_SIZE);
    return bytes && textOf(bytes);
  } catch (error) {
    if (isUnfit(error)) warn(path, `It ${error.message}, so nothing is ignored by it.`);
    return undefined;
  }
}

/** What the repository's .gitignore files above a folder say, unless they ignore that very folder: whoever names it wants it checked. */
function ignoredAbove(folder: string, warn: Warn): IgnoredPaths | undefined {
  const root = repositoryRoot(folder);
  const way = [folder];
  while (way[0] !== root) way.unshift(dirname(way[0]!));
  let ignored: IgnoredPaths | undefined;
  for (const [index, at] of way.entries()) {
    if (isIgnored(ignored, at, true)) return undefined;
    if (index < way.length - 1) ignored = withGitignore(ignored, at, warn);
  }
  return ignored;
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
