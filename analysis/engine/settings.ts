/** What a user decides: levels by rule name or glob, the target Python, files left out. Plain values, checked once at the door. What a project says of libraries is added to them. */

import { parse as parseToml, TomlError } from "smol-toml";
import { LEVELS, type Level, type Rule } from "../rule/rule.js";
import type { LibraryVersions } from "../semantics/libraries.js";
import { DEFAULT_PYTHON, pythonVersion, type PythonVersion } from "../semantics/python-version.js";
import { readGlob } from "../text/glob.js";
import { nearest } from "../text/nearest.js";
import { visible } from "../text/visible.js";

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
  minLevel: "info",
};

/** The levels that a finding can have, the most severe one first. */
export const SHOWN_LEVELS = LEVELS.filter((it) => it !== "off");

/** What a configuration may hold. All of it is read by people, and each file is held against it: more than this was not written by hand. */
const LONGEST_TEXT = 500_000;
const MOST_ENTRIES = 2_000;
/** Of all globs of a list together; names without a star cost nothing. */
const MOST_WILD_CHARACTERS = 10_000;
/** Nobody mends more at a time. */
const MOST_PROBLEMS = 20;
const LONGEST_SHOWN = 80;

const KEYS = ["levels", "python", "exclude", "leave-to-ruff", "require-reason", "min-level"];

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
  const problems = new Problems(text);
  return { settings: readTable(own, rules, problems), problems: problems.all };
}

/** Checks a value of unknown shape (an editor's setting, a TOML table) key by key: what is right is kept, the rest is told. */
export function readSettings(value: unknown, rules: readonly NamedRule[]): ReadSettings {
  const problems = new Problems();
  return { settings: readTable(value, rules, problems), problems: problems.all };
}

/** What is wrong, each with its line where the text is known. The first ones are told, the rest is counted. */
class Problems {
  readonly #text: string | undefined;
  readonly #told: SettingsProblem[] = [];
  #untold = 0;

  constructor(text?: string) {
    this.#text = text;
  }

  /** @param about the word in the text that it is about */
  tell(about: string | undefined, message: () => string): void {
    if (this.#told.length >= MOST_PROBLEMS) this.#untold++;
    else this.#told.push({ message: message(), ...this.#lineOf(about) });
  }

  get all(): readonly SettingsProblem[] {
    return this.#untold === 0 ? this.#told : [...this.#told, { message: `And ${this.#untold} more mistakes.` }];
  }

  #lineOf(about: string | undefined): { line?: number } {
    const found = about ? (this.#text?.indexOf(about) ?? -1) : -1;
    return found < 0 ? {} : { line: this.#text!.slice(0, found).split("\n").length - 1 };
  }
}

function readTable(value: unknown, rules: readonly NamedRule[], problems: Problems): Partial<Settings> {
  if (!isTable(value)) {
    problems.tell(undefined, () => `Nippy's settings must be a table, not ${describe(value)}.`);
    return {};
  }
  const settings: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  const wrong = (key: string, wanted: string, got: unknown) =>
    problems.tell(key, () => `"${key}" must be ${wanted}, not ${describe(got)}.`);

  for (const [key, entry] of Object.entries(value)) {
    if (key === "levels") settings.levels = readLevels(entry, rules, problems);
    else if (key === "python") {
      const version = typeof entry === "string" ? pythonVersion(entry) : undefined;
      if (version) settings.python = version;
      else wrong(key, 'a Python version such as "3.11"', entry);
    } else if (key === "exclude") {
      if (Array.isArray(entry)) settings.exclude = readGlobs(entry, problems);
      else wrong(key, "a list of globs", entry);
    } else if (key === "leave-to-ruff") {
      if (typeof entry === "boolean") settings.leaveToRuff = entry;
      else wrong(key, "true or false", entry);
    } else if (key === "require-reason") {
      if (typeof entry === "boolean") settings.requireReason = entry;
      else wrong(key, "true or false", entry);
    } else if (key === "min-level") {
      const level = SHOWN_LEVELS.find((it) => it === entry);
      if (level) settings.minLevel = level;
      else wrong(key, `one of ${SHOWN_LEVELS.join(", ")}`, entry);
    } else {
      problems.tell(key, () => `Unknown setting ${quoted(key)}.${suggestion(key, KEYS)}`);
    }
  }
  return settings;
}

function readLevels(value: unknown, rules: readonly NamedRule[], problems: Problems): Settings["levels"] {
  if (!isTable(value)) {
    problems.tell("levels", () => `"levels" must be a table of rule names and levels, not ${describe(value)}.`);
    return [];
  }
  const isAllowed = limit("levels", problems);
  return Object.entries(value).flatMap(([name, level]) => {
    if (!isAllowed(name)) return [];
    if (!rules.some((it) => matcher(name)(it.name))) problems.tell(name, () => noRule(name, rules));
    if (isLevel(level)) return [[name, level] as const];
    problems.tell(
      name,
      () => `The level of ${quoted(name)} must be one of ${[...LEVELS, "default"].join(", ")}, not ${describe(level)}.`,
    );
    return [];
  });
}

function readGlobs(entries: readonly unknown[], problems: Problems): Settings["exclude"] {
  const isAllowed = limit("exclude", problems);
  return entries.filter((it): it is string => {
    if (typeof it === "string") return isAllowed(it);
    problems.tell("exclude", () => `"exclude" must be a list of globs; ${describe(it)} in it is none.`);
    return false;
  });
}

/** Whether one more name or glob may be added to a list; why not is told, once where there are too many. */
function limit(key: string, problems: Problems): (glob: string) => boolean {
  let entries = 0;
  let wild = 0;
  let isFull = false;
  return (glob) => {
    if (isFull) return false;
    const { problem } = readGlob(glob);
    if (problem !== undefined) {
      problems.tell(glob, () => `The glob ${quoted(glob)} in "${key}" is left out: it ${problem}.`);
      return false;
    }
    entries++;
    if (glob.includes("*")) wild += glob.length;
    isFull = entries > MOST_ENTRIES || wild > MOST_WILD_CHARACTERS;
    if (isFull) problems.tell(key, () => `"${key}" is too long: ${quoted(glob)} and what follows is left out.`);
    return !isFull;
  };
}

/** A sentence if no rule has the name or fits the glob. */
export function unknownName(name: string, rules: readonly NamedRule[]): string | undefined {
  const { fits, problem } = readGlob(name);
  if (problem !== undefined) return `The name ${quoted(name)} ${problem}.`;
  return rules.some((it) => fits(it.name)) ? undefined : noRule(name, rules);
}

function noRule(name: string, rules: readonly NamedRule[]): string {
  const names = rules.map((it) => it.name);
  return `No rule is called ${quoted(name)}.${suggestion(name, names)}`;
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
  if (text.length > LONGEST_TEXT)
    return {
      problem: {
        message: `This TOML is longer than ${LONGEST_TEXT.toLocaleString("en")} characters.`,
        isUnreadable: true,
      },
    };
  try {
    return { value: parseToml(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = visible(error.message.split("\n")[0] ?? "it is not valid TOML", 2 * LONGEST_SHOWN);
    return { problem: { message: `This TOML cannot be read: ${reason}`, line: error.line - 1, isUnreadable: true } };
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isTable(inner) ? inner[key] : undefined), value);
}

/** A name as a message may show it. */
export function quoted(name: string): string {
  return `"${visible(name, LONGEST_SHOWN)}"`;
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
  return typeof value === "string" ? quoted(value) : String(value);
}
