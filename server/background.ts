/** Work that no request waits for: a failure goes to the log once, and nothing is begun after the client said goodbye. */

import type { Connection } from "vscode-languageserver";
import type { Log } from "./log.js";

export interface Background {
  /** `failure` is the sentence for the log. */
  run(failure: string, work: () => Promise<unknown>): void;
  /** The client said goodbye. */
  isOver(): boolean;
  /** Runs after a rest; asked again under the same key before that, the rest begins anew. */
  later(key: string, milliseconds: number, failure: string, work: () => Promise<unknown>): void;
}

/** One turn of the event loop. A timer would wait a millisecond, which is most of what a keystroke costs; browsers have nothing else. */
export function pause(): Promise<void> {
  return new Promise((resolve) =>
    typeof setImmediate === "function" ? setImmediate(resolve) : setTimeout(resolve, 0),
  );
}

export function createBackground(connection: Connection, log: Log): Background {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  let isOver = false;
  const run = (failure: string, work: () => Promise<unknown>) => {
    if (isOver) return;
    // The library throws at once when the connection is gone; as a promise that is one failure like any other.
    const done = (async () => work())();
    done.catch((error: unknown) => {
      if (!isOver) log.failOnce(failure, failure, error);
    });
  };
  connection.onShutdown(() => {
    isOver = true;
    for (const timer of timers.values()) clearTimeout(timer);
  });

  return {
    run,
    isOver: () => isOver,
    later(key, milliseconds, failure, work) {
      clearTimeout(timers.get(key));
      const start = () => {
        timers.delete(key);
        run(failure, work);
      };
      if (!isOver) timers.set(key, setTimeout(start, milliseconds));
    },
  };
}
