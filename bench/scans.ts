/** Scans of whole folders: cold, with Ruff and with Ruff as WebAssembly in turns, and a second time with the results of the first. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { interleaved, run, timed } from "./measure.js";

export const RUFF_GROUPS = "PERF,SIM,C4,FURB,PD,NPY,ASYNC,B,UP,PLW,RUF";
export const SCANS = 5;

function scan(program: string, args: readonly string[]): number {
  return timed(() => {
    const { status, stderr } = run(program, args);
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  });
}

const nippyArgs = (folder: string, scratch: string) => [
  "dist/cli.cjs",
  "check",
  folder,
  "--exit-zero",
  "--format",
  "json",
  "--output-file",
  join(scratch, "nippy.json"),
];

export interface ColdScans {
  readonly nippy: number;
  readonly ruff: number | undefined;
  readonly ruffWasm: number;
}

export function coldScans(folder: string, scratch: string, hasRuff: boolean): ColdScans {
  const ruffArgs = [
    "check",
    "--no-cache",
    "--isolated",
    "--exit-zero",
    "--quiet",
    "--output-format",
    "json",
    "--output-file",
    join(scratch, "ruff.json"),
    "--select",
    RUFF_GROUPS,
    folder,
  ];
  const args = [...nippyArgs(folder, scratch), "--no-cache"];
  const [nippy, ruffWasm, ruff] = interleaved(SCANS, [
    () => scan(process.execPath, args),
    () => scan(process.execPath, ["out/bench/ruff-wasm.js", RUFF_GROUPS, folder, join(scratch, "ruff-wasm.json")]),
    ...(hasRuff ? [() => scan("ruff", ruffArgs)] : []),
  ]);
  return { nippy: nippy!, ruffWasm: ruffWasm!, ruff };
}

/** The first one keeps what it finds, the second looks only at what changed: nothing. */
export function keptScans(folder: string, scratch: string): { readonly first: number; readonly second: number } {
  const cache = mkdtempSync(join(scratch, "cache-"));
  const args = [...nippyArgs(folder, scratch), "--cache-dir", cache];
  const [first, second] = interleaved(SCANS, [
    () => {
      rmSync(cache, { recursive: true });
      return scan(process.execPath, args);
    },
    () => scan(process.execPath, args),
  ]);
  return { first: first!, second: second! };
}
