/** What the command line says about settings, checked against the rules there are and laid over what a configuration says. */

import { decisions, matcher, mergeSettings, readSettings, unknownName, type LevelSetting, type Rule, type Settings } from "../analysis/analyzer.js";
import { Trouble } from "./trouble.js";

export interface Choices {
  readonly python: string | undefined;
  readonly select: readonly string[];
  readonly ignore: readonly string[];
}

/** The settings of one configuration under the command line's choices: the last word is the command line's. */
export type Chosen = (configured: readonly Partial<Settings>[]) => Settings;

/** @throws {Trouble} when a choice makes no sense */
export function readChoices({ python, select, ignore }: Choices, rules: readonly Rule[]): Chosen {
  for (const name of [...select, ...ignore]) {
    const problem = unknownName(name, rules);
    if (problem) throw new Trouble(problem);
  }
  const version = readPython(python, rules);
  return (configured) => {
    const settings = mergeSettings(...configured, version);
    const ignored = ignore.map((name) => [name, "off"] as const);
    return { ...settings, levels: [...settings.levels, ...selected(select, settings, rules), ...ignored] };
  };
}

/** Only what is named stays, and a rule named in full is on even where it is off by default. */
function selected(names: readonly string[], settings: Settings, rules: readonly Rule[]): Settings["levels"] {
  if (names.length === 0) return [];
  const matchers = names.map(matcher);
  const decided = decisions(settings.levels);
  return rules.flatMap((rule) => {
    if (!matchers.some((fits) => fits(rule.name))) return [[rule.name, "off"] as const];
    return names.includes(rule.name) ? [[rule.name, levelWhenNamed(rule, decided(rule.name))] as const] : [];
  });
}

function levelWhenNamed(rule: Rule, decided: LevelSetting = "default"): Rule["level"] {
  if (decided !== "default" && decided !== "off") return decided;
  return rule.level === "off" ? "info" : rule.level;
}

function readPython(version: string | undefined, rules: readonly Rule[]): Partial<Settings> {
  if (version === undefined) return {};
  const { settings, problems } = readSettings({ python: version }, rules);
  if (problems.length > 0) throw new Trouble(`--python takes a version such as 3.11, not "${version}".`);
  return settings;
}
