/** Starts a program, listens to what it prints, and ends it with everything it started. */

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const windows = process.platform === "win32";
const patience = 5_000;
const linesKept = 60;

export interface Program {
  /** The exit code; rejects when the program could not be started. */
  readonly exited: Promise<number>;
  /** The last lines the program printed, for an error message. */
  readonly output: () => string;
  readonly onLine: (listener: (line: string) => void) => void;
  /** Asks the program and its children to end, and insists after five seconds. */
  readonly stop: () => Promise<void>;
}

export function startProgram(command: string, args: readonly string[]): Program {
  // A process group of its own lets us signal the children too (extension hosts, renderers).
  const child = spawn(command, args, { detached: !windows, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      if (lines.push(line) > linesKept) lines.shift();
      for (const listener of listeners) listener(line);
    });
  }
  const exited = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  // Whoever awaits it is told; that nobody does is no reason to end the script.
  exited.catch(() => undefined);
  const { pid } = child;
  const stop = async (): Promise<void> => {
    if (pid === undefined) return;
    endTree(pid, "SIGTERM");
    const insist = setTimeout(() => endTree(pid, "SIGKILL"), patience);
    await exited;
    clearTimeout(insist);
  };
  return { exited, output: () => lines.join("\n"), onLine: (listener) => void listeners.push(listener), stop };
}

/** Signals a process and its descendants. That they are gone already is what we want, so it is no error. */
export function endTree(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  if (windows) {
    spawn("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has no member left.
  }
}
