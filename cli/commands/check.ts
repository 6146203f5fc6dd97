/** `nippy check`: finds the files, checks or repairs them, reports, and turns what happened into an exit code. */

import { dirname, resolve } from "node:path";
import type { Settings } from "../../analysis/analyzer.js";
import type { CheckRequest } from "../arguments.js";
import {
  baselineFinder,
  knownIn,
  tend,
  withoutKnown,
  type FindBaseline,
  type Looked,
  type LookedBy,
  type OpenedBaseline,
} from "../baseline.js";
import { buildDigest } from "../build-digest.js";
import { cachePlace, whyUnsafe } from "../cache-folder.js";
import { openCache, type Cache } from "../cache.js";
import type { Job, Setup } from "../check-file.js";
import { readChoices } from "../choices.js";
import { configFinder, type ConfigFinder } from "../config.js";
import { ruleLevels } from "../../rules/levels.generated.js";
import { findFiles, isLeftOut, type FoundFile } from "../files.js";
import { homeOf } from "../links.js";
import { printDiffs, printFixedInput, printReport, tellProblems, warn } from "../output.js";
import { progress } from "../progress.js";
import { countFindings, failed, isIncomplete, withMinLevel, type CheckResult, type FileResult } from "../result.js";
import { runJobs, threadsFor } from "../workers.js";

export async function check(request: CheckRequest): Promise<number> {
  const folder = process.cwd();
  const input = request.stdin ? await readInput() : undefined;
  const result = input ? await checkInput(request, folder, input) : await checkPaths(request, folder);

  tellProblems(result, request.quiet);
  if (request.fix === "diff") printDiffs(request, result);
  else if (input && request.fix === "write") printFixedInput(request, result, input);
  else await printReport(request, result, input);

  if (isIncomplete(result)) return 2;
  if (result.staleBaseline) return 1;
  const count = request.fix === "diff" ? result.files.filter((it) => it.fixed > 0).length : countFindings(result);
  return count > 0 && !request.exitZero ? 1 : 0;
}

/** What is to be looked at, and how. */
export interface Plan {
  readonly jobs: readonly Job[];
  readonly settings: readonly Settings[];
  /** The folders in which files were looked for. */
  readonly folders: readonly string[];
  /** Folders that could not be listed. */
  readonly failures: readonly FileResult[];
  readonly warnings: readonly string[];
}

/** All files with all their findings, beside what is asked of them. */
export interface Checked extends Plan {
  readonly results: readonly FileResult[];
}

async function checkPaths(request: CheckRequest, folder: string): Promise<CheckResult> {
  const findBaseline = request.known === "show" ? NO_BASELINE : baselineFinder(request.baseline, folder);
  const checked = await checkFiles(request, folder, findBaseline);
  const { results } = checked;
  const upkeep = tend(lookedBy(request, checked, findBaseline), request.known === "frozen");
  warn(upkeep.notes, request.quiet && !upkeep.isStale);
  return { ...shownResult(request, checked, results, folder), staleBaseline: upkeep.isStale };
}

/** What is kept has every finding: another run may ask for another level. */
export function shownResult(
  { sort }: CheckRequest,
  { jobs, settings, failures }: Pick<Plan, "jobs" | "settings" | "failures">,
  results: readonly FileResult[],
  folder: string,
): CheckResult {
  const shown = results.map((it, index) => {
    const { known = NOTHING, settings: number } = jobs[index]!;
    return withMinLevel(withoutKnown(it, known), settings[number]!.minLevel);
  });
  return { folder, sort, files: [...shown, ...failures], staleBaseline: false };
}

export async function checkFiles(
  request: CheckRequest,
  folder: string,
  findBaseline: FindBaseline = NO_BASELINE,
): Promise<Checked> {
  const made = plan(request, folder, findBaseline);
  const { jobs, settings, warnings } = made;
  warn(warnings, request.quiet);
  return { ...made, results: await recallOrRun(request, jobs, settings, cacheFor(request, jobs.length, folder)) };
}

export function plan(request: CheckRequest, folder: string, findBaseline: FindBaseline): Plan {
  const configs = configsFor(request, folder);
  const found = findFiles(request.paths, configs, folder, request.forceExclude);
  const made = jobsFor(found.files, (file) => settingsFor(configs, file.absolute), findBaseline);
  return {
    ...made,
    folders: found.folders,
    failures: found.failures.map((it) => failed(it.path, it.message)),
    warnings: [...configs.warnings, ...found.warnings],
  };
}

export const NO_BASELINE: FindBaseline = () => undefined;
const NOTHING: ReadonlySet<string> = new Set();

/** With other rules or for another Python findings are missing that are not gone, and a diff changes nothing. */
function lookedBy(request: CheckRequest, { jobs, results }: Checked, findBaseline: FindBaseline): LookedBy {
  const { select, ignore, config, python, fix } = request;
  const looked = new Map<OpenedBaseline, Looked[]>();
  if (select.length + ignore.length > 0 || config !== undefined || python !== undefined || fix === "diff")
    return looked;
  jobs.forEach(({ absolute }, index) => {
    const baseline = findBaseline(dirname(absolute));
    const { findings, failures } = results[index]!;
    if (!baseline || failures.length > 0) return;
    const files = looked.get(baseline);
    if (files) files.push({ absolute, findings });
    else looked.set(baseline, [{ absolute, findings }]);
  });
  return looked;
}

/** What is known is taken from the cache, the rest is looked at and kept; results come in the order of the jobs. */
export async function recallOrRun(
  request: CheckRequest,
  jobs: readonly Job[],
  settings: readonly Settings[],
  cache: Cache | undefined,
): Promise<readonly FileResult[]> {
  const placeOf = (job: Job) => ({ ...job, settings: settings[job.settings]! });
  const known = jobs.map((job) => cache?.find(placeOf(job)));
  const left = jobs.filter((_, index) => known[index] === undefined);
  const fresh =
    left.length > 0
      ? await runWithBar(
          { ...setupFor(request, settings), isKept: cache !== undefined, isCompared: isCompared(request, jobs) },
          left,
          request,
        )
      : [];
  fresh.forEach((it, index) => cache?.keep(placeOf(left[index]!), it));
  cache?.save();
  const next = fresh.values();
  return known.map((it) => it ?? next.next().value!);
}

/** Where there is a baseline, and for writing one. */
function isCompared({ known, minLevel }: CheckRequest, jobs: readonly Job[]): boolean {
  return jobs.some((it) => it.known !== undefined) || (known === "show" && minLevel === "hint");
}

async function runWithBar(setup: Setup, jobs: readonly Job[], request: CheckRequest): Promise<readonly FileResult[]> {
  const bar = progress(jobs.length, request.quiet ? undefined : process.stderr);
  const results = await runJobs(setup, jobs, threadsFor(jobs.length, request.jobs), bar.step);
  bar.end();
  return results;
}

/** Only where files are looked at and left as they are. A folder that the user chose is worth a word when it is not used. */
export function cacheFor(request: CheckRequest, files: number, folder: string): Cache | undefined {
  const place = request.fix === "no" && files > 0 ? cachePlace(request, folder) : undefined;
  if (!place) return undefined;
  const build = buildDigest();
  const problem = whyUnsafe(place, build);
  if (problem === undefined) return openCache(place, build);
  if (place.root !== place.own) warn([`No results are cached, because ${problem}.`], request.quiet);
  return undefined;
}

function configsFor(request: CheckRequest, folder: string): ConfigFinder {
  const choose = readChoices(request, ruleLevels);
  return configFinder(request.config, { choose, rules: ruleLevels, current: folder, isLenient: request.lenient });
}

function settingsFor(configs: ConfigFinder, path: string): Settings {
  return configs.of(dirname(path)).settingsFor(path);
}

/** The configuration is that of the file the text is said to be, whether or not there is such a file. */
async function checkInput(request: CheckRequest, folder: string, bytes: Uint8Array): Promise<CheckResult> {
  const configs = configsFor(request, folder);
  const path = request.stdinFilename ?? "<stdin>";
  const absolute = resolve(folder, path);
  const settings = settingsFor(configs, absolute);
  warn(configs.warnings, request.quiet);
  if (request.forceExclude && isLeftOut(absolute, configs, folder))
    return { folder, sort: request.sort, files: [], staleBaseline: false };

  const baseline = request.known === "show" ? undefined : baselineFinder(request.baseline, folder)(dirname(absolute));
  const known = baseline && knownIn(baseline, absolute);
  const job: Job = { absolute, path: path.replaceAll("\\", "/"), settings: 0, bytes, ...(known && { known }) };
  const setup = { ...setupFor(request, [settings]), isCompared: known !== undefined };
  const results = await runJobs(setup, [job], 1, () => undefined);
  return shownResult(request, { jobs: [job], settings: [settings], failures: [] }, results, folder);
}

async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

export function setupFor({ fix, review, paths, stdin }: CheckRequest, settings: readonly Settings[]): Setup {
  const repaired = fix === "no" || stdin ? [] : [...new Set(paths.map((it) => homeOf(resolve(it))))];
  return { settings, fix, review, repaired, isKept: false, isCompared: false };
}

/** Files under one configuration share its settings, which are then named by number. */
function jobsFor(
  files: readonly FoundFile[],
  settingsOf: (file: FoundFile) => Settings,
  findBaseline: FindBaseline,
): { jobs: readonly Job[]; settings: readonly Settings[] } {
  const numbers = new Map<Settings, number>();
  const jobs = files.map((file): Job => {
    const settings = settingsOf(file);
    const number = numbers.get(settings) ?? numbers.size;
    numbers.set(settings, number);
    const baseline = findBaseline(dirname(file.absolute));
    return { ...file, settings: number, ...(baseline && { known: knownIn(baseline, file.absolute) }) };
  });
  return { jobs, settings: [...numbers.keys()] };
}
