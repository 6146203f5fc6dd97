/** Typed views on the parts of a configuration, for rules. */

import type { Node, Span } from "../syntax/tree.js";
import type { ConfigurationFormat } from "./formats.js";
import { SettingsTree } from "./settings-tree.js";

/** Where a part stands: its file, and how that is written. */
export interface ConfigurationPlace {
  readonly node: Node;
  readonly fileName: string;
  readonly format: ConfigurationFormat;
}

/** `[tool.pytest.ini_options]` */
export interface SettingTable extends ConfigurationPlace {
  readonly path: readonly string[];
}

/** `strict = true` */
export interface Setting extends SettingTable {
  readonly key: Node;
  /** Undefined where an INI file says nothing behind the key. */
  readonly value: Node | undefined;
}

/** `numpy[extra] >= 2 ; python_version < "3.12"`, in whichever file */
export interface Requirement extends ConfigurationPlace {
  /** In small letters, with hyphens: names that pip takes for one are one here. */
  readonly name: string;
  readonly nameAt: Span;
  readonly specifier: string;
  /** Behind the semicolon; empty where there is none. */
  readonly marker: string;
  /** The table or option that it stands in; empty in a requirements file. */
  readonly path: readonly string[];
}

/** The header of a table or section. */
export function asSettingTable(node: Node): SettingTable | undefined {
  const { tree } = node;
  const path = tree instanceof SettingsTree && node.kind === "setting_table" ? tree.paths.get(node.id) : undefined;
  return path && { ...placeOf(node), path };
}

/** The tables or sections of a file by their names, with dots between the parts; read once for a file. */
export function tableNames({ tree }: Node): ReadonlySet<string> {
  return tree.index.kept(
    "tables",
    () => new Set(tree.root.children.flatMap((it) => asSettingTable(it)?.path.join(".") ?? [])),
  );
}

/** A key and its value, with the path from the root of the file. */
export function asSetting(node: Node): Setting | undefined {
  const { tree } = node;
  const path = tree instanceof SettingsTree && node.kind === "setting" ? tree.paths.get(node.id) : undefined;
  const key = node.field("name");
  return path && key && { ...placeOf(node), path, key, value: node.field("value") };
}

const REQUIREMENT =
  /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)(?![\w.-])\s*(?:\[[^\]]*\]\s*)?(?![\s+:/\\])([^;]*)(?:;(.*))?$/s;

/** Undefined for an address, a path, and what conda wrote. */
export function asRequirement(node: Node): Requirement | undefined {
  if (node.kind !== "requirement" || node.end - node.start > 1_000) return undefined;
  const [, name, specifier = "", marker = ""] = REQUIREMENT.exec(node.text) ?? [];
  // `conda list --export` writes `zlib=1.2.13=h5eee18b_0`: conda's packages have names of their own.
  if (name === undefined || /^=[^=]/.test(specifier)) return undefined;
  return {
    ...placeOf(node),
    name: name.toLowerCase().replace(/[-_.]+/g, "-"),
    nameAt: { tree: node.tree, start: node.start, end: node.start + name.length },
    specifier: specifier.trim(),
    marker: marker.trim(),
    path: pathAround(node),
  };
}

function placeOf(node: Node): ConfigurationPlace {
  const { fileName, format } = node.tree as SettingsTree;
  return { node, fileName, format };
}

function pathAround(node: Node): readonly string[] {
  const setting = node.ancestor("setting");
  return (setting && (setting.tree as SettingsTree).paths.get(setting.id)) ?? [];
}

/** What stands there, without its quotes; undefined for what is no plain text. */
export function plainValue(value: Node | undefined): string | undefined {
  if (!value) return undefined;
  const { text } = value;
  if ((value.tree as SettingsTree).format !== "toml") return text;
  return /^(?:"[^"\\\n]*"|'[^'\n]*')$/.test(text) ? text.slice(1, -1) : undefined;
}

/** Whether a switch is on: `true` in TOML; `1`, `yes`, `true` and `on` in an INI file. */
export function isOn(value: Node | undefined): boolean {
  if (!value) return false;
  const { format } = value.tree as SettingsTree;
  return format === "toml" ? value.text === "true" : /^(?:1|yes|true|on)$/i.test(value.text);
}

/** In characters. */
const NEARBY = 200;

/** What has to go if a requirement goes: its line where it has one of its own, else its entry with the comma beside it. Undefined where a comment would go too. */
export function removedRequirement({ node, format }: Requirement): Span | undefined {
  const { tree } = node;
  const { text } = tree;
  const entry = format === "toml" ? (node.parent ?? node) : node;
  const whole = entry.kind === "setting_key" ? (entry.parent ?? entry) : entry;
  // A line may hold thousands of them: what stands close by is all that is looked at.
  const from = Math.max(0, whole.start - NEARBY);
  const close = text.slice(from, whole.start);
  const newline = close.lastIndexOf("\n");
  const before = close.slice(newline + 1);
  const [behind = ""] = /^[^\n]*\n?/.exec(text.slice(whole.end, whole.end + NEARBY)) ?? [];
  const isWholeLine = newline >= 0 || from === 0;
  if (isWholeLine && before.trim() === "") {
    const isLast = behind.endsWith("\n") || whole.end + behind.length === text.length;
    return isLast && ["", ","].includes(behind.trim())
      ? { tree, start: whole.start - before.length, end: whole.end + behind.length }
      : undefined;
  }
  if (format !== "toml" || whole !== entry) return undefined;
  const comma = /^[ \t]*,[ \t]*/.exec(behind)?.[0];
  if (comma !== undefined) return { tree, start: whole.start, end: whole.end + comma.length };
  const left = /,[ \t]*$/.exec(before)?.[0] ?? "";
  return { tree, start: whole.start - left.length, end: whole.end };
}
