/** Texts and clients that nobody should meet: the server answers all the same, and goes on. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS } from "./samples.js";

const ODD: Readonly<Record<string, string>> = {
  nothing: "",
  "a byte order mark alone": "\ufeff",
  "5,000 open brackets": "(".repeat(5000),
  "5,000 nested lists": `${"[".repeat(5000)}${"]".repeat(5000)}`,
  "5,000 levels of indentation": Array.from({ length: 5000 }, (_, i) => `${" ".repeat(i % 200)}if x:`).join("\n"),
  "NUL bytes": "x = 1\0\0\0\ny = '\0'\n\0",
  "halves of surrogate pairs": "x = '\ud83d'\n\udc0d = 2\n",
  "a string that never ends": `x = """${"a\n".repeat(2000)}`,
  "one line of 150,000 characters": `x = [${"1, ".repeat(50_000)}]`,
  "every kind of line end": "x = 1\r\ny = 2\rz = 3\n\u2028w = 4\u0085\f\v",
  binary: Array.from({ length: 4096 }, (_, i) => String.fromCharCode((i * 7919) % 65536)).join(""),
};

describe("server: odd input", () => {
  let client: Client;
  beforeEach(async () => {
    client = await startClient();
  });
  afterEach(() => client.stop());

  const isAlive = async () => {
    const uri = "file:///nippy-tests/after.py";
    await client.open(uri, ITERROWS);
    assert.deepEqual(
      (await client.diagnostics(uri)).map((it) => it.code),
      ["pandas/iterrows"],
    );
  };

  for (const [name, text] of Object.entries(ODD)) {
    it(`answers every request about ${name}`, async () => {
      await client.open(FILE, text);
      await client.diagnostics(FILE);
      const all = { start: { line: 0, character: 0 }, end: { line: 99_999, character: 0 } };
      await client.actions(FILE, all);
      await client.hover(FILE, { line: 0, character: 3 });
      await client.change(FILE, [{ range: all, text: `${text}\nx` }]);
      await client.change(FILE, [
        { range: { start: { line: 0, character: 1 }, end: { line: 0, character: 2 } }, text: "" },
      ]);
      await client.diagnostics(FILE);
      await client.change(FILE, [{ text: ITERROWS }]);
      assert.deepEqual(
        (await client.diagnostics(FILE)).map((it) => it.range),
        [client.rangeOf(FILE, "iterrows")],
      );
    });
  }

  it("finds its places in a text that begins with a byte order mark", async () => {
    await client.open(FILE, `\ufeff${ITERROWS}`);
    assert.deepEqual(
      (await client.diagnostics(FILE)).map((it) => it.range),
      [client.rangeOf(FILE, "iterrows")],
    );
  });

  it("leaves a text of 10 MB alone, however often it is edited", async () => {
    await client.open(FILE, "value = compute(1, 2, 3)\n".repeat(420_000));
    for (let i = 0; i < 20; i++)
      await client.change(FILE, [
        { range: { start: { line: i, character: 0 }, end: { line: i, character: 0 } }, text: "x" },
      ]);
    assert.deepEqual(await client.diagnostics(FILE), []);
    await isAlive();
  });

  it("answers requests with positions that do not exist", async () => {
    await client.open(FILE, `total = 0\n${ITERROWS}`);
    assert.equal(await client.hover(FILE, { line: -1, character: -5 }), undefined);
    const range = { start: { line: 999, character: 0 }, end: { line: -3, character: 2 } };
    assert.ok(Array.isArray(await client.actions(FILE, range)));
    await isAlive();
  });

  it("goes on after messages it cannot use", async () => {
    await assert.rejects(client.connection.sendRequest("textDocument/unheardOf", {}), { code: -32601 });
    await client.connection.sendNotification("textDocument/didOpen", { textDocument: {} });
    await client.connection.sendNotification("$/unheardOf", {});
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: "text" });
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [] });
    await isAlive();
  });
});
