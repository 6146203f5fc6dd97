/** The page of a rule: one text for the hover, `nippy explain`, the generated docs and AI agents. */

import { minorOf } from "../semantics/python-version.js";
import { measuredGain } from "./gain.js";
import type { Rule } from "./rule.js";

export interface PageOptions {
  /** Title and address of the guide section, for the link. */
  readonly guide: { readonly title: string; readonly url: string };
}

const FIXES = { safe: "safe fix", review: "review fix" } as const;

export function rulePage(rule: Rule, { guide }: PageOptions): string {
  const facts = [`\`${rule.name}\``, rule.level, rule.fixes ? FIXES[rule.fixes] : "no fix", ...gates(rule)];
  const examples = rule.examples.map(({ before, after }) => {
    const instead = `**Instead of**\n\n${block(before)}`;
    return after === undefined ? instead : `${instead}\n\n**write**\n\n${block(after)}`;
  });
  const gain = measuredGain(rule);
  return [
    `**${rule.title}**`,
    facts.join(" · "),
    rule.why,
    ...(gain === undefined ? [] : [`Measured: ${gain}.`]),
    ...examples,
    `Guide: [${guide.title}](${guide.url})`,
    `To keep it: \`# nippy: ignore[${rule.name}]\` on the line, or \`levels = { "${rule.name}" = "off" }\` in the settings.`,
  ].join("\n\n");
}

function gates({ python, library, imports, overlaps }: Rule): readonly string[] {
  return [
    ...(python.from ? [`Python 3.${minorOf(python.from)} or later`] : []),
    ...(python.until ? [`before Python 3.${minorOf(python.until)}`] : []),
    ...Object.entries(library).flatMap(([name, { from, until }]) => [
      ...(from ? [`${name} ${from} or later`] : []),
      ...(until ? [`before ${name} ${until}`] : []),
    ]),
    ...(imports.length > 0 ? [`in files that import ${imports.join(" or ")}`] : []),
    ...(overlaps.length > 0 ? [`see also ${overlaps.join(", ")}`] : []),
  ];
}

function block(code: string): string {
  return `\`\`\`python\n${code.replace(/^\n/, "").trimEnd()}\n\`\`\``;
}
