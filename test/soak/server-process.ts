/** The real server in a process of its own, spoken to over its pipes; asked on the side how much memory it holds. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createMessageConnection, StreamMessageWriter, type MessageConnection } from "vscode-languageserver/node";
import { FULL } from "../harness/lsp.js";
import { messageReader } from "../harness/message-reader.js";

export const SERVER = "dist/server.mjs";

const CAPABILITIES = {
  ...FULL,
  textDocument: { ...FULL.textDocument, completion: { completionItem: { snippetSupport: true } } },
};

/** In bytes, after a collection. */
export interface Memory {
  readonly heap: number;
  /** Beside the heap: the parser's memory and the trees' arrays. */
  readonly external: number;
  /** All that the system counts, with what the collector has not given back. */
  readonly resident: number;
}

export interface ServerProcess {
  readonly connection: MessageConnection;
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  /** What it wrote to stderr: nothing, if all is well. */
  errors(): string;
  memory(): Promise<Memory>;
  stop(): Promise<number>;
}

/** Runs in the server's process: a second channel beside the pipes answers with the memory in use. */
const ANSWER_MEMORY = `
process.on("message", () => {
  gc();
  gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send({ heap: heapUsed, external, resident: rss });
});
process.channel.unref();
`;

export async function startServerProcess(server = SERVER, initialize = true): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    ["--expose-gc", "--import", `data:text/javascript,${encodeURIComponent(ANSWER_MEMORY)}`, server, "--stdio"],
    { stdio: ["pipe", "pipe", "pipe", "ipc"] },
  ) as ChildProcess;
  let errors = "";
  child.stderr!.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdin!.on("error", () => {});
  const connection = createMessageConnection(messageReader(child.stdout!), new StreamMessageWriter(child.stdin!));
  connection.onRequest("workspace/configuration", ({ items }: { readonly items: readonly unknown[] }) =>
    items.map(() => null),
  );
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("client/unregisterCapability", () => null);
  connection.onRequest("workspace/diagnostic/refresh", () => null);
  connection.onRequest("nippy/readFile", () => ({ text: null }));
  connection.listen();
  if (initialize) {
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: CAPABILITIES,
      workspaceFolders: null,
    });
    await connection.sendNotification("initialized", {});
  }
  return {
    connection,
    exitCode: () => child.exitCode ?? (child.signalCode ? -1 : undefined),
    errors: () => errors,
    async memory() {
      const answer = once(child, "message");
      child.send("memory");
      const [memory] = (await answer) as [Memory];
      return memory;
    },
    async stop() {
      const ended = once(child, "close");
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
      const [code] = (await ended) as [number | null];
      clearTimeout(late);
      connection.dispose();
      return code ?? -1;
    },
  };
}
