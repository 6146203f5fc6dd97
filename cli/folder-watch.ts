/** Tells when something happens in one of many folders. Each is watched by itself: so what is ignored costs nothing, and there is a bound. */

import { watch, type FSWatcher } from "node:fs";

export interface FolderWatch {
  /** From now on these folders and no others. True where one was not watched before: what happened there until now went unseen. */
  follow(folders: readonly string[]): boolean;
  /** How many folders were too many, or cannot be watched. */
  readonly left: number;
  close(): void;
}

/** The system has a bound of its own, for all programs together. */
const MOST_FOLDERS = 4096;

export function watchFolders(onEvent: () => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let left = 0;

  const drop = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const add = (folder: string): boolean => {
    try {
      const watcher = watch(folder, { persistent: true }, onEvent);
      // A folder that is deleted may end its watch with an error: it is gone, or will be followed anew.
      watcher.on("error", () => {
        drop(folder);
        onEvent();
      });
      watchers.set(folder, watcher);
      return true;
    } catch {
      return false;
    }
  };

  return {
    follow(folders) {
      const all = [...new Set(folders)];
      const wanted = new Set(all.slice(0, MOST_FOLDERS));
      for (const folder of watchers.keys()) if (!wanted.has(folder)) drop(folder);
      const fresh = [...wanted].filter((it) => !watchers.has(it));
      const added = fresh.filter(add);
      left = all.length - watchers.size;
      return added.length > 0;
    },
    get left() {
      return left;
    },
    close() {
      for (const folder of [...watchers.keys()]) drop(folder);
    },
  };
}
