/** Nippy's language server, wherever it runs: reads what the client can, then wires one feature after the other. */

import { LSPErrorCodes, type Connection, type ConnectionOptions, type InitializeParams } from "vscode-languageserver";
import { createAnalyzer, readNextLibrary, type Parser } from "../analysis/analyzer.js";
import { guideUrl } from "../guide/address.js";
import { constructs } from "../guide/constructs/index.generated.js";
import { guide } from "../guide/index.generated.js";
import { refactorings } from "../refactorings/index.generated.js";
import { rules } from "../rules/index.generated.js";
import { createBackground } from "./background.js";
import { readClient, serverCapabilities, tableOf } from "./capabilities.js";
import { createDocuments } from "./documents.js";
import { createEditor } from "./editor.js";
import { assistants } from "./features/assistants.js";
import { catalogue } from "./features/catalogue.js";
import { codeActionResolve } from "./features/code-action-resolve.js";
import { codeActions } from "./features/code-actions.js";
import { completion } from "./features/completion.js";
import { configurationFiles } from "./features/configuration-files.js";
import { configurationProblems } from "./features/configuration-problems.js";
import { effectiveConfiguration } from "./features/effective-configuration.js";
import { fixOnSave } from "./features/fix-on-save.js";
import { hover } from "./features/hover.js";
import { diagnosticsIn } from "./features/diagnostics.js";
import { commands } from "./features/commands.js";
import { workspaceDiagnostics } from "./features/workspace-diagnostics.js";
import { pullDiagnostics } from "./features/pull-diagnostics.js";
import { pushDiagnostics } from "./features/push-diagnostics.js";
import { status } from "./features/status.js";
import { answerRefused, gate } from "./gate.js";
import { createLog, type Log } from "./log.js";
import type { ReadFile } from "./project.js";
import { createPublisher } from "./publisher.js";
import { LIST_FOLDER, READ_FILE, type ListFolderResult, type ReadFileResult } from "./protocol.js";
import { createSettings } from "./settings.js";
import { createSurvey } from "./survey.js";
import type { Files, ListFolder } from "./target.js";

/** What differs between Node and a browser's worker. */
export interface Host extends Files {
  /** Rejects where there is a file that is not read, with the reason: what people should know. */
  readonly readFile: ReadFile;
  /** Called once, with `initializationOptions.wasm` as the client sent it. */
  createParser(wasm: unknown): Promise<Parser>;
  /** Whether files of this kind can be reached from here; for others the client is asked, if it answers such questions. */
  reaches(uri: string): boolean;
  /** Of the product, where it is known. */
  version(): Promise<string | undefined>;
}

/** In milliseconds: one library is read, then it is the client's turn again. */
const READ_AHEAD = 1000;

/** Of one connection. A request that is cancelled while it waits in line is answered at once, without being started. */
export function connectionOptions(): ConnectionOptions {
  return {
    connectionStrategy: {
      cancelUndispatched: () => ({
        jsonrpc: "2.0",
        id: null,
        error: { code: LSPErrorCodes.RequestCancelled, message: "cancelled" },
      }),
    },
    messageStrategy: gate(),
  };
}

export function startServer(connection: Connection, host: Host): void {
  answerRefused(connection);
  connection.onInitialize(async (params) => {
    const client = readClient(params);
    const log = createLog(connection);
    const background = createBackground(connection, log);
    const [parser, version] = await Promise.all([
      host.createParser(tableOf(params.initializationOptions)["wasm"]),
      host.version(),
    ]);
    const analyzer = createAnalyzer({
      parser,
      rules,
      guide,
      guideUrl,
      constructs,
      refactorings,
      onFixFailure: log.ruleFailed,
    });

    const readFile: ReadFile = async (uri, most) => {
      if (host.reaches(uri))
        return host.readFile(uri, most).catch((error: Error) => {
          log.warnOnce(`${uri} ${error.message}, so it is not read.`);
          return undefined;
        });
      if (!client.readsFiles) return undefined;
      const answer = await askClient<ReadFileResult>(connection, log, READ_FILE, { uri, most });
      return typeof answer?.text === "string" ? answer.text : undefined;
    };
    const listFolder: ListFolder = async (uri) => {
      if (host.reaches(uri)) return host.listFolder(uri);
      if (!client.listsFolders) return undefined;
      const answer = await askClient<ListFolderResult>(connection, log, LIST_FOLDER, { uri });
      if (!Array.isArray(answer?.names)) return undefined;
      const [names, files, folders] = [answer.names, answer.files, answer.folders].map(textsOf);
      return [...names!].map((name) => ({
        name,
        kind: files!.has(name) ? "file" : folders!.has(name) ? "folder" : "other",
      }));
    };
    const endOf = (uri: string) => (host.reaches(uri) ? host.endOf(uri) : Promise.resolve(uri));
    const publisher = createPublisher(connection);
    const problems = configurationProblems(publisher, log, background);
    const editor = createEditor(connection, client, log, background, foldersOf(params));
    const files: Files = { readFile, listFolder, endOf, ignoresCase: host.ignoresCase };
    const settings = createSettings({
      editor,
      log,
      rules,
      files,
      report: problems.report,
    });
    settings.onChange(problems.clear);
    const documents = createDocuments(connection, analyzer, settings, log, background);
    // Whoever types `import torch` should not wait in that very keystroke until its tables are made.
    const readAhead = () =>
      background.later("libraries", READ_AHEAD, "The data about a library could not be read.", async () => {
        if (readNextLibrary()) readAhead();
      });
    readAhead();
    const survey = createSurvey({
      editor,
      settings,
      documents,
      files,
      background,
      log,
      find: (uri, text, own) => diagnosticsIn({ analyzer, client, guideUrl, log }, uri, text, own),
    });
    const session = { connection, client, analyzer, documents, settings, survey, files, log, background, guideUrl };

    status(session);
    if (client.pullsDiagnostics) {
      pullDiagnostics(session);
      workspaceDiagnostics(session);
    } else pushDiagnostics(session, publisher);
    hover(session);
    completion(session);
    codeActions(session);
    codeActionResolve(session);
    catalogue(session);
    commands(session);
    assistants(session);
    fixOnSave(session);
    configurationFiles(session, problems);
    effectiveConfiguration(session);

    connection.onInitialized(() => {
      log.info(
        `Nippy ${version ?? ""}: ${rules.length} rules, findings are ${client.pullsDiagnostics ? "pulled" : "pushed"}.`,
      );
      editor.register();
      survey.start();
    });
    return {
      capabilities: serverCapabilities(client),
      serverInfo: { name: "nippy", ...(version !== undefined && { version }) },
    };
  });
  connection.listen();
}

/** Clients of before folders in the plural tell one root. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const told: readonly unknown[] = Array.isArray(workspaceFolders)
    ? workspaceFolders.map((it) => tableOf(it)["uri"])
    : [rootUri];
  return told.filter((it) => typeof it === "string" && it !== "") as readonly string[];
}

async function askClient<T>(connection: Connection, log: Log, method: string, params: object): Promise<T | undefined> {
  try {
    return await connection.sendRequest<T>(method, params);
  } catch (error) {
    log.failOnce(method, "The editor could not read a project's file or folder; it is taken as missing.", error);
    return undefined;
  }
}

/** A client may send anything. */
function textsOf(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((it): it is string => typeof it === "string") : []);
}
