/** Tells new findings from those that a project has decided to live with, and keeps its file of them up to date. */

import { lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import {
  BASELINE_FILE,
  BASELINE_SIZE,
  countBaseline,
  readBaseline,
  writeBaseline,
  type Baseline,
} from "../analysis/analyzer.js";
import { isUnfit, readRegularFile, textOf } from "../host/regular-file.js";
import { leavesRepository } from "./links.js";
import { shownPath } from "./paths.js";
import { fromParent, remembered } from "./remembered.js";
import { counted, type FileResult, type PlacedFinding } from "./result.js";
import { Trouble } from "./trouble.js";

export interface OpenedBaseline {
  readonly file: string;
  /** The folder that its paths are counted from. */
  readonly base: string;
  readonly entries: Baseline;
}

/** The baseline of a folder: the closest one above it, or the one that was named. */
export type FindBaseline = (folder: string) => OpenedBaseline | undefined;

/** @throws {Trouble} when one cannot be used, as all its findings would seem new */
export function baselineFinder(given: string | undefined, current: string): FindBaseline {
  if (given !== undefined) {
    const file = resolve(current, given);
    const opened = openBaseline(file);
    if (!opened) throw new Trouble(`There is no baseline "${given}". "nippy baseline" makes one.`);
    return () => opened;
  }
  const find: FindBaseline = remembered(
    (folder: string) => openBaseline(join(folder, BASELINE_FILE), folder) ?? fromParent(folder, find),
  );
  return find;
}

/** Of the usual place it is the folder above `.nippy`; of any other file its own folder. */
export function baseOf(file: string): string {
  return file.endsWith(join("/", BASELINE_FILE)) ? dirname(dirname(file)) : dirname(file);
}

/** Undefined where there is none. @throws {Trouble} where it cannot be used */
export function openBaseline(file: string, base = baseOf(file)): OpenedBaseline | undefined {
  const fail = (why: string) => new Trouble(`The baseline ${shownPath(file, process.cwd())} cannot be used: ${why}.`);
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return undefined;
  // It is written in place of what lies there: a link would then be gone.
  if (stats.isSymbolicLink()) throw fail("it is a link");
  let text: string;
  try {
    text = textOf(readRegularFile(file, { most: BASELINE_SIZE }));
  } catch (error) {
    throw fail(isUnfit(error) ? `it ${error.message}` : ((error as NodeJS.ErrnoException).code ?? String(error)));
  }
  const read = readBaseline(text);
  if ("problem" in read) throw fail(read.problem);
  return { file, base, entries: read };
}

/** The fingerprints that a baseline has for one file. */
export function knownIn({ base, entries }: OpenedBaseline, absolute: string): ReadonlySet<string> {
  const rules = entries.get(shownPath(absolute, base));
  return new Set(rules ? [...rules.values()].flat() : []);
}

/** The findings that are left, and beside them those that the baseline knows. */
export function withoutKnown(file: FileResult, known: ReadonlySet<string>): FileResult {
  const isKnown = (it: PlacedFinding) => known.has(it.fingerprint);
  if (known.size === 0 || !file.findings.some(isKnown)) return file;
  return { ...file, findings: file.findings.filter((it) => !isKnown(it)), known: file.findings.filter(isKnown) };
}

/** A file that was looked at whole, with all it was found to have. */
export interface Looked {
  readonly absolute: string;
  readonly findings: readonly Pick<PlacedFinding, "rule" | "fingerprint">[];
}

/** The entries without what is gone: files that were looked at keep what they still have, files that are no longer there keep nothing. */
function shrunk({ base, entries }: OpenedBaseline, looked: readonly Looked[]): Baseline {
  const present = new Map(
    looked.map((it) => [shownPath(it.absolute, base), new Set(it.findings.map(({ fingerprint }) => fingerprint))]),
  );
  const left = new Map<string, ReadonlyMap<string, readonly string[]>>();
  for (const [path, rules] of entries) {
    const now = present.get(path);
    if (!now && !lstatSync(resolve(base, path), { throwIfNoEntry: false })) continue;
    const kept = now
      ? [...rules].map(([rule, prints]) => [rule, prints.filter((it) => now.has(it))] as const)
      : [...rules];
    const some = kept.filter(([, prints]) => prints.length > 0);
    if (some.length > 0) left.set(path, new Map(some));
  }
  return left;
}

/** The entries with what the files that were looked at have now. */
export function renewed(opened: OpenedBaseline, looked: readonly Looked[]): Baseline {
  const entries = new Map(shrunk(opened, looked));
  for (const { absolute, findings } of looked)
    if (findings.length > 0) entries.set(shownPath(absolute, opened.base), entriesOf(findings));
  return entries;
}

function entriesOf(findings: Looked["findings"]): ReadonlyMap<string, readonly string[]> {
  const byRule = new Map<string, string[]>();
  for (const { rule, fingerprint } of findings) {
    const prints = byRule.get(rule);
    if (prints) prints.push(fingerprint);
    else byRule.set(rule, [fingerprint]);
  }
  return byRule;
}

/** Readers see the old file or the new one. Links that a repository brought along are not followed out of it. @throws {Trouble} when it cannot be written */
export function saveBaseline(file: string, entries: Baseline): void {
  const folder = dirname(file);
  const temporary = join(folder, `.baseline-${randomBytes(8).toString("hex")}.tmp`);
  try {
    if (leavesRepository(file))
      throw new Trouble(`${folder} leads out of the repository: no baseline is written there.`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, writeBaseline(entries), { flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    if (error instanceof Trouble) throw error;
    throw new Trouble(`The baseline cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  }
}

/** What was looked at, by the baseline that it is compared with. */
export type LookedBy = ReadonlyMap<OpenedBaseline, readonly Looked[]>;

export interface Upkeep {
  /** Frozen baselines list findings that are gone. */
  readonly isStale: boolean;
  readonly notes: readonly string[];
}

/** Takes what is gone out of the baselines that were used; frozen ones stay as they are. @throws {Trouble} when one cannot be written */
export function tend(looked: LookedBy, isFrozen: boolean): Upkeep {
  const notes: string[] = [];
  for (const [baseline, files] of looked) {
    const left = shrunk(baseline, files);
    const gone = countBaseline(baseline.entries) - countBaseline(left);
    if (gone === 0) continue;
    const where = shownPath(baseline.file, process.cwd());
    const what = `${counted(gone, "finding")} that ${gone === 1 ? "is" : "are"} gone`;
    if (!isFrozen) saveBaseline(baseline.file, left);
    notes.push(
      isFrozen
        ? `${where} lists ${what}: run "nippy check" without --frozen-baseline and commit the file.`
        : `${where} no longer lists ${what}.`,
    );
  }
  return { isStale: isFrozen && notes.length > 0, notes };
}
