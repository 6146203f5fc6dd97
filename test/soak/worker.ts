/** The parts that work inside this process run on a thread of their own, so that what hangs is noticed from outside. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { allOn, analyzer, parser } from "../harness/check.js";
import { FACT_LINES, FACT_POOL } from "../harness/fact-pool.js";
import { FACT_PROBES } from "../harness/fact-probes.js";
import { random } from "../harness/random.js";
import { fuzzChecks } from "../hostile/fuzz-checks.js";
import { fiftyFiles, manyFiles, mixedPages, pageTexts } from "./files.js";
import { firstDifference, smaller, told } from "./incremental.js";
import { mutants } from "./mutants.js";

export interface Job {
  readonly part: "edits" | "mutants" | "hostile";
  readonly seed: number;
  /** Ends after so many seeds, */
  readonly rounds: number;
  /** or when the clock (`Date.now()`) says so, */
  readonly deadline: number;
  /** or when the work on real files has come so far. */
  readonly goal: number;
  /** [seed, steps taken]: the thread that waits sees it move. */
  readonly progress: SharedArrayBuffer;
}

/** By what was counted, in the words of the summary. */
export type Counts = Readonly<Record<string, number>>;
export type News = { readonly failure: string } | { readonly counts: Counts };

export const FAILURES = join("out", "soak");
/** Longer sequences leave less and less of a file. */
const EDITS = 50;
/** In mutants. Memory is looked at after the first ones and at the end. */
const FIRST = 1_000;

export async function work(job: Job, report: (news: News) => void): Promise<void> {
  const progress = new Int32Array(job.progress);
  const beat = (seed: number) => {
    progress[0] = seed;
    progress[1]!++;
  };
  await { edits, mutants: mutated, hostile }[job.part](job, beat, report);
}

/** Every second sequence edits a real file, the others what wakes the rules; of those every second is asked for the facts themselves. */
async function edits(
  { seed: first, rounds, deadline, goal }: Job,
  beat: (seed: number) => void,
  report: (news: News) => void,
): Promise<void> {
  const [ruled, probed] = [await analyzer(), await analyzer(FACT_PROBES)];
  const settings = allOn();
  const files = fiftyFiles();
  const pages = pageTexts();
  const counts = {
    sequences: 0,
    "edits of real files": 0,
    "edits of the rules' pages": 0,
    files: files.length,
    differences: 0,
  };
  for (
    let seed = first;
    seed < first + rounds && Date.now() < deadline && counts["edits of real files"] < goal;
    seed++
  ) {
    const real = seed % 2 === 0 ? files[(seed >> 1) % files.length] : undefined;
    const isProbed = seed % 4 === 1;
    const engine = isProbed ? probed : ruled;
    const { path, text } = real ?? {
      path: isProbed ? "facts.py" : "pages.py",
      text: mixedPages(random(seed), isProbed ? FACT_POOL : pages),
    };
    const donors = isProbed ? [...FACT_POOL, ...FACT_LINES] : [...pages, ...files.map((it) => it.text)];
    const found = firstDifference(engine, settings, { seed, path, text, donors, edits: EDITS }, () => {
      beat(seed);
      counts[real ? "edits of real files" : "edits of the rules' pages"]++;
    });
    counts.sequences++;
    if (found) {
      counts.differences++;
      const least = smaller(engine, settings, found);
      report({
        failure: `${told(found)}\n  ${again("edits", seed)}${kept(`edits-${seed}.json`, JSON.stringify(least ?? { text: found.history[0]!.before, steps: found.history.map((it) => it.edits) }, undefined, 1))}`,
      });
    }
    report({ counts });
  }
}

async function mutated(
  { seed: first, rounds, deadline, goal }: Job,
  beat: (seed: number) => void,
  report: (news: News) => void,
): Promise<void> {
  const run = mutants(await parser(), allOn(), manyFiles(1_500), pageTexts());
  const counts = {
    "mutants of real files": 0,
    "mutants of the rules' pages": 0,
    "refused as no text": 0,
    findings: 0,
    failures: 0,
    "slowest (ms)": 0,
    "memory after the first (KB)": 0,
    "memory at the end (KB)": 0,
  };
  let seed = first;
  for (; seed < first + rounds && Date.now() < deadline && counts["mutants of real files"] < goal; seed++) {
    beat(seed);
    const { problem, isRefused, isReal, findings, milliseconds } = run.look(seed);
    counts[isReal ? "mutants of real files" : "mutants of the rules' pages"]++;
    counts["refused as no text"] += Number(isRefused);
    counts.findings += findings;
    counts["slowest (ms)"] = Math.max(counts["slowest (ms)"], Math.round(milliseconds));
    if (problem !== undefined) {
      counts.failures++;
      report({ failure: `${problem.slice(0, 4000)}\n  ${again("mutants", seed)}` });
    }
    if (seed - first === FIRST - 1) counts["memory after the first (KB)"] = memoryInUse();
    if (seed % FIRST === 0) report({ counts });
  }
  if (counts["memory after the first (KB)"] > 0) counts["memory at the end (KB)"] = memoryInUse();
  report({ counts });
}

/** Configurations, comments, entries of the cache and notebooks that chance wrote. */
async function hostile(
  { seed: first, rounds, deadline, goal }: Job,
  beat: (seed: number) => void,
  report: (news: News) => void,
): Promise<void> {
  const checks = await fuzzChecks();
  const counts = { "hostile seeds": 0, failures: 0 };
  for (let seed = first; seed < first + rounds && Date.now() < deadline && counts["hostile seeds"] < goal; seed++) {
    for (const check of ["configuration", "comments", "entries", "notebooks"] as const) {
      beat(seed);
      try {
        await checks[check](seed);
      } catch (error) {
        counts.failures++;
        report({ failure: `${check}: ${(error as Error).stack?.slice(0, 4000)}\n  ${again("hostile", seed)}` });
      }
    }
    counts["hostile seeds"]++;
    if (seed % 1_000 === 0) report({ counts });
  }
  checks.end();
  report({ counts });
}

export function again(part: string, seed: number): string {
  return `again: npm run soak -- --only ${part} --seed ${seed} --rounds 1`;
}

function kept(name: string, content: string): string {
  mkdirSync(FAILURES, { recursive: true });
  writeFileSync(join(FAILURES, name), content);
  return `\n  its text and edits: ${join(FAILURES, name)}`;
}

/** Of this thread, after a collection, with what lies beside the heap. */
function memoryInUse(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return Math.round((heapUsed + external) / 1024);
}
