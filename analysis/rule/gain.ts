/** What was measured of following a rule, and how it is said: in the rule's page as a sentence, in a list as one figure. */

import type { Rule } from "./rule.js";

/** At one size: how many times less the repaired form takes. `memory` is null where both take too little to tell. */
export interface MeasuredSize {
  readonly n: number;
  readonly time: number;
  readonly memory: number | null;
}

export interface Measured {
  /** What there are `n` of: rows. */
  readonly unit: string;
  /** From the smallest to the largest. */
  readonly sizes: readonly [MeasuredSize, ...MeasuredSize[]];
  /** The fitted exponents of the time of both forms; null where it is too short to tell. */
  readonly growth: { readonly before: number | null; readonly after: number | null };
  /** What it was measured on, as `CPython 3.11`, and the versions of what the workload imports. */
  readonly python: string;
  readonly libraries: Readonly<Record<string, string>>;
  /** Of rules about memory, how many times less it is at the largest size under other Pythons, whose objects are laid out otherwise. */
  readonly elsewhere?: readonly { readonly python: string; readonly memory: number | null }[];
}

/** Less than this is noise, or not worth a change: it is called no gain. */
export const LEAST_GAIN = 1.2;
/** Exponents that differ by this much are another order of growth. */
export const LEAST_ORDER = 0.5;
/** Memory that nobody asked about is told only if it falls by more. */
const TELLING_MEMORY = 1.5;

type Told = Pick<Rule, "gain" | "imports" | "measured">;
type Of = (size: MeasuredSize) => number | null;

interface Words {
  readonly better: string;
  readonly worse: string;
  readonly same: string;
}

const TIME: Words = { better: "faster", worse: "slower", same: "no faster" };
const MEMORY: Words = { better: "less memory", worse: "more memory", same: "no less memory" };
const timeOf: Of = (it) => it.time;
const memoryOf: Of = (it) => it.memory;

/** `about 21× faster at 20,000 rows (1.3× at 50), growth n² became n; pandas 3.0, CPython 3.11`. Undefined where nothing was measured. */
export function measuredGain({ gain, imports, measured }: Told): string | undefined {
  if (!measured) return undefined;
  const { unit, sizes, growth, python, libraries } = measured;
  const largest = sizes.at(-1)!;
  const where = `at ${grouped(largest.n)} ${unit}`;
  const memory = largest.memory;
  const claim = gain === "memory" && memory !== null ? ([memoryOf, MEMORY] as const) : ([timeOf, TIME] as const);
  const others = [
    ...(claim[1] === MEMORY ? elsewhereTold(measured, memory!) : []),
    ...(gain === "complexity" ? grown(growth) : []),
    ...(claim[1] === MEMORY && compared(largest.time) !== "same" ? [told(largest.time, TIME)] : []),
    ...(claim[1] === TIME && memory !== null && memory > TELLING_MEMORY ? [told(memory, MEMORY)] : []),
  ];
  const versions = [
    ...Object.entries(libraries)
      .filter(([name]) => imports.includes(name))
      .map(([name, version]) => `${name} ${version}`),
    python,
  ];
  const main = `${told(claim[0](largest)!, claim[1])} ${where}`;
  return `${[`${main}${smaller(measured, ...claim)}`, ...others].join(", ")}; ${versions.join(", ")}`;
}

/** `21× faster`, `5.3× lighter`; undefined where the largest size brings nothing, or nothing was measured. */
export function gainFigure({ gain, measured }: Told): string | undefined {
  const largest = measured?.sizes.at(-1);
  if (!largest) return undefined;
  const ratio = gain === "memory" ? largest.memory : largest.time;
  return ratio !== null && compared(ratio) === "better"
    ? `${factor(ratio)} ${gain === "memory" ? "lighter" : "faster"}`
    : undefined;
}

/** Less is the work of the measuring itself. */
const OTHER_FIGURE = 1.15;

/** `1.2× on CPython 3.10 and 3.13`: where it is another figure than here. */
function elsewhereTold({ elsewhere = [] }: Measured, here: number): readonly string[] {
  const pythons = new Map<string, string[]>();
  for (const { python, memory } of elsewhere) {
    if (memory === null || Math.max(memory / here, here / memory) < OTHER_FIGURE) continue;
    pythons.set(factor(memory), [...(pythons.get(factor(memory)) ?? []), python.replace("CPython ", "")]);
  }
  return [...pythons].map(([told, versions]) => `${told} on CPython ${versions.join(" and ")}`);
}

function compared(ratio: number): "better" | "worse" | "same" {
  return ratio >= LEAST_GAIN ? "better" : ratio <= 1 / LEAST_GAIN ? "worse" : "same";
}

function told(ratio: number, words: Words): string {
  const kind = compared(ratio);
  return kind === "same" ? words.same : `about ${factor(kind === "better" ? ratio : 1 / ratio)} ${words[kind]}`;
}

/** What becomes of the gain where there is less to do. */
function smaller({ unit, sizes: [smallest, ...more] }: Measured, of: Of, { worse }: Words): string {
  const largest = more.at(-1);
  if (!largest || compared(of(largest)!) !== "better") return "";
  const sizes = [smallest, ...more];
  // Memory too small to tell brings nothing either.
  const kinds = sizes.map((it) => compared(of(it) ?? 1));
  const without = kinds.indexOf("better") - 1;
  if (without < 0) {
    const [small, large] = [factor(of(smallest)!), factor(of(largest)!)];
    return small === large ? ` and at ${grouped(smallest.n)}` : ` (${small} at ${grouped(smallest.n)})`;
  }
  const costly = kinds.slice(0, without + 1).lastIndexOf("worse");
  const upTo = (index: number) => `up to ${grouped(sizes[index]!.n)}`;
  if (costly === without) return `, ${worse} ${upTo(costly)} ${unit}`;
  return `, no gain ${upTo(without)} ${unit}${costly < 0 ? "" : ` (${worse} ${upTo(costly)})`}`;
}

function grown({ before, after }: Measured["growth"]): readonly string[] {
  if (before === null || after === null || before - after < LEAST_ORDER) return [];
  return [`growth ${power(before)} became ${power(after)}`];
}

const POWERS = ["constant", "n", "n²", "n³", "n⁴"];

/**
 * The nearest whole power if it is near. A fraction is what fixed costs or the logarithm of a sort make of a whole power
 * at the sizes that were measured: no order of growth, so only the powers beside it are told.
 */
function power(exponent: number): string {
  if (exponent > 4.2) return "steeper than n⁴";
  const whole = Math.max(0, Math.round(exponent));
  if (Math.abs(exponent - whole) <= 0.2 || exponent < 0) return POWERS[whole]!;
  const below = Math.floor(exponent);
  return below === 0 ? "at most n" : `between ${POWERS[below]!} and ${POWERS[below + 1]!}`;
}

/** Two digits: what a machine of another kind may change no one should rely on. */
function factor(ratio: number): string {
  const digits = Number(ratio.toPrecision(2));
  return `${digits < 10 ? digits.toFixed(1) : grouped(digits)}×`;
}

function grouped(value: number): string {
  return value.toLocaleString("en-US");
}
