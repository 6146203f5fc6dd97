/** What the folders above a document say of its Python and its libraries: each folder is read once, and again when its files change. */

import {
  mergeTargets,
  NO_TARGET,
  searchTarget,
  TARGET_FILES,
  type FolderTarget,
  type Search,
  type Target,
  type Told,
} from "../analysis/analyzer.js";
import type { ReadFile } from "./project.js";
import { foldersAbove, joined, relativeTo } from "./uris.js";

export interface Entry {
  readonly name: string;
  /** A link is neither a file nor a folder: a walk does not follow it. */
  readonly kind: "file" | "folder" | "other";
}

/** What is in a folder; undefined where it cannot be listed. */
export type ListFolder = (uri: string) => Promise<readonly Entry[] | undefined>;

/** What a search for a target asks. */
interface Listing {
  readonly readFile: ReadFile;
  readonly listFolder: ListFolder;
}

export interface Files extends Listing {
  /** Whether names that differ in case are the same file's. */
  readonly ignoresCase: boolean;
  /** Where a file really lies, links followed; the same URI where nobody knows. */
  readonly endOf: (uri: string) => Promise<string>;
}

export interface TargetFinder {
  /** `top` is the last folder looked into; without one it is that of the repository, or the root. */
  of(uri: string, top: string | undefined): Promise<Target>;
  forget(): void;
  /** Reads every folder anew that was read before, and says whether one tells something else now. */
  recheck(): Promise<boolean>;
}

/** The names of files whose changes can change an answer. */
export const TARGET_NAMES: readonly string[] = [...Object.keys(TARGET_FILES), "pyvenv.cfg"];
/** In an environment each package is a folder that comes and goes. */
export const PACKAGES = "**/site-packages/*.dist-info";

export function createTargetFinder(files: Listing): TargetFinder {
  const known = new Map<string, { readonly top: string | undefined; readonly found: Promise<FolderTarget> }>();

  const search = (folder: string, top: string | undefined) =>
    run(
      folder,
      searchTarget((name) => shownName(joined(folder, name), top)),
      files,
    );
  const inFolder = (folder: string, top: string | undefined) => {
    const key = JSON.stringify([folder, top]);
    const { found } = known.get(key) ?? { found: search(folder, top) };
    known.set(key, { top, found });
    return found;
  };

  return {
    async of(uri, top) {
      const folders = foldersAbove(uri, top);
      // Inside a workspace nearly all of them count: none waits for the one below it.
      if (top !== undefined) for (const folder of folders) void inFolder(folder, top);
      let target: Target = NO_TARGET;
      for (const folder of folders) {
        const { isRoot, ...said } = await inFolder(folder, top);
        target = mergeTargets(target, said);
        if (isRoot) break;
      }
      return target;
    },
    forget: () => known.clear(),
    async recheck() {
      const areSame = await Promise.all(
        [...known].map(async ([key, { top, found }]) => {
          const [folder] = JSON.parse(key) as [string];
          return JSON.stringify(await search(folder, top)) === JSON.stringify(await found);
        }),
      );
      return areSame.includes(false);
    },
  };
}

/** From the workspace folder on; outside of one the name alone. */
function shownName(uri: string, top: string | undefined): string {
  const path = top === undefined ? undefined : relativeTo(top, uri);
  return path ?? uri.slice(uri.lastIndexOf("/") + 1);
}

async function run<T>(folder: string, search: Search<T>, { readFile, listFolder }: Listing): Promise<T> {
  const within = (path: string) =>
    path.split("/").reduce((uri, name) => (name === "" ? uri : joined(uri, name)), folder);
  let step = search.next();
  while (!step.done) {
    const ask = step.value;
    const told: Told =
      "list" in ask
        ? (await listFolder(within(ask.list)))?.map((it) => it.name)
        : await Promise.all(ask.read.map(({ path, most }) => readFile(within(path), most)));
    step = search.next(told);
  }
  return step.value;
}
