/** Writes the node kinds and field names of the grammar as data of ours, from the grammar's own node-types.json. */
import { readFileSync } from "node:fs";

interface NodeType {
  readonly type: string;
  readonly named: boolean;
  readonly subtypes?: readonly unknown[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Visible in trees, yet an alias that node-types.json leaves out. */
const UNLISTED = ["as_pattern_target"];

const list = (name: string, values: readonly string[]) => `export const ${name} = [\n${values.map((it) => `  ${JSON.stringify(it)},\n`).join("")}] as const;\n`;

export function kindsSource(): string {
  const types = JSON.parse(readFileSync("node_modules/tree-sitter-python/src/node-types.json", "utf8")) as readonly NodeType[];
  const named = types.filter((it) => it.named && !it.subtypes).map((it) => it.type);
  const tokens = types.filter((it) => !it.named).map((it) => it.type);
  const fields = [...new Set(types.flatMap((it) => Object.keys(it.fields ?? {})))];

  return [
    "/** Made by scripts/generate.ts from tree-sitter-python's node-types.json: the kinds, tokens and fields of our trees. Do not edit. */\n\n",
    list("KINDS", [...[...named, ...UNLISTED].sort(), "ERROR"]),
    "\n",
    list("TOKENS", tokens.sort()),
    "\n",
    list("FIELDS", fields.sort()),
    "\nexport type Kind = (typeof KINDS)[number];\nexport type Token = (typeof TOKENS)[number];\nexport type FieldName = (typeof FIELDS)[number];\n",
  ].join("");
}
