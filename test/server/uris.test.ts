/** Questions about URIs. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  folderOf,
  foldersAbove,
  isInstalled,
  isPythonFile,
  joined,
  pathOf,
  relativeTo,
  showsHistory,
} from "../../server/uris.js";

describe("server: URIs", () => {
  it("give the folders above a file, up to the top or the root", () => {
    assert.deepEqual(foldersAbove("file:///a/b/c.py", undefined), ["file:///a/b", "file:///a", "file://"]);
    assert.deepEqual(foldersAbove("file:///a/b/c.py", "file:///a"), ["file:///a/b", "file:///a"]);
    assert.deepEqual(foldersAbove("file:///a/b/c.py", "file:///a/"), ["file:///a/b", "file:///a"]);
    assert.deepEqual(foldersAbove("vscode-vfs://host/r/c.py", "vscode-vfs://host/r"), ["vscode-vfs://host/r"]);
    assert.deepEqual(foldersAbove("file:///c%3A/x/y.py", undefined), ["file:///c%3A/x", "file:///c%3A", "file://"]);
    assert.deepEqual(foldersAbove("untitled:Untitled-1", undefined), []);
  });

  it("are joined with one slash", () => {
    assert.equal(joined("file:///a", "n.toml"), "file:///a/n.toml");
    assert.equal(joined("file:///a/", "n.toml"), "file:///a/n.toml");
    assert.equal(joined("file:///", "n.toml"), "file:///n.toml");
    assert.equal(joined("file://", "n.toml"), "file:///n.toml");
  });

  it("give paths without escapes, query and fragment, even where an escape is broken", () => {
    assert.equal(pathOf("file:///c%3A/my%20work/a.py"), "/c:/my work/a.py");
    assert.equal(pathOf("vscode-notebook-cell:/x/n.ipynb?a=1#W0"), "/x/n.ipynb");
    assert.equal(pathOf("vscode-vfs://host/r/a.py"), "/r/a.py");
    assert.equal(pathOf("untitled:Untitled-1"), "Untitled-1");
    assert.equal(pathOf("file:///100%/a.py"), "/100%/a.py");
    assert.equal(pathOf(""), "");
  });

  it("are relative to a folder only if they lie in it", () => {
    assert.equal(relativeTo("file:///a", "file:///a/b/c.py"), "b/c.py");
    assert.equal(relativeTo("file:///a/", "file:///a/c.py"), "c.py");
    assert.equal(relativeTo("file:///a", "file:///ab/c.py"), undefined);
    assert.equal(relativeTo("file:///a", "vscode-vfs:///a/c.py"), undefined);
    assert.equal(relativeTo("file:///c:/A", "file:///c%3A/A/c.py"), "c.py");
  });

  it("belong to the innermost folder around them", () => {
    const folders = ["file:///a", "file:///a/b", "file:///z"];
    assert.equal(folderOf("file:///a/b/c.py", folders), "file:///a/b");
    assert.equal(folderOf("file:///a/c.py", folders), "file:///a");
    assert.equal(folderOf("file:///c.py", folders), undefined);
  });

  it("tell Python files, old versions and installed code", () => {
    assert.ok(["a.py", "a.pyi", "a.pyw", "A.PY"].every((it) => isPythonFile(`file:///${it}`)));
    assert.ok(!isPythonFile("file:///a.pyc") && !isPythonFile("file:///py"));
    assert.ok(showsHistory("git:/a.py") && showsHistory("gitlens://x/a.py") && !showsHistory("file:///git/a.py"));
    assert.ok(isInstalled("file:///usr/lib/python3.12/json/decoder.py") && isInstalled("file:///p/venv/x.py"));
    assert.ok(!isInstalled("file:///p/my-venv/x.py") && !isInstalled("file:///p/venv.py"));
  });
});
