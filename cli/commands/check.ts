/** `nippy check`: finds the files, checks or repairs them, reports, and turns what happened into an exit code. */

import { dirname, resolve } from "node:path";
import type { Settings } from "../../analysis/analyzer.js";
import type { CheckRequest } from "../arguments.js";
import { buildDigest } from "../build-digest.js";
import { cacheFolder } from "../cache-folder.js";
import { openCache, type Cache } from "../cache.js";
import type { Job, Setup } from "../check-file.js";
import { readChoices } from "../choices.js";
import { closestConfigs, givenConfig, type ConfigFinder } from "../config.js";
import { ruleLevels } from "../../rules/levels.generated.js";
import { findFiles, type FoundFile } from "../files.js";
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
  else await printReport(request, result);

  if (isIncomplete(result)) return 2;
  const count = request.fix === "diff" ? result.files.filter((it) => it.fixed > 0).length : countFindings(result);
  return count > 0 && !request.exitZero ? 1 : 0;
}

async function checkPaths(request: CheckRequest, folder: string): Promise<CheckResult> {
  const configs = configsFor(request, folder);
  const found = findFiles(request.paths, configs, folder);
  const { jobs, settings } = jobsFor(found.files, (file) => configs.of(dirname(file.absolute)).settings);
  warn(configs.warnings, request.quiet);

  const results = await recallOrRun(request, jobs, settings, cacheFor(request, found.files, configs, folder));
  // What is kept has every finding: another run may ask for another level.
  const shown = results.map((it, index) => withMinLevel(it, settings[jobs[index]!.settings]!.minLevel));
  return { folder, sort: request.sort, files: [...shown, ...found.failures.map((it) => failed(it.path, it.message))] };
}

/** What is known is taken from the cache, the rest is looked at and kept; results come in the order of the jobs. */
async function recallOrRun(
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
      ? await runWithBar({ ...setupFor(request, settings), isKept: cache !== undefined }, left, request)
      : [];
  fresh.forEach((it, index) => cache?.keep(placeOf(left[index]!), it));
  cache?.save();
  const next = fresh.values();
  return known.map((it) => it ?? next.next().value!);
}

async function runWithBar(setup: Setup, jobs: readonly Job[], request: CheckRequest): Promise<readonly FileResult[]> {
  const bar = progress(jobs.length, request.quiet ? undefined : process.stderr);
  const results = await runJobs(setup, jobs, threadsFor(jobs.length, request.jobs), bar.step);
  bar.end();
  return results;
}

/** Only where files are looked at and left as they are. The project's folder is that of the one configuration all files share. */
function cacheFor(
  request: CheckRequest,
  files: readonly FoundFile[],
  configs: ConfigFinder,
  folder: string,
): Cache | undefined {
  const [base, ...others] = new Set(files.map((it) => configs.of(dirname(it.absolute)).base));
  const root =
    request.fix === "no" && files.length > 0
      ? cacheFolder(request, others.length === 0 ? base : undefined, folder)
      : undefined;
  return root === undefined ? undefined : openCache(root, buildDigest());
}

function configsFor(request: CheckRequest, folder: string): ConfigFinder {
  const choose = readChoices(request, ruleLevels);
  return request.config === undefined
    ? closestConfigs(choose, ruleLevels, folder)
    : givenConfig(request.config, choose, ruleLevels, folder);
}

/** The configuration is that of the file the text is said to be, whether or not there is such a file. */
async function checkInput(request: CheckRequest, folder: string, bytes: Uint8Array): Promise<CheckResult> {
  const configs = configsFor(request, folder);
  const path = request.stdinFilename ?? "<stdin>";
  const absolute = resolve(folder, path);
  const { settings } = configs.of(dirname(absolute));
  warn(configs.warnings, request.quiet);

  const job: Job = { absolute, path: path.replaceAll("\\", "/"), settings: 0, bytes };
  const results = await runJobs(setupFor(request, [settings]), [job], 1, () => undefined);
  return { folder, sort: request.sort, files: results.map((it) => withMinLevel(it, settings.minLevel)) };
}

async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function setupFor({ fix, review }: CheckRequest, settings: readonly Settings[]): Setup {
  return { settings, fix, review, isKept: false };
}

/** Files under one configuration share its settings, which are then named by number. */
function jobsFor(
  files: readonly FoundFile[],
  settingsOf: (file: FoundFile) => Settings,
): { jobs: readonly Job[]; settings: readonly Settings[] } {
  const numbers = new Map<Settings, number>();
  const jobs = files.map((file): Job => {
    const settings = settingsOf(file);
    const number = numbers.get(settings) ?? numbers.size;
    numbers.set(settings, number);
    return { ...file, settings: number };
  });
  return { jobs, settings: [...numbers.keys()] };
}
