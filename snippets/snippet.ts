/** A snippet as the product uses it: read from its family's file, with the body that fits a Python and the places where it is of use. */

import type { GuideAnchor } from "../analysis/analyzer.js";

/** Where a snippet is offered: as a statement in a module, class, function or `async def`, or inside an expression. */
export const PLACES = ["module", "class", "function", "async", "expression"] as const;
export type Place = (typeof PLACES)[number];

/** An entry of `snippets/<family>.json`. The keys that VS Code knows mean what they mean there; the others are ours. */
export interface SnippetEntry {
  readonly prefix: string | readonly string[];
  readonly body: readonly string[];
  readonly description: string;
  /** The section of the guide that tells when and why. */
  readonly guide: string;
  readonly places?: readonly string[];
  /** The least Python for the body, where that is not 3.10. */
  readonly python?: string;
  /** Bodies for newer targets, in rising order. */
  readonly newer?: readonly { readonly python: string; readonly body: readonly string[] }[];
  /** What is not Python. */
  readonly language?: string;
  readonly isFileTemplate?: boolean;
}

export type Family = Readonly<Record<string, SnippetEntry>>;

export interface Snippet {
  readonly family: string;
  readonly title: string;
  /** The name of the snippet, followed by any alias. */
  readonly prefixes: readonly [string, ...string[]];
  readonly description: string;
  readonly guide: GuideAnchor;
  readonly language: string;
  readonly isFileTemplate: boolean;
  readonly places: readonly Place[];
  /** By the least Python they need, in rising order. */
  readonly bodies: readonly [Body, ...Body[]];
}

export interface Body {
  readonly python: string;
  readonly lines: readonly string[];
}

/** The oldest Python that snippets are written for. */
const OLDEST = "3.10";
const USUAL_PLACES: readonly Place[] = ["module", "function"];

export function readFamily(family: string, entries: Family): readonly Snippet[] {
  return Object.entries(entries).map(([title, entry]): Snippet => {
    const { prefix, body, description, guide, places, python, newer, language, isFileTemplate } = entry;
    const [first, ...aliases] = typeof prefix === "string" ? [prefix] : prefix;
    return {
      family,
      title,
      prefixes: [first ?? "", ...aliases],
      description,
      guide: guide as GuideAnchor,
      language: language ?? "python",
      isFileTemplate: isFileTemplate ?? false,
      places: (places as readonly Place[] | undefined) ?? USUAL_PLACES,
      bodies: [
        { python: python ?? OLDEST, lines: body },
        ...(newer ?? []).map((it) => ({ python: it.python, lines: it.body })),
      ],
    };
  });
}

/** The newest body that a Python understands; undefined where it is too old for all of them. */
export function bodyFor({ bodies }: Pick<Snippet, "bodies">, python: string): string | undefined {
  return bodies.findLast((it) => minor(it.python) <= minor(python))?.lines.join("\n");
}

function minor(version: string): number {
  return Number(version.slice(version.indexOf(".") + 1));
}
