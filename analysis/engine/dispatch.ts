/** Which rules look at a file, and which node kinds each of them asks for. */

import type { DocumentKind, Level, Rule } from "../rule/rule.js";
import type { Modules } from "../semantics/name-index.js";
import { fitsGate, type LibraryName } from "../semantics/libraries.js";
import { isAtLeast } from "../semantics/python-version.js";
import { KINDS, type Kind } from "../syntax/kinds.generated.js";
import { KIND_IDS } from "../syntax/tree.js";
import { isNamedFor, NameTable } from "./calls.js";
import { KindRules } from "./kind-rules.js";
import { activeLevels, type Settings } from "./settings.js";

/** Who is asked about a node. */
export interface Listeners {
  /** By kind id. */
  readonly table: readonly (KindRules | undefined)[];
  /** For rules that say which calls or attributes they are about; they do not stand in the table for those. */
  readonly named: NameTable | undefined;
}

export interface Dispatch {
  readonly inLoops: Listeners;
  /** Where no loop stands around: without the rules that are about loops. */
  readonly elsewhere: Listeners;
  readonly levels: ReadonlyMap<string, Exclude<Level, "off">>;
  /** Two dispatches with one key hold the same rules. */
  readonly key: string;
}

interface Kept {
  /** Every module that some rule asks for. */
  readonly modules: readonly string[];
  /** By those of them that a file imports. */
  readonly gates: Map<string, Gates>;
  readonly bySettings: WeakMap<Settings, KeptFor>;
}

/** Which rules may look at a file that imports certain modules. Rules are numbers: their places in the list. */
interface Gates {
  /** Every word that one of them waits for, sorted. The list stays the same object, because whoever looks for the words keeps what it found by the list. */
  readonly words: readonly string[];
  /** Those that wait for no word. */
  readonly always: readonly number[];
  readonly byWord: ReadonlyMap<string, readonly number[]>;
}

interface KeptFor {
  readonly active: ReadonlyMap<Rule, Exclude<Level, "off">>;
  readonly levels: Dispatch["levels"];
  readonly dispatches: Map<string, Dispatch>;
}

/** Files that have other imports or words are looked at by other rules: in a large project nearly each has a list of its own. */
const MOST_KEPT = 64;

/** Kept per list of rules, settings object, and list of the rules that look at a file: all seldom change while typing. */
const kept = new WeakMap<readonly Rule[], Kept>();

/** Of each kind of document its own rules: those of the other kind cost it nothing. Kept by the list of all. */
const byDocument = new WeakMap<readonly Rule[], Readonly<Record<DocumentKind, readonly Rule[]>>>();

export function rulesFor(rules: readonly Rule[], document: DocumentKind): readonly Rule[] {
  let parted = byDocument.get(rules);
  if (!parted) {
    const of = (kind: DocumentKind) => rules.filter((it) => it.document === kind);
    byDocument.set(rules, (parted = { python: of("python"), configuration: of("configuration") }));
  }
  return parted[document];
}

/** @param wordsAmong those of some words that stand in the file; left out, all may: a rule that is asked in vain finds nothing */
export function dispatchFor(
  rules: readonly Rule[],
  settings: Settings,
  imports: Modules,
  wordsAmong: (words: readonly string[]) => ReadonlySet<string> = (it) => new Set(it),
): Dispatch {
  const ofRules = keptFor(rules);
  const gates = gatesFor(rules, ofRules, imports);
  const { active, levels, dispatches } = keptForSettings(ofRules.bySettings, rules, settings);
  const wanted = wantedBy(gates, wordsAmong(gates.words), rules.length);
  const known = dispatches.get(wanted);
  if (known) return known;

  const looking = rules.filter((it, index) => hasBit(wanted, index) && active.has(it));
  const key = looking.map((it) => it.name).join();
  const dispatch: Dispatch = {
    inLoops: listenersOf(looking, rules),
    elsewhere: listenersOf(
      looking.filter((it) => it.within === undefined),
      rules,
    ),
    levels,
    key,
  };
  if (dispatches.size >= MOST_KEPT) dispatches.clear();
  dispatches.set(wanted, dispatch);
  return dispatch;
}

function listenersOf(looking: readonly Rule[], rules: readonly Rule[]): Listeners {
  const byKind = new Map<Kind, Rule[]>();
  for (const rule of looking)
    for (const kind of rule.on) {
      let asked = byKind.get(kind);
      if (!asked) byKind.set(kind, (asked = []));
      if (!isNamedFor(kind, rule)) asked.push(rule);
    }
  const table = new Array<KindRules | undefined>(KINDS.length).fill(undefined);
  for (const [kind, asked] of byKind) table[KIND_IDS.get(kind)!] = new KindRules(kind, asked);
  const named = looking.filter((rule) => rule.on.some((kind) => isNamedFor(kind, rule)));
  return { table, named: named.length > 0 ? new NameTable(rules, new Set(named)) : undefined };
}

function keptForSettings(bySettings: Kept["bySettings"], rules: readonly Rule[], settings: Settings): KeptFor {
  const known = bySettings.get(settings);
  if (known) return known;
  const active = new Map([...activeLevels(rules, settings)].filter(([rule]) => suits(rule, settings)));
  const made: KeptFor = {
    active,
    levels: new Map([...active].map(([rule, level]) => [rule.name, level])),
    dispatches: new Map(),
  };
  bySettings.set(settings, made);
  return made;
}

function keptFor(rules: readonly Rule[]): Kept {
  const known = kept.get(rules);
  if (known) return known;
  const made: Kept = {
    modules: [...new Set(rules.flatMap((it) => it.imports))],
    gates: new Map(),
    bySettings: new WeakMap(),
  };
  kept.set(rules, made);
  return made;
}

/** A rule whose modules are imported waits for its words, if it has any; another one for words that stand for the import. */
function gatesFor(
  rules: readonly Rule[],
  { modules, gates }: Pick<Kept, "modules" | "gates">,
  imports: Modules,
): Gates {
  const present = modules.filter((it) => imports.has(it));
  const key = present.join();
  let known = gates.get(key);
  if (!known) {
    const always: number[] = [];
    const byWord = new Map<string, number[]>();
    rules.forEach((rule, index) => {
      const isImported = rule.imports.length === 0 || rule.imports.some((name) => present.includes(name));
      if (isImported && rule.words.length === 0) always.push(index);
      // Without the import a word that stands for it is enough: to look for the others too costs more than to ask the rule in vain.
      for (const word of isImported ? rule.words : rule.orWords) {
        const waiting = byWord.get(word);
        if (waiting) waiting.push(index);
        else byWord.set(word, [index]);
      }
    });
    if (gates.size >= MOST_KEPT) gates.clear();
    gates.set(key, (known = { words: [...byWord.keys()].sort(), always, byWord }));
  }
  return known;
}

/** The rules that look at a file with some words, sixteen in a character: short enough to look up what is kept for them. */
function wantedBy({ always, byWord }: Gates, words: ReadonlySet<string>, count: number): string {
  const bits = new Uint16Array((count + 15) >> 4);
  for (const index of always) bits[index >> 4]! |= 1 << (index & 15);
  for (const word of words) for (const index of byWord.get(word) ?? NOBODY) bits[index >> 4]! |= 1 << (index & 15);
  return String.fromCharCode(...bits);
}

const NOBODY: readonly number[] = [];

function hasBit(wanted: string, index: number): boolean {
  return (wanted.charCodeAt(index >> 4) & (1 << (index & 15))) !== 0;
}

/** Whether a rule is meant for the Python and the libraries of the project, as far as they are known. */
function suits({ python, library }: Rule, settings: Settings): boolean {
  if (python.from && !isAtLeast(settings.python, python.from)) return false;
  if (python.until && isAtLeast(settings.python, python.until)) return false;
  const names = Object.keys(library) as LibraryName[];
  return names.every((it) => fitsGate(library[it]!, settings.libraries[it]) !== "no");
}
