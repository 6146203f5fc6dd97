/** What a check found, with lines and columns instead of offsets: plain data that can cross threads and that every report reads. */

import { isAtLeast, type Finding, type Safety, type Settings } from "../analysis/analyzer.js";
import type { FrameLine } from "./code-frame.js";
import type { Sort } from "./options.js";

/** Counted from 1; columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** In a notebook, whose lines are counted cell by cell; of cells those of every kind count. */
  readonly cell?: number;
  /** In a notebook: where it stands in the file, which is JSON. */
  readonly inFile?: { readonly line: number; readonly column: number };
}

export interface PlacedRange {
  readonly start: Place;
  readonly end: Place;
}

export interface PlacedFix {
  readonly title: string;
  readonly safety: Safety;
  /** What may differ afterwards; empty exactly where the fix is safe. */
  readonly doubts: readonly string[];
  readonly edits: readonly PlacedEdit[];
}

export interface PlacedEdit {
  readonly range: PlacedRange;
  readonly text: string;
  /** In a notebook: what goes into the file, as JSON writes it. */
  readonly textInFile?: string;
}

export interface PlacedFinding {
  readonly rule: string;
  /** Stays when the code moves or is formatted anew; unique within its file. */
  readonly fingerprint: string;
  readonly level: Finding["level"];
  readonly evidence: Finding["evidence"];
  readonly weight: Finding["weight"];
  /** From 0 to 100: what to look at first. */
  readonly value: number;
  readonly message: string;
  readonly range: PlacedRange;
  readonly guide: string;
  readonly related: readonly { readonly range: PlacedRange; readonly message: string }[];
  readonly fix: PlacedFix | null;
  /** Why there is no fix here though the rule has one; null where there is one, or no reason is known. */
  readonly declined: string | null;
  readonly frame: readonly FrameLine[];
}

/** A finding below the level that is asked for. */
export type HiddenFinding = Pick<PlacedFinding, "rule" | "level">;

/** Something that kept a file, or one rule on it, from being checked. */
export interface Failure {
  /** The rule that failed; null when the whole file could not be checked. */
  readonly rule: string | null;
  readonly message: string;
  /** Of a syntax error, around which the file is not checked. */
  readonly at?: Place;
}

/** A mistake in a suppression comment: it silences nothing, names no rule, or gives no reason where one is wanted. */
export interface CommentMistake {
  readonly range: PlacedRange;
  readonly message: string;
}

export interface FileResult {
  /** As shown: relative to the current folder, with forward slashes. */
  readonly path: string;
  /** What is left after fixing, if fixing was asked for. */
  readonly findings: readonly PlacedFinding[];
  /** Those that the project's baseline knows; left out where there is none. */
  readonly known?: readonly PlacedFinding[];
  /** Those below the level that is asked for: told by their number alone. */
  readonly hidden: readonly HiddenFinding[];
  readonly failures: readonly Failure[];
  readonly comments: readonly CommentMistake[];
  /** Why there was nothing to check; left out where the file was checked, or could not be. */
  readonly skipped?: string;
  /** How many fixes went in, or would go in for a diff. */
  readonly fixed: number;
  /** Of the bytes that were looked at, where the result may be kept for the next run. */
  readonly digest?: string;
  /** The repaired text of standard input. */
  readonly fixedBytes?: Uint8Array;
  readonly diff?: string;
}

export interface CheckResult {
  /** Every file that was looked at, ordered by path. */
  readonly files: readonly FileResult[];
  /** The current folder, which shown paths are relative to. */
  readonly folder: string;
  /** The order in which findings are listed. */
  readonly sort: Sort;
  /** A frozen baseline lists findings that are gone. */
  readonly staleBaseline: boolean;
}

export interface LocatedFinding {
  readonly path: string;
  readonly finding: PlacedFinding;
}

/** A file that was not analysed, and why. */
export function failed(path: string, message: string): FileResult {
  return { path, findings: [], hidden: [], failures: [{ rule: null, message }], comments: [], fixed: 0 };
}

/** A file without Python, and why. */
export function skipped(path: string, why: string): FileResult {
  return { path, findings: [], hidden: [], failures: [], comments: [], fixed: 0, skipped: why };
}

/** As people read it: `a.py:12`, `a.ipynb:cell 3:12`. */
export function lineInWords(path: string, { line, cell }: Place): string {
  return cell === undefined ? `${path}:${line}` : `${path}:cell ${cell}:${line}`;
}

/** In the file itself, where its lines are counted cell by cell elsewhere. */
/** Of a failure: the line in the file, where it has one. */
export function lineOf({ at }: Failure): number | undefined {
  return (at?.inFile ?? at)?.line;
}

export function inFile({ start, end }: PlacedRange): PlacedRange {
  return { start: start.inFile ?? start, end: end.inFile ?? end };
}

/** True where some file could not be checked, or not all of it; a rule that failed costs only its own findings. */
/** Why a finding has no fix, as a line of a report for programs; none where there is a fix, or its rule has none anywhere. */
export function declinedLines({ declined }: Pick<PlacedFinding, "declined">): readonly string[] {
  return declined === null ? [] : [`No fix here: ${declined}`];
}

export function isIncomplete(result: CheckResult): boolean {
  return result.files.some((file) => file.failures.some((it) => it.rule === null));
}

export function countFindings(result: CheckResult): number {
  return result.files.reduce((sum, it) => sum + it.findings.length, 0);
}

export function countKnown(result: CheckResult): number {
  return result.files.reduce((sum, it) => sum + (it.known?.length ?? 0), 0);
}

export function countHidden(result: CheckResult): number {
  return result.files.reduce((sum, it) => sum + it.hidden.length, 0);
}

/** Leaves out what is below the level that is asked for; what was hidden before stays so. */
export function withMinLevel(file: FileResult, minLevel: Settings["minLevel"]): FileResult {
  const isHidden = (it: PlacedFinding) => !isAtLeast(it.level, minLevel);
  if (!file.findings.some(isHidden)) return file;
  return {
    ...file,
    findings: file.findings.filter((it) => !isHidden(it)),
    hidden: [...file.hidden, ...file.findings.filter(isHidden)],
  };
}

/** Every finding that the baseline knows. */
export function listedKnown({ files }: CheckResult): readonly LocatedFinding[] {
  return files.flatMap(({ path, known = [] }) => known.map((finding) => ({ path, finding })));
}

/** Every finding that is shown, in the order that was asked for. */
export function listed({ files, sort }: CheckResult): readonly LocatedFinding[] {
  const findings = files.flatMap(({ path, findings: own }) => own.map((finding) => ({ path, finding })));
  return sort === "value" ? byValue(findings) : findings;
}

/** What matters most first; equals stay as they were. */
export function byValue(findings: readonly LocatedFinding[]): readonly LocatedFinding[] {
  return findings.toSorted((a, b) => b.finding.value - a.finding.value);
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
