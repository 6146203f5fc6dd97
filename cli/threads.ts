/** Checks files over several threads: this one reads them, the others analyse what was read. So each warms up half of the code, which in a scan is most of the cost. */

import { Worker } from "node:worker_threads";
import type { CheckFile, Job, Setup } from "./check-file.js";
import { loadScan } from "./load-scan.js";
import type { ReadSource, Source } from "./read-source.js";
import { failed, type FileResult } from "./result.js";
import type { Order } from "./serve-jobs.js";

const THREAD = new URL("thread.cjs", import.meta.url);
/** What a thread has to do next must be there before it asks. */
const ORDERS = 3;
/** Sources read ahead of the threads. When there are so many, this thread analyses too. */
const AHEAD = 16;
/** In UTF-16 units. What is longer is analysed by the others only, for while this thread is busy nobody gets new work; and only one of that size is read ahead. */
const LONGEST_OWN = 100_000;
const isLong = ({ source }: Read) => source.read.text.length > LONGEST_OWN;
/** The grammar is loaded by one thread sooner than by all of them. */
const isForOthers = (read: Read) => isLong(read) || read.source.read.needsGrammar;

interface Read {
  readonly index: number;
  readonly source: Source;
}

interface Thread {
  readonly worker: Worker;
  /** What it was given, the oldest first: that is what it works on. */
  readonly orders: number[];
  isReady: boolean;
}

export function runInThreads(
  setup: Setup,
  jobs: readonly Job[],
  threads: number,
  onDone: () => void,
): Promise<readonly FileResult[]> {
  return new Promise((resolve, reject) => {
    const run = new ThreadedRun(setup, jobs, onDone, resolve, reject);
    run.start(threads);
  });
}

class ThreadedRun {
  readonly #results: FileResult[];
  readonly #threads = new Set<Thread>();
  readonly #ahead: Read[] = [];
  /** Those that a thread took down with it, to be done again. */
  readonly #again: number[] = [];
  /** To repair a file is to read it again and again: nothing can be read ahead. */
  readonly #readsAhead: boolean;
  #readSource!: ReadSource;
  #checkFile!: CheckFile;
  #next = 0;
  #left: number;
  #isAwake = false;

  constructor(
    private readonly setup: Setup,
    private readonly jobs: readonly Job[],
    private readonly onDone: () => void,
    private readonly resolve: (results: readonly FileResult[]) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    this.#results = new Array<FileResult>(jobs.length);
    this.#left = jobs.length;
    this.#readsAhead = setup.fix === "no";
  }

  start(threads: number): void {
    for (let count = this.#readsAhead ? threads - 1 : threads; count > 0; count--) this.#startThread();
    // To repair, this thread only waits: it has nothing to load.
    if (!this.#readsAhead) return;
    // They start while this thread loads what it needs itself.
    try {
      const { fileChecker, makeEngine, makeSourceReader } = loadScan();
      this.#readSource = makeSourceReader(this.setup.isKept);
      this.#checkFile = fileChecker(makeEngine(), this.setup);
      this.#wake();
    } catch (error) {
      this.#fail(error);
    }
  }

  #startThread(): void {
    const worker = new Worker(THREAD, { workerData: this.setup, argv: [] });
    const thread: Thread = { worker, orders: [], isReady: false };
    this.#threads.add(thread);
    worker.on("message", (message: FileResult | "ready") => {
      if (message === "ready") thread.isReady = true;
      else this.#finish(thread.orders.shift()!, message);
      this.#giveOut();
      this.#wake();
    });
    worker.on("error", (error) => this.#lose(thread, error));
  }

  /** Only running out of memory gets here: the file is named, and the others go on in a new thread. */
  #lose(thread: Thread, error: Error): void {
    const [culprit, ...others] = thread.orders;
    this.#threads.delete(thread);
    if (culprit === undefined) return this.#fail(error);
    this.#again.push(...others);
    this.#finish(
      culprit,
      failed(
        this.jobs[culprit]!.path,
        `Nippy failed on this file (${error.message}). Please report it, with the file if you can.`,
      ),
    );
    if (this.#left > 0) this.#startThread();
  }

  #giveOut(): void {
    for (const thread of this.#threads) {
      while (thread.isReady && thread.orders.length < ORDERS) {
        const read = this.#ahead.shift();
        if (read) this.#give(thread, read.index, read.source);
        else if (this.#again.length > 0) this.#give(thread, this.#again.shift()!);
        // Better a file that nobody has read yet than no file.
        else if (thread.orders.length === 0 && this.#next < this.jobs.length) this.#give(thread, this.#next++);
        else break;
      }
    }
  }

  #give(thread: Thread, index: number, source?: Source): void {
    thread.orders.push(index);
    const job = this.jobs[index]!;
    const order: Order = source ? { job, source: { ...source, bytes: NO_BYTES } } : { job };
    thread.worker.postMessage(order, source ? [source.read.memory] : []);
  }

  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    void this.#turn();
  }

  /** One thing after the other, with room in between for what the threads have to say; asleep when there is nothing to do. */
  async #turn(): Promise<void> {
    try {
      const hasRoom = this.#ahead.length < AHEAD && !this.#ahead.some(isLong);
      const own = this.#ahead.findLastIndex((it) => !isForOthers(it));
      if (this.#readsAhead && hasRoom && this.#next < this.jobs.length) this.#readNext();
      else if (own >= 0) await this.#help(own);
      else this.#isAwake = false;
      this.#giveOut();
    } catch (error) {
      return this.#fail(error);
    }
    if (this.#isAwake) setImmediate(() => void this.#turn());
  }

  #readNext(): void {
    const index = this.#next++;
    const reading = this.#readSource(this.jobs[index]!);
    if ("source" in reading) this.#ahead.push({ index, source: reading.source });
    else this.#finish(index, reading.result);
  }

  async #help(at: number): Promise<void> {
    const [{ index, source }] = this.#ahead.splice(at, 1) as [Read];
    this.#finish(index, await this.#checkFile(this.jobs[index]!, source));
  }

  #finish(index: number, result: FileResult): void {
    this.#results[index] = result;
    this.onDone();
    if (--this.#left > 0) return;
    this.#dismiss();
    this.resolve(this.#results);
  }

  #fail(error: unknown): void {
    this.#dismiss();
    this.reject(error);
  }

  #dismiss(): void {
    for (const { worker } of this.#threads) void worker.terminate();
  }
}

const NO_BYTES = new Uint8Array();
