/** Runs programs before and after their fixes on a real CPython and tells where they behave differently; what is observed stands in prover/. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Job {
  readonly before: string;
  readonly after: string;
  readonly setup: string;
  readonly driver: string;
  /** Whether types, messages and the last bit of floats must agree too. */
  readonly strict: boolean;
  readonly findings: readonly (readonly [number, number])[];
  /** Which inputs to vary; all variations when left out. */
  readonly variations?: readonly string[];
  /** The programs that it is made of, where it is made of several: each tells what its own functions take. */
  readonly parts?: readonly string[];
}

export type Verdict =
  | { readonly failed: string }
  | {
      /** Calls that gave a result in both forms. */
      readonly ran: number;
      /** For each finding, whether its statement ran. */
      readonly reached: readonly boolean[];
      /** Variation of the inputs, function, and what differs. */
      readonly differences: readonly (readonly [variation: string, subject: string, what: string])[];
      /** The module that could not be imported. */
      readonly missing: string | null;
    };

export async function prove(
  python: string,
  jobs: ReadonlyMap<string, Job>,
  preload: readonly string[],
): Promise<ReadonlyMap<string, Verdict>> {
  if (jobs.size === 0) return new Map();
  const given = { preload, jobs: Object.fromEntries(jobs) };
  const verdicts = (await answerOf(python, ["-m", "prover"], given)) as Record<string, Verdict>;
  return new Map(Object.entries(verdicts));
}

/** What was seen at one call: a variation of the inputs, what was called, and the outcome, what it did in order, what it left behind, the files; null where it did not end. */
export type Observation = readonly [
  variation: string,
  subject: string,
  seen: readonly [outcome: unknown, journal: unknown, state: unknown, files: unknown] | null,
];

export type Observed = { readonly failed: string } | { readonly observations: readonly Observation[] };

/** All that is observed of one program in both forms. */
export async function outcomes(
  python: string,
  job: Job,
  preload: readonly string[],
): Promise<{ readonly before: Observed; readonly after: Observed }> {
  return (await answerOf(python, ["outcomes.py"], { preload, job })) as Awaited<ReturnType<typeof outcomes>>;
}

/** What a Python program of this folder answers to what it is given. */
async function answerOf(python: string, args: readonly string[], given: object): Promise<unknown> {
  // TensorFlow writes the code it makes of functions into the folder for temporary files, and leaves it there.
  const temporary = mkdtempSync(join(tmpdir(), "nippy-proof-"));
  try {
    return await runPython(/[\\/]/.test(python) ? resolve(python) : python, args, temporary, given);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function runPython(path: string, args: readonly string[], temporary: string, given: object): Promise<unknown> {
  const settings = {
    TMPDIR: temporary,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONHASHSEED: "0",
    OMP_NUM_THREADS: "1",
    OPENBLAS_NUM_THREADS: "1",
    TF_CPP_MIN_LOG_LEVEL: "3",
  };
  const child = spawn(path, ["-W", "ignore", ...args], {
    cwd: "test/proof",
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...settings },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (it: string) => (stdout += it));
  child.stderr.setEncoding("utf8").on("data", (it: string) => (stderr += it));
  child.stdin.end(JSON.stringify(given));
  const status = await new Promise((ended, failed) => child.once("error", failed).once("close", ended));
  if (status !== 0) throw new Error(`the prover failed: ${stderr}`);
  return JSON.parse(stdout);
}

const STANDARD = ["asyncio", "concurrent.futures", "logging", "multiprocessing"];
/** Slow to import, and fit for being imported before a fork: with one thread each, as the settings above have it, they start no other. From the quickest to the slowest. */
const COMMON: readonly (readonly [library: string, module: string])[] = [
  ["numpy", "numpy"],
  ["pandas", "pandas"],
  ["torch", "ready.of_torch"],
  ["numba", "ready.of_numba"],
  ["tensorflow", "tensorflow"],
];

/** What is imported once for all programs instead of by each. */
export function preloadFor(libraries: Iterable<string>): readonly string[] {
  const wanted = new Set(libraries);
  return [...STANDARD, ...COMMON.filter(([library]) => wanted.has(library)).map(([, module]) => module)];
}

/** How long the programs that need these modules take: a number to order by. */
export function slownessOf(preload: readonly string[]): number {
  return COMMON.findLastIndex(([, module]) => preload.includes(module));
}
