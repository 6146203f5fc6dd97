/** A real client and the real server, joined by two streams: every message is encoded, sent and decoded as it would be between processes. */

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import {
  ConfigurationRequest,
  createConnection,
  createMessageConnection,
  DiagnosticRefreshRequest,
  RegistrationRequest,
  StreamMessageWriter,
  UnregistrationRequest,
  type ClientCapabilities,
  type CodeAction,
  type ConfigurationParams,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type InitializeResult,
  type MessageConnection,
  type Position,
  type Range,
  type RegistrationParams,
  type TextDocumentContentChangeEvent,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Parser } from "../../analysis/analyzer.js";
import { connectionOptions, startServer } from "../../server/main.js";
import { LIST_FOLDER, READ_FILE, type InitializationOptions } from "../../server/protocol.js";
import { LOCAL_FILES, parserFrom } from "../../server/start-node.js";
import { messageReader } from "./message-reader.js";

/** What VS Code can, as far as it matters here. */
export const FULL: ClientCapabilities = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    workspaceFolders: true,
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ["create"] },
  },
  textDocument: {
    diagnostic: {},
    publishDiagnostics: {
      relatedInformation: true,
      versionSupport: true,
      codeDescriptionSupport: true,
      dataSupport: true,
    },
    hover: { contentFormat: ["markdown", "plaintext"] },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
      dataSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
  },
  notebookDocument: { synchronization: {} },
};

/** A client that shows pushed diagnostics and knows code actions, and that is all. */
export const PLAIN: ClientCapabilities = {
  textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
};

export interface ClientOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: InitializationOptions | Readonly<Record<string, unknown>> | null;
  /** What `workspace/configuration` answers for `nippy`. */
  readonly settings?: unknown;
  readonly folders?: readonly string[];
  /** What the client answers to `nippy/readFile` and `nippy/listFolder`, by URI. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Client {
  readonly connection: MessageConnection;
  readonly initialized: InitializeResult;
  /** Every notification of the server so far. */
  readonly notifications: readonly { readonly method: string; readonly params: unknown }[];
  readonly registrations: RegistrationParams["registrations"];
  /** The files and folders the client was asked for so far: the method and the URI. */
  readonly asked: readonly string[];
  readonly refreshes: () => number;
  /** The first notification, past or to come, that fits. */
  seen<T>(method: string, fits?: (params: T) => boolean): Promise<T>;
  refreshed(): Promise<void>;
  configure(settings: unknown): void;
  open(uri: string, text: string, languageId?: string): Promise<void>;
  change(uri: string, changes: TextDocumentContentChangeEvent[]): Promise<void>;
  save(uri: string): Promise<void>;
  close(uri: string): Promise<void>;
  text(uri: string): string;
  /** Where a stretch of an open document's text stands. */
  rangeOf(uri: string, stretch: string): Range;
  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  /** Pulled, and there must be a full report. */
  diagnostics(uri: string): Promise<readonly Diagnostic[]>;
  actions(uri: string, range: Range, only?: string[]): Promise<readonly CodeAction[]>;
  resolve(action: CodeAction): Promise<CodeAction>;
  hover(uri: string, position: Position): Promise<string | undefined>;
  /** The texts after an edit, by URI; refuses an edit for another version than the open one. */
  after(edit: WorkspaceEdit | undefined): Readonly<Record<string, string>>;
  /** As an editor does it, but the process goes on. */
  stop(): Promise<void>;
}

let parser: Promise<Parser> | undefined;

/** The tests run in the project's root; the build has put the .wasm files into `dist`. */
function sharedParser(): Promise<Parser> {
  return (parser ??= parserFrom(pathToFileURL("dist/")));
}

export async function startClient(options: ClientOptions = {}): Promise<Client> {
  const { capabilities = FULL, initializationOptions = null, folders = [], files = {} } = options;
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const server = createConnection(messageReader(toServer), new StreamMessageWriter(toClient), connectionOptions());
  startServer(server, { ...LOCAL_FILES, createParser: sharedParser, version: () => Promise.resolve("0.0.0-test") });

  const connection = createMessageConnection(messageReader(toClient), new StreamMessageWriter(toServer));
  const news = follow(connection);
  const registrations: RegistrationParams["registrations"] = [];
  let settings = options.settings;
  let refreshes = 0;
  const onRefresh: (() => void)[] = [];
  connection.onRequest(ConfigurationRequest.method, ({ items }: ConfigurationParams) =>
    items.map(() => settings ?? null),
  );
  connection.onRequest(
    RegistrationRequest.method,
    (params: RegistrationParams) => void registrations.push(...params.registrations),
  );
  connection.onRequest(UnregistrationRequest.method, () => undefined);
  const asked: string[] = [];
  connection.onRequest(READ_FILE, ({ uri }: { uri: string }) => {
    asked.push(`${READ_FILE} ${uri}`);
    return { text: files[uri] ?? null };
  });
  connection.onRequest(LIST_FOLDER, ({ uri }: { uri: string }) => {
    asked.push(`${LIST_FOLDER} ${uri}`);
    const inside = Object.keys(files).filter((it) => it.startsWith(`${uri}/`));
    const names = new Set(inside.map((it) => it.slice(uri.length + 1).split("/")[0]!));
    const isFile = (name: string) => Object.hasOwn(files, `${uri}/${name}`);
    return {
      names: names.size > 0 ? [...names] : null,
      files: [...names].filter(isFile),
      folders: [...names].filter((it) => !isFile(it)),
    };
  });
  connection.onRequest(DiagnosticRefreshRequest.method, () => {
    refreshes++;
    onRefresh.splice(0).forEach((it) => it());
  });
  connection.listen();

  const workspaceFolders = folders.map((uri) => ({ uri, name: uri }));
  const initialized = await connection.sendRequest<InitializeResult>("initialize", {
    processId: null,
    rootUri: null,
    capabilities,
    initializationOptions,
    ...(capabilities.workspace?.workspaceFolders && { workspaceFolders }),
  });
  await connection.sendNotification("initialized", {});

  const documents = new Map<string, TextDocument>();
  const open = (uri: string) => documents.get(uri) ?? assert.fail(`${uri} is not open`);
  const pull = (uri: string, previousResultId?: string) =>
    connection.sendRequest<DocumentDiagnosticReport>("textDocument/diagnostic", {
      textDocument: { uri },
      identifier: "nippy",
      previousResultId,
    });

  return {
    connection,
    initialized,
    registrations,
    asked,
    ...news,
    refreshes: () => refreshes,
    refreshed: () => new Promise((resolve) => onRefresh.push(resolve)),
    configure(value) {
      settings = value;
    },
    async open(uri, text, languageId = "python") {
      documents.set(uri, TextDocument.create(uri, languageId, 1, text));
      await connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId, version: 1, text },
      });
    },
    async change(uri, contentChanges) {
      const document = open(uri);
      TextDocument.update(document, contentChanges, document.version + 1);
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: document.version },
        contentChanges,
      });
    },
    save: (uri) => connection.sendNotification("textDocument/didSave", { textDocument: { uri } }),
    async close(uri) {
      documents.delete(uri);
      await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    },
    text: (uri) => open(uri).getText(),
    rangeOf(uri, stretch) {
      const document = open(uri);
      const start = document.getText().indexOf(stretch);
      assert.notEqual(start, -1, `${uri} does not hold ${JSON.stringify(stretch)}`);
      return { start: document.positionAt(start), end: document.positionAt(start + stretch.length) };
    },
    pull,
    async diagnostics(uri) {
      const report = await pull(uri);
      assert.equal(report.kind, "full");
      return report.kind === "full" ? report.items : [];
    },
    actions: async (uri, range, only) =>
      connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
        textDocument: { uri },
        range,
        context: { diagnostics: [], ...(only && { only }) },
      }),
    resolve: (action) => connection.sendRequest<CodeAction>("codeAction/resolve", action),
    async hover(uri, position) {
      const answer = await connection.sendRequest<{ contents: { value: string } } | null>("textDocument/hover", {
        textDocument: { uri },
        position,
      });
      return answer?.contents.value;
    },
    after: (edit) => applied(documents, edit),
    async stop() {
      await connection.sendRequest("shutdown");
      connection.dispose();
      server.dispose();
      toServer.destroy();
      toClient.destroy();
    },
  };
}

function follow(connection: MessageConnection): Pick<Client, "notifications" | "seen"> {
  const notifications: { method: string; params: unknown }[] = [];
  let waiting: (() => boolean)[] = [];
  connection.onNotification((method, params) => {
    notifications.push({ method, params });
    waiting = waiting.filter((it) => !it());
  });
  return {
    notifications,
    seen: <T>(method: string, fits: (params: T) => boolean = () => true) =>
      new Promise<T>((resolve) => {
        const isThere = () => {
          const found = notifications.find((it) => it.method === method && fits(it.params as T));
          if (found) resolve(found.params as T);
          return found !== undefined;
        };
        if (!isThere()) waiting.push(isThere);
      }),
  };
}

function applied(
  documents: ReadonlyMap<string, TextDocument>,
  edit: WorkspaceEdit | undefined,
): Readonly<Record<string, string>> {
  assert.ok(edit, "there is no edit");
  const texts: Record<string, string> = {};
  const apply = (uri: string, edits: readonly { range: Range; newText: string }[]) => {
    const document = documents.get(uri) ?? TextDocument.create(uri, "", 0, texts[uri] ?? "");
    texts[uri] = TextDocument.applyEdits(document, [...edits]);
  };
  for (const [uri, edits] of Object.entries(edit.changes ?? {})) apply(uri, edits);
  for (const change of edit.documentChanges ?? []) {
    if ("kind" in change) {
      assert.equal(change.kind, "create");
      continue;
    }
    const { uri, version } = change.textDocument;
    assert.equal(version, documents.get(uri)?.version ?? null, `the edit is for version ${version} of ${uri}`);
    apply(uri, change.edits as { range: Range; newText: string }[]);
  }
  return texts;
}
