/** Finds the settings of each file: the closest nippy.toml or [tool.nippy] above it, under them what the project says of its Python and libraries. */

import { existsSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  CONFIGURATION_SIZE,
  configurationName,
  excluder,
  LEAVES_REPOSITORY,
  lineIndex,
  readLayers,
  readTarget,
  saidByFile,
  saidInAll,
  targetSettings,
  type ConfigurationName,
  type ConfigurationText,
  type Extended,
  type Extends,
  type Layer,
  type NamedRule,
  type Settings,
  type SettingsProblem,
  type Target,
} from "../analysis/analyzer.js";
import { isUnfit, readIfPresent, textOf } from "../host/regular-file.js";
import type { Chosen } from "./choices.js";
import { isInside, isInsideAny } from "./links.js";
import { repositoryAround, shownPath } from "./paths.js";
import { targetFinder } from "./target.js";
import { fromParent, remembered } from "./remembered.js";
import { Trouble } from "./trouble.js";

/** The settings that hold in one folder. */
export interface FolderSettings {
  /** What holds for a file in it; the same object where the same holds. */
  settingsFor(path: string): Settings;
  /** The folder that the globs of the configuration count from. */
  readonly base: string;
  /** The configuration, after those that it extends; none where there is no configuration. */
  readonly layers: readonly Layer[];
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

interface Found {
  readonly layers: readonly Layer[];
  /** The folder of the configuration; undefined where it was named on the command line. */
  readonly base: string | undefined;
}

/** What a finder works with. */
export interface Search {
  readonly choose: Chosen;
  readonly rules: readonly NamedRule[];
  readonly current: string;
  /** Whether mistakes are warnings; else they end the run. */
  readonly isLenient: boolean;
}

export function configFinder(given: string | undefined, search: Search): ConfigFinder {
  return given === undefined ? closestConfigs(search) : givenConfig(given, search);
}

/** One file's word for every file; globs are then relative to the current folder. */
function givenConfig(given: string, search: Search): ConfigFinder {
  const { current } = search;
  const source = resolve(current, given);
  const text = readConfiguration(source, shownPath(source, current));
  if (text === undefined) throw new Trouble(`There is no configuration file "${given}".`);
  const warnings: string[] = [];
  const name = configurationName(source);
  const layers = layersOf({ source, name, text }, search, warnings);
  if (!layers) throw new Trouble(`"${given}" has no [tool.nippy] table.`);
  const { python } = readTarget(new Map([[name, text]]));
  const stated: Layer = { source, name, text, said: python ? { python: python.value } : {}, problems: [] };
  return { warnings, ...folderSettings(() => ({ layers: [stated, ...layers], base: undefined }), search) };
}

/** The closest configuration of each folder; those further up add nothing, unless it extends them. A mistake ends the run when its file is met. */
function closestConfigs(search: Search): ConfigFinder {
  const { current } = search;
  const warnings: string[] = [];

  const configIn = (folder: string): Found | undefined => {
    const read = (name: ConfigurationName, text: string): Found | undefined => {
      const layers = layersOf({ source: join(folder, name), name, text }, search, warnings);
      return layers && { layers, base: folder };
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
  return { warnings, ...folderSettings(configAbove, search) };
}

/** Folders that agree share one settings object: it is sent to each thread once. */
function folderSettings(
  configOf: (folder: string) => Found | undefined,
  { choose, current }: Search,
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
    const layers = found?.layers ?? [];
    const key = `${target.key} ${layers.at(-1)?.source}`;
    const known = shared.get(key);
    if (known) return known;
    const said = saidInAll(layers);
    const base = found?.base ?? current;
    const ofFile = saidByFile(said);
    const settingsOf = remembered((it: Partial<Settings>) => choose([target.said, it]));
    const isExcluded = excluder(said.exclude ?? []);
    const made: FolderSettings = {
      settingsFor: (path) => settingsOf(ofFile(shownPath(path, base))),
      base,
      layers,
      excludes: (path) => isExcluded(shownPath(path, base)),
    };
    shared.set(key, made);
    return made;
  });
  return { of, targetOf };
}

/** @throws {Trouble} for a file that is no TOML, and for any mistake unless they are warnings */
function layersOf(first: ConfigurationText, search: Search, warnings: string[]): readonly Layer[] | undefined {
  const reading = readLayers(first, search.rules);
  let step = reading.next();
  while (!step.done) step = reading.next(readExtended(step.value, search.current));
  const layers = step.value;
  const isBroken = layers?.some((it) => it.problems.some((problem) => problem.isUnreadable));
  const told = (layers ?? []).flatMap((layer) =>
    layer.problems.map((it) => `${placeOf(layer, it, search.current)}: ${it.message}`),
  );
  if (isBroken || (told.length > 0 && !search.isLenient)) throw new Trouble(...told);
  warnings.push(...told);
  return layers;
}

function placeOf({ source, text }: Layer, { range }: SettingsProblem, current: string): string {
  const path = shownPath(source, current);
  if (!range) return path;
  const { line, column } = lineIndex(text).positionAt(range.start);
  return `${path}:${line + 1}:${column + 1}`;
}

/** By where it really lies: a repository may hold a link to any file of the user. Outside of a repository the folder of the file itself is the limit. */
function readExtended({ from, path }: Extends, current: string): Extended {
  const folder = dirname(from);
  const source = resolve(folder, path);
  try {
    const root = realpathSync(repositoryAround(folder) ?? folder);
    // Also where there is nothing: who asks must not learn what lies elsewhere.
    if (!isInside(resolve(realpathSync(folder), path), root)) return { problem: LEAVES_REPOSITORY };
    if (existsSync(source) && !isInsideAny(source, [root])) return { problem: LEAVES_REPOSITORY };
    const bytes = readIfPresent(source, CONFIGURATION_SIZE);
    return bytes ? { source, name: configurationName(source), text: textOf(bytes) } : { problem: "is not there" };
  } catch (error) {
    if (isUnfit(error)) return { problem: error.message };
    return { problem: `cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})` };
  }
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
