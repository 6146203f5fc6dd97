/** `nippy guide` and the guide's half of `nippy explain`: the sections as text, read from the Markdown files that ship with the product. */

import { existsSync, readFileSync } from "node:fs";
import { guide } from "../../guide/index.generated.js";
import { didYouMean } from "../suggest.js";
import { Trouble } from "../trouble.js";

/** The Markdown of a section without its front matter; undefined when there is no such section. */
export function guideSection(anchor: string): string | undefined {
  const section = guide.find((it) => it.anchor === anchor);
  if (!section) return undefined;
  const file = `${section.part}-${section.anchor}.md`;
  return readFileSync(new URL(file, guideFolder()), "utf8").replace(/^---\n[\s\S]*?\n---\n\s*/, "");
}

export function guideList(): string {
  const width = Math.max(...guide.map((it) => it.anchor.length));
  return guide.map((it) => `${it.anchor.padEnd(width)}  ${it.title}\n`).join("");
}

export function unknownSection(anchor: string): Trouble {
  return new Trouble(
    `The guide has no section "${anchor}".${didYouMean(
      anchor,
      guide.map((it) => it.anchor),
    )} "nippy guide" lists them, "nippy search" looks for words.`,
  );
}

/** Beside the bundle in the product, one folder up in a checkout. */
function guideFolder(): URL {
  const beside = new URL("guide/", import.meta.url);
  return existsSync(beside) ? beside : new URL("../guide/", import.meta.url);
}
