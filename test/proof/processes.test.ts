/** Fixes of programs that start processes: what happens in those nobody can watch from outside, so the programs run as scripts, before and after, with each way to start processes and on each CPython at hand, and must print the same. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import { chosenRules, isChosenProgram } from "../harness/chosen.js";
import { librariesIn, pythonWith } from "../harness/python.js";
import { interpreters } from "./interpreters.js";
import { programsOf, type Program } from "./programs.js";

const METHODS = ["spawn", "fork"];
/** In milliseconds; a program that waits for ever is one that a fix broke. */
const LONGEST = 120_000;

const programs = (await Promise.all(chosenRules.map(programsOf)))
  .flat()
  .filter((it) => isChosenProgram(it.name) && it.notes.processes !== "");

interface Outcome {
  readonly status: number | null;
  readonly printed: string;
  readonly told: string;
}

/** A process that is spawned reads the file again: what uses the program stands behind the guard, and functions that it hands on in the setup. */
function scriptOf(code: string, { notes: { setup, processes } }: Program): string {
  const guarded = processes.replace(/^(?=.)/gm, "    ");
  return [
    'import multiprocessing, sys\nif __name__ == "__main__":\n    multiprocessing.set_start_method(sys.argv[1])\n',
    setup,
    code,
    `\nif __name__ == "__main__":\n${guarded}`,
  ].join("\n");
}

async function outcomeOf(python: string, code: string, program: Program, method: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "nippy-processes-"));
  try {
    writeFileSync(join(folder, "program.py"), scriptOf(code, program));
    const child = spawn(python, ["-W", "ignore", "program.py", method], { cwd: folder, timeout: LONGEST });
    let [printed, told] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (it: string) => (printed += it));
    child.stderr.setEncoding("utf8").on("data", (it: string) => (told += it));
    const status = await new Promise<number | null>((ended, failed) =>
      child.once("error", failed).once("close", ended),
    );
    return { status, printed, told };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("fixes keep what processes do", () => {
  const own = pythonWith(librariesIn(""));
  const pythons = [...("path" in own ? [{ version: "own", path: own.path }] : []), ...interpreters()];
  for (const program of programs)
    for (const { version, path } of pythons)
      it(`${program.name}: Python ${version}`, async function () {
        this.timeout(2 * METHODS.length * LONGEST);
        for (const method of METHODS) {
          const before = await outcomeOf(path, program.before, program, method);
          assert.equal(before.status, 0, `${method}: ${before.told}`);
          assert.notEqual(before.printed, "", "a program that prints nothing shows nothing");
          const after = await outcomeOf(path, program.after, program, method);
          assert.deepEqual([after.status, after.printed], [0, before.printed], `${method}: ${after.told}`);
        }
      });
});
