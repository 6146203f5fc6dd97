/** The code actions that silence a rule: on a line, in a file, in a project. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { CodeAction } from "vscode-languageserver";
import { FULL, startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS } from "./samples.js";

describe("server: silencing a rule", () => {
  let client: Client;
  afterEach(() => client.stop());

  const offered = async (uri: string) => client.actions(uri, client.rangeOf(uri, "iterrows"), ["quickfix"]);
  const choose = async (uri: string, title: RegExp) => {
    const actions = await offered(uri);
    const action =
      actions.find((it) => title.test(it.title)) ??
      assert.fail(`nothing like ${title} among: ${actions.map((it: CodeAction) => it.title).join(" · ")}`);
    return client.after((await client.resolve(action)).edit);
  };

  describe("by a comment", () => {
    beforeEach(async () => {
      client = await startClient();
      await client.open(FILE, ITERROWS);
    });
    const isSilentAfter = async (text: string | undefined) => {
      await client.change(FILE, [{ text: text ?? "" }]);
      assert.deepEqual(await client.diagnostics(FILE), []);
    };

    it("and back: what silences nothing is shown faded and can be taken away", async () => {
      const idle = `x = 1  # nippy: ignore[pandas/iterrows] once\n${ITERROWS}`;
      await client.change(FILE, [{ text: idle }]);
      const found = (await client.diagnostics(FILE)).find((it) => it.code === undefined);
      assert.deepEqual([found?.message, found?.tags], ["This comment silences nothing.", [1]]);
      const actions = await client.actions(FILE, found!.range, ["quickfix"]);
      const action = actions.find((it) => it.title === "Remove what silences nothing");
      assert.deepEqual(client.after(action?.edit), { [FILE]: `x = 1\n${ITERROWS}` });
    });

    it("on its line", async () => {
      const { [FILE]: text } = await choose(FILE, /^Ignore pandas\/iterrows on this line$/);
      assert.equal(text, ITERROWS.replace("iterrows():", "iterrows():  # nippy: ignore[pandas/iterrows]"));
      await isSilentAfter(text);
    });

    it("in its file", async () => {
      const { [FILE]: text } = await choose(FILE, /^Ignore pandas\/iterrows in this file$/);
      assert.equal(text, `# nippy: ignore-file[pandas/iterrows]\n${ITERROWS}`);
      await isSilentAfter(text);
    });

    it("above its line, offered where a comment behind it would make it too long", async () => {
      assert.ok(!(await offered(FILE)).some((it) => it.title.includes("above")));
      const long = ITERROWS.replace("row in", `${"row".repeat(18)} in`);
      assert.notEqual(long, ITERROWS);
      await client.change(FILE, [{ text: long }]);
      const { [FILE]: text } = await choose(FILE, /^Ignore pandas\/iterrows by a comment above this line$/);
      assert.equal(text, long.replace("    for ", "    # nippy: ignore[pandas/iterrows]\n    for "));
      await isSilentAfter(text);
    });

    it("in its function, offered inside of one", async () => {
      const { [FILE]: text } = await choose(FILE, /^Ignore pandas\/iterrows in this function$/);
      assert.equal(text, ITERROWS.replace("def total", "# nippy: ignore[pandas/iterrows]\ndef total"));
      await isSilentAfter(text);
      await client.change(FILE, [
        { text: 'import pandas as pd\n\nfor row in pd.read_csv("a.csv").iterrows():\n    print(row)\n' },
      ]);
      assert.ok(!(await offered(FILE)).some((it) => it.title.includes("function")));
    });

    it("in a project only where there is a folder to write to", async () => {
      assert.deepEqual(
        (await offered(FILE)).filter((it) => it.title.startsWith("Turn off")),
        [],
      );
    });
  });

  describe("in a project", () => {
    let folder: string;
    let file: string;
    const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "nippy-"));
      file = uriOf("work.py");
      client = await startClient({ folders: [pathToFileURL(folder).href] });
      await client.open(file, ITERROWS);
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("makes a nippy.toml where there is no configuration", async () => {
      const texts = await choose(file, /^Turn off pandas\/iterrows in a new nippy.toml$/);
      assert.deepEqual(texts, { [uriOf("nippy.toml")]: '[levels]\n"pandas/iterrows" = "off"\n' });
    });

    it("writes to the configuration that is in force, and is obeyed once that is saved", async () => {
      const path = join(folder, "nippy.toml");
      writeFileSync(path, 'python = "3.12"\n');
      await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
        changes: [{ uri: uriOf("nippy.toml"), type: 1 }],
      });
      const action = (await offered(file)).find((it) => it.title === "Turn off pandas/iterrows in nippy.toml");
      const { edit } = await client.resolve(action ?? assert.fail("not offered"));
      const change = edit?.documentChanges?.[0];
      assert.ok(change && "textDocument" in change);
      assert.deepEqual(change.textDocument, { uri: uriOf("nippy.toml"), version: null });
      const [only] = change.edits;
      assert.deepEqual(only, {
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } },
        newText: '\n[levels]\n"pandas/iterrows" = "off"\n',
      });

      writeFileSync(path, 'python = "3.12"\n\n[levels]\n"pandas/iterrows" = "off"\n');
      await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
        changes: [{ uri: uriOf("nippy.toml"), type: 2 }],
      });
      assert.deepEqual(await client.diagnostics(file), []);
    });

    it("writes to pyproject.toml where that is all there is, and to the text the editor holds of it", async () => {
      writeFileSync(join(folder, "pyproject.toml"), '[project]\nname = "x"\n');
      const held = '[project]\nname = "y"\nversion = "1"\n';
      await client.open(uriOf("pyproject.toml"), held, "toml");
      const texts = await choose(file, /^Turn off pandas\/iterrows in pyproject.toml$/);
      assert.deepEqual(texts, {
        [uriOf("pyproject.toml")]: `${held}\n[tool.nippy.levels]\n"pandas/iterrows" = "off"\n`,
      });
    });

    it("adds a finding to the baseline, where there is one, and it counts once that is saved", async () => {
      assert.ok(!(await offered(file)).some((it) => it.title.includes("baseline")));
      const path = join(folder, ".nippy", "baseline.json");
      mkdirSync(join(folder, ".nippy"));
      writeFileSync(path, '{ "version": 1, "findings": { "a.py": { "x/y": ["0123456789abcdef"] } } }\n');
      const changed = (type: number) =>
        client.connection.sendNotification("workspace/didChangeWatchedFiles", {
          changes: [{ uri: uriOf(".nippy/baseline.json"), type }],
        });
      await changed(1);
      const action = (await offered(file)).find((it) => it.title === "Add this finding to the baseline");
      const { edit } = await client.resolve(action ?? assert.fail("not offered"));
      const change = edit?.documentChanges?.[0];
      assert.ok(change && "textDocument" in change && change.edits.length === 1);
      const { newText } = change.edits[0] as { readonly newText: string };
      assert.match(
        newText,
        /"a\.py": \{\s+"x\/y"[^}]+\},\s+"work\.py": \{\s+"pandas\/iterrows": \[\s+"[0-9a-f]{16}"\s+\]/,
      );
      writeFileSync(path, newText);
      await changed(2);
      assert.deepEqual(await client.diagnostics(file), []);
    });

    it("is not offered where the client cannot make files and there is none", async () => {
      await client.stop();
      client = await startClient({
        folders: [pathToFileURL(folder).href],
        capabilities: { ...FULL, workspace: { ...FULL.workspace, workspaceEdit: { documentChanges: true } } },
      });
      await client.open(file, ITERROWS);
      assert.deepEqual(
        (await offered(file)).filter((it) => it.title.startsWith("Turn off")),
        [],
      );
    });
  });
});
