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
  /** Every word some rule needs, sorted. */
  readonly words: readonly string[];
  readonly bySettings: WeakMap<Settings, KeptFor>;
}

interface KeptFor {
  readonly active: ReadonlyMap<Rule, Exclude<Level, "off">>;
  readonly levels: Dispatch["levels"];
  readonly dispatches: Map<string, Dispatch>;
}

/** Kept per list of rules, settings object, and list of the rules that are awake: all seldom change while typing. */
const kept = new WeakMap<readonly Rule[], Kept>();

/** @param wordsAmong those of some words that stand in the file; left out, all may: a rule that is woken in vain finds out by itself that there is nothing to say */
export function dispatchFor(rules: readonly Rule[], settings: Settings, imports: Modules, wordsAmong: (words: readonly string[]) => ReadonlySet<string> = (it) => new Set(it)): Dispatch {
  const { words: needed, bySettings } = keptFor(rules);
  const words = wordsAmong(needed);
  const { active, levels, dispatches } = keptForSettings(bySettings, rules, settings);
  const awake = [...active.keys()].filter((it) => isAwake(it, settings, imports, words));
  // Rules that ask for the same wake and sleep together: far fewer lists than sets of imports.
  const key = awake.map((it) => it.name).join();
  const known = dispatches.get(key);
  if (known) return known;

  const table = new Array<Rule[] | undefined>(KINDS.length).fill(undefined);
  for (const rule of awake) for (const kind of rule.on) (table[KIND_IDS.get(kind)!] ??= []).push(rule);
  const dispatch: Dispatch = { table, levels, key };
  dispatches.set(key, dispatch);
  return dispatch;
}

function keptForSettings(bySettings: Kept["bySettings"], rules: readonly Rule[], settings: Settings): KeptFor {
  const known = bySettings.get(settings);
  if (known) return known;
  const active = activeLevels(rules, settings);
  const made: KeptFor = { active, levels: new Map([...active].map(([rule, level]) => [rule.name, level])), dispatches: new Map() };
  bySettings.set(settings, made);
  return made;
}

function keptFor(rules: readonly Rule[]): Kept {
  const known = kept.get(rules);
  if (known) return known;
  const made: Kept = { words: [...new Set(rules.flatMap((it) => it.words))].sort(), bySettings: new WeakMap() };
  kept.set(rules, made);
  return made;
}

function isAwake({ imports: wanted, words: needed, python }: Rule, settings: Settings, imports: Modules, words: ReadonlySet<string>): boolean {
  if (python.from && !isAtLeast(settings.python, python.from)) return false;
  if (python.until && isAtLeast(settings.python, python.until)) return false;
  if (needed.length > 0 && !needed.some((it) => words.has(it))) return false;
  return wanted.length === 0 || wanted.some((it) => imports.has(it));
}
