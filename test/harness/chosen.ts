/** What a run of the tests is narrowed to: NIPPY_RULES holds rules, areas, globs and single programs, one a line. */
import picomatch from "picomatch";
import type { Rule } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";

/** Between a rule and one of its cases in the name of a program: `pandas/iterrows: example 1`. */
const CASE = ": ";

const patterns = (process.env["NIPPY_RULES"] ?? "").split("\n").filter((it) => it !== "");

function isMatch(rule: string, pattern: string): boolean {
  const [wanted = ""] = pattern.split(CASE);
  return wanted === rule || rule.startsWith(`${wanted}/`) || picomatch.isMatch(rule, wanted);
}

export const isNarrowed = patterns.length > 0;

/** All rules, or those that were asked for. */
export const chosenRules: readonly Rule[] = isNarrowed
  ? rules.filter((rule) => patterns.some((it) => isMatch(rule.name, it)))
  : rules;

/** @param name rule and case, as `pandas/iterrows: example 1` */
export function isChosenProgram(name: string): boolean {
  if (!isNarrowed) return true;
  const rule = name.slice(0, name.indexOf(CASE));
  return patterns.some((it) => (it.includes(CASE) ? it.toLowerCase() === name.toLowerCase() : isMatch(rule, it)));
}

/** Whether somebody asked for this very program, and so wants to see what it does. */
export function isAskedFor(name: string): boolean {
  return patterns.some((it) => it.includes(CASE) && it.toLowerCase() === name.toLowerCase());
}
