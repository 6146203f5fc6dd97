/** `nippy explain`: the page of a rule, a section of the guide, a snippet or a construct: the same texts that the editor shows. */

import { constructs } from "../../guide/constructs/index.generated.js";
import { guide } from "../../guide/index.generated.js";
import { allSnippets } from "../../snippets/all.js";
import { expand } from "../../snippets/grammar.js";
import type { Snippet } from "../../snippets/snippet.js";
import { guideUrl, rules, startAnalyzer } from "../engine.js";
import { didYouMean } from "../suggest.js";
import { Trouble } from "../trouble.js";
import { guideSection } from "./guide.js";

/** @throws {Trouble} when no rule, section, snippet or construct has the name */
export async function explanation(name: string): Promise<string> {
  const rule = rules.find((it) => it.name === name);
  if (rule) return (await startAnalyzer()).page(rule);
  const section = guideSection(name);
  if (section !== undefined) return section;
  const construct = constructs.find((it) => it.name === name || it.name.replace(/^@/, "") === name);
  if (construct) return `# ${construct.name}\n\n${construct.says}\n\n${linkTo(construct.guide)}\n`;
  const snippets = await allSnippets();
  const snippet = snippets.find((it) => it.prefixes.includes(name));
  if (snippet) return snippetPage(snippet);
  const names = [
    ...rules.map((it) => it.name),
    ...guide.map((it) => it.anchor),
    ...constructs.map((it) => it.name),
    ...snippets.map((it) => it.prefixes[0]),
  ];
  throw new Trouble(
    `No rule, section of the guide, snippet or construct is called "${name}".${didYouMean(name, names)} "nippy rules" and "nippy guide" list rules and sections.`,
  );
}

/** With every body, the oldest first: which one fits is for the reader's Python to say. */
function snippetPage({ title, prefixes: [name], description, guide: anchor, language, bodies }: Snippet): string {
  const blocks = bodies.map(
    ({ python, lines }) =>
      `${bodies.length > 1 ? `From Python ${python}:\n\n` : ""}\`\`\`${language}\n${expand(lines)}\n\`\`\``,
  );
  return `# ${title} (${name})\n\n${description}\n\n${blocks.join("\n\n")}\n\n${linkTo(anchor)}\n`;
}

function linkTo(anchor: (typeof guide)[number]["anchor"]): string {
  return `[${guide.find((it) => it.anchor === anchor)?.title ?? anchor}](${guideUrl(anchor)})`;
}
