/** Results of earlier runs: a file whose bytes, path and settings are the same, looked at by the same build, has the same findings. */

import { existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Settings } from "../analysis/analyzer.js";
import { buildFolder, makeFolder, sweep } from "./cache-folder.js";
import { digestOf } from "./digest.js";
import type { FileResult } from "./result.js";

/** What is kept of a file. Where the file lies is known by then. */
type Kept = Pick<FileResult, "findings" | "failures" | "comments">;

interface Entry {
  readonly digest: string;
  readonly result: Kept;
}

export interface Place {
  readonly absolute: string;
  readonly path: string;
  readonly settings: Settings;
}

export interface Cache {
  /** The result of the file as it is now, if it is known. */
  find(place: Place): FileResult | undefined;
  /** Takes in a result that has a digest; others are not for keeping. */
  keep(place: Place, result: FileResult): void;
  /** Writes what is new. Whatever goes wrong, the next run only has more to do. */
  save(): void;
}

/** The files of one folder under one configuration: read and written together. */
interface Shelf {
  readonly file: string;
  readonly key: string;
  readonly folder: string;
  readonly entries: Map<string, Entry>;
  isChanged: boolean;
}

/** `build` tells this build from others: see build-digest.ts. */
export function openCache(root: string, build: string): Cache {
  const home = buildFolder(root, build);
  const shelves = new Map<string, Shelf>();

  const shelfOf = ({ absolute, settings }: Place): Shelf => {
    const folder = dirname(absolute);
    const key = keyOf(folder, settings);
    const known = shelves.get(key);
    if (known) return known;
    const file = join(home, digestOf(key).slice(0, 32));
    const shelf: Shelf = { file, key, folder, entries: readShelf(file, key), isChanged: false };
    shelves.set(key, shelf);
    return shelf;
  };

  return {
    find(place) {
      const entry = shelfOf(place).entries.get(basename(place.absolute));
      if (!entry || entry.digest !== digestOfFile(place.absolute)) return undefined;
      return { path: place.path, ...entry.result, hidden: [], fixed: 0 };
    },
    keep(place, { digest, findings, failures, comments }) {
      if (digest === undefined) return;
      const shelf = shelfOf(place);
      shelf.entries.set(basename(place.absolute), { digest, result: { findings, failures, comments } });
      shelf.isChanged = true;
    },
    save() {
      const changed = [...shelves.values()].filter((it) => it.isChanged);
      for (const { file, isChanged } of shelves.values()) if (!isChanged) markUsed(file);
      if (changed.length === 0) return;
      try {
        makeFolder(root, build);
        for (const shelf of changed) writeShelf(shelf);
      } catch {
        // A folder that may not be written, a full disk: the report is what the user asked for, and it is there.
      }
      sweep(root, build, Date.now());
    },
  };
}

/** Undefined where it cannot be read: whoever looks at the file says why. */
function digestOfFile(path: string): string | undefined {
  try {
    return digestOf(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** The whole path of the folder counts: it tells tests from other code. Which files are left out was decided before. */
function keyOf(folder: string, { levels, python, libraries, lineLength, leaveToRuff }: Settings): string {
  return JSON.stringify([folder, levels, python, libraries, lineLength, leaveToRuff]);
}

interface Content {
  readonly key: string;
  readonly files: Readonly<Record<string, readonly [digest: string, result: Kept]>>;
}

/** The text of a shelf begins with its own digest: what was cut off, damaged or put there by somebody else is as good as absent. */
function readShelf(file: string, key: string): Map<string, Entry> {
  try {
    const text = readFileSync(file, "utf8");
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== digestOf(body)) return new Map();
    const content = JSON.parse(body) as Content;
    return content.key === key
      ? new Map(Object.entries(content.files).map(([name, [digest, result]]) => [name, { digest, result }]))
      : new Map();
  } catch {
    return new Map();
  }
}

/** Readers see the old shelf or the new one. Of two runs at once the later one's stays: each is right for its own bytes. */
function writeShelf({ file, key, folder, entries }: Shelf): void {
  const files = [...entries]
    .filter(([name]) => existsSync(join(folder, name)))
    .map(([name, { digest, result }]) => [name, [digest, result]] as const);
  const body = JSON.stringify({ key, files: Object.fromEntries(files) } satisfies Content);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${digestOf(body)}\n${body}`);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function markUsed(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // It is not there, or not ours to touch.
  }
}
