/** Runs a command for a script, keeps what it prints, and ends it with all it started when it does not end by itself. */
import { spawn } from "node:child_process";
import { endTree } from "./vscode-host/program.js";

const windows = process.platform === "win32";
const MINUTE = 60_000;

/** Milliseconds after which a test is taken for hung. Only that: how fast something is stands in the benchmarks, and a slow or busy machine must not fail a test. */
export const PATIENCE = "300000";

export interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface Patience {
  /** Minutes until it is ended, which then is a failure. */
  readonly minutes?: number;
  /** What it prints when its work is done: it is given a minute more, and ending it after that is no failure. A timer or a pipe that somebody left open would keep it alive for ever. */
  readonly done?: RegExp;
  /** Whether its output is shown as it comes, instead of at its end. */
  readonly shown?: boolean;
}

export function runCommand(
  command: string,
  args: readonly string[],
  { minutes = 30, done, shown = true }: Patience = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    // A process group of its own, so that what it leaves behind can be ended with it.
    const child = spawn(command, args, { detached: !windows, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let isDone = false;
    const say = (text: string) => {
      output += text;
      if (shown) process.stdout.write(text);
    };
    const end = (text: string) => {
      say(text);
      if (child.pid !== undefined) endTree(child.pid, "SIGKILL");
    };
    const interrupted = () => {
      end("");
      process.exit(130);
    };
    let patience = setTimeout(
      () => end(`\n${command} ${args[0] ?? ""} did not end within ${minutes} minutes and was ended.\n`),
      minutes * MINUTE,
    );
    const take = (chunk: Buffer) => {
      say(chunk.toString());
      if (isDone || done === undefined || !done.test(output)) return;
      isDone = true;
      clearTimeout(patience);
      patience = setTimeout(
        () => end(`\n${command} ${args[0] ?? ""} had done its work but did not end within a minute, and was ended.\n`),
        MINUTE,
      );
    };
    const close = (code: number) => {
      clearTimeout(patience);
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", interrupted);
      if (!shown) process.stdout.write(output);
      resolve({ code, output });
    };
    process.on("SIGINT", interrupted);
    process.on("SIGTERM", interrupted);
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      say(`${error}\n`);
      close(1);
    });
    child.on("close", (code, signal) => close(code ?? (signal === "SIGKILL" && isDone ? 0 : 1)));
  });
}
