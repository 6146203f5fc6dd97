/** The findings of a file that its project lives with, by the closest baseline above it. */

import { BASELINE_FILE, BASELINE_SIZE, readBaseline, type Baseline } from "../analysis/analyzer.js";
import type { Log } from "./log.js";
import type { ReadFile } from "./project.js";
import { foldersAbove, joined, relativeTo } from "./uris.js";

interface Read {
  readonly text: string | undefined;
  readonly baseline: Baseline | undefined;
}

/** A baseline where it lies. */
export interface FoundBaseline {
  readonly uri: string;
  /** The folder that its paths are counted from. */
  readonly folder: string;
  readonly text: string;
  readonly entries: Baseline;
}

export interface BaselineDesk {
  /** The closest one above a file that can be used. */
  closest(uri: string, top: string | undefined): Promise<FoundBaseline | undefined>;
  /** Fingerprints, sorted as they stand in the file; none where there is no baseline, or it cannot be used. */
  knownIn(uri: string, top: string | undefined): Promise<readonly string[]>;
  forget(): void;
  /** Whether one of those that were read is another one now. */
  recheck(): Promise<boolean>;
}

export function createBaselines(readFile: ReadFile, log: Log): BaselineDesk {
  const read = new Map<string, Promise<Read>>();

  const baselineAt = async (file: string): Promise<Read> => {
    const text = await readFile(file, BASELINE_SIZE);
    if (text === undefined) return { text, baseline: undefined };
    const found = readBaseline(text);
    if (!("problem" in found)) return { text, baseline: found };
    log.warnOnce(`The baseline ${file} cannot be used: ${found.problem}.`);
    return { text, baseline: undefined };
  };

  const closest = async (uri: string, top: string | undefined): Promise<FoundBaseline | undefined> => {
    for (const folder of foldersAbove(uri, top)) {
      const file = joined(folder, BASELINE_FILE);
      let pending = read.get(file);
      if (!pending) read.set(file, (pending = baselineAt(file)));
      const { text, baseline } = await pending;
      if (text !== undefined && baseline) return { uri: file, folder, text, entries: baseline };
    }
    return undefined;
  };

  return {
    closest,
    async knownIn(uri, top) {
      const found = await closest(uri, top);
      return found ? [...(found.entries.get(relativeTo(found.folder, uri) ?? "")?.values() ?? [])].flat() : [];
    },
    forget: () => read.clear(),
    async recheck() {
      const areSame = await Promise.all(
        [...read].map(async ([file, before]) => (await before).text === (await readFile(file, BASELINE_SIZE))),
      );
      return areSame.includes(false);
    },
  };
}
