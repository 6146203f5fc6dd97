/** Finds the modules, notebooks and configurations of a workspace folder, as the command line would: without the folders of tools, what .gitignore files name, and what settings exclude. */

import {
  IGNORE_FILE_SIZE,
  isChecked,
  isIgnored,
  SKIPPED_FOLDERS,
  withGitignore,
  type IgnoredPaths,
} from "../analysis/analyzer.js";
import type { Files } from "./target.js";
import { childOf, foldersAbove, joined, pathOf } from "./uris.js";

export interface Walk {
  readonly files: Files;
  /** What settings leave out, files and folders. */
  excludes(folder: string, uri: string): Promise<boolean>;
}

/** File by file, so that whoever walks can stop. */
export async function* checkedFiles(root: string, { files, excludes }: Walk): AsyncGenerator<string> {
  const ignoredIn = async (folder: string, above: IgnoredPaths | undefined) => {
    const text = await files.readFile(joined(folder, ".gitignore"), IGNORE_FILE_SIZE);
    return text === undefined ? above : withGitignore(above, pathOf(folder), text, files.ignoresCase);
  };

  async function* walk(folder: string, above: IgnoredPaths | undefined): AsyncGenerator<string> {
    const entries = await files.listFolder(folder);
    if (!entries) return;
    const ignored = entries.some((it) => it.name === ".gitignore") ? await ignoredIn(folder, above) : above;
    for (const { name, kind } of entries) {
      const isFolder = kind === "folder";
      if (isFolder ? SKIPPED_FOLDERS.has(name) : kind !== "file" || !isChecked(name)) continue;
      const uri = childOf(folder, name);
      if (isIgnored(ignored, pathOf(uri), isFolder) || (await excludes(folder, uri))) continue;
      if (isFolder) yield* walk(uri, ignored);
      else yield uri;
    }
  }

  yield* walk(root, await ignoredAbove(root, files, ignoredIn));
}

/** What the repository around a folder ignores, unless that is the very folder: whoever opens it wants it looked at. */
async function ignoredAbove(
  root: string,
  { listFolder }: Files,
  ignoredIn: (folder: string, above: IgnoredPaths | undefined) => Promise<IgnoredPaths | undefined>,
): Promise<IgnoredPaths | undefined> {
  const hasRepository = async (folder: string) => (await listFolder(folder))?.some((it) => it.name === ".git") === true;
  if (await hasRepository(root)) return undefined;
  const way: string[] = [];
  for (const folder of foldersAbove(root, undefined)) {
    way.unshift(folder);
    if (!(await hasRepository(folder))) continue;
    let ignored: IgnoredPaths | undefined;
    for (const [index, at] of way.entries()) {
      if (index > 0 && isIgnored(ignored, pathOf(at), true)) return undefined;
      ignored = await ignoredIn(at, ignored);
    }
    return isIgnored(ignored, pathOf(root), true) ? undefined : ignored;
  }
  return undefined;
}
