/** Where results are kept between runs, told from what else may lie there, and swept of what nobody asks for any more. */

import { mkdirSync, readdirSync, rmdirSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CheckRequest } from "./arguments.js";

const DEFAULT_NAME = ".nippy_cache";

/** Undefined when nothing is to be kept. `base` is the folder of the project's configuration, where it has one. */
export function cacheFolder(
  { cache, cacheDir }: Pick<CheckRequest, "cache" | "cacheDir">,
  base: string | undefined,
  current: string,
): string | undefined {
  if (!cache) return undefined;
  const chosen = cacheDir ?? (process.env["NIPPY_CACHE_DIR"] || undefined);
  return chosen === undefined ? join(base ?? current, DEFAULT_NAME) : resolve(current, chosen);
}

/** One folder for each build: what a build wrote no other one reads. */
export function buildFolder(cache: string, build: string): string {
  return join(cache, `build-${build}`);
}

/** Whatever does not look like this was not put there by us, and is left alone: a user may name any folder. */
const BUILD = /^build-[0-9a-f]{16}$/;
const ENTRY = /^[0-9a-f]{32}(\.\d+\.tmp)?$/;

/** Makes the folder; a new one says of itself that neither version control nor a backup needs it. @throws where it cannot be made */
export function makeFolder(cache: string, build: string): void {
  const isNew = mkdirSync(cache, { recursive: true }) !== undefined || readdirSync(cache).length === 0;
  mkdirSync(buildFolder(cache, build), { recursive: true });
  if (!isNew) return;
  writeFileSync(join(cache, ".gitignore"), "# Made by Nippy.\n*\n");
  writeFileSync(
    join(cache, "CACHEDIR.TAG"),
    "Signature: 8a477f597d28d172789f06886806bc55\n# Results that Nippy keeps between runs. This folder may be deleted at any time.\n",
  );
}

const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 30;
/** Of a build that does not run now: it may be another version's, used in turn with this one, but most will never come back. */
const KEPT_DAYS_OF_OTHERS = 3;

/** Takes away what has not been used for long, also what an interrupted run left half-written. */
export function sweep(cache: string, build: string, now: number): void {
  for (const name of namesIn(cache)) {
    if (!BUILD.test(name)) continue;
    const folder = join(cache, name);
    const isOwn = folder === buildFolder(cache, build);
    const oldest = now - (isOwn ? KEPT_DAYS : KEPT_DAYS_OF_OTHERS) * DAY;
    for (const entry of namesIn(folder))
      if (ENTRY.test(entry))
        quietly(() => statSync(join(folder, entry)).mtimeMs < oldest && unlinkSync(join(folder, entry)));
    if (!isOwn) quietly(() => rmdirSync(folder));
  }
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
