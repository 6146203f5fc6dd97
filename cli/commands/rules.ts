/** `nippy rules`: every rule there is, as a table for people or as JSON for programs. */

import type { Rule } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { level } from "../reports/text.js";
import { counted } from "../result.js";
import { paint } from "../terminal.js";

/** Public: a change of this shape is a breaking change. */
export function rulesJson(): string {
  const list = rules.map(({ name, title, level: own, fixes, guide, imports, python }) => ({
    name,
    title,
    level: own,
    fix: fixes,
    guide,
    imports,
    python: { from: python.from ?? null, until: python.until ?? null },
  }));
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

export function rulesTable(color: boolean): string {
  const ink = paint(color);
  const names = Math.max(0, ...rules.map((it) => it.name.length));
  const row = (rule: Rule) => {
    const shownLevel = rule.level === "off" ? ink.dim("off") : level(rule.level, ink);
    const fix = rule.fixes === null ? "" : rule.fixes === "safe" ? "fix" : "review";
    const painted = rule.fixes === "safe" ? ink.green(fix) : ink.cyan(fix);
    return `${rule.name.padEnd(names)}  ${shownLevel}${" ".repeat(7 - rule.level.length)}  ${painted}${" ".repeat(6 - fix.length)}  ${rule.title}\n`;
  };
  const safe = rules.filter((it) => it.fixes === "safe").length;
  const review = rules.filter((it) => it.fixes === "review").length;
  return `${rules.map(row).join("")}\n${counted(rules.length, "rule")}: ${safe} with a fix, ${review} with a fix to be reviewed. "nippy explain NAME" says more.\n`;
}
