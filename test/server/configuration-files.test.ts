/** nippy.toml and pyproject.toml in the editor: mistakes while they are typed, what may be written, what stands there, and what holds for a file. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { CompletionItem, PublishDiagnosticsParams } from "vscode-languageserver";
import { EFFECTIVE_CONFIGURATION } from "../../server/protocol.js";
import { FULL, startClient, type Client, type ClientOptions } from "../harness/lsp.js";
import { ITERROWS } from "./samples.js";

const COMPLETES = {
  ...FULL,
  textDocument: { ...FULL.textDocument, completion: { completionItem: { snippetSupport: true } } },
};

describe("server: configurations that are open", () => {
  let root: string;
  let client: Client;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "nippy-"));
  });
  afterEach(async () => {
    await client.stop();
    rmSync(root, { recursive: true });
  });

  const uriOf = (path: string) => pathToFileURL(join(root, path)).href;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const start = async (options: ClientOptions = {}) =>
    (client = await startClient({ folders: [uriOf("")], capabilities: COMPLETES, ...options }));
  /** The words that are marked, once there are so many. */
  const marked = async (path: string, text: string, count: number) => {
    const { diagnostics } = await client.seen<PublishDiagnosticsParams>(
      "textDocument/publishDiagnostics",
      (it) => it.uri === uriOf(path) && it.diagnostics.length === count,
    );
    const lines = text.split("\n");
    return diagnostics.map(({ range: { start, end } }) => lines[start.line]!.slice(start.character, end.character));
  };
  /** A text with a bar where the cursor is. */
  const typed = async (path: string, text: string) => {
    const before = text.slice(0, text.indexOf("|")).split("\n");
    const uri = uriOf(path);
    await client.open(uri, text.replace("|", ""), "toml");
    return { uri, position: { line: before.length - 1, character: before.at(-1)!.length } };
  };
  const offered = async (path: string, text: string) => {
    const { uri, position } = await typed(path, text);
    const items = await client.connection.sendRequest<CompletionItem[]>("textDocument/completion", {
      textDocument: { uri },
      position,
    });
    await client.close(uri);
    return items;
  };
  const hovered = async (path: string, text: string) => {
    const { uri, position } = await typed(path, text);
    const answer = await client.hover(uri, position);
    await client.close(uri);
    return answer;
  };

  it("have their mistakes marked at once, at the key or value, without any Python", async () => {
    await start();
    const text = '[levels]\n"pandas/iterows" = "error"\npandas = "loud"\nlevel = 1\n';
    await client.open(uriOf("nippy.toml"), text, "toml");
    assert.deepEqual(await marked("nippy.toml", text, 3), ['"pandas/iterows"', '"loud"', "level"]);

    // As it is typed, not as it lies on the disk.
    const better = text.replace("iterows", "iterrows");
    await client.change(uriOf("nippy.toml"), [{ text: better }]);
    assert.deepEqual(await marked("nippy.toml", better, 2), ['"loud"', "level"]);

    const shared = '[tool.nippy]\npyton = "3.11"\n[tool.other]\npython = 1\n';
    await client.open(uriOf("pyproject.toml"), shared, "toml");
    assert.deepEqual(await marked("pyproject.toml", shared, 1), ["pyton"]);
    await client.close(uriOf("pyproject.toml"));
    await marked("pyproject.toml", shared, 0);
  });

  it("are asked alone: other TOML and a pyproject.toml of others stay unmarked", async () => {
    await start();
    await client.open(uriOf("Cargo.toml"), "[tool.nippy]\nx = 1\n", "toml");
    await client.open(uriOf("pyproject.toml"), "[broken\n", "toml");
    const text = "x = 1\n";
    await client.open(uriOf("nippy.toml"), text, "toml");
    await marked("nippy.toml", text, 1);
    const others = client.notifications.filter(
      ({ method, params }) =>
        method === "textDocument/publishDiagnostics" &&
        !(params as PublishDiagnosticsParams).uri.endsWith("nippy.toml") &&
        (params as PublishDiagnosticsParams).diagnostics.length > 0,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(await offered("Cargo.toml", "|"), []);
  });

  it("offer settings, rules, levels and versions where they fit", async () => {
    await start();
    const labels = async (path: string, text: string) => (await offered(path, text)).map((it) => it.label);
    assert.ok((await labels("nippy.toml", "|")).includes("python"));
    assert.deepEqual(await labels("nippy.toml", "[|"), []);
    assert.deepEqual(await labels("nippy.toml", "[lev|"), ["levels", "per-file-levels"]);
    assert.ok((await labels("nippy.toml", "python = |")).includes("3.15"));
    assert.ok((await labels("nippy.toml", 'python = "|"')).includes("3.11"));
    assert.deepEqual(await labels("nippy.toml", "leave-to-ruff = |\n"), ["true", "false"]);
    assert.ok(!(await labels("nippy.toml", 'python = "3.11"\n|')).includes("python"), "a key stands once");
    assert.deepEqual(await labels("nippy.toml", 'exclude = ["|"]'), []);
    assert.deepEqual(await labels("nippy.toml", "# |"), []);
    for (const text of [
      "[levels]\n|",
      '[levels]\n"pan|"',
      "levels = { | }",
      '[per-file-levels]\n"tests/**" = { pandas = "off", | }',
    ]) {
      const found = await labels("nippy.toml", text);
      assert.ok(found.includes("pandas/iterrows") && found.includes("pandas/*"), text);
    }
    for (const text of ['[levels]\niterrows = "|"', "[levels]\niterrows = o|", 'levels = { iterrows = "of|" }'])
      assert.deepEqual(await labels("nippy.toml", text), ["error", "warning", "info", "hint", "off", "default"], text);
    assert.deepEqual(await labels("pyproject.toml", "|"), []);
    assert.deepEqual(await labels("pyproject.toml", "[tool.other]\n|"), []);
    assert.ok((await labels("pyproject.toml", "[tool.nippy]\n|")).includes("min-level"));
    assert.ok((await labels("pyproject.toml", "[tool.nippy.levels]\n|")).includes("pandas/iterrows"));
  });

  it("replace what is typed of a name, quotes included", async () => {
    await start();
    const [found] = (await offered("nippy.toml", '[levels]\n"pan|" = "off"\n')).filter(
      (it) => it.label === "pandas/iterrows",
    );
    assert.deepEqual(found?.textEdit, {
      range: { start: { line: 1, character: 0 }, end: { line: 1, character: 5 } },
      newText: '"pandas/iterrows"',
    });
    assert.equal(found?.filterText, '"pandas/iterrows"');
    const [begun] = (await offered("pyproject.toml", "[tool.nippy]\nlev|")).filter((it) => it.label === "levels");
    assert.equal((begun?.textEdit as { newText: string }).newText, "[tool.nippy.levels]\n$0");
  });

  it("explain settings, rules by any of their names, and levels", async () => {
    await start();
    assert.match((await hovered("nippy.toml", 'pyth|on = "3.11"'))!, /^The oldest Python/);
    assert.match((await hovered("nippy.toml", 'min-level = "hi|nt"'))!, /^What the command line shows/);
    assert.match((await hovered("nippy.toml", "[lev|els]"))!, /^The level of a rule/);
    for (const name of ['"pandas/iter|rows"', "iter|rows"])
      assert.match((await hovered("nippy.toml", `[levels]\n${name} = "off"`))!, /rules\/pandas\/iterrows/);
    assert.match(
      (await hovered("pyproject.toml", '[tool.nippy.levels]\nPERF|401 = "off"'))!,
      /iteration\/append-in-loop/,
    );
    assert.match((await hovered("nippy.toml", '[levels]\npan|das = "off"'))!, /pandas\/concat-in-loop/);
    assert.match((await hovered("nippy.toml", '[levels]\npandas = "o|ff"'))!, /^Silent/);
    assert.equal(await hovered("pyproject.toml", '[tool.other]\npyth|on = "3.11"'), undefined);
    assert.equal(await hovered("nippy.toml", '# pyth|on = "3.11"'), undefined);
  });

  it("extend one another as on the command line, and a change of the other one counts", async () => {
    write(".git/HEAD", "");
    write("base.toml", '[levels]\niterrows = "error"\n');
    write("sub/nippy.toml", 'extend = "../base.toml"\n[per-file-levels]\n"drafts/**" = { pandas = "hint" }\n');
    await start();
    const severity = async (path: string) => {
      await client.open(uriOf(path), ITERROWS);
      return (await client.diagnostics(uriOf(path)))[0]?.severity;
    };
    assert.equal(await severity("sub/a.py"), 1);
    assert.equal(await severity("sub/drafts/a.py"), 4);
    const watched = JSON.stringify(client.registrations.find((it) => it.method === "workspace/didChangeWatchedFiles"));
    assert.match(watched, /\*\.toml/);
    write("base.toml", '[levels]\niterrows = "off"\n');
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriOf("base.toml"), type: 2 }],
    });
    assert.deepEqual(await client.diagnostics(uriOf("sub/a.py")), []);
  });

  it("extend nothing outside of the repository, also through a link, and say so at the path", async () => {
    write("secret.toml", 'secret = "s3cr3t"\n');
    write("repo/.git/HEAD", "");
    mkdirSync(join(root, "repo/sub"));
    symlinkSync("../../secret.toml", join(root, "repo/sub/link.toml"));
    await start({ folders: [uriOf("repo/sub")] });
    for (const path of ["../../secret.toml", "link.toml", "missing.toml", "/etc/hosts"]) {
      const text = `extend = "${path}"\n`;
      const uri = uriOf("repo/sub/nippy.toml");
      await client.open(uri, text, "toml");
      assert.deepEqual(await marked("repo/sub/nippy.toml", text, 1), [`"${path}"`]);
      await client.close(uri);
    }
    assert.doesNotMatch(JSON.stringify(client.notifications), /s3cr3t/);
  });

  it("are told for a file with the line of each value, the editor's own words too", async () => {
    write("nippy.toml", 'exclude = ["gen/**"]\n\n[levels]\npandas = "error"\n');
    write("pyproject.toml", '[project]\nrequires-python = ">=3.12"\n');
    await start({ settings: { levels: { iterrows: "hint" }, leaveToRuff: true } });
    await client.open(uriOf("a.py"), ITERROWS);
    const text = await client.connection.sendRequest<string>(EFFECTIVE_CONFIGURATION, { uri: uriOf("a.py") });
    assert.equal(
      text,
      [
        "a.py",
        "  configuration  nippy.toml",
        "  analysed       yes",
        "  Python         3.12 (requires-python in pyproject.toml)",
        "  libraries      none",
        "  levels         pandas = error (nippy.toml:4)",
        "                 pandas/iterrows = hint (the editor's settings)",
        "  exclude        gen/** (nippy.toml:1)",
        "  shown from     info",
        "  reasons        not required",
        "  complexity     up to 15 ways",
        "  leave to Ruff  yes (the editor's settings)",
        "",
      ].join("\n"),
    );
  });

  it("have the last word where the editor says so, or none", async () => {
    write("nippy.toml", '[levels]\npandas = "error"\n');
    const shown = async (configurationPreference: string) => {
      await start({ settings: { levels: { iterrows: "hint" }, configurationPreference } });
      await client.open(uriOf("a.py"), ITERROWS);
      const text = await client.connection.sendRequest<string>(EFFECTIVE_CONFIGURATION, { uri: uriOf("a.py") });
      const [finding] = await client.diagnostics(uriOf("a.py"));
      return [finding?.severity, text.split("\n").filter((it) => /configuration|pandas/.test(it))];
    };
    assert.deepEqual(await shown("projectFirst"), [
      1,
      [
        "  configuration  nippy.toml",
        "  levels         pandas/iterrows = hint (the editor's settings)",
        "                 pandas = error (nippy.toml:2)",
      ],
    ]);
    await client.stop();
    assert.deepEqual(await shown("editorOnly"), [
      4,
      ["  configuration  none", "  levels         pandas/iterrows = hint (the editor's settings)"],
    ]);
  });
});
