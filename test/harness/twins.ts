/** What Ruff's rules say of the programs on the pages of our rules that name them as twins. */
import { PositionEncoding, Workspace, type Diagnostic } from "@astral-sh/ruff-wasm-nodejs";
import type { Range, Rule } from "../../analysis/analyzer.js";
import { allOn, check } from "./check.js";
import { exampleTitle, pageOf } from "./snapshot.js";
import { readSpec, settingsOf, type Case } from "./spec.js";

/** What Ruff takes the code to be written for where a case names no version. */
const TARGET = "3.11";
/** Pylint's codes: pycodestyle's, which Ruff has, are shorter. */
const PYLINT = /^[CEFRW]\d{4}$/;

interface Program extends Pick<Case, "source" | "python" | "libraries" | "file"> {
  readonly title: string;
}

/** A place of a program, by its line from 1. */
export interface Place {
  readonly title: string;
  readonly line: number;
  readonly text: string;
}

export interface Seen {
  /** Reported by us and by Ruff, by us alone, and by Ruff alone. */
  readonly both: readonly Place[];
  readonly ours: readonly Place[];
  readonly theirs: readonly Place[];
  /** Programs in which we report something, and those of them in which Ruff does too: an import and its uses are one fault. */
  readonly programs: number;
  readonly shared: number;
}

export const isRuffCode = (code: string) => !PYLINT.test(code);

const linters = new Map<string, Workspace>();

function linter(codes: readonly string[], preview: boolean, python = TARGET): Workspace {
  const key = `${codes.join(",")} ${preview} ${python}`;
  let made = linters.get(key);
  if (!made) {
    const target = `py${python.replace(/[.t]/g, "")}`;
    const options = { preview, "target-version": target, lint: { select: codes } };
    linters.set(key, (made = new Workspace(options, PositionEncoding.Utf16)));
  }
  return made;
}

interface Lines {
  readonly first: number;
  readonly last: number;
}

/** @param preview whether Ruff's rules that are in preview are asked too */
export async function seenOf(rule: Rule, codes: readonly string[], preview: boolean): Promise<Seen> {
  const programs: readonly Program[] = [
    ...rule.examples.map(({ before, file }, index) => ({
      title: exampleTitle(index),
      source: before,
      file,
      python: undefined,
      libraries: {},
    })),
    ...readSpec(pageOf(rule.name)),
  ];
  const both: Place[] = [];
  const ours: Place[] = [];
  const theirs: Place[] = [];
  let shared = 0;
  let reporting = 0;
  for (const { title, source, python, libraries } of programs) {
    const placeAt = (line: number) => ({ title, line, text: source.split("\n")[line - 1]!.trim() });
    const { findings } = await check(source, [rule], allOn(settingsOf({ python, libraries })));
    const own = findings.map(({ range }) => linesOf(source, range));
    const diagnostics = linter(codes, preview, python).check(source) as readonly Diagnostic[];
    const said = diagnostics
      // What it cannot read has no code of ours.
      .filter((it) => it.code !== "invalid-syntax")
      .map(({ start_location, end_location }): Lines => ({ first: start_location.row, last: end_location.row }));
    for (const it of own) (said.some((other) => meet(it, other)) ? both : ours).push(placeAt(it.first));
    for (const it of said) if (!own.some((other) => meet(it, other))) theirs.push(placeAt(it.first));
    if (own.length === 0) continue;
    reporting++;
    if (said.length > 0) shared++;
  }
  return { both, ours, theirs, programs: reporting, shared };
}

function linesOf(source: string, { start, end }: Range): Lines {
  const lineAt = (offset: number) => source.slice(0, offset).split("\n").length;
  return { first: lineAt(start), last: lineAt(end) };
}

function meet(a: Lines, b: Lines): boolean {
  return a.first <= b.last && b.first <= a.last;
}
