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
  /** Every word some rule needs, sorted. */
  readonly words: readonly string[];
  readonly bySettings: WeakMap<Settings, KeptFor>;
}

interface KeptFor {
  readonly active: ReadonlyMap<Rule, Exclude<Level, "off">>;
  readonly levels: Dispatch["levels"];
  readonly dispatches: Map<string, Dispatch>;
}

/** Kept per list of rules, settings object, and set of imported modules and of words: all seldom change while typing. */
const kept = new WeakMap<readonly Rule[], Kept>();

/** @param wordsAmong those of some words that stand in the file; left out, all may: a rule that is woken in vain finds out by itself that there is nothing to say */
export function dispatchFor(rules: readonly Rule[], settings: Settings, imports: Modules, wordsAmong: (words: readonly string[]) => ReadonlySet<string> = (it) => new Set(it)): Dispatch {
  const { modules, words: needed, bySettings } = keptFor(rules);
  const words = wordsAmong(needed);
  const wanted = `${modules.filter((it) => imports.has(it)).join()} ${needed.filter((it) => words.has(it)).join()}`;
  const { active, levels, dispatches } = keptForSettings(bySettings, rules, settings);
  const known = dispatches.get(wanted);
  if (known) return known;

  const table: Rule[][] = KINDS.map(() => []);
  for (const rule of active.keys()) {
    if (!isAwake(rule, settings, imports, words)) continue;
    for (const kind of rule.on) table[KIND_IDS.get(kind)!]!.push(rule);
  }
  const dispatch: Dispatch = {
    table: table.map((it) => (it.length > 0 ? it : undefined)),
    levels,
    key: wanted,
  };
  dispatches.set(wanted, dispatch);
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
  const made: Kept = { modules: distinct(rules.flatMap((it) => it.imports)), words: distinct(rules.flatMap((it) => it.words)), bySettings: new WeakMap() };
  kept.set(rules, made);
  return made;
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

function isAwake({ imports: wanted, words: needed, python }: Rule, settings: Settings, imports: Modules, words: ReadonlySet<string>): boolean {
  if (python.from && !isAtLeast(settings.python, python.from)) return false;
  if (python.until && isAtLeast(settings.python, python.until)) return false;
  if (needed.length > 0 && !needed.some((it) => words.has(it))) return false;
  return wanted.length === 0 || wanted.some((it) => imports.has(it));
}
