/** The rules of the view "Rules", without the window: by area, and what is said of each. */

import type { RuleSummary } from "../server/protocol.js";
import { areaOf } from "./findings-tree.js";
import type { Translate } from "./target-text.js";

export interface Area {
  readonly area: string;
  readonly rules: readonly RuleSummary[];
}

/** In the order of their names. */
export function rulesByArea(rules: readonly RuleSummary[]): readonly Area[] {
  const areas = new Map<string, RuleSummary[]>();
  for (const rule of rules.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const area = areaOf(rule.name);
    const known = areas.get(area);
    if (known) known.push(rule);
    else areas.set(area, [rule]);
  }
  return [...areas].map(([area, own]) => ({ area, rules: own }));
}

/** Its level and whether it repairs, in few words. */
export function ruleSays({ level, fixes }: RuleSummary, t: Translate): string {
  return fixes === null ? level : `${level} · ${fixes === "safe" ? t("safe fix") : t("fix to review")}`;
}
