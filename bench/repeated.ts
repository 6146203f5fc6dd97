/**
 * `npm run bench -- repeated [PART…]`: how the time grows when one construct is repeated. Each rule's example stands n times in one function and at top level,
 * with the same names and with names of its own, and so do comments, strings and damaged literals; PART is a part of a name.
 * Time is the CPU's, the best of several runs in a warm process. What grows faster than n^1.3 or takes over a second at 4,000 is marked.
 */
import { readFileSync } from "node:fs";
import { DEFAULT_SETTINGS, type Settings } from "../analysis/engine/settings.js";
import { createAnalyzer } from "../analysis/engine/analyzer.js";
import { createParser } from "../analysis/syntax/parser.js";
import { guide } from "../guide/index.generated.js";
import { rules } from "../rules/index.generated.js";
import { ms } from "./measure.js";
import { exampleTexts, plainTexts, type Repeated } from "./repetitions.js";
import { writeSection } from "./results.js";

/** `--quick` is for looking round: two doublings at once, each taken once. */
const isQuick = process.argv.includes("--quick");
const SIZES = isQuick ? [500, 2000] : [500, 1000, 2000, 4000];
const RUNS = isQuick ? 1 : 3;
/** Repetitions before the clock counts, for the compiler to warm up. */
const WARM = 100;
const MOST_EXPONENT = 1.3;
const MOST_MILLISECONDS = 1000;
/** Below this the exponent says more about the clock than about the code. */
const TOO_SHORT = 100;
/** Larger sizes are not tried once one takes longer than this. */
const ENOUGH = MOST_MILLISECONDS;

/** Every rule is on: what is off by default has to be quick too. */
const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  levels: rules.map((it) => [it.name, it.level === "off" ? "info" : it.level] as const),
};

const STEPS = ["check", "fixes", "fix all"] as const;
type Step = (typeof STEPS)[number];

interface Growth {
  /** Milliseconds by size; shorter than SIZES where the larger ones were not tried. */
  readonly times: readonly number[];
  readonly findings: number;
}

export async function measureRepeated(given: readonly string[]): Promise<void> {
  const parts = given.filter((it) => it !== "--quick");
  const wasm = (name: string) => readFileSync(`dist/${name}.wasm`);
  const parser = await createParser(wasm("web-tree-sitter"), wasm("tree-sitter-python"));
  const analyzer = createAnalyzer({ parser, rules, guide, guideUrl: (anchor) => anchor });

  const measureText = ({ text }: Repeated): Record<Step, Growth> => {
    const times: Record<Step, number[]> = { check: [], fixes: [], "fix all": [] };
    let findings = 0;
    const warm = analyzer.open(text(WARM), SETTINGS, "module.py");
    for (const it of analyzer.report(warm).findings) analyzer.fix(warm, it);
    analyzer.fixAll(warm, { review: true });
    for (const size of SIZES) {
      const source = text(size);
      const best: Record<Step, number> = { check: Infinity, fixes: Infinity, "fix all": Infinity };
      const isOver = (step: Step) => (times[step].at(-1) ?? 0) > ENOUGH;
      for (let run = 0; run < RUNS && !(run > 0 && best.check + best.fixes + best["fix all"] > ENOUGH); run++) {
        if (isOver("check")) break;
        let snapshot = analyzer.open(source, SETTINGS, "module.py");
        best.check = Math.min(
          best.check,
          cpu(() => {
            snapshot = analyzer.open(source, SETTINGS, "module.py");
            findings = analyzer.report(snapshot).findings.length;
          }),
        );
        const told = analyzer.report(snapshot).findings;
        if (!isOver("fixes"))
          best.fixes = Math.min(
            best.fixes,
            cpu(() => told.forEach((it) => analyzer.fix(snapshot, it))),
          );
        if (!isOver("fix all"))
          best["fix all"] = Math.min(
            best["fix all"],
            cpu(() => analyzer.fixAll(snapshot, { review: true })),
          );
      }
      for (const step of STEPS) if (Number.isFinite(best[step])) times[step].push(best[step]);
    }
    const grown = (step: Step): Growth => ({ times: times[step], findings });
    return { check: grown("check"), fixes: grown("fixes"), "fix all": grown("fix all") };
  };

  const texts = [...rules.flatMap((it) => exampleTexts(it, parser)), ...plainTexts()];
  const wanted = texts.filter(({ name }) => parts.length === 0 || parts.some((it) => name.includes(it)));
  const rows: string[] = [];
  let worst = 0;
  for (const it of wanted) {
    const growths = measureText(it);
    for (const step of STEPS) {
      const { times, findings } = growths[step];
      if (step !== "check" && findings === 0) continue;
      const bad = isBad(times);
      if (bad) worst++;
      const row = `| ${bad ? "**" : ""}${it.name}${bad ? "**" : ""} | ${step} | ${findings} | ${SIZES.map((_, index) => (times[index] === undefined ? "–" : ms(times[index]))).join(" | ")} | ${exponentOf(times)?.toFixed(2) ?? "–"} |`;
      rows.push(row);
      if (bad || parts.length > 0) console.log(row);
    }
  }
  console.log(`${rows.length} measurements, ${worst} marked`);
  if (given.length > 0) return;
  const marked = rows.filter((it) => it.startsWith("| **"));
  const slowest = rows
    .filter((it) => !it.startsWith("| **"))
    .sort((a, b) => timeIn(b) - timeIn(a))
    .slice(0, 20);
  writeSection(
    "Repeated constructs",
    `Milliseconds of CPU for n repetitions, the best of ${RUNS} in a warm process, and the exponent of the last two doublings. ${texts.length} texts, ${rows.length} measurements; ${worst} grow faster than n^${MOST_EXPONENT} or take over ${MOST_MILLISECONDS / 1000} s at ${SIZES.at(-1)!.toLocaleString("en")} (marked). Shown are those and the twenty that take longest.`,
    [
      `| text | step | findings | ${SIZES.join(" | ")} | exponent |`,
      `| --- | --- | ---: | ${SIZES.map(() => "---:").join(" | ")} | ---: |`,
      ...marked,
      ...slowest,
    ],
  );
}

function cpu(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Of the last two doublings together; undefined where all is over too soon to tell. */
function exponentOf(times: readonly number[]): number | undefined {
  const last = times.at(-1)!;
  const before = times.at(-3) ?? times.at(-2);
  if (before === undefined || last < TOO_SHORT) return undefined;
  return Math.log2(last / Math.max(before, 0.01)) / (isQuick || times.length >= 3 ? 2 : 1);
}

function isBad(times: readonly number[]): boolean {
  return times.length < SIZES.length || times.at(-1)! > MOST_MILLISECONDS || (exponentOf(times) ?? 0) > MOST_EXPONENT;
}

function timeIn(row: string): number {
  return Number(row.split("|")[7]);
}
