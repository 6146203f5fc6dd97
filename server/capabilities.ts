/** What the client can do, read once from `initialize` into plain answers, and what the server offers in return. */

import {
  CodeActionKind,
  MarkupKind,
  TextDocumentSyncKind,
  type InitializeParams,
  type ServerCapabilities,
} from "vscode-languageserver";
import { FIX_ALL, OPEN_GUIDE } from "./protocol.js";

export interface Client {
  /** `initializationOptions.settings`, unchecked. */
  readonly settings: unknown;
  readonly opensGuide: boolean;
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
  /** Edits may ask to be confirmed. */
  readonly annotatesEdits: boolean;
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

export function readClient({ capabilities, initializationOptions }: InitializeParams): Client {
  const { textDocument, workspace } = capabilities;
  const publish = textDocument?.publishDiagnostics;
  const edits = workspace?.workspaceEdit;
  const item = textDocument?.completion?.completionItem;
  const options = tableOf(initializationOptions);
  return {
    settings: options["settings"],
    opensGuide: Array.isArray(options["commands"]) && options["commands"].includes(OPEN_GUIDE),
    wantsStatus: options["status"] === true,
    readsFiles: options["readFile"] === true,
    listsFolders: options["listFolder"] === true,
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    showsRelated: (publish?.relatedInformation ?? textDocument?.diagnostic?.relatedInformation) === true,
    readsMarkdown: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    readsActions: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    resolvesEdits: textDocument?.codeAction?.resolveSupport?.properties.includes("edit") === true,
    versionedEdits: edits?.documentChanges === true,
    createsFiles: edits?.documentChanges === true && edits.resourceOperations?.includes("create") === true,
    annotatesEdits: edits?.documentChanges === true && edits.changeAnnotationSupport !== undefined,
    answersConfiguration: workspace?.configuration === true,
    expandsSnippets: item?.snippetSupport === true,
    documentsInMarkdown: item?.documentationFormat?.includes(MarkupKind.Markdown) === true,
    resolvesDocumentation: item?.resolveSupport?.properties.includes("documentation") === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchesFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    watchesRelative: workspace?.didChangeWatchedFiles?.relativePatternSupport === true,
    changesFolders: workspace?.workspaceFolders === true,
  };
}

export function serverCapabilities(client: Client): ServerCapabilities {
  return {
    // Every client must know UTF-16, and it is what a JavaScript string counts in: no conversion, no mistake.
    positionEncoding: "utf-16",
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
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
        workspaceDiagnostics: false,
      },
    }),
    ...(client.changesFolders && { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }),
  };
}

/** The value if it is an object, else an empty one: what a client sends may be anything. */
export function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
