/** What a project's files say its code is written for: the oldest Python, and the versions of libraries. Files are hostile: nothing here throws or runs. */

import { compareReleases, type LibraryName, type LibraryVersion } from "../semantics/libraries.js";
import { isFreeThreaded, lowestOf, minorOf, type PythonVersion } from "../semantics/python-version.js";
import { LOCK_READERS } from "./lock-files.js";
import { withEndsByPython } from "./newest-python.js";
import {
  lineLengthOfRuff,
  lowestClassifier,
  pythonOfEnvironment,
  pythonOfVersionFile,
  readPackages,
  readPyproject,
  readSetupCfg,
  requiresIn,
  withoutComments,
  type Pyproject,
  type SetupCfg,
} from "./project-files.js";
import { readEnvironmentFile, readRequirements, type Allowed, type AllowedByFile } from "./requirements.js";
import type { Settings } from "./settings.js";

/** Something, and the place that says it, for people. */
export interface Stated<T> {
  readonly value: T;
  readonly from: string;
}

export interface TargetLibrary {
  /** What the code runs with: locked, pinned or installed. */
  readonly version?: Stated<string>;
  /** The lowest version that the project's own dependencies allow. */
  readonly oldest?: Stated<string>;
  /** The first version above those that they allow; `follows` where it is only known from the newest Python. */
  readonly below?: Stated<string> & { readonly follows?: true };
}

export interface Target {
  /** The oldest Python that the code has to run on. */
  readonly python?: Stated<PythonVersion>;
  /** Of an environment: counts where no file says what the oldest is. */
  readonly installed?: Stated<PythonVersion>;
  /** Those of which something is known. */
  readonly libraries: Readonly<Partial<Record<LibraryName, TargetLibrary>>>;
  /** How long a line may be, by the formatter's or checker's configuration. */
  readonly lineLength?: number;
}

export const NO_TARGET: Target = { libraries: {} };

/** The names of files by their texts, as they are in one folder. */
export type FolderTexts = ReadonlyMap<string, string>;

/** An installed environment: its folder's name, the text of its `pyvenv.cfg`, the names in its `site-packages`. */
export interface Environment {
  readonly name: string;
  readonly config: string;
  readonly packages: readonly string[];
}

const KB = 1024;
const LOCK_SIZE = 5 * KB * KB;
const FILE_SIZE = 256 * KB;

/** What environments of conda are written down in; one of them counts. */
const CONDA_FILES = ["environment.yml", "environment.yaml", "requirements.yml", "requirements.yaml", "conda.yml"];

/** Lists for pip; the last two are what people call theirs by mistake. */
const REQUIREMENT_FILES = ["requirements.lock", "requirements.txt", "requirement.txt", "requirments.txt"];

/** The files that are looked at, with the most bytes they may have: what is larger is left alone. */
export const TARGET_FILES: Readonly<Record<string, number>> = {
  "pyproject.toml": FILE_SIZE,
  "setup.cfg": FILE_SIZE,
  "setup.py": FILE_SIZE,
  ".ruff.toml": FILE_SIZE,
  "ruff.toml": FILE_SIZE,
  ".flake8": FILE_SIZE,
  "tox.ini": FILE_SIZE,
  ".python-version": FILE_SIZE,
  ...Object.fromEntries(Object.keys(LOCK_READERS).map((it) => [it, LOCK_SIZE])),
  // What pip-tools writes holds the hash of every file.
  ...Object.fromEntries(REQUIREMENT_FILES.map((it) => [it, LOCK_SIZE])),
  ...Object.fromEntries(CONDA_FILES.map((it) => [it, FILE_SIZE])),
};

/** What the files of one folder say. `shown` makes a file's name what people are told. */
export function readTarget(
  texts: FolderTexts,
  environment?: Environment,
  shown: (name: string) => string = (name) => name,
): Target {
  const pyproject = texts.has("pyproject.toml") ? readPyproject(texts.get("pyproject.toml")!) : undefined;
  const setup = texts.has("setup.cfg") ? readSetupCfg(texts.get("setup.cfg")!) : undefined;
  const conda = CONDA_FILES.find((it) => texts.has(it));
  const condaFile = conda === undefined ? undefined : readEnvironmentFile(texts.get(conda)!);

  const python = freeThreaded(pythonOf(texts, pyproject, setup, shown), texts, shown);
  const lineLength = lineLengthIn(texts) ?? pyproject?.lineLength ?? setup?.lineLength ?? lineLengthOfFlake8(texts);
  const installed =
    stated(condaFile?.python && lowestOf(condaFile.python), `${shown(conda ?? "")}`) ??
    stated(environment && pythonOfEnvironment(environment.config), shown(environment?.name ?? ""));

  const locks = Object.entries(LOCK_READERS).flatMap(([name, read]) => {
    const text = texts.get(name);
    return text === undefined ? [] : [[name, read(text)] as const];
  });
  const requirements = REQUIREMENT_FILES.flatMap((name) => {
    const text = texts.get(name);
    return text === undefined ? [] : [[name, readRequirements(text)] as const];
  });
  const declared: (readonly [string, AllowedByFile])[] = [
    ...(pyproject ? [["pyproject.toml", pyproject.dependencies] as const] : []),
    ...(setup ? [["setup.cfg", setup.dependencies] as const] : []),
  ];
  const fromConda = condaFile ? [[conda!, condaFile.found] as const] : [];
  const installedLibraries = environment ? [[environment.name, readPackages(environment.packages)] as const] : [];

  const forVersion = [...locks, ...requirements, ...fromConda, ...declared, ...installedLibraries];
  const forOldest = [...declared, ...requirements, ...fromConda];
  const libraries = librariesFrom(forVersion, forOldest, shown);
  const limits = [
    stated(pyproject?.requires ?? pyproject?.poetry, shown("pyproject.toml")),
    stated(setup?.requires, shown("setup.cfg")),
    stated(requiresIn(texts.get("setup.py") ?? ""), shown("setup.py")),
    stated(pythonOfVersionFile(texts.get(".python-version") ?? "")?.concat(".*"), shown(".python-version")),
    stated(condaFile?.python, shown(conda ?? "")),
  ];
  return {
    ...(python && { python }),
    ...(installed && { installed }),
    libraries: inOrder(
      withEndsByPython(
        libraries,
        limits.filter((it) => it !== undefined),
      ),
    ),
    ...(lineLength !== undefined && { lineLength }),
  };
}

/** Of Ruff's own file. */
function lineLengthIn(texts: FolderTexts): number | undefined {
  const text = texts.get(".ruff.toml") ?? texts.get("ruff.toml");
  return text === undefined ? undefined : lineLengthOfRuff(text);
}

/** Of the files that Flake8 reads besides `setup.cfg`; they are written like it. */
function lineLengthOfFlake8(texts: FolderTexts): number | undefined {
  const found = [".flake8", "tox.ini"].flatMap((it) =>
    texts.has(it) ? [readSetupCfg(texts.get(it)!).lineLength] : [],
  );
  return found.find((it) => it !== undefined);
}

/** What is nearer to a file counts; what it leaves open is told by the folders above. */
export function mergeTargets(near: Target, far: Target): Target {
  // Most folders say nothing of their own.
  if (!near.python && !near.installed && !near.lineLength && entriesOf(near.libraries).length === 0) return far;
  const libraries: { [name in LibraryName]?: TargetLibrary } = { ...far.libraries };
  for (const [name, said] of entriesOf(near.libraries)) libraries[name] = agreed({ ...libraries[name], ...said });
  return { ...far, ...near, libraries: inOrder(libraries) };
}

/** The part of the settings that a project decides by itself. */
export function targetSettings({ python, installed, libraries, lineLength }: Target): Partial<Settings> {
  const known = python ?? installed;
  return {
    ...(known && { python: known.value }),
    ...(lineLength !== undefined && { lineLength }),
    libraries: Object.fromEntries(
      entriesOf(libraries).map(([name, { version, oldest, below }]): [string, LibraryVersion] => [
        name,
        {
          ...(version && { version: version.value }),
          ...(oldest && { oldest: oldest.value }),
          ...(below && { below: below.value }),
        },
      ]),
    ),
  };
}

/** `2.1.0 (uv.lock), 1.5 or later and below 3 allowed (pyproject.toml)`. */
export function libraryInWords({ version, oldest, below }: TargetLibrary): string {
  const isOne = oldest !== undefined && oldest.from === below?.from;
  return [
    ...(version ? [`${version.value} (${version.from})`] : []),
    ...(oldest ? [`${oldest.value} or later ${isOne ? `and below ${below.value} ` : ""}allowed (${oldest.from})`] : []),
    ...(below && !isOne ? [`below ${below.value} allowed (${below.from})`] : []),
  ].join(", ");
}

/** Without an upper end that what counts more does not keep to: a locked or installed version, or a nearer folder's lower end. */
function agreed({ below, ...said }: TargetLibrary): TargetLibrary {
  const isKept = below && ![said.version, said.oldest].some((it) => it && compareReleases(it.value, below.value) >= 0);
  return isKept ? { ...said, below } : said;
}

function entriesOf(libraries: Target["libraries"]): readonly (readonly [LibraryName, TargetLibrary])[] {
  return Object.entries(libraries) as [LibraryName, TargetLibrary][];
}

/** By name: what is the same is then written the same, whichever file says it. */
function inOrder(libraries: Target["libraries"]): Target["libraries"] {
  return Object.fromEntries(entriesOf(libraries).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function stated<T>(value: T | "" | undefined, from: string): Stated<T> | undefined {
  return value === undefined || value === "" ? undefined : { value, from };
}

function librariesFrom(
  forVersion: readonly (readonly [string, AllowedByFile])[],
  forOldest: readonly (readonly [string, AllowedByFile])[],
  shown: (name: string) => string,
): Target["libraries"] {
  const libraries: { [name in LibraryName]?: TargetLibrary } = {};
  const take = (
    name: string,
    found: AllowedByFile,
    key: keyof TargetLibrary,
    of: (it: Allowed) => string | undefined,
  ) => {
    for (const [library, allowed] of found) {
      const value = of(allowed);
      if (value === undefined || libraries[library]?.[key]) continue;
      libraries[library] = { ...libraries[library], [key]: { value, from: shown(name) } };
    }
  };
  for (const [name, found] of forVersion) take(name, found, "version", (it) => it.exact);
  for (const [name, found] of forOldest) take(name, found, "oldest", (it) => it.oldest);
  for (const [name, found] of forOldest) take(name, found, "below", (it) => (it.isOpen ? undefined : it.below));
  return inOrder(Object.fromEntries(entriesOf(libraries).map(([name, it]) => [name, agreed(it)])));
}

/** What a project allows says nothing of the build; the file that pins one does. */
function freeThreaded(
  python: Stated<PythonVersion> | undefined,
  texts: FolderTexts,
  shown: (name: string) => string,
): Stated<PythonVersion> | undefined {
  const pinned = pythonOfVersionFile(texts.get(".python-version") ?? "");
  if (!python || isFreeThreaded(python.value) || !pinned || !isFreeThreaded(pinned)) return python;
  return { value: `3.${minorOf(python.value)}t`, from: `${python.from}, free-threaded by ${shown(".python-version")}` };
}

/** In the order in which the sources count. */
function pythonOf(
  texts: FolderTexts,
  pyproject: Pyproject | undefined,
  setup: SetupCfg | undefined,
  shown: (name: string) => string,
): Stated<PythonVersion> | undefined {
  const setupPy = texts.get("setup.py") ?? "";
  const versionFile = texts.get(".python-version");
  return (
    stated(specified(pyproject?.requires), `requires-python in ${shown("pyproject.toml")}`) ??
    stated(specified(setup?.requires), `python_requires in ${shown("setup.cfg")}`) ??
    stated(specified(requiresIn(setupPy)), `python_requires in ${shown("setup.py")}`) ??
    stated(versionFile && pythonOfVersionFile(versionFile), shown(".python-version")) ??
    stated(specified(pyproject?.poetry), `tool.poetry.dependencies in ${shown("pyproject.toml")}`) ??
    stated(lowestClassifier(pyproject?.classifiers ?? ""), `classifiers in ${shown("pyproject.toml")}`) ??
    stated(lowestClassifier(setup?.classifiers ?? ""), `classifiers in ${shown("setup.cfg")}`) ??
    stated(lowestClassifier(withoutComments(setupPy)), `classifiers in ${shown("setup.py")}`)
  );
}

function specified(specifier: string | undefined): PythonVersion | undefined {
  return specifier === undefined ? undefined : lowestOf(specifier);
}
