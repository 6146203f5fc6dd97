/** What every language client of ours is told: which documents, when to ask for findings, what to do with links, news and requests. */

import { FileType, Uri, workspace, type TextDocument } from "vscode";
import {
  DiagnosticPullMode,
  DocumentDiagnosticRequest,
  RevealOutputChannelOn,
  State,
  type BaseLanguageClient,
  type LanguageClientOptions,
} from "vscode-languageclient";
import {
  LIST_FOLDER,
  OPEN_GUIDE,
  READ_FILE,
  SHOW_FIXES,
  STATUS,
  type EditorSettings,
  type InitializationOptions,
  type ListFolderParams,
  type ListFolderResult,
  type ReadFileParams,
  type ReadFileResult,
  type Status,
} from "../server/protocol.js";
import { linkMiddleware } from "./links.js";
import type { Wiring } from "./session.js";
import type { ServerState } from "./status-face.js";

export function clientOptions({ log, selector, held }: Wiring) {
  return {
    documentSelector: selector.map(({ language, scheme, pattern }) => ({
      ...(scheme !== undefined && { scheme }),
      ...(typeof pattern === "string" ? { pattern } : { language: language ?? "python" }),
    })),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: {
      commands: [OPEN_GUIDE, SHOW_FIXES],
      status: true,
      readFile: true,
      listFolder: true,
    } satisfies InitializationOptions,
    // The library would show the error in a window; the status item says it and the log holds it.
    initializationFailedHandler: (error: unknown) => {
      log.error("The server could not be initialised.", error);
      return false;
    },
    textSynchronization: { delayOpenNotifications: true },
    diagnosticPullOptions: { onChange: true, onSave: true, filter: isNotWanted },
    markdown: { isTrusted: { enabledCommands: [OPEN_GUIDE, SHOW_FIXES, "nippy.explainRule"] } },
    middleware: linkMiddleware(held),
  } satisfies LanguageClientOptions;
}

/** Connects a client with what listens to its server, before it is started. */
export function wire<Client extends BaseLanguageClient>(client: Client, { status, held }: Wiring): Client {
  client.onDidChangeState(({ newState }) => status.serverIs(SERVER_STATES[newState]));
  client.onNotification(STATUS, (news: Status) => status.tell(news));
  held.onRelease((uri) => {
    const document = workspace.textDocuments.find((it) => it.uri.toString() === uri.toString());
    // Asked for anew, the findings that waited come with the others.
    if (document)
      client.getFeature(DocumentDiagnosticRequest.method).getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
  });
  client.onRequest(READ_FILE, readFile);
  client.onRequest(LIST_FOLDER, listFolder);
  return client;
}

const SERVER_STATES: Readonly<Record<State, ServerState>> = {
  [State.Starting]: "starting",
  [State.Running]: "running",
  [State.StartFailed]: "failed",
  [State.Stopped]: "stopped",
};

/** A pull that `nippy.run` rules out: while typing when on save is set, and the other way round, where saving brings nothing new. */
function isNotWanted(document: TextDocument, mode: DiagnosticPullMode): boolean {
  const run = workspace.getConfiguration("nippy", document).get<EditorSettings["run"]>("run", "onType");
  return (
    (mode === DiagnosticPullMode.onType && run === "onSave") || (mode === DiagnosticPullMode.onSave && run === "onType")
  );
}

/** For the server where it cannot reach a file itself: in the browser, and in virtual workspaces everywhere. */
async function readFile({ uri, most }: ReadFileParams): Promise<ReadFileResult> {
  try {
    const file = Uri.parse(uri, true);
    if (most !== undefined) {
      const { type, size } = await workspace.fs.stat(file);
      if ((type & FileType.File) === 0 || size > most) return { text: null };
    }
    const bytes = await workspace.fs.readFile(file);
    return { text: new TextDecoder().decode(bytes) };
  } catch {
    return { text: null };
  }
}

async function listFolder({ uri }: ListFolderParams): Promise<ListFolderResult> {
  try {
    const entries = await workspace.fs.readDirectory(Uri.parse(uri, true));
    const ofType = (type: FileType) => entries.filter((it) => it[1] === type).map(([name]) => name);
    return {
      names: entries.map(([name]) => name),
      files: ofType(FileType.File),
      folders: ofType(FileType.Directory),
    };
  } catch {
    return { names: null };
  }
}
