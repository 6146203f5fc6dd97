/** Measures one workload: in a process and a folder of its own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { librariesIn, pythonWith } from "../../test/harness/python.js";
import type { Elsewhere, Figures, Measurement } from "./figures.js";
import { digestOf, type Workload } from "./workload.js";

const LONGEST_MS = 300_000;

/** Progress goes to `stderr`. @throws with what the author of the block has to mend, or why there is no Python for it */
export function measure(workload: Workload, stderr: "inherit" | "ignore" = "inherit"): Figures {
  const python = pythonWith(librariesIn([workload.block, workload.before, workload.after ?? ""].join("\n")));
  if ("reason" in python) throw new Error(python.reason);
  const answer = answerOf<Measurement>(python.path, workload, stderr);
  return { ...answer, date: new Date().toISOString().slice(0, 10), digest: digestOf(workload) };
}

/** Only the memory, at the largest size, under another Python, which has to have what the workload imports. */
export function measureMemory(workload: Workload, python: string): Elsewhere {
  return answerOf(python, { ...workload, memory_alone: true }, "inherit");
}

function answerOf<T extends object>(python: string, request: object, stderr: "inherit" | "ignore"): T {
  const folder = mkdtempSync(join(tmpdir(), "nippy-gains-"));
  try {
    const result = join(folder, "result.json");
    const { error, status, signal } = spawnSync(fromAnywhere(python), ["-m", "gains", result], {
      cwd: folder,
      env: {
        ...process.env,
        PYTHONPATH: [folder, resolve("bench")].join(delimiter),
        PYTHONHASHSEED: "0",
        PYTHONDONTWRITEBYTECODE: "1",
        ...QUIET,
      },
      input: JSON.stringify(request),
      stdio: ["pipe", "ignore", stderr],
      timeout: LONGEST_MS,
    });
    if (error)
      throw new Error(
        (error as NodeJS.ErrnoException).code === "ETIMEDOUT"
          ? `not done after ${LONGEST_MS / 1000} s: smaller sizes`
          : error.message,
      );
    if (status !== 0) throw new Error(`the process ended with ${signal ?? status}`);
    const answer = JSON.parse(readFileSync(result, "utf8")) as T | { readonly error: string };
    if ("error" in answer) throw new Error(answer.error.trim());
    return answer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** PyTorch's profiler and TensorFlow talk a lot. */
const QUIET = { KINETO_LOG_LEVEL: "99", TF_CPP_MIN_LOG_LEVEL: "3" };

/** A path below this folder must hold in another; a bare name is looked up. */
const fromAnywhere = (path: string) => (/[\\/]/.test(path) ? resolve(path) : path);
