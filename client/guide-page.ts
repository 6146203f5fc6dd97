/** The HTML of the guide view: the frame once, then one article after the other. */

import type { Book, Section } from "./guide-book.js";
import { renderMarkdown, type Resolve } from "./guide-markdown.js";
import { escapeHtml } from "./python-highlight.js";

export interface Resources {
  readonly nonce: string;
  readonly style: string;
  readonly script: string;
  /** What the policy has to let through for the two files above. */
  readonly source: string;
}

export function frameHtml(book: Book, { nonce, style, script, source }: Resources): string {
  const policy = `default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>Nippy Guide</title>
</head>
<body>
<a class="skip" href="#page">Skip to the text</a>
<header>
<button id="contents" type="button" aria-expanded="false" aria-controls="side">Contents</button>
<button id="back" type="button" title="Back (Backspace)" disabled>Back</button>
<input id="query" type="search" placeholder="Search the guide (/)" aria-label="Search the guide" spellcheck="false" autocomplete="off">
</header>
<nav id="side" aria-label="Sections"><p id="progress" aria-live="polite"></p>${contentsHtml(book)}</nav>
<section id="results" aria-label="Search results" aria-live="polite" hidden></section>
<main id="page" tabindex="-1"></main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function contentsHtml(book: Book): string {
  const item = (it: Section) => `<li><a href="#${it.anchor}" data-open="${it.anchor}">${escapeHtml(it.title)}</a></li>`;
  return book.parts
    .map(
      (part) =>
        `<details><summary>${escapeHtml(part.title)}</summary><ul>${part.sections.map(item).join("")}</ul></details>`,
    )
    .join("\n");
}

export function sectionHtml(book: Book, section: Section): string {
  const index = book.sections.indexOf(section);
  const neighbour = (it: Section | undefined, relation: "prev" | "next", word: string) =>
    it === undefined
      ? ""
      : `<a rel="${relation}" href="#${it.anchor}" data-open="${it.anchor}"><small>${word}</small>${escapeHtml(it.title)}</a>`;
  const previous = neighbour(book.sections[index - 1], "prev", "Previous");
  const next = neighbour(book.sections[index + 1], "next", "Next");
  return `<article>${renderMarkdown(section.text, resolverOf(book))}</article>
<p class="read"><label><input type="checkbox" data-read="${section.anchor}"> I have read this section</label></p>
<nav class="neighbours" aria-label="Neighbouring sections">${previous}${next}</nav>`;
}

export function rulePageHtml(book: Book, text: string): string {
  return `<article>${renderMarkdown(text, resolverOf(book))}</article>`;
}

const SECTION_LINK = /^(?:[^#]*\/)?guide\/\d-([\w-]+)\.md(#.+)?$|^(?:\.\/)?\d-([\w-]+)\.md(#.+)?$/;
const RULE_LINK = /(?:^|\/)docs\/rules\/([a-z-]+\/[a-z-]+)\.md$/;

/** `#caching`, `5-caching.md#sizing`, a web address of the same file, `docs/rules/pandas/iterrows.md`: all stay in the view. */
export function resolverOf(book: Book): Resolve {
  return (href) => {
    const [, far, farHeading, near, nearHeading] = SECTION_LINK.exec(href) ?? [];
    const anchor = far ?? near ?? (href.startsWith("#") ? href.slice(1) : undefined);
    if (anchor !== undefined && book.section(anchor) !== undefined)
      return `${anchor}${farHeading ?? nearHeading ?? ""}`;
    const rule = RULE_LINK.exec(href)?.[1];
    return rule === undefined ? undefined : `rule:${rule}`;
  };
}
