/** What holds for a file and where each value comes from, in rows for people: the command line and the editor show the same. */

import { lineIndex } from "../text/line-index.js";
import { mapToml } from "../text/toml-map.js";
import { visible } from "../text/visible.js";
import { saidInAll, type Layer } from "./layers.js";
import { isLevel, rootOf } from "./read-settings.js";
import type { SettingKey } from "./setting-table.js";
import { excluder, type Settings } from "./settings.js";
import { onlyFollows } from "./newest-python.js";
import { libraryInWords, type Target } from "./target.js";

const LONGEST_SHOWN = 200;

export interface Effective {
  readonly settings: Settings;
  readonly layers: readonly Layer[];
  readonly target: Target;
  /** Where the Python comes from; undefined where it is assumed. */
  readonly pythonFrom: string | undefined;
  /** From the folder of the configuration. */
  readonly path: string;
  readonly isExcluded: boolean;
  /** A file as messages show it. */
  readonly shown: (source: string) => string;
  /** What somebody says beside the project, and who; and who of both has the last word. */
  readonly beside?: { readonly said: Partial<Settings>; readonly from: string; readonly isStronger: boolean };
}

export interface EffectiveRow {
  readonly label: string;
  /** Each with the place that says so, where there is one. */
  readonly values: readonly StatedValue[];
}

export interface StatedValue {
  readonly text: string;
  /** `nippy.toml:3` */
  readonly from?: string | undefined;
}

export function effectiveRows(effective: Effective): readonly EffectiveRow[] {
  const { settings, layers, target, pythonFrom, isExcluded, shown, beside } = effective;
  const libraries = Object.entries(target.libraries).filter(([, it]) => !onlyFollows(it));
  const width = Math.max(0, ...libraries.map(([name]) => name.length));
  const row = (label: string, ...values: readonly StatedValue[]): EffectiveRow => ({ label, values });
  const one = (label: string, text: string, key: SettingKey, isBeside: boolean) => {
    const own = fromOf(effective, key);
    const isOver = isBeside && (beside?.isStronger === true || own.from === undefined);
    return row(label, { text, ...(isOver ? { from: beside?.from } : own) });
  };
  const levels = saidBeside(beside, ({ levels: all = [] }) => all.map((it) => it.join(" = ")));
  const stated = statedLevels(effective);
  const globs = saidInAll(layers).exclude ?? [];
  return [
    row("configuration", ...layers.toReversed().map((it) => ({ text: shown(it.source) }))),
    row("analysed", { text: isExcluded ? "no" : "yes" }),
    row("Python", { text: settings.python, from: pythonFrom ?? "assumed: the project does not say" }),
    row("libraries", ...libraries.map(([name, it]) => ({ text: `${name.padEnd(width)}  ${libraryInWords(it)}` }))),
    row("levels", ...(beside?.isStronger === false ? [...levels, ...stated] : [...stated, ...levels])),
    row(
      "exclude",
      ...globs.map((text) => ({ text, ...fromOf(effective, "exclude") })),
      ...saidBeside(beside, ({ exclude = [] }) => exclude),
    ),
    one("shown from", settings.minLevel, "min-level", false),
    one(
      "reasons",
      settings.requireReason ? "required" : "not required",
      "require-reason",
      beside?.said.requireReason === true,
    ),
    one(
      "complexity",
      `up to ${settings.maxComplexity} ways`,
      "max-complexity",
      beside?.said.maxComplexity !== undefined,
    ),
    one("leave to Ruff", settings.leaveToRuff ? "yes" : "no", "leave-to-ruff", beside?.said.leaveToRuff === true),
  ];
}

function saidBeside(
  beside: Effective["beside"],
  values: (said: Partial<Settings>) => readonly string[],
): readonly StatedValue[] {
  return beside ? values(beside.said).map((text) => ({ text, from: beside.from })) : [];
}

/** Columns of text; `shown` makes a value safe for where it goes. */
export function rowsInText(rows: readonly EffectiveRow[], shown: (text: string) => string): string {
  const label = Math.max(...rows.map((it) => it.label.length));
  return rows
    .flatMap(({ label: name, values }) =>
      (values.length > 0 ? values : [{ text: "none" }]).map(
        ({ text, from }: StatedValue, index) =>
          `  ${(index === 0 ? name : "").padEnd(label)}  ${shown(from === undefined ? text : `${text} (${from})`)}\n`,
      ),
    )
    .join("");
}

/** As they are written, those of the configuration that comes last at the end: a later one beats an earlier one. */
export function statedLevels({ layers, path, shown }: Effective): readonly StatedValue[] {
  const ofAll: StatedValue[] = [];
  const ofFiles: StatedValue[] = [];
  for (const layer of layers) {
    const root = rootOf(layer.name);
    const lines = lineIndex(layer.text);
    for (const { path: whole, parts, value } of mapToml(layer.text).entries) {
      const [key, ...names] = whole.slice(root.length);
      if (!value || parts.length === 0 || names.length === 0 || root.some((it, index) => whole[index] !== it)) continue;
      const level = layer.text.slice(value.start, value.end).replace(/^["']|["']$/g, "");
      if (!isLevel(level)) continue;
      const stated = {
        text: `${visible(names.at(-1)!, LONGEST_SHOWN)} = ${level}`,
        from: `${shown(layer.source)}:${lines.positionAt(value.start).line + 1}`,
      };
      if (key === "levels" && names.length === 1) ofAll.push(stated);
      if (key === "per-file-levels" && names.length === 2 && excluder([names[0]!])(path)) ofFiles.push(stated);
    }
  }
  return [...ofAll, ...ofFiles];
}

/** The place of the layer that has the last word. */
export function fromOf({ layers, shown }: Effective, key: SettingKey): { readonly from?: string } {
  for (const layer of layers.toReversed()) {
    const range = mapToml(layer.text).keyOf([...rootOf(layer.name), key]);
    if (range) return { from: `${shown(layer.source)}:${lineIndex(layer.text).positionAt(range.start).line + 1}` };
  }
  return {};
}
