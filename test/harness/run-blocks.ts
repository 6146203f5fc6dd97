/** Runs many small Python programs, each in a process of its own that is forked from one with the libraries already imported. */
import type { Context } from "mocha";
import { runPython } from "./python.js";

/** Where a process cannot be forked, each program gets a new interpreter instead. */
const RUNNER = `
import importlib, json, os, subprocess, sys, tempfile, traceback

job = json.load(sys.stdin)
for name in job["preload"]:
    importlib.import_module(name)

def read(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")

def forked(code):
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.dup2(output.fileno(), 1)
                os.dup2(errors.fileno(), 2)
                # As in a script: what is defined has to be found by its module's name, by pickling above all.
                main = sys.modules["__main__"].__dict__
                for name in [it for it in main if not it.startswith("__")]:
                    del main[name]
                exec(compile(code, "<block>", "exec"), main)
                status = 0
            except BaseException as error:
                import traceback
                if isinstance(error, SystemExit) and not error.code:
                    status = 0
                else:
                    traceback.print_exc()
            finally:
                import os as system, sys as interpreter
                interpreter.stdout.flush()
                interpreter.stderr.flush()
                system._exit(status)
        _, status = os.waitpid(child, 0)
        return {"stdout": read(output), "error": None if status == 0 else read(errors) or f"status {status}"}

def started(code):
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True)
    return {"stdout": done.stdout, "error": None if done.returncode == 0 else done.stderr}

run = forked if hasattr(os, "fork") else started
json.dump({name: run(code) for name, code in job["programs"].items()}, sys.stdout)
`;

export interface Outcome {
  readonly stdout: string;
  /** What a program that failed wrote to stderr. */
  readonly error: string | null;
}

/** The outcome of each program, by its name. `preload` are modules that several of them import. */
export function runAll(
  test: Context,
  path: string,
  programs: ReadonlyMap<string, string>,
  preload: readonly string[],
): Readonly<Record<string, Outcome>> {
  const { stdout, stderr, status } = runPython(
    test,
    ["-c", RUNNER],
    JSON.stringify({ preload, programs: Object.fromEntries(programs) }),
    path,
  );
  if (status !== 0) throw new Error(`the runner failed: ${stderr}`);
  return JSON.parse(stdout) as Readonly<Record<string, Outcome>>;
}
