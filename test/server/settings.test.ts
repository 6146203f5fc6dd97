/** The editor's settings: asked for per document, obeyed at once, and never able to break anything. */

import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import type { Diagnostic, DocumentDiagnosticReport } from "vscode-languageserver";
import type { Status } from "../../server/protocol.js";
import { FULL, startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS } from "./samples.js";

const codes = (found: readonly Diagnostic[]) => found.map((editor) => editor.code);

describe("server: editor settings", () => {
  let client: Client | undefined;
  afterEach(() => client?.stop());

  const opened = async (settings: unknown, options: Parameters<typeof startClient>[0] = {}) => {
    client = await startClient({ ...options, settings });
    await client.open(FILE, ITERROWS);
    return client;
  };
  const changed = (editor: Client) =>
    editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });

  it("set the level of a rule by its name or a glob, the later entry winning", async () => {
    const editor = await opened({ levels: { "pandas/*": "off", "pandas/iterrows": "hint" } });
    assert.deepEqual(
      (await editor.diagnostics(FILE)).map(({ code, severity }) => [code, severity]),
      [["pandas/iterrows", 4]],
    );
  });

  it("are obeyed when they change: the client is asked to pull again", async () => {
    const editor = await opened({});
    const before = await editor.pull(FILE);
    editor.configure({ levels: { "pandas/iterrows": "off" } });
    const refreshed = editor.refreshed();
    await changed(editor);
    await refreshed;
    const after = await editor.pull(FILE, before.resultId);
    assert.deepEqual(after.kind === "full" && after.items, []);
  });

  it("that stay the same leave the results unchanged, whatever else changed in the editor", async () => {
    const editor = await opened({ levels: { "pandas/iterrows": "error" } });
    const before = await editor.pull(FILE);
    await changed(editor);
    assert.deepEqual(await editor.pull(FILE, before.resultId), { kind: "unchanged", resultId: before.resultId });
  });

  it("switch everything off and on again", async () => {
    const editor = await opened({ enable: false });
    assert.deepEqual(await editor.diagnostics(FILE), []);
    assert.equal(await editor.hover(FILE, editor.rangeOf(FILE, "iterrows").start), undefined);
    assert.deepEqual(await editor.actions(FILE, editor.rangeOf(FILE, "iterrows")), []);
    editor.configure({ enable: true });
    await changed(editor);
    assert.deepEqual(codes(await editor.diagnostics(FILE)), ["pandas/iterrows"]);
  });

  it("leave out files by globs relative to the workspace folder", async () => {
    const folders = ["file:///nippy-tests/project"];
    for (const [glob, isOut] of [
      ["work.py", true],
      ["*.py", true],
      ["**/work.py", true],
      ["./work.py", true],
      ["other/**", false],
      ["project/work.py", false],
    ] as const) {
      const editor = await opened({ exclude: [glob] }, { folders });
      assert.equal((await editor.diagnostics(FILE)).length, isOut ? 0 : 1, glob);
      await editor.stop();
    }
    const editor = await opened({ exclude: ["generated/"] }, { folders });
    const inside = "file:///nippy-tests/project/generated/deep/work.py";
    await editor.open(inside, ITERROWS);
    assert.deepEqual(await editor.diagnostics(inside), []);
  });

  it("wait for a save where they say so", async () => {
    const editor = await opened({ run: "onSave" });
    const first = await editor.pull(FILE);
    await editor.change(FILE, [{ range: editor.rangeOf(FILE, "iterrows"), text: "itertuples" }]);
    assert.deepEqual(await editor.pull(FILE, first.resultId), { kind: "unchanged", resultId: first.resultId });
    const refreshed = editor.refreshed();
    await editor.save(FILE);
    await refreshed;
    const saved = await editor.pull(FILE, first.resultId);
    assert.deepEqual(saved.kind === "full" && saved.items, []);
  });

  it("keep large files out, say so once, and take them in when they shrink", async () => {
    const editor = await opened({ maxFileSize: 1 }, { initializationOptions: { status: true } });
    await editor.change(FILE, [{ text: `${ITERROWS}${"# filler\n".repeat(100)}` }]);
    assert.deepEqual(await editor.diagnostics(FILE), []);
    assert.deepEqual(await editor.diagnostics(FILE), []);
    await editor.seen("nippy/status", (status: { state: string }) => status.state === "tooLarge");
    await editor.change(FILE, [{ text: ITERROWS }]);
    assert.deepEqual(codes(await editor.diagnostics(FILE)), ["pandas/iterrows"]);
    const told = editor.notifications.filter(
      ({ method, params }) =>
        method === "window/logMessage" && /larger than 1 KB/.test((params as { message: string }).message),
    );
    assert.equal(told.length, 1);
  });

  it("of wrong types are named in the log once, and the right ones beside them are kept", async () => {
    const wrong = {
      enable: "yes",
      run: 3,
      maxFileSize: -1,
      python: 3.11,
      exclude: "x",
      leaveToRuff: "no",
      levels: { "pandas/iterrows": "hint", "pandas/iterrow": "off", "pandas/*": "loud" },
    };
    const editor = await opened(wrong);
    assert.deepEqual(
      (await editor.diagnostics(FILE)).map(({ severity }) => severity),
      [4],
    );
    await changed(editor);
    await editor.diagnostics(FILE);
    const log = editor.notifications
      .filter(({ method }) => method === "window/logMessage")
      .map(({ params }) => (params as { message: string }).message);
    for (const part of [
      "nippy.enable",
      "nippy.run",
      "nippy.maxFileSize",
      "nippy.python",
      "nippy.exclude",
      "nippy.leaveToRuff",
      '"pandas/iterrow". Did you mean "pandas/iterrows"',
      '"loud"',
    ]) {
      assert.equal(log.filter((line) => line.includes(part)).length, 1, `${part} in:\n${log.join("\n")}`);
    }
  });

  for (const settings of [null, 7, "on", [], { levels: [] }, { levels: null, exclude: null }]) {
    it(`of the shape ${JSON.stringify(settings)} leave the defaults`, async () => {
      const editor = await opened(settings);
      assert.deepEqual(codes(await editor.diagnostics(FILE)), ["pandas/iterrows"]);
    });
  }

  it("come from the initialization options where the client cannot be asked", async () => {
    const { configuration: _, ...workspace } = FULL.workspace!;
    const editor = await opened(undefined, {
      capabilities: { ...FULL, workspace },
      initializationOptions: { settings: { levels: { "pandas/*": "off" } } },
    });
    assert.deepEqual(await editor.diagnostics(FILE), []);
  });

  it("are asked for the document, in the section nippy", async () => {
    const editor = await opened({});
    const asked: unknown[] = [];
    editor.connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) => {
      asked.push(...items);
      return items.map(() => null);
    });
    await editor.open("file:///other/work.py", ITERROWS);
    await editor.diagnostics("file:///other/work.py");
    assert.deepEqual(asked, [{ scopeUri: "file:///other/work.py", section: "nippy" }]);
  });

  it("fall back to the defaults when the client fails to answer", async () => {
    const editor = await opened({});
    editor.connection.onRequest("workspace/configuration", () => Promise.reject(new Error("no")));
    await editor.open("file:///other/work.py", ITERROWS);
    assert.deepEqual(codes(await editor.diagnostics("file:///other/work.py")), ["pandas/iterrows"]);
    await editor.open("file:///other/more.py", ITERROWS);
    assert.deepEqual(codes(await editor.diagnostics("file:///other/more.py")), ["pandas/iterrows"]);
    const told = editor.notifications.filter(
      ({ method, params }) =>
        method === "window/logMessage" && /did not send its settings/.test((params as { message: string }).message),
    );
    assert.equal(told.length, 1);
  });

  it("are told in the status of a document", async () => {
    const editor = await opened({}, { initializationOptions: { status: true } });
    const report: DocumentDiagnosticReport = await editor.pull(FILE);
    assert.equal(report.kind, "full");
    const ready = await editor.seen<Status>("nippy/status", (status) => status.state === "ready");
    assert.equal(ready.uri, FILE);
    assert.equal(ready.findings, 1);
    assert.ok(ready.milliseconds >= 0);
    const states = editor.notifications
      .filter(({ method }) => method === "nippy/status")
      .map(({ params }) => (params as { state: string }).state);
    assert.deepEqual(states, ["analysing", "ready"]);
  });

  it("send no status to a client that did not ask for it", async () => {
    const editor = await opened({});
    await editor.diagnostics(FILE);
    assert.deepEqual(
      editor.notifications.filter(({ method }) => method === "nippy/status"),
      [],
    );
  });
});
