/** Finds the settings of each file: the closest nippy.toml or [tool.nippy] above it, and the closest pyproject.toml's Python. */

import { readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { excluder, pythonOfProject, readToml, type NamedRule, type Settings } from "../analysis/analyzer.js";
import type { Chosen } from "./choices.js";
import { shownPath } from "./paths.js";
import { Trouble } from "./trouble.js";

/** The settings that hold in one folder. */
export interface FolderSettings {
  readonly settings: Settings;
  /** The folder of the configuration; undefined where there is none, or it was named on the command line. */
  readonly base: string | undefined;
  /** Whether the configuration leaves out a file or folder found on a walk. */
  excludes(path: string): boolean;
}

export interface ConfigFinder {
  of(folder: string): FolderSettings;
  /** Mistakes in the configurations met so far, each told once. */
  readonly warnings: readonly string[];
}

type Kind = "nippy.toml" | "pyproject.toml";

/** One file's word for every file; globs are then relative to the current folder. */
export function givenConfig(given: string, choose: Chosen, rules: readonly NamedRule[], current: string): ConfigFinder {
  const path = resolve(current, given);
  const text = readIfPresent(path);
  if (text === undefined) throw new Trouble(`There is no configuration file "${given}".`);
  const warnings: string[] = [];
  const found = readConfig(path, basename(path) === "pyproject.toml" ? "pyproject.toml" : "nippy.toml", text, rules, current, warnings);
  if (!found) throw new Trouble(`"${given}" has no [tool.nippy] table.`);
  const settings = choose([found]);
  const everywhere = { settings, base: undefined, excludes: excludedBelow(current, settings.exclude) };
  return { warnings, of: () => everywhere };
}

/** The closest configuration of each folder; those further up add nothing. A file that is not TOML ends the run when it is met. */
export function closestConfigs(choose: Chosen, rules: readonly NamedRule[], current: string): ConfigFinder {
  const warnings: string[] = [];
  const projectIn = remembered((folder) => readIfPresent(join(folder, "pyproject.toml")));

  const configIn = (folder: string): Partial<Settings> | undefined => {
    const read = (kind: Kind, text: string) => readConfig(join(folder, kind), kind, text, rules, current, warnings);
    const own = readIfPresent(join(folder, "nippy.toml"));
    if (own !== undefined) return read("nippy.toml", own);
    const project = projectIn(folder);
    // A broken pyproject.toml is our business only if Nippy is spoken of in it.
    return project?.includes("nippy") ? read("pyproject.toml", project) : undefined;
  };
  const configAbove = remembered((folder): { readonly found: Partial<Settings>; readonly base: string } | undefined => {
    const found = configIn(folder);
    return found ? { found, base: folder } : fromParent(folder, configAbove);
  });
  const pythonAbove = remembered((folder): Settings["python"] | undefined => {
    const project = projectIn(folder);
    return project === undefined ? fromParent(folder, pythonAbove) : pythonOfProject(project);
  });

  // Folders that agree share one settings object: it is sent to each thread once.
  const shared = new Map<string, FolderSettings>();
  const of = remembered((folder): FolderSettings => {
    const config = configAbove(folder);
    const python = pythonAbove(folder);
    const key = JSON.stringify([config?.base, python]);
    const known = shared.get(key);
    if (known) return known;
    const settings = choose([python ? { python } : {}, config?.found ?? {}]);
    const made = { settings, base: config?.base, excludes: config ? excludedBelow(config.base, settings.exclude) : () => false };
    shared.set(key, made);
    return made;
  });
  return { warnings, of };
}

function fromParent<T>(folder: string, ask: (folder: string) => T | undefined): T | undefined {
  const parent = dirname(folder);
  return parent === folder ? undefined : ask(parent);
}

function readConfig(path: string, kind: Kind, text: string, rules: readonly NamedRule[], current: string, warnings: string[]): Partial<Settings> | undefined {
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

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").replace(/^\ufeff/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw new Trouble(`The configuration "${path}" cannot be read (${code ?? String(error)}).`);
  }
}

function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (known.has(key)) return known.get(key) as T;
    const value = make(key);
    known.set(key, value);
    return value;
  };
}
