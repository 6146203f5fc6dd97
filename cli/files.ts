/** Finds the Python files, notebooks and configurations that paths mean: a file that is named is always checked, a folder is walked as git would see it. */

import { isUtf8 } from "node:buffer";
import { readdirSync, statSync, type Dirent, type Stats } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import {
  IGNORE_FILE_SIZE,
  isChecked,
  isIgnored,
  SKIPPED_FOLDERS,
  withGitignore,
  type IgnoredPaths,
} from "../analysis/analyzer.js";
import { isUnfit, readIfPresent, textOf } from "../host/regular-file.js";
import type { ConfigFinder } from "./config.js";
import { isInside } from "./links.js";
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
  /** Those that were walked, and those of the files that were named. */
  readonly folders: readonly string[];
  /** Folders that could not be listed, and what is neither folder nor file. */
  readonly failures: readonly { readonly path: string; readonly message: string }[];
  /** What was left out although nobody asked for that, and what was not heeded as it stands. */
  readonly warnings: readonly string[];
}

type Warn = (path: string, message: string) => void;

/** @param isStrict what is excluded stays so although it is named @throws {Trouble} when a path does not exist */
export function findFiles(
  paths: readonly string[],
  configs: ConfigFinder,
  current: string,
  isStrict: boolean,
): FoundFiles {
  const found = new Map<string, FoundFile>();
  const failures: { path: string; message: string }[] = [];
  const folders = new Set<string>();
  const warnings: string[] = [];
  const warn: Warn = (path, message) => warnings.push(`${shownPath(path, current)}: ${message}`);
  const add = (absolute: string) => found.set(absolute, { absolute, path: shownPath(absolute, current) });

  const walk = (folder: string, ignored: IgnoredPaths | undefined, isExcludedToo: boolean) => {
    const entries = listFolder(folder, warn);
    if (typeof entries === "string") {
      failures.push({ path: shownPath(folder, current), message: `This folder cannot be listed (${entries}).` });
      return;
    }
    folders.add(folder);
    const here = withOwn(ignored, folder, warn);
    const excludes = (path: string) => !isExcludedToo && configs.of(folder).excludes(path);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      // Like git, a walk does not follow links: so it cannot go round in circles, and nothing is reported twice.
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name) && !isIgnored(here, toSlashes(path), true) && !excludes(path))
          walk(path, here, isExcludedToo);
      } else if (entry.isFile() && isChecked(entry.name)) {
        if (!isIgnored(here, toSlashes(path), false) && !excludes(path)) add(path);
      }
    }
  };

  const missing = paths.filter((it) => statOf(resolve(current, it)) === undefined);
  if (missing.length > 0) throw new Trouble(...missing.map(notThere));
  for (const path of paths) {
    const absolute = resolve(current, path);
    const stats = statOf(absolute);
    if (isStrict && isLeftOut(absolute, configs, current)) continue;
    if (stats?.isDirectory()) walk(absolute, ignoredAbove(absolute, warn), configs.of(absolute).excludes(absolute));
    // Even to open a device can have an effect.
    else if (stats && !stats.isFile())
      failures.push({ path: shownPath(absolute, current), message: "This is no regular file, so it is not checked." });
    else {
      folders.add(dirname(absolute));
      add(absolute);
    }
  }
  const files = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, folders: [...folders], failures, warnings };
}

/** Whether a walk from the configuration's folder would not get there; .gitignore files are not asked, as what is named may be tracked all the same. */
export function isLeftOut(path: string, configs: ConfigFinder, current: string): boolean {
  const top = configs.of(dirname(path)).base ?? current;
  for (let at = path; at !== top && isInside(at, top); at = dirname(at))
    if (SKIPPED_FOLDERS.has(basename(at)) || configs.of(dirname(at)).excludes(at)) return true;
  return false;
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
  const isLost = (it: Dirent) => strange.has(it.name) && (it.isDirectory() || isChecked(it.name));
  const count = entries.filter(isLost).length;
  if (count > 0)
    warn(
      folder,
      `${counted(count, "name")} here ${count === 1 ? "is" : "are"} not UTF-8: what is called so is not checked. Rename it.`,
    );
  return left;
}

/** Case counts where the file system says so. */
const IGNORES_CASE = process.platform === "win32" || process.platform === "darwin";

function withOwn(above: IgnoredPaths | undefined, folder: string, warn: Warn): IgnoredPaths | undefined {
  const path = join(folder, ".gitignore");
  const text = readPatterns(path, warn);
  if (text === undefined) return above;
  const ignored = withGitignore(above, toSlashes(folder), text, IGNORES_CASE);
  const { leftOut } = ignored.list;
  if (leftOut > 0) warn(path, `Too many patterns with wildcards: the last ${leftOut} are left out.`);
  return ignored;
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
    if (isIgnored(ignored, toSlashes(at), true)) return undefined;
    if (index < way.length - 1) ignored = withOwn(ignored, at, warn);
  }
  return ignored;
}

function toSlashes(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}
