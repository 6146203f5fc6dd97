/** Every setting of nippy.toml and [tool.nippy], as data: what reads them, the JSON Schema, completion, hovers and the page of settings are made from this table. */

import { LEVELS } from "../rule/rule.js";
import { DEFAULT_PYTHON } from "../semantics/python-version.js";
import { DEFAULT_COMPLEXITY } from "../semantics/facts.js";

/** The levels that a finding can have, the most severe one first. */
export const SHOWN_LEVELS = LEVELS.filter((it) => it !== "off");

/** Those that are offered; any other may be written too. */
const PYTHONS = Array.from({ length: 8 }, (_, index) => `3.${index + 8}`);

/** No function that somebody wrote has more ways. */
export const MOST_COMPLEXITY = 1_000;

/** Where the JSON Schema of this table is published. */
export const SCHEMA_URL = "https://raw.githubusercontent.com/nippy-python/nippy/main/assets/nippy.schema.json";

/** What a level does, for those who choose one. */
export const LEVEL_NOTES = {
  error: "Breaks when it runs.",
  warning: "Likely wrong or costly.",
  info: "A clear improvement.",
  hint: "A faint hint, not listed in the Problems view.",
  off: "Silent.",
  default: "The level the rule has on its own.",
} as const;

export interface Setting {
  /** What it does, in Markdown, first sentence first. */
  readonly says: string;
  /** Completes "must be …". */
  readonly wanted: string;
  /** `levels`: a table of rules and levels; `files`: a table of globs with such tables; `words`: one of some words. */
  readonly holds: "levels" | "files" | "globs" | "switch" | "number" | "words" | "path";
  /** The values there are, for one of some words. */
  readonly words?: readonly string[];
  /** Of a number from 1 on. */
  readonly most?: number;
  /** What any other value must look like, for a JSON Schema. */
  readonly pattern?: string;
  /** What holds where nothing is said, in words; a JSON value where it is one. */
  readonly fallback: string;
  /** In TOML, as it stands in a nippy.toml. */
  readonly example: string;
}

export const SETTINGS = {
  levels: {
    says: "The level of a rule, or of many by a glob, an area or Ruff's code for the same pattern. A later entry overrides an earlier one.",
    wanted: "a table of rule names and levels",
    holds: "levels",
    fallback: "each rule's own level",
    example: '[levels]\n"pandas/*" = "error"\n"iteration/range-len" = "off"',
  },
  "per-file-levels": {
    says: "Levels for some files only: a glob, relative to the folder of the configuration, with a table of levels. They come after `levels`.",
    wanted: "a table of globs with tables of levels",
    holds: "files",
    fallback: "none",
    example: '[per-file-levels]\n"tests/**" = { "profiling/*" = "off" }',
  },
  python: {
    says: "The oldest Python the code has to run on. Advice that needs a newer one is not given. A `t` behind it, as in `3.14t`, means the free-threaded build, whose threads compute at the same time. Without it the project's own files say: `requires-python`, `setup.cfg`, `setup.py`, `.python-version`, Poetry or the classifiers.",
    wanted: 'a Python version such as "3.11"',
    holds: "words",
    words: PYTHONS,
    pattern: "^\\s*3\\.[0-9]{1,2}(\\.[0-9]+)?t?\\s*$",
    fallback: `what the project says, else ${DEFAULT_PYTHON}`,
    example: 'python = "3.11"',
  },
  exclude: {
    says: "Globs, relative to the folder of the configuration, of files that are not analysed. A glob that fits a folder leaves out all that lies in it.",
    wanted: "a list of globs",
    holds: "globs",
    fallback: "none",
    example: 'exclude = ["migrations/**", "*_pb2.py"]',
  },
  "leave-to-ruff": {
    says: "Turn off the rules whose findings Ruff reports as well, so that these are not reported twice. Rules of which Ruff knows a part only stay on. A level set for a rule still counts.",
    wanted: "true or false",
    holds: "switch",
    fallback: "false",
    example: "leave-to-ruff = true",
  },
  "require-reason": {
    says: "Report a comment that suppresses findings without saying why behind it.",
    wanted: "true or false",
    holds: "switch",
    fallback: "false",
    example: "require-reason = true",
  },
  "max-complexity": {
    says: "How many ways a function may have by McCabe's count before `architecture/complex-function` speaks of it. Its cognitive complexity must be more than five thirds of it too, so that a plain list of cases is not reported.",
    wanted: `a whole number from 1 to ${MOST_COMPLEXITY}`,
    holds: "number",
    most: MOST_COMPLEXITY,
    fallback: String(DEFAULT_COMPLEXITY),
    example: "max-complexity = 10",
  },
  "min-level": {
    says: "What the command line shows, counts and repairs: findings of this level and more severe ones. Editors pay it no heed.",
    wanted: `one of ${SHOWN_LEVELS.join(", ")}`,
    holds: "words",
    words: SHOWN_LEVELS,
    fallback: "info",
    example: 'min-level = "warning"',
  },
  extend: {
    says: "Another nippy.toml or pyproject.toml whose settings hold under those of this file. The path is relative to this file and must not leave the repository. Globs of both are relative to this file's folder.",
    wanted: 'a relative path such as "../nippy.toml"',
    holds: "path",
    pattern: "^[^/\\\\~:][^:]*$",
    fallback: "none",
    example: 'extend = "../nippy.toml"',
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof SETTINGS;
