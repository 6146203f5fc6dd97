/** How paths are shown and linked: relative to a folder where they lie inside it, with forward slashes on every system. */

import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export function shownPath(path: string, folder: string): string {
  const shown = relative(folder, path);
  // Another drive on Windows has no relative path.
  return (shown === "" ? "." : isAbsolute(shown) ? path : shown).replaceAll("\\", "/");
}

/** The folder of the repository around a folder: what code hosts count paths from. The folder itself where there is none. */
export function repositoryRoot(folder: string): string {
  return repositoryAround(folder) ?? resolve(folder);
}

export function repositoryAround(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** A path relative to `root` as a URI reference, or a whole `file:` URI for what lies outside. */
export function uriOf(path: string, root: string): { readonly uri: string; readonly isRelative: boolean } {
  const inside = shownPath(path, root);
  if (inside.startsWith("../") || isAbsolute(inside)) return { uri: pathToFileURL(path).href, isRelative: false };
  return { uri: inside.split("/").map(encodeURIComponent).join("/"), isRelative: true };
}
