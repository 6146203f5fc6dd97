/** A language client for measuring: starts a server over stdio, types into a document, waits for findings. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";

export interface Stroke {
  readonly line: number;
  readonly character: number;
  /** Characters taken away to the right. */
  readonly removed: number;
  readonly text: string;
}

export interface MeasuredServer {
  /** Milliseconds from `didOpen` to the first findings. */
  open(uri: string, text: string): Promise<{ readonly milliseconds: number; readonly findings: number }>;
  /** Milliseconds from `didChange` to the findings for it. */
  type(uri: string, stroke: Stroke): Promise<number>;
  /** Milliseconds from a request about a position to its answer; `has` tells whether there was one. */
  ask(
    method: "textDocument/hover" | "textDocument/completion",
    uri: string,
    position: { readonly line: number; readonly character: number },
  ): Promise<{ readonly milliseconds: number; readonly has: boolean }>;
  /** Resident memory in MiB; undefined where the system does not tell. */
  memory(): number | undefined;
  /** Milliseconds of processor time that it used so far; NaN where the system does not tell. */
  cpu(): number;
  stop(): Promise<void>;
}

export async function startServer(
  command: string,
  args: readonly string[],
  options: unknown = {},
): Promise<MeasuredServer> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  answerQuestions(connection);
  connection.listen();
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    initializationOptions: options,
    capabilities: {
      textDocument: {
        diagnostic: { dynamicRegistration: false },
        synchronization: {},
        hover: { contentFormat: ["markdown"] },
        completion: { completionItem: { snippetSupport: true, resolveSupport: { properties: ["documentation"] } } },
      },
      general: { positionEncodings: ["utf-16"] },
    },
  });
  await connection.sendNotification("initialized", {});

  const versions = new Map<string, number>();
  const pull = async (uri: string) =>
    (await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } })) as {
      readonly items?: readonly unknown[];
    };
  return {
    async open(uri, text) {
      const started = performance.now();
      versions.set(uri, 1);
      await connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: "python", version: 1, text },
      });
      const report = await pull(uri);
      return { milliseconds: performance.now() - started, findings: report.items?.length ?? 0 };
    },
    async type(uri, { line, character, removed, text }) {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      const started = performance.now();
      const range = { start: { line, character }, end: { line, character: character + removed } };
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ range, text }],
      });
      await pull(uri);
      return performance.now() - started;
    },
    async ask(method, uri, position) {
      const started = performance.now();
      const answer = await connection.sendRequest<unknown>(method, { textDocument: { uri }, position });
      const milliseconds = performance.now() - started;
      return { milliseconds, has: Array.isArray(answer) ? answer.length > 0 : answer !== null };
    },
    memory: () => residentMemory(child),
    cpu: () => processorTime(child),
    async stop() {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const late = setTimeout(() => child.kill(), 3000);
      await ended;
      clearTimeout(late);
      connection.dispose();
    },
  };
}

/** Servers ask for settings and for registrations; both get the plain answer. */
function answerQuestions(connection: MessageConnection): void {
  connection.onRequest("workspace/configuration", ({ items }: { readonly items: readonly unknown[] }) =>
    items.map(() => null),
  );
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("window/workDoneProgress/create", () => null);
  connection.onRequest("workspace/diagnostic/refresh", () => null);
}

function residentMemory({ pid }: ChildProcess): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** Linux counts it in hundredths of a second. */
const TICK = 10;

function processorTime({ pid }: ChildProcess): number {
  try {
    // Behind the program's name, which may hold anything: the 14th and 15th field of all.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  } catch {
    return NaN;
  }
}
