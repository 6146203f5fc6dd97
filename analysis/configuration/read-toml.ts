/** The parts of a TOML text. Whether it is one, the library says; where its parts stand, `text/toml-map.ts`. */

import { parse } from "smol-toml";
import { mapToml, type TomlEntry } from "../text/toml-map.js";
import { holdsRequirements, isNamedByKey, type Part } from "./parts.js";

/** In any order. Of a text that is no TOML only the comments: what it says, nobody can tell. */
export function tomlParts(text: string): readonly Part[] {
  const { entries, comments } = mapToml(text);
  const noted = comments.map((it): Part => ({ ...it, kind: "comment" }));
  return isToml(text) ? [...entries.flatMap((it) => partsOf(text, it)), ...noted] : noted;
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function partsOf(text: string, { path, parts, value }: TomlEntry): readonly Part[] {
  const [first, last] = [parts[0], parts.at(-1)];
  if (!value) {
    if (!first || !last) return [];
    const start = text.lastIndexOf("[", first.start);
    const end = text.indexOf("]", last.end) + 1;
    const doubled = text[start - 1] === "[" ? 1 : 0;
    return start < 0 || end === 0 ? [] : [{ kind: "setting_table", start: start - doubled, end: end + doubled, path }];
  }
  const whole: Part = { kind: "setting_value", ...value, ...(first && { field: "value" }) };
  if (!first || !last) return [whole, ...requirementIn(text, path, whole)];
  const key = { start: first.start, end: last.end };
  return [
    { kind: "setting", start: key.start, end: value.end, path },
    { kind: "setting_key", ...key, field: "name" },
    ...(isNamedByKey(path) ? [{ kind: "requirement" as const, ...last }] : []),
    whole,
  ];
}

/** Of a list of requirements: what stands between the quotes of one of them. */
function requirementIn(text: string, path: readonly string[], { start, end }: Part): readonly Part[] {
  if (!holdsRequirements(path.slice(0, -1))) return [];
  // With an escape in it the text is not what stands there.
  return !/^(?:"[^"\\]*"|'[^']*')$/.test(text.slice(start, end))
    ? []
    : [{ kind: "requirement", start: start + 1, end: end - 1 }];
}
