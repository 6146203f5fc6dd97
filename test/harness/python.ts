/** A Python for the tests: the system's for the standard library, a virtual environment made from a pinned file for the rest. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "mocha";

export type Python = { readonly path: string } | { readonly reason: string };

const PINS = "test/python/requirements.txt";
const FOLDER = ".venv-test";

/** Packages that are imported by another name than they are installed by. */
const IMPORTED_AS: Readonly<Record<string, string>> = { pyyaml: "yaml", "scikit-learn": "sklearn" };

let made: Python | undefined;

/** What the environment holds beyond the standard library and a program imports, by the names that are imported. */
export function librariesIn(code: string): readonly string[] {
  const pinned = [...readFileSync(PINS, "utf8").matchAll(/^([\w-]+)==/gm)].map(([, name = ""]) => IMPORTED_AS[name] ?? name);
  return pinned.filter((it) => new RegExp(`^\\s*(import|from) ${it}\\b`, "m").test(code));
}

/** Runs a program of the standard library; a machine without Python skips the test and says so. */
export function runPython(test: Context, args: readonly string[], input: string, path = "python3"): { readonly stdout: string; readonly stderr: string; readonly status: number | null } {
  const run = spawnSync(path, args, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (run.error) {
    console.log(`skipped: there is no python3 (${run.error.message})`);
    test.skip();
  }
  return run;
}

/** The Python that can import the packages; or why there is none. The environment is made once and kept until the pins change. */
export function pythonWith(packages: readonly string[]): Python {
  if (spawnSync("python3", ["--version"]).error) return { reason: "there is no python3" };
  if (packages.length === 0) return { path: "python3" };
  return (made ??= environment());
}

function environment(): Python {
  const pins = readFileSync(PINS, "utf8");
  const stamp = join(FOLDER, "pins");
  const path = process.platform === "win32" ? join(FOLDER, "Scripts", "python.exe") : join(FOLDER, "bin", "python");
  const digest = createHash("sha256").update(pins).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return { path };

  rmSync(FOLDER, { recursive: true, force: true });
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["python3", ["-m", "venv", FOLDER]],
    [path, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--requirement", PINS]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: 600_000 });
    if (status !== 0) return { reason: `the test environment cannot be made: ${(error?.message ?? stderr).trim().split("\n").at(-1) ?? "unknown"}` };
  }
  writeFileSync(stamp, digest);
  return { path };
}
