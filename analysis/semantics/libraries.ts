/** What a project says of the versions of its libraries, and how versions are compared. */

import { LIBRARIES, type LibraryName } from "../knowledge/library-names.js";
import type { Answer } from "./effects.js";

export { LIBRARIES, type LibraryName };

/** What a project says of one library, as releases (`2.1.0`); at least one of them is there. */
export interface LibraryVersion {
  /** What the code runs with: locked, pinned or installed. */
  readonly version?: string;
  /** The lowest version that the project's own dependencies allow. */
  readonly oldest?: string;
  /** The first version above those that they allow. */
  readonly below?: string;
}

/** Libraries of which nothing is known are left out. */
export type LibraryVersions = Readonly<Partial<Record<LibraryName, LibraryVersion>>>;

/** `from` is the first release that fits, `until` the first one that does not any more. */
export interface VersionGate {
  readonly from?: string;
  readonly until?: string;
}

export type LibraryGates = Readonly<Partial<Record<LibraryName, VersionGate>>>;

const BY_DISTRIBUTION: ReadonlyMap<string, LibraryName> = new Map(
  (Object.entries(LIBRARIES) as [LibraryName, readonly string[]][]).flatMap(([library, distributions]) =>
    distributions.map((it) => [it, library] as const),
  ),
);

/** The library that a distribution brings, however its name is written; undefined where no rule can ask for it. */
export function libraryOf(distribution: string): LibraryName | undefined {
  return BY_DISTRIBUTION.get(distribution.toLowerCase().replace(/[-_.]+/g, "-"));
}

/** The numbers of a version: `2.1.0rc1+cu121` is `2.1.0`. Undefined for what is no version, or counts in epochs. */
export function releaseOf(version: string): string | undefined {
  return /^\s*v?(\d{1,9}(?:\.\d{1,9}){0,5})(?![\d!])/.exec(version)?.[1];
}

/** Below 0 where `a` is older. Parts that are not there are 0: `2` is as new as `2.0.0`. */
export function compareReleases(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = Number(left[index] ?? 0) - Number(right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether all that is known of a library lies within the gate: what it runs with, the oldest it still allows, and where what it allows ends. */
export function fitsGate({ from, until }: VersionGate, library: LibraryVersion = {}): Answer {
  const { version, oldest, below } = library;
  if (from !== undefined && !mayReach(from, library)) return "no";
  const known = [version, oldest].filter((it) => it !== undefined);
  if (known.length === 0) {
    const isBelow = until !== undefined && below !== undefined && compareReleases(below, until) <= 0;
    return isBelow && from === undefined ? "yes" : "unknown";
  }
  const isWithin = (it: string) =>
    (from === undefined || compareReleases(it, from) >= 0) && (until === undefined || compareReleases(it, until) < 0);
  return known.every(isWithin) ? "yes" : "no";
}

/** Whether a project may run with a release or a later one, by all that it says. */
export function mayReach(release: string, { version, below }: LibraryVersion = {}): boolean {
  if (version !== undefined) return compareReleases(version, release) >= 0;
  return below === undefined || compareReleases(below, release) > 0;
}
