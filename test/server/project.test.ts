/** nippy.toml and pyproject.toml: which one counts, what is said about mistakes, and when they are read again. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { PublishDiagnosticsParams } from "vscode-languageserver";
import { FULL, startClient, type Client, type ClientOptions } from "../harness/lsp.js";
import type { Status } from "../../server/protocol.js";
import { ITERROWS } from "./samples.js";

describe("server: project configuration", () => {
  let root: string;
  let client: Client | undefined;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "nippy-"));
  });
  afterEach(async () => {
    await client?.stop();
    rmSync(root, { recursive: true });
  });

  const uriOf = (path: string) => pathToFileURL(join(root, path)).href;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const start = async (options: ClientOptions = {}) =>
    (client = await startClient({ folders: [uriOf("")], ...options }));
  /** The severity of the one finding in a file there; undefined when there is none. */
  const levelIn = async (editor: Client, path: string) => {
    const uri = uriOf(path);
    await editor.open(uri, ITERROWS);
    return (await editor.diagnostics(uri))[0]?.severity;
  };
  const changed = (editor: Client, path: string) =>
    editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(path), type: 2 }] });
  const problemsIn = (editor: Client, path: string, fits: (params: PublishDiagnosticsParams) => boolean = () => true) =>
    editor.seen<PublishDiagnosticsParams>(
      "textDocument/publishDiagnostics",
      (params) => params.uri === uriOf(path) && fits(params),
    );

  it("closest to the file wins, and those further up add nothing", async () => {
    write("nippy.toml", '[levels]\n"pandas/*" = "off"\n');
    write("near/nippy.toml", 'python = "3.12"\n');
    write("near/deep/pyproject.toml", '[tool.nippy.levels]\n"pandas/iterrows" = "error"\n');
    const editor = await start();
    assert.equal(await levelIn(editor, "a.py"), undefined);
    assert.equal(await levelIn(editor, "near/a.py"), 2);
    assert.equal(await levelIn(editor, "near/deep/more/a.py"), 1);
  });

  it("nippy.toml goes before pyproject.toml beside it, and a pyproject.toml without [tool.nippy] does not count", async () => {
    write("pyproject.toml", '[tool.nippy.levels]\n"pandas/*" = "off"\n');
    write("both/pyproject.toml", '[tool.nippy.levels]\n"pandas/*" = "error"\n');
    write("both/nippy.toml", '[levels]\n"pandas/*" = "hint"\n');
    write("without/pyproject.toml", '[project]\nname = "nippy"\n');
    const editor = await start();
    assert.equal(await levelIn(editor, "both/a.py"), 4);
    assert.equal(await levelIn(editor, "without/a.py"), undefined);
  });

  it("is not looked for above the workspace folder", async () => {
    write("nippy.toml", '[levels]\n"pandas/*" = "off"\n');
    const editor = await start({ folders: [uriOf("inner")] });
    assert.equal(await levelIn(editor, "inner/a.py"), 2);
    assert.equal(await levelIn(editor, "outside/a.py"), undefined);
  });

  it("belongs to the innermost of nested folders, and follows folders that come and go", async () => {
    write("nippy.toml", '[levels]\n"pandas/*" = "off"\n');
    const editor = await start({ folders: [uriOf(""), uriOf("inner")] });
    assert.equal(await levelIn(editor, "inner/a.py"), 2);
    const refreshed = editor.refreshed();
    await editor.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added: [], removed: [{ uri: uriOf("inner"), name: "" }] },
    });
    await refreshed;
    assert.deepEqual(await editor.diagnostics(uriOf("inner/a.py")), []);
  });

  it("is overridden by the levels of the editor", async () => {
    write("nippy.toml", '[levels]\n"pandas/*" = "off"\n');
    assert.equal(await levelIn(await start({ settings: { levels: { "pandas/iterrows": "hint" } } }), "a.py"), 4);
  });

  it("overrides the editor, or counts for nothing, where the editor says so", async () => {
    write("nippy.toml", 'exclude = ["skipped"]\n[levels]\n"pandas/*" = "error"\n');
    const levels = { "pandas/iterrows": "hint" };
    const first = await start({ settings: { levels, configurationPreference: "projectFirst" } });
    assert.deepEqual([await levelIn(first, "a.py"), await levelIn(first, "skipped/a.py")], [1, undefined]);
    await first.stop();
    const only = await start({ settings: { levels, configurationPreference: "editorOnly" } });
    assert.deepEqual([await levelIn(only, "a.py"), await levelIn(only, "skipped/a.py")], [4, 4]);
    const offered = await only.actions(uriOf("a.py"), only.rangeOf(uriOf("a.py"), "iterrows"), ["quickfix"]);
    assert.ok(!offered.some((it) => it.title.startsWith("Turn off")), "nobody would read it");
  });

  it("is named in the status of a document, and in the log with all that holds, once", async () => {
    write("nippy.toml", '[levels]\n"pandas/*" = "hint"\n');
    const editor = await start({ initializationOptions: { status: true }, settings: { leaveToRuff: true } });
    await levelIn(editor, "a.py");
    const ready = await editor.seen<Status>("nippy/status", (status) => status.state === "ready");
    assert.equal(ready.configuration, uriOf("nippy.toml"));
    await editor.change(uriOf("a.py"), [{ text: `${ITERROWS}\n` }]);
    await editor.diagnostics(uriOf("a.py"));
    const told = editor.notifications.flatMap(({ method, params }) => {
      const { message } = params as { readonly message?: string };
      const [, json] = /^Settings in force: (.*)$/.exec((method === "window/logMessage" && message) || "") ?? [];
      return json === undefined ? [] : [JSON.parse(json) as Record<string, unknown>];
    });
    assert.equal(told.length, 1);
    assert.equal(told[0]!["configuration"], uriOf("nippy.toml"));
    assert.deepEqual((told[0]!["analysis"] as { levels: unknown }).levels, [["pandas/*", "hint"]]);
    assert.equal((told[0]!["analysis"] as { leaveToRuff: unknown }).leaveToRuff, true);
  });

  it("is not undone by the defaults that editors send", async () => {
    write("nippy.toml", 'exclude = ["skipped"]\n[levels]\n"pandas/*" = "error"\n');
    const editor = await start({
      settings: {
        enable: true,
        levels: {},
        python: "",
        exclude: [],
        leaveToRuff: false,
        run: "onType",
        maxFileSize: 2048,
      },
    });
    assert.equal(await levelIn(editor, "a.py"), 1);
    assert.equal(await levelIn(editor, "skipped/a.py"), undefined);
    const warnings = editor.notifications.filter(
      ({ method, params }) => method === "window/logMessage" && (params as { type: number }).type <= 2,
    );
    assert.deepEqual(warnings, []);
  });

  it("is read again when it changes, is made or goes away", async () => {
    const editor = await start();
    assert.equal(await levelIn(editor, "a.py"), 2);
    for (const [text, severity] of [
      ['[levels]\n"pandas/*" = "error"\n', 1],
      ['[levels]\n"pandas/*" = "hint"\n', 4],
      [undefined, 2],
    ] as const) {
      if (text === undefined) rmSync(join(root, "nippy.toml"));
      else write("nippy.toml", text);
      const refreshed = editor.refreshed();
      await changed(editor, "nippy.toml");
      await refreshed;
      assert.deepEqual(
        (await editor.diagnostics(uriOf("a.py"))).map((found) => found.severity),
        [severity],
      );
    }
  });

  it("is read again on opening and saving where files cannot be watched", async () => {
    const { didChangeWatchedFiles: _, ...workspace } = FULL.workspace!;
    const editor = await start({ capabilities: { ...FULL, workspace } });
    assert.equal(await levelIn(editor, "a.py"), 2);
    write("nippy.toml", '[levels]\n"pandas/*" = "error"\n');
    const saved = editor.refreshed();
    await editor.save(uriOf("a.py"));
    await saved;
    assert.deepEqual(
      (await editor.diagnostics(uriOf("a.py"))).map((found) => found.severity),
      [1],
    );
    write("nippy.toml", '[levels]\n"pandas/*" = "hint"\n');
    const opened = editor.refreshed();
    await editor.open(uriOf("b.py"), "");
    await opened;
    assert.deepEqual(
      (await editor.diagnostics(uriOf("a.py"))).map((found) => found.severity),
      [4],
    );
  });

  it("that is no TOML is marked on its line, counts as empty, and the mark goes when it is repaired", async () => {
    write("nippy.toml", 'python = "3.12"\n[levels\n');
    const editor = await start();
    assert.equal(await levelIn(editor, "a.py"), 2);
    const { diagnostics } = await problemsIn(editor, "nippy.toml");
    assert.equal(diagnostics.length, 1);
    assert.equal(diagnostics[0]?.range.start.line, 1);
    assert.equal(diagnostics[0]?.source, "nippy");

    write("nippy.toml", '[levels]\n"pandas/*" = "error"\n');
    await changed(editor, "nippy.toml");
    await problemsIn(editor, "nippy.toml", (params) => params.diagnostics.length === 0);
    assert.deepEqual(
      (await editor.diagnostics(uriOf("a.py"))).map((found) => found.severity),
      [1],
    );
  });

  it("with mistakes has each marked, with the name that was meant, and is logged once", async () => {
    write("pyproject.toml", '[tool.nippy]\nlevel = {}\n\n[tool.nippy.levels]\n"pandas/iterrow" = "off"\n');
    const editor = await start();
    await levelIn(editor, "a.py");
    await levelIn(editor, "b.py");
    const { diagnostics } = await problemsIn(editor, "pyproject.toml");
    assert.deepEqual(
      diagnostics
        .map((found) => [found.range.start.line, /Did you mean "([^"]+)"/.exec(String(found.message))?.[1]])
        .sort(),
      [
        [1, "levels"],
        [4, "pandas/iterrows"],
      ],
    );
    const logged = editor.notifications.filter(
      ({ method, params }) =>
        method === "window/logMessage" && (params as { message: string }).message.includes("No rule is called"),
    );
    assert.equal(logged.length, 1);
  });

  it("of others is none of our business: a broken pyproject.toml that does not name Nippy is passed over", async () => {
    write("nippy.toml", '[levels]\n"pandas/*" = "error"\n');
    write("inner/pyproject.toml", "[project\n");
    const editor = await start();
    assert.equal(await levelIn(editor, "inner/a.py"), 1);
    assert.deepEqual(
      editor.notifications.filter(({ method }) => method === "textDocument/publishDiagnostics"),
      [],
    );
  });

  it("is asked of the client where the server cannot read", async () => {
    const files = { "vscode-vfs://github/owner/repo/nippy.toml": '[levels]\n"pandas/*" = "error"\n' };
    const uri = "vscode-vfs://github/owner/repo/src/a.py";
    const editor = await start({
      folders: ["vscode-vfs://github/owner/repo"],
      files,
      initializationOptions: { readFile: true },
    });
    await editor.open(uri, ITERROWS);
    assert.deepEqual(
      (await editor.diagnostics(uri)).map((found) => found.severity),
      [1],
    );
  });

  it("of the only folder holds for untitled documents", async () => {
    write("nippy.toml", '[levels]\n"pandas/*" = "error"\n');
    const editor = await start();
    await editor.open("untitled:Untitled-1", ITERROWS);
    assert.deepEqual(
      (await editor.diagnostics("untitled:Untitled-1")).map((found) => found.severity),
      [1],
    );
  });

  it("leaves out what the closest baseline knows, and reads it again when it changes", async () => {
    const { didChangeWatchedFiles: _, ...workspace } = FULL.workspace!;
    for (const watchesFiles of [true, false]) {
      const editor = await start(watchesFiles ? {} : { capabilities: { ...FULL, workspace } });
      const uri = uriOf("src/a.py");
      await editor.open(uri, ITERROWS);
      const [finding] = await editor.diagnostics(uri);
      const { fingerprint } = finding!.data as { readonly fingerprint: string };
      const findings = { "src/a.py": { "pandas/iterrows": [fingerprint] } };
      write(".nippy/baseline.json", JSON.stringify({ version: 1, findings }));
      const news = async () => {
        const refreshed = editor.refreshed();
        await (watchesFiles ? changed(editor, ".nippy/baseline.json") : editor.save(uri));
        await refreshed;
      };
      await news();
      assert.deepEqual(await editor.diagnostics(uri), []);
      assert.deepEqual(await editor.actions(uri, finding!.range, ["quickfix"]), []);
      write(".nippy/baseline.json", "{");
      await news();
      assert.equal((await editor.diagnostics(uri)).length, 1);
      rmSync(join(root, ".nippy"), { recursive: true });
      await editor.stop();
      client = undefined;
    }
  });
});
