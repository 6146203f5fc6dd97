/** bench/gains.json: what was measured of each rule, when and on what. Written by `npm run gains` alone. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export const FIGURES = "bench/gains.json";

export interface Row {
  readonly n: number;
  readonly before_ms: number;
  readonly after_ms: number;
  readonly ratio: number;
  readonly before_bytes: number;
  readonly after_bytes: number;
}

/** What the measuring process tells. */
export interface Measurement {
  readonly unit: string;
  readonly clock: "processor" | "elapsed";
  readonly rows: readonly Row[];
  /** How the time of each form grows with the size; null where it is too short to tell. */
  readonly exponents: { readonly before: number | null; readonly after: number | null };
  readonly python: string;
  /** By the names that are imported. */
  readonly libraries: Readonly<Record<string, string>>;
  readonly machine: string;
}

/** The memory that both forms take under another Python, at the largest size. */
export interface Elsewhere {
  readonly python: string;
  readonly before_bytes: number;
  readonly after_bytes: number;
}

export interface Figures extends Measurement {
  readonly date: string;
  readonly digest: string;
  /** How objects are laid out differs from one Python to the next. */
  readonly elsewhere?: readonly Elsewhere[];
}

export type AllFigures = Readonly<Record<string, Figures>>;

export function readFigures(path = FIGURES): AllFigures {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as AllFigures) : {};
}

/** One line for each rule, sorted: figures of two new rules do not touch each other. */
export function figuresText(figures: AllFigures): string {
  const sorted = Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{\n${sorted.map(([name, it]) => `  ${JSON.stringify(name)}: ${JSON.stringify(it)}`).join(",\n")}\n}\n`;
}

/** Written after each rule: a run that is broken off keeps what it has. */
export function mergeFigures(name: string, figures: Figures, path = FIGURES): void {
  writeFigures({ ...readFigures(path), [name]: figures }, path);
}

/** Adds what another Python takes to the figures of the same workload, in the place of what the same one took before. */
export function mergeElsewhere(name: string, digest: string, found: Elsewhere, path = FIGURES): void {
  const known = readFigures(path)[name];
  if (known?.digest !== digest) throw new Error("measure it as it is first, without --python");
  const others = (known.elsewhere ?? []).filter((it) => it.python !== found.python);
  const elsewhere = [...others, found].sort((a, b) => (a.python < b.python ? -1 : 1));
  mergeFigures(name, { ...known, elsewhere }, path);
}

/** Drops what no longer has a workload. */
export function keepFigures(names: ReadonlySet<string>, path = FIGURES): void {
  const kept = Object.entries(readFigures(path)).filter(([name]) => names.has(name));
  if (existsSync(path)) writeFigures(Object.fromEntries(kept), path);
}

function writeFigures(figures: AllFigures, path: string): void {
  writeFileSync(`${path}.new`, figuresText(figures));
  renameSync(`${path}.new`, path);
}

/** A peak below this, in bytes, is mostly the call itself. */
const TOO_LITTLE = 10_000;

/** How many times less memory the repaired form takes; null where both take too little to tell. */
export function memoryRatio({
  before_bytes: before,
  after_bytes: after,
}: Pick<Row, "before_bytes" | "after_bytes">): number | null {
  return Math.max(before, after) < TOO_LITTLE ? null : before / Math.max(after, 1);
}
