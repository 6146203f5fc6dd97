/** Python's minor versions: comparing them and reading the lowest one a project supports out of `requires-python`. */

/** With a `t` at its end, as CPython names it: the build without the global interpreter lock, whose threads run at the same time. */
export type PythonVersion = `3.${number}` | `3.${number}t`;

/** What is assumed when a project says nothing: the oldest Python that still gets fixes. */
export const DEFAULT_PYTHON: PythonVersion = "3.10";

export function minorOf(version: PythonVersion): number {
  return Number.parseInt(version.slice(2), 10);
}

export function isFreeThreaded(version: PythonVersion): boolean {
  return version.endsWith("t");
}

export function isAtLeast(version: PythonVersion, wanted: PythonVersion): boolean {
  return minorOf(version) >= minorOf(wanted);
}

export function pythonVersion(text: string): PythonVersion | undefined {
  const match = /^\s*3\.(\d{1,2})(?:\.\d+)?(t?)\s*$/.exec(text);
  return match ? `3.${Number(match[1])}${match[2] === "t" ? "t" : ""}` : undefined;
}

/** Longer than any specifier that somebody wrote by hand. */
const LONGEST_SPECIFIER = 300;

/**
 * The lowest Python 3 that a specifier such as `>=3.9,<4`, `~=3.11` or Poetry's `^3.8 || ^3.10` admits.
 * Undefined where it names none; what only names a Python 2 as its lowest admits every Python 3 it does not leave out.
 */
export function lowestOf(specifier: string): PythonVersion | undefined {
  if (specifier.length > LONGEST_SPECIFIER) return undefined;
  const minor = Math.min(...specifier.split("||").map(lowestOfAll));
  return Number.isFinite(minor) ? `3.${minor}` : undefined;
}

/**
 * Of parts that all have to hold: a comma stands between them, with Poetry sometimes only a blank.
 * NaN where they name no lowest, infinity where they admit no Python 3 at all.
 */
function lowestOfAll(specifier: string): number {
  const floors: number[] = [];
  const excluded = new Set<number>();
  for (const part of specifier.matchAll(
    /(?:(>=|~=|===?|!=|<=|[<>^~=])\s*)?(?<![\d.])v?(\d{1,3})(?:\.(\d{1,3}|\*))?(\.[\w*]+)*/g,
  )) {
    const [, operator = "==", major, minor = "*", rest] = part;
    if (operator === "!=") {
      if (major === "3" && minor !== "*" && (rest === undefined || rest === ".*")) excluded.add(Number(minor));
    } else if (!operator.startsWith("<")) {
      if (major === "3") floors.push(minor === "*" ? 0 : Number(minor));
      else if (major === "2" && operator.startsWith(">")) floors.push(0);
      else return Infinity;
    }
  }
  if (floors.length === 0) return NaN;
  let minor = Math.max(...floors);
  while (excluded.has(minor)) minor++;
  return minor;
}

/** What a line of `.python-version` asks for: a version, or a name of pyenv or uv that tells one. */
export function namedPython(name: string): PythonVersion | undefined {
  const [, minor, threads] =
    /^(?:(?:cpython|python)-?|pypy)?(?:==|>=|~=)?3\.(\d{1,2})(?:\.\d{1,3})?(?:(t|\+freethreaded)|-dev|[ab]\d{1,3}|rc\d{1,3})?(?:[-+][\w.+-]{1,80})?$/.exec(
      name.trim(),
    ) ?? [];
  return minor === undefined ? undefined : `3.${Number(minor)}${threads === undefined ? "" : "t"}`;
}
