/** Checks one file, from its source to its result, and repairs it on request. Runs in the main thread or in a worker, one file at a time. */

import {
  changedCells,
  isAtLeast,
  joinCells,
  tookTooLong,
  type Analyzer,
  type Finding,
  type FixedText,
  type NotebookCell,
  type ReadText,
  type Report,
  type RuleFailure,
  type Settings,
  type Snapshot,
} from "../analysis/analyzer.js";
import { textOf } from "../host/regular-file.js";
import type { CheckRequest } from "./arguments.js";
import { unifiedDiff } from "../host/unified-diff.js";
import { fileLayout, notebookLayout } from "./layout.js";
import { isInsideAny } from "./links.js";
import { cellDiffs, joined, rewritten } from "./notebook-file.js";
import { makeSourceReader, reasonOf, type Source } from "./read-source.js";
import { failed, type Failure, type FileResult, type PlacedFinding } from "./result.js";
import { save } from "./save.js";
import { encode, type Encoding } from "./source.js";

export interface Job {
  readonly absolute: string;
  readonly path: string;
  /** Which of the setup's settings hold for the file. */
  readonly settings: number;
  /** The text itself where it does not come from a file; it is then never written. */
  readonly bytes?: Uint8Array;
  /** Fingerprints of findings that are not to be repaired: the project lives with them. */
  readonly known?: ReadonlySet<string>;
}

/** What all files of a run share. Plain data, so that it can be handed to a worker. */
export interface Setup {
  readonly settings: readonly Settings[];
  readonly fix: CheckRequest["fix"];
  readonly review: boolean;
  /** Results are wanted with the digest of what they are about, and with all findings: the next run may ask for another level. */
  readonly isKept: boolean;
  /** Files that links lead out of these folders are not repaired. */
  readonly repaired: readonly string[];
  /** All findings are wanted, whatever their level: they are compared with a baseline. */
  readonly isCompared: boolean;
}

/** The analyzer of a thread. */
export interface Engine {
  readonly analyzer: Analyzer;
  /** The grammar is needed for what is not plainly valid Python, and for texts that fixes make: loaded once, when first asked. */
  readonly loadGrammar: () => Promise<void>;
}

export type CheckFile = (job: Job, source?: Source) => Promise<FileResult>;

/** @returns what checks one file after the other; a source that another thread has read is taken as it is */
export function fileChecker({ analyzer, loadGrammar }: Engine, setup: Setup): CheckFile {
  const readSource = makeSourceReader(setup.isKept);
  return async (job, given) => {
    try {
      const reading = given ? { source: given } : readSource(job);
      if ("result" in reading) return reading.result;
      const { source } = reading;
      if (source.read.needsGrammar || setup.fix !== "no") await loadGrammar();
      const result = checkSource(analyzer, setup, job, source);
      // A rule that failed may have failed for a reason outside the file.
      return source.digest !== undefined && result.failures.every((it) => it.rule === null)
        ? { ...result, digest: source.digest }
        : result;
    } catch (error) {
      return failed(job.path, reasonOf(error));
    }
  };
}

function checkSource(analyzer: Analyzer, setup: Setup, job: Job, source: Source): FileResult {
  const settings = setup.settings[job.settings];
  if (!settings) throw new RangeError(`no settings ${job.settings}`);

  const { read, cells, encoding, bytes } = source;
  // The whole path, as in an editor: it is what tells tests from other code.
  const open = (text: string | ReadText) => analyzer.open(text, settings, job.absolute);
  const { minLevel } = settings;
  const described = (it: Snapshot, now = cells) =>
    describe(analyzer, it, { path: job.path, cells: now }, setup.isKept || setup.isCompared ? "hint" : minLevel);
  if (setup.fix === "no") return described(open(read));

  // What the baseline knows is seen, to be compared with it, but not repaired.
  const toRepair = analyzer.open(read, settings, job.absolute, job.known);
  const asItIs = () => described(job.known ? open(read.text) : toRepair);
  const within = cells && joinCells(cells.map((it) => it.source));
  const repair = analyzer.fixAll(toRepair, {
    review: setup.review,
    minLevel,
    comments: true,
    ...(within && { areas: within.areas }),
  });
  if (repair.applied === 0) return asItIs();
  const refused = (why: string): FileResult => {
    const found = asItIs();
    return { ...found, failures: [...found.failures, { rule: null, message: `The fixes were not written: ${why}.` }] };
  };
  if (!job.bytes && !isInsideAny(job.absolute, setup.repaired))
    return refused("a link leads to this file, out of the folders to repair; name the file itself");
  const repaired = cells ? repairedNotebook(source, cells, repair) : repairedModule(source, repair);
  if (!repaired) return refused("the notebook would then not hold what was checked; please report it, with the file");
  const left = (): FileResult => ({ ...described(open(repair.text), repaired.cells), fixed: repair.applied });
  if (setup.fix === "diff") return { ...left(), diff: repaired.diff(job.path) };

  const fixedBytes = encode(repaired.text, encoding);
  if (!fixedBytes) return refused(`the new text cannot be stored as ${encoding.label}`);
  if (job.bytes) return { ...left(), fixedBytes };
  const problem = save(job.absolute, bytes, fixedBytes);
  return problem === undefined ? left() : refused(problem);
}

interface Repaired {
  /** Of the whole file. */
  readonly text: string;
  readonly cells?: readonly NotebookCell[];
  diff(path: string): string;
}

function repairedModule({ read, encoding }: Source, { text }: FixedText): Repaired {
  return { text, diff: (path) => unifiedDiff(path, marked(read.text, encoding), marked(text, encoding)) };
}

function repairedNotebook(
  { bytes }: Source,
  cells: readonly NotebookCell[],
  { text, areas }: FixedText,
): Repaired | undefined {
  const before = cells.map((it) => it.source);
  const sources = changedCells(joinCells(before), before, text, areas);
  const file = rewritten(textOf(bytes), cells, sources);
  if (!file || joined(file.cells) !== text) return undefined;
  return { ...file, diff: (path) => cellDiffs(path, cells, sources) };
}

/** With the byte order mark it has in its file: a diff without it would not apply. */
function marked(text: string, { bom }: Encoding): string {
  return bom ? `\ufeff${text}` : text;
}

/** Why a rule's fix is not one for a notebook. */
const OUTSIDE = "it would change lines that are not Python, or reach beyond a cell";

/** What lies below the level is only counted: where it stands and how it is repaired would take longer than to find it. */
function describe(
  analyzer: Analyzer,
  snapshot: Snapshot,
  { path, cells }: { readonly path: string; readonly cells: readonly NotebookCell[] | undefined },
  minLevel: Settings["minLevel"],
): FileResult {
  const report = analyzer.report(snapshot);
  const layout = cells ? notebookLayout(cells) : fileLayout(snapshot);
  const found = report.findings.filter((it) => layout.holds(it.range));
  const isShown = (it: Finding) => isAtLeast(it.level, minLevel);
  const hidden = found.filter((it) => !isShown(it)).map(({ rule, level }) => ({ rule, level }));
  const shown = found.filter(isShown);
  const fingerprints = shown.length > 0 ? analyzer.fingerprints(snapshot) : undefined;
  const findings = shown.map((finding): PlacedFinding => {
    const fix = analyzer.fix(snapshot, finding);
    const edits = fix && layout.edits(fix.edits);
    const declined = fix ? (edits ? undefined : OUTSIDE) : analyzer.whyNoFix(snapshot, finding);
    return {
      rule: finding.rule,
      fingerprint: fingerprints!.get(finding)!,
      level: finding.level,
      evidence: finding.evidence,
      weight: finding.weight,
      value: finding.value,
      message: finding.message,
      range: layout.place(finding.range),
      guide: finding.guide,
      related: finding.related
        .filter(({ range }) => layout.holds(range))
        .map(({ range, message }) => ({ range: layout.place(range), message })),
      fix: fix && edits ? { title: fix.title, safety: fix.safety, doubts: fix.doubts, edits } : null,
      declined: declined ?? null,
      frame: layout.frame(finding.range),
    };
  });
  const failures = report.failures.map((it): Failure => ({ rule: it.rule, message: inWords(it) }));
  if (report.broken)
    failures.push({ rule: null, message: syntaxError(report.broken), at: layout.place(report.broken).start });
  const comments = report.comments
    .filter(({ range }) => layout.holds(range))
    .map(({ range, message }) => ({ range: layout.place(range), message }));
  return { path, findings, hidden, failures, comments, fixed: 0 };
}

function syntaxError({ why, says }: NonNullable<Report["broken"]>): string {
  if (says !== undefined) return `There is a syntax error here: ${says}.`;
  if (why === "python2") return "There is a syntax error here: Python 2 is read like this, and Python 3 is not.";
  if (why === "indentation")
    return "There is a syntax error here: the line is not indented like those that it belongs to.";
  return "There is a syntax error here, or syntax that Nippy does not know: the code around it is not checked.";
}

function inWords(failure: RuleFailure): string {
  const { rule, error } = failure;
  if (tookTooLong(failure))
    return `The rule ${rule} takes too long here: it did not look at all of the file. Please report it.`;
  return `The rule ${rule} failed here (${error instanceof Error ? error.message : String(error)}). Please report it.`;
}
