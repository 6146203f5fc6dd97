/** `nippy explain`: the page of a rule, a section of the guide, a snippet or a construct: the same texts that the editor shows. */

import { matcher, namedRules, type Rule } from "../../analysis/analyzer.js";
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
  const named = rulesNamed(name);
  if (named.length === 1) return (await startAnalyzer()).page(named[0]!);
  if (named.length > 1) return ruleList(name, named);
  const section = guideSection(name);
  if (section !== undefined) return section;
  const construct = constructs.find((it) => it.name === name || it.name.replace(/^@/, "") === name);
  if (construct) return `# ${construct.name}\n\n${construct.says}\n\n${linkTo(construct.guide)}\n`;
  const snippets = await allSnippets();
  const snippet = snippets.find((it) => it.prefixes.includes(name));
  if (snippet) return snippetPage(snippet);
  const names = [
    ...rules.flatMap((it) => [it.name, afterSlash(it)]),
    ...guide.map((it) => it.anchor),
    ...constructs.map((it) => it.name),
    ...snippets.map((it) => it.prefixes[0]),
  ];
  throw new Trouble(
    `No rule, section of the guide, snippet or construct is called "${name}".${didYouMean(name, names)} "nippy rules" and "nippy guide" list rules and sections.`,
  );
}

/** Guide, constructs and snippets have names of their own: an area such as `caching` is a section too, and that says more. */
function rulesNamed(name: string): readonly Rule[] {
  if (guideSection(name) !== undefined) return [];
  const found = namedRules(name, rules);
  // Where several areas have a rule of the name, all of them are told.
  if ("problem" in found) return rules.filter((it) => afterSlash(it) === name);
  const fits = found.names.map(matcher);
  return rules.filter((rule) => fits.some((it) => it(rule.name)));
}

function afterSlash({ name }: Rule): string {
  return name.slice(name.indexOf("/") + 1);
}

function ruleList(name: string, named: readonly Rule[]): string {
  return `# ${name}: ${named.length} rules\n\n${named.map((it) => `- \`${it.name}\`: ${it.title}`).join("\n")}\n`;
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
