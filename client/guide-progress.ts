/** Which sections of the guide the reader has marked as read: kept with the editor's profile, on every machine that syncs it. */

import type { ExtensionContext } from "vscode";

const KEY = "nippy.guide.read";

export interface ReadingProgress {
  read(): readonly string[];
  mark(anchor: string, isRead: boolean): Promise<void>;
}

export function readingProgress({ globalState }: ExtensionContext): ReadingProgress {
  globalState.setKeysForSync([KEY]);
  const read = () => globalState.get<readonly string[]>(KEY, []);
  return {
    read,
    async mark(anchor, isRead) {
      const others = read().filter((it) => it !== anchor);
      await globalState.update(KEY, isRead ? [...others, anchor] : others);
    },
  };
}
