/** `npm run soak -- [--minutes N] [--seed N] [--only edits|mutants|hostile|session|protocol|memory] [--rounds N] [--server PATH]`: the long forms of the robustness tests. */
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { random } from "../harness/random.js";
import { fileOfLines, fiftyFiles, mixedPages, pageTexts } from "./files.js";
import { serverMemory } from "./memory.js";
import { oddProtocol } from "./protocol.js";
import { badSession } from "./session.js";
import { again, work, type Counts, type Job, type News } from "./worker.js";

type Part = "edits" | "mutants" | "hostile" | "session" | "protocol" | "memory";

/** How the time is divided, and when a part has done enough. */
const PARTS: Readonly<Record<Part, { readonly share: number; readonly goal: number }>> = {
  // Edits of real files, mutants of real files, seeds, sessions, edits.
  edits: { share: 0.4, goal: 20_000 },
  mutants: { share: 0.25, goal: 200_000 },
  hostile: { share: 0.05, goal: 100_000 },
  session: { share: 0.1, goal: 25 },
  // Servers, each with so many odd messages.
  protocol: { share: 0.05, goal: 25 },
  memory: { share: 0.15, goal: 10_000 },
};
const SESSION = { moves: 600, between: 150 };
const ODD_MESSAGES = 2_000;
const WARM_UP = 2_000;
/** A thread that does not move for so long hangs. */
const HANGS = 120_000;
/** The heap may differ so much between the hundredth edit and the last, or the thousandth mutant and the last. */
const GROWTH = 1.1;

interface Limits {
  readonly seed: number;
  readonly rounds: number | undefined;
  readonly deadline: number;
  readonly server: string | undefined;
}

interface Outcome {
  readonly counts: Counts;
  readonly failures: readonly string[];
}

const RUN: Readonly<Record<Part, (limits: Limits) => Promise<Outcome>>> = {
  edits: (limits) => onThread("edits", limits),
  async mutants(limits) {
    const { counts, failures } = await onThread("mutants", limits);
    const [first = 0, last = 0] = [counts["memory after the first (KB)"], counts["memory at the end (KB)"]];
    return {
      counts,
      failures: last > first * GROWTH ? [...failures, `memory grew from ${first} to ${last} KB`] : failures,
    };
  },
  hostile: (limits) => onThread("hostile", limits),
  session,
  protocol,
  memory,
};

/** What hangs is told and left behind; the next thread goes on after it. */
async function onThread(part: Job["part"], { seed, rounds, deadline }: Limits): Promise<Outcome> {
  const failures: string[] = [];
  const total: Record<string, number> = {};
  const goal = rounds === undefined ? PARTS[part].goal : Infinity;
  for (let from: number | undefined = seed; from !== undefined; ) {
    const job: Job = {
      part,
      seed: from,
      rounds: (rounds ?? Infinity) - (from - seed),
      deadline,
      goal,
      progress: new SharedArrayBuffer(8),
    };
    let counts: Counts = {};
    from = await new Promise<number | undefined>((resolve) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: job });
      const progress = new Int32Array(job.progress);
      let [steps, since] = [-1, Date.now()];
      let told = Date.now();
      let next: number | undefined;
      const fails = (what: string) => {
        next = progress[0]! + 1;
        failures.push(`seed ${progress[0]} ${what}\n  ${again(part, progress[0]!)}`);
      };
      const watch = setInterval(() => {
        if (progress[1] !== steps) [steps, since] = [progress[1]!, Date.now()];
        else if (Date.now() - since > HANGS && steps > 0 && next === undefined) {
          fails("hangs");
          void worker.terminate();
        }
      }, 1000);
      worker.on("message", (news: News) => {
        if ("counts" in news) {
          counts = news.counts;
          if (Date.now() - told > 60_000) {
            told = Date.now();
            console.log(`  so far: ${inWords(counts)}`);
          }
        } else {
          failures.push(news.failure);
          console.log(news.failure);
        }
      });
      worker.on("error", (error) => fails(`ended the thread: ${error.stack}`));
      worker.on("exit", () => {
        clearInterval(watch);
        resolve(next);
      });
    });
    for (const [name, count] of Object.entries(counts))
      total[name] = /^(files|slowest|memory)/.test(name) ? count : (total[name] ?? 0) + count;
  }
  return { counts: total, failures };
}

async function session({ seed: first, rounds, deadline, server }: Limits): Promise<Outcome> {
  const counts = { sessions: 0, moves: 0, answered: 0, cancelled: 0, "comparisons with a new server": 0 };
  const failures: string[] = [];
  const pages = pageTexts();
  const texts = [
    ...fiftyFiles().map((it) => it.text),
    ...Array.from({ length: 30 }, (_, index) => mixedPages(random(index), pages)),
    fileOfLines(3500).text,
    "",
    "\ufeffx = 1\n",
  ];
  for (let seed = first; seed < first + (rounds ?? PARTS.session.goal) && Date.now() < deadline; seed++) {
    const { moves, answered, cancelled, compared, problems } = await badSession({
      ...SESSION,
      seed,
      texts,
      ...(server !== undefined && { server }),
    });
    counts.sessions++;
    counts.moves += moves;
    counts.answered += answered;
    counts.cancelled += cancelled;
    counts["comparisons with a new server"] += compared;
    failures.push(...problems.map((it) => `${it}\n  ${again("session", seed)}`));
    problems.forEach((it) => console.log(it));
  }
  return { counts, failures };
}

async function protocol({ seed: first, rounds, deadline, server }: Limits): Promise<Outcome> {
  const counts = { servers: 0, messages: 0, refused: 0 };
  const failures: string[] = [];
  for (let seed = first; seed < first + (rounds ?? PARTS.protocol.goal) && Date.now() < deadline; seed++) {
    const { sent, refused, problems } = await oddProtocol(seed, ODD_MESSAGES, server);
    counts.servers++;
    counts.messages += sent;
    counts.refused += refused;
    failures.push(...problems.map((it) => `${it}\n  ${again("protocol", seed)}`));
  }
  return { counts, failures };
}

async function memory({ seed, rounds, deadline, server }: Limits): Promise<Outcome> {
  const edits = rounds ?? PARTS.memory.goal;
  const started = Date.now();
  const { lines, cold, samples } = await serverMemory({
    seed,
    edits,
    warmUp: Math.min(WARM_UP, edits),
    isOver: (share) => Date.now() > started + share * (deadline - started),
    ...(server !== undefined && { server }),
  });
  const kilobytes = (bytes: number) => Math.round(bytes / 1024);
  for (const { edits: after, heap, external, resident } of samples)
    console.log(
      `  after ${after} edits: heap ${kilobytes(heap)} KB, beside it ${kilobytes(external)} KB, resident ${kilobytes(resident)} KB`,
    );
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return { counts: { lines }, failures: ["there was no time to measure"] };
  const counts = {
    lines,
    edits: last.edits,
    "heap of a server just started, after 100 edits (KB)": kilobytes(cold.heap),
    "heap after 100 edits (KB)": kilobytes(first.heap),
    "heap at the end (KB)": kilobytes(last.heap),
    "at the end, in % of after 100": Math.round((last.heap / first.heap) * 1000) / 10,
  };
  return {
    counts,
    failures:
      last.heap > first.heap * GROWTH
        ? [`the server's heap grew from ${kilobytes(first.heap)} to ${kilobytes(last.heap)} KB`]
        : [],
  };
}

function inWords(counts: Counts): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count.toLocaleString("en")}`)
    .join(", ");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: "string", default: "60" },
      seed: { type: "string", default: "1" },
      only: { type: "string" },
      rounds: { type: "string" },
      server: { type: "string" },
    },
  });
  const [minutes, seed, rounds] = [
    Number(values.minutes),
    Number(values.seed),
    values.rounds === undefined ? undefined : Number(values.rounds),
  ];
  if (
    (values.only !== undefined && !(values.only in PARTS)) ||
    !(minutes > 0) ||
    !Number.isInteger(seed) ||
    (rounds !== undefined && !(rounds > 0))
  ) {
    throw new Error(
      "usage: npm run soak -- [--minutes N] [--seed N] [--only edits|mutants|hostile|session|protocol|memory] [--rounds N] [--server PATH]",
    );
  }
  const parts = values.only === undefined ? (Object.keys(PARTS) as Part[]) : [values.only as Part];
  const shares = parts.reduce((sum, it) => sum + PARTS[it].share, 0);
  const summary: string[] = [];
  let failed = 0;
  for (const part of parts) {
    const started = Date.now();
    console.log(`${part}, seed ${seed}`);
    const deadline = started + (minutes * 60_000 * PARTS[part].share) / shares;
    const { counts, failures } = await RUN[part]({ seed, rounds, deadline, server: values.server });
    failed += failures.length;
    summary.push(`${part}: ${inWords(counts)}; ${Math.round((Date.now() - started) / 1000)} s`);
    summary.push(...failures.map((it) => `  FAILED ${it}`));
  }
  console.log(`\n${summary.join("\n")}\n${failed === 0 ? "nothing failed" : `${failed} failed`}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

if (isMainThread) await main();
else await work(workerData as Job, (news) => parentPort!.postMessage(news));
