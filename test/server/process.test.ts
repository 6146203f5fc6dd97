/** The server as a program: over stdin and stdout, and gone when its client is. */

import assert from "node:assert/strict";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, it } from "mocha";
import {
  createMessageConnection,
  StreamMessageWriter,
  type DocumentDiagnosticReport,
  type InitializeResult,
  type MessageConnection,
} from "vscode-languageserver/node";
import { FULL } from "../harness/lsp.js";
import { messageReader } from "../harness/message-reader.js";
import { FILE, ITERROWS } from "./samples.js";

const SERVER = "dist/server.mjs";

describe("server: as a process", () => {
  let server: ChildProcessWithoutNullStreams;
  let connection: MessageConnection | undefined;
  const start = (...args: string[]) => {
    server = spawn(process.execPath, [SERVER, ...args]);
    connection = createMessageConnection(messageReader(server.stdout), new StreamMessageWriter(server.stdin));
    connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) => items.map(() => null));
    connection.onRequest("client/registerCapability", () => null);
    connection.listen();
    return connection;
  };
  const initialize = async (to: MessageConnection, processId: number | null) => {
    const result = await to.sendRequest<InitializeResult>("initialize", {
      processId,
      rootUri: null,
      capabilities: FULL,
      workspaceFolders: null,
    });
    await to.sendNotification("initialized", {});
    return result;
  };
  const exit = async () => server.exitCode ?? ((await once(server, "exit")) as [number])[0];
  afterEach(() => {
    connection?.dispose();
    if (server.exitCode === null) server.kill("SIGKILL");
  });

  for (const args of [["--stdio"], []]) {
    it(`finds, shuts down and exits with 0 when started with ${args[0] ?? "nothing"}`, async () => {
      const to = start(...args);
      const { serverInfo } = await initialize(to, null);
      assert.match(serverInfo?.version ?? "", /^\d+\.\d+\.\d+/);
      await to.sendNotification("textDocument/didOpen", {
        textDocument: { uri: FILE, languageId: "python", version: 1, text: ITERROWS },
      });
      const report = await to.sendRequest<DocumentDiagnosticReport>("textDocument/diagnostic", {
        textDocument: { uri: FILE },
      });
      assert.deepEqual(report.kind === "full" && report.items.map((it) => it.code), ["pandas/iterrows"]);
      await to.sendRequest("shutdown");
      await to.sendNotification("exit");
      assert.equal(await exit(), 0);
    });
  }

  it("speaks to an editor's child process over IPC", async () => {
    const child = spawn(process.execPath, [SERVER, "--node-ipc"], {
      stdio: ["pipe", "pipe", "pipe", "ipc"],
    }) as ChildProcessWithoutNullStreams;
    server = child;
    const answer = once(child, "message");
    child.send({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: { processId: null, rootUri: null, capabilities: {} },
    });
    const [{ id, result }] = (await answer) as [{ id: number; result: InitializeResult }];
    assert.equal(id, 1);
    assert.equal(result.serverInfo?.name, "nippy");
    child.disconnect();
    assert.notEqual(await exit(), null);
  });

  it("exits with 1 when it is told to without a shutdown", async () => {
    const to = start("--stdio");
    await initialize(to, null);
    await to.sendNotification("exit");
    assert.equal(await exit(), 1);
  });

  it("ends when its input ends", async () => {
    await initialize(start("--stdio"), null);
    server.stdin.end();
    assert.equal(await exit(), 1);
  });

  it("ends when the client's process dies, though its input stays open", async () => {
    const client = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
    await initialize(start("--stdio"), client.pid ?? null);
    client.kill("SIGKILL");
    assert.equal(await exit(), 1);
  });

  it("ends when the process that holds its pipes is killed in the middle of its work", async () => {
    const text = ITERROWS.repeat(300);
    // The server shares the client's stderr: that ends when both are gone, and the server's own death is not lost with its parent.
    const program = `
      const { spawn } = require("node:child_process");
      const server = spawn(process.execPath, [${JSON.stringify(SERVER)}, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
      const send = (message) => {
        const body = JSON.stringify({ jsonrpc: "2.0", ...message });
        server.stdin.write("Content-Length: " + Buffer.byteLength(body) + "\\r\\n\\r\\n" + body);
      };
      server.stdout.once("data", () => {
        send({ method: "initialized", params: {} });
        send({ method: "textDocument/didOpen", params: { textDocument: { uri: "file:///long.py", languageId: "python", version: 1, text: ${JSON.stringify(text)} } } });
        for (let id = 2; id < 50; id++) send({ id, method: "textDocument/diagnostic", params: { textDocument: { uri: "file:///long.py" } } });
        process.stdout.write("at work");
      });
      send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } } });
    `;
    const client = spawn(process.execPath, ["-e", program]);
    server = client;
    await once(client.stdout, "data");
    const gone = once(client.stderr, "close");
    client.stderr.resume();
    client.kill("SIGKILL");
    await gone;
  });
});
