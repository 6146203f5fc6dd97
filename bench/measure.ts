/** What every measurement needs: programs to run, medians, how numbers are written, and the machine they are from. */
import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";

export const run = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export function ms(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(1);
}

export function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Each taken in turns, so that all meet the same weather; the median of each. */
export function interleaved(rounds: number, works: readonly (() => number)[]): readonly number[] {
  const times: number[][] = works.map(() => []);
  for (let round = 0; round < rounds; round++) works.forEach((work, index) => times[index]!.push(work()));
  return times.map(median);
}

export function machine(): string {
  return `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${run("python3", ["--version"]).stdout.trim()}'s library`;
}
