/** The line of a page that fits a search best, and the heading above it. */

import { headingsOf, type Heading } from "../guide/headings.js";
import type { Page } from "./page.js";
import { termsIn } from "./terms.js";

const LONGEST = 160;

export interface Excerpt {
  readonly heading: Heading | undefined;
  readonly line: string;
}

/** `matched`: the terms of the index that made the page a hit. */
export function excerptOf({ text, lead }: Page, matched: readonly string[]): Excerpt {
  const wanted = new Set(matched);
  const fit = (line: string) => new Set(termsIn(line).filter((it) => wanted.has(it))).size;
  let best = { at: -1, fit: fit(lead) };
  let isCode = false;
  for (const [at, line] of text.split("\n").entries()) {
    if (line.startsWith("```")) isCode = !isCode;
    // The title is shown anyway.
    if (isCode || line.startsWith("# ")) continue;
    const here = fit(line);
    if (here > best.fit) best = { at, fit: here };
  }
  if (best.at < 0) return { heading: undefined, line: plain(lead) };
  const heading = headingsOf(text).findLast((it) => it.line <= best.at && it.level > 1);
  return { heading, line: plain(text.split("\n")[best.at] ?? "") };
}

/** One line of Markdown as a reader would see it, near enough for a list. */
export function plain(line: string): string {
  const text = line
    .replace(/\[([^\][]*)\]\([^)[]*\)/g, "$1")
    .replace(/[*`]|^[#>\s|-]+|(?<!\s)\s*\|\s*$/g, "")
    .split("|")
    .map((it) => it.trim())
    .join(" · ")
    .trim();
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).trimEnd()}…`;
}
