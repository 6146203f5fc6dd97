/** Where results are kept between runs: in folders that nobody else can write to, told from what else may lie there, and swept of what nobody asks for any more. */

import {
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { isOfUser } from "../host/regular-file.js";
import type { CheckRequest } from "./arguments.js";
import { randomHex } from "./digest.js";
import { leavesRepository } from "./links.js";

export interface CachePlace {
  /** Where results lie. */
  readonly root: string;
  /** The user's own folder, where the key lies that results are signed with. It is the root unless the user named another one. */
  readonly own: string;
}

/** Undefined when nothing is to be kept, or the system does not say where. */
export function cachePlace(
  { cache, cacheDir }: Pick<CheckRequest, "cache" | "cacheDir">,
  current: string,
): CachePlace | undefined {
  const own = cache ? userFolder() : undefined;
  if (own === undefined) return undefined;
  const named = cacheDir ?? (process.env["NIPPY_CACHE_DIR"] || undefined);
  return { own, root: named === undefined ? own : resolve(current, named) };
}

function userFolder(): string | undefined {
  const { XDG_CACHE_HOME = "", LOCALAPPDATA = "" } = process.env;
  const candidates = {
    win32: () => [LOCALAPPDATA, join(homedir(), "AppData", "Local")],
    darwin: () => [join(homedir(), "Library", "Caches")],
    other: () => [XDG_CACHE_HOME, join(homedir(), ".cache")],
  };
  const { platform } = process;
  try {
    const base = candidates[platform === "win32" || platform === "darwin" ? platform : "other"]().find(isAbsolute);
    return base && join(base, "nippy", ...(platform === "win32" ? ["Cache"] : []));
  } catch {
    return undefined; // Somebody without a home.
  }
}

/** Why nothing can be kept there, as the end of a sentence; undefined where it can. A folder that is missing is made later. */
export function whyUnsafe({ root, own }: CachePlace, build: string): string | undefined {
  if (root !== own && leavesRepository(root)) return `"${root}" leads out of the repository`;
  const unsafe = [root, buildFolder(root, build), own].find((it) => !isPrivateIfThere(it));
  return unsafe && `"${unsafe}" is not a folder that only you can write to`;
}

function isPrivateIfThere(folder: string): boolean {
  try {
    return lstatSync(folder, { throwIfNoEntry: false }) === undefined || isPrivate(folder);
  } catch {
    return false;
  }
}

function isPrivate(folder: string): boolean {
  const stats = lstatSync(folder);
  // Windows has other rights than these, and closes the folders of a user to others.
  return stats.isDirectory() && isOfUser(stats) && (process.platform === "win32" || (stats.mode & 0o022) === 0);
}

/** One folder for each build: what a build wrote no other one reads. */
export function buildFolder(root: string, build: string): string {
  return join(root, `build-${build}`);
}

/** What is in a build's folder. */
export function entryName(digest: string): string {
  return `${digest.slice(0, 32)}.results`;
}

/** Whatever does not look like this was not put there by us, and is left alone: a user may name any folder. */
const BUILD = /^build-[0-9a-f]{16}$/;
const ENTRY = /^[0-9a-f]{32}\.results(\.[0-9a-f]{16}\.tmp)?$/;

/** Makes the folders; a new one says of itself that neither version control nor a backup needs it. @throws where they cannot be made, or are no longer safe */
export function makeFolders(place: CachePlace, build: string): void {
  const { root, own } = place;
  makePrivate(own);
  makePrivate(root);
  if (readdirSync(root).every((it) => it === KEY_NAME))
    for (const [name, content] of Object.entries(SAYS)) quietly(() => writeNew(join(root, name), content));
  makePrivate(buildFolder(root, build));
}

const SAYS = {
  ".gitignore": "# Made by Nippy.\n*\n",
  "CACHEDIR.TAG":
    "Signature: 8a477f597d28d172789f06886806bc55\n# Results that Nippy keeps between runs. This folder may be deleted at any time.\n",
};

function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isPrivate(folder)) throw new Error(`${folder} is open to others`);
}

export const KEY_NAME = "key";

/** Never through a link, and never over something that is there. */
function writeNew(path: string, content: string): void {
  writeFileSync(path, content, { flag: "wx", mode: 0o600 });
}

/** Readers see the old file or the new one. The name it has until then cannot be guessed, and a link in the place of the old one is replaced, not followed. */
export function replaceEntry(path: string, content: string): void {
  const temporary = `${path}.${randomHex(8)}.tmp`;
  writeNew(temporary, content);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

export function markUsed(path: string): void {
  const now = new Date();
  // It may not be there.
  quietly(() => lutimesSync(path, now, now));
}

const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 30;
/** Of a build that does not run now: it may be another version's, used in turn with this one, but most will never come back. */
const KEPT_DAYS_OF_OTHERS = 3;

/** Once a day, takes away what has not been used for long, also what an interrupted run left half-written. */
export function sweep(root: string, build: string, now: number): void {
  const swept = join(root, "swept");
  if (ageOf(swept, now) < DAY) return;
  quietly(() => rmSync(swept, { force: true }));
  quietly(() => writeNew(swept, ""));
  for (const name of namesIn(root)) {
    const folder = join(root, name);
    if (!BUILD.test(name) || !isPrivateIfThere(folder)) continue;
    const isOfThisBuild = folder === buildFolder(root, build);
    const oldest = (isOfThisBuild ? KEPT_DAYS : KEPT_DAYS_OF_OTHERS) * DAY;
    for (const entry of namesIn(folder)) {
      const path = join(folder, entry);
      if (ENTRY.test(entry) && ageOf(path, now) > oldest) quietly(() => unlinkSync(path));
    }
    if (!isOfThisBuild) quietly(() => rmdirSync(folder));
  }
}

/** Nothing for what is no regular file. */
function ageOf(path: string, now: number): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? now - stats.mtimeMs : Number.NaN;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Another run may have been there first, and a folder that is not empty stays. */
function quietly(act: () => unknown): void {
  try {
    act();
  } catch {
    // Sweeping is a courtesy: what cannot be taken away now is met again.
  }
}
