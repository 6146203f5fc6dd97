/** Damages real files byte by byte and lets everything loose on what is left of them. */
import { createAnalyzer, type Analyzer, type Parser, type Settings } from "../../analysis/analyzer.js";
import { decode } from "../../cli/source.js";
import { constructs } from "../../guide/constructs/index.generated.js";
import { guide } from "../../guide/index.generated.js";
import { refactorings } from "../../refactorings/index.generated.js";
import { rules } from "../../rules/index.generated.js";
import { damagedBytes, tangled } from "../harness/mutant.js";
import { mixedPages } from "./files.js";
import { random, type Random } from "../harness/random.js";

export interface MutantRun {
  /** Damages and looks at the mutant of one seed. */
  look(seed: number): MutantOutcome;
}

export interface MutantOutcome {
  /** Undefined: nothing failed. */
  readonly problem: string | undefined;
  /** Its bytes are no Python text, and somebody was told so. */
  readonly isRefused: boolean;
  readonly isReal: boolean;
  readonly findings: number;
  readonly milliseconds: number;
}

/** Milliseconds of the processor that a mutant may take: hundreds of times what such texts do. */
const BUDGET = 3_000;
const NEWLINE = 10;

/** @param pages cases of the rules' pages: in a third of the mutants there is something for rules to say */
export function mutants(
  parser: Parser,
  settings: Settings,
  files: readonly Uint8Array[],
  pages: readonly string[],
): MutantRun {
  let failures: string[] = [];
  const engine = createAnalyzer({
    parser,
    rules,
    guide,
    guideUrl: (anchor) => anchor,
    constructs,
    refactorings,
    onFixFailure: ({ rule, error }) => failures.push(`${rule}: ${(error as Error).stack}`),
  });
  return {
    look(seed) {
      failures = [];
      const chance = random(seed);
      const isReal = chance.below(3) > 0;
      const isTangled = !isReal && chance.below(2) === 0;
      const bytes = isTangled
        ? Buffer.from(tangled(chance, pages), "utf8")
        : damagedBytes(
            isReal ? windowOf(chance.pick(files), chance) : Buffer.from(mixedPages(chance, pages, 3), "utf8"),
            chance,
            files,
          );
      const started = process.cpuUsage();
      let outcome = { isRefused: false, findings: 0 };
      try {
        outcome = lookAt(engine, settings, bytes, chance, failures);
      } catch (error) {
        failures.push((error as Error).stack ?? String(error));
      }
      // Not the clock's: other programs on the machine are no reason to fail.
      const { user, system } = process.cpuUsage(started);
      const milliseconds = (user + system) / 1000;
      if (milliseconds > BUDGET) failures.push(`took ${Math.round(milliseconds)} ms for ${bytes.length} bytes`);
      const problem =
        failures.length === 0
          ? undefined
          : `seed ${seed}: ${failures.join("\n")}\n  bytes: ${JSON.stringify(Buffer.from(bytes).toString("latin1"))}`;
      return { ...outcome, isReal, problem, milliseconds };
    },
  };
}

function lookAt(
  engine: Analyzer,
  settings: Settings,
  bytes: Uint8Array,
  chance: Random,
  failures: string[],
): Pick<MutantOutcome, "isRefused" | "findings"> {
  const decoded = decode(bytes);
  if ("problem" in decoded) return { isRefused: true, findings: 0 };
  const { text } = decoded;
  const snapshot = engine.open(text, settings, chance.pick(["m.py", "m.py", "test_m.py", "m.ipynb"]));
  const report = engine.report(snapshot);
  failures.push(...report.failures.map((it) => `${it.rule}: ${(it.error as Error).stack}`));
  for (const finding of report.findings) {
    if (finding.range.start < 0 || finding.range.end > text.length || finding.range.start > finding.range.end)
      failures.push(`${finding.rule} speaks of a place outside the text`);
    engine.fix(snapshot, finding);
  }
  if (chance.below(4) === 0) {
    const start = chance.below(text.length + 1);
    engine.constructAt(snapshot, start);
    engine.wordBefore(snapshot, start);
    const selection = { start, end: Math.min(text.length, start + chance.pick([0, 0, 40])) };
    for (const { name } of engine.refactoringsAt(snapshot, selection)) engine.refactor(snapshot, selection, name);
  }
  if (chance.below(50) === 0) engine.fixAll(snapshot, { review: true });
  return { isRefused: false, findings: report.findings.length };
}

/** Some lines of a file; often its first ones, where encodings are told; seldom most of it. */
function windowOf(file: Uint8Array, { below, pick }: Random): Uint8Array {
  const length = pick([400, 1500, 3000, below(60) === 0 ? 30_000 : 800]);
  if (below(3) === 0) return file.subarray(0, length);
  const start = file.indexOf(NEWLINE, below(file.length)) + 1;
  return file.subarray(start, start + length);
}
