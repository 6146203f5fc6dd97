/** Runs the built `nippy` as its users do: a process of its own, in a folder made for the test. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The bundle under test. */
export const CLI = resolve("dist/cli.cjs");

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Project {
  readonly folder: string;
  /** The user's home, beside the project. */
  readonly home: string;
  path(name: string): string;
  run(...words: readonly string[]): Outcome;
  /** With a text on standard input, or with other environment variables. */
  runWith(
    options: {
      readonly input?: string | Uint8Array;
      readonly env?: Record<string, string>;
      readonly in?: string;
      /** In milliseconds. */
      readonly timeout?: number;
    },
    ...words: readonly string[]
  ): Outcome;
  write(name: string, content: string | Uint8Array): void;
}

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Makes the files, hands them to the test, and takes them away. */
export function inProject(files: Files, test: (project: Project) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const place = mkdtempSync(join(realpathSync(tmpdir()), "nippy-cli-"));
    const [folder, home] = [join(place, "project"), join(place, "home")];
    for (const it of [folder, home]) mkdirSync(it);
    const write = (name: string, content: string | Uint8Array) => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    };
    const runWith: Project["runWith"] = (options, ...words) => {
      const { stdout, stderr, status, error } = spawnSync(process.execPath, [CLI, ...words], {
        cwd: join(folder, options.in ?? "."),
        input: options.input ?? "",
        encoding: "utf8",
        env: { PATH: process.env["PATH"] ?? "", HOME: home, ...options.env },
        maxBuffer: 64 * 1024 * 1024,
        timeout: options.timeout ?? 300_000,
      });
      if (error) throw error;
      return { stdout, stderr, status };
    };
    try {
      for (const [name, content] of Object.entries(files)) write(name, content);
      const path = (name: string) => join(folder, name);
      await test({ folder, home, path, write, runWith, run: (...words) => runWith({}, ...words) });
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  };
}

/** One finding of `pandas/iterrows`, on line 6. */
export const ROWS = `import pandas as pd


def total(df: pd.DataFrame) -> float:
    result = 0.0
    for _, row in df.iterrows():
        result += row["price"] * row["count"]
    return result
`;

/** Something for `profiling/wall-clock-duration`, whose fix is safe. */
export const CLOCK = `import time


def measure(work):
    start = time.time()
    work()
    return time.time() - start
`;

/** One finding of `pandas/iterrows`, on line 6, whose rule declines to repair it: there is a syntax error. */
export const BROKEN_ROWS = ROWS.replace("    return result\n", "    result = = 0\n    return result\n");

/** Nothing for either rule. */
export const CLEAN = "def double(x: int) -> int:\n    return 2 * x\n";

/** What pins a test to one rule, however many others there will be. */
export const ONLY_ROWS = ["--select", "pandas/iterrows"] as const;
export const ONLY_BOTH = ["--select", "pandas/iterrows,profiling/wall-clock-duration"] as const;
export const ONLY_CLOCK = ["--select", "profiling/wall-clock-duration"] as const;

export interface JsonReport {
  readonly version: number;
  readonly findings: readonly {
    readonly path: string;
    readonly rule: string;
    readonly fingerprint: string;
    readonly level: string;
    readonly evidence: string;
    readonly weight: string;
    readonly value: number;
    readonly message: string;
    readonly range: {
      readonly start: { readonly line: number; readonly column: number };
      readonly end: { readonly line: number; readonly column: number };
    };
    readonly guide: string;
    readonly fix: {
      readonly title: string;
      readonly safety: string;
      readonly doubts: readonly string[];
      readonly edits: readonly { readonly range: unknown; readonly text: string }[];
    } | null;
    readonly declined: string | null;
  }[];
  readonly failures: readonly {
    readonly path: string;
    readonly rule: string | null;
    readonly message: string;
    readonly at: { readonly line: number; readonly column: number } | null;
  }[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly comments: readonly { readonly path: string; readonly message: string; readonly range: unknown }[];
  readonly files: number;
  readonly belowMinLevel: number;
  readonly inBaseline: number;
}

export function jsonOf(outcome: Outcome): JsonReport {
  assert.match(outcome.stdout, /^\{/, `no JSON on standard output; standard error says: ${outcome.stderr}`);
  return JSON.parse(outcome.stdout) as JsonReport;
}

/** The paths that have a finding of `pandas/iterrows`: what a test of finding files asks for. */
export function pathsFound(project: Project, ...words: readonly string[]): readonly string[] {
  return jsonOf(project.run("check", "--format", "json", ...ONLY_ROWS, ...words)).findings.map((it) => it.path);
}
