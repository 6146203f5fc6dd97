/** Checks files over several threads: this one reads them, the others analyse what was read. So each warms up half of the code, which in a scan is most of the cost. */

import { Worker } from "node:worker_threads";
import { digestOf } from "./cache.js";
import type { CheckFile, Job, Setup } from "./check-file.js";
import { ENGINE, loadEngine } from "./load-engine.js";
import { makeSourceReader, type Source } from "./read-source.js";
import { failed, type FileResult } from "./result.js";
import type { Order } from "./serve-jobs.js";

/** What a thread has to do next must be there before it asks. */
const ORDERS = 3;
/** Sources read ahead of the threads. When there are so many, this thread analyses too. */
const AHEAD = 16;
/** In UTF-16 units. What is longer is analysed by the others only, for while this thread is busy nobody gets new work; and only one of that size is read ahead. */
const LONGEST_OWN = 100_000;
const isLong = ({ source }: Read) => source.read.text.length > LONGEST_OWN;

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

export function runInThreads(setup: Setup, jobs: readonly Job[], threads: number, onDone: () => void): Promise<readonly FileResult[]> {
  // To repair a file is to read it again and again: nothing can be read ahead.
  const reads = setup.fix === "no";
  const readSource = makeSourceReader(setup.isKept ? digestOf : undefined);
  const results = new Array<FileResult>(jobs.length);
  const helpers = new Set<Thread>();
  const ahead: Read[] = [];
  /** Those that a thread took down with it, to be done again. */
  const again: number[] = [];
  let next = 0;
  let left = jobs.length;
  let isAwake = false;
  let checkFile: CheckFile | undefined;

  return new Promise((resolve, reject) => {
    const finish = (index: number, result: FileResult) => {
      results[index] = result;
      onDone();
      if (--left > 0) return;
      for (const { worker } of helpers) void worker.terminate();
      resolve(results);
    };

    const give = (thread: Thread, index: number, source?: Source) => {
      thread.orders.push(index);
      const order: Order = source ? { job: jobs[index]!, source: { ...source, bytes: NO_BYTES } } : { job: jobs[index]! };
      thread.worker.postMessage(order, source ? [source.read.memory] : []);
    };

    const giveOut = () => {
      for (const thread of helpers) {
        while (thread.isReady && thread.orders.length < ORDERS) {
          const read = ahead.shift();
          if (read) give(thread, read.index, read.source);
          // Better a file that nobody has read yet than no file.
          else if (again.length > 0) give(thread, again.shift()!);
          else if (thread.orders.length === 0 && next < jobs.length) give(thread, next++);
          else break;
        }
      }
    };

    const readNext = () => {
      const index = next++;
      const reading = readSource(jobs[index]!);
      if ("source" in reading) ahead.push({ index, source: reading.source });
      else finish(index, reading.result);
    };

    const help = async (at: number) => {
      const [{ index, source }] = ahead.splice(at, 1) as [Read];
      checkFile ??= await ownChecker(setup);
      finish(index, await checkFile(jobs[index]!, source));
    };

    /** One thing after the other, with room in between for what the threads have to say; asleep when there is nothing to do. */
    const turn = async () => {
      giveOut();
      if (reads && next < jobs.length && ahead.length < AHEAD && !ahead.some(isLong)) {
        readNext();
      } else {
        const own = ahead.findLastIndex((it) => !isLong(it));
        if (own >= 0) await help(own);
        else isAwake = false;
      }
      if (isAwake) setImmediate(() => void turn().catch(reject));
    };

    const wake = () => {
      if (isAwake) return;
      isAwake = true;
      void turn().catch(reject);
    };

    const start = () => {
      const worker = new Worker(ENGINE, { workerData: setup, argv: [] });
      const thread: Thread = { worker, orders: [], isReady: false };
      helpers.add(thread);
      worker.on("message", (message: FileResult | "ready") => {
        if (message === "ready") thread.isReady = true;
        else finish(thread.orders.shift()!, message);
        wake();
      });
      worker.on("error", (error) => {
        // Only running out of memory gets here; the file is named and the others go on in a new thread.
        const [culprit, ...others] = thread.orders;
        helpers.delete(thread);
        if (culprit === undefined) return reject(error);
        again.push(...others);
        finish(culprit, failed(jobs[culprit]!.path, `Nippy failed on this file (${error.message}). Please report it, with the file if you can.`));
        if (left > 0) start();
      });
    };

    for (let count = reads ? threads - 1 : threads; count > 0; count--) start();
    wake();
  });
}

const NO_BYTES = new Uint8Array();

async function ownChecker(setup: Setup): Promise<CheckFile> {
  const { fileChecker, makeEngine } = await loadEngine();
  return fileChecker(makeEngine(), setup, digestOf);
}
