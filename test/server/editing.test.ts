/** textDocument/didChange: after any row of edits the server knows the same text as the client. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS, ITERROWS_FIXED } from "./samples.js";

const at = (line: number, character: number) => ({ line, character });

describe("server: editing", () => {
  let client: Client;
  beforeEach(async () => {
    client = await startClient();
  });
  afterEach(() => client.stop());

  /** The one finding stands where the client's text says `iterrows`. */
  const isInPlace = async () => {
    const found = await client.diagnostics(FILE);
    assert.deepEqual(
      found.map((it) => [it.code, it.range]),
      [["pandas/iterrows", client.rangeOf(FILE, "iterrows")]],
    );
  };

  for (const [name, newline] of [
    ["\\n", "\n"],
    ["\\r\\n", "\r\n"],
    ["a lone \\r", "\r"],
  ] as const) {
    it(`keeps positions with lines that end in ${name}`, async () => {
      await client.open(FILE, ITERROWS.replaceAll("\n", newline));
      await isInPlace();
      await client.change(FILE, [
        { range: { start: at(1, 0), end: at(1, 0) }, text: `LIMIT = 3${newline}OTHER = 4${newline}` },
      ]);
      await isInPlace();
      await client.change(FILE, [{ range: { start: at(0, 0), end: at(3, 0) }, text: `import pandas as pd${newline}` }]);
      await isInPlace();
    });
  }

  it("keeps positions behind emoji and combining marks on the same line", async () => {
    await client.open(
      FILE,
      ITERROWS.replace("df: pd.DataFrame", 'df: pd.DataFrame, mark: str = "🐍é👩‍👩‍👧"').replace(
        "for _, row",
        's = "🐍"; n = 1\n    for _, row',
      ),
    );
    await isInPlace();
    await client.change(FILE, [{ range: client.rangeOf(FILE, "🐍"), text: "🦀🐢" }]);
    await isInPlace();
    await client.change(FILE, [{ range: client.rangeOf(FILE, 'mark: str = "🦀🐢'), text: 'm: str = "' }]);
    await isInPlace();
  });

  it("takes several changes of one notification one after the other", async () => {
    await client.open(FILE, ITERROWS);
    await client.change(FILE, [
      { range: { start: at(0, 0), end: at(0, 0) }, text: "import os\n" },
      { range: { start: at(1, 0), end: at(1, 0) }, text: "import re\n" },
      { range: { start: at(0, 0), end: at(2, 0) }, text: "" },
    ]);
    assert.equal(client.text(FILE), ITERROWS);
    await isInPlace();
  });

  it("takes a whole new text", async () => {
    await client.open(FILE, "x = 1\n");
    assert.deepEqual(await client.diagnostics(FILE), []);
    await client.change(FILE, [{ text: ITERROWS }]);
    await isInPlace();
  });

  it("reads a range beyond the end as the end", async () => {
    await client.open(FILE, ITERROWS_FIXED);
    await client.diagnostics(FILE);
    const addition = "\n\ndef more(df: pd.DataFrame) -> None:\n    for _, row in df.iterrows():\n        use(row)\n";
    await client.change(FILE, [{ range: { start: at(900, 4), end: at(901, 7) }, text: addition }]);
    await isInPlace();
    await client.change(FILE, [{ range: { start: at(1, 0), end: at(1, 900) }, text: "LIMIT = 3" }]);
    await isInPlace();
  });

  it("finds the same after a hundred small edits as in a text opened at once", async () => {
    await client.open(FILE, ITERROWS);
    for (let i = 0; i < 100; i++) {
      const line = (i * 7) % 9;
      await client.change(FILE, [
        {
          range: { start: at(line, 0), end: at(line, 0) },
          text: i % 3 === 0 ? `# ${"é🐍"[i % 2]} ${i}\n` : i % 3 === 1 ? "#" : "",
        },
      ]);
      if (i % 10 === 0) await client.pull(FILE);
    }
    const edited = await client.diagnostics(FILE);
    await client.open("file:///nippy-tests/project/fresh.py", client.text(FILE));
    assert.deepEqual(edited, await client.diagnostics("file:///nippy-tests/project/fresh.py"));
  });

  it("is not confused by news of documents that are not open", async () => {
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: FILE, version: 4 },
      contentChanges: [{ text: "x" }],
    });
    await client.connection.sendNotification("textDocument/didSave", { textDocument: { uri: FILE } });
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: FILE } });
    await client.open(FILE, ITERROWS);
    await isInPlace();
  });
});
