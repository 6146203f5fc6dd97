/** `nippy config`: what a file is checked with, and where each part comes from. Looks at the project and at no Python. */

import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { effectiveRows, fromOf, rowsInText, statedLevels, type Effective } from "../../analysis/analyzer.js";
import { ruleLevels } from "../../rules/levels.generated.js";
import type { SettingsRequest } from "../arguments.js";
import { readChoices } from "../choices.js";
import { configFinder } from "../config.js";
import { warn } from "../output.js";
import { shownPath } from "../paths.js";
import { jsonText, shown, shownPathFirst } from "../terminal.js";
import { Trouble } from "../trouble.js";

/** @throws {Trouble} when there is no such path, or its configuration cannot be read */
export function settingsOf({ path, config, lenient, format }: SettingsRequest): string {
  const current = process.cwd();
  const absolute = resolve(current, path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (!stats) throw new Trouble(`There is no file or folder "${path}".`);
  const folder = stats.isDirectory() ? absolute : dirname(absolute);

  const choose = readChoices({ python: undefined, minLevel: undefined, select: [], ignore: [] }, ruleLevels);
  const configs = configFinder(config, { choose, rules: ruleLevels, current, isLenient: lenient });
  const found = configs.of(folder);
  warn(configs.warnings, false);
  const target = configs.targetOf(folder);
  const stating = found.layers.findLast((it) => it.said.python !== undefined);
  const effective: Effective = {
    settings: found.settingsFor(absolute),
    layers: found.layers,
    target,
    pythonFrom: stating ? shownPath(stating.source, current) : (target.python ?? target.installed)?.from,
    path: shownPath(absolute, found.base),
    isExcluded: found.excludes(absolute),
    shown: (source) => shownPath(source, current),
  };
  const name = shownPath(absolute, current);
  if (format === "json") return asJson(effective, name);
  return `${shownPathFirst(name)}\n${rowsInText(effectiveRows(effective), (it) => shown(it).text)}`;
}

/** Public: a change of this shape is a breaking change, an addition is not. */
function asJson(effective: Effective, path: string): string {
  const { layers, target, pythonFrom, isExcluded } = effective;
  const { python, levels, exclude, leaveToRuff, requireReason, maxComplexity, minLevel } = effective.settings;
  const files = layers.toReversed().map((it) => effective.shown(it.source));
  const libraries = Object.entries(target.libraries).map(([name, { version, oldest, below }]) => [
    name,
    {
      version: version?.value ?? null,
      from: version?.from ?? null,
      oldest: oldest?.value ?? null,
      oldestFrom: oldest?.from ?? null,
      below: below?.value ?? null,
      belowFrom: below?.from ?? null,
    },
  ]);
  const report = {
    path,
    configuration: files[0] ?? null,
    configurations: files,
    excluded: isExcluded,
    python: { version: python, from: pythonFrom ?? null },
    libraries: Object.fromEntries(libraries) as Record<string, unknown>,
    levels,
    levelsFrom: statedLevels(effective).map(({ text, from }) => ({ level: text, from: from ?? null })),
    exclude,
    excludeFrom: fromOf(effective, "exclude").from ?? null,
    leaveToRuff,
    leaveToRuffFrom: fromOf(effective, "leave-to-ruff").from ?? null,
    requireReason,
    requireReasonFrom: fromOf(effective, "require-reason").from ?? null,
    maxComplexity,
    maxComplexityFrom: fromOf(effective, "max-complexity").from ?? null,
    minLevel,
    minLevelFrom: fromOf(effective, "min-level").from ?? null,
  };
  return jsonText(report);
}
