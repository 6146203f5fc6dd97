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

export async function prove(python: string, jobs: ReadonlyMap<string, Job>, preload: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
  if (jobs.size === 0) return new Map();
  // TensorFlow writes the code it makes of functions into the folder for temporary files, and leaves it there.
  const temporary = mkdtempSync(join(tmpdir(), "nippy-proof-"));
  try {
    return await runProver(/[\\/]/.test(python) ? resolve(python) : python, temporary, jobs, preload);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function runProver(path: string, temporary: string, jobs: ReadonlyMap<string, Job>, preload: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
  const settings = { TMPDIR: temporary, PYTHONDONTWRITEBYTECODE: "1", PYTHONHASHSEED: "0", OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  const child = spawn(path, ["-W", "ignore", "-m", "prover"], { cwd: "test/proof", stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...settings } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (it: string) => (stdout += it));
  child.stderr.setEncoding("utf8").on("data", (it: string) => (stderr += it));
  child.stdin.end(JSON.stringify({ preload, jobs: Object.fromEntries(jobs) }));
  const status = await new Promise((ended, failed) => child.once("error", failed).once("close", ended));
  if (status !== 0) throw new Error(`the prover failed: ${stderr}`);
  return new Map(Object.entries(JSON.parse(stdout) as Record<string, Verdict>));
}

const STANDARD = ["asyncio", "concurrent.futures", "logging", "multiprocessing"];
/** Slow to import, and fit for being imported before a fork. */
const COMMON = ["numpy", "pandas", "numba", "torch"];

/** What is imported once for all programs instead of by each. */
export function preloadFor(libraries: Iterable<string>): readonly string[] {
  const wanted = new Set(libraries);
  return [...STANDARD, ...COMMON.filter((it) => wanted.has(it))];
}
