/** The settings of each document: the editor's over the project's, asked for once and kept until something says they changed. */

import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Connection,
  type Disposable,
  type FileSystemWatcher,
} from "vscode-languageserver";
import { matcher, mergeSettings, type Rule, type Settings } from "../analysis/analyzer.js";
import { tableOf, type Client } from "./capabilities.js";
import { readEditorSettings } from "./editor-settings.js";
import type { Log } from "./log.js";
import { CONFIGURATION_NAMES, findProject, type Project, type ReadFile } from "./project.js";
import { folderOf, relativeTo, schemeOf } from "./uris.js";

export interface ResourceSettings {
  /** Switched off, or left out by a glob. */
  readonly isOff: boolean;
  readonly run: "onType" | "onSave";
  /** In kilobytes. */
  readonly maxFileSize: number;
  readonly analysis: Settings;
}

export interface SettingsDesk {
  /** The same object as long as nothing in it changed, so that a snapshot can tell whether it is still right. */
  of(uri: string): Promise<ResourceSettings>;
  project(uri: string): Promise<Project>;
  /** The workspace folder a document lies in. */
  folderOf(uri: string): string | undefined;
  forget(uri: string): void;
  /** For clients that cannot watch files: looks whether a configuration file is another one now. */
  recheck(): Promise<void>;
  /** Asks the client to tell about changes; to be called once the client is initialized. */
  register(): Promise<void>;
  onChange(listener: () => void): void;
}

export interface SettingsSources {
  readonly connection: Connection;
  readonly client: Client;
  readonly log: Log;
  readonly rules: readonly Rule[];
  readonly readFile: ReadFile;
  readonly folders: readonly string[];
  /** Told of each project found, for the mistakes in its configuration. */
  readonly report: (project: Project) => void;
}

export function createSettings({ connection, client, log, rules, readFile, report, ...start }: SettingsSources): SettingsDesk {
  let folders = start.folders;
  let pushed: unknown = client.settings;
  const files = new Map<string, Promise<string | undefined>>();
  const pending = new Map<string, Promise<ResourceSettings>>();
  const last = new Map<string, ResourceSettings>();
  const listeners: (() => void)[] = [];

  const readOnce: ReadFile = (uri) => kept(files, uri, () => readFile(uri));
  const changed = () => {
    files.clear();
    pending.clear();
    for (const listener of listeners) listener();
  };

  /** An untitled document belongs to the window's folder if there is only one. */
  const topOf = (uri: string) => folderOf(uri, folders) ?? (schemeOf(uri) === "untitled" && folders.length === 1 ? folders[0] : undefined);

  const project = (uri: string) => {
    const top = topOf(uri);
    return findProject(schemeOf(uri) === "untitled" && top !== undefined ? `${top}/untitled` : uri, top, readOnce, rules);
  };

  const editor = async (uri: string): Promise<unknown> => {
    if (!client.answersConfiguration) return pushed;
    try {
      const answer: unknown = await connection.workspace.getConfiguration({ scopeUri: uri, section: "nippy" });
      return answer ?? client.settings;
    } catch (error) {
      log.failOnce("configuration", "The editor did not answer for its settings; the defaults are used.", error);
      return client.settings;
    }
  };

  const resolve = async (uri: string): Promise<ResourceSettings> => {
    const [answer, found] = await Promise.all([editor(uri), project(uri)]);
    const choice = readEditorSettings(answer, rules);
    for (const problem of choice.problems) log.warnOnce(problem);
    report(found);
    const folder = topOf(uri);
    const settings: ResourceSettings = {
      isOff:
        !choice.enable ||
        isExcluded(uri, folder, choice.analysis.exclude ?? []) ||
        isExcluded(uri, found.source?.folder, found.settings.exclude ?? []),
      run: choice.run,
      maxFileSize: choice.maxFileSize,
      analysis: mergeSettings(found.settings, choice.analysis),
    };
    const before = last.get(uri);
    if (before && JSON.stringify(before) === JSON.stringify(settings)) return before;
    last.set(uri, settings);
    return settings;
  };

  let watching: Promise<Disposable> | undefined;
  const watch = async () => {
    const before = watching;
    watching = connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watchers(client, folders) });
    (await before)?.dispose();
    await watching;
  };

  connection.onDidChangeConfiguration(({ settings }) => {
    if (!client.answersConfiguration) pushed = tableOf(settings)["nippy"] ?? client.settings;
    changed();
  });
  connection.onDidChangeWatchedFiles(changed);
  const followFolders = () =>
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map((it) => it.uri));
      folders = [...folders.filter((it) => !gone.has(it)), ...added.map((it) => it.uri)];
      changed();
      if (client.watchesRelative) watch().catch((error: unknown) => log.failOnce("watch", "Configuration files are not watched.", error));
    });

  return {
    of: (uri) => kept(pending, uri, () => resolve(uri)),
    project,
    folderOf: topOf,
    forget(uri) {
      pending.delete(uri);
      last.delete(uri);
    },
    async recheck() {
      if (client.watchesFiles) return;
      const known = await Promise.all([...files].map(async ([uri, text]) => (await text) === (await readFile(uri))));
      if (known.includes(false)) changed();
    },
    async register() {
      // Not before: the library would register once more what the capabilities have told already.
      if (client.changesFolders) followFolders();
      if (!client.watchesFiles) log.info("This editor cannot watch files: nippy.toml and pyproject.toml are read again when a file is opened or saved.");
      await Promise.all([
        client.registersConfiguration && connection.client.register(DidChangeConfigurationNotification.type, undefined),
        client.watchesFiles && watch(),
      ]);
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

/** Relative to each folder where the client can: one watch for the whole disk would be too much to ask. */
function watchers(client: Client, folders: readonly string[]): FileSystemWatcher[] {
  const patterns = CONFIGURATION_NAMES.map((name) => `**/${name}`);
  if (!client.watchesRelative || folders.length === 0) return patterns.map((globPattern) => ({ globPattern }));
  return folders.flatMap((baseUri) => patterns.map((pattern) => ({ globPattern: { baseUri, pattern } })));
}

/** A glob that fits a folder leaves out all that lies in it. */
function isExcluded(uri: string, folder: string | undefined, globs: readonly string[]): boolean {
  const path = folder === undefined ? undefined : relativeTo(folder, uri);
  if (path === undefined || globs.length === 0) return false;
  const steps = path.split("/");
  const places = steps.map((_, index) => steps.slice(0, index + 1).join("/"));
  return globs.some((glob) => places.some(matcher(glob.replace(/^\.\//, "").replace(/\/$/, ""))));
}

function kept<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}
