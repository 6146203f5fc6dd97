/** Finds what a project says about Nippy: the closest `nippy.toml`, or `pyproject.toml` with `[tool.nippy]`, above a file, and what that one extends. */

import {
  configurationName,
  LEAVES_REPOSITORY,
  readLayers,
  saidInAll,
  type ConfigurationName,
  type ConfigurationText,
  type Extended,
  type Extends,
  type Layer,
  type NamedRule,
  type Rule,
  type Said,
} from "../analysis/analyzer.js";
import { folderAt, foldersAbove, joined, relativeTo } from "./uris.js";

/** In the order in which they count within one folder. */
export const CONFIGURATION_NAMES: readonly ConfigurationName[] = ["nippy.toml", "pyproject.toml"];

export interface ConfigurationFile {
  readonly uri: string;
  readonly name: ConfigurationName;
  readonly folder: string;
  readonly text: string;
}

export interface Project {
  readonly said: Said;
  /** The file the settings come from. */
  readonly source?: ConfigurationFile;
  /** That file, after those that it extends. */
  readonly layers: readonly Layer[];
  /** The closest pyproject.toml, even if it says nothing about Nippy: a level can be written there. */
  readonly pyproject?: ConfigurationFile;
}

/** Undefined where there is no such file, or it is no regular file, or it has more bytes than `most`. */
export type ReadFile = (uri: string, most: number) => Promise<string | undefined>;

/** How configurations are reached. */
export interface Reach {
  readonly readFile: (uri: string) => Promise<string | undefined>;
  /** Where a file really lies, links followed. */
  readonly endOf: (uri: string) => Promise<string>;
  /** The last folder looked into; without one it is the root. */
  readonly top: string | undefined;
}

/** The closest configuration counts alone, with those that it extends; others further up add nothing. */
export async function findProject(uri: string, reach: Reach, rules: readonly Rule[]): Promise<Project> {
  let own: { readonly source: ConfigurationFile; readonly layers: readonly Layer[] } | undefined;
  let pyproject: ConfigurationFile | undefined;
  for (const folder of foldersAbove(uri, reach.top)) {
    for (const name of CONFIGURATION_NAMES) {
      if (own && (pyproject || name === "nippy.toml")) continue;
      const file = joined(folder, name);
      const text = await reach.readFile(file);
      if (text === undefined) continue;
      const source: ConfigurationFile = { uri: file, name, folder, text };
      if (name === "pyproject.toml") pyproject ??= source;
      if (own) continue;
      const layers = await layersOf({ source: file, name, text }, reach, rules);
      if (layers) own = { source, layers };
    }
    if (own && pyproject) break;
  }
  const layers = own?.layers ?? [];
  return { said: saidInAll(layers), layers, ...(own && { source: own.source }), ...(pyproject && { pyproject }) };
}

/** A configuration after those that it extends; undefined for a pyproject.toml that does not speak of Nippy. */
export async function layersOf(
  first: ConfigurationText,
  reach: Reach,
  rules: readonly NamedRule[],
): Promise<readonly Layer[] | undefined> {
  // A broken pyproject.toml is our business only if Nippy is spoken of in it.
  if (first.name === "pyproject.toml" && !first.text.includes("nippy")) return undefined;
  const reading = readLayers(first, rules);
  let step = reading.next();
  while (!step.done) step = reading.next(await readExtended(step.value, reach));
  return step.value;
}

/** By where it really lies: a repository may hold a link to any file of the user. */
async function readExtended({ from, path }: Extends, reach: Reach): Promise<Extended> {
  const folder = folderAt(from);
  const source = new URL(path.split("/").map(encodeURIComponent).join("/"), from).href;
  const root = await repositoryAround(folder, reach);
  if (relativeTo(root, source) === undefined) return { problem: LEAVES_REPOSITORY };
  const [end, realRoot] = await Promise.all([reach.endOf(source), reach.endOf(root)]);
  if (relativeTo(realRoot, end) === undefined) return { problem: LEAVES_REPOSITORY };
  const text = await reach.readFile(source);
  return text === undefined ? { problem: "is not there" } : { source, name: configurationName(source), text };
}

/** The closest folder with `.git`, which is a file in a work tree that was added; without one the workspace's folder, as further up nothing is looked for. */
async function repositoryAround(folder: string, { readFile, top }: Reach): Promise<string> {
  for (const it of [folder, ...foldersAbove(folder, undefined)])
    for (const mark of [".git/HEAD", ".git"]) if ((await readFile(joined(it, mark))) !== undefined) return it;
  return top ?? folder;
}
