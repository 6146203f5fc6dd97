/** textDocument/diagnostic: what a client gets that asks. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { CancellationTokenSource, type DocumentDiagnosticReport } from "vscode-languageserver/node";
import { startClient, type Client } from "../harness/lsp.js";
import type { FindingData } from "../../server/protocol.js";
import { FILE, ITERROWS } from "./samples.js";

describe("server: pulled diagnostics", () => {
  let client: Client;
  beforeEach(async () => {
    client = await startClient();
  });
  afterEach(() => client.stop());

  it("carry rule, level, place, guide link and what names the finding later", async () => {
    await client.open(FILE, ITERROWS);
    const [found, ...more] = await client.diagnostics(FILE);
    assert.deepEqual(more, []);
    const { message, data, ...rest } = found!;
    assert.deepEqual(rest, {
      range: client.rangeOf(FILE, "iterrows"),
      severity: 2,
      code: "pandas/iterrows",
      codeDescription: { href: "https://github.com/nippy-python/nippy/blob/main/guide/6-pandas.md" },
      source: "nippy",
    });
    assert.match(String(message), /iterrows/);
    assert.equal((data as { rule: string }).rule, "pandas/iterrows");
    assert.match((data as { fingerprint: string }).fingerprint, /^[a-z0-9]+$/);
    const { evidence, weight, value } = data as FindingData;
    assert.deepEqual([evidence, weight, value], ["proof", "heavy", 100]);
  });

  it("are unchanged as long as the text is, and new after an edit", async () => {
    await client.open(FILE, ITERROWS);
    const first = await client.pull(FILE);
    const again = await client.pull(FILE, first.resultId);
    assert.deepEqual(again, { kind: "unchanged", resultId: first.resultId });

    await client.change(FILE, [{ range: client.rangeOf(FILE, "iterrows"), text: "itertuples" }]);
    const edited = await client.pull(FILE, first.resultId);
    assert.equal(edited.kind, "full");
    assert.deepEqual(edited.kind === "full" && edited.items, []);
    assert.notEqual(edited.resultId, first.resultId);
  });

  it("come back in full after an edit and its undoing, because the editor moved its marks meanwhile", async () => {
    await client.open(FILE, ITERROWS);
    const first = await client.pull(FILE);
    await client.change(FILE, [{ range: client.rangeOf(FILE, "iterrows"), text: "" }]);
    await client.change(FILE, [{ text: ITERROWS }]);
    const undone = await client.pull(FILE, first.resultId);
    assert.equal(undone.kind, "full");
    assert.equal(undone.kind === "full" && undone.items.length, 1);
  });

  it("keep a finding's name while the text above it changes", async () => {
    await client.open(FILE, ITERROWS);
    const before = await client.diagnostics(FILE);
    await client.change(FILE, [
      { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text: "LIMIT = 3\n" },
    ]);
    const after = await client.diagnostics(FILE);
    assert.deepEqual(after[0]?.data, before[0]?.data);
    assert.equal(after[0]?.range.start.line, before[0]!.range.start.line + 1);
  });

  it("give two equal findings different names", async () => {
    await client.open(FILE, `${ITERROWS}\n\n${ITERROWS.replace("total", "again")}`);
    const prints = (await client.diagnostics(FILE)).map((it) => (it.data as { fingerprint: string }).fingerprint);
    assert.equal(prints.length, 2);
    assert.notEqual(prints[0], prints[1]);
  });

  it("are empty for what is not open, not Python, closed, or an old version from git", async () => {
    const old = FILE.replace("file:", "git:");
    await client.open(old, ITERROWS);
    await client.open("file:///notes.md", ITERROWS, "markdown");
    await client.open(FILE, ITERROWS);
    await client.close(FILE);
    for (const uri of [old, "file:///notes.md", FILE, "file:///never-opened.py"])
      assert.deepEqual(await client.diagnostics(uri), [], uri);
  });

  it("are empty for installed code", async () => {
    const uri = "file:///project/.venv/lib/python3.12/site-packages/tool/work.py";
    await client.open(uri, ITERROWS);
    assert.deepEqual(await client.diagnostics(uri), []);
  });

  it("look at a document by its language where the name says nothing", async () => {
    await client.open("untitled:Untitled-1", ITERROWS);
    await client.open("vscode-vfs://github/owner/repo/work", ITERROWS);
    for (const uri of ["untitled:Untitled-1", "vscode-vfs://github/owner/repo/work"]) {
      assert.deepEqual(
        (await client.diagnostics(uri)).map((it) => it.code),
        ["pandas/iterrows"],
        uri,
      );
    }
  });

  it("name a mistake in a suppression comment and the rule that was meant", async () => {
    await client.open(FILE, ITERROWS.replace("iterrows():", "iterrows():  # nippy: ignore[pandas/iterrow]"));
    const codes = (await client.diagnostics(FILE)).map((it) => [it.code, it.message]);
    assert.ok(
      codes.some(([code, message]) => code === undefined && /pandas\/iterrows/.test(String(message))),
      JSON.stringify(codes),
    );
    assert.ok(codes.some(([code]) => code === "pandas/iterrows"));
  });

  it("are cancelled while they wait in line", async () => {
    await client.open(FILE, ITERROWS);
    const source = new CancellationTokenSource();
    const answer = client.connection.sendRequest<DocumentDiagnosticReport>(
      "textDocument/diagnostic",
      { textDocument: { uri: FILE } },
      source.token,
    );
    source.cancel();
    await assert.rejects(answer, { code: -32800 });
    assert.equal((await client.diagnostics(FILE)).length, 1);
  });

  it("are cancelled while they are worked on", async () => {
    let answerSettings = () => {};
    const asked = new Promise<void>((resolve) => {
      client.connection.onRequest("workspace/configuration", () => {
        resolve();
        return new Promise((answer) => (answerSettings = () => answer([null])));
      });
    });
    await client.open(FILE, ITERROWS);
    const source = new CancellationTokenSource();
    const answer = client.connection.sendRequest<DocumentDiagnosticReport>(
      "textDocument/diagnostic",
      { textDocument: { uri: FILE } },
      source.token,
    );
    await asked;
    source.cancel();
    answerSettings();
    await assert.rejects(answer, { code: -32800 });
    assert.equal((await client.diagnostics(FILE)).length, 1);
  });

  it("of a document closed while they are asked for are empty", async () => {
    await client.open(FILE, ITERROWS);
    const asked = client.pull(FILE);
    await client.close(FILE);
    const report = await asked;
    assert.deepEqual(report.kind === "full" && report.items, []);
  });
});
