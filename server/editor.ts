/** What the editor tells beside documents: its settings, its folders, and when one of them or a configuration file changes. */

import {
  FileChangeType,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  WatchKind,
  type Connection,
  type Disposable,
  type FileEvent,
  type FileSystemWatcher,
} from "vscode-languageserver";
import { BASELINE_FILE } from "../analysis/analyzer.js";
import type { Background } from "./background.js";
import { tableOf, type Client } from "./capabilities.js";
import type { Log } from "./log.js";
import { CONFIGURATION_NAMES } from "./project.js";
import { CONFIGURATIONS } from "./protocol.js";
import { PACKAGES, TARGET_NAMES } from "./target.js";
import { isInstalled } from "./uris.js";

export interface Editor {
  /** The `nippy` section for a document, unchecked. */
  settingsFor(uri: string): Promise<unknown>;
  folders(): readonly string[];
  /** Whether news of configuration files come by themselves. */
  readonly watchesFiles: boolean;
  onChange(listener: () => void): void;
  /** News of Python files, .gitignore files and what is deleted; only while sources are watched. */
  onSources(listener: (changes: readonly FileEvent[]) => void): void;
  /** Whether the client shall tell of changes of Python files that are not open. */
  watchSources(isWanted: boolean): void;
  /** Asks to be told about changes; to be called once the client is initialized. */
  register(): void;
}

export function createEditor(
  connection: Connection,
  client: Client,
  log: Log,
  background: Background,
  start: readonly string[],
): Editor {
  let folders = start;
  let pushed: unknown = client.settings;
  let watching: Promise<Disposable> | undefined;
  const listeners: (() => void)[] = [];
  const sourceListeners: ((changes: readonly FileEvent[]) => void)[] = [];
  let watchesSources = false;
  const changed = () => listeners.forEach((it) => it());

  connection.onDidChangeConfiguration(({ settings }) => {
    if (!client.answersConfiguration) pushed = tableOf(settings)["nippy"] ?? client.settings;
    changed();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some((it) => isConfiguration(it.uri) || tookSomeAlong(it))) changed();
    if (watchesSources) for (const listener of sourceListeners) listener(changes);
  });

  const watch = async () => {
    const before = watching;
    watching = connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: watchers(client, folders, watchesSources ? [...CONFIGURATION, ...SOURCES] : CONFIGURATION),
    });
    (await before)?.dispose();
    await watching;
  };
  const followFolders = () =>
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map((it) => it.uri));
      folders = [...folders.filter((it) => !gone.has(it)), ...added.map((it) => it.uri)];
      changed();
      if (client.watchesFiles && client.watchesRelative) background.run("Configuration files are not watched.", watch);
    });

  return {
    async settingsFor(uri) {
      if (!client.answersConfiguration) return pushed;
      try {
        const answer: unknown = await connection.workspace.getConfiguration({ scopeUri: uri, section: "nippy" });
        return answer ?? client.settings;
      } catch (error) {
        log.failOnce("configuration", "The editor did not send its settings; the defaults are used.", error);
        return client.settings;
      }
    },
    folders: () => folders,
    watchesFiles: client.watchesFiles,
    onChange: (listener) => void listeners.push(listener),
    onSources: (listener) => void sourceListeners.push(listener),
    watchSources(isWanted) {
      if (watchesSources === isWanted) return;
      watchesSources = isWanted;
      if (client.watchesFiles) background.run("Python files are not watched.", watch);
    },
    register() {
      // Not before: the library would register once more what the capabilities have told already.
      if (client.changesFolders) followFolders();
      if (!client.watchesFiles)
        log.info(
          "This editor cannot watch files: nippy.toml, pyproject.toml and lock files are read again when a file is opened or saved.",
        );
      const refused = "The editor refused to report changes of settings.";
      if (client.registersConfiguration)
        background.run(refused, () => connection.client.register(DidChangeConfigurationNotification.type, undefined));
      if (client.watchesFiles) background.run(refused, watch);
    },
  };
}

/** Of a folder that is deleted nothing but its own name is told: a configuration or baseline may have been in it. */
function tookSomeAlong({ uri, type }: FileEvent): boolean {
  return type === FileChangeType.Deleted && !isInstalled(uri) && !/[^/]\.\w+$/.test(uri);
}

const NAMES: ReadonlySet<string> = new Set([...CONFIGURATION_NAMES, ...TARGET_NAMES]);

/** A package that is installed may bring a `setup.py` of its own: of an environment only the list of packages counts. */
function isConfiguration(uri: string): boolean {
  if (/\/(?:pyvenv\.cfg|[^/]+\.dist-info)\/?$/.test(uri)) return true;
  if (isInstalled(uri)) return false;
  return NAMES.has(uri.slice(uri.lastIndexOf("/") + 1)) || uri.endsWith(".toml") || uri.endsWith(`/${BASELINE_FILE}`);
}

type Pattern = Pick<FileSystemWatcher, "kind"> & { readonly pattern: string };

/** What a configuration extends may have any name. */
const OTHERS = [...NAMES].filter((it) => it.startsWith(".") || !it.endsWith(".toml"));
const CONFIGURATION: readonly Pattern[] = [
  { pattern: `**/{*.toml,${OTHERS.join(",")}}` },
  { pattern: `**/${BASELINE_FILE}` },
  { pattern: PACKAGES },
];
/** Of a folder that comes or goes as a whole nothing is told but its own name. */
const SOURCES: readonly Pattern[] = [
  { pattern: "**/{*.py,*.pyi,*.ipynb,.gitignore}" },
  { pattern: CONFIGURATIONS },
  { pattern: "**", kind: WatchKind.Create | WatchKind.Delete },
];

/** Relative to each folder where the client can: one watch for the whole disk would be too much to ask. */
function watchers(client: Client, folders: readonly string[], patterns: readonly Pattern[]): FileSystemWatcher[] {
  if (!client.watchesRelative || folders.length === 0)
    return patterns.map(({ pattern, ...rest }) => ({ globPattern: pattern, ...rest }));
  return folders.flatMap((baseUri) =>
    patterns.map(({ pattern, ...rest }) => ({ globPattern: { baseUri, pattern }, ...rest })),
  );
}
