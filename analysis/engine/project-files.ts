/** The files that a project describes itself with, each read for its Python and its dependencies, as far as they are plain data. */

import { tableOf } from "../text/table.js";
import { parse as parseToml } from "smol-toml";
import { minorOf, namedPython, type PythonVersion } from "../semantics/python-version.js";
import { note, noteExtras, noteRequirement, readRange, type AllowedByFile } from "./requirements.js";

export interface Pyproject {
  readonly requires: string | undefined;
  readonly poetry: string | undefined;
  readonly classifiers: string;
  readonly dependencies: AllowedByFile;
  /** What the formatter or checker is told. */
  readonly lineLength: number | undefined;
}

/** A file that is no TOML says nothing. */
export function readPyproject(text: string): Pyproject {
  const table = parsedToml(text);
  const project = tableOf(table["project"]);
  const poetry = tableOf(tableOf(table["tool"])["poetry"]);
  const poetryDependencies = tableOf(poetry["dependencies"]);
  const dependencies: AllowedByFile = new Map();
  for (const line of stringsOf(project["dependencies"])) noteRequirement(dependencies, line);
  const extras: AllowedByFile = new Map();
  for (const line of Object.values(tableOf(project["optional-dependencies"])).flatMap(stringsOf))
    noteRequirement(extras, line);
  noteExtras(dependencies, extras);
  for (const [name, said] of Object.entries(poetryDependencies))
    for (const range of poetryRanges(said)) note(dependencies, name, readRange(range));
  return {
    requires: stringOf(project["requires-python"]),
    poetry: poetryRanges(poetryDependencies["python"]).join(" || ") || undefined,
    classifiers: [...stringsOf(project["classifiers"]), ...stringsOf(poetry["classifiers"])].join("\n"),
    dependencies,
    lineLength: lineLengthOf(tableOf(table["tool"])),
  };
}

/** Of the tables of tools, the formatter first. */
function lineLengthOf(tool: Readonly<Record<string, unknown>>): number | undefined {
  return (
    width(tableOf(tool["ruff"])["line-length"]) ??
    width(tableOf(tool["black"])["line-length"]) ??
    width(tableOf(tool["pycodestyle"])["max-line-length"]) ??
    width(tableOf(tool["flake8"])["max-line-length"])
  );
}

/** Of `ruff.toml`, which is the table itself. */
export function lineLengthOfRuff(text: string): number | undefined {
  return width(parsedToml(text)["line-length"]);
}

/** What nobody means is no line length. */
function width(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\d{1,4}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 40 && number <= 1_000 ? number : undefined;
}

/** `"^2.1"`, `{ version = "^2.1" }`, or a list of such tables for different platforms. */
function poetryRanges(said: unknown): readonly string[] {
  return (Array.isArray(said) ? said : [said]).flatMap((it: unknown) => {
    const range = typeof it === "string" ? it : stringOf(tableOf(it)["version"]);
    return range === undefined ? [] : [range];
  });
}

export interface SetupCfg {
  readonly requires: string | undefined;
  readonly classifiers: string;
  readonly dependencies: AllowedByFile;
  readonly lineLength: number | undefined;
}

/** INI: a value goes on in the lines below that stand further in. */
export function readSetupCfg(text: string): SetupCfg {
  const values = new Map<string, string[]>();
  let section = "";
  let value: string[] | undefined;
  for (const line of text.split("\n")) {
    const [, header, key, rest] = /^(?:\[([^\]]{1,100})\]|([\w.-]{1,100})\s*[=:](.*))/.exec(line) ?? [];
    if (/^\s*[#;]/.test(line)) continue;
    if (header !== undefined) {
      section = header;
      value = undefined;
    } else if (key !== undefined) values.set(`${section}.${key.replaceAll("-", "_")}`, (value = [rest!.trim()]));
    else if (/^\s/.test(line)) value?.push(line.trim());
    else value = undefined;
  }
  const dependencies: AllowedByFile = new Map();
  for (const line of values.get("options.install_requires") ?? []) noteRequirement(dependencies, line);
  return {
    requires: values.get("options.python_requires")?.join(","),
    classifiers: values.get("metadata.classifiers")?.join("\n") ?? "",
    dependencies,
    lineLength: width((values.get("pycodestyle.max_line_length") ?? values.get("flake8.max_line_length"))?.[0]),
  };
}

/** What `python_requires` is given in a `setup.py`, where that is one plain string. */
export function requiresIn(text: string): string | undefined {
  return /\bpython_requires["']?\s*[=:]\s*(["'])([^"'\n\\]{1,200})\1\s*[,)}]/.exec(withoutComments(text))?.[2];
}

export function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, "");
}

/** Of the trove classifiers that stand anywhere in a text. */
export function lowestClassifier(text: string): PythonVersion | undefined {
  const minors = [...text.matchAll(/Programming Language :: Python :: 3\.(\d{1,2})(?!\d)/g)].map(([, it]) =>
    Number(it),
  );
  return minors.length === 0 ? undefined : `3.${minors.reduce((a, b) => Math.min(a, b))}`;
}

/** Several versions, one below or beside the other, are all in use: the oldest counts. */
export function pythonOfVersionFile(text: string): PythonVersion | undefined {
  const found = text
    .slice(0, 2_000)
    .split("\n")
    .flatMap((line) => line.replace(/#.*/, "").trim().split(/\s+/))
    .flatMap((it) => namedPython(it) ?? []);
  return found.length === 0 ? undefined : found.reduce((a, b) => (minorOf(b) < minorOf(a) ? b : a));
}

/** Of `pyvenv.cfg`: `version = 3.11.4`, or `version_info` where virtualenv or uv made it. */
export function pythonOfEnvironment(config: string): PythonVersion | undefined {
  const version = /^version(?:_info)?\s*=\s*([\w.+-]{1,50})\s*$/m.exec(config)?.[1];
  return version === undefined ? undefined : namedPython(version.replace(/\.(final|alpha|beta|candidate)\.\d+$/, ""));
}

/** `pandas-2.1.0.dist-info`: the folder's name tells the package and its version, and nothing has to be opened. */
export function readPackages(names: readonly string[]): AllowedByFile {
  const found: AllowedByFile = new Map();
  for (const name of names) {
    const [, distribution, version] = /^([A-Za-z0-9][\w.]*)-(\d[^-]*)\.dist-info$/.exec(name) ?? [];
    if (distribution !== undefined && version !== undefined) note(found, distribution, readRange(`==${version}`));
  }
  return found;
}

function parsedToml(text: string): Readonly<Record<string, unknown>> {
  try {
    return parseToml(text);
  } catch {
    return {};
  }
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
}
