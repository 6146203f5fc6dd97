/** Finds the settings of each file: the closest nippy.toml or [tool.nippy] above it, under them what the project says of its Python and libraries. */

import { basename, dirname, join, resolve } from "node:path";
import {
  CONFIGURATION_SIZE,
  excluder,
  readTarget,
  readToml,
  targetSettings,
  type NamedRule,
  type Settings,
  type Target,
} from "../analysis/analyzer.js";
import { isUnfit, readIfPresent, textOf } from "../host/regular-file.js";
import type { Chosen } from "./choices.js";
import { shownPath } from "./paths.js";
import { targetFinder } from "./target.js";
import { Trouble } from "./trouble.js";

/** The settings that hold in one folder. */
export interface FolderSettings {
  readonly settings: Settings;
  /** The folder of the configuration; undefined where there is none, or it was named on the command line. */
  readonly base: string | undefined;
  /** The file of the configuration, and what it says. */
  readonly source: string | undefined;
  readonly said: Partial<Settings>;
  /** Whether the configuration leaves out a file or folder found on a walk. */
  excludes(path: string): boolean;
}

export interface ConfigFinder {
  of(folder: string): FolderSettings;
  /** What the project says by itself of the Python and the libraries of a folder's files. */
  targetOf(folder: string): Target;
  /** Mistakes in the configurations met so far, each told once. */
  readonly warnings: readonly string[];
}

type Kind = "nippy.toml" | "pyproject.toml";

interface Found {
  readonly said: Partial<Settings>;
  readonly source: string;
  readonly base: string | undefined;
}

/** One file's word for every file; globs are then relative to the current folder. */
export function givenConfig(given: string, choose: Chosen, rules: readonly NamedRule[], current: string): ConfigFinder {
  const source = resolve(current, given);
  const text = readConfiguration(source, shownPath(source, current));
  if (text === undefined) throw new Trouble(`There is no configuration file "${given}".`);
  const warnings: string[] = [];
  const kind = basename(source) === "pyproject.toml" ? "pyproject.toml" : "nippy.toml";
  const own = readConfig(source, kind, text, rules, current, warnings);
  if (!own) throw new Trouble(`"${given}" has no [tool.nippy] table.`);
  const { python } = readTarget(new Map([[kind, text]]));
  const found: Found = { said: { ...(python && { python: python.value }), ...own }, source, base: undefined };
  return { warnings, ...folderSettings(() => found, choose, current) };
}

/** The closest configuration of each folder; those further up add nothing. A file that is not TOML ends the run when it is met. */
export function closestConfigs(choose: Chosen, rules: readonly NamedRule[], current: string): ConfigFinder {
  const warnings: string[] = [];

  const configIn = (folder: string): Found | undefined => {
    const read = (kind: Kind, text: string): Found | undefined => {
      const source = join(folder, kind);
      const said = readConfig(source, kind, text, rules, current, warnings);
      return said && { said, source, base: folder };
    };
    const [own, shared] = [join(folder, "nippy.toml"), join(folder, "pyproject.toml")];
    const text = readConfiguration(own, shownPath(own, current));
    if (text !== undefined) return read("nippy.toml", text);
    // A broken pyproject.toml is our business only if Nippy is spoken of in it.
    const project = readConfiguration(shared, shownPath(shared, current), warnings);
    return project?.includes("nippy") ? read("pyproject.toml", project) : undefined;
  };
  const configAbove = remembered(
    (folder: string): Found | undefined => configIn(folder) ?? fromParent(folder, configAbove),
  );
  return { warnings, ...folderSettings(configAbove, choose, current) };
}

/** Folders that agree share one settings object: it is sent to each thread once. */
function folderSettings(
  configOf: (folder: string) => Found | undefined,
  choose: Chosen,
  current: string,
): Pick<ConfigFinder, "of" | "targetOf"> {
  const targetOf = targetFinder(current);
  const shared = new Map<string, FolderSettings>();
  // Most folders have the very target of the one above them.
  const settingsOfTarget = remembered((target: Target) => {
    const said = targetSettings(target);
    return { said, key: JSON.stringify(said) };
  });
  const of = remembered((folder: string): FolderSettings => {
    const found = configOf(folder);
    const target = settingsOfTarget(targetOf(folder));
    const key = `${target.key} ${found?.source}`;
    const known = shared.get(key);
    if (known) return known;
    const settings = choose([target.said, found?.said ?? {}]);
    const made: FolderSettings = {
      settings,
      base: found?.base,
      source: found?.source,
      said: found?.said ?? {},
      excludes: found ? excludedBelow(found.base ?? current, settings.exclude) : () => false,
    };
    shared.set(key, made);
    return made;
  });
  return { of, targetOf };
}

function fromParent<T>(folder: string, ask: (folder: string) => T | undefined): T | undefined {
  const parent = dirname(folder);
  return parent === folder ? undefined : ask(parent);
}

function readConfig(
  path: string,
  kind: Kind,
  text: string,
  rules: readonly NamedRule[],
  current: string,
  warnings: string[],
): Partial<Settings> | undefined {
  const read = readToml(text, kind, rules);
  for (const { message, line, isUnreadable } of read?.problems ?? []) {
    const place = `${shownPath(path, current)}${line === undefined ? "" : `:${line + 1}`}`;
    if (isUnreadable) throw new Trouble(`${place}: ${message}`);
    warnings.push(`${place}: ${message}`);
  }
  return read?.settings;
}

function excludedBelow(base: string, globs: readonly string[]): FolderSettings["excludes"] {
  const isExcluded = excluder(globs);
  return (path) => isExcluded(shownPath(path, base));
}

/** Undefined where there is none. What is no file that one would write by hand is told, and ends the run where there is no list for that. */
function readConfiguration(path: string, shown: string, warnings?: string[]): string | undefined {
  try {
    const bytes = readIfPresent(path, CONFIGURATION_SIZE);
    return bytes && textOf(bytes);
  } catch (error) {
    if (!isUnfit(error))
      throw new Trouble(
        `The configuration "${shown}" cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      );
    if (!warnings) throw new Trouble(`The configuration "${shown}" cannot be used: it ${error.message}.`);
    warnings.push(`${shown}: It ${error.message}, so it is not read.`);
    return undefined;
  }
}

function remembered<K, T>(make: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    if (known.has(key)) return known.get(key) as T;
    const value = make(key);
    known.set(key, value);
    return value;
  };
}
