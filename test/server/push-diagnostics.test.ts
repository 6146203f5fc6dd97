/** textDocument/publishDiagnostics: what a client gets that cannot ask. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { PublishDiagnosticsParams } from "vscode-languageserver";
import { PLAIN, startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS } from "./samples.js";

const PUBLISH = "textDocument/publishDiagnostics";

describe("server: pushed diagnostics", () => {
  let client: Client;
  const published = (version: number | undefined) =>
    client.seen<PublishDiagnosticsParams>(PUBLISH, (it) => it.uri === FILE && it.version === version);
  beforeEach(async () => {
    client = await startClient({ capabilities: PLAIN });
    await client.open(FILE, ITERROWS);
  });
  afterEach(() => client.stop());

  it("arrive when a document is opened, with its version", async () => {
    const { diagnostics } = await published(1);
    assert.deepEqual(
      diagnostics.map((it) => it.code),
      ["pandas/iterrows"],
    );
  });

  it("arrive once after a burst of edits, for the last one", async () => {
    await published(1);
    const name = client.rangeOf(FILE, "iterrows");
    await client.change(FILE, [{ range: name, text: "i" }]);
    await client.change(FILE, [{ range: client.rangeOf(FILE, ".i()"), text: ".it()" }]);
    await client.change(FILE, [{ range: client.rangeOf(FILE, ".it()"), text: ".itertuples()" }]);
    const { diagnostics } = await published(4);
    assert.deepEqual(diagnostics, []);
    const versions = client.notifications
      .filter((it) => it.method === PUBLISH)
      .map((it) => (it.params as PublishDiagnosticsParams).version);
    assert.deepEqual(versions, [1, 4]);
  });

  it("are taken back when the document closes", async () => {
    await published(1);
    await client.close(FILE);
    assert.deepEqual((await published(undefined)).diagnostics, []);
  });

  it("do not come back for a document closed while an edit waits to be looked at", async () => {
    await published(1);
    await client.change(FILE, [{ range: client.rangeOf(FILE, "result"), text: "outcome" }]);
    await client.close(FILE);
    await published(undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const last = client.notifications.filter((it) => it.method === PUBLISH).at(-1)?.params as PublishDiagnosticsParams;
    assert.deepEqual(last, { uri: FILE, diagnostics: [] });
  });

  it("follow settings that are sent along with the news of their change", async () => {
    await published(1);
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: { nippy: { levels: { "pandas/*": "off" } } },
    });
    const { diagnostics } = await client.seen<PublishDiagnosticsParams>(
      PUBLISH,
      (it) => it.uri === FILE && it.diagnostics.length === 0,
    );
    assert.deepEqual(diagnostics, []);
  });
});
