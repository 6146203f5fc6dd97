/** The table of open documents. It follows the client's edits, and shows each document as a snapshot of one moment. */

import type { Connection } from "vscode-languageserver";
import type { Analyzer } from "../analysis/analyzer.js";
import type { Background } from "./background.js";
import { liveText, type LiveText } from "./live-text.js";
import type { Log } from "./log.js";
import { syncNotebooks } from "./notebooks.js";
import type { Opened, Silent } from "./opened.js";
import type { SettingsDesk } from "./settings.js";
import { createLook, createUnit, isAnalysed, isPython, type Unit } from "./units.js";
import { schemeOf } from "./uris.js";

export interface Documents {
  /** Undefined for what is not open, or not analysed. */
  find(uri: string): Promise<Opened | Silent | undefined>;
  /** As the client has it, of what is not Python. */
  text(uri: string): { readonly text: string; readonly version: number } | undefined;
  /** The open documents that are analysed, cells too. */
  uris(): readonly string[];
  /** The documents that are analysed together with this one, itself included. */
  together(uri: string): readonly string[];
  listen(listener: DocumentListener): void;
}

export interface DocumentListener {
  opened?(uri: string): void;
  /** Also for a document whose neighbours in the notebook changed. */
  changed?(uri: string): void;
  saved?(uri: string): void;
  closed?(uri: string): void;
  /** The file of a notebook; its cells are told one by one as well. */
  notebookOpened?(uri: string): void;
  notebookClosed?(uri: string): void;
  /** What is not Python was opened, or is another text now. */
  otherChanged?(uri: string): void;
  otherClosed?(uri: string): void;
}

export function createDocuments(
  connection: Connection,
  analyzer: Analyzer,
  settings: SettingsDesk,
  log: Log,
  background: Background,
): Documents {
  /** By document: all cells of a notebook lead to the same unit. */
  const units = new Map<string, Unit>();
  const others = new Map<string, LiveText>();
  const listeners: DocumentListener[] = [];
  const tell = (event: keyof DocumentListener, uri: string) => listeners.forEach((it) => it[event]?.(uri));
  const look = createLook(analyzer, ({ uri }, limit) =>
    log.warnOnce(`${uri} is larger than ${limit} KB (nippy.maxFileSize) and is not analysed.`),
  );

  const recheck = () => background.run("The configuration files could not be read again.", () => settings.recheck());

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    const document = liveText(uri, languageId, version, text);
    // A configuration is both: what Nippy is told in it is read there, and it is analysed.
    if (!isPython(document)) {
      others.set(uri, document);
      tell("otherChanged", uri);
    }
    if (!isAnalysed(document)) return;
    // Without notebook synchronization a cell comes as a document of its own.
    units.set(uri, createUnit(uri, schemeOf(uri) === "vscode-notebook-cell" ? "notebook" : "file", [document]));
    recheck();
    tell("opened", uri);
  });

  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const unit = units.get(uri);
    const document = unit?.documents.find((it) => it.uri === uri) ?? others.get(uri);
    if (!document) return;
    const edits = contentChanges.map((it) => document.apply(it, version));
    document.touch(version);
    if (others.has(uri)) tell("otherChanged", uri);
    if (!unit) return;
    if (unit.held) unit.pending.push(...edits);
    unit.isStale = true;
    unit.isDirty = true;
    tell("changed", uri);
  });

  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    const unit = units.get(uri);
    if (unit) unit.isDirty = false;
    recheck();
    if (unit) tell("saved", uri);
  });

  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    if (others.delete(uri)) tell("otherClosed", uri);
    if (!units.delete(uri)) return;
    settings.forget(uri);
    tell("closed", uri);
  });

  syncNotebooks(connection, units, { tell, recheck, forget: settings.forget });

  return {
    async find(uri) {
      const unit = units.get(uri);
      if (!unit) return undefined;
      const resolved = await settings.of(unit.uri);
      // It may have been closed, or opened anew, while the settings were asked for.
      const now = units.get(uri);
      return now && now.uri === unit.uri ? look(now, uri, resolved) : undefined;
    },
    text(uri) {
      const document = others.get(uri);
      return document && { text: document.getText(), version: document.version };
    },
    uris: () => [...units.keys()],
    together: (uri) => units.get(uri)?.documents.map((it) => it.uri) ?? [],
    listen: (listener) => void listeners.push(listener),
  };
}
