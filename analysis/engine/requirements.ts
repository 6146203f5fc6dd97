/** What version specifiers pin and allow, as pip, Poetry and conda write them: one release, or the lowest of many. */

import { compareReleases, libraryOf, releaseOf, type LibraryName } from "../semantics/libraries.js";

export interface Allowed {
  /** The one release that is allowed. */
  readonly exact?: string;
  /** The lowest of those that are. */
  readonly oldest?: string;
}

/** Of each library what one file says of it. */
export type AllowedByFile = Map<LibraryName, Allowed>;

/** Longer than any specifier that somebody wrote by hand. */
const LONGEST = 300;

/**
 * Only `==2.1.0`, and three numbers after conda's `=` or Poetry's nothing, are one release.
 * `>=2.1`, `~=2.1`, `^2.1`, `==2.1.*` and the like tell the lowest. What only has an upper end says nothing.
 */
export function readRange(specifier: string): Allowed {
  if (specifier.length > LONGEST) return {};
  const alternatives = specifier.split(/\|\|?/).map(readAll);
  if (alternatives.length === 1) return alternatives[0]!;
  const lowest = alternatives.map(({ exact, oldest }) => exact ?? oldest);
  return lowest.includes(undefined) ? {} : { oldest: (lowest as string[]).reduce(lowerOf) };
}

/** Parts that all have to hold. */
function readAll(specifier: string): Allowed {
  let exact: string | undefined;
  const floors: string[] = [];
  for (const [, operator = "", version = ""] of specifier.matchAll(
    /(?:(===?|~=|>=|<=|!=|[<>=^~])\s*)?(?<![\w.])(v?\d[\w.!*+-]*)/g,
  )) {
    const release = releaseOf(version);
    if (release === undefined || operator === "!=" || operator.startsWith("<")) continue;
    const isFull = !version.includes("*") && release.split(".").length >= 3;
    const isExact = operator.startsWith("==") ? !version.includes("*") : /^=?$/.test(operator) && isFull;
    if (isExact) exact = release;
    else floors.push(release);
  }
  if (exact !== undefined) return { exact };
  return floors.length === 0 ? {} : { oldest: floors.reduce((a, b) => (compareReleases(a, b) < 0 ? b : a)) };
}

function lowerOf(a: string, b: string): string {
  return compareReleases(a, b) <= 0 ? a : b;
}

/** Notes what one entry of a file says. Of several for one library, for other platforms or Pythons, the lowest counts. */
export function note(found: AllowedByFile, distribution: string, { exact, oldest }: Allowed): void {
  const library = exact === undefined && oldest === undefined ? undefined : libraryOf(distribution);
  if (library === undefined) return;
  const before = found.get(library);
  const lowest = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined ? (a ?? b) : lowerOf(a, b);
  const now = { exact: lowest(before?.exact, exact), oldest: lowest(before?.oldest, oldest) };
  found.set(library, {
    ...(now.exact !== undefined && { exact: now.exact }),
    ...(now.oldest !== undefined && { oldest: now.oldest }),
  });
}

/** A requirement as PEP 508 has it, `pandas[excel]>=2.1; python_version < "3.12"`, or conda's `conda-forge::pandas=2.1.0=py311_0`. */
export function noteRequirement(found: AllowedByFile, line: string): void {
  if (line.length > 2_000) return;
  const match = /^\s*(?:[\w./-]+::)?([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#@()]*)/.exec(line);
  const [, name = "", rest = ""] = match ?? [];
  const specifier = rest.replace(/\s--.*$/, "").replace(/^(\s*=[^=,<>|]+)=.*$/, "$1");
  if (specifier !== "") note(found, name, readRange(specifier));
}

/** `requirements.txt`. Other files that it names are not followed: they may lie anywhere. */
export function readRequirements(text: string): AllowedByFile {
  const found: AllowedByFile = new Map();
  for (const line of text.split("\n")) if (/^[A-Za-z0-9]/.test(line)) noteRequirement(found, line);
  return found;
}

/** conda's `environment.yml`: the entries of `dependencies`, those for pip among them. `python` tells the environment's own. */
export function readEnvironmentFile(text: string): {
  readonly found: AllowedByFile;
  readonly python: string | undefined;
} {
  const found: AllowedByFile = new Map();
  let python: string | undefined;
  let isInside = false;
  for (const line of text.split("\n")) {
    if (/^[^\s#-]/.test(line)) isInside = line.startsWith("dependencies:");
    const entry = isInside && line.length <= 2_000 ? /^\s*-\s+['"]?([^'"]+)/.exec(line)?.[1] : undefined;
    if (entry === undefined) continue;
    python ??= /^(?:[\w./-]+::)?python\s*((?:[=<>~!]|\s\d).*)$/.exec(entry)?.[1];
    noteRequirement(found, entry);
  }
  return { found, python };
}
