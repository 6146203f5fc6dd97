/** Results of earlier runs: a file whose bytes, path and settings are the same, looked at by the same build, has the same findings. */

import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Settings } from "../analysis/analyzer.js";
import { readRegularFile, textOf } from "../host/regular-file.js";
import { buildFolder, entryName, makeFolders, markUsed, replaceEntry, sweep, type CachePlace } from "./cache-folder.js";
import { makeKey, readKey } from "./cache-key.js";
import { digestOf, isSignature, signatureOf } from "./digest.js";
import { readKept, type Kept } from "./kept.js";
import { readPython } from "./python-bytes.js";
import type { FileResult } from "./result.js";
import { table, text } from "./shapes.js";

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
  readonly name: string;
  readonly folder: string;
  readonly entries: Map<string, Entry>;
  isChanged: boolean;
}

/** In bytes: a folder with so many findings is looked at anew each time. */
const MOST_OF_SHELF = 64 * 1024 * 1024;

/** @param place is safe, see `whyUnsafe` @param build tells this build from others: see build-digest.ts */
export function openCache(place: CachePlace, build: string): Cache {
  const home = buildFolder(place.root, build);
  const shelves = new Map<string, Shelf>();
  const key = readKey(place.own);

  const shelfOf = ({ absolute, settings }: Place): Shelf => {
    const folder = dirname(absolute);
    const name = nameOf(build, folder, settings);
    const known = shelves.get(name);
    if (known) return known;
    const file = join(home, entryName(digestOf(name)));
    const entries = key ? readShelf(file, name, key) : new Map<string, Entry>();
    const shelf: Shelf = { file, name, folder, entries, isChanged: false };
    shelves.set(name, shelf);
    return shelf;
  };

  return {
    find(at) {
      const entry = shelfOf(at).entries.get(basename(at.absolute));
      if (!entry || entry.digest !== digestOfFile(at.absolute)) return undefined;
      return { path: at.path, ...entry.result, hidden: [], fixed: 0 };
    },
    keep(at, { digest, findings, failures, comments }) {
      if (digest === undefined) return;
      const shelf = shelfOf(at);
      shelf.entries.set(basename(at.absolute), { digest, result: { findings, failures, comments } });
      shelf.isChanged = true;
    },
    save() {
      const changed = [...shelves.values()].filter((it) => it.isChanged);
      for (const { file, isChanged } of shelves.values()) if (!isChanged) markUsed(file);
      if (changed.length === 0) return;
      try {
        makeFolders(place, build);
        const own = key ?? makeKey(place.own);
        for (const shelf of changed) writeShelf(shelf, own);
      } catch {
        // A folder that may not be written, a full disk: the report is what the user asked for, and it is there.
        return;
      }
      sweep(place.root, build, Date.now());
    },
  };
}

/** Undefined where it cannot be read: whoever looks at the file says why. */
function digestOfFile(path: string): string | undefined {
  try {
    return digestOf(readPython(path));
  } catch {
    return undefined;
  }
}

/** The whole path of the folder counts: it tells tests from other code. Which files are left out was decided before. */
function nameOf(
  build: string,
  folder: string,
  { levels, python, libraries, lineLength, leaveToRuff, requireReason, maxComplexity }: Settings,
): string {
  const told = [levels, python, libraries, lineLength, leaveToRuff, requireReason, maxComplexity];
  return JSON.stringify([build, folder, ...told]);
}

/** Of a shelf. What is in it says which file it is about by its last name alone. */
interface Content {
  readonly name: string;
  readonly files: Readonly<Record<string, readonly [digest: string, result: Kept]>>;
}

const DIGEST = text(64);

/** A shelf begins with its signature: what was cut off, damaged, put there by somebody else or for another place is as good as absent. */
function readShelf(file: string, name: string, key: Uint8Array): Map<string, Entry> {
  try {
    const content = textOf(readRegularFile(file, { most: MOST_OF_SHELF, isOwn: true }));
    const end = content.indexOf("\n");
    const body = content.slice(end + 1);
    if (!isSignature(content.slice(0, end), body, key)) return new Map();
    const shelf = table(JSON.parse(body));
    if (shelf["name"] !== name) return new Map();
    return new Map(
      Object.entries(table(shelf["files"])).map(([file, pair]) => {
        const [digest, result] = pair as readonly unknown[];
        return [file, { digest: DIGEST(digest), result: readKept(result) }];
      }),
    );
  } catch {
    return new Map();
  }
}

/** Of two runs at once the later one's stays: each is right for its own bytes. */
function writeShelf({ file, name, folder, entries }: Shelf, key: Uint8Array): void {
  const files = [...entries]
    .filter(([it]) => existsSync(join(folder, it)))
    .map(([it, { digest, result }]) => [it, [digest, result]] as const);
  const body = JSON.stringify({ name, files: Object.fromEntries(files) } satisfies Content);
  replaceEntry(file, `${signatureOf(body, key)}\n${body}`);
}
