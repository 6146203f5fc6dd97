/** The report for people: each finding with its code underlined, its fix, and the rule to read more about. */

import type { FrameLine } from "../code-frame.js";
import type { CheckResult, PlacedFinding, PlacedFix } from "../result.js";
import { paint, shown, type Paint } from "../terminal.js";

export function textReport(result: CheckResult, { color }: { readonly color: boolean }): string {
  const ink = paint(color);
  const blocks = result.files.flatMap(({ path, findings }) => findings.map((it) => block(path, it, ink)));
  return blocks.map((it) => `${it}\n`).join("\n");
}

function block(path: string, finding: PlacedFinding, ink: Paint): string {
  const { line, column } = finding.range.start;
  const gutter = Math.max(...finding.frame.map((it) => String(it.number).length));
  const place = `${ink.bold(shown(path).text)}:${line}:${column}`;
  const related = finding.related.map(({ range, message }) => `${ink.dim("note")}: line ${range.start.line}: ${shown(message).text}`);
  return [
    `${place}  ${level(finding.level, ink)}  ${shown(finding.message).text}  ${ink.dim(`[${finding.rule}]`)}`,
    ...finding.frame.flatMap((it) => frameLines(it, gutter, ink)),
    ...(finding.fix ? [fixLine(finding.fix, ink)] : []).concat(related).map((it) => `${" ".repeat(gutter)} ${ink.dim("=")} ${it}`),
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

function fixLine({ title, safety }: PlacedFix, ink: Paint): string {
  return safety === "safe" ? `${ink.green("fix")}: ${shown(title).text}` : `${ink.cyan("fix (review)")}: ${shown(title).text}`;
}

export function level(name: PlacedFinding["level"], ink: Paint): string {
  const styles = { error: ink.red, warning: ink.yellow, info: ink.blue, hint: ink.cyan };
  return styles[name](name);
}
