/** The page of a rule: one text for the hover, `nippy explain`, the generated docs and AI agents. */

import { minorOf } from "../semantics/python-version.js";
import { measuredGain } from "./gain.js";
import { levelTable } from "./levels.js";
import type { Rule } from "./rule.js";

export interface PageOptions {
  /** Title and address of the guide section, for the link. */
  readonly guide: { readonly title: string; readonly url: string };
}

export interface NoteOptions extends PageOptions {
  /** Where the rule's page is to be read. */
  readonly url: string;
  /** A link to what can be done at the place, in Markdown; else the comment that keeps the code is named. */
  readonly menu?: string;
}

/** What fits the first sight of a hover: why in one sentence, what it brings, a short example, and where the rest is. */
export function ruleNote(rule: Rule, { guide, url, menu }: NoteOptions): string {
  const gain = measuredGain(rule);
  const example = shortExample(rule);
  return [
    [firstSentence(rule.why), ...(gain === undefined ? [] : [`Measured: ${gain}.`])].join(" "),
    ...(example === undefined ? [] : [example]),
    `[About this rule](${url}) · [Guide: ${guide.title}](${guide.url}) · ${menu ?? `keep it: \`# nippy: ignore[${rule.name}]\``}`,
  ].join("\n\n");
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s+[A-Z`]|$)/s.exec(text)?.[0] ?? text;
}

const MOST_EXAMPLE_LINES = 6;

/** Of the example that differs least: the lines that go and those that come. What takes more room is left to the page. */
function shortExample({ examples }: Rule): string | undefined {
  const [shortest] = examples
    .flatMap(({ before, after }) => (after === undefined ? [] : [changedLines(lines(before), lines(after))]))
    .filter((it) => it.length > 0 && it.length <= MOST_EXAMPLE_LINES)
    .sort((a, b) => a.length - b.length);
  if (!shortest) return undefined;
  const margin = Math.min(...shortest.map(({ text }) => text.length - text.trimStart().length));
  return fenced("diff", shortest.map(({ sign, text }) => `${sign} ${text.slice(margin)}`).join("\n"));
}

/** Imports say little here. */
function lines(code: string): readonly string[] {
  return code.split("\n").filter((it) => it.trim() !== "" && !/^(import|from) /.test(it));
}

interface ChangedLine {
  readonly sign: "-" | "+";
  readonly text: string;
}

/** By the longest list of lines that both have: examples are short. */
function changedLines(before: readonly string[], after: readonly string[]): readonly ChangedLine[] {
  const common = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i]![j] =
        before[i] === after[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const changed: ChangedLine[] = [];
  for (let [i, j] = [0, 0]; i < before.length || j < after.length; ) {
    if (i < before.length && j < after.length && before[i] === after[j]) [i, j] = [i + 1, j + 1];
    else if (j === after.length || (i < before.length && common[i + 1]![j]! >= common[i]![j + 1]!))
      changed.push({ sign: "-", text: before[i++]! });
    else changed.push({ sign: "+", text: after[j++]! });
  }
  return changed;
}

const FIXES = { safe: "safe fix", review: "review fix" } as const;

/** Begins with the title in bold, for who shows it below something else. */
export function rulePage(rule: Rule, options: PageOptions): string {
  return `**${rule.title}**\n\n${rest(rule, options)}`;
}

/** The same as a document of its own, with the levels that findings get: in docs/rules and in the guide's view. */
export function ruleDocument(rule: Rule, options: PageOptions): string {
  const table = levelTable(rule);
  const levels = table === undefined ? "" : `\n## Levels\n\n${table}\n`;
  return `# ${rule.title}\n\n${rest(rule, options)}\n${levels}`;
}

function rest(rule: Rule, { guide }: PageOptions): string {
  const facts = [`\`${rule.name}\``, rule.level, rule.fixes ? FIXES[rule.fixes] : "no fix", ...gates(rule)];
  const examples = rule.examples.map(({ file, before, after }) => {
    const where = file === undefined ? "" : ` (\`${file}\`)`;
    const instead = `**Instead of**${where}\n\n${block(before, file)}`;
    return after === undefined ? instead : `${instead}\n\n**write**\n\n${block(after, file)}`;
  });
  const gain = measuredGain(rule);
  return [
    facts.join(" · "),
    rule.why,
    ...(rule.unlike === undefined ? [] : [`Unlike ${inWords(rule.overlaps)}: ${rule.unlike}.`]),
    ...(gain === undefined ? [] : [`Measured: ${gain}.`]),
    ...(rule.unmeasured === undefined ? [] : [`Not measured: that takes ${rule.unmeasured}.`]),
    ...examples,
    `Guide: [${guide.title}](${guide.url})`,
    `To keep it: \`# nippy: ignore[${rule.name}]\` on the line, or \`levels = { "${rule.name}" = "off" }\` in the settings.`,
  ].join("\n\n");
}

/** `A, B and C` */
function inWords(codes: readonly string[]): string {
  return codes.length > 3 ? `${codes[0]} and its like` : codes.join(", ").replace(/, ([^,]*)$/, " and $1");
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

function block(code: string, file: string | undefined): string {
  const language =
    file === undefined ? "python" : file.endsWith(".toml") ? "toml" : file.endsWith(".txt") ? "text" : "ini";
  return fenced(language, code.replace(/^\n/, "").trimEnd());
}

function fenced(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}
