/** A configuration and those that it extends. Which files those are is asked of the host step by step, as it reads them at once or later. */

import { mapToml } from "../text/toml-map.js";
import { readToml, rootOf, type ConfigurationName, type SettingsProblem } from "./read-settings.js";
import type { NamedRule } from "./rule-names.js";
import { extended, type Said } from "./settings.js";

export interface ConfigurationText {
  /** The file as its host names files: two are one file where their sources are the same. */
  readonly source: string;
  readonly name: ConfigurationName;
  readonly text: string;
}

export interface Layer extends ConfigurationText {
  readonly said: Said;
  readonly problems: readonly SettingsProblem[];
}

/** A file by its path from the folder of another one. */
export interface Extends {
  readonly from: string;
  readonly path: string;
}

/** Why there is none: the end of a sentence about the path. */
export type Extended = ConfigurationText | { readonly problem: string };

/** What a path that leads too far is told. */
export const LEAVES_REPOSITORY = "leads out of the repository";

/** Nobody needs more to find out where a value comes from. */
const MOST_LAYERS = 5;

/** The furthest one first, the file itself last. Undefined: a pyproject.toml that does not speak of Nippy. */
export function* readLayers(
  first: ConfigurationText,
  rules: readonly NamedRule[],
): Generator<Extends, readonly Layer[] | undefined, Extended> {
  const layers: Layer[] = [];
  let next: Extended = first;
  for (;;) {
    const read = readToml(next.text, next.name, rules);
    if (!read) return undefined;
    const problems = [...read.problems];
    layers.unshift({ ...next, said: read.settings, problems });
    const { extend: path } = read.settings;
    if (path === undefined) return layers;
    const answer: Extended = layers.length < MOST_LAYERS ? yield { from: next.source, path } : TOO_DEEP;
    const problem = whyNot(answer, layers);
    if (problem !== undefined || "problem" in answer) {
      const range = mapToml(next.text).valueOf([...rootOf(next.name), "extend"]);
      problems.push({ message: `What "extend" names is left out: it ${problem}.`, ...(range && { range }) });
      return layers;
    }
    next = answer;
  }
}

const TOO_DEEP: Extended = { problem: `would be one more than ${MOST_LAYERS} files in a row` };

function whyNot(answer: Extended, layers: readonly Layer[]): string | undefined {
  if ("problem" in answer) return answer.problem;
  if (layers.some((it) => it.source === answer.source)) return "leads back to a file that extends it";
  return readToml(answer.text, answer.name, []) ? undefined : "has no [tool.nippy] table";
}

/** What all layers together say. */
export function saidInAll(layers: readonly Layer[]): Said {
  return layers.reduce<Said>((base, it) => extended(base, it.said), {});
}

/** How a file that somebody names is read. */
export function configurationName(path: string): ConfigurationName {
  return /(?:^|[/\\])pyproject\.toml$/.test(path) ? "pyproject.toml" : "nippy.toml";
}
