/** Python's minor versions: comparing them and reading the lowest one a project supports out of `requires-python`. */

export type PythonVersion = `3.${number}`;

/** What is assumed when a project says nothing: the oldest Python that still gets fixes. */
export const DEFAULT_PYTHON: PythonVersion = "3.10";

export function minorOf(version: PythonVersion): number {
  return Number(version.slice(2));
}

export function isAtLeast(version: PythonVersion, wanted: PythonVersion): boolean {
  return minorOf(version) >= minorOf(wanted);
}

export function pythonVersion(text: string): PythonVersion | undefined {
  const match = /^\s*3\.(\d{1,2})(?:\.\d+)?\s*$/.exec(text);
  return match ? `3.${Number(match[1])}` : undefined;
}

/** The lowest minor version a specifier such as `>=3.9,<4` or `~=3.11` admits, if it names one. */
export function lowestOf(specifier: string): PythonVersion | undefined {
  const floors = specifier.split(",").flatMap((part) => {
    const match = /^\s*(>=|~=|==|>|\^)?\s*3\.(\d{1,2})/.exec(part);
    return match ? [Number(match[2])] : [];
  });
  return floors.length > 0 ? `3.${Math.max(...floors)}` : undefined;
}
