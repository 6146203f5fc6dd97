/** What a rule reports of its examples and cases, as text that is kept beside its page: `test/rules/<area>/<name>.snap.txt`. */
import { existsSync, readFileSync } from "node:fs";
import { diffArrays } from "diff";
import type { Finding, Range, Rule, Settings } from "../../analysis/analyzer.js";
import { allOn, check, type Checked } from "./check.js";
import { MODULE, readSpec, settingsOf } from "./spec.js";

/** By the title of the example or case: what is reported there. */
export type Snapshot = ReadonlyMap<string, string>;

/** The page of a rule, empty where it has none. */
export function pageOf(rule: string): string {
  const path = `test/rules/${rule}.md`;
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

export const snapshotPath = (rule: string) => `test/rules/${rule}.snap.txt`;
export const exampleTitle = (index: number) => `example ${index + 1}`;

/** The examples, then the invalid cases, in the order of the page. */
export async function takeSnapshot(rule: Rule): Promise<Snapshot> {
  const taken = new Map<string, string>();
  for (const [index, { before, file }] of rule.examples.entries())
    taken.set(exampleTitle(index), await reportOf(rule, before, {}, true, file));
  for (const it of readSpec(pageOf(rule.name)).filter(({ kind }) => kind === "invalid"))
    taken.set(it.title, await reportOf(rule, it.source, settingsOf(it), it.fixed !== undefined, it.file));
  return taken;
}

/**
 * All that a reader is shown of one program.
 * @param isOutcomeKnown whether the page itself shows what the fixes make of it; if not, the changed lines are part of the text
 */
export async function reportOf(
  rule: Rule,
  source: string,
  settings: Partial<Settings>,
  isOutcomeKnown: boolean,
  file = MODULE,
): Promise<string> {
  const checked = await check(source, [rule], allOn(settings), file);
  return checked.findings.map((it) => findingText(rule, source, it, checked, isOutcomeKnown)).join("\n");
}

function findingText(rule: Rule, source: string, finding: Finding, checked: Checked, isOutcomeKnown: boolean): string {
  const { range, message, level, evidence, weight, related } = finding;
  const fix = checked.fixed(finding);
  const reason = checked.declined(finding);
  const lines = [
    ...picture(source, range),
    `${level} (evidence ${evidence}, weight ${weight}): ${message}`,
    ...related.flatMap((it) => [`also: ${it.message}`, ...picture(source, it.range)]),
  ];
  if (fix) {
    lines.push(`${fix.safety} fix: ${fix.title}`, ...fix.doubts.map((it) => `  doubt: ${it}`));
    if (!isOutcomeKnown) lines.push(...changes(source, fix.text));
  } else if (rule.fixes !== null) lines.push(reason === undefined ? "no fix" : `no fix: ${reason}`);
  return `${lines.join("\n")}\n`;
}

/** The lines of a stretch with carets below, numbered from 1; of a long stretch its first and its last line. */
function picture(source: string, { start, end }: Range): readonly string[] {
  // An example starts behind the line of its opening quote, which no reader counts.
  const first = source.startsWith("\n") ? 1 : 0;
  const lineOf = (offset: number) => source.slice(0, offset).split("\n").length - 1;
  const lines = source.split("\n");
  const startOf = (line: number) => lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
  const row = (line: number): readonly string[] => {
    const text = lines[line]!;
    const from = Math.max(start - startOf(line), 0);
    const to = Math.min(end - startOf(line), text.length);
    const number = String(line + 1 - first).padStart(4);
    const carets = "^".repeat(to - from) || "|";
    return [
      `${number} | ${shown(text)}`.trimEnd(),
      `     | ${shown(text.slice(0, from)).replace(/[^ ]/g, " ")}${carets}`,
    ];
  };
  const [top, bottom] = [lineOf(start), lineOf(end)];
  return [
    ...row(top),
    ...(bottom - top > 1 ? [`     | (${bottom - top - 1} more)`] : []),
    ...(bottom > top ? row(bottom) : []),
  ];
}

/** A tab takes as many columns as there are carets for it: one. */
const shown = (text: string) => text.replaceAll("\t", "→");

/** The lines that a fix takes out and puts in. */
function changes(before: string, after: string): readonly string[] {
  return diffArrays(before.split("\n"), after.split("\n")).flatMap(({ added, removed, value }) =>
    added || removed ? value.map((it) => `  ${added ? "+" : "-"} ${shown(it)}`.trimEnd()) : [],
  );
}

const HEAD = /^## /m;

/** Throws nothing: what cannot be read has no sections, and so is not what is reported. */
export function readSnapshot(text: string): Snapshot {
  return new Map(
    text
      .split(HEAD)
      .slice(1)
      .map((section) => {
        const end = section.indexOf("\n");
        // The first line of a picture begins with blanks.
        return [section.slice(0, end), `${section.slice(end + 1).replace(/^\n+|\n+$/g, "")}\n`];
      }),
  );
}

export function snapshotText(rule: string, snapshot: Snapshot): string {
  const sections = [...snapshot].map(([title, text]) => `## ${title}\n\n${text}`);
  return `# What ${rule} reports. Made by: npm run test:rule ${rule} -- --update\n\n${sections.join("\n")}`;
}
