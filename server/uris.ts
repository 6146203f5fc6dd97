/** Questions about URIs, asked of the text alone: they may be `file:`, `untitled:`, `vscode-vfs:` or anything else. */

/** Old versions of a file, shown beside it: findings there help nobody and would be listed twice. */
const HISTORY_SCHEMES = new Set([
  "git",
  "gitlens",
  "gitfs",
  "git-index",
  "hg",
  "svn",
  "pr",
  "review",
  "conflictResolution",
  "vscode-local-history",
]);

/** Code that was installed, not written, here. */
const INSTALLED =
  /\/(?:site-packages|dist-packages|node_modules|\.venv|venv|\.tox|\.nox|\.ipynb_checkpoints|lib\/python3\.\d+)\//i;

export function schemeOf(uri: string): string {
  return uri.slice(0, Math.max(uri.indexOf(":"), 0));
}

export function showsHistory(uri: string): boolean {
  return HISTORY_SCHEMES.has(schemeOf(uri));
}

export function isInstalled(uri: string): boolean {
  return INSTALLED.test(pathOf(uri));
}

/** The path with its escapes undone, without query and fragment. */
export function pathOf(uri: string): string {
  const path = uri.replace(/^[^:/]*:(?:\/\/[^/]*)?/, "").replace(/[?#].*/s, "");
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // A stray `%` is part of the name then.
  }
}

export function isPythonFile(uri: string): boolean {
  return /\.py[iw]?$/i.test(pathOf(uri));
}

/** The folder that directly holds a document. */
export function folderAt(uri: string): string {
  return uri.replace(/[?#].*/s, "").replace(/\/[^/]*$/, "");
}

/** The same for every way to write a URI: clients escape more or less. */
export function keyOf(uri: string): string {
  return `${/^[^:/]*:(?:\/\/[^/]*)?/.exec(uri)?.[0] ?? ""}${pathOf(uri)}`;
}

/** Escaped as VS Code does it, so that a client finds its own file under it. */
export function childOf(folder: string, name: string): string {
  const escaped = encodeURIComponent(name).replace(
    /[!'()*]/g,
    (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return joined(folder, escaped);
}

export function joined(folder: string, name: string): string {
  return `${folder.endsWith("/") && !folder.endsWith("://") ? folder.slice(0, -1) : folder}/${name}`;
}

/** The folders from the one that holds `uri` up to `top` (itself included), or to the root without one. */
export function foldersAbove(uri: string, top: string | undefined): readonly string[] {
  const root = /^[^:/]*:\/\/[^/]*/.exec(uri)?.[0];
  if (root === undefined) return [];
  const folders: string[] = [];
  let folder = uri;
  while (folder.length > root.length) {
    folder = folder.slice(0, Math.max(folder.lastIndexOf("/"), root.length));
    folders.push(folder);
    if (top !== undefined && isSame(folder, top)) break;
  }
  return folders;
}

/** The path of `uri` from `folder` on; undefined when it lies elsewhere. */
export function relativeTo(folder: string, uri: string): string | undefined {
  if (schemeOf(folder) !== schemeOf(uri)) return undefined;
  const base = `${withoutSlash(pathOf(folder))}/`;
  const path = pathOf(uri);
  return path.startsWith(base) ? path.slice(base.length) : undefined;
}

/** The workspace folder a document belongs to: of nested ones the innermost. */
export function folderOf(uri: string, folders: readonly string[]): string | undefined {
  const around = folders.filter((it) => relativeTo(it, uri) !== undefined);
  return around.reduce<string | undefined>(
    (best, it) => (best !== undefined && best.length >= it.length ? best : it),
    undefined,
  );
}

function isSame(a: string, b: string): boolean {
  return schemeOf(a) === schemeOf(b) && withoutSlash(pathOf(a)) === withoutSlash(pathOf(b));
}

function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
