/** Configurations in the editor: their findings, pulled and pushed, beside what is wrong in Nippy's own table; fixes, comments, hovers; files that nobody opened. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, it } from "mocha";
import { FileChangeType, type PublishDiagnosticsParams } from "vscode-languageserver/node";
import { ANALYSE_WORKSPACE, type Analysed } from "../../server/protocol.js";
import { FULL, PLAIN, startClient, type Client } from "../harness/lsp.js";

const RULE = "packaging/standard-library-requirement";
const FILE = "file:///work/requirements.txt";
const PROJECT = "file:///work/pyproject.toml";
const TEXT = "numpy\njson\npandas\n";
const COMPLETES = {
  ...FULL,
  textDocument: { ...FULL.textDocument, completion: { completionItem: { snippetSupport: true } } },
};
/** Knows folders, and is told what it cannot ask. */
const { diagnostic: _, ...REST } = FULL.textDocument ?? {};
const TOLD = { ...FULL, textDocument: REST };
const PUBLISH = "textDocument/publishDiagnostics";

describe("server: configurations as documents", () => {
  let client: Client;
  afterEach(() => client.stop());

  const codes = async (uri: string) => (await client.diagnostics(uri)).map((it) => it.code);

  it("have findings that follow what is typed", async () => {
    client = await startClient();
    await client.open(FILE, TEXT, "pip-requirements");
    assert.deepEqual(await codes(FILE), [RULE]);
    await client.change(FILE, [{ range: client.rangeOf(FILE, "json"), text: "jsonschema" }]);
    assert.deepEqual(await codes(FILE), []);
    await client.change(FILE, [{ range: client.rangeOf(FILE, "numpy"), text: "queue" }]);
    assert.deepEqual(await codes(FILE), [RULE]);
  });

  it("offer the fix and the comment, and explain the rule", async () => {
    client = await startClient({ capabilities: COMPLETES });
    await client.open(FILE, TEXT, "plaintext");
    const at = client.rangeOf(FILE, "json");
    const actions = await client.actions(FILE, at, ["quickfix"]);
    const after = async (title: RegExp) => {
      const action = actions.find((it) => title.test(it.title));
      assert.ok(action, actions.map((it) => it.title).join(" · "));
      return client.after((await client.resolve(action)).edit)[FILE];
    };
    assert.equal(await after(/^Remove the requirement/), "numpy\npandas\n");
    assert.equal(await after(/on this line$/), `numpy\njson  # nippy: ignore[${RULE}]\npandas\n`);
    const hover = await client.connection.sendRequest<unknown>("textDocument/hover", {
      textDocument: { uri: FILE },
      position: at.start,
    });
    assert.match(JSON.stringify(hover), /standard library/);
    const items = await client.connection.sendRequest<unknown>("textDocument/completion", {
      textDocument: { uri: FILE },
      position: { line: 3, character: 0 },
    });
    assert.deepEqual(items, []);
  });

  it("show mistakes in Nippy's own table beside the findings, to clients that are told", async () => {
    client = await startClient({ capabilities: PLAIN });
    const text = '[project]\nname = "a"\ndependencies = ["json"]\n\n[tool.nippy]\npyton = "3.11"\n';
    await client.open(PROJECT, text, "toml");
    const both = await client.seen<PublishDiagnosticsParams>(
      PUBLISH,
      (it) => it.uri === PROJECT && it.diagnostics.length === 2,
    );
    assert.deepEqual(both.diagnostics.map((it) => it.range.start.line).sort(), [2, 5]);
    await client.change(PROJECT, [{ range: client.rangeOf(PROJECT, "pyton"), text: "python" }]);
    const left = await client.seen<PublishDiagnosticsParams>(
      PUBLISH,
      (it) => it.uri === PROJECT && it.diagnostics.length === 1 && it.diagnostics[0]?.code === RULE,
    );
    assert.equal(left.diagnostics[0]?.range.start.line, 2);
    await client.close(PROJECT);
    await client.seen<PublishDiagnosticsParams>(PUBLISH, (it) => it.uri === PROJECT && it.diagnostics.length === 0);
  });

  it("complete and explain Nippy's own table as before", async () => {
    client = await startClient({ capabilities: COMPLETES });
    await client.open(PROJECT, '[project]\nname = "a"\n\n[tool.nippy]\n', "toml");
    const items = await client.connection.sendRequest<{ label: string }[]>("textDocument/completion", {
      textDocument: { uri: PROJECT },
      position: { line: 4, character: 0 },
    });
    assert.ok(items.some((it) => it.label === "exclude"));
  });

  it("are looked at in files that nobody opened, and again when they change", async () => {
    const folder = mkdtempSync(join(tmpdir(), "nippy-configurations-"));
    try {
      mkdirSync(join(folder, "deep"));
      const path = join(folder, "deep", "requirements.txt");
      const uri = pathToFileURL(path).href;
      writeFileSync(path, TEXT);
      client = await startClient({ capabilities: TOLD, folders: [pathToFileURL(folder).href] });
      const analysed = await client.connection.sendRequest<Analysed>("workspace/executeCommand", {
        command: ANALYSE_WORKSPACE,
        workDoneToken: "work",
      });
      assert.deepEqual([analysed.files, analysed.findings], [1, 1]);
      writeFileSync(path, "numpy\n");
      await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
        changes: [{ uri, type: FileChangeType.Changed }],
      });
      await client.seen<PublishDiagnosticsParams>(PUBLISH, (it) => it.uri === uri && it.diagnostics.length === 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("are not analysed where the folder holds installed code", async () => {
    client = await startClient({ capabilities: FULL });
    const uri = "file:///work/.venv/lib/python3.12/site-packages/x/requirements.txt";
    await client.open(uri, TEXT, "plaintext");
    assert.deepEqual(await codes(uri), []);
  });
});
