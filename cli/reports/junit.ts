/** The report for build servers that show tests: a file is a suite, a finding a test that failed. */

import {
  declinedLines,
  inFile,
  lineOf,
  listed,
  type CheckResult,
  type Failure,
  type FileResult,
  type PlacedFinding,
} from "../result.js";
import { shown } from "../terminal.js";

export function junitReport(result: CheckResult): string {
  const suites = result.files.map((file) => suite(file, listed({ ...result, files: [file] })));
  const sum = (count: (it: Suite) => number) => suites.reduce((total, it) => total + count(it), 0);
  const totals = { tests: sum((it) => it.tests), failures: sum((it) => it.failures), errors: sum((it) => it.errors) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: "nippy", ...totals })}>`,
    ...suites.flatMap((it) => it.lines),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly lines: readonly string[];
}

function suite({ path, failures }: FileResult, findings: ReturnType<typeof listed>): Suite {
  const cases = [
    ...findings.map(({ finding }) => failedCase(path, finding)),
    ...failures.map((it) => brokenCase(path, it)),
  ];
  // A suite without tests would look as if nobody had checked the file.
  if (cases.length === 0) cases.push(`    <testcase${attributes({ name: "nippy", classname: path, file: path })}/>`);
  const counts = { tests: cases.length, failures: findings.length, errors: failures.length };
  return { ...counts, lines: [`  <testsuite${attributes({ name: path, ...counts })}>`, ...cases, "  </testsuite>"] };
}

function failedCase(path: string, finding: PlacedFinding): string {
  const { rule, level, message, range, fix } = finding;
  const { line, column, cell } = range.start;
  const where = `${cell === undefined ? "" : `cell ${cell}, `}line ${line}, column ${column}`;
  const cure = fix ? [`Fix${fix.safety === "safe" ? "" : " (review)"}: ${fix.title}`] : declinedLines(finding);
  return [
    `    <testcase${attributes({ name: rule, classname: path, file: path, line: inFile(range).start.line })}>`,
    `      <failure${attributes({ type: level, message })}>${where}: ${[message, ...cure].map(xml).join("\n")}</failure>`,
    "    </testcase>",
  ].join("\n");
}

function brokenCase(path: string, it: Failure): string {
  const { rule, message } = it;
  const line = lineOf(it);
  return [
    `    <testcase${attributes({ name: rule ?? "nippy", classname: path, file: path, ...(line !== undefined && { line }) })}>`,
    `      <error${attributes({ type: "error", message })}/>`,
    "    </testcase>",
  ].join("\n");
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value))}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** XML has no way at all to write control characters, halves of pairs and the two that end each plane. */
function xml(text: string): string {
  return shown(text)
    .text.replace(/[&<>"']/g, (it) => ENTITIES[it]!)
    .replace(/[\p{Cs}\ufffe\uffff]/gu, "\ufffd");
}
