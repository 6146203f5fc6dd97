/** A configuration as a tree like any other: what walks trees, looks for comments or makes edits works on it as it does on Python. */

import { CONFIGURATION_KINDS, type Kind } from "../syntax/kinds.generated.js";
import { arraysIn, BYTES_PER_NODE, EXTRA, FIELD_IDS, KIND_IDS, NAMED, Tree, type TreeArrays } from "../syntax/tree.js";
import { fileNameOf, formatOf, type ConfigurationFormat } from "./formats.js";
import type { Part } from "./parts.js";
import { iniParts } from "./read-ini.js";
import { requirementParts } from "./read-requirements.js";
import { tomlParts } from "./read-toml.js";

const PARTS: Readonly<Record<ConfigurationFormat, (text: string) => readonly Part[]>> = {
  toml: tomlParts,
  ini: iniParts,
  requirements: requirementParts,
};

export class SettingsTree extends Tree {
  constructor(
    text: string,
    arrays: TreeArrays,
    /** Of tables and settings, by their numbers: from the root of the file on. */
    readonly paths: ReadonlyMap<number, readonly string[]>,
    readonly fileName: string,
    readonly format: ConfigurationFormat,
  ) {
    super(text, arrays);
  }
}

export const IS_CONFIGURATION_KIND: ReadonlySet<Kind> = new Set(CONFIGURATION_KINDS);

/** Undefined for a file that is no configuration by its name. */
export function readConfiguration(text: string, path: string): SettingsTree | undefined {
  const format = formatOf(path);
  if (format === undefined) return undefined;
  const whole: Part = { kind: "module", start: 0, end: text.length };
  // Of parts that begin in one place the longer one holds the shorter one.
  const parts = [whole, ...[...PARTS[format](text)].sort((a, b) => a.start - b.start || b.end - a.end)];
  const arrays = arraysIn(new ArrayBuffer(BYTES_PER_NODE * parts.length), 0, parts.length);
  const { kinds, fields, flags, starts, ends, parents, nexts } = arrays;
  const paths = new Map<number, readonly string[]>();
  const open: number[] = [];
  parts.forEach(({ kind, field, start, end, path: own }, id) => {
    while (open.length > 1 && (ends[open.at(-1)!]! <= start || ends[open.at(-1)!]! < end)) nexts[open.pop()!] = id;
    kinds[id] = KIND_IDS.get(kind)!;
    fields[id] = field ? FIELD_IDS.get(field)! : 0;
    flags[id] = kind === "comment" ? NAMED | EXTRA : NAMED;
    starts[id] = start;
    ends[id] = end;
    parents[id] = open.at(-1) ?? -1;
    open.push(id);
    if (own) paths.set(id, own);
  });
  for (const id of open) nexts[id] = parts.length;
  return new SettingsTree(text, arrays, paths, fileNameOf(path), format);
}
