/** Which rules look at a file, and which node kinds each of them asks for. */

import type { DocumentKind, Level, Rule } from "../rule/rule.js";
import type { Modules } from "../semantics/name-index.js";
import { fitsGate, type LibraryName } from "../semantics/libraries.js";
import { isAtLeast } from "../semantics/python-version.js";
import { KINDS } from "../syntax/kinds.generated.js";
import { KIND_IDS } from "../syntax/tree.js";
import { isNamedFor, NameTable } from "./calls.js";
import { activeLevels, type Settings } from "./settings.js";

/** Who is asked about a node. */
export interface Listeners {
  /** By kind id. */
  readonly table: readonly (readonly Rule[] | undefined)[];
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
  /** By the modules that a file imports: every word that some rule needs which may look at it, sorted. */
  readonly words: Map<string, readonly string[]>;
  readonly bySettings: WeakMap<Settings, KeptFor>;
}

interface KeptFor {
  readonly active: ReadonlyMap<Rule, Exclude<Level, "off">>;
  readonly levels: Dispatch["levels"];
  readonly dispatches: Map<string, Dispatch>;
}

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
  const { bySettings, ...gates } = keptFor(rules);
  const words = wordsAmong(wordsFor(rules, gates, imports));
  const { active, levels, dispatches } = keptForSettings(bySettings, rules, settings);
  const looking = [...active.keys()].filter((it) => isWanted(it, imports, words));
  // Rules with the same gates look at the same files: far fewer lists than sets of imports.
  const key = looking.map((it) => it.name).join();
  const known = dispatches.get(key);
  if (known) return known;

  const dispatch: Dispatch = {
    inLoops: listenersOf(looking, rules),
    elsewhere: listenersOf(
      looking.filter((it) => it.within === undefined),
      rules,
    ),
    levels,
    key,
  };
  dispatches.set(key, dispatch);
  return dispatch;
}

function listenersOf(looking: readonly Rule[], rules: readonly Rule[]): Listeners {
  const table = new Array<Rule[] | undefined>(KINDS.length).fill(undefined);
  for (const rule of looking)
    for (const kind of rule.on) {
      const asked = (table[KIND_IDS.get(kind)!] ??= []);
      if (!isNamedFor(kind, rule)) asked.push(rule);
    }
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
    words: new Map(),
    bySettings: new WeakMap(),
  };
  kept.set(rules, made);
  return made;
}

/**
 * The words to look for in a file: those of rules that its imports leave out cost nothing. The list stays the same object for the same imports, because
 * whoever looks for them keeps what it found by the list.
 */
function wordsFor(
  rules: readonly Rule[],
  { modules, words }: Pick<Kept, "modules" | "words">,
  imports: Modules,
): readonly string[] {
  const present = modules.filter((it) => imports.has(it));
  const key = present.join();
  let needed = words.get(key);
  if (!needed) {
    const asked = rules.flatMap((it) => {
      const isImported = it.imports.length === 0 || it.imports.some((name) => present.includes(name));
      return isImported ? it.words : it.orWords;
    });
    words.set(key, (needed = [...new Set(asked)].sort()));
  }
  return needed;
}

/** Whether a rule is meant for the Python and the libraries of the project, as far as they are known. */
function suits({ python, library }: Rule, settings: Settings): boolean {
  if (python.from && !isAtLeast(settings.python, python.from)) return false;
  if (python.until && isAtLeast(settings.python, python.until)) return false;
  const names = Object.keys(library) as LibraryName[];
  return names.every((it) => fitsGate(library[it]!, settings.libraries[it]) !== "no");
}

function isWanted(
  { imports: wanted, orWords, words: needed }: Rule,
  imports: Modules,
  words: ReadonlySet<string>,
): boolean {
  const isImported = wanted.length === 0 || wanted.some((it) => imports.has(it));
  // Without the import a word that stands for it is enough: to look for the others too costs more than to ask the rule in vain.
  if (!isImported) return orWords.some((it) => words.has(it));
  return needed.length === 0 || needed.some((it) => words.has(it));
}
