/** Undoes what a script started, in reverse order, however the script ends. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Cleanup {
  /** Remembers how to undo something that was just started. */
  add(undo: () => Promise<void> | void): void;
  /** Undoes everything; each step runs even when another fails. Safe to call more than once. */
  run(): Promise<void>;
}

/** A cleanup that also runs when the script is interrupted; the script then ends with `interruptCode`. */
export function cleanupOnExit(interruptCode: number): Cleanup {
  const steps: (() => Promise<void> | void)[] = [];
  const run = async (): Promise<void> => {
    for (let undo = steps.pop(); undo !== undefined; undo = steps.pop()) {
      try {
        await undo();
      } catch (error) {
        console.error(`While cleaning up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => void run().then(() => process.exit(interruptCode)));
  }
  return { add: (undo) => void steps.push(undo), run };
}

/** A folder for one run, gone when the run ends. */
export function temporaryFolder(cleanup: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), "nippy-vscode-"));
  cleanup.add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return folder;
}
