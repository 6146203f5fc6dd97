/** What a check found, with lines and columns instead of offsets: plain data that can cross threads and that every report reads. */

import type { Finding, Safety } from "../analysis/analyzer.js";
import type { FrameLine } from "./code-frame.js";

/** Counted from 1; columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface PlacedRange {
  readonly start: Place;
  readonly end: Place;
}

export interface PlacedFix {
  readonly title: string;
  readonly safety: Safety;
  readonly edits: readonly { readonly range: PlacedRange; readonly text: string }[];
}

export interface PlacedFinding {
  readonly rule: string;
  readonly level: Finding["level"];
  readonly message: string;
  readonly range: PlacedRange;
  readonly guide: string;
  readonly related: readonly { readonly range: PlacedRange; readonly message: string }[];
  readonly fix: PlacedFix | null;
  readonly frame: readonly FrameLine[];
}

/** Something that kept a file, or one rule on it, from being checked. */
export interface Failure {
  /** The rule that failed; null when the whole file could not be checked. */
  readonly rule: string | null;
  readonly message: string;
}

export interface FileResult {
  /** As shown: relative to the current folder, with forward slashes. */
  readonly path: string;
  /** What is left after fixing, if fixing was asked for. */
  readonly findings: readonly PlacedFinding[];
  readonly failures: readonly Failure[];
  /** Mistakes in suppression comments. */
  readonly comments: readonly { readonly range: PlacedRange; readonly message: string }[];
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
}

/** A file that was not analysed, and why. */
export function failed(path: string, message: string): FileResult {
  return { path, findings: [], failures: [{ rule: null, message }], comments: [], fixed: 0 };
}

/** True where some file could not be checked at all; a rule that failed costs only its own findings. */
export function isIncomplete(result: CheckResult): boolean {
  return result.files.some((file) => file.failures.some((it) => it.rule === null));
}

export function countFindings(result: CheckResult): number {
  return result.files.reduce((sum, it) => sum + it.findings.length, 0);
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
