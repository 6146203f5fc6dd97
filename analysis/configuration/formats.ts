/** Which files describe a project instead of being part of it, by their names, and how each is written. */

export type ConfigurationFormat = "toml" | "ini" | "requirements";

const INI: ReadonlySet<string> = new Set([
  "setup.cfg",
  "pytest.ini",
  ".pytest.ini",
  "tox.ini",
  "mypy.ini",
  ".mypy.ini",
]);

/** `requirements.txt`, `requirements-dev.txt`, `dev-requirements.txt`, `requirements.in`. */
const REQUIREMENTS = /^(?:[\w-]{1,100}[-_.])?requirements(?:[-_.][\w.-]{1,100})?\.(?:txt|in)$/i;

/** The last part of a path, whichever slashes it has. */
export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

/** Undefined for every other file. */
export function formatOf(path: string): ConfigurationFormat | undefined {
  const name = fileNameOf(path);
  if (name === "pyproject.toml") return "toml";
  if (INI.has(name)) return "ini";
  return name.length <= 100 && REQUIREMENTS.test(name) ? "requirements" : undefined;
}
