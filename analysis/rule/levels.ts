/** From the evidence and the weight of a finding to its level, and to the number that lists are sorted by. */

import type { Evidence, Weight } from "../semantics/evidence.js";
import { LEVELS, type Level, type LevelExceptions, type Rule } from "./rule.js";

type ShownLevel = Exclude<Level, "off">;

const LOWEST = LEVELS.indexOf("hint");

/**
 * The level of one finding; "off" where the rule does not report such findings.
 *
 * The rule's level, or the one a user gives it, is that of a finding that is certain and heavy. `fair` evidence lowers
 * it by one step, and so does `unknown` weight; `light` weight makes it a hint. An `error` breaks whatever its weight,
 * but asks for better evidence than `fair`.
 */
export function levelOf(base: ShownLevel, evidence: Evidence, weight: Weight, differs: LevelExceptions = {}): Level {
  const exceptions = [evidence === "fair" && differs.fair, weight !== "heavy" && differs[weight]];
  if (exceptions.includes("off")) return "off";
  let index = LEVELS.indexOf(base);
  if (evidence === "fair" && differs.fair !== "kept") index++;
  if (base !== "error") {
    if (weight === "unknown" && differs.unknown !== "kept") index++;
    if (weight === "light" && differs.light !== "kept") index = LOWEST;
  }
  return LEVELS[Math.min(index, LOWEST)]!;
}

/** Whether a level is the least one that is asked for, or a more severe one. */
export function isAtLeast(level: ShownLevel, least: ShownLevel): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}

const SURE: Readonly<Record<Evidence, number>> = { proof: 1, strong: 0.9, fair: 0.6 };
const MATTERS: Readonly<Record<Weight, number>> = { heavy: 1, unknown: 0.5, light: 0.1 };

/** What it is worth to prevent something, by how bad it is. */
const HARM: Readonly<Record<Level, number>> = { error: 1, warning: 0.7, info: 0.4, hint: 0.2, off: 0.2 };
/** What it is worth to be faster or lighter by a factor that nobody measured. */
const UNMEASURED: Readonly<Record<Level, number>> = { error: 0.6, warning: 0.5, info: 0.3, hint: 0.15, off: 0.15 };
/** Another order of growth is worth more than most factors: it has no upper bound. */
const GROWTH = 0.8;
const CLARITY = 0.1;
/** A factor of a thousand counts in full, one of ten for a third. */
const FULL_DECADES = 3;

/** From 0 to 100; more is worth more. A sort key and SARIF's `rank`, not a unit of anything. */
export function valueOf(rule: Pick<Rule, "gain" | "level" | "measured">, evidence: Evidence, weight: Weight): number {
  const matters = rule.level === "error" ? 1 : MATTERS[weight];
  return Math.round(100 * worthOf(rule) * SURE[evidence] * matters);
}

function worthOf({ gain, level, measured }: Pick<Rule, "gain" | "level" | "measured">): number {
  if (gain === "clarity") return CLARITY;
  if (gain === "safety") return HARM[level];
  const largest = measured?.sizes.at(-1);
  const ratio = gain === "memory" ? largest?.memory : largest?.time;
  const worth = typeof ratio === "number" ? Math.log10(Math.max(ratio, 1)) / FULL_DECADES : UNMEASURED[level];
  return Math.min(1, Math.max(worth, gain === "complexity" ? GROWTH : CLARITY));
}

/** The levels a rule's findings get, as Markdown: which evidence and weight lead to which level. Undefined where all lead to one. */
export function levelTable({ level, differs }: Pick<Rule, "level" | "differs">): string | undefined {
  if (level === "off") return undefined;
  const weights: readonly Weight[] = ["heavy", "unknown", "light"];
  const row = (evidence: Evidence) => weights.map((it) => levelOf(level, evidence, it, differs));
  const rows = [
    ["certain", ...row("proof")],
    ["likely", ...row("fair")],
  ];
  if (new Set(rows.flatMap((it) => it.slice(1))).size === 1) return undefined;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((it) => (it === "off" ? "not reported" : it)).join(" | ")} |`;
  return [
    line(["evidence", "matters for certain", "size unknown", "small for certain"]),
    line(["---", "---", "---", "---"]),
    ...rows.map(line),
  ].join("\n");
}
