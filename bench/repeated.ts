/**
 * `npm run bench -- repeated [PART…]`: how the time grows when one construct is repeated. Each rule's example stands n times in one function and at top level,
 * with the same names and with names of its own, and so do comments, strings and damaged literals; PART is a part of a name.
 * Time is the CPU's, the least of several rounds in a warm process. What grows faster than n^1.3 or takes over a second at 4,000 is marked.
 */
import { rules } from "../rules/index.generated.js";
import { cpu } from "./cpu.js";
import { engineOfAll, EVERY_RULE } from "./every-rule.js";
import { ms } from "./measure.js";
import { exampleTexts, plainTexts, type Repeated } from "./repetitions.js";
import { writeSection } from "./results.js";

/** `--quick` is for looking round: two doublings at once. */
const isQuick = process.argv.includes("--quick");
const SIZES = isQuick ? [500, 2000] : [500, 1000, 2000, 4000];
const ROUNDS = isQuick ? 1 : 3;
/** What is marked is measured again: a busy machine makes things slower, never faster, so the best of many rounds is the truth. */
const MOST_ROUNDS = isQuick ? 3 : 8;
/** Repetitions before the clock counts, for the compiler to warm up. */
const WARM = 100;
const MOST_EXPONENT = 1.3;
const MOST_MILLISECONDS = 1000;
/** Below this the exponent says more about the clock than about the code. */
const TOO_SHORT = 100;
/** Larger sizes are not tried once one takes longer than this. */
const ENOUGH = MOST_MILLISECONDS;

const STEPS = ["check", "fixes", "fix all"] as const;
type Step = (typeof STEPS)[number];

interface Growth {
  /** The least milliseconds by size; shorter than SIZES where the larger ones were not tried. */
  readonly times: readonly number[];
  readonly findings: number;
}

export async function measureRepeated(given: readonly string[]): Promise<void> {
  const parts = given.filter((it) => it !== "--quick");
  const { parser, analyzer } = await engineOfAll();

  const measureText = ({ text }: Repeated): Record<Step, Growth> => {
    const times: Record<Step, number[]> = { check: [], fixes: [], "fix all": [] };
    let findings = 0;
    const round = (source: string, index: number) => {
      const isTried = (step: Step) => index === 0 || (times[step][index - 1] ?? Infinity) <= ENOUGH;
      const take = (step: Step, work: () => void) => {
        if (isTried(step)) times[step][index] = Math.min(times[step][index] ?? Infinity, cpu(work));
      };
      if (!isTried("check")) return;
      let snapshot = analyzer.open("", EVERY_RULE, "module.py");
      take("check", () => {
        snapshot = analyzer.open(source, EVERY_RULE, "module.py");
        findings = analyzer.report(snapshot).findings.length;
      });
      const told = analyzer.report(snapshot).findings;
      take("fixes", () => told.forEach((it) => analyzer.fix(snapshot, it)));
      take("fix all", () => analyzer.fixAll(snapshot, { review: true }));
    };
    round(text(WARM), 0);
    for (const step of STEPS) times[step] = [];
    const sources = SIZES.map(text);
    const isDoubtful = () => STEPS.some((step) => isBad(times[step]));
    for (let count = 0; count < ROUNDS || (count < MOST_ROUNDS && isDoubtful()); count++) sources.forEach(round);
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
    `Milliseconds of CPU for n repetitions, the least of ${ROUNDS} to ${MOST_ROUNDS} rounds in a warm process, and the exponent: of the last doubling or of the last two, whichever is less. ${texts.length} texts, ${rows.length} measurements; ${worst} grow faster than n^${MOST_EXPONENT} or take over ${MOST_MILLISECONDS / 1000} s at ${SIZES.at(-1)!.toLocaleString("en")} (marked). Shown are those and the twenty that take longest.`,
    [
      `| text | step | findings | ${SIZES.join(" | ")} | exponent |`,
      `| --- | --- | ---: | ${SIZES.map(() => "---:").join(" | ")} | ---: |`,
      ...marked,
      ...slowest,
    ],
  );
}

/**
 * Of the last doubling or of the last two together, whichever is less: what grows too fast shows in both, while a step in between (the
 * collector begins to move what lives on) shows in one. Undefined where all is over too soon to tell.
 */
function exponentOf(times: readonly number[]): number | undefined {
  const last = times.at(-1)!;
  if (times.length < 2 || last < TOO_SHORT) return undefined;
  const exponents = [2, 3]
    .filter((back) => back <= times.length)
    .map(
      (back) =>
        Math.log(last / Math.max(times.at(-back)!, 0.01)) /
        Math.log(SIZES[times.length - 1]! / SIZES[times.length - back]!),
    );
  return Math.min(...exponents);
}

function isBad(times: readonly number[]): boolean {
  return times.length < SIZES.length || times.at(-1)! > MOST_MILLISECONDS || (exponentOf(times) ?? 0) > MOST_EXPONENT;
}

function timeIn(row: string): number {
  return Number(row.split("|")[7]);
}
