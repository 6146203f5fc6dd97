/** Our snippets as the tests see them: each with every body it has, as the code a user gets who types through it. */
import { readdirSync, readFileSync } from "node:fs";
import { expand } from "../../snippets/grammar.js";
import { readFamily, type Family, type Snippet } from "../../snippets/snippet.js";

export interface ExpandedSnippet {
  readonly snippet: Snippet;
  /** The first prefix, with the Python where there are several bodies. */
  readonly name: string;
  readonly python: string;
  readonly code: string;
}

export function readSnippets(): readonly Snippet[] {
  return readdirSync("snippets")
    .filter((it) => it.endsWith(".json"))
    .sort()
    .flatMap((file) => readFamily(file.slice(0, -".json".length), rawFamily(file)));
}

export function rawFamily(file: string): Family {
  return JSON.parse(readFileSync(`snippets/${file}`, "utf8")) as Family;
}

export function expandedSnippets(): readonly ExpandedSnippet[] {
  return readSnippets().flatMap((snippet) =>
    snippet.bodies.map(({ python, lines }): ExpandedSnippet => {
      const name = snippet.bodies.length > 1 ? `${snippet.prefixes[0]} (${python})` : snippet.prefixes[0];
      try {
        return { snippet, name, python, code: expand(lines) };
      } catch (error) {
        throw new Error(`${name} does not expand`, { cause: error });
      }
    }),
  );
}
