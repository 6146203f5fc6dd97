/** The real server before a client that means it no good, or is broken: every message is answered or refused, a broken stream is an end, and nothing else is. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, it } from "mocha";
import type { ClientCapabilities, Diagnostic } from "vscode-languageserver/node";
import { FULL, startClient } from "../harness/lsp.js";
import * as protocol from "../../server/protocol.js";
import { REFUSALS, REQUESTS, spoiled } from "../harness/odd-messages.js";
import { random } from "../harness/random.js";
import { FILE, ITERROWS } from "../server/samples.js";
import { oddProtocol } from "../soak/protocol.js";
import { SERVER, startServerProcess, type ServerProcess } from "../soak/server-process.js";

const framed = (message: unknown) => {
  const body = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};
const INITIALIZE = framed({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { processId: null, rootUri: null, capabilities: {} },
});
const RULES = framed({ jsonrpc: "2.0", id: 2, method: "nippy/rules" });
const EXIT = framed({ jsonrpc: "2.0", method: "exit" });

/** What a server says to some bytes before it ends; a pattern is waited for. */
async function talk(
  parts: readonly (string | Buffer | RegExp)[],
): Promise<{ code: number; out: string; errors: string }> {
  const server = spawn(process.execPath, [SERVER, "--stdio"]);
  let [out, errors] = ["", ""];
  server.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  server.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  server.stdin.on("error", () => {});
  const closed = once(server, "close") as Promise<[number]>;
  for (const part of parts) {
    if (part instanceof RegExp) while (!part.test(out)) await once(server.stdout, "data");
    else await new Promise<void>((resolve) => server.stdin.write(part, () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [code] = await closed;
  return { code, out, errors };
}

describe("the protocol", () => {
  let server: ServerProcess | undefined;
  afterEach(async () => {
    if (server?.exitCode() === undefined) await server?.stop().catch(() => {});
    server = undefined;
  });
  const open = { textDocument: { uri: FILE, languageId: "python", version: 1, text: ITERROWS } };

  describe("ends with one line on stderr", () => {
    const BROKEN: Readonly<Record<string, readonly (string | Buffer)[]>> = {
      "where the length is a word": ["Content-Length: abc\r\n\r\n{}"],
      "where there is no length": ["Content-Type: application/vscode-jsonrpc\r\n\r\n{}"],
      "where the length is negative": ["Content-Length: -5\r\n\r\n{}"],
      "where the length is a fraction": ["Content-Length: 1.5\r\n\r\n{}"],
      "where the length is written with an exponent": ["Content-Length: 1e12\r\n\r\n{}"],
      "where the length is beyond all bounds": ["Content-Length: 1000000000000\r\n\r\n{}"],
      "where the length has forty digits": [`Content-Length: ${"9".repeat(40)}\r\n\r\n{}`],
      "where the length stands twice": ["Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
      "where a header is none": ["GET / HTTP/1.1\r\n\r\n"],
      "where headers never end": Array.from({ length: 50 }, () => `X: ${"a".repeat(1 << 20)}`),
      "where headers never end, line by line": Array.from({ length: 2000 }, () => "X: y\r\n"),
      "where a length does not fit its message": [`Content-Length: 3\r\n\r\n${"{}".repeat(30)}\r\n\r\n`],
      "behind a message that is right": [INITIALIZE, "Content-Length: abc\r\n\r\n{}"],
    };
    for (const [name, parts] of Object.entries(BROKEN)) {
      it(name, async () => {
        const { code, errors } = await talk(parts);
        assert.equal(code, 1);
        assert.match(errors, /^nippy: [^\n]+ The server ends\.\n$/);
      });
    }
  });

  it("takes headers in every form that is right, and in every size of parts", async () => {
    const other = RULES.replace("Content-Length: ", "content-type: x\r\ncontent-length:");
    const bytes = (text: string) => [...Buffer.from(text)].map((it) => Buffer.of(it));
    const { code, errors } = await talk([
      ...bytes(INITIALIZE),
      /"id":1,"result"/,
      ...bytes(other),
      /"id":2,"result"/,
      EXIT,
    ]);
    assert.equal(errors, "");
    assert.equal(code, 1, "there was no shutdown");
  });

  it("serves nothing while it is being initialized", async () => {
    const { out } = await talk([INITIALIZE + RULES, /"id":2/, /"id":1,"result"/, EXIT]);
    assert.match(out, /"id":2,"error":\{"code":-32002/);
  });

  it("serves nothing before it is initialized, and is initialized once", async () => {
    server = await startServerProcess(undefined, false);
    const { connection } = server;
    await connection.sendNotification("textDocument/didOpen", open);
    for (const method of ["nippy/rules", "textDocument/hover", "shutdown", "nippy/unheardOf"])
      await assert.rejects(connection.sendRequest(method, {}), { code: -32002 });
    await assert.rejects(connection.sendRequest("initialize", { capabilities: null }), { code: -32602 });
    const initialize = () =>
      connection.sendRequest("initialize", { processId: null, rootUri: null, capabilities: FULL });
    await initialize();
    await assert.rejects(initialize(), { code: -32600 });
    await assert.rejects(connection.sendRequest("nippy/refused", { code: 1, message: "x" }), { code: -32601 });
    const { items } = await connection.sendRequest<{ items: readonly Diagnostic[] }>("textDocument/diagnostic", {
      textDocument: { uri: FILE },
    });
    assert.deepEqual(items, [], "what was opened before counts for nothing");
  });

  it("serves nothing after it was shut down, and ends well", async () => {
    server = await startServerProcess();
    const { connection } = server;
    await connection.sendRequest("shutdown");
    await connection.sendNotification("textDocument/didOpen", open);
    for (const method of ["nippy/rules", "textDocument/diagnostic", "shutdown", "initialize", "nippy/unheardOf"])
      await assert.rejects(connection.sendRequest(method, { textDocument: { uri: FILE } }), { code: -32600 });
    await connection.sendNotification("exit");
    while (server.exitCode() === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(server.exitCode(), 0);
    assert.equal(server.errors(), "");
  });

  it("refuses parameters that it cannot use, and goes on", async () => {
    server = await startServerProcess();
    const { connection } = server;
    await connection.sendNotification("textDocument/didOpen", open);
    const textDocument = { uri: FILE };
    const position = { line: 0, character: 0 };
    const range = { start: position, end: position };
    const bad: readonly (readonly [method: string, params: unknown])[] = [
      ["textDocument/codeAction", { textDocument, range, context: { diagnostics: [], only: [null] } }],
      ["textDocument/codeAction", { textDocument, range, context: { diagnostics: [{ range: null }] } }],
      ["textDocument/codeAction", { textDocument, range }],
      ["textDocument/codeAction", { textDocument, range: { start: position }, context: { diagnostics: [] } }],
      ["textDocument/hover", { textDocument, position: { line: "0", character: {} } }],
      ["textDocument/hover", { textDocument, position: { line: 0.5, character: 0 } }],
      ["textDocument/hover", { textDocument: null, position }],
      ["textDocument/hover", [textDocument, position]],
      ["textDocument/completion", { textDocument: { uri: 3 }, position }],
      ["textDocument/diagnostic", JSON.parse('{"__proto__": {"textDocument": {"uri": "x"}}}')],
      ["textDocument/diagnostic", { textDocument: { uri: `file://${"/a".repeat(100_000)}.py` } }],
      ["nippy/snippets", { uri: [] }],
      ["codeAction/resolve", []],
    ];
    for (const [method, params] of bad)
      await assert.rejects(
        connection.sendRequest(method, params),
        { code: -32602 },
        JSON.stringify(params)?.slice(0, 99),
      );
    const { items } = await connection.sendRequest<{ items: readonly Diagnostic[] }>("textDocument/diagnostic", {
      textDocument,
    });
    assert.deepEqual(
      items.map((it) => it.code),
      ["pandas/iterrows"],
    );
  });

  it("never fails for odd messages, settings and answers", async () => {
    for (const seed of [1, 2, 3]) {
      const { problems, refused } = await oddProtocol(seed, 400);
      assert.deepEqual(problems, []);
      assert.ok(refused > 50, `only ${refused} were refused`);
    }
  });

  it("is asked every request of its own in odd messages", () => {
    const own = Object.values(protocol).filter((it) => it.startsWith("nippy/"));
    const toClient = new Set<string>([protocol.READ_FILE, protocol.LIST_FOLDER, protocol.STATUS]);
    assert.deepEqual(
      own.filter((it) => !toClient.has(it) && !(it in REQUESTS)),
      [],
    );
  });

  it("outlives requests whose parameters are missing or of another kind", async () => {
    server = await startServerProcess();
    const { connection } = server;
    connection.onRequest("workspace/applyEdit", () => null);
    await connection.sendNotification("textDocument/didOpen", open);
    const long = `file://${"/a".repeat(100_000)}/b.py`;
    const odd = [
      undefined,
      null,
      {},
      [],
      { uri: 3 },
      { uri: long },
      { uris: [long], limit: null },
      { command: "x", arguments: {} },
    ];
    const commands = ["analyseWorkspace", "clearWorkspace", "fixWorkspace", "silence"];
    const asked = [
      ...Object.keys(REQUESTS).flatMap((method) => odd.map((params) => [method, params] as const)),
      ...commands.flatMap((command) =>
        [null, 3, {}, [], [3], [{ uri: long, files: [{ uri: long }] }]].map(
          (given) => ["workspace/executeCommand", { command: `nippy.server.${command}`, arguments: given }] as const,
        ),
      ),
      ["workspace/diagnostic", {}] as const,
      ["workspace/diagnostic", { previousResultIds: [{ uri: 3 }] }] as const,
    ];
    for (const [method, params] of asked)
      await connection.sendRequest(method, params).catch(({ code, message }: { code: number; message: string }) => {
        assert.ok(REFUSALS.has(code), `${method} ${JSON.stringify(params)?.slice(0, 60)}: ${message}`);
      });
    assert.equal(server.exitCode(), undefined);
    assert.equal(await server.stop(), 0);
  });

  it("takes whatever a client says it can", async () => {
    const chance = random(5);
    for (let round = 0; round < 60; round++) {
      const capabilities = spoiled(spoiled(FULL, chance), chance) as ClientCapabilities;
      if (typeof capabilities !== "object" || capabilities === null || Array.isArray(capabilities)) continue;
      const initializationOptions = spoiled(
        { settings: { levels: {} }, commands: ["nippy.openGuide"], status: true },
        chance,
      ) as Readonly<Record<string, unknown>>;
      const client = await startClient({ capabilities, initializationOptions });
      await client.open(FILE, ITERROWS);
      assert.equal((await client.actions(FILE, client.rangeOf(FILE, "iterrows"))).length >= 0, true);
      await client.stop();
    }
  });
});
