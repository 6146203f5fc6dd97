/** What the folders above a file say of its Python and its libraries: each folder is read once in a run, and nothing of it is ever run. */

import { opendirSync, readdirSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import {
  mergeTargets,
  NO_TARGET,
  searchInstalled,
  searchTarget,
  type Ask,
  type FolderTarget,
  type Search,
  type Target,
  type Told,
} from "../analysis/analyzer.js";
import { readIfPresent, textOf } from "../host/regular-file.js";
import { shownPath } from "./paths.js";

/** A folder of an environment with more names than this is taken as one that cannot be listed. */
const MOST_NAMES = 20_000;

/**
 * The target of a folder's files: the closest folder's word first, up to the repository's root or, outside of one, to the file system's.
 * Last comes the environment that is active, `VIRTUAL_ENV`.
 */
export function targetFinder(current: string, active = process.env["VIRTUAL_ENV"]): (folder: string) => Target {
  const known = new Map<string, Target>();
  let installed: Target | undefined;
  const inActive = () =>
    (installed ??=
      active && isAbsolute(active) ? run(active, searchInstalled(".", shownPath(active, current))) : NO_TARGET);

  const targetOf = (folder: string): Target => {
    const found = known.get(folder);
    if (found) return found;
    const { isRoot, ...own } = ownTarget(folder, current);
    const parent = dirname(folder);
    const target = mergeTargets(own, isRoot || parent === folder ? inActive() : targetOf(parent));
    known.set(folder, target);
    return target;
  };
  return targetOf;
}

/** What a folder says by itself. */
export function ownTarget(folder: string, current: string): FolderTarget {
  return run(
    folder,
    searchTarget((name) => shownPath(join(folder, name), current)),
  );
}

function run<T>(folder: string, search: Search<T>): T {
  let step = search.next();
  while (!step.done) step = search.next(answer(folder, step.value));
  return step.value;
}

function answer(folder: string, ask: Ask): Told {
  if ("list" in ask) return ask.list === "" ? allNames(folder) : namesIn(join(folder, ask.list));
  return ask.read.map(({ path, most }) => read(join(folder, path), most));
}

/** Of a folder of the project, which the search for Python files lists too. Five times as fast as one name after the other. */
function allNames(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    const listing = opendirSync(folder, { bufferSize: 1024 });
    try {
      const names: string[] = [];
      for (let entry = listing.readSync(); entry; entry = listing.readSync()) {
        names.push(entry.name);
        if (names.length > MOST_NAMES) return undefined;
      }
      return names;
    } finally {
      listing.closeSync();
    }
  } catch {
    return undefined;
  }
}

/** Undefined for what is no regular file, or larger than said, or cannot be read. */
function read(path: string, most: number): string | undefined {
  try {
    const bytes = readIfPresent(path, most);
    return bytes && textOf(bytes);
  } catch {
    return undefined;
  }
}
