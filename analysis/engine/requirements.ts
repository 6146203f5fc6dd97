/** What version specifiers pin and allow, as pip, Poetry and conda write them: one release, or the ends of a range. */

import { BROUGHT_BACK } from "../knowledge/library-names.js";
import { compareReleases, libraryOf, releaseOf, type LibraryName } from "../semantics/libraries.js";

export interface Allowed {
  /** The one release that is allowed. */
  readonly exact?: string;
  /** The lowest of those that are. */
  readonly oldest?: string;
  /** The first of those above that is not. */
  readonly below?: string;
  /** Some entry has no upper end: `below` then says nothing. */
  readonly isOpen?: boolean;
}

/** Of each library what one file says of it. */
export type AllowedByFile = Map<LibraryName, Allowed>;

/** Longer than any specifier that somebody wrote by hand. */
const LONGEST = 300;

/**
 * Only `==2.1.0`, and three numbers after conda's `=` or Poetry's nothing, are one release.
 * `>=2.1` tells the lowest, `<3` the first that is too new, and `~=2.1`, `^2.1`, `==2.1.*` tell both.
 */
export function readRange(specifier: string): Allowed {
  if (specifier.length > LONGEST) return {};
  const alternatives = specifier.split(/\|\|?/).map(readAll);
  if (alternatives.length === 1) return alternatives[0]!;
  const lowest = alternatives.map(({ exact, oldest }) => exact ?? oldest);
  const ends = alternatives.map(({ exact, below }) => (exact === undefined ? below : justAbove(exact)));
  return {
    ...(!lowest.includes(undefined) && { oldest: (lowest as string[]).reduce(lowerOf) }),
    ...(!ends.includes(undefined) && { below: (ends as string[]).reduce(higherOf) }),
  };
}

/** Parts that all have to hold. */
function readAll(specifier: string): Allowed {
  let exact: string | undefined;
  const floors: string[] = [];
  const ends: string[] = [];
  for (const [, operator = "", version = ""] of specifier.matchAll(
    /(?:(===?|~=|>=|<=|!=|[<>=^~])\s*)?(?<![\w.])(v?\d[\w.!*+-]*)/g,
  )) {
    const release = releaseOf(version);
    if (release === undefined || operator === "!=") continue;
    if (operator.startsWith("<")) {
      ends.push(operator === "<" ? release : justAbove(release));
      continue;
    }
    const isFull = !version.includes("*") && release.split(".").length >= 3;
    const isExact = operator.startsWith("==") ? !version.includes("*") : /^=?$/.test(operator) && isFull;
    if (isExact) exact = release;
    else floors.push(release);
    const end = endOf(operator, release);
    if (end !== undefined) ends.push(end);
  }
  if (exact !== undefined) return { exact };
  return {
    ...(floors.length > 0 && { oldest: floors.reduce(higherOf) }),
    ...(ends.length > 0 && { below: ends.reduce(lowerOf) }),
  };
}

/** Where the range ends that begins with a release: `~=2.1` before 3, `~=2.1.4`, `~2.1` and `2.1.*` before 2.2, `^0.2.3` before 0.3. */
function endOf(operator: string, release: string): string | undefined {
  const numbers = release.split(".");
  const last = numbers.length - 1;
  switch (operator) {
    case "~=":
      return stepped(numbers, last - 1);
    case "~":
      return stepped(numbers, Math.min(last, 1));
    case "^": {
      const first = numbers.findIndex((it) => Number(it) > 0);
      return stepped(numbers, first < 0 ? last : first);
    }
    case "":
    case "=":
    case "==":
      return stepped(numbers, last);
    default:
      return undefined;
  }
}

/** The release that comes next when one of its numbers counts on: of `2.1.4`, at 1, it is `2.2`. */
function stepped(numbers: readonly string[], at: number): string | undefined {
  return at < 0 ? undefined : [...numbers.slice(0, at), String(Number(numbers[at] ?? 0) + 1)].join(".");
}

/** The first release that is newer: of `2.1` it is `2.1.1`. */
function justAbove(release: string): string {
  const numbers = release.split(".");
  return stepped([...numbers, "0", "0"].slice(0, Math.max(3, numbers.length)), Math.max(2, numbers.length - 1))!;
}

function lowerOf(a: string, b: string): string {
  return compareReleases(a, b) <= 0 ? a : b;
}

function higherOf(a: string, b: string): string {
  return compareReleases(a, b) < 0 ? b : a;
}

/** Notes what one entry of a file says. Of several for one library, for other platforms or Pythons, the lowest counts, and of upper ends the highest. */
export function note(found: AllowedByFile, distribution: string, said: Allowed): void {
  const library = libraryOf(distribution);
  if (library !== undefined) noteLibrary(found, library, said);
}

/** Notes what the extras of a project say. Where its own dependencies name the library these tell how new it may be: they hold with and without an extra. */
export function noteExtras(found: AllowedByFile, extras: AllowedByFile): void {
  const own = new Set(found.keys());
  for (const [library, said] of extras) {
    const { below: _end, ...rest } = said;
    noteLibrary(found, library, own.has(library) ? { ...rest, isOpen: false } : said);
  }
}

function noteLibrary(found: AllowedByFile, library: LibraryName, said: Allowed): void {
  const { exact, below } = said;
  const oldest = said.oldest ?? (exact === undefined && BROUGHT_BACK.has(library) ? "0" : undefined);
  const { isOpen = exact === undefined && below === undefined } = said;
  const before = found.get(library);
  const oneOf = (a: string | undefined, b: string | undefined, choose: typeof lowerOf) =>
    a === undefined || b === undefined ? (a ?? b) : choose(a, b);
  const now = {
    exact: oneOf(before?.exact, exact, lowerOf),
    oldest: oneOf(before?.oldest, oldest, lowerOf),
    below: oneOf(before?.below, below, higherOf),
  };
  found.set(library, {
    ...(now.exact !== undefined && { exact: now.exact }),
    ...(now.oldest !== undefined && { oldest: now.oldest }),
    ...(now.below !== undefined && { below: now.below }),
    ...((before?.isOpen || isOpen) && { isOpen: true }),
  });
}

/** A requirement as PEP 508 has it, `pandas[excel]>=2.1; python_version < "3.12"`, or conda's `conda-forge::pandas=2.1.0=py311_0`. */
export function noteRequirement(found: AllowedByFile, line: string): void {
  if (line.length > 2_000) return;
  const match = /^\s*(?:[\w./-]+::)?([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#@()]*)/.exec(line);
  const [, name = "", rest = ""] = match ?? [];
  const specifier = rest.replace(/\s--.*/, "").replace(/^(\s*=[^=,<>|]+)=.*$/, "$1");
  note(found, name, readRange(specifier));
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
