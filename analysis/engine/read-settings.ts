/** Reads what people wrote in nippy.toml, pyproject.toml or an editor's settings: checked once at the door, each mistake told with its exact place. */

import { isTable } from "../text/table.js";
import { parse as parseToml, TomlError } from "smol-toml";
import { LEVELS, type Level } from "../rule/rule.js";
import { pythonVersion } from "../semantics/python-version.js";
import { readGlob } from "../text/glob.js";
import type { Range } from "../text/range.js";
import { mapToml, type TomlMap } from "../text/toml-map.js";
import { visible } from "../text/visible.js";
import { namedRules, quoted, suggestion, type NamedRule } from "./rule-names.js";
import { SETTINGS, SHOWN_LEVELS, type SettingKey } from "./setting-table.js";
import type { FileLevels, LevelSetting, Said, Settings } from "./settings.js";

/** What a configuration may hold. All of it is read by people, and each file is held against it: more than this was not written by hand. */
const LONGEST_TEXT = 500_000;
const MOST_ENTRIES = 2_000;
/** Of all globs of a list together; names without a star cost nothing. */
const MOST_WILD_CHARACTERS = 10_000;
/** Nobody mends more at a time. */
const MOST_PROBLEMS = 20;
const LONGEST_REASON = 160;

/** In bytes: a larger nippy.toml or pyproject.toml was not written by hand, and hosts do not read it. */
export const CONFIGURATION_SIZE = 1024 * 1024;

export type ConfigurationName = "nippy.toml" | "pyproject.toml";

/** Something wrong in a configuration, told in one sentence. */
export interface SettingsProblem {
  readonly message: string;
  /** The key or value that it is about, where the source is a text. */
  readonly range?: Range;
  /** The whole file is lost: it is not TOML. */
  readonly isUnreadable?: boolean;
}

export interface ReadSettings {
  /** Only what the source said. */
  readonly settings: Said;
  readonly problems: readonly SettingsProblem[];
}

/** Where Nippy's settings stand in a file. */
export function rootOf(name: ConfigurationName): readonly string[] {
  return name === "nippy.toml" ? [] : ["tool", "nippy"];
}

/**
 * Reads `nippy.toml` (the whole table) or `pyproject.toml` (`[tool.nippy]`). Undefined: a pyproject.toml without that table.
 * What else a project says of its Python is read by target.ts.
 */
export function readToml(text: string, name: ConfigurationName, rules: readonly NamedRule[]): ReadSettings | undefined {
  const table = parsed(text);
  if ("problem" in table) return { settings: {}, problems: [table.problem] };
  const own = at(table.value, rootOf(name));
  if (own === undefined) return undefined;
  const problems = new Problems(text, name);
  return { settings: readTable(own, rules, problems), problems: problems.all };
}

/** Checks a value of unknown shape (an editor's setting, a TOML table) key by key: what is right is kept, the rest is told. */
export function readSettings(value: unknown, rules: readonly NamedRule[]): ReadSettings {
  const problems = new Problems();
  return { settings: readTable(value, rules, problems), problems: problems.all };
}

type Path = readonly (string | number)[];

/** What is wrong, each with its place where the text is known. The first ones are told, the rest is counted. */
class Problems {
  readonly name: ConfigurationName | undefined;
  readonly #text: string | undefined;
  readonly #told: SettingsProblem[] = [];
  #map: TomlMap | undefined;
  #untold = 0;

  constructor(text?: string, name?: ConfigurationName) {
    this.#text = text;
    this.name = name;
  }

  /** @param path below Nippy's own table */
  tell(about: "key" | "value", path: Path, message: () => string): void {
    if (this.#told.length >= MOST_PROBLEMS) this.#untold++;
    else this.#told.push({ message: message(), ...this.#rangeOf(about, path) });
  }

  get all(): readonly SettingsProblem[] {
    return this.#untold === 0 ? this.#told : [...this.#told, { message: `And ${this.#untold} more mistakes.` }];
  }

  #rangeOf(about: "key" | "value", path: Path): { range?: Range } {
    if (this.#text === undefined || this.name === undefined) return {};
    this.#map ??= mapToml(this.#text);
    const whole = [...rootOf(this.name), ...path.map(String)];
    const [key, value] = [this.#map.keyOf(whole), this.#map.valueOf(whole)];
    const range = about === "key" ? (key ?? value) : (value ?? key);
    return range ? { range } : {};
  }
}

function readTable(value: unknown, rules: readonly NamedRule[], problems: Problems): Said {
  if (!isTable(value)) {
    problems.tell("value", [], () => `Nippy's settings must be a table, not ${describe(value)}.`);
    return {};
  }
  const said: { -readonly [K in keyof Said]?: Said[K] } = {};
  for (const [key, entry] of Object.entries(value)) {
    if (isKey(key)) Object.assign(said, readSetting(key, entry, rules, problems));
    else problems.tell("key", [key], () => unknownSetting(key, entry, problems.name));
  }
  return said;
}

function isKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

function unknownSetting(key: string, entry: unknown, name: ConfigurationName | undefined): string {
  if (name === "nippy.toml" && key === "tool" && at(entry, ["nippy"]) !== undefined)
    return "All of nippy.toml is about Nippy: leave the header [tool.nippy] out.";
  return `Unknown setting ${quoted(key)}.${suggestion(key, Object.keys(SETTINGS))}`;
}

function readSetting(key: SettingKey, entry: unknown, rules: readonly NamedRule[], problems: Problems): Said {
  const wrong = (): Said => {
    problems.tell("value", [key], () => `"${key}" must be ${SETTINGS[key].wanted}, not ${describe(entry)}.`);
    return {};
  };
  switch (key) {
    case "levels":
      return isTable(entry) ? { levels: readLevels(entry, [key], rules, problems) } : wrong();
    case "python": {
      const python = typeof entry === "string" ? pythonVersion(entry) : undefined;
      return python ? { python } : wrong();
    }
    case "exclude":
      return Array.isArray(entry) ? { exclude: readGlobs(entry, problems) } : wrong();
    case "leave-to-ruff":
      return typeof entry === "boolean" ? { leaveToRuff: entry } : wrong();
    case "require-reason":
      return typeof entry === "boolean" ? { requireReason: entry } : wrong();
    case "max-complexity":
      return isCount(entry, SETTINGS[key].most) ? { maxComplexity: entry } : wrong();
    case "min-level": {
      const minLevel = SHOWN_LEVELS.find((it) => it === entry);
      return minLevel ? { minLevel } : wrong();
    }
    case "per-file-levels":
      return isTable(entry) ? { fileLevels: readFileLevels(entry, rules, problems) } : wrong();
    case "extend":
      return typeof entry === "string" && isRelative(entry) ? { extend: entry } : wrong();
  }
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
}

const EXTENDED = new RegExp(SETTINGS.extend.pattern);

/** Neither a path from the root or a drive nor an address. */
function isRelative(path: string): boolean {
  return EXTENDED.test(path) && visible(path, path.length) === path;
}

function readLevels(
  table: Record<string, unknown>,
  path: Path,
  rules: readonly NamedRule[],
  problems: Problems,
  isAllowed = limit(path, problems),
): Settings["levels"] {
  return Object.entries(table).flatMap(([word, level]) => {
    const here = [...path, word];
    if (!isAllowed(word, here)) return [];
    const named = namedRules(word, rules);
    if ("problem" in named) problems.tell("key", here, () => named.problem);
    // One mistake at a time: what is no rule needs no level.
    else if (!isLevel(level)) problems.tell("value", here, () => wrongLevel(word, level));
    // A newer Nippy may know the name.
    const names = "problem" in named ? [word] : named.names;
    return isLevel(level) ? names.map((name) => [name, level] as const) : [];
  });
}

function wrongLevel(word: string, level: unknown): string {
  return `The level of ${quoted(word)} must be one of ${[...LEVELS, "default"].join(", ")}, not ${describe(level)}.`;
}

function readFileLevels(
  table: Record<string, unknown>,
  rules: readonly NamedRule[],
  problems: Problems,
): readonly FileLevels[] {
  const key = "per-file-levels" satisfies SettingKey;
  const isAllowed = limit([key], problems);
  return Object.entries(table).flatMap(([files, levels]) => {
    const here = [key, files];
    if (!isAllowed(files, here)) return [];
    if (isTable(levels)) return [{ files, levels: readLevels(levels, here, rules, problems, isAllowed) }];
    problems.tell(
      "value",
      here,
      () => `What holds for ${quoted(files)} must be a table of levels, not ${describe(levels)}.`,
    );
    return [];
  });
}

function readGlobs(entries: readonly unknown[], problems: Problems): Settings["exclude"] {
  const key = "exclude" satisfies SettingKey;
  const isAllowed = limit([key], problems);
  return entries.filter((it, index): it is string => {
    if (typeof it === "string") return isAllowed(it, [key, index]);
    problems.tell("value", [key, index], () => `"exclude" must be a list of globs; ${describe(it)} in it is none.`);
    return false;
  });
}

/** Whether one more name or glob may be added to a list; why not is told, once where there are too many. */
function limit(list: Path, problems: Problems): (glob: string, path: Path) => boolean {
  const key = list[0];
  let entries = 0;
  let wild = 0;
  let isFull = false;
  return (glob, path) => {
    if (isFull) return false;
    const { problem } = readGlob(glob);
    if (problem !== undefined) {
      problems.tell("value", path, () => `The glob ${quoted(glob)} in "${key}" is left out: it ${problem}.`);
      return false;
    }
    entries++;
    if (glob.includes("*")) wild += glob.length;
    isFull = entries > MOST_ENTRIES || wild > MOST_WILD_CHARACTERS;
    if (isFull) problems.tell("key", path, () => `"${key}" is too long: ${quoted(glob)} and what follows is left out.`);
    return !isFull;
  };
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
    const reason = visible(error.message.split("\n")[0] ?? "it is not valid TOML", LONGEST_REASON);
    const start = offsetOf(text, error.line, error.column);
    return {
      problem: { message: `This TOML cannot be read: ${reason}`, range: { start, end: start }, isUnreadable: true },
    };
  }
}

/** Of a line and column that are counted from 1. */
function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let it = 1; it < line && start < text.length; it++) start = text.indexOf("\n", start) + 1 || text.length;
  return Math.min(start + column - 1, text.length);
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isTable(inner) ? inner[key] : undefined), value);
}

export function isLevel(value: unknown): value is LevelSetting {
  return value === "default" || LEVELS.includes(value as Level);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isTable(value)) return "a table";
  return typeof value === "string" ? quoted(value) : String(value);
}
