/** Finds what a project says about Nippy: the closest `nippy.toml`, or `pyproject.toml` with `[tool.nippy]`, above a file. */

import { readToml, type Rule, type Settings, type SettingsProblem } from "../analysis/analyzer.js";
import { foldersAbove, joined } from "./uris.js";

export type ConfigurationName = "nippy.toml" | "pyproject.toml";

/** In the order in which they count within one folder. */
export const CONFIGURATION_NAMES: readonly ConfigurationName[] = ["nippy.toml", "pyproject.toml"];

export interface ConfigurationFile {
  readonly uri: string;
  readonly name: ConfigurationName;
  readonly folder: string;
  readonly text: string;
}

export interface Project {
  readonly settings: Partial<Settings>;
  /** The file the settings come from. */
  readonly source?: ConfigurationFile;
  /** The closest pyproject.toml, even if it says nothing about Nippy: a level can be written there. */
  readonly pyproject?: ConfigurationFile;
  readonly problems: readonly SettingsProblem[];
}

type ReadSettings = NonNullable<ReturnType<typeof readToml>>;

/** Undefined where there is no such file, or it is no regular file, or it has more bytes than `most`. */
export type ReadFile = (uri: string, most: number) => Promise<string | undefined>;

/** The closest configuration counts alone; those further up add nothing. `top` is the last folder looked into; without one it is the root. */
export async function findProject(
  uri: string,
  top: string | undefined,
  readFile: (uri: string) => Promise<string | undefined>,
  rules: readonly Rule[],
): Promise<Project> {
  let own: { readonly source: ConfigurationFile; readonly read: ReadSettings } | undefined;
  let pyproject: ConfigurationFile | undefined;
  for (const folder of foldersAbove(uri, top)) {
    for (const name of CONFIGURATION_NAMES) {
      if (own && (pyproject || name === "nippy.toml")) continue;
      const file = joined(folder, name);
      const text = await readFile(file);
      if (text === undefined) continue;
      const source: ConfigurationFile = { uri: file, name, folder, text };
      if (name === "pyproject.toml") pyproject ??= source;
      // A broken pyproject.toml is our business only if Nippy is spoken of in it.
      const read =
        own || (name === "pyproject.toml" && !text.includes("nippy")) ? undefined : readToml(text, name, rules);
      if (read) own = { source, read };
    }
    if (own && pyproject) break;
  }
  return {
    settings: own?.read.settings ?? {},
    problems: own?.read.problems ?? [],
    ...(own && { source: own.source }),
    ...(pyproject && { pyproject }),
  };
}
