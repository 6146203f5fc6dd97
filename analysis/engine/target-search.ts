/** Which files are read to learn what a folder's code is written for, step by step: a host does the reading, in its own way and time. */

import { NO_TARGET, readTarget, TARGET_FILES, type Environment, type Target } from "./target.js";

/**
 * What is asked of the host. Paths are relative to the folder, with forward slashes.
 * `list`: the names in a folder. `read`: the texts of files, in that order, each undefined unless it is a regular file of at most so many bytes.
 */
export type Ask =
  | { readonly list: string }
  | { readonly read: readonly { readonly path: string; readonly most: number }[] };

/** Undefined where a folder cannot be listed. */
export type Told = readonly (string | undefined)[] | undefined;

export type Search<T> = Generator<Ask, T, Told>;

export interface FolderTarget extends Target {
  /** The folder is a repository's: those above it belong to something else. */
  readonly isRoot: boolean;
}

/** The folders that tools make environments in, beside the code. */
const ENVIRONMENTS = [".venv", "venv", "env"];
/** `pyvenv.cfg` has about five lines. */
const CONFIG_SIZE = 16 * 1024;

/** What one folder says, its environment included. `shown` makes a name what people are told. */
export function* searchTarget(shown: (name: string) => string = (name) => name): Search<FolderTarget> {
  const names = yield { list: "" };
  // Where nobody can say what is there, each name is tried.
  const isThere = (name: string) => names === undefined || names.includes(name);
  const files = Object.keys(TARGET_FILES).filter(isThere);
  const found = files.length === 0 ? [] : yield { read: files.map((path) => ({ path, most: TARGET_FILES[path]! })) };
  const texts = new Map(
    files.flatMap((name, index) => {
      const text = found?.[index];
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
  let environment: Environment | undefined;
  for (const name of ENVIRONMENTS) if (names?.includes(name)) environment ??= yield* searchEnvironment(name);
  const isRoot = names?.includes(".git") === true;
  if (texts.size === 0 && !environment) return { ...NO_TARGET, isRoot };
  return { ...readTarget(texts, environment, shown), isRoot };
}

/** What an environment holds that lies somewhere else. */
export function* searchInstalled(folder: string, shown: string): Search<Target> {
  const environment = yield* searchEnvironment(folder);
  return environment ? readTarget(new Map(), environment, () => shown) : NO_TARGET;
}

function* searchEnvironment(folder: string): Search<Environment | undefined> {
  const [config] = (yield { read: [{ path: `${folder}/pyvenv.cfg`, most: CONFIG_SIZE }] }) ?? [];
  if (config === undefined) return undefined;
  const pythons = (yield { list: `${folder}/lib` })?.filter((it) => it !== undefined && /^python3\.\d{1,2}$/.test(it));
  const places = [...(pythons ?? []).slice(0, 2).map((it) => `lib/${it}/site-packages`), "Lib/site-packages"];
  for (const place of places) {
    const packages = yield { list: `${folder}/${place}` };
    if (packages) return { name: folder, config, packages: packages.filter((it) => it !== undefined) };
  }
  return { name: folder, config, packages: [] };
}
