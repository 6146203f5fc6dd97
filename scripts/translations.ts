/** What users read of the extension itself, taken out of package.json and client/ for translators: package.nls.json and l10n/bundle.l10n.json. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** The properties of a contribution that are shown to people. */
const SHOWN = new Set([
  ...["title", "shortTitle", "name", "displayName", "contextualTitle", "contents", "altText", "userDescription"],
  ...["description", "markdownDescription", "enumDescriptions", "patternErrorMessage"],
]);
/** Read by language models, whatever language the editor speaks. */
const FOR_MODELS = new Set(["inputSchema", "modelDescription"]);
/** What the parts of a list are called by. */
const NAMES = ["command", "id", "kind", "view", "name"];
/** The same in every language. */
const OWN_NAME = "Nippy";

interface Taken {
  readonly manifest: Json;
  readonly strings: Readonly<Record<string, string>>;
}

/** A string that stands in package.json is moved out and leaves its key. */
export function manifestSource(): string {
  return `${JSON.stringify(takeOut().manifest, undefined, 2)}\n`;
}

export function manifestStrings(): string {
  return `${JSON.stringify(takeOut().strings, undefined, 2)}\n`;
}

function takeOut(): Taken {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as { readonly contributes: Json };
  const known = JSON.parse(readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, string>>;
  const strings: Record<string, string> = {};
  const take = (text: string, key: string): string => {
    if (text === OWN_NAME || text === "") return text;
    const before = /^%(.+)%$/.exec(text)?.[1];
    strings[key] = before === undefined ? text : (known[before] ?? text);
    return `%${key}%`;
  };
  const walk = (value: Json, path: readonly string[], isShown: boolean, names: readonly Json[] = []): Json => {
    if (typeof value === "string") return isShown ? take(value, path.join(".")) : value;
    if (typeof value !== "object" || value === null) return value;
    if (isList(value)) return value.map((it, at) => walk(it, [...path, nameOf(it, names[at] ?? at)], isShown));
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        const values = isList(value["enum"] ?? null) ? (value["enum"] as readonly Json[]) : [];
        if (FOR_MODELS.has(name)) return [name, inner];
        // Beside a name for people, the other one is for programs.
        const isForPeople = SHOWN.has(name) && !(name === "name" && "displayName" in value);
        return [name, walk(inner, [...path, name], isForPeople && isText(inner), values)];
      }),
    );
  };
  return { manifest: { ...manifest, contributes: walk(manifest.contributes, [], false) }, strings };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isText(value: Json): boolean {
  return typeof value === "string" || isList(value);
}

function nameOf(part: Json, otherwise: Json): string {
  if (typeof part === "object" && part !== null && !isList(part))
    for (const name of NAMES) if (typeof part[name] === "string") return part[name];
  return String(otherwise);
}

/** A call of `l10n.t`, or of a `t` that was handed in, with its text. */
const CALL = /\b(?:l10n\.)?t\(\s*("(?:[^"\\]|\\.)*")/g;

export function clientStrings(): string {
  const texts = readdirSync("client")
    .filter((it) => it.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join("client", file), "utf8").matchAll(CALL)])
    .map(([, literal]) => JSON.parse(literal!) as string);
  const sorted = [...new Set(texts)].sort();
  return `${JSON.stringify(Object.fromEntries(sorted.map((it) => [it, it])), undefined, 2)}\n`;
}
