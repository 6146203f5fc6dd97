/** Checks one file from bytes to result, and repairs it on request. Runs in the main thread or in a worker, one file at a time. */

import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import type { Analyzer, LineIndex, Range, Settings, Snapshot } from "../analysis/analyzer.js";
import type { CheckRequest } from "./arguments.js";
import { digestOf } from "./cache.js";
import { codeFrame } from "./code-frame.js";
import { unifiedDiff } from "./diff.js";
import { failed, type Failure, type FileResult, type PlacedFinding, type PlacedRange } from "./result.js";
import { save } from "./save.js";
import { decode, encode, type Encoding } from "./source.js";

export interface Job {
  readonly absolute: string;
  readonly path: string;
  /** Which of the setup's settings hold for the file. */
  readonly settings: number;
  /** The text itself where it does not come from a file; it is then never written. */
  readonly bytes?: Uint8Array;
}

/** What all files of a run share. Plain data, so that it can be handed to a worker. */
export interface Setup {
  readonly settings: readonly Settings[];
  readonly fix: CheckRequest["fix"];
  readonly review: boolean;
  /** Results are wanted with the digest of what they are about. */
  readonly isKept: boolean;
}

const MEGABYTE = 1024 * 1024;
const MOST_BYTES = 10 * MEGABYTE;
const TOO_LARGE = `This file is larger than ${MOST_BYTES / MEGABYTE} MB, so it is left out.`;

export function checkFile(analyzer: Analyzer, setup: Setup, job: Job): FileResult {
  try {
    const bytes = job.bytes ?? read(job.absolute);
    if (bytes === undefined || bytes.length > MOST_BYTES) return failed(job.path, TOO_LARGE);
    const result = checkBytes(analyzer, setup, job, bytes);
    // A rule that failed may have failed for a reason outside the file.
    return setup.isKept && result.failures.every((it) => it.rule === null) ? { ...result, digest: digestOf(bytes) } : result;
  } catch (error) {
    // One file must not cost the report of all the others, whatever is wrong with it.
    return failed(job.path, reasonOf(error));
  }
}

/** One for all files of a thread: nothing holds on to the bytes of a file once it has been checked. */
let buffer = new Uint8Array(MEGABYTE);

/** Undefined if the file is too large: it is then not read. */
function read(path: string): Uint8Array | undefined {
  const file = openSync(path, "r");
  try {
    const stats = fstatSync(file);
    // What is no plain file, such as a pipe, cannot say how long it is.
    if (!stats.isFile()) return readFileSync(file);
    if (stats.size > MOST_BYTES) return undefined;
    if (stats.size >= buffer.length) buffer = new Uint8Array(2 * stats.size);
    let length = 0;
    // Room for one byte more than the file said to hold: it may be growing.
    for (let more = -1; more !== 0 && length < buffer.length; length += more) more = readSync(file, buffer, length, buffer.length - length, null);
    return length === buffer.length ? readFileSync(path) : buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "This file vanished while files were being checked.";
  if (code === "EACCES" || code === "EPERM") return "This file may not be read.";
  if (code !== undefined) return `This file cannot be read (${code}).`;
  return `Nippy failed on this file (${message}). Please report it, with the file if you can.`;
}

function checkBytes(analyzer: Analyzer, setup: Setup, job: Job, bytes: Uint8Array): FileResult {
  if (job.path.endsWith(".ipynb")) return failed(job.path, "This is a notebook: Nippy checks notebooks in an editor only.");
  const decoded = decode(bytes);
  if ("problem" in decoded) return failed(job.path, decoded.problem);
  const settings = setup.settings[job.settings];
  if (!settings) throw new RangeError(`no settings ${job.settings}`);

  // The whole path, as in an editor: it is what tells tests from other code.
  const open = (text: string) => analyzer.open(text, settings, job.absolute);
  const { text, encoding } = decoded;
  const snapshot = open(text);
  if (setup.fix === "no") return describe(analyzer, snapshot, job.path);

  const repair = analyzer.fixAll(snapshot, { review: setup.review });
  if (repair.applied === 0) return describe(analyzer, snapshot, job.path);
  const left = (): FileResult => ({ ...describe(analyzer, open(repair.text), job.path), fixed: repair.applied });
  if (setup.fix === "diff") return { ...left(), diff: unifiedDiff(job.path, marked(text, encoding), marked(repair.text, encoding)) };

  const fixedBytes = encode(repair.text, encoding);
  const problem = fixedBytes ? (job.bytes ? undefined : save(job.absolute, bytes, fixedBytes)) : `the new text cannot be stored as ${encoding.label}`;
  if (fixedBytes && problem === undefined) return job.bytes ? { ...left(), fixedBytes } : left();
  const found = describe(analyzer, snapshot, job.path);
  return { ...found, failures: [...found.failures, { rule: null, message: `The fixes were not written: ${problem}.` }] };
}

/** With the byte order mark it has in its file: a diff without it would not apply. */
function marked(text: string, { bom }: Encoding): string {
  return bom ? `\ufeff${text}` : text;
}

function describe(analyzer: Analyzer, snapshot: Snapshot, path: string): FileResult {
  const report = analyzer.report(snapshot);
  // Most files have nothing to show: their lines are not counted.
  const place = (range: Range) => placed(snapshot.lines, range);
  const findings = report.findings.map((finding): PlacedFinding => {
    const fix = analyzer.fix(snapshot, finding);
    return {
      rule: finding.rule,
      level: finding.level,
      message: finding.message,
      range: place(finding.range),
      guide: finding.guide,
      related: finding.related.map(({ range, message }) => ({ range: place(range), message })),
      fix: fix ? { title: fix.title, safety: fix.safety, edits: fix.edits.map((it) => ({ range: place(it), text: it.text })) } : null,
      frame: codeFrame(snapshot.text, snapshot.lines, finding.range),
    };
  });
  const failures = report.failures.map(
    ({ rule, error }): Failure => ({ rule, message: `The rule ${rule} failed here (${error instanceof Error ? error.message : String(error)}). Please report it.` }),
  );
  const comments = report.comments.map(({ range, message }) => ({ range: place(range), message }));
  return { path, findings, failures, comments, fixed: 0 };
}

function placed(lines: LineIndex, range: Range): PlacedRange {
  const place = (offset: number) => {
    const { line, column } = lines.positionAt(offset);
    return { line: line + 1, column: column + 1 };
  };
  return { start: place(range.start), end: place(range.end) };
}
