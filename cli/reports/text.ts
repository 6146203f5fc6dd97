/** The report for people: each finding with its code underlined, its fix, and the rule to read more about. */

import type { FrameLine } from "../code-frame.js";
import { byValue, listed, type CheckResult, type LocatedFinding, type PlacedFinding, lineInWords } from "../result.js";
import { paint, shown, shownPathFirst, type Paint } from "../terminal.js";

export function textReport(result: CheckResult, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  const blocks = listed(result).map(({ path, finding }) => block(path, finding, ink));
  return blocks.map((it) => `${it}\n`).join("\n");
}

/** One line each, as compilers write them: every editor and log viewer finds the places. */
export function conciseReport(result: CheckResult, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  return listed(result)
    .map(({ path, finding: { rule, level: name, message, range, fix } }) => {
      const { column } = range.start;
      const isSafe = fix?.safety === "safe" ? ` ${ink.green("(fixable)")}` : "";
      return `${ink.bold(lineInWords(shownPathFirst(path), range.start))}:${column}: ${level(name, ink)}: ${shown(message).text} ${ink.dim(`[${rule}]`)}${isSafe}\n`;
    })
    .join("");
}

/** With fewer findings than this the list itself is quickly read. */
const FEWEST_TO_CHOOSE_FROM = 11;
const MOST_IMPORTANT = 5;

/** The findings that matter most, one line each, where the list is long; else nothing. */
export function mostImportant(result: CheckResult, { color }: { readonly color: boolean }): string {
  const findings = listed(result);
  if (findings.length < FEWEST_TO_CHOOSE_FROM) return "";
  const ink = paint(color);
  const lines = chosen(byValue(findings)).map((it) => `  ${headline(it, ink)}\n`);
  return `${ink.bold("These matter most:")}\n${lines.join("")}`;
}

/** The best of each rule first: five times the same would say no more than once. Who is left is taken where there are not so many rules. */
function chosen(sorted: readonly LocatedFinding[]): readonly LocatedFinding[] {
  const rules = new Set<string>();
  const best = sorted.filter(({ finding: { rule } }) => !rules.has(rule) && rules.add(rule));
  const taken = new Set([...best, ...sorted].slice(0, MOST_IMPORTANT));
  for (const it of sorted) if (taken.size < MOST_IMPORTANT) taken.add(it);
  return byValue([...taken]);
}

/** A line for each finding that was there before. */
export function goneReport(result: CheckResult, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  return listed(result)
    .map(
      ({ path, finding }) =>
        `${ink.green("gone")}: ${shown(path).text}  ${shown(finding.message).text}  ${ink.dim(`[${finding.rule}]`)}\n`,
    )
    .join("");
}

function headline({ path, finding }: LocatedFinding, ink: Paint): string {
  const { line, column, cell } = finding.range.start;
  const inside = cell === undefined ? "" : `:cell ${cell}`;
  const place = `${ink.bold(shownPathFirst(path))}${inside}:${line}:${column}`;
  return `${place}  ${level(finding.level, ink)}  ${shown(finding.message).text}  ${ink.dim(`[${finding.rule}]`)}`;
}

function block(path: string, finding: PlacedFinding, ink: Paint): string {
  const gutter = Math.max(...finding.frame.map((it) => String(it.number).length));
  const related = finding.related.map(({ range: { start }, message }) => {
    const other = start.cell === finding.range.start.cell ? "" : `cell ${start.cell}, `;
    return `${ink.dim("note")}: ${other}line ${start.line}: ${shown(message).text}`;
  });
  return [
    headline({ path, finding }, ink),
    ...finding.frame.flatMap((it) => frameLines(it, gutter, ink)),
    ...[...fixLines(finding, ink), ...related].map((it) => `${" ".repeat(gutter)} ${ink.dim("=")} ${it}`),
  ].join("\n");
}

function frameLines(line: FrameLine, gutter: number, ink: Paint): string[] {
  const before = shown(line.before);
  const marked = shown(line.marked, before.end);
  const after = shown(line.after, marked.end);
  // A place between two characters still gets one mark.
  const marks = "^".repeat(Math.max(1, marked.end - before.end));
  const code = `${ink.dim(`${String(line.number).padStart(gutter)} |`)} ${before.text}${ink.bold(marked.text)}${after.text}`;
  if (line.marked === "" && line.before.trim() === "" && line.after === "") return [code.trimEnd()];
  return [code.trimEnd(), `${ink.dim(`${" ".repeat(gutter)} |`)} ${" ".repeat(before.end)}${ink.yellow(marks)}`];
}

function fixLines({ fix, declined }: Pick<PlacedFinding, "fix" | "declined">, ink: Paint): readonly string[] {
  if (!fix) return declined === null ? [] : [`${ink.dim("no fix here")}: ${shown(declined).text}`];
  const title = shown(fix.title).text;
  if (fix.safety === "safe") return [`${ink.green("fix")}: ${title}`];
  return [`${ink.cyan("fix (review)")}: ${title}`, `${ink.cyan("check first")}: ${shown(fix.doubts.join("; ")).text}`];
}

export function level(name: PlacedFinding["level"], ink: Paint): string {
  const styles = { error: ink.red, warning: ink.yellow, info: ink.blue, hint: ink.cyan };
  return styles[name](name);
}
