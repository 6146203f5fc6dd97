/** `nippy rules`: every rule there is, as a table for people or as JSON for programs. */

import {
  gainFigure,
  levelOf,
  measuredGain,
  type Evidence,
  type Level,
  type Rule,
  type Weight,
} from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { level } from "../reports/text.js";
import { counted } from "../result.js";
import { jsonText, paint } from "../terminal.js";

/** Public: a change of this shape is a breaking change, an addition is not. */
export function rulesJson(): string {
  const list = rules.map((rule) => ({
    name: rule.name,
    title: rule.title,
    level: rule.level,
    levels: levelsOf(rule),
    gain: rule.gain,
    fix: rule.fixes,
    guide: rule.guide,
    imports: rule.imports,
    python: { from: rule.python.from ?? null, until: rule.python.until ?? null },
    library: Object.fromEntries(
      Object.entries(rule.library).map(([name, { from, until }]) => [
        name,
        { from: from ?? null, until: until ?? null },
      ]),
    ),
    measured: rule.measured ? { says: measuredGain(rule), ...rule.measured } : null,
  }));
  return jsonText(list);
}

/** The level of a finding by its evidence and weight: "off" where such findings are not reported. */
function levelsOf({ level: base, differs }: Rule): Record<Evidence, Record<Weight, Level>> {
  const at = (evidence: Evidence, weight: Weight) =>
    base === "off" ? "off" : levelOf(base, evidence, weight, differs);
  const row = (evidence: Evidence) => ({
    heavy: at(evidence, "heavy"),
    unknown: at(evidence, "unknown"),
    light: at(evidence, "light"),
  });
  return { proof: row("proof"), strong: row("strong"), fair: row("fair") };
}

export function rulesTable(color: boolean): string {
  const ink = paint(color);
  const names = Math.max(0, ...rules.map((it) => it.name.length));
  const gains = Math.max(0, ...rules.map((it) => gainFigure(it)?.length ?? 0));
  const row = (rule: Rule) => {
    const shownLevel = rule.level === "off" ? ink.dim("off") : level(rule.level, ink);
    const fix = rule.fixes === null ? "" : rule.fixes === "safe" ? "fix" : "review";
    const painted = rule.fixes === "safe" ? ink.green(fix) : ink.cyan(fix);
    return `${rule.name.padEnd(names)}  ${shownLevel}${" ".repeat(7 - rule.level.length)}  ${painted}${" ".repeat(6 - fix.length)}  ${gains > 0 ? `${(gainFigure(rule) ?? "").padEnd(gains)}  ` : ""}${rule.title}\n`;
  };
  const safe = rules.filter((it) => it.fixes === "safe").length;
  const review = rules.filter((it) => it.fixes === "review").length;
  return `${rules.map(row).join("")}\n${counted(rules.length, "rule")}: ${safe} with a safe fix, ${review} with a review fix. "nippy explain NAME" says more.\n`;
}
