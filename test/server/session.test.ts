/** A client that behaves badly: the server answers what it can, says no to the rest, and knows afterwards what a new server knows. */

import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import type { Diagnostic } from "vscode-languageserver/node";
import { random } from "../harness/random.js";
import { mixedPages, pageTexts } from "../soak/files.js";
import { serverMemory } from "../soak/memory.js";
import { startServerProcess, type ServerProcess } from "../soak/server-process.js";
import { badSession } from "../soak/session.js";
import { FILE, ITERROWS } from "./samples.js";

describe("server: a bad session", function () {
  let server: ServerProcess | undefined;
  afterEach(async () => {
    if (server?.exitCode() === undefined) await server?.stop();
    server = undefined;
  });
  const started = async (initialize = true) => (server = await startServerProcess(undefined, initialize));
  const findings = async ({ connection }: ServerProcess) =>
    (
      await connection.sendRequest<{ items: readonly Diagnostic[] }>("textDocument/diagnostic", {
        textDocument: { uri: FILE },
      })
    ).items.map((it) => [it.code, it.range.start.line]);
  const opened = { textDocument: { uri: FILE, languageId: "python", version: 1, text: ITERROWS } };

  // `npm run soak -- --only session` goes on where this ends.
  for (const seed of [1, 2]) {
    it(`leaves it right and alive (seed ${seed})`, async () => {
      const pages = pageTexts();
      const texts = [
        "",
        "\ufeffx = 1\n",
        ...Array.from({ length: 20 }, (_, index) => mixedPages(random(index), pages)),
      ];
      const { problems, compared } = await badSession({ seed, moves: 400, between: 200, texts });
      assert.deepEqual(problems, []);
      assert.equal(compared, 2);
    });
  }

  // `npm run soak -- --only memory` makes it ten thousand.
  it("leaves no memory behind: two hundred edits of 3,500 lines", async () => {
    const { samples, lines } = await serverMemory({ seed: 1, edits: 200, warmUp: 150, isOver: () => false });
    assert.ok(lines > 3_000);
    assert.deepEqual(
      samples.map((it) => it.edits),
      [100, 200],
    );
    const [first, last] = samples;
    assert.ok(last!.heap < first!.heap * 1.1, JSON.stringify(samples));
  });

  it("refuses what comes before it is initialized, and works then", async () => {
    const it = await started(false);
    await assert.rejects(it.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: FILE } }));
    await it.connection.sendNotification("textDocument/didOpen", opened);
    await it.connection.sendRequest("initialize", {
      processId: null,
      rootUri: null,
      capabilities: { textDocument: { diagnostic: {} } },
    });
    await it.connection.sendNotification("initialized", {});
    await it.connection.sendNotification("textDocument/didOpen", opened);
    assert.deepEqual(await findings(it), [["pandas/iterrows", 5]]);
  });

  it("takes a second document of the same address for a new text", async () => {
    const it = await started();
    await it.connection.sendNotification("textDocument/didOpen", opened);
    await it.connection.sendNotification("textDocument/didOpen", {
      textDocument: { ...opened.textDocument, version: 1, text: `\n\n${ITERROWS}` },
    });
    assert.deepEqual(await findings(it), [["pandas/iterrows", 7]]);
  });

  it("follows the order of changes, whatever their versions say", async () => {
    const it = await started();
    await it.connection.sendNotification("textDocument/didOpen", opened);
    for (const version of [9, 3, 3, -1]) {
      await it.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: FILE, version },
        contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "\n" }],
      });
    }
    assert.deepEqual(await findings(it), [["pandas/iterrows", 9]]);
  });

  it("takes five thousand changes at once", async () => {
    const it = await started();
    await it.connection.sendNotification("textDocument/didOpen", opened);
    const contentChanges = Array.from({ length: 5000 }, (_, index) => ({
      range: { start: { line: 0, character: 0 }, end: { line: index % 2, character: 0 } },
      text: index % 2 === 0 ? "\n" : "",
    }));
    await it.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: FILE, version: 2 },
      contentChanges,
    });
    assert.deepEqual(await findings(it), [["pandas/iterrows", 5]]);
  });

  it("goes when it is told to, whatever was still asked of it", async () => {
    const it = await started();
    await it.connection.sendNotification("textDocument/didOpen", {
      textDocument: { ...opened.textDocument, text: ITERROWS.repeat(200) },
    });
    const asked = Promise.allSettled(Array.from({ length: 30 }, () => findings(it)));
    assert.equal(await it.stop(), 0);
    assert.equal((await asked).length, 30);
  });
});
