/** `nippy settings`: what a file is checked with, and where each part comes from. Looks at the project and at no Python. */

import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { libraryInWords, type Target } from "../../analysis/analyzer.js";
import { ruleLevels } from "../../rules/levels.generated.js";
import type { SettingsRequest } from "../arguments.js";
import { readChoices } from "../choices.js";
import { closestConfigs, givenConfig, type FolderSettings } from "../config.js";
import { warn } from "../output.js";
import { shownPath } from "../paths.js";
import { jsonText, shown, shownPathFirst } from "../terminal.js";
import { Trouble } from "../trouble.js";

/** @throws {Trouble} when there is no such path, or its configuration cannot be read */
export function settingsOf({ path, config, format }: SettingsRequest): string {
  const current = process.cwd();
  const absolute = resolve(current, path);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (!stats) throw new Trouble(`There is no file or folder "${path}".`);
  const folder = stats.isDirectory() ? absolute : dirname(absolute);

  const choose = readChoices({ python: undefined, minLevel: undefined, select: [], ignore: [] }, ruleLevels);
  const configs =
    config === undefined
      ? closestConfigs(choose, ruleLevels, current)
      : givenConfig(config, choose, ruleLevels, current);
  const found = configs.of(folder);
  warn(configs.warnings, false);
  const given: Given = {
    path: shownPath(absolute, current),
    source: found.source === undefined ? undefined : shownPath(found.source, current),
    target: configs.targetOf(folder),
  };
  return format === "json" ? asJson(found, given) : asText(found, given);
}

interface Given {
  readonly path: string;
  readonly source: string | undefined;
  readonly target: Target;
}

function pythonFrom({ said }: FolderSettings, { source, target }: Given): string | undefined {
  return said.python === undefined ? (target.python ?? target.installed)?.from : source;
}

function asText(found: FolderSettings, given: Given): string {
  const { settings } = found;
  const libraries = Object.entries(given.target.libraries);
  const width = Math.max(0, ...libraries.map(([name]) => name.length));
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ["configuration", [given.source ?? "none"]],
    ["Python", [`${settings.python} (${pythonFrom(found, given) ?? "assumed: the project does not say"})`]],
    ["libraries", libraries.map(([name, it]) => `${name.padEnd(width)}  ${libraryInWords(it)}`)],
    ["levels", settings.levels.map(([name, level]) => `${name} = ${level}`)],
    ["exclude", settings.exclude],
    ["shown from", [settings.minLevel]],
    ["leave to Ruff", [settings.leaveToRuff ? "yes" : "no"]],
  ];
  const label = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.flatMap(([name, values]) =>
    (values.length > 0 ? values : ["none"]).map(
      (it, index) => `  ${(index === 0 ? name : "").padEnd(label)}  ${shown(it).text}`,
    ),
  );
  return `${shownPathFirst(given.path)}\n${lines.join("\n")}\n`;
}

/** Public: a change of this shape is a breaking change, an addition is not. */
function asJson(found: FolderSettings, given: Given): string {
  const { python, levels, exclude, leaveToRuff, minLevel } = found.settings;
  const libraries = Object.entries(given.target.libraries).map(([name, { version, oldest }]) => [
    name,
    {
      version: version?.value ?? null,
      from: version?.from ?? null,
      oldest: oldest?.value ?? null,
      oldestFrom: oldest?.from ?? null,
    },
  ]);
  const report = {
    path: given.path,
    configuration: given.source ?? null,
    python: { version: python, from: pythonFrom(found, given) ?? null },
    libraries: Object.fromEntries(libraries) as Record<string, unknown>,
    levels,
    exclude,
    leaveToRuff,
    minLevel,
  };
  return jsonText(report);
}
