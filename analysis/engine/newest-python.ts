/**
 * What the newest Python that a project can run on says of libraries that it names no version of. A file that pins TensorFlow 1.14 runs on Python 3.7 at most,
 * so that its NumPy is 1.21 at most, and names that came later are no advice for it.
 */

import { compareReleases, type LibraryName } from "../semantics/libraries.js";
import { readRange } from "./requirements.js";
import type { Stated, Target, TargetLibrary } from "./target.js";

type Libraries = Target["libraries"];

/** The newest minor version of Python 3. */
type Minor = number;

/** Of libraries that are published as wheels only: the first release whose wheels go beyond the Python of the line above. From the names of the released wheels, November 2026. */
const NEWEST_PYTHON: Readonly<Partial<Record<LibraryName, readonly (readonly [below: string, newest: Minor])[]>>> = {
  tensorflow: [
    ["1.13", 6],
    ["2.2", 7],
    ["2.5", 8],
    ["2.8", 9],
    ["2.12", 10],
  ],
  torch: [
    ["1.4", 7],
    ["1.7.1", 8],
    ["1.10.2", 9],
    ["1.13", 10],
  ],
};

/** By the newest Python: the first minor release without a wheel for it, and without leave to be built there. From the same source. */
const FIRST_WITHOUT: Readonly<Record<Minor, Readonly<Partial<Record<LibraryName, string>>>>> = {
  6: {
    numpy: "1.20",
    pandas: "1.2",
    sklearn: "1.0",
    scipy: "1.6",
    matplotlib: "3.4",
    torch: "1.11",
    tensorflow: "2.7",
  },
  7: {
    numpy: "1.22",
    pandas: "1.4",
    sklearn: "1.1",
    scipy: "1.8",
    matplotlib: "3.6",
    torch: "2.0",
    tensorflow: "2.12",
  },
  8: {
    numpy: "1.25",
    pandas: "2.1",
    sklearn: "1.4",
    scipy: "1.11",
    matplotlib: "3.8",
    torch: "2.5",
    tensorflow: "2.14",
  },
  9: {
    numpy: "2.1",
    pandas: "3.0",
    sklearn: "1.7",
    scipy: "1.14",
    matplotlib: "3.10",
    torch: "2.9",
    tensorflow: "2.21",
  },
  10: { numpy: "2.3", pandas: "3.0", sklearn: "1.8", scipy: "1.16", matplotlib: "3.11", torch: "2.15" },
};

/** The libraries with the ends that follow from the newest Python, where nothing nearer is known of them. `specifiers` are those of Python itself, each with its place. */
export function withEndsByPython(libraries: Libraries, specifiers: readonly Stated<string>[]): Libraries {
  const ends = [...specifiers.flatMap(byItself), ...bySoleWheels(libraries)];
  if (ends.length === 0) return libraries;
  const { value, from } = ends.reduce((a, b) => (b.value < a.value ? b : a));
  const said: { -readonly [Name in keyof Libraries]: Libraries[Name] } = {
    ...libraries,
    // Python itself took nothing out of its library later than that.
    ...(value < LAST_REMOVAL && { python: { below: { value: `3.${value + 1}`, from, follows: true } } }),
  };
  for (const [name, below] of Object.entries(FIRST_WITHOUT[Math.max(value, OLDEST)] ?? {})) {
    const known = said[name as LibraryName];
    if (known?.version || (known?.below && compareReleases(known.below.value, below) <= 0)) continue;
    // What asks for a release that does not run there knows better.
    if (known?.oldest && compareReleases(known.oldest.value, below) >= 0) continue;
    said[name as LibraryName] = { ...known, below: { value: below, from, follows: true } };
  }
  return said;
}

const OLDEST: Minor = 6;

/** No file names the library, or a version of it: lists of what a project says leave it out. */
export function onlyFollows({ version, oldest, below }: TargetLibrary): boolean {
  return !version && !oldest && below?.follows === true;
}

/** The last release that took out modules of the standard library. */
const LAST_REMOVAL: Minor = 13;

function byItself({ value, from }: Stated<string>): readonly Stated<Minor>[] {
  const newest = newestOf(value);
  return newest === undefined ? [] : [{ value: newest, from: `Python 3.${newest} at most, ${from}` }];
}

function bySoleWheels(libraries: Libraries): readonly Stated<Minor>[] {
  return Object.entries(NEWEST_PYTHON).flatMap(([name, ends]) => {
    const version = libraries[name as LibraryName]?.version;
    const newest = version && ends.find(([below]) => compareReleases(version.value, below) < 0)?.[1];
    return newest === undefined
      ? []
      : [{ value: newest, from: `Python 3.${newest} at most, by ${name} ${version!.value} in ${version!.from}` }];
  });
}

/** `<3.8` and `==3.7.*` are 3.7; undefined where there is no upper end, or one beyond Python 3. */
function newestOf(specifier: string): Minor | undefined {
  const { exact, below } = readRange(specifier);
  const [major, minor = 0, ...rest] = (exact ?? below ?? "").split(".").map(Number);
  if (major !== 3) return undefined;
  return exact === undefined && rest.every((it) => it === 0) ? minor - 1 : minor;
}
