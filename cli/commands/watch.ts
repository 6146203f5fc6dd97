/** `nippy check --watch`: checks, then waits, and after each change says what is new and what is gone. */

import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CheckRequest } from "../arguments.js";
import { baselineFinder, type FindBaseline } from "../baseline.js";
import type { Engine, Job } from "../check-file.js";
import { watchFolders } from "../folder-watch.js";
import { loadScan } from "../load-scan.js";
import { printChanges, printReport, tellProblems, warn } from "../output.js";
import { repositoryRoot } from "../paths.js";
import type { CheckResult, FileResult } from "../result.js";
import { tell, tellEnd } from "../tell.js";
import { isTrouble } from "../trouble.js";
import { NO_BASELINE, plan, recallOrRun, setupFor, shownResult, cacheFor, type Plan } from "./check.js";

/** A save is several events, a checkout thousands: their end is awaited, but not for ever. In milliseconds. */
const [QUIET, LONGEST] = [100, 1000];

/** So many changed files are edited one after the other; more are looked at as in any other run. */
const FEW = 32;

/** What was looked at, as it was then. */
interface Seen {
  readonly state: string;
  readonly result: FileResult;
}

export async function watch(request: CheckRequest): Promise<number> {
  const folder = process.cwd();
  let seen = new Map<string, Seen>();
  let engine: Engine | undefined;
  let before: CheckResult | undefined;
  let told: readonly string[] = [];
  let trouble = "";

  const look = async (made: Plan): Promise<readonly FileResult[]> => {
    const states = made.jobs.map((it) => stateOf(it, made));
    const stale = made.jobs.filter((it, index) => seen.get(it.absolute)?.state !== states[index]);
    const fresh = await check(stale, made);
    const next = fresh.values();
    const looked = made.jobs.map(({ absolute }, index) => {
      const [state, known] = [states[index]!, seen.get(absolute)];
      return { absolute, state, result: known?.state === state ? known.result : next.next().value! };
    });
    seen = new Map(looked.map(({ absolute, state, result }) => [absolute, { state, result }]));
    return looked.map((it) => it.result);
  };

  const check = async (jobs: readonly Job[], { settings }: Plan): Promise<readonly FileResult[]> => {
    if (jobs.length > FEW || !before)
      return recallOrRun(request, jobs, settings, cacheFor(request, jobs.length, folder));
    const { fileChecker, makeEngine, reopening } = loadScan();
    if (!engine) {
      const made = makeEngine();
      await made.loadGrammar();
      engine = { ...made, analyzer: reopening(made.analyzer) };
    }
    const checkFile = fileChecker(engine, { ...setupFor(request, settings), isKept: true });
    const results: FileResult[] = [];
    for (const job of jobs) results.push(await checkFile(job));
    return results;
  };

  const watcher = watchFolders(() => waiting.happened());
  const waiting = bursts();
  const stop = () => waiting.stop();
  process.once("SIGINT", stop).once("SIGTERM", stop);

  do {
    try {
      const findBaseline: FindBaseline =
        request.known === "show" ? NO_BASELINE : baselineFinder(request.baseline, folder);
      const made = plan(request, folder, findBaseline);
      // Watched before it is read: what changes from here on is seen.
      if (watcher.follow([...made.folders, ...foldersAbove(folder)])) waiting.happened();
      const result = shownResult(request, made, await look(made), folder);
      warn(
        made.warnings.filter((it) => !told.includes(it)),
        request.quiet,
      );
      told = made.warnings;
      if (!before) {
        tellProblems(result, request.quiet);
        await printReport(request, result);
        if (watcher.left > 0) tell("warning", `${watcher.left} of the folders cannot be watched: there are too many.`);
        if (!request.quiet) process.stderr.write("Watching for changes. Ctrl-C ends it.\n");
      } else printChanges(request, before, result);
      before = result;
      trouble = "";
    } catch (error) {
      // A configuration that is being written, a folder that is gone: the next change may put it right.
      if (!isTrouble(error)) throw error;
      if (!before) {
        watcher.close();
        throw error;
      }
      if (error.message !== trouble) tellEnd(error);
      trouble = error.message;
    }
  } while (await waiting.next());

  watcher.close();
  return 0;
}

/** What tells whether a file has to be looked at again. */
function stateOf({ absolute, path, settings }: Job, { settings: all }: Plan): string {
  const stats = statSync(absolute, { bigint: true, throwIfNoEntry: false });
  return JSON.stringify([path, all[settings], String(stats?.mtimeNs), String(stats?.size), String(stats?.ino)]);
}

/** Configurations, ignore files and the baseline lie there too. */
function foldersAbove(folder: string): readonly string[] {
  const root = repositoryRoot(folder);
  const above = [folder];
  while (above[0] !== root) above.unshift(dirname(above[0]!));
  return [...above, ...above.map((it) => join(it, ".nippy"))].filter(
    (it) => statSync(it, { throwIfNoEntry: false })?.isDirectory() === true,
  );
}

interface Bursts {
  happened(): void;
  stop(): void;
  /** True after the next burst of events, false where it is time to stop. */
  next(): Promise<boolean>;
}

function bursts(): Bursts {
  let first: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let wake: (() => void) | undefined;
  let isDue = false;
  const due = () => {
    isDue = true;
    wake?.();
  };
  return {
    happened() {
      const now = Date.now();
      first ??= now;
      clearTimeout(timer);
      timer = setTimeout(due, Math.max(0, Math.min(QUIET, first + LONGEST - now)));
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
      wake?.();
    },
    async next() {
      if (!isDue && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      wake = undefined;
      isDue = false;
      first = undefined;
      return !isOver;
    },
  };
}
