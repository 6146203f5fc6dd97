/** The settings of each document: the editor's over the project's over what its files are written for, asked for once and kept until something says they changed. */

import {
  CONFIGURATION_SIZE,
  excluder,
  mergeSettings,
  saidByFile,
  targetSettings,
  type ConfigurationText,
  type Layer,
  type Rule,
  type Settings,
  type Target,
} from "../analysis/analyzer.js";
import { createBaselines, type FoundBaseline } from "./baseline.js";
import type { Editor } from "./editor.js";
import {
  readEditorSettings,
  type EditorChoice,
  type FixOnSave,
  type HoverChoice,
  type Preference,
  type PreviewChoice,
  type Scope,
} from "./editor-settings.js";
import type { Log } from "./log.js";
import { findProject, layersOf, type Project, type Reach } from "./project.js";
import { createTargetFinder, type Files } from "./target.js";
import { folderAt, folderOf, joined, relativeTo, schemeOf } from "./uris.js";

export interface ResourceSettings {
  /** Switched off, or left out by a glob. */
  readonly isOff: boolean;
  readonly run: "onType" | "onSave";
  /** In kilobytes. */
  readonly maxFileSize: number;
  readonly fixOnSave: FixOnSave;
  readonly hover: HoverChoice;
  readonly completesSnippets: boolean;
  readonly refactoringPreview: PreviewChoice;
  readonly analysis: Settings;
  /** What the editor alone says of it, and whether that comes before or after what the project says. */
  readonly editor: Partial<Settings>;
  readonly preference: Preference;
  /** The address of the project's configuration; undefined where there is none, or it does not count. */
  readonly configuration: string | undefined;
  /** Fingerprints of findings that the project lives with. */
  readonly known: readonly string[];
  /** What the project says of Python and libraries; a setting may say otherwise. */
  readonly target: Target;
  /** Where the Python comes from; undefined where it is assumed. */
  readonly pythonFrom: string | undefined;
}

/** What all files of a folder have in common. */
export type SharedSettings = Omit<ResourceSettings, "known" | "analysis">;

/** What holds for the files of a folder that are not open: the editor is asked once a workspace folder, not once a file. */
export interface FolderSettings {
  readonly settings: SharedSettings;
  excludes(uri: string): boolean;
}

export interface SettingsDesk {
  /** The same object as long as nothing in it changed, so that a snapshot can tell whether it is still right. */
  of(uri: string): Promise<ResourceSettings>;
  ofFolder(folder: string): Promise<FolderSettings>;
  /** Of a file that is not open, by its folder. */
  ofClosed(uri: string): Promise<ResourceSettings>;
  /** Of a workspace folder. */
  scopeOf(folder: string): Promise<Scope>;
  folders(): readonly string[];
  project(uri: string): Promise<Project>;
  /** The closest baseline above a file. */
  baseline(uri: string): Promise<FoundBaseline | undefined>;
  /** A configuration as the editor has it, after those that it extends; undefined if it does not speak of Nippy. */
  layersOf(open: ConfigurationText): Promise<readonly Layer[] | undefined>;
  /** The workspace folder a document lies in. */
  folderOf(uri: string): string | undefined;
  forget(uri: string): void;
  /** For clients that cannot watch files: looks whether a configuration file is another one now. */
  recheck(): Promise<void>;
  onChange(listener: () => void): void;
}

export interface SettingsSources {
  readonly editor: Editor;
  readonly log: Log;
  readonly rules: readonly Rule[];
  readonly files: Pick<Files, "readFile" | "listFolder" | "endOf">;
  /** Told of the configurations of each project found, for the mistakes in them. */
  readonly report: (layers: readonly Layer[]) => void;
}

export function createSettings({
  editor,
  log,
  rules,
  files: { readFile, listFolder, endOf },
  report,
}: SettingsSources): SettingsDesk {
  const files = new Map<string, Promise<string | undefined>>();
  const pending = new Map<string, Promise<ResourceSettings>>();
  const ofFolders = new Map<string, ReturnType<typeof together>>();
  const choices = new Map<string, Promise<EditorChoice>>();
  const last = new Map<string, ResourceSettings>();
  const listeners: (() => void)[] = [];
  const targets = createTargetFinder({ readFile, listFolder });
  const baselines = createBaselines(readFile, log);

  const configurationAt = (uri: string) => readFile(uri, CONFIGURATION_SIZE);

  const changed = () => {
    files.clear();
    targets.forget();
    baselines.forget();
    pending.clear();
    ofFolders.clear();
    choices.clear();
    for (const listener of listeners) listener();
  };
  editor.onChange(changed);

  /** An untitled document belongs to the window's folder if there is only one. */
  const topOf = (uri: string) => {
    const folders = editor.folders();
    return folderOf(uri, folders) ?? (schemeOf(uri) === "untitled" && folders.length === 1 ? folders[0] : undefined);
  };
  const placeOf = (uri: string, top: string | undefined) =>
    schemeOf(uri) === "untitled" && top !== undefined ? joined(top, "untitled") : uri;
  const reachOf = (top: string | undefined): Reach => ({
    readFile: (file) => kept(files, file, () => configurationAt(file)),
    endOf,
    top,
  });
  const project = (uri: string) => {
    const top = topOf(uri);
    return findProject(placeOf(uri, top), reachOf(top), rules);
  };
  const targetOf = (uri: string) => {
    const top = topOf(uri);
    return targets.of(placeOf(uri, top), top);
  };
  const choose = async (uri: string): Promise<EditorChoice> => {
    const choice = readEditorSettings(await editor.settingsFor(uri), rules);
    for (const problem of choice.problems) log.warnOnce(problem);
    return choice;
  };
  const knownIn = (uri: string) => {
    const top = topOf(uri);
    return baselines.knownIn(placeOf(uri, top), top);
  };
  const chosenFor = (folder: string) => kept(choices, folder, () => choose(folder));

  /** All that holds for the files of a folder. */
  const together = async (uri: string, chosen: Promise<EditorChoice>) => {
    const [choice, found, target] = await Promise.all([chosen, project(uri), targetOf(uri)]);
    report(found.layers);
    const preference = choice.configurationPreference;
    const { said, source }: Pick<Project, "said" | "source"> = preference === "editorOnly" ? { said: {} } : found;
    const exclusions = [
      { folder: topOf(uri), isExcluded: excluder(choice.analysis.exclude ?? []) },
      { folder: source?.folder, isExcluded: excluder(said.exclude ?? []) },
    ];
    const excludes = (it: string) => exclusions.some(({ folder, isExcluded }) => isBelow(it, folder, isExcluded));
    const ofFile = saidByFile(said);
    // One object for all files of which the same holds.
    const analyses = new Map<Partial<Settings>, Settings>();
    const analysisOf = (it: string): Settings => {
      const own = ofFile((source && relativeTo(source.folder, placeOf(it, topOf(it)))) ?? "");
      const analysis =
        analyses.get(own) ?? mergeSettings(targetSettings(target), ...inOrder(own, choice.analysis, preference));
      analyses.set(own, analysis);
      return analysis;
    };
    const settings: SharedSettings = {
      isOff: !choice.enable,
      run: choice.run,
      maxFileSize: choice.maxFileSize,
      fixOnSave: choice.fixOnSave,
      hover: choice.hover,
      completesSnippets: choice.completesSnippets,
      refactoringPreview: choice.refactoringPreview,
      editor: choice.analysis,
      preference,
      configuration: source?.uri,
      target,
      pythonFrom:
        inOrder(
          said.python ? found.layers.findLast((it) => it.said.python !== undefined)?.name : undefined,
          choice.analysis.python ? "nippy.python in the editor's settings" : undefined,
          preference,
        ).findLast((it) => it !== undefined) ?? (target.python ?? target.installed)?.from,
    };
    return { settings, excludes, analysisOf };
  };
  const forFile = async (
    uri: string,
    { settings, excludes, analysisOf }: Awaited<ReturnType<typeof together>>,
  ): Promise<ResourceSettings> => ({
    ...settings,
    isOff: settings.isOff || excludes(uri),
    analysis: analysisOf(uri),
    known: await knownIn(uri),
  });
  const resolve = async (uri: string): Promise<ResourceSettings> => {
    const all = await together(uri, choose(uri));
    const settings = await forFile(uri, all);
    const before = last.get(uri);
    if (before && JSON.stringify(before) === JSON.stringify(settings)) return before;
    last.set(uri, settings);
    log.noteOnce(`Settings in force: ${JSON.stringify({ ...settings, known: settings.known.length })}`);
    return settings;
  };

  const ofFolder = (folder: string) =>
    kept(ofFolders, folder, () => {
      const file = joined(folder, "file.py");
      return together(file, chosenFor(topOf(file) ?? folder));
    });

  return {
    of: (uri) => kept(pending, uri, () => resolve(uri)),
    ofFolder,
    ofClosed: async (uri) => forFile(uri, await ofFolder(folderAt(uri))),
    scopeOf: async (folder) => (await chosenFor(folder)).scope,
    folders: () => editor.folders(),
    project,
    baseline(uri) {
      const top = topOf(uri);
      return baselines.closest(placeOf(uri, top), top);
    },
    layersOf: (open) => layersOf(open, reachOf(topOf(open.source)), rules),
    folderOf: topOf,
    forget(uri) {
      pending.delete(uri);
      last.delete(uri);
    },
    async recheck() {
      if (editor.watchesFiles) return;
      const areSame = await Promise.all(
        [...files].map(async ([uri, text]) => (await text) === (await configurationAt(uri))),
      );
      if (areSame.includes(false) || (await targets.recheck()) || (await baselines.recheck())) changed();
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The one that has the last word at the end. */
function inOrder<T>(project: T, editor: T, preference: Preference): readonly [T, T] {
  return preference === "projectFirst" ? [editor, project] : [project, editor];
}

function isBelow(uri: string, folder: string | undefined, fits: (path: string) => boolean): boolean {
  const path = folder === undefined ? undefined : relativeTo(folder, uri);
  return path !== undefined && fits(path);
}

function kept<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}
