/** Where paths really lead: a repository may hold links, and what is written through them lands wherever they point. */

import { lstatSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { repositoryAround } from "./paths.js";

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** By where it really lies; the folders are given by where they do. */
export function isInsideAny(path: string, folders: readonly string[]): boolean {
  const end = realpathSync(path);
  return folders.some((it) => isInside(end, it));
}

/**
 * The folder in which a path that was named may have files changed: the repository that it lies in; outside of one a folder is its own
 * and a file has the folder it is in. A folder's link that lies in no repository was made by the user, so it is followed.
 */
export function homeOf(path: string): string {
  const isFolder = statSync(path).isDirectory();
  return realpathSync(repositoryAround(dirname(path)) ?? (isFolder ? path : dirname(path)));
}

/** Whether a path that lies in a repository leads out of it. What is not there yet is judged by the folder it would be made in. */
export function leavesRepository(path: string): boolean {
  const root = repositoryAround(dirname(path));
  if (root === undefined) return false;
  const end = endOf(path);
  return end === undefined || !isInside(end, realpathSync(root));
}

/** Undefined for a link that leads nowhere: a file could be made at its end. */
function endOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    if (isThere(path)) return undefined;
    const folder = endOf(dirname(path));
    return folder === undefined ? undefined : join(folder, path.slice(dirname(path).length));
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
