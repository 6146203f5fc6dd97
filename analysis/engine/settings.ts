/** What a user decides: levels by rule name or glob, the target Python, files left out. Plain values, checked once at the door. What a project says of libraries is added to them. */

import picomatch from "picomatch";
import { parse as parseToml, TomlError } from "smol-toml";
import { LEVELS, type Level, type Rule } from "../rule/rule.js";
import type { LibraryVersions } from "../semantics/libraries.js";
import { DEFAULT_PYTHON, pythonVersion, type PythonVersion } from "../semantics/python-version.js";
import { nearest } from "../text/nearest.js";

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
  minLevel: "info",
};

/** The levels that a finding can have, the most severe one first. */
export const SHOWN_LEVELS = LEVELS.filter((it) => it !== "off");

const KEYS = ["levels", "python", "exclude", "leave-to-ruff", "min-level"];

/** Something wrong in a configuration, told in one sentence; `line` from 0 where it is known. */
export interface SettingsProblem {
  readonly message: string;
  readonly line?: number;
  /** The whole file is lost: it is not TOML. */
  readonly isUnreadable?: boolean;
}

/** All that a setting needs to know of a rule. */
export type NamedRule = Pick<Rule, "name">;

export interface ReadSettings {
  /** Only what the source said. */
  readonly settings: Partial<Settings>;
  readonly problems: readonly SettingsProblem[];
}

/** In bytes: a larger nippy.toml or pyproject.toml was not written by hand, and hosts do not read it. */
export const CONFIGURATION_SIZE = 1024 * 1024;

/**
 * Reads `nippy.toml` (the whole table) or `pyproject.toml` (`[tool.nippy]`). Undefined: a pyproject.toml without that table.
 * What else a project says of its Python is read by target.ts.
 */
export function readToml(
  text: string,
  kind: "nippy.toml" | "pyproject.toml",
  rules: readonly NamedRule[],
): ReadSettings | undefined {
  const table = parsed(text);
  if ("problem" in table) return { settings: {}, problems: [table.problem] };
  const own = kind === "nippy.toml" ? table.value : at(table.value, "tool", "nippy");
  if (own === undefined) return undefined;
  const read = readSettings(own, rules);
  return { settings: read.settings, problems: read.problems.map((it) => withLine(it, text)) };
}

/** Checks a value of unknown shape (an editor's setting, a TOML table) key by key: what is right is kept, the rest is told. */
export function readSettings(value: unknown, rules: readonly NamedRule[]): ReadSettings {
  if (!isTable(value))
    return { settings: {}, problems: [{ message: `Nippy's settings must be a table, not ${describe(value)}.` }] };
  const problems: SettingsProblem[] = [];
  const settings: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  const wrong = (key: string, wanted: string, got: unknown) =>
    problems.push({ message: `"${key}" must be ${wanted}, not ${describe(got)}.` });

  for (const [key, entry] of Object.entries(value)) {
    if (key === "levels") settings.levels = readLevels(entry, rules, problems);
    else if (key === "python") {
      const version = typeof entry === "string" ? pythonVersion(entry) : undefined;
      if (version) settings.python = version;
      else wrong(key, 'a Python version such as "3.11"', entry);
    } else if (key === "exclude") {
      if (Array.isArray(entry) && entry.every((it): it is string => typeof it === "string")) settings.exclude = entry;
      else wrong(key, "a list of globs", entry);
    } else if (key === "leave-to-ruff") {
      if (typeof entry === "boolean") settings.leaveToRuff = entry;
      else wrong(key, "true or false", entry);
    } else if (key === "min-level") {
      const level = SHOWN_LEVELS.find((it) => it === entry);
      if (level) settings.minLevel = level;
      else wrong(key, `one of ${SHOWN_LEVELS.join(", ")}`, entry);
    } else {
      problems.push({ message: `Unknown setting "${key}".${suggestion(key, KEYS)}` });
    }
  }
  return { settings, problems };
}

function readLevels(value: unknown, rules: readonly NamedRule[], problems: SettingsProblem[]): Settings["levels"] {
  if (!isTable(value)) {
    problems.push({ message: `"levels" must be a table of rule names and levels, not ${describe(value)}.` });
    return [];
  }
  return Object.entries(value).flatMap(([name, level]) => {
    const problem = unknownName(name, rules);
    if (problem) problems.push({ message: problem });
    if (isLevel(level)) return [[name, level] as const];
    problems.push({
      message: `The level of "${name}" must be one of ${[...LEVELS, "default"].join(", ")}, not ${describe(level)}.`,
    });
    return [];
  });
}

/** A sentence if no rule has the name or fits the glob. */
export function unknownName(name: string, rules: readonly NamedRule[]): string | undefined {
  const names = rules.map((it) => it.name);
  const fits = matcher(name);
  if (names.some(fits)) return undefined;
  return `No rule is called "${name}".${suggestion(name, names)}`;
}

export function matcher(nameOrGlob: string): (name: string) => boolean {
  if (nameOrGlob === "*") return () => true;
  if (!nameOrGlob.includes("*")) return (name) => name === nameOrGlob;
  const fits = picomatch(nameOrGlob);
  return (name) => fits(name);
}

/** Whether a path, relative to the configuration's folder and with forward slashes, is left out. A glob that fits a folder leaves out all that lies in it. */
export function excluder(globs: readonly string[]): (path: string) => boolean {
  const fits = globs.map((glob) => matcher(glob.replace(/^\.\//, "").replace(/\/$/, "")));
  return (path) => {
    const steps = path.split("/");
    return fits.length > 0 && steps.some((_, index) => fits.some((it) => it(steps.slice(0, index + 1).join("/"))));
  };
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
    const fallback: Level = settings.leaveToRuff && rule.overlaps.length > 0 ? "off" : rule.level;
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

function parsed(text: string): { value: Record<string, unknown> } | { problem: SettingsProblem } {
  try {
    return { value: parseToml(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0] ?? "it is not valid TOML";
    return { problem: { message: `This TOML cannot be read: ${reason}`, line: error.line - 1, isUnreadable: true } };
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isTable(inner) ? inner[key] : undefined), value);
}

function withLine(problem: SettingsProblem, text: string): SettingsProblem {
  const name = /"([^"]+)"/.exec(problem.message)?.[1];
  const line = name === undefined ? -1 : text.split("\n").findIndex((it) => it.includes(name));
  return line < 0 ? problem : { ...problem, line };
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? "" : ` Did you mean "${near}"?`;
}

function isLevel(value: unknown): value is LevelSetting {
  return value === "default" || LEVELS.includes(value as Level);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isTable(value)) return "a table";
  return typeof value === "string" ? `"${value}"` : String(value);
}
