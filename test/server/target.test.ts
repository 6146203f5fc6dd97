/** The Python and the libraries a document is checked for: found in the project's files, followed when these change, and told in the status. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, it } from "mocha";
import type { Status, TargetNote } from "../../server/protocol.js";
import { FULL, startClient, type Client, type ClientOptions } from "../harness/lsp.js";

/** Something for `tensorflow/sequential-map`, which is about TensorFlow 2.4 and later. */
const TENSORFLOW = `import tensorflow as tf


def loaded(path: tf.Tensor) -> tf.Tensor:
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return tf.image.random_flip_left_right(image)


def images(paths: list[str]) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices(paths).map(loaded)
`;

const lock = (...packages: readonly string[]) =>
  packages.map((it) => `[[package]]\nname = "${it.split(" ")[0]}"\nversion = "${it.split(" ")[1]}"\n\n`).join("");

describe("server: the target", () => {
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
    (client = await startClient({ folders: [uriOf("")], initializationOptions: { status: true }, ...options }));
  const changed = (editor: Client, path: string) =>
    editor.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(path), type: 2 }] });
  const codes = async (editor: Client, uri: string) => (await editor.diagnostics(uri)).map((it) => it.code);
  /** Of the last analysis of a document. */
  const noted = (editor: Client, uri: string): TargetNote | undefined =>
    editor.notifications
      .filter(({ method }) => method === "nippy/status")
      .map(({ params }) => params as Status)
      .findLast((it) => it.uri === uri && it.state === "ready")?.target;
  const openedIn = async (editor: Client, path: string, text = TENSORFLOW) => {
    const uri = uriOf(path);
    await editor.open(uri, text);
    await editor.diagnostics(uri);
    return uri;
  };

  it("is told in the status, with where each part comes from, and only of libraries that a rule is about", async () => {
    write("pyproject.toml", '[project]\nrequires-python = ">=3.11"\ndependencies = ["pandas>=1.5,<3"]\n');
    write("uv.lock", lock("tensorflow 2.10.0", "pandas 2.2.1", "requests 2.32.0", "rich 14.1.0"));
    const editor = await start();
    const uri = await openedIn(editor, "src/a.py");
    assert.deepEqual(noted(editor, uri), {
      python: "3.11",
      pythonFrom: "requires-python in pyproject.toml",
      libraries: [
        {
          name: "pandas",
          version: "2.2.1",
          versionFrom: "uv.lock",
          oldest: "1.5",
          oldestFrom: "pyproject.toml",
          below: "3",
          belowFrom: "pyproject.toml",
        },
        { name: "requests", version: "2.32.0", versionFrom: "uv.lock" },
        { name: "tensorflow", version: "2.10.0", versionFrom: "uv.lock" },
      ],
    });
  });

  it("says nothing of where it comes from where it is assumed", async () => {
    const editor = await start();
    const uri = await openedIn(editor, "a.py");
    assert.deepEqual(noted(editor, uri), { python: "3.10", libraries: [] });
  });

  it("is the project's last word but for the configuration's, and that but for the editor's", async () => {
    write("setup.py", 'setup(python_requires=">=3.8")\n');
    write("near/setup.cfg", "[options]\npython_requires = >=3.9\n");
    write("near/own/nippy.toml", 'python = "3.12"\n');
    write("near/own/pyproject.toml", '[project]\nrequires-python = ">=3.11"\n');
    const editor = await start();
    const far = await openedIn(editor, "a.py");
    assert.deepEqual(
      [noted(editor, far)?.python, noted(editor, far)?.pythonFrom],
      ["3.8", "python_requires in setup.py"],
    );
    const near = await openedIn(editor, "near/deep/a.py");
    assert.equal(noted(editor, near)?.pythonFrom, "python_requires in near/setup.cfg");
    const own = await openedIn(editor, "near/own/a.py");
    assert.deepEqual([noted(editor, own)?.python, noted(editor, own)?.pythonFrom], ["3.12", "nippy.toml"]);
    editor.configure({ python: "3.13" });
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await editor.diagnostics(own);
    assert.deepEqual(
      [noted(editor, own)?.python, noted(editor, own)?.pythonFrom],
      ["3.13", "nippy.python in the editor's settings"],
    );
  });

  it("gates rules, and is followed when a lock file changes, comes or goes", async () => {
    write("uv.lock", lock("tensorflow 2.3.4"));
    const editor = await start();
    const uri = await openedIn(editor, "a.py");
    assert.deepEqual(await codes(editor, uri), []);
    for (const [text, expected] of [
      [lock("tensorflow 2.10.0"), ["tensorflow/sequential-map"]],
      [lock("tensorflow 2.0.0"), []],
      [undefined, ["tensorflow/sequential-map"]],
    ] as const) {
      if (text === undefined) rmSync(join(root, "uv.lock"));
      else write("uv.lock", text);
      const refreshed = editor.refreshed();
      await changed(editor, "uv.lock");
      await refreshed;
      assert.deepEqual(await codes(editor, uri), expected);
    }
  });

  it("follows what is installed beside the code, and nothing else that an installation writes", async () => {
    const packages = ".venv/lib/python3.12/site-packages";
    write(".venv/pyvenv.cfg", "version = 3.12.4\n");
    write(`${packages}/tensorflow-2.3.4.dist-info/METADATA`, "");
    const editor = await start();
    const uri = await openedIn(editor, "a.py");
    assert.deepEqual(noted(editor, uri), {
      python: "3.12",
      pythonFrom: ".venv",
      libraries: [{ name: "tensorflow", version: "2.3.4", versionFrom: ".venv" }],
    });
    assert.deepEqual(await codes(editor, uri), []);

    rmSync(join(root, packages, "tensorflow-2.3.4.dist-info"), { recursive: true });
    write(`${packages}/tensorflow-2.8.0.dist-info/METADATA`, "");
    const before = editor.refreshes();
    await changed(editor, `${packages}/tensorflow/setup.py`);
    assert.deepEqual(await codes(editor, uri), [], "a file of a package says nothing");
    assert.equal(editor.refreshes(), before);
    const refreshed = editor.refreshed();
    await changed(editor, `${packages}/tensorflow-2.8.0.dist-info`);
    await refreshed;
    assert.deepEqual(await codes(editor, uri), ["tensorflow/sequential-map"]);
  });

  it("is looked for again on opening and saving where files cannot be watched", async () => {
    const { didChangeWatchedFiles: _, ...workspace } = FULL.workspace!;
    write("requirements.txt", "tensorflow==2.3.4\n");
    const editor = await start({ capabilities: { ...FULL, workspace } });
    const uri = await openedIn(editor, "a.py");
    assert.deepEqual(await codes(editor, uri), []);
    write("requirements.txt", "tensorflow==2.8.0\n");
    const refreshed = editor.refreshed();
    await editor.save(uri);
    await refreshed;
    assert.deepEqual(await codes(editor, uri), ["tensorflow/sequential-map"]);
  });

  it("that stays the same leaves the results unchanged, whatever else a lock file says", async () => {
    write("uv.lock", lock("tensorflow 2.10.0"));
    const editor = await start();
    const uri = await openedIn(editor, "a.py");
    const before = await editor.pull(uri);
    write("uv.lock", lock("something 1.0.0", "tensorflow 2.10.0"));
    const refreshed = editor.refreshed();
    await changed(editor, "uv.lock");
    await refreshed;
    assert.deepEqual(await editor.pull(uri, before.resultId), { kind: "unchanged", resultId: before.resultId });
  });

  it("is not looked for above the workspace folder", async () => {
    write("setup.py", 'setup(python_requires=">=3.8")\n');
    const editor = await start({ folders: [uriOf("inner")] });
    assert.equal(noted(editor, await openedIn(editor, "inner/a.py"))?.python, "3.10");
  });

  for (const listFolder of [true, false]) {
    it(`is asked of the client where the server cannot read${listFolder ? "" : ", name by name if it lists no folders"}`, async () => {
      const files = {
        "vscode-vfs://github/owner/repo/setup.cfg": "[options]\npython_requires = >=3.9\n",
        "vscode-vfs://github/owner/repo/src/poetry.lock": lock("tensorflow 2.3.4"),
      };
      const uri = "vscode-vfs://github/owner/repo/src/a.py";
      const editor = await start({
        folders: ["vscode-vfs://github/owner/repo"],
        files,
        initializationOptions: { status: true, readFile: true, listFolder },
      });
      await editor.open(uri, TENSORFLOW);
      assert.deepEqual(await codes(editor, uri), []);
      assert.deepEqual(noted(editor, uri), {
        python: "3.9",
        pythonFrom: "python_requires in setup.cfg",
        libraries: [{ name: "tensorflow", version: "2.3.4", versionFrom: "src/poetry.lock" }],
      });
      const asked = editor.asked.filter((it) => it.startsWith("nippy/readFile")).length;
      assert.ok(listFolder ? asked < 10 : asked > 20, `${asked} files were asked for`);
      await editor.change(uri, [{ range: editor.rangeOf(uri, "images"), text: "pictures" }]);
      await editor.diagnostics(uri);
      assert.equal(
        editor.asked.filter((it) => it.startsWith("nippy/readFile")).length,
        asked,
        "an edit asks for nothing",
      );
    });
  }

  it("does not wait for pipes, nor for folders that bear a file's name", async () => {
    mkdirSync(join(root, "uv.lock"));
    mkdirSync(join(root, "setup.py"));
    assert.equal(spawnSync("mkfifo", ["setup.cfg", "nippy.toml", "pyproject.toml"], { cwd: root }).status, 0);
    write("poetry.lock", "[".repeat(6 * 1024 * 1024));
    write("requirements.txt", "tensorflow==2.3.4\n");
    const editor = await start();
    assert.deepEqual(noted(editor, await openedIn(editor, "a.py"))?.libraries, [
      { name: "tensorflow", version: "2.3.4", versionFrom: "requirements.txt" },
    ]);
  });
});
