/** Asks the prover for many verdicts: what was proven before is taken from the cache, the rest is cut into shards that run side by side, one on each core. */
import { availableParallelism } from "node:os";
import { digestOfVerdict, readKept, writeKept, type Kept } from "./verdict-cache.js";
import { preloadFor, prove, slownessOf, type Job, type Verdict } from "./prover.js";

export interface Question {
  /** Unique among the questions put to one Python. */
  readonly name: string;
  /** What is proven together is kept together: the area of the rule. */
  readonly area: string;
  readonly python: string;
  /** What the program imports of those that are worth importing once. */
  readonly libraries: readonly string[];
  readonly job: Job;
  /** Whether nothing is to be said against a verdict. Only such verdicts are kept: what fails is run again. */
  isFine(verdict: Verdict): boolean;
}

export interface Asking {
  /** Whether these are all questions of their areas, so that others need not be kept. */
  readonly isWhole: boolean;
  /** Whether verdicts of earlier runs count; they are written down in any case. */
  readonly mayRemember: boolean;
  /** Where verdicts are kept; `.proof-cache` where left out. */
  readonly folder?: string;
}

export interface Answers {
  readonly verdicts: ReadonlyMap<Question, Promise<Verdict>>;
  /** Settled when all verdicts are there and written down. */
  readonly kept: Promise<unknown>;
}

const CORES = availableParallelism();
/** More programs gain nothing from sharing an interpreter, and a shard that is done early lets others begin. */
const MOST_IN_SHARD = 40;

interface Shard {
  readonly python: string;
  readonly preload: readonly string[];
  readonly questions: readonly Question[];
}

/** What a run did, for who wants to know where the time went. */
export const tally = { asked: 0, remembered: 0, proverSeconds: 0 };

/** Starts at once; each verdict comes as soon as its shard is done. None of the promises is ever rejected: what keeps a program from being run is its verdict. */
export function ask(questions: readonly Question[], { isWhole, mayRemember, folder }: Asking): Answers {
  const answers = new Map<Question, Promise<Verdict>>();
  const files = new Map<string, Kept>();
  const open: Question[] = [];
  for (const question of questions) {
    const file = fileOf(question);
    const known =
      files.get(file) ?? (mayRemember ? readKept(question.python, question.area, folder) : new Map<string, Verdict>());
    files.set(file, known);
    const verdict = known.get(keyOf(question));
    if (verdict && question.isFine(verdict)) answers.set(question, Promise.resolve(verdict));
    else open.push(question);
  }
  tally.asked += questions.length;
  tally.remembered += answers.size;
  for (const shard of shardsOf(open)) {
    const done = onFreeCore(() => run(shard));
    for (const question of shard.questions)
      answers.set(
        question,
        done.then((verdicts) => verdicts.get(question.name) ?? { failed: "the prover gave no verdict" }),
      );
  }
  const kept = Promise.all(groupedBy(questions, fileOf).map((own) => keep(own, answers, isWhole, folder)));
  return { verdicts: answers, kept };
}

const keyOf = ({ python, libraries, job }: Question) => digestOfVerdict(python, preloadFor(libraries), job);
const fileOf = ({ python, area }: Question) => `${python} ${area}`;

/** Writes down what one area's programs came to, once all of them have been run. */
async function keep(
  own: readonly Question[],
  answers: ReadonlyMap<Question, Promise<Verdict>>,
  isWhole: boolean,
  folder: string | undefined,
) {
  const fine: Kept = new Map();
  for (const question of own) {
    const verdict = await answers.get(question)!;
    if (!("failed" in verdict) && question.isFine(verdict)) fine.set(keyOf(question), verdict);
  }
  const { python, area } = own[0]!;
  try {
    writeKept(python, area, fine, isWhole, folder);
  } catch (error) {
    console.log(`the verdicts of ${area} cannot be kept: ${(error as Error).message}`);
  }
}

/** The slowest first, so that none of them is what everybody waits for at the end. */
function shardsOf(questions: readonly Question[]): readonly Shard[] {
  const preloadOf = ({ libraries }: Question) => preloadFor(libraries);
  const groups = groupedBy(questions, (it) => `${it.python} ${preloadOf(it).join()}`);
  const atLeast = Math.ceil(CORES / Math.max(1, groups.length));
  return groups
    .flatMap((group) => {
      const [{ python }] = group as [Question];
      const pieces = Math.min(group.length, Math.max(atLeast, Math.ceil(group.length / MOST_IN_SHARD)));
      const size = Math.ceil(group.length / pieces);
      return Array.from({ length: Math.ceil(group.length / size) }, (_, index) => ({
        python,
        preload: preloadOf(group[0]!),
        questions: group.slice(index * size, (index + 1) * size),
      }));
    })
    .sort((a, b) => slownessOf(b.preload) - slownessOf(a.preload));
}

async function run({ python, preload, questions }: Shard): Promise<ReadonlyMap<string, Verdict>> {
  const start = performance.now();
  try {
    return await prove(python, new Map(questions.map((it) => [it.name, it.job])), preload);
  } catch (error) {
    return new Map(questions.map((it) => [it.name, { failed: (error as Error).message }]));
  } finally {
    tally.proverSeconds += (performance.now() - start) / 1000;
  }
}

const waiting: (() => void)[] = [];
let free = CORES;

async function onFreeCore<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((turn) => waiting.push(turn));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}

function groupedBy<T>(all: readonly T[], keyOfOne: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOfOne(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}
