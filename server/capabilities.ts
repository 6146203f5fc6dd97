/** What the client can do, read once from `initialize` into plain answers, and what the server offers in return. */

import {
  CodeActionKind,
  MarkupKind,
  TextDocumentSyncKind,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import { isTable } from "../analysis/analyzer.js";
import {
  ANALYSE_WORKSPACE,
  CLEAR_WORKSPACE,
  FIX_ALL,
  FIX_WORKSPACE,
  OPEN_GUIDE,
  SHOW_FIXES,
  SILENCE,
} from "./protocol.js";

export interface Client {
  /** `initializationOptions.settings`, unchecked. */
  readonly settings: unknown;
  readonly opensGuide: boolean;
  /** A link of a hover can open the menu of quick fixes. */
  readonly showsFixes: boolean;
  readonly wantsStatus: boolean;
  readonly readsFiles: boolean;
  readonly listsFolders: boolean;
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly showsRelated: boolean;
  readonly readsMarkdown: boolean;
  /** Code actions as objects; the oldest clients only know commands. */
  readonly readsActions: boolean;
  readonly resolvesEdits: boolean;
  readonly versionedEdits: boolean;
  readonly createsFiles: boolean;
  /** Asks what to change before it saves. */
  readonly waitsForSave: boolean;
  /** Edits may ask to be confirmed. */
  readonly annotatesEdits: boolean;
  /** Shows a preview of a code action that asks for it. */
  readonly previewsActions: boolean;
  /** Takes edits that it did not ask for by itself. */
  readonly appliesEdits: boolean;
  readonly answersConfiguration: boolean;
  /** Completions may hold tab stops. */
  readonly expandsSnippets: boolean;
  readonly documentsInMarkdown: boolean;
  /** What a completion says of itself may come when it is looked at. */
  readonly resolvesDocumentation: boolean;
  readonly registersConfiguration: boolean;
  readonly watchesFiles: boolean;
  readonly watchesRelative: boolean;
  readonly changesFolders: boolean;
}

/** Asked along a path: any part of it may be missing, or something else than the protocol says. */
export function readClient({ capabilities, initializationOptions }: InitializeParams): Client {
  const at = (path: string): unknown =>
    path.split(".").reduce<unknown>((inner, name) => tableOf(inner)[name], capabilities);
  const isTold = (path: string) => at(path) !== undefined && at(path) !== null;
  const can = (path: string) => at(path) === true;
  const lists = (path: string, value: string) => listOf(at(path)).includes(value);
  const options = tableOf(initializationOptions);
  const edits = "workspace.workspaceEdit";
  const item = "textDocument.completion.completionItem";
  const versionedEdits = can(`${edits}.documentChanges`);
  return {
    settings: options["settings"],
    opensGuide: listOf(options["commands"]).includes(OPEN_GUIDE),
    showsFixes: listOf(options["commands"]).includes(SHOW_FIXES),
    wantsStatus: options["status"] === true,
    readsFiles: options["readFile"] === true,
    listsFolders: options["listFolder"] === true,
    pullsDiagnostics: isTold("textDocument.diagnostic"),
    refreshesDiagnostics: can("workspace.diagnostics.refreshSupport"),
    showsRelated:
      (at("textDocument.publishDiagnostics.relatedInformation") ?? at("textDocument.diagnostic.relatedInformation")) ===
      true,
    readsMarkdown: lists("textDocument.hover.contentFormat", MarkupKind.Markdown),
    readsActions: isTold("textDocument.codeAction.codeActionLiteralSupport"),
    resolvesEdits: lists("textDocument.codeAction.resolveSupport.properties", "edit"),
    versionedEdits,
    createsFiles: versionedEdits && lists(`${edits}.resourceOperations`, "create"),
    annotatesEdits: versionedEdits && isTold(`${edits}.changeAnnotationSupport`),
    previewsActions:
      versionedEdits &&
      isTold(`${edits}.changeAnnotationSupport`) &&
      can("textDocument.codeAction.honorsChangeAnnotations"),
    answersConfiguration: can("workspace.configuration"),
    expandsSnippets: can(`${item}.snippetSupport`),
    documentsInMarkdown: lists(`${item}.documentationFormat`, MarkupKind.Markdown),
    resolvesDocumentation: lists(`${item}.resolveSupport.properties`, "documentation"),
    registersConfiguration: can("workspace.didChangeConfiguration.dynamicRegistration"),
    watchesFiles: can("workspace.didChangeWatchedFiles.dynamicRegistration"),
    watchesRelative: can("workspace.didChangeWatchedFiles.relativePatternSupport"),
    changesFolders: can("workspace.workspaceFolders"),
    waitsForSave: can("textDocument.synchronization.willSaveWaitUntil"),
    appliesEdits: can("workspace.applyEdit"),
  };
}

export function serverCapabilities(client: Client): ServerCapabilities {
  return {
    // Every client must know UTF-16, and it is what a JavaScript string counts in: no conversion, no mistake.
    positionEncoding: "utf-16",
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
      save: { includeText: false },
      ...(client.waitsForSave && { willSaveWaitUntil: true }),
    },
    notebookDocumentSync: { notebookSelector: [{ cells: [{ language: "python" }] }], save: true },
    hoverProvider: true,
    // A hyphen ends a word in most editors, and our snippets' names have some.
    ...(client.expandsSnippets && {
      completionProvider: { triggerCharacters: ["-"], resolveProvider: client.resolvesDocumentation },
    }),
    codeActionProvider: {
      codeActionKinds: [
        CodeActionKind.QuickFix,
        CodeActionKind.RefactorRewrite,
        CodeActionKind.RefactorExtract,
        FIX_ALL,
        `notebook.${FIX_ALL}`,
      ],
      resolveProvider: client.resolvesEdits,
    },
    ...(client.pullsDiagnostics && {
      diagnosticProvider: {
        identifier: "nippy",
        // `true` makes clients ask again for every open file after each change. Only the cells of a notebook depend on each other,
        // and for them `features/diagnostics.ts` asks for a refresh.
        interFileDependencies: false,
        // Whether files that are not open have any is a setting: a client's request waits until there is something to say.
        workspaceDiagnostics: true,
      },
    }),
    executeCommandProvider: {
      commands: [ANALYSE_WORKSPACE, CLEAR_WORKSPACE, FIX_WORKSPACE, SILENCE],
      workDoneProgress: true,
    },
    ...(client.changesFolders && { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }),
  };
}

/** The value if it is an object, else an empty one: what a client sends may be anything. */
export function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return isTable(value) ? value : {};
}

/** The value if it is a list, else an empty one. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
