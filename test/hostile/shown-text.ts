/** What an attacker writes into a program, and what of it must not be left in what an editor shows: Markdown that does something, control characters. */
import markdownIt, { type Token } from "markdown-it";
import { guide } from "../../guide/index.generated.js";
import { guideUrl, ruleUrl } from "../../guide/address.js";
import { rules } from "../../rules/index.generated.js";

const EVIL = [
  "x`]\\n\\n# evil\\n\\n[Sign in](https://evil.example/login) ![x](https://evil.example/beacon.png)",
  "``` \\n\\n```\\n\\n<img src=https://evil.example/x.png><script>evil()</script>",
  "` [run](command:workbench.action.evil) <https://evil.example> www.evil.example mail@evil.example",
  "**evil** _evil_ ~~evil~~ | evil | $(flame) &lt;evil&gt; [evil][1] https://evil.example",
  "\\u202eevil\\u2066\\u001b[31m\\u0000\\u2028evil",
  `evil${"e".repeat(20_000)}`,
];
/** The same as it stands in a file between three quotes: with real line breaks and marks. */
export const PAYLOADS = EVIL.map((it) => JSON.parse(`"${it}"`) as string);

const markdown = markdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyEmail: true, fuzzyLink: false });
const OWN = new Set([...guide.map((it) => guideUrl(it.anchor)), ...rules.map((it) => ruleUrl(it.name))]);

/** What a sentence about code may consist of; rule pages have blocks of code and lines between them too. */
const INLINE = new Set([
  "text",
  "text_special",
  "code_inline",
  "strong_open",
  "strong_close",
  "em_open",
  "em_close",
  "softbreak",
]);
const BLOCKS = new Set(["paragraph_open", "paragraph_close", "inline", "fence", "hr"]);

/** What in a text is none of ours. */
export function foreign(text: string): readonly string[] {
  const marks = (tokens: readonly Token[]): readonly string[] =>
    tokens.flatMap((it) => {
      if (it.type === "inline") return marks(it.children ?? []);
      if (it.type === "link_open") return OWN.has(`${it.attrGet("href")}`) ? [] : [`link to ${it.attrGet("href")}`];
      if (it.type === "fence") return it.content.includes("evil") ? ["a block of code"] : [];
      const isText = it.type === "text" || it.type === "code_inline";
      if (isText && /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(it.content)) return ["a control character"];
      return INLINE.has(it.type) || BLOCKS.has(it.type) || it.type === "link_close" ? [] : [it.type];
    });
  return marks(markdown.parse(text, {}));
}

/** A line of bounded length in which nothing turns text round or moves the cursor. */
export const PLAIN_LINE = /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]{0,1100}$/u;
