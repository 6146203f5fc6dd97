/** Edits a text at random and holds each step against a fresh analysis of the same text. */
import { isDeepStrictEqual } from "node:util";
import type { Analyzer, Settings, Snapshot, TextEdit } from "../../analysis/analyzer.js";
import { random } from "../harness/random.js";
import { afterEdits, typist } from "../harness/typist.js";

export interface Sequence {
  readonly seed: number;
  readonly path: string;
  readonly text: string;
  /** What is pasted comes from these. */
  readonly donors: readonly string[];
  readonly edits: number;
}

export interface Difference {
  readonly seed: number;
  readonly path: string;
  readonly step: number;
  /** The steps up to this one: the text before each, and what was done to it. */
  readonly history: readonly Step[];
  readonly incremental: unknown;
  readonly fresh: unknown;
}

export interface Step {
  readonly before: string;
  readonly edits: readonly TextEdit[];
}

/** Undefined if every step agrees. `onStep` is told before each one. */
export function firstDifference(
  engine: Analyzer,
  settings: Settings,
  { seed, path, text, donors, edits: count }: Sequence,
  onStep: (step: number) => void = () => {},
): Difference | undefined {
  const chance = random(seed);
  const hand = typist(chance, donors);
  // Some clients ask after each edit, others after a few.
  const looksAlways = chance.below(4) > 0;
  let known = text;
  let snapshot = engine.open(text, settings, path);
  const history: Step[] = [];
  engine.report(snapshot);
  for (let step = 0; step < count; step++) {
    onStep(step);
    const before = known;
    const edits = hand.next(before);
    known = afterEdits(before, edits);
    history.push({ before, edits });
    const isCompared = looksAlways || chance.below(3) > 0 || step === count - 1;
    const withFixes = chance.below(10) === 0;
    let incremental: unknown;
    try {
      snapshot = engine.edit(snapshot, edits);
      if (!isCompared) continue;
      incremental = saidOf(engine, snapshot, withFixes);
    } catch (error) {
      return { seed, path, step, history, incremental: error, fresh: "an answer" };
    }
    const fresh = saidOf(engine, engine.open(known, settings, path), withFixes);
    if (!isDeepStrictEqual(incremental, fresh)) return { seed, path, step, history, incremental, fresh };
  }
  return undefined;
}

/** All that a host can see of a snapshot. */
function saidOf(engine: Analyzer, snapshot: Snapshot, withFixes: boolean): unknown {
  const { findings, failures, comments } = engine.report(snapshot);
  const { lines, text } = snapshot;
  return {
    text,
    lines: lines.count,
    findings: findings.map(({ rule, level, range, message, related }) => ({
      rule,
      level,
      range,
      message,
      related,
      from: lines.positionAt(range.start),
      to: lines.positionAt(range.end),
    })),
    failures: failures.map((it) => `${it.rule}: ${(it.error as Error).stack}`),
    comments,
    ...(withFixes && { fixes: findings.map((it) => engine.fix(snapshot, it)) }),
  };
}

/** Whether a text that is opened and edited step by step is seen differently in the end than when it is opened afresh. */
function differs(
  engine: Analyzer,
  settings: Settings,
  path: string,
  start: string,
  steps: readonly (readonly TextEdit[])[],
): boolean {
  try {
    let snapshot = engine.open(start, settings, path);
    let text = start;
    for (const edits of steps) {
      engine.report(snapshot);
      snapshot = engine.edit(snapshot, edits);
      text = afterEdits(text, edits);
    }
    return !isDeepStrictEqual(saidOf(engine, snapshot, true), saidOf(engine, engine.open(text, settings, path), true));
  } catch {
    return true;
  }
}

/** The fewest last steps that show the difference, and as little text around them as does: what a test needs. */
export function smaller(
  engine: Analyzer,
  settings: Settings,
  { path, history }: Difference,
): { readonly text: string; readonly steps: readonly (readonly TextEdit[])[] } | undefined {
  const count = history.findLastIndex((_, index) =>
    differs(
      engine,
      settings,
      path,
      history[index]!.before,
      history.slice(index).map((it) => it.edits),
    ),
  );
  if (count < 0) return undefined;
  let text = history[count]!.before;
  let steps = history.slice(count).map((it) => it.edits);
  const deadline = performance.now() + 60_000;
  for (let length = text.length >> 1; length > 0 && performance.now() < deadline; length >>= 1) {
    for (let start = 0; start < text.length && performance.now() < deadline; ) {
      const end = Math.min(text.length, start + length);
      const all = steps.flat();
      const isAbove = all.every((it) => it.start >= end);
      // Below everything that was edited, wherever earlier edits may have moved it.
      const isBelow = all.every((it) => it.end + all.reduce((sum, edit) => sum + edit.text.length, 0) <= start);
      const moved = isAbove
        ? steps.map((edits) =>
            edits.map((it) => ({ ...it, start: it.start - (end - start), end: it.end - (end - start) })),
          )
        : steps;
      const shorter = text.slice(0, start) + text.slice(end);
      if ((isAbove || isBelow) && differs(engine, settings, path, shorter, moved)) {
        text = shorter;
        steps = moved;
      } else start = end;
    }
  }
  return { text, steps };
}

/** A difference as a reader wants it: the findings that only one of the two has. */
export function told({ seed, path, step, history, incremental, fresh }: Difference): string {
  const line = (value: unknown) => (value instanceof Error ? value.stack : JSON.stringify(value)) ?? "nothing";
  const only = (a: unknown, b: unknown) => {
    const [mine = [], theirs = []] = [a, b].map(
      (it) => (it as { readonly findings?: readonly unknown[] }).findings ?? [],
    );
    return mine.filter((it) => !theirs.some((other) => isDeepStrictEqual(it, other))).map(line);
  };
  const [extra, missing] =
    incremental instanceof Error ? [[line(incremental)], []] : [only(incremental, fresh), only(fresh, incremental)];
  const others =
    extra.length + missing.length === 0
      ? Object.keys(fresh as object).filter(
          (key) =>
            !isDeepStrictEqual((fresh as Record<string, unknown>)[key], (incremental as Record<string, unknown>)[key]),
        )
      : [];
  return [
    `seed ${seed}, step ${step}, ${path}`,
    `  edits: ${line(history.at(-1)?.edits).slice(0, 400)}`,
    ...extra.map((it) => `  only after the edit: ${it}`),
    ...missing.map((it) => `  only in a fresh analysis: ${it}`),
    ...others.map((it) => `  different: ${it}`),
  ].join("\n");
}
