/** What an editor offers and says in nippy.toml and [tool.nippy]: keys, rules, levels and versions, each from the table of settings. */

import type { Rule } from "../rule/rule.js";
import type { Range } from "../text/range.js";
import { mapToml, type TomlEntry, type TomlMap } from "../text/toml-map.js";
import { rootOf, type ConfigurationName } from "./read-settings.js";
import { areaOf } from "./rule-names.js";
import { LEVEL_NOTES, SETTINGS, type Setting } from "./setting-table.js";

/** Something that may be written at a place. */
export interface Offer {
  readonly label: string;
  /** One line about it. */
  readonly title: string;
  readonly says?: string;
  /** In the editor's snippet syntax. */
  readonly insert: string;
  /** What the typed letters are held against. */
  readonly filter: string;
}

export interface Offers {
  /** What is replaced. */
  readonly range: Range;
  readonly offers: readonly Offer[];
}

/** What stands at a place, for a hover. */
export type Told = { readonly range: Range } & (
  | { readonly setting: string }
  /** A word that should name rules. */
  | { readonly rule: string }
  | { readonly level: keyof typeof LEVEL_NOTES }
);

interface Place {
  readonly is: "key" | "value";
  /** Below Nippy's own table, the key itself last; empty for a key that is not begun. */
  readonly table: readonly string[];
  readonly key: string;
  readonly range: Range;
  /** `header`: between the brackets of one; `done`: there is a value already. */
  readonly state: "header" | "done" | "open";
}

const SETTING_TABLE: Readonly<Record<string, Setting>> = SETTINGS;

export function offersAt(
  text: string,
  offset: number,
  name: ConfigurationName,
  rules: readonly Rule[],
): Offers | undefined {
  const map = mapToml(text);
  const place = placeAt(map, text, offset, name);
  if (!place) return undefined;
  const typed = text.slice(place.range.start, place.range.end);
  const isQuoted = /^["']/.test(typed);
  const offers = place.is === "value" ? valuesFor(place) : keysFor(place, name, rules);
  const taken = new Set(siblings(map, place, name));
  return {
    range: place.range,
    offers: offers
      .filter((it) => it.label === place.key || !taken.has(it.label))
      .map((it) => (isQuoted ? { ...it, filter: typed[0]! + it.filter + typed[0]! } : it)),
  };
}

export function toldAt(text: string, offset: number, name: ConfigurationName): Told | undefined {
  const place = placeAt(mapToml(text), text, offset, name);
  if (!place || place.key === "") return undefined;
  const { table, key, range } = place;
  if (table.length === 0) return Object.hasOwn(SETTING_TABLE, key) ? { setting: key, range } : undefined;
  if (!holdsLevels(table)) return undefined;
  if (place.is === "key") return { rule: key, range };
  const level = text.slice(range.start, range.end).replace(/^["']|["']$/g, "");
  return Object.hasOwn(LEVEL_NOTES, level) ? { level: level as keyof typeof LEVEL_NOTES, range } : undefined;
}

/** Whether the keys of a table are rules. */
function holdsLevels(table: readonly string[]): boolean {
  const holds = SETTING_TABLE[table[0] ?? ""]?.holds;
  return (holds === "levels" && table.length === 1) || (holds === "files" && table.length === 2);
}

function placeAt(map: TomlMap, text: string, offset: number, name: ConfigurationName): Place | undefined {
  const root = rootOf(name);
  const isAt = ({ start, end }: Range) => start <= offset && offset <= end;
  const below = (path: readonly string[]) =>
    root.every((it, at) => path[at] === it) ? path.slice(root.length) : undefined;
  const placed = (is: Place["is"], entry: TomlEntry, path: readonly string[], range: Range): Place | undefined => {
    const own = below(path);
    const state = entry.value ? "done" : entry.body ? "header" : "open";
    return own && own.length > 0 ? { is, table: own.slice(0, -1), key: own.at(-1)!, range, state } : undefined;
  };

  for (const entry of map.entries) {
    const part = entry.parts.findIndex(isAt);
    const depth = entry.path.length - entry.parts.length + part + 1;
    if (part >= 0) return placed("key", entry, entry.path.slice(0, depth), entry.parts[part]!);
  }
  const value = map.entries.findLast((it) => it.value && isAt(it.value));
  if (value?.value && !value.body) {
    const isList = text[value.value.start] === "[" || value.parts.length === 0;
    return isList ? undefined : placed("value", value, value.path, value.value);
  }
  // Nothing is begun: on a line of its own, or behind a brace or comma.
  const before = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  if (!(value ? /[{,]\s*$/ : /^\s*$/).test(before)) return undefined;
  const around = map.entries.findLast((it) => it.body && isAt(it.body));
  const table = below(around?.path ?? []);
  return table && { is: "key", table, key: "", range: { start: offset, end: offset }, state: "open" };
}

/** The other keys of the table. */
function siblings(map: TomlMap, { table }: Place, name: ConfigurationName): readonly string[] {
  const above = [...rootOf(name), ...table];
  return map.entries.flatMap(({ path }) =>
    above.every((it, at) => path[at] === it) ? path.slice(above.length, above.length + 1) : [],
  );
}

function keysFor(place: Place, name: ConfigurationName, rules: readonly Rule[]): readonly Offer[] {
  const { table, state } = place;
  if (table.length === 0)
    return Object.entries(SETTING_TABLE)
      .filter(([, it]) => state !== "header" || isTable(it))
      .map(([key, setting]) => ({
        label: key,
        title: firstSentence(setting.says),
        says: `${setting.says}\n\n\`\`\`toml\n${setting.example}\n\`\`\``,
        insert: state === "open" ? begun(key, setting, name) : key,
        filter: key,
      }));
  if (!holdsLevels(table)) return [];
  const level = ` = "\${1|${Object.keys(LEVEL_NOTES).toReversed().join(",")}|}"`;
  const offer = (label: string, title: string, says?: string): Offer => ({
    label,
    title,
    ...(says !== undefined && { says }),
    insert: `"${label}"${state === "open" ? level : ""}`,
    filter: label,
  });
  return [
    ...rules.map((it) => offer(it.name, it.title, it.why)),
    ...[...new Set(rules.map(areaOf))].map((it) => offer(`${it}/*`, `Every rule of the area ${it}`)),
  ];
}

function valuesFor({ table, key }: Place): readonly Offer[] {
  const quoted = (label: string, title: string): Offer => ({ label, title, insert: `"${label}"`, filter: label });
  if (holdsLevels(table)) return Object.entries(LEVEL_NOTES).map(([level, says]) => quoted(level, says));
  const setting = table.length === 0 ? SETTING_TABLE[key] : undefined;
  if (setting?.holds === "switch")
    return ["true", "false"].map((it) => ({ label: it, title: firstSentence(setting.says), insert: it, filter: it }));
  return (setting?.words ?? []).map((it) =>
    quoted(it, Object.hasOwn(LEVEL_NOTES, it) ? LEVEL_NOTES[it as keyof typeof LEVEL_NOTES] : `Python ${it}`),
  );
}

function isTable({ holds }: Setting): boolean {
  return holds === "levels" || holds === "files";
}

/** A setting as one begins to write it. */
function begun(key: string, setting: Setting, name: ConfigurationName): string {
  switch (setting.holds) {
    case "levels":
    case "files":
      return `[${[...rootOf(name), key].join(".")}]\n$0`;
    case "globs":
      return `${key} = ["$1"]`;
    case "switch":
      return `${key} = \${1|true,false|}`;
    case "words":
      return `${key} = "\${1|${(setting.words ?? []).join(",")}|}"`;
    case "number":
      return `${key} = $1`;
    case "path":
      return `${key} = "$1"`;
  }
}

function firstSentence(says: string): string {
  return says.slice(0, says.indexOf(".") + 1).replaceAll("`", "");
}
