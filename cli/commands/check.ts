/** `nippy check`: finds the files, checks or repairs them, reports, and turns what happened into an exit code. */

import { dirname, resolve } from "node:path";
import type { Settings } from "../../analysis/analyzer.js";
import type { CheckRequest } from "../arguments.js";
import type { Job, Setup } from "../check-file.js";
import { readChoices } from "../choices.js";
import { closestConfigs, givenConfig, type ConfigFinder } from "../config.js";
import { rules } from "../engine.js";
import { findFiles, type FoundFile } from "../files.js";
import { printDiffs, printFixedInput, printReport, tellProblems, warn } from "../output.js";
import { progress } from "../progress.js";
import { countFindings, failed, isIncomplete, type CheckResult } from "../result.js";
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

  const bar = progress(jobs.length, request.quiet ? undefined : process.stderr);
  const results = await runJobs(setupFor(request, settings), jobs, threadsFor(jobs.length, request.jobs), bar.step);
  bar.end();
  return { folder, files: [...results, ...found.failures.map((it) => failed(it.path, it.message))] };
}

function configsFor(request: CheckRequest, folder: string): ConfigFinder {
  const choose = readChoices(request, rules);
  return request.config === undefined ? closestConfigs(choose, rules, folder) : givenConfig(request.config, choose, rules, folder);
}

/** The configuration is that of the file the text is said to be, whether or not there is such a file. */
async function checkInput(request: CheckRequest, folder: string, bytes: Uint8Array): Promise<CheckResult> {
  const configs = configsFor(request, folder);
  const path = request.stdinFilename ?? "<stdin>";
  const absolute = resolve(folder, path);
  const { settings } = configs.of(dirname(absolute));
  warn(configs.warnings, request.quiet);

  const job: Job = { absolute, path: path.replaceAll("\\", "/"), settings: 0, bytes };
  return { folder, files: await runJobs(setupFor(request, [settings]), [job], 1, () => undefined) };
}

async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function setupFor({ fix, review }: CheckRequest, settings: readonly Settings[]): Setup {
  return { settings, fix, review };
}

/** Files under one configuration share its settings, which are then named by number. */
function jobsFor(files: readonly FoundFile[], settingsOf: (file: FoundFile) => Settings): { jobs: readonly Job[]; settings: readonly Settings[] } {
  const numbers = new Map<Settings, number>();
  const jobs = files.map((file): Job => {
    const settings = settingsOf(file);
    const number = numbers.get(settings) ?? numbers.size;
    numbers.set(settings, number);
    return { ...file, settings: number };
  });
  return { jobs, settings: [...numbers.keys()] };
}
