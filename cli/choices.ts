/** What the command line says about settings, checked against the rules there are and laid over what a configuration says. */

import {
  decisions,
  matcher,
  mergeSettings,
  readSettings,
  namedRules,
  type Level,
  type LevelSetting,
  type NamedRule,
  type Settings,
} from "../analysis/analyzer.js";
import { Trouble } from "./trouble.js";

/** All that a choice needs to know of a rule. */
export interface RuleLevel extends NamedRule {
  readonly level: Level;
}

export interface Choices {
  readonly minLevel: Settings["minLevel"] | undefined;
  readonly python: string | undefined;
  readonly select: readonly string[];
  readonly ignore: readonly string[];
}

/** The settings of one configuration under the command line's choices: the last word is the command line's. */
export type Chosen = (configured: readonly Partial<Settings>[]) => Settings;

/** @throws {Trouble} when a choice makes no sense */
export function readChoices({ python, select, ignore, minLevel }: Choices, rules: readonly RuleLevel[]): Chosen {
  const namesOf = (words: readonly string[]) => words.flatMap((it) => named(it, rules));
  const [selects, ignores] = [namesOf(select), namesOf(ignore)];
  const version = readPython(python, rules);
  return (configured) => {
    const settings = mergeSettings(...configured, version, minLevel ? { minLevel } : {});
    const ignored = ignores.map((name) => [name, "off"] as const);
    return { ...settings, levels: [...settings.levels, ...selected(selects, settings, rules), ...ignored] };
  };
}

function named(word: string, rules: readonly RuleLevel[]): readonly string[] {
  const found = namedRules(word, rules);
  if ("problem" in found) throw new Trouble(found.problem);
  return found.names;
}

/** Only what is named stays, and a rule named in full is on even where it is off by default. */
function selected(names: readonly string[], settings: Settings, rules: readonly RuleLevel[]): Settings["levels"] {
  if (names.length === 0) return [];
  const matchers = names.map(matcher);
  const decided = decisions(settings.levels);
  return rules.flatMap((rule) => {
    if (!matchers.some((fits) => fits(rule.name))) return [[rule.name, "off"] as const];
    return names.includes(rule.name) ? [[rule.name, levelWhenNamed(rule, decided(rule.name))] as const] : [];
  });
}

function levelWhenNamed(rule: RuleLevel, decided: LevelSetting = "default"): Level {
  if (decided !== "default" && decided !== "off") return decided;
  return rule.level === "off" ? "info" : rule.level;
}

function readPython(version: string | undefined, rules: readonly RuleLevel[]): Partial<Settings> {
  if (version === undefined) return {};
  const { settings, problems } = readSettings({ python: version }, rules);
  if (problems.length > 0) throw new Trouble(`--python takes a version such as 3.11, not "${version}".`);
  return settings;
}
