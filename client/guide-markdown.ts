/** Markdown of the guide and of the rules' pages → HTML for the guide view: no raw HTML, links turned into addresses, code with colours. */

import markdownIt, { type MarkdownIt, type Token } from "markdown-it";
import { slugs } from "../guide/headings.js";
import { RULE_NAMES, SNIPPET_NAMES } from "./names.generated.js";
import { escapeHtml, highlightPython } from "./python-highlight.js";

/**
 * Where a link leads inside the guide view: `caching`, `caching#sizing`, `rule:pandas/iterrows`; undefined for a link to the outside.
 * `#name` alone is a heading of the page itself.
 */
export type Resolve = (href: string) => string | undefined;

const rules = new Set(RULE_NAMES);
const snippets = new Set(SNIPPET_NAMES);

export function renderMarkdown(text: string, resolve: Resolve): string {
  const tokens = markdown.parse(withoutComments(text), {});
  const slug = slugs();
  for (const [index, token] of tokens.entries()) {
    if (token.type === "heading_open") token.attrSet("id", slug(tokens[index + 1]?.content ?? ""));
    for (const inner of token.children ?? []) {
      if (inner.type === "link_open") lead(inner, resolve);
    }
  }
  return markdown.renderer.render(tokens, markdown.options, {});
}

/** Comments mark what is generated; with raw HTML switched off they would be shown. */
function withoutComments(text: string): string {
  return text.replace(/^<!--.*-->$/gm, "");
}

const markdown = makeRenderer();

function makeRenderer(): MarkdownIt {
  const made = markdownIt({ html: false, linkify: false, typographer: false });
  // The view shows nothing from elsewhere, and the guide draws with text.
  made.disable("image");
  const renderers = made.renderer.rules;
  renderers["fence"] = (tokens, index) => codeBlock(tokens[index]);
  renderers["code_inline"] = (tokens, index) => inlineCode(tokens[index]?.content ?? "");
  renderers["table_open"] = () => '<div class="table" tabindex="0" role="region" aria-label="Table"><table>\n';
  renderers["table_close"] = () => "</table></div>\n";
  return made;
}

/** Marks a link for the view: inside it, to a heading of the same page, or to the outside. */
function lead(link: Token, resolve: Resolve): void {
  const href = String(link.attrGet("href") ?? "");
  const address = resolve(href);
  if (address !== undefined) {
    link.attrSet("href", `#${address}`);
    link.attrSet("data-open", address);
  } else if (!href.startsWith("#")) {
    link.attrSet("class", "outside");
  }
}

/** The name of a rule leads to its page; the name of a snippet inserts it. */
function inlineCode(text: string): string {
  const code = `<code>${escapeHtml(text)}</code>`;
  if (rules.has(text)) return `<a href="#rule:${text}" data-open="rule:${text}">${code}</a>`;
  return snippets.has(text)
    ? `<button class="snippet" type="button" data-snippet="${text}" title="Insert the snippet ${text}">${code}</button>`
    : code;
}

/** The words after a fence: the language, then what the block is in the guide, such as `before` and `after`. */
function codeBlock(token: Token | undefined): string {
  const [language = "", ...roles] = (token?.info ?? "").trim().split(/\s+/);
  const code = token?.content ?? "";
  const role = roles.find((it) => it === "before" || it === "after") ?? "";
  const html = language === "python" || language === "py" ? highlightPython(code) : escapeHtml(code);
  const label = role === "" ? "" : `<figcaption>${role === "before" ? "Before" : "After"}</figcaption>`;
  return (
    `<figure class="code ${role}">${label}<button class="copy" type="button">Copy</button>` +
    `<pre tabindex="0"><code>${html}</code></pre></figure>\n`
  );
}
