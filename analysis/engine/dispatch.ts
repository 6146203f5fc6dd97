/** Which rules are awake in a file and which node kinds wake them. */

import type { Level, Rule } from "../rule/rule.js";
import { isAtLeast } from "../semantics/python-version.js";
import { KINDS } from "../syntax/kinds.generated.js";
import { KIND_IDS } from "../syntax/tree.js";
import { activeLevels, type Settings } from "./settings.js";

export interface Dispatch {
  /** By kind id. */
  readonly table: readonly (readonly Rule[] | undefined)[];
  readonly levels: ReadonlyMap<string, Exclude<Level, "off">>;
  /** Two dispatches with one key wake the same rules. */
  readonly key: string;
}

/** Kept per settings object and set of imported modules: both seldom change while typing. */
const kept = new WeakMap<Settings, Map<string, Dispatch>>();

export function dispatchFor(rules: readonly Rule[], settings: Settings, imports: ReadonlySet<string>): Dispatch {
  const wanted = [...new Set(rules.flatMap((it) => it.imports))].filter((it) => imports.has(it)).sort().join();
  const perSettings = kept.get(settings) ?? new Map<string, Dispatch>();
  kept.set(settings, perSettings);
  const known = perSettings.get(wanted);
  if (known) return known;

  const active = activeLevels(rules, settings);
  const table: Rule[][] = KINDS.map(() => []);
  for (const rule of active.keys()) {
    if (!isAwake(rule, settings, imports)) continue;
    for (const kind of rule.on) table[KIND_IDS.get(kind)!]!.push(rule);
  }
  const dispatch: Dispatch = {
    table: table.map((it) => (it.length > 0 ? it : undefined)),
    levels: new Map([...active].map(([rule, level]) => [rule.name, level])),
    key: wanted,
  };
  perSettings.set(wanted, dispatch);
  return dispatch;
}

function isAwake({ imports: wanted, python }: Rule, settings: Settings, imports: ReadonlySet<string>): boolean {
  if (python.from && !isAtLeast(settings.python, python.from)) return false;
  if (python.until && isAtLeast(settings.python, python.until)) return false;
  return wanted.length === 0 || wanted.some((it) => imports.has(it));
}
