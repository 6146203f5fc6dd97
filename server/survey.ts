/** The findings of Python files, notebooks and configurations that are not open: looked for in small turns, kept as they are sent and no more, renewed when their files change. */

import { FileChangeType, type Diagnostic } from "vscode-languageserver";
import { isChecked, isNotebook, SKIPPED_FOLDERS } from "../analysis/analyzer.js";
import { pause, type Background } from "./background.js";
import type { Documents } from "./documents.js";
import type { Editor } from "./editor.js";
import type { Log } from "./log.js";
import type { ResourceSettings, SettingsDesk } from "./settings.js";
import type { Files } from "./target.js";
import { isInstalled, keyOf, relativeTo } from "./uris.js";
import { checkedFiles } from "./walk.js";

/** What was found in a file, under a name that stays as long as it does. */
export interface Seen {
  readonly id: string;
  readonly items: readonly Diagnostic[];
}

export interface Progress {
  step(done: number, total: number): void;
  isCancelled(): boolean;
}

export interface Survey {
  /** Begins to follow the folders whose settings ask for it. */
  start(): void;
  /** Looks at every file, and follows them all from then on. */
  analyse(
    progress: Progress,
  ): Promise<{ readonly files: number; readonly findings: number; readonly isComplete: boolean }>;
  /** Follows again only what settings ask for. */
  clear(): Promise<void>;
  /** Of a file that was just closed: undefined where nobody follows it. */
  look(uri: string): Promise<Seen | undefined>;
  /** The files that were looked at. */
  seen(): Iterable<{ readonly uri: string; readonly seen: Seen }>;
  /** Every file of the workspace that is checked and that settings do not leave out, whether or not it is followed; no notebooks. */
  files(): AsyncIterable<string>;
  isOpen(uri: string): boolean;
  /** Undefined: what was found there counts no more. */
  onNews(listener: (uri: string, seen: Seen | undefined) => void): void;
}

export interface SurveySources {
  readonly editor: Editor;
  readonly settings: SettingsDesk;
  readonly documents: Documents;
  readonly files: Files;
  readonly background: Background;
  readonly log: Log;
  find(uri: string, text: string, settings: ResourceSettings): readonly Diagnostic[];
}

/** Events come in storms: a checkout, an installation. In milliseconds. */
const STORM = 300;
/** How long typing has to rest before files nobody looks at get their turn. */
const QUIET = 400;
/** Bounds for what is held, far above what people work in. */
const MOST_FILES = 20_000;
const MOST_FINDINGS = 50_000;
/** A notebook is mostly pictures: how much larger its file may be than its code. */
const PICTURES = 10;

interface Known {
  readonly uri: string;
  seen: Seen | undefined;
}

const NOTHING: readonly Diagnostic[] = [];

export function createSurvey({ editor, settings, documents, files, background, log, find }: SurveySources): Survey {
  const known = new Map<string, Known>();
  const waiting = new Set<string>();
  const open = new Set<string>();
  const onNews: ((uri: string, seen: Seen | undefined) => void)[] = [];
  /** Told of each file looked at. */
  const onStep: ((done: number, total: number) => void)[] = [];
  let roots: readonly string[] = [];
  let isAsked = false;
  let working: Promise<void> | undefined;
  let walks = 0;
  let lastEdit = -Infinity;
  let findings = 0;
  let made = 0;
  let done = 0;
  const session = Date.now().toString(36);

  const tell = (entry: Known, items: readonly Diagnostic[] | undefined) => {
    const before = entry.seen;
    findings += (items?.length ?? 0) - (before?.items.length ?? 0);
    if (before && items && JSON.stringify(before.items) === JSON.stringify(items)) return;
    entry.seen = items && { id: `${session}.w${++made}`, items: items.length > 0 ? items : NOTHING };
    if (!items?.length && !before?.items.length) return;
    for (const listener of onNews) listener(entry.uri, entry.seen);
  };
  const forget = (key: string) => {
    const entry = known.get(key);
    if (!entry) return;
    tell(entry, undefined);
    known.delete(key);
    waiting.delete(key);
  };

  const walk = {
    files,
    excludes: async (folder: string, uri: string) => (await settings.ofFolder(folder)).excludes(uri),
  };
  /** Adds what is new and forgets what is gone. False if another walk began meanwhile. */
  const explore = async (isAnew: boolean): Promise<boolean> => {
    const own = ++walks;
    const found = new Set<string>();
    for (const root of roots) {
      if ((await settings.ofFolder(root)).settings.isOff) continue;
      for await (const uri of checkedFiles(root, walk)) {
        if (own !== walks || background.isOver()) return false;
        if (found.size >= MOST_FILES) break;
        const key = keyOf(uri);
        found.add(key);
        const isNew = !known.has(key);
        if (isNew) known.set(key, { uri, seen: undefined });
        if ((isNew || isAnew) && !open.has(key)) waiting.add(key);
      }
    }
    if (found.size >= MOST_FILES)
      log.warnOnce(`The workspace has more than ${MOST_FILES} Python files; the rest is analysed when it is opened.`);
    for (const key of [...known.keys()]) if (!found.has(key)) forget(key);
    return true;
  };

  const lookAt = async (key: string): Promise<Seen | undefined> => {
    const entry = known.get(key);
    if (!entry) return undefined;
    const own = await settings.ofClosed(entry.uri);
    const isLeftOut = own.isOff || isInstalled(entry.uri);
    const most = own.maxFileSize * 1024 * (isNotebook(entry.uri) ? PICTURES : 1);
    const text = isLeftOut ? undefined : await files.readFile(entry.uri, most);
    // It may have been opened, or be gone, since it was asked for.
    if (open.has(key) || known.get(key) !== entry) return undefined;
    waiting.delete(key);
    tell(entry, text === undefined || findings >= MOST_FINDINGS ? NOTHING : find(entry.uri, text, own));
    if (findings >= MOST_FINDINGS)
      log.warnOnce(
        `The workspace has more than ${MOST_FINDINGS} findings; the rest is shown when its files are opened.`,
      );
    return entry.seen;
  };

  /** One turn of the event loop at least; as long as somebody types, until they rest. */
  const rest = async () => {
    await pause();
    for (let left = QUIET; left > 0 && !background.isOver(); ) {
      left = lastEdit + QUIET - performance.now();
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    }
  };
  const workOff = async () => {
    done = 0;
    while (!background.isOver()) {
      await rest();
      const [key] = waiting;
      if (key === undefined) break;
      waiting.delete(key);
      try {
        await lookAt(key);
      } catch (error) {
        log.failOnce("survey", `${known.get(key)?.uri} could not be analysed.`, error);
      }
      done++;
      for (const listener of onStep) listener(done, done + waiting.size);
    }
  };
  const work = (): Promise<void> => (working ??= workOff().finally(() => (working = undefined)));

  const update = async (isAnew: boolean) => {
    const wanted: string[] = [];
    for (const root of settings.folders())
      if (isAsked || (await settings.scopeOf(root)) === "workspace") wanted.push(root);
    roots = wanted;
    editor.watchSources(roots.length > 0);
    if (await explore(isAnew)) await work();
    else await working;
  };
  let isAnewNext = false;
  const updateLater = (isAnew: boolean, delay = STORM) => {
    isAnewNext ||= isAnew;
    background.later("survey", delay, "The files of the workspace could not be analysed.", () => {
      const anew = isAnewNext;
      isAnewNext = false;
      return update(anew);
    });
  };

  const gone = new Set<string>();
  const forgetGone = async () => {
    const isGone = (path: string): boolean => {
      for (let at = path; at.includes("/"); at = at.slice(0, at.lastIndexOf("/"))) if (gone.has(at)) return true;
      return false;
    };
    for (const key of [...known.keys()]) if (isGone(key)) forget(key);
    gone.clear();
  };

  settings.onChange(() => updateLater(true));
  editor.onSources((changes) => {
    for (const { uri, type } of changes) {
      const key = keyOf(uri);
      if (type === FileChangeType.Deleted) {
        gone.add(key);
        background.later("gone", STORM, "Deleted files could not be forgotten.", forgetGone);
      } else if (known.has(key)) {
        if (!open.has(key)) waiting.add(key);
      } else if (mayBring(uri, roots)) updateLater(false);
      if (key.endsWith("/.gitignore")) updateLater(false);
    }
    if (waiting.size > 0) background.run("Changed files could not be analysed.", work);
  });
  const begin = (uri: string): Known | undefined => {
    const key = keyOf(uri);
    open.add(key);
    waiting.delete(key);
    return known.get(key);
  };
  const closed = (uri: string) => {
    const key = keyOf(uri);
    open.delete(key);
    if (!known.has(key)) return;
    waiting.add(key);
    background.run("A closed file could not be analysed.", work);
  };
  documents.listen({
    opened(uri) {
      lastEdit = performance.now();
      const entry = begin(uri);
      // What is said of an open document is the document's own business: nothing is told.
      if (entry) {
        findings -= entry.seen?.items.length ?? 0;
        entry.seen = undefined;
      }
    },
    changed: () => void (lastEdit = performance.now()),
    closed,
    notebookOpened(uri) {
      const entry = begin(uri);
      // What is found in an open notebook stands in its cells, which have addresses of their own.
      if (entry) tell(entry, undefined);
    },
    notebookClosed: closed,
  });

  return {
    start: () => updateLater(false),
    async analyse({ step, isCancelled }) {
      isAsked = true;
      const listener = (count: number, total: number) => {
        if (isCancelled()) waiting.clear();
        else step(count, total);
      };
      onStep.push(listener);
      try {
        await update(true);
        return { files: known.size, findings, isComplete: !isCancelled() };
      } finally {
        onStep.splice(onStep.indexOf(listener), 1);
      }
    },
    async clear() {
      isAsked = false;
      await update(false);
    },
    async look(uri) {
      if (!roots.some((it) => relativeTo(it, uri) !== undefined)) return undefined;
      return lookAt(keyOf(uri));
    },
    *seen() {
      for (const [key, { uri, seen }] of known) if (seen && !open.has(key)) yield { uri, seen };
    },
    async *files() {
      for (const root of settings.folders())
        for await (const uri of checkedFiles(root, walk)) if (!isNotebook(uri)) yield uri;
    },
    isOpen: (uri) => open.has(keyOf(uri)),
    onNews: (listener) => void onNews.push(listener),
  };
}

/** Whether something new in one of the folders may be a file that is checked or a folder with some: what has no ending may be one. */
function mayBring(uri: string, roots: readonly string[]): boolean {
  return roots.some((root) => {
    const names = relativeTo(root, uri)?.split("/") ?? [];
    const name = names.at(-1);
    return (
      name !== undefined && (isChecked(name) || !name.includes(".")) && !names.some((it) => SKIPPED_FOLDERS.has(it))
    );
  });
}
