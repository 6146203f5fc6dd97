/** `nippy guide` and the guide's half of `nippy explain`: the sections as text, read from the Markdown files that ship with the product. */

import { existsSync, readFileSync } from "node:fs";
import { guide } from "../../guide/index.generated.js";
import { didYouMean } from "../suggest.js";
import { Trouble } from "../trouble.js";

/** The Markdown of a section, as it is read outside of the editor; undefined when there is no such section. */
export function guideSection(anchor: string): string | undefined {
  const section = guide.find((it) => it.anchor === anchor);
  if (!section) return undefined;
  const file = `${section.part}-${section.anchor}.md`;
  return labelled(readFileSync(new URL(file, guideFolder()), "utf8").replace(/^---\n[\s\S]*?\n---\n\s*/, ""));
}

/** What stands behind a fence tells our own tests and views what the code is; readers are told in words, as on the pages of rules. */
function labelled(markdown: string): string {
  return markdown.replace(
    /^```(\S+) (before|after|run)\b(?: +(\S.*))?$/gm,
    (_, language: string, role: string, rules = "") => {
      const fence = `\`\`\`${language}`;
      if (role === "run") return fence;
      return role === "before" ? `**Instead of** (\`${rules}\`)\n\n${fence}` : `**write**\n\n${fence}`;
    },
  );
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
