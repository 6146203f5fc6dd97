/** Full text search in the guide: every word must occur; titles count most, then headings, then text; words together more than apart. */

import type { Book, Section } from "./guide-book.js";
import { headingsOf } from "./guide-markdown.js";

export interface SearchHit {
  /** Where to go: `caching` or `caching#sizing-a-cache`. */
  readonly address: string;
  readonly title: string;
  /** The heading above the first match and the line that matched. */
  readonly heading: string;
  readonly line: string;
}

const MOST_HITS = 40;

export function searchGuide(book: Book, query: string): readonly SearchHit[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word.length > 0);
  if (words.length === 0) return [];
  return book.sections
    .map((section) => ({ section, score: scoreOf(section, words, query.trim().toLowerCase()) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_HITS)
    .map(({ section }) => hitIn(section, words));
}

/** Zero unless all words occur somewhere in the section. */
function scoreOf(section: Section, words: readonly string[], phrase: string): number {
  const title = `${section.title} ${section.anchor}`.toLowerCase();
  const text = section.text.toLowerCase();
  const headings = headingsOf(section.text)
    .map((it) => it.title)
    .join("\n")
    .toLowerCase();
  let score = 0;
  for (const word of words) {
    if (title.includes(word)) score += 100;
    else if (headings.includes(word)) score += 20;
    else if (!text.includes(word)) return 0;
    score += Math.min(10, text.split(word).length - 1);
  }
  if (words.length === 1) return score;
  // Words that stand together mean more than words that stand apart.
  if (title.includes(phrase)) return score + 200;
  return score + (headings.includes(phrase) ? 120 : 0) + Math.min(100, 25 * (text.split(phrase).length - 1));
}

function hitIn(section: Section, words: readonly string[]): SearchHit {
  const lines = section.text.split("\n");
  // The title is shown anyway.
  const matches = (line: string) =>
    line.startsWith("# ") ? 0 : words.filter((word) => line.toLowerCase().includes(word)).length;
  const best = lines.reduce((found, line, index) => (matches(line) > matches(lines[found] ?? "") ? index : found), 0);
  const heading = headingsOf(section.text).findLast((it) => it.line <= best && it.level > 1);
  return {
    address: heading === undefined ? section.anchor : `${section.anchor}#${heading.id}`,
    title: section.title,
    heading: heading?.title ?? "",
    line: plain(lines[best] ?? ""),
  };
}

/** One line of Markdown as a reader would see it, near enough for a result list. */
function plain(line: string): string {
  return line
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[*`]|^[#>\s|-]+|\s*\|\s*$/g, "")
    .replace(/\s*\|\s*/g, " · ")
    .trim()
    .slice(0, 160);
}
