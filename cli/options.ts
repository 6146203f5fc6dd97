/** Every command and option of `nippy`, as data: the argument reader and the help text are both made from this table. */

import type { Settings } from "../analysis/analyzer.js";

export const FORMATS = [
  "text",
  "concise",
  "json",
  "json-lines",
  "sarif",
  "github",
  "gitlab",
  "junit",
  "rdjson",
] as const;
export type Format = (typeof FORMATS)[number];

/** The levels a finding can have, the most severe one first. */
export const MIN_LEVELS = ["error", "warning", "info", "hint"] as const satisfies readonly Settings["minLevel"][];

export const SORTS = ["path", "value"] as const;
export type Sort = (typeof SORTS)[number];

export const COLOR_MODES = ["auto", "always", "never"] as const;
export type ColorMode = (typeof COLOR_MODES)[number];

export interface Option {
  readonly name: string;
  readonly short?: string;
  /** Another name that is understood, which the help does not list. */
  readonly also?: string;
  /** What the help calls the value; an option without it is a switch. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** May be repeated, and its value may be a list with commas. */
  readonly many?: true;
  readonly help: string;
}

export interface CommandTable {
  readonly operands: string;
  /** How many operands the command takes. */
  readonly count: readonly [number, number];
  readonly summary: string;
  readonly options: readonly Option[];
}

const COLOR: Option = {
  name: "color",
  value: "WHEN",
  choices: COLOR_MODES,
  help: "colours: auto (default), always or never",
};

const LENIENT: Option = { name: "lenient", help: "mistakes in a configuration are warnings and do not end the run" };

export const GENERAL: readonly Option[] = [
  { name: "help", short: "h", help: "show this help" },
  { name: "version", short: "V", help: "show the version" },
];

const CONFIG = {
  operands: "[PATH]",
  count: [0, 1],
  summary:
    "Show what holds for a file or folder: its settings, the Python and the libraries its code is checked for, and where each comes from.",
  options: [
    { name: "config", value: "FILE", help: "use this nippy.toml or pyproject.toml" },
    LENIENT,
    { name: "format", value: "FORMAT", choices: ["text", "json"], help: "text (default) or json" },
  ],
} as const satisfies CommandTable;

export const COMMANDS = {
  check: {
    operands: "[PATH…]",
    count: [0, Infinity],
    summary:
      "Find slow, heavy or fragile Python in files and folders (default: the current folder; - reads standard input).",
    options: [
      {
        name: "format",
        value: "FORMAT",
        choices: FORMATS,
        help: `text (default), ${FORMATS.slice(1, -1).join(", ")} or ${FORMATS.at(-1)}`,
      },
      {
        name: "output-file",
        short: "o",
        also: "output",
        value: "FILE",
        help: "write the report to FILE instead of standard output",
      },
      { name: "fix", help: "repair what can be repaired without changing behaviour" },
      { name: "unsafe-fixes", help: "with --fix or --diff: also the fixes that need a review" },
      { name: "watch", short: "w", help: "keep running: check what changes, and say what is new and what is gone" },
      { name: "diff", help: "show what --fix would change, and change nothing" },
      { name: "select", value: "NAME,…", many: true, help: "only these rules (names, areas, globs or Ruff's codes)" },
      { name: "ignore", value: "NAME,…", many: true, help: "not these rules (names, areas, globs or Ruff's codes)" },
      {
        name: "min-level",
        value: "LEVEL",
        choices: MIN_LEVELS,
        help: "show, count and repair findings from this level up: error, warning, info (default) or hint",
      },
      { name: "sort", value: "KEY", choices: SORTS, help: "path (default), or value: what matters most first" },
      { name: "config", value: "FILE", help: "use this nippy.toml or pyproject.toml for every file" },
      { name: "force-exclude", help: "leave out what the configuration excludes even where it is named" },
      LENIENT,
      {
        name: "baseline",
        value: "FILE",
        help: "leave out the findings in FILE (default: the closest .nippy/baseline.json)",
      },
      { name: "ignore-baseline", help: "show the findings of the baseline too" },
      {
        name: "frozen-baseline",
        help: "fail if the baseline lists findings that are gone, instead of taking them out",
      },
      { name: "python", value: "VERSION", help: "the oldest Python the code must run on, such as 3.11" },
      { name: "stdin-filename", value: "FILE", help: "the name of the text on standard input" },
      { name: "statistics", help: "count findings by rule instead of listing them" },
      { name: "exit-zero", help: "exit with 0 even when findings are shown" },
      { name: "quiet", short: "q", help: "findings and errors only: no summary, warnings or progress" },
      { name: "no-cache", help: "check every file again and cache no results" },
      {
        name: "cache-dir",
        value: "DIR",
        help: "cache results in DIR (default: NIPPY_CACHE_DIR, else your own cache folder)",
      },
      { name: "jobs", value: "N", help: "threads to use (default: by the number of files and cores)" },
      COLOR,
    ],
  },
  baseline: {
    operands: "[PATH…]",
    count: [0, Infinity],
    summary: "Write down the findings that there are now, so that from then on only new ones are shown.",
    options: [
      {
        name: "baseline",
        value: "FILE",
        help: "write FILE (default: the closest .nippy/baseline.json, else one in the repository)",
      },
      { name: "config", value: "FILE", help: "use this nippy.toml or pyproject.toml for every file" },
      LENIENT,
      { name: "quiet", short: "q", help: "errors only: no summary, warnings or progress" },
      { name: "jobs", value: "N", help: "threads to use (default: by the number of files and cores)" },
    ],
  },
  rules: {
    operands: "",
    count: [0, 0],
    summary: "List the rules.",
    options: [{ name: "format", value: "FORMAT", choices: ["text", "json"], help: "text (default) or json" }, COLOR],
  },
  explain: {
    operands: "NAME",
    count: [1, 1],
    summary:
      "Say what a rule finds, why it matters and what to write instead; also takes a section of the guide, a snippet or a construct.",
    options: [COLOR],
  },
  guide: {
    operands: "[ANCHOR]",
    count: [0, 1],
    summary: "Print a section of the guide, or list the sections.",
    options: [COLOR],
  },
  search: {
    operands: "WORD…",
    count: [1, Infinity],
    summary: "Find what the guide, the rules, constructs, snippets and settings say about some words.",
    options: [{ name: "format", value: "FORMAT", choices: ["text", "json"], help: "text (default) or json" }, COLOR],
  },
  config: CONFIG,
  settings: { ...CONFIG, summary: 'The same as "nippy config".' },
  init: {
    operands: "[FOLDER]",
    count: [0, 1],
    summary: "Write a first nippy.toml that explains every setting.",
    options: [{ name: "pyproject", help: "write [tool.nippy] at the end of pyproject.toml instead" }],
  },
  lsp: {
    operands: "",
    count: [0, 0],
    summary: "Run the language server for an editor.",
    options: [
      { name: "stdio", help: "talk over standard input and output (the default)" },
      { name: "clientProcessId", value: "PID", help: "stop when this process ends" },
    ],
  },
} as const satisfies Record<string, CommandTable>;

export type CommandName = keyof typeof COMMANDS;
