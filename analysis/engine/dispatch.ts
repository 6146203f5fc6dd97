/** Which rules are awake in a file and which node kinds wake them. */

import type { Level, Rule } from "../rule/rule.js";
import type { Modules } from "../semantics/name-index.js";
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

interface Kept {
  /** Every module some rule asks for, sorted. */
  readonly modules: readonly string[];
  readonly bySettings: WeakMap<Settings, Map<string, Dispatch>>;
}

/** Kept per list of rules, settings object and set of imported modules: all seldom change while typing. */
const kept = new WeakMap<readonly Rule[], Kept>();

export function dispatchFor(rules: readonly Rule[], settings: Settings, imports: Modules): Dispatch {
  const { modules, bySettings } = keptFor(rules);
  const wanted = modules.filter((it) => imports.has(it)).join();
  const perSettings = bySettings.get(settings) ?? new Map<string, Dispatch>();
  bySettings.set(settings, perSettings);
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

function keptFor(rules: readonly Rule[]): Kept {
  const known = kept.get(rules);
  if (known) return known;
  const made: Kept = { modules: [...new Set(rules.flatMap((it) => it.imports))].sort(), bySettings: new WeakMap() };
  kept.set(rules, made);
  return made;
}

function isAwake({ imports: wanted, python }: Rule, settings: Settings, imports: Modules): boolean {
  if (python.from && !isAtLeast(settings.python, python.from)) return false;
  if (python.until && isAtLeast(settings.python, python.until)) return false;
  return wanted.length === 0 || wanted.some((it) => imports.has(it));
}
