/** Every program whose fixes are proven: the rules' examples and the cases of their pages, each with its repaired form. */
import { existsSync, readFileSync } from "node:fs";
import type { Rule } from "../../analysis/analyzer.js";
import type { PythonVersion } from "../../analysis/semantics/python-version.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, check } from "../harness/check.js";
import type { Job } from "./prover.js";
import { readExampleNotes, readSpec, type Case, type ProofNotes } from "../harness/spec.js";

export interface Program {
  /** Rule and case: unique. */
  readonly name: string;
  readonly rule: string;
  readonly before: string;
  readonly after: string;
  /** Whether every fix that went in is safe: then everything must be the same. */
  readonly strict: boolean;
  /** First and last line, from 1, of each finding that was repaired. */
  readonly findings: readonly (readonly [number, number])[];
  readonly python: string | undefined;
  readonly notes: ProofNotes;
}

const NO_NOTES: ProofNotes = { setup: "", driver: "", processes: "", differs: [], why: undefined, notRun: undefined };
const ROUNDS = 10;

export async function programsOf(rule: Rule): Promise<readonly Program[]> {
  if (rule.fixes === null) return [];
  const path = `test/rules/${rule.name}.md`;
  const page = existsSync(path) ? readFileSync(path, "utf8") : "";
  const notes = readExampleNotes(page);
  const sources = [
    ...rule.examples.map(({ before, file }, index) => ({
      file,
      title: `example ${index + 1}`,
      source: before,
      python: undefined,
      proof: notes.get(index + 1) ?? NO_NOTES,
    })),
    ...readSpec(page).filter((it) => it.kind === "invalid"),
  ];
  const programs = await Promise.all(
    sources.map(({ title, source, file, python, proof }) =>
      repaired(rule, `${rule.name}: ${title}`, { source, file, python }, proof),
    ),
  );
  return programs.filter((it) => it !== undefined);
}

export async function allPrograms(): Promise<readonly Program[]> {
  return (await Promise.all(rules.map(programsOf))).flat();
}

/** Undefined where nothing was repaired. */
async function repaired(
  rule: Rule,
  name: string,
  { source: before, file, python }: Pick<Case, "source" | "file" | "python">,
  notes: ProofNotes,
): Promise<Program | undefined> {
  const settings = python === undefined ? allOn() : allOn({ python: python as PythonVersion });
  const lineOf = (offset: number) => before.slice(0, offset).split("\n").length;
  const findings: [number, number][] = [];
  let strict = true;
  let after = before;
  for (let round = 0; round < ROUNDS; round++) {
    const checked = await check(after, [rule], settings, file);
    const fixes = checked.findings
      .map((it) => ({ finding: it, fix: checked.fixed(it) }))
      .filter((it) => it.fix !== undefined);
    if (round === 0)
      findings.push(
        ...fixes.map(({ finding: { range } }): [number, number] => [lineOf(range.start), lineOf(range.end)]),
      );
    const fix = fixes[0]?.fix;
    if (!fix) break;
    strict &&= fix.safety === "safe";
    after = fix.text;
  }
  return after === before ? undefined : { name, rule: rule.name, before, after, strict, findings, python, notes };
}

export function jobOf({ before, after, strict, findings, notes: { setup, driver } }: Program): Job {
  return { before, after, setup, driver, strict, findings };
}
