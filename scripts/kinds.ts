/** Writes the node kinds and field names of the grammar as data of ours, and their ids, from the grammar's own node-types.json. */
import { readFileSync } from "node:fs";

interface NodeType {
  readonly type: string;
  readonly named: boolean;
  readonly subtypes?: readonly unknown[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Visible in trees, yet an alias that node-types.json leaves out. */
const UNLISTED = ["as_pattern_target"];

/** Words of Pythons newer than the grammar: our own reader knows them. */
const NEWER = ["lazy"];

/** What a configuration consists of beside comments: see analysis/configuration. No Python text has them. */
const OF_CONFIGURATIONS = ["requirement", "setting", "setting_key", "setting_table", "setting_value"];

const list = (name: string, values: readonly string[]) =>
  `export const ${name} = [\n${values.map((it) => `  ${JSON.stringify(it)},\n`).join("")}] as const;\n`;

interface Names {
  readonly kinds: readonly string[];
  readonly tokens: readonly string[];
  readonly fields: readonly string[];
}

function readNames(): Names {
  const types = JSON.parse(
    readFileSync("node_modules/tree-sitter-python/src/node-types.json", "utf8"),
  ) as readonly NodeType[];
  const named = types.filter((it) => it.named && !it.subtypes).map((it) => it.type);
  const tokens = types
    .filter((it) => !it.named)
    .map((it) => it.type)
    .concat(NEWER);
  const fields = [...new Set(types.flatMap((it) => Object.keys(it.fields ?? {})))];
  return {
    kinds: [...[...named, ...UNLISTED].sort(), "ERROR", ...OF_CONFIGURATIONS],
    tokens: tokens.sort(),
    fields: fields.sort(),
  };
}

export function kindsSource(): string {
  const { kinds, tokens, fields } = readNames();
  return [
    "/** Made by scripts/generate.ts from tree-sitter-python's node-types.json: the kinds, tokens and fields of our trees. Do not edit. */\n\n",
    list("KINDS", kinds),
    "\n",
    list("TOKENS", tokens),
    "\n",
    list("FIELDS", fields),
    "\n",
    list("CONFIGURATION_KINDS", OF_CONFIGURATIONS),
    "\n/** The kind of a node, as tree-sitter-python names it, or of a part of a configuration. */\nexport type Kind = (typeof KINDS)[number];\nexport type Token = (typeof TOKENS)[number];\nexport type FieldName = (typeof FIELDS)[number];\n",
  ].join("");
}

const SIGNS: Readonly<Record<string, string>> = {
  "!": "exclamation",
  "%": "percent",
  "&": "ampersand",
  "(": "openParenthesis",
  ")": "closeParenthesis",
  "*": "star",
  "+": "plus",
  ",": "comma",
  "-": "minus",
  ".": "dot",
  "/": "slash",
  ":": "colon",
  ";": "semicolon",
  "<": "less",
  "=": "equal",
  ">": "greater",
  "@": "at",
  "[": "openBracket",
  "\\": "backslash",
  "]": "closeBracket",
  "^": "caret",
  "{": "openBrace",
  "|": "bar",
  "}": "closeBrace",
  "~": "tilde",
};

/** `//=` becomes `slashSlashEqual`, `not in` becomes `notIn`. */
function tokenName(token: string): string {
  if (token === "_") return "underscore";
  const words = /^\w/.test(token) ? token.split(/[ _]+/).filter((it) => it !== "") : [...token].map((it) => SIGNS[it]!);
  return words.map((it, index) => (index === 0 ? it : it[0]!.toUpperCase() + it.slice(1))).join("");
}

const ids = (name: string, entries: readonly string[], from: number) =>
  `\nexport const enum ${name} {\n${entries.map((it, index) => `  ${it} = ${from + index},\n`).join("")}}\n`;

/** The same names as numbers that the compiler writes into the code: the reader branches on them for every character. */
export function idsSource(): string {
  const { kinds, tokens, fields } = readNames();
  const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const first = kinds.length + tokens.length;
  return [
    "/** Made by scripts/generate.ts: the ids of kinds, tokens and fields. Do not edit. */\n",
    "\n/** Kinds of named nodes: indexes in KINDS. */",
    ids("K", kinds.map(camel), 0),
    "\n/** Tokens: what a node of the token has for a kind. The last three become no node. */",
    ids("T", [...tokens.map(tokenName), "newline", "dedent", "end"], kinds.length),
    "\n/** Fields: indexes in FIELDS plus one. */",
    ids("F", fields.map(camel), 1),
    `\nexport const KIND_COUNT = ${kinds.length};\nexport const TOKEN_LIMIT = ${first + 3};\n`,
  ].join("");
}
