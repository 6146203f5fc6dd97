/** Finds the Python files that paths mean: a file that is named is always checked, a folder is walked as git would see it. */

import { readdirSync, readFileSync, statSync, type Dirent, type Stats } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import ignore, { type Ignore } from "ignore";
import type { ConfigFinder } from "./config.js";
import { repositoryRoot, shownPath } from "./paths.js";
import { Trouble } from "./trouble.js";

export interface FoundFile {
  readonly absolute: string;
  readonly path: string;
}

export interface FoundFiles {
  /** Ordered by path, each once. */
  readonly files: readonly FoundFile[];
  /** Folders that could not be listed. */
  readonly failures: readonly { readonly path: string; readonly message: string }[];
}

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
  const add = (absolute: string) => found.set(absolute, { absolute, path: shownPath(absolute, current) });

  const walk = (folder: string, ignored: IgnoredPaths | undefined, isExcludedToo: boolean) => {
    const entries = listFolder(folder);
    if (typeof entries === "string") {
      failures.push({ path: shownPath(folder, current), message: `This folder cannot be listed (${entries}).` });
      return;
    }
    const here = withGitignore(ignored, folder);
    const excludes = (path: string) => !isExcludedToo && configs.of(folder).excludes(path);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      // Like git, a walk does not follow links: so it cannot go round in circles, and nothing is reported twice.
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !here?.has(`${path}/`) && !excludes(path)) walk(path, here, isExcludedToo);
      } else if (entry.isFile() && EXTENSIONS.has(extname(entry.name))) {
        if (!here?.has(path) && !excludes(path)) add(path);
      }
    }
  };

  const missing = paths.filter((it) => statOf(resolve(current, it)) === undefined);
  if (missing.length > 0) throw new Trouble(missing.map((it) => `There is no file or folder "${it}".`).join("\n"));
  for (const path of paths) {
    const absolute = resolve(current, path);
    if (statOf(absolute)?.isDirectory())
      walk(absolute, ignoredAbove(absolute), configs.of(absolute).excludes(absolute));
    else add(absolute);
  }
  const files = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, failures };
}

/** Undefined when nothing is there, or nothing that can be reached. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function listFolder(folder: string): readonly Dirent[] | string {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** The .gitignore files met on the way down, all rewritten to one base so that the last match decides, as in git. */
interface IgnoredPaths {
  readonly base: string;
  readonly list: Ignore;
  /** A folder's path ends in a slash. */
  has(path: string): boolean;
}

/** Case counts where the file system says so. */
const ignorecase = process.platform === "win32" || process.platform === "darwin";

function withGitignore(ignored: IgnoredPaths | undefined, folder: string): IgnoredPaths | undefined {
  const patterns = readPatterns(join(folder, ".gitignore"));
  if (patterns.length === 0) return ignored;
  const base = ignored?.base ?? folder;
  const inside = toSlashes(relative(base, folder));
  const list = ignore({ ignorecase });
  if (ignored) list.add(ignored.list);
  list.add(patterns.map((it) => rebased(it, inside)));
  return {
    base,
    list,
    has: (path) => list.ignores(`${toSlashes(relative(base, path))}${path.endsWith("/") ? "/" : ""}`),
  };
}

function readPatterns(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8")
      .replace(/^\ufeff/, "")
      .split(/\r?\n/)
      .filter((it) => it.trim() !== "" && !it.startsWith("#"));
  } catch {
    // Where there is none, or none that can be read, nothing is ignored; git does the same.
    return [];
  }
}

/** The pattern of a .gitignore in `folder`, as it would stand in the base folder. */
function rebased(pattern: string, folder: string): string {
  if (folder === "") return pattern;
  const negated = pattern.startsWith("!") ? "!" : "";
  const body = pattern.slice(negated.length);
  const prefix = `/${folder.replace(/[\\*?[\] !#]/g, "\\$&")}/`;
  // A slash anywhere but at the end ties a pattern to its folder; without one it holds at any depth.
  const isTied = body.replace(/\/\s*$/, "").includes("/");
  return `${negated}${prefix}${isTied ? body.replace(/^\//, "") : `**/${body}`}`;
}

/** What the repository's .gitignore files above a folder say, unless they ignore that very folder: whoever names it wants it checked. */
function ignoredAbove(folder: string): IgnoredPaths | undefined {
  const root = repositoryRoot(folder);
  const above: string[] = [];
  for (let at = folder; at !== root; ) {
    at = dirname(at);
    above.unshift(at);
  }
  const ignored = above.reduce<IgnoredPaths | undefined>(withGitignore, undefined);
  return ignored?.has(`${folder}/`) ? undefined : ignored;
}

function toSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
