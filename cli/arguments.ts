/** Reads the command line into one typed request; whatever does not fit is told in a sentence, with a suggestion. */

import { parseArgs } from "node:util";
import type { Settings } from "../analysis/analyzer.js";
import {
  COMMANDS,
  GENERAL,
  type ColorMode,
  type CommandName,
  type CommandTable,
  type Format,
  type Option,
  type Sort,
} from "./options.js";
import { didYouMean, listed } from "./suggest.js";
import { Trouble } from "./trouble.js";

export interface CheckRequest {
  readonly command: "check";
  readonly paths: readonly string[];
  readonly format: Format;
  readonly outputFile: string | undefined;
  /** `write` repairs the files, `diff` only shows what would change. */
  readonly fix: "no" | "write" | "diff";
  /** Goes on until it is stopped. */
  readonly watch: boolean;
  /** Fixes that need a review are applied too. */
  readonly review: boolean;
  readonly select: readonly string[];
  readonly ignore: readonly string[];
  /** Undefined where the configuration decides. */
  readonly minLevel: Settings["minLevel"] | undefined;
  readonly sort: Sort;
  readonly config: string | undefined;
  /** What the configuration excludes is left out even where it is named. */
  readonly forceExclude: boolean;
  /** Mistakes in a configuration are warnings. */
  readonly lenient: boolean;
  /** The file of a baseline; undefined for the closest one. */
  readonly baseline: string | undefined;
  /** Whether what the baseline knows is left out; `frozen` also leaves the baseline as it is. */
  readonly known: "hide" | "frozen" | "show";
  readonly python: string | undefined;
  readonly stdin: boolean;
  readonly stdinFilename: string | undefined;
  readonly statistics: boolean;
  readonly exitZero: boolean;
  readonly quiet: boolean;
  /** Whether results may be kept for the next run. */
  readonly cache: boolean;
  readonly cacheDir: string | undefined;
  readonly jobs: number | undefined;
  readonly color: ColorMode;
}

export interface BaselineRequest {
  readonly command: "baseline";
  /** How the files are looked at: all of them, with all their findings. */
  readonly check: CheckRequest;
}

export interface SettingsRequest {
  readonly command: "config" | "settings";
  readonly path: string;
  readonly config: string | undefined;
  readonly lenient: boolean;
  readonly format: "text" | "json";
}

export interface InitRequest {
  readonly command: "init";
  readonly folder: string;
  /** Into pyproject.toml. */
  readonly pyproject: boolean;
}

export interface SearchRequest {
  readonly command: "search";
  readonly query: string;
  readonly format: "text" | "json";
  readonly color: ColorMode;
}

export type Request =
  | CheckRequest
  | BaselineRequest
  | SettingsRequest
  | InitRequest
  | { readonly command: "rules"; readonly format: "text" | "json"; readonly color: ColorMode }
  | { readonly command: "explain"; readonly name: string; readonly color: ColorMode }
  | { readonly command: "guide"; readonly anchor: string | undefined; readonly color: ColorMode }
  | SearchRequest
  | { readonly command: "lsp" }
  | { readonly command: "help"; readonly topic: CommandName | undefined }
  | { readonly command: "version" };

/** @throws {Trouble} when the words make no request */
export function readArguments(words: readonly string[]): Request {
  const [first, ...rest] = words;
  if (first === undefined)
    throw new Trouble('Say what to do, for instance "nippy check". "nippy --help" lists the commands.');
  if (first === "help") return { command: "help", topic: rest.find(isCommand) };
  if (isCommand(first)) return readCommand(first, rest);

  if (!first.startsWith("-")) {
    const names = [...Object.keys(COMMANDS), "help"];
    const guess = didYouMean(first, names) || ` To check files, write "nippy check ${first}".`;
    throw new Trouble(`There is no command "${first}".${guess}`);
  }
  const general = readOptions(words, { operands: "", count: [0, Infinity], summary: "", options: [] }, "nippy");
  return general.flag("version") ? { command: "version" } : { command: "help", topic: undefined };
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function readCommand(command: CommandName, words: readonly string[]): Request {
  const given = readOptions(words, COMMANDS[command], `nippy ${command}`);
  if (given.flag("help")) return { command: "help", topic: command };
  if (given.flag("version")) return { command: "version" };
  requireCount(command, given.operands);

  const color = (given.text("color") ?? "auto") as ColorMode;
  switch (command) {
    case "check":
      return readCheck(given, color);
    case "baseline":
      return {
        command,
        check: {
          ...readCheck(given, "auto"),
          minLevel: "hint",
          known: "show",
        },
      };
    case "rules":
      return { command, format: given.text("format") === "json" ? "json" : "text", color };
    case "explain":
      return { command, name: given.operands[0]!, color };
    case "guide":
      return { command, anchor: given.operands[0], color };
    case "search":
      return {
        command,
        query: given.operands.join(" "),
        format: given.text("format") === "json" ? "json" : "text",
        color,
      };
    case "init":
      return { command, folder: given.operands[0] ?? ".", pyproject: given.flag("pyproject") };
    case "config":
    case "settings":
      return {
        command,
        path: given.operands[0] ?? ".",
        config: given.text("config"),
        lenient: given.flag("lenient"),
        format: given.text("format") === "json" ? "json" : "text",
      };
    case "lsp":
      return { command };
  }
}

function readCheck(given: Given, color: ColorMode): CheckRequest {
  const format = given.text("format");
  const stdin = given.operands.includes("-");
  const stdinFilename = given.text("stdin-filename");
  const diff = given.flag("diff");
  const fix = diff ? "diff" : given.flag("fix") ? "write" : "no";

  const watch = given.flag("watch");
  const isForPeople = format === undefined || format === "text" || format === "concise";
  if (watch && (stdin || fix !== "no" || given.flag("statistics") || given.text("output-file") !== undefined))
    throw new Trouble(
      '--watch only looks at files and says what changed: leave out "-", --fix, --diff, --statistics and --output-file.',
    );
  if (watch && !isForPeople) throw new Trouble("--watch is for --format text and concise.");

  if (stdin && given.operands.length > 1)
    throw new Trouble('"-" reads standard input and stands alone: leave out the other paths.');
  if (!stdin && stdinFilename !== undefined)
    throw new Trouble('--stdin-filename names the text on standard input: add "-" as the path.');
  if (given.flag("unsafe-fixes") && fix === "no") throw new Trouble("--unsafe-fixes needs --fix or --diff.");
  if (given.flag("no-cache") && given.text("cache-dir") !== undefined)
    throw new Trouble("--no-cache caches no results: leave out --cache-dir.");
  if (diff && format !== undefined) throw new Trouble("--diff prints a diff: leave out --format.");
  if (diff && given.text("sort") !== undefined) throw new Trouble("--diff prints a diff: leave out --sort.");
  if (diff && given.flag("statistics")) throw new Trouble("--diff prints a diff: leave out --statistics.");
  if (given.flag("ignore-baseline") && (given.flag("frozen-baseline") || given.text("baseline") !== undefined))
    throw new Trouble("--ignore-baseline uses no baseline: leave out --baseline and --frozen-baseline.");
  if (given.flag("statistics") && format !== undefined && format !== "text")
    throw new Trouble("--statistics is for --format text.");

  return {
    command: "check",
    paths: given.operands.length > 0 ? given.operands : ["."],
    format: (format ?? "text") as Format,
    outputFile: given.text("output-file"),
    fix,
    watch,
    review: given.flag("unsafe-fixes"),
    select: given.list("select"),
    ignore: given.list("ignore"),
    minLevel: given.text("min-level") as Settings["minLevel"] | undefined,
    sort: (given.text("sort") ?? "path") as Sort,
    config: given.text("config"),
    forceExclude: given.flag("force-exclude"),
    lenient: given.flag("lenient"),
    baseline: given.text("baseline"),
    known: given.flag("ignore-baseline") ? "show" : given.flag("frozen-baseline") ? "frozen" : "hide",
    python: given.text("python"),
    stdin,
    stdinFilename,
    statistics: given.flag("statistics"),
    exitZero: given.flag("exit-zero"),
    quiet: given.flag("quiet"),
    cache: !given.flag("no-cache"),
    cacheDir: given.text("cache-dir"),
    jobs: readJobs(given.text("jobs")),
    color,
  };
}

function readJobs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const jobs = Number(value);
  if (!Number.isInteger(jobs) || jobs < 1) throw new Trouble(`--jobs takes a whole number from 1, not "${value}".`);
  return jobs;
}

function requireCount(command: CommandName, operands: readonly string[]): void {
  const table: CommandTable = COMMANDS[command];
  const [fewest, most] = table.count;
  if (operands.length < fewest)
    throw new Trouble(`"nippy ${command}" needs a ${table.operands}, for instance "nippy ${command} pandas/iterrows".`);
  if (operands.length > most) throw new Trouble(`"nippy ${command}" takes nothing named "${operands[most]}".`);
}

/** The options and operands of one command line, asked by name. */
interface Given {
  readonly operands: readonly string[];
  flag(name: string): boolean;
  /** The last one wins, so that an alias can be overruled. */
  text(name: string): string | undefined;
  list(name: string): readonly string[];
}

function readOptions(words: readonly string[], table: CommandTable, called: string): Given {
  const options = [...table.options, ...GENERAL];
  // Not strict: Node's own refusals name Node's concepts, so the tokens are checked here instead.
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(options.flatMap(forNode)),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const values = new Map<string, string[]>();

  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const option = options.find((it) => it.name === token.name || it.also === token.name);
    if (!option) {
      throw new Trouble(
        `"${called}" has no option "${token.rawName}".${didYouMean(
          token.rawName,
          options.map((it) => `--${it.name}`),
        )}`,
      );
    }
    const value = checkedValue(option, token.value, token.inlineValue === true);
    values.set(option.name, [...(values.get(option.name) ?? []), ...value]);
  }

  return {
    operands,
    flag: (name) => values.has(name),
    text: (name) => values.get(name)?.at(-1),
    list: (name) => values.get(name) ?? [],
  };
}

type NodeOption = [string, { readonly type: "string" | "boolean"; readonly short?: string }];

function forNode(option: Option): readonly NodeOption[] {
  const type = option.value === undefined ? "boolean" : "string";
  const own: NodeOption = [option.name, { type, ...(option.short === undefined ? {} : { short: option.short }) }];
  return option.also === undefined ? [own] : [own, [option.also, { type }]];
}

function checkedValue(option: Option, value: string | undefined, inline: boolean): readonly string[] {
  if (option.value === undefined) {
    if (value !== undefined) throw new Trouble(`--${option.name} takes no value.`);
    return [""];
  }
  if (!value || (!inline && value.length > 1 && value.startsWith("-")))
    throw new Trouble(`--${option.name} needs a value: --${option.name} ${option.value}.`);
  if (option.choices && !option.choices.includes(value)) {
    throw new Trouble(
      `--${option.name} is ${listed(option.choices)}, not "${value}".${didYouMean(value, option.choices)}`,
    );
  }
  return option.many
    ? value
        .split(",")
        .map((it) => it.trim())
        .filter((it) => it !== "")
    : [value];
}
