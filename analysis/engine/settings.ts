/** What a user decides: levels by rule name or glob, the target Python, files left out. Plain values; read-settings.ts reads them. What a project says of libraries is added to them. */

import type { Level, Rule } from "../rule/rule.js";
import type { LibraryVersions } from "../semantics/libraries.js";
import { DEFAULT_COMPLEXITY } from "../semantics/facts.js";
import { DEFAULT_PYTHON, type PythonVersion } from "../semantics/python-version.js";
import { readGlob } from "../text/glob.js";

/** `default` gives back the rule's own level. */
export type LevelSetting = Level | "default";

export interface Settings {
  /** Names or globs with the level they get; a later entry overrides an earlier one. */
  readonly levels: readonly (readonly [string, LevelSetting])[];
  readonly python: PythonVersion;
  /** What the project is known to run with; see target.ts. Nobody sets it by hand. */
  readonly libraries: LibraryVersions;
  /** How long a line may be that a fix writes; see target.ts. */
  readonly lineLength: number;
  /** Globs, relative to the configuration's folder, of files that are not analysed. */
  readonly exclude: readonly string[];
  /** Leave findings that another tool reports too (their codes, e.g. `PERF401`) to that tool. */
  readonly leaveToRuff: boolean;
  /** A comment that silences a rule has to say why. */
  readonly requireReason: boolean;
  /** How many ways a function may have; see `facts.maxComplexity`. */
  readonly maxComplexity: number;
  /** What the command line shows, counts and repairs: findings of this level and more severe ones. Analysis and editors pay it no heed. */
  readonly minLevel: Exclude<Level, "off">;
}

/** What the formatters do unless they are told. */
const DEFAULT_LINE_LENGTH = 88;

export const DEFAULT_SETTINGS: Settings = {
  levels: [],
  python: DEFAULT_PYTHON,
  libraries: {},
  lineLength: DEFAULT_LINE_LENGTH,
  exclude: [],
  leaveToRuff: false,
  requireReason: false,
  maxComplexity: DEFAULT_COMPLEXITY,
  minLevel: "info",
};

/** Levels that hold for the files that a glob fits. */
export interface FileLevels {
  readonly files: string;
  readonly levels: Settings["levels"];
}

/** What one configuration says. */
export interface Said extends Partial<Settings> {
  readonly fileLevels?: readonly FileLevels[];
  /** The path of the configuration that holds under this one, relative to its folder. */
  readonly extend?: string;
}

export function matcher(nameOrGlob: string): (name: string) => boolean {
  return readGlob(nameOrGlob).fits;
}

/** Whether a path, relative to the configuration's folder and with forward slashes, is left out. A glob that fits a folder leaves out all that lies in it. */
export function excluder(globs: readonly string[]): (path: string) => boolean {
  const all = globs.map((it) => readGlob(it.replace(/^\.\//, "").replace(/\/$/, ""), { includesBelow: true }));
  return (path) => all.some(({ fits }) => fits(path));
}

/** What the levels say of a rule by its name: the last entry that names it; undefined where none does. */
export function decisions(levels: Settings["levels"]): (rule: string) => LevelSetting | undefined {
  const entries = levels.map(([name, level]) => [matcher(name), level] as const);
  return (rule) => entries.findLast(([fits]) => fits(rule))?.[1];
}

/** The level of each rule under the settings; rules that are off are left out. */
export function activeLevels(rules: readonly Rule[], settings: Settings): ReadonlyMap<Rule, Exclude<Level, "off">> {
  const decided = decisions(settings.levels);
  const active = new Map<Rule, Exclude<Level, "off">>();
  for (const rule of rules) {
    const fallback: Level = settings.leaveToRuff && rule.leftToRuff ? "off" : rule.level;
    const chosen = decided(rule.name) ?? "default";
    const level = chosen === "default" ? fallback : chosen;
    if (level !== "off") active.set(rule, level);
  }
  return active;
}

/** Later settings beat earlier ones; their levels come after, so that they win where both name a rule. */
export function mergeSettings(...sources: readonly Partial<Settings>[]): Settings {
  return sources.reduce<Settings>(
    (merged, it) => ({ ...merged, ...it, levels: [...merged.levels, ...(it.levels ?? [])] }),
    DEFAULT_SETTINGS,
  );
}

/** What holds where one configuration extends another: levels of both, all else as the nearer one says. */
export function extended(base: Said, own: Said): Said {
  return {
    ...base,
    ...own,
    levels: [...(base.levels ?? []), ...(own.levels ?? [])],
    fileLevels: [...(base.fileLevels ?? []), ...(own.fileLevels ?? [])],
  };
}

/** What a configuration says of each file, by the path from its folder; the same object where that is the same. */
export function saidByFile({ fileLevels = [], extend: _, ...said }: Said): (path: string) => Partial<Settings> {
  const tables = fileLevels.map(({ files, levels }) => ({ fits: excluder([files]), levels }));
  const known = new Map<string, Partial<Settings>>();
  return (path) => {
    if (tables.length === 0) return said;
    const fitting = tables.filter((it) => it.fits(path));
    const key = fitting.map((it) => tables.indexOf(it)).join(" ");
    const made = known.get(key) ?? { ...said, levels: [...(said.levels ?? []), ...fitting.flatMap((it) => it.levels)] };
    known.set(key, made);
    return made;
  };
}
