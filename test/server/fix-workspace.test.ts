/** Fixes in files that nobody opened, as one edit to look at first; and fixes before a save. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";
import type {
  AnnotatedTextEdit,
  ApplyWorkspaceEditParams,
  ClientCapabilities,
  TextDocumentEdit,
  TextEdit,
} from "vscode-languageserver/node";
import { FIX_WORKSPACE, SILENCE, type Fixed } from "../../server/protocol.js";
import { FULL, startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS, WALL_CLOCK } from "./samples.js";

const CAN: ClientCapabilities = {
  ...FULL,
  workspace: {
    ...FULL.workspace,
    applyEdit: true,
    workspaceEdit: { ...FULL.workspace?.workspaceEdit, changeAnnotationSupport: {} },
  },
};

describe("server: fixes across the workspace", () => {
  let folder: string;
  let client: Client;
  let edits: ApplyWorkspaceEditParams[];
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  const start = async (capabilities = CAN) => {
    client = await startClient({ capabilities, folders: [pathToFileURL(folder).href] });
    client.connection.onRequest("workspace/applyEdit", (it: ApplyWorkspaceEditParams) => {
      edits.push(it);
      return { applied: true };
    });
  };
  const run = <T>(command: string, argument: object) =>
    client.connection.sendRequest<T>("workspace/executeCommand", { command, arguments: [argument] });
  const changes = () => (edits[0]?.edit.documentChanges ?? []) as TextDocumentEdit[];
  beforeEach(() => {
    edits = [];
    folder = mkdtempSync(join(tmpdir(), "nippy-workspace-"));
    writeFileSync(join(folder, "clock.py"), WALL_CLOCK);
    writeFileSync(join(folder, "loop.py"), ITERROWS);
  });
  afterEach(async () => {
    await client.stop();
    rmSync(folder, { recursive: true });
  });

  it("tick what is safe and bring up the preview all the same", async () => {
    await start();
    const fixed = await run<Fixed>(FIX_WORKSPACE, { rules: ["profiling/wall-clock-duration"] });
    assert.deepEqual(fixed, { fixes: 2, files: 1, isApplied: true });
    const annotations = Object.values(edits[0]?.edit.changeAnnotations ?? {});
    assert.deepEqual(annotations.map((it) => it.needsConfirmation).sort(), [false, true]);
    assert.match(annotations[0]?.label ?? "", /\(profiling\/wall-clock-duration\)$/);
    const [{ textDocument, edits: own }] = changes() as [TextDocumentEdit];
    assert.deepEqual(textDocument, { uri: uriOf("clock.py"), version: null });
    assert.ok(own.some((it) => (it as TextEdit).newText.includes("perf_counter")));
    // What brings up the preview is the one row that is not ticked: it can be read, and would be a comment.
    const asking = own.filter(
      (it) => edits[0]?.edit.changeAnnotations?.[(it as AnnotatedTextEdit).annotationId]?.needsConfirmation,
    ) as TextEdit[];
    assert.deepEqual(
      asking.map((it) => it.newText.trim()),
      ["# Nippy: untick what should stay as it is, then apply."],
    );
  });

  it("leave what is to review unticked, with its doubts", async () => {
    await start();
    await client.open(uriOf("loop.py"), ITERROWS);
    const fixed = await run<Fixed>(FIX_WORKSPACE, { rules: ["pandas/iterrows"] });
    assert.deepEqual(fixed, { fixes: 1, files: 1, isApplied: true });
    const [annotation, ...others] = Object.values(edits[0]?.edit.changeAnnotations ?? {});
    assert.deepEqual(others, []);
    assert.equal(annotation?.needsConfirmation, true);
    assert.notEqual(annotation?.description ?? "", "");
    assert.equal(changes()[0]?.textDocument.version, 1);
  });

  it("keep to the findings that are named", async () => {
    await start();
    await client.open(uriOf("clock.py"), WALL_CLOCK);
    const [first] = await client.diagnostics(uriOf("clock.py"));
    const { fingerprint } = first?.data as { fingerprint: string };
    const request = { files: [{ uri: uriOf("clock.py"), fingerprints: [fingerprint] }] };
    assert.equal((await run<Fixed>(FIX_WORKSPACE, request)).fixes, 1);
  });

  it("are safe ones only where nobody could look first", async () => {
    await start({ ...FULL, workspace: { ...FULL.workspace, applyEdit: true } });
    assert.deepEqual(await run<Fixed>(FIX_WORKSPACE, {}), { fixes: 2, files: 1, isApplied: true });
    assert.equal(edits[0]?.edit.changeAnnotations, undefined);
  });

  it("can be told where a rule is to be silent, in a file that is not open", async () => {
    await start();
    await client.open(uriOf("loop.py"), ITERROWS);
    const [found] = await client.diagnostics(uriOf("loop.py"));
    await client.close(uriOf("loop.py"));
    const { fingerprint } = found?.data as { fingerprint: string };
    const request = { uri: uriOf("loop.py"), rule: "pandas/iterrows", fingerprint };
    assert.equal(await run<boolean>(SILENCE, { ...request, where: "line" }), true);
    assert.match((changes()[0]?.edits[0] as TextEdit).newText, /# nippy: ignore\[pandas\/iterrows\]/);
    assert.equal(await run<boolean>(SILENCE, { ...request, where: "elsewhere" }), false);
  });
});

describe("server: fixes before a save", () => {
  let client: Client;
  const text = WALL_CLOCK + ITERROWS;
  const save = async (settings: unknown, reason = 1) => {
    client = await startClient({
      settings,
      capabilities: { ...FULL, textDocument: { ...FULL.textDocument, synchronization: { willSaveWaitUntil: true } } },
    });
    await client.open(FILE, text);
    const edits = await client.connection.sendRequest<TextEdit[]>("textDocument/willSaveWaitUntil", {
      textDocument: { uri: FILE },
      reason,
    });
    return client.after({ changes: { [FILE]: edits } })[FILE];
  };
  afterEach(() => client.stop());

  it("are none unless a setting asks", async () => assert.equal(await save({}), text));

  it("are the safe ones", async () =>
    assert.equal(await save({ fixOnSave: "safe" }), text.replaceAll("time.time()", "time.perf_counter()")));

  it("are those of the rules that are named, and the others stay", async () => {
    assert.equal(await save({ fixOnSave: ["strings/*", "pandas/iterrows"] }), text);
    await client.stop();
    assert.notEqual(await save({ fixOnSave: ["profiling/*"] }), text);
  });

  it("wait while files are saved by a clock", async () => assert.equal(await save({ fixOnSave: "safe" }, 2), text));
});
