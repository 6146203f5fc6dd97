/** A Python for the tests: the system's for the standard library, virtual environments made from pinned files for the rest. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Context } from "mocha";

export type Python = { readonly path: string } | { readonly reason: string };

export interface Environment {
  readonly pins: string;
  readonly folder: string;
}

/** TensorFlow has one of its own: where there is no wheel of it, what needs the rest still runs. The first that holds all that is wanted is taken. */
export const ENVIRONMENTS: readonly Environment[] = [
  { pins: "test/python/requirements.txt", folder: ".venv-test" },
  { pins: "test/python/tensorflow.txt", folder: ".venv-test-tensorflow" },
];

/** Programs that use Nippy. No program that is tried runs in it. */
export const TOOLS: Environment = { pins: "test/python/tools.txt", folder: ".venv-test-tools" };

/** Packages that are imported by another name than they are installed by. */
const IMPORTED_AS: Readonly<Record<string, string>> = {
  pyyaml: "yaml",
  "scikit-learn": "sklearn",
  "tensorflow-cpu": "tensorflow",
};

const made = new Map<Environment, Python>();

/** What an environment holds beyond the standard library, by the names that are imported. */
export function librariesOf({ pins }: Environment): readonly string[] {
  return [...readFileSync(pins, "utf8").matchAll(/^([\w-]+)==/gm)].map(([, name = ""]) => IMPORTED_AS[name] ?? name);
}

/** What a program imports that one of the environments holds. */
export function librariesIn(code: string): readonly string[] {
  return [...new Set(ENVIRONMENTS.flatMap(librariesOf))].filter((it) =>
    new RegExp(`^\\s*(import|from) ${it}\\b`, "m").test(code),
  );
}

/** Runs a program of the standard library; a machine without Python skips the test and says so. */
export function runPython(
  test: Context,
  args: readonly string[],
  input: string,
  path = "python3",
): { readonly stdout: string; readonly stderr: string; readonly status: number | null } {
  const run = spawnSync(path, args, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (run.error) {
    console.log(`skipped: there is no python3 (${run.error.message})`);
    test.skip();
  }
  return run;
}

let system: Python | undefined;

/** The interpreter itself: what stands on the PATH may be a script that looks for it each time. */
function systemPython(): Python {
  const { error, stdout } = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  return error || stdout.trim() === "" ? { reason: "there is no python3" } : { path: stdout.trim() };
}

/** The Python that can import the packages; or why there is none. */
export function pythonWith(packages: readonly string[]): Python {
  system ??= systemPython();
  if ("reason" in system || packages.length === 0) return system;
  const wanted = ENVIRONMENTS.find((it) => packages.every((name) => librariesOf(it).includes(name)));
  if (!wanted) return { reason: `no test environment holds ${packages.join(" and ")}` };
  return pythonIn(wanted);
}

/** The Python of an environment; or why there is none. */
export function pythonIn(environment: Environment): Python {
  system ??= systemPython();
  if ("reason" in system) return system;
  const python = made.get(environment) ?? makeEnvironment(environment);
  made.set(environment, python);
  return python;
}

/** An environment is made once and kept until its pins change. */
function makeEnvironment({ pins, folder }: Environment): Python {
  const stamp = join(folder, "pins");
  // Absolute, because programs are run in other folders.
  const path =
    process.platform === "win32" ? resolve(folder, "Scripts", "python.exe") : resolve(folder, "bin", "python");
  const digest = createHash("sha256").update(readFileSync(pins, "utf8")).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return { path };

  rmSync(folder, { recursive: true, force: true });
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["python3", ["-m", "venv", folder]],
    [
      path,
      [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        "--requirement",
        pins,
      ],
    ],
  ];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: 600_000 });
    if (status !== 0)
      return {
        reason: `the environment of ${pins} cannot be made: ${(error?.message ?? stderr).trim().split("\n").at(-1) ?? "unknown"}`,
      };
  }
  writeFileSync(stamp, digest);
  return { path };
}
