/** The list of snippet families, found in the folder. */
import { readdirSync, readFileSync } from "node:fs";

export function familyNames(): readonly string[] {
  return readdirSync("snippets")
    .filter((it) => it.endsWith(".json"))
    .map((it) => it.slice(0, -5))
    .sort();
}

/** Each snippet by its name, which is its first prefix. */
export function snippetNames(): readonly string[] {
  const prefixes = familyNames().flatMap((family) =>
    Object.values(
      JSON.parse(readFileSync(`snippets/${family}.json`, "utf8")) as Readonly<
        Record<string, { readonly prefix: string | readonly string[] }>
      >,
    ),
  );
  return prefixes.map(({ prefix }) => (typeof prefix === "string" ? prefix : (prefix[0] ?? ""))).sort();
}

export function snippetIndexSource(): string {
  const entries = familyNames().map(
    (it) => `  ${JSON.stringify(it)}: () => import("./${it}.json", { with: { type: "json" } }),\n`,
  );
  return `/** Made by scripts/generate.ts from the files in snippets/. Each family is read when it is first asked for. Do not edit. */\n\nexport const families: Readonly<Record<string, () => Promise<{ readonly default: unknown }>>> = {\n${entries.join("")}};\n`;
}
