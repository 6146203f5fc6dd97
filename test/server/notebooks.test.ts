/** Notebooks: their cells are one program, each finding is told in its own cell, and no edit leaves its cell. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import type {
  CodeAction,
  Diagnostic,
  PublishDiagnosticsParams,
  TextDocumentContentChangeEvent,
  WorkspaceEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { PLAIN, startClient, type Client } from "../harness/lsp.js";

const NOTEBOOK = "file:///nippy-tests/project/work.ipynb";
const cell = (name: string) => `vscode-notebook-cell:/nippy-tests/project/work.ipynb#${name}`;

const IMPORTS = "import pandas as pd";
const LOOP = `def total(df: pd.DataFrame) -> float:
    result = 0.0
    for _, row in df.iterrows():
        result += row["price"]
    return result`;
const clock = (name: string) => `def ${name}(work) -> float:
    start = time.time()
    work()
    return time.time() - start`;

describe("server: notebooks", () => {
  let client: Client;
  let texts: Map<string, TextDocument>;
  let version: number;
  beforeEach(async () => {
    client = await startClient();
    texts = new Map();
    version = 1;
  });
  afterEach(() => client.stop());

  const item = (name: string, text: string) => {
    texts.set(cell(name), TextDocument.create(cell(name), "python", 1, text));
    return { uri: cell(name), languageId: "python", version: 1, text };
  };
  const open = async (cells: Readonly<Record<string, string>>, notebookType = "jupyter-notebook") =>
    client.connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: NOTEBOOK,
        notebookType,
        version: 1,
        cells: Object.keys(cells).map((name) => ({ kind: 2, document: cell(name) })),
      },
      cellTextDocuments: Object.entries(cells).map(([name, text]) => item(name, text)),
    });
  const change = (cells: unknown) =>
    client.connection.sendNotification("notebookDocument/didChange", {
      notebookDocument: { uri: NOTEBOOK, version: ++version },
      change: { cells },
    });
  const edit = async (name: string, changes: TextDocumentContentChangeEvent[]) => {
    const document = texts.get(cell(name))!;
    TextDocument.update(document, changes, document.version + 1);
    await change({ textContent: [{ document: { uri: cell(name), version: document.version }, changes }] });
  };
  /** Where the cell's text says `iterrows`. */
  const places = (found: readonly Diagnostic[]) =>
    found.map((it) => [it.code, it.range.start.line, it.range.start.character]);
  const pulled = async (name: string) => places(await client.diagnostics(cell(name)));
  /** Another cell shows that the name is a frame: `proof`. Without it only the method does: `strong`. */
  const evidence = async (name: string) =>
    (await client.diagnostics(cell(name))).map((it) => (it.data as { readonly evidence: string }).evidence);
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const choose = async (name: string, only: string, title: RegExp) => {
    const actions = await client.actions(cell(name), whole, [only]);
    const action =
      actions.find((it) => title.test(it.title)) ??
      assert.fail(`nothing like ${title} among: ${actions.map((it: CodeAction) => it.title).join(" · ")}`);
    return (await client.resolve(action)).edit;
  };
  const after = ({ documentChanges = [] }: WorkspaceEdit = {}) =>
    Object.fromEntries(
      documentChanges.map((it) => {
        assert.ok("textDocument" in it);
        const document = texts.get(it.textDocument.uri)!;
        assert.equal(it.textDocument.version, document.version);
        return [it.textDocument.uri, TextDocument.applyEdits(document, it.edits as never)];
      }),
    );

  it("see an import of another cell, and tell a finding in its own", async () => {
    await open({ a: IMPORTS, b: LOOP });
    assert.deepEqual(await pulled("a"), []);
    assert.deepEqual(await pulled("b"), [["pandas/iterrows", 2, 21]]);
  });

  it("know the cells' order, also after cells are added, moved and removed", async () => {
    await open({ a: IMPORTS, b: "x = 1" });
    await change({
      structure: {
        array: { start: 1, deleteCount: 0, cells: [{ kind: 2, document: cell("c") }] },
        didOpen: [item("c", `x = "🐍"\n${LOOP}`)],
      },
    });
    assert.deepEqual(await pulled("c"), [["pandas/iterrows", 3, 21]]);
    assert.deepEqual(await evidence("c"), ["proof"]);
    await change({ structure: { array: { start: 0, deleteCount: 1, cells: [] }, didClose: [{ uri: cell("a") }] } });
    assert.deepEqual(await pulled("a"), []);
    assert.deepEqual(await evidence("c"), ["strong"]);
    await change({
      structure: {
        array: { start: 0, deleteCount: 0, cells: [{ kind: 2, document: cell("a") }] },
        didOpen: [item("a", IMPORTS)],
      },
    });
    assert.deepEqual(await evidence("c"), ["proof"]);
  });

  it("follow edits in any cell, and ask for the other cells again", async () => {
    await open({ a: IMPORTS, b: LOOP });
    const before = await client.pull(cell("b"));
    const refreshed = client.refreshed();
    await edit("a", [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 19 } }, text: "import dask\nx = 1\n" },
    ]);
    await refreshed;
    const changed = await client.pull(cell("b"), before.resultId);
    assert.deepEqual(changed.kind === "full" && changed.items, []);
    await edit("a", [{ text: `y = 1\n${IMPORTS}` }]);
    await edit("b", [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "\n\n" }]);
    assert.deepEqual(await pulled("b"), [["pandas/iterrows", 4, 21]]);
  });

  it("read past magics, shell lines, help and foreign cells", async () => {
    await open({
      a: `%load_ext autoreload\n!pip install pandas\n?pd.DataFrame\n${IMPORTS}`,
      b: "%%bash\nfor _, row in df.iterrows(; do",
      c: `%%time\nfiles = !ls\n${LOOP}\ntotal?`,
    });
    assert.deepEqual(await pulled("b"), []);
    assert.deepEqual(await pulled("c"), [["pandas/iterrows", 4, 21]]);
  });

  it("take a fix into the cell of its finding, with that cell's version", async () => {
    await open({ a: IMPORTS, b: LOOP });
    await edit("b", [{ text: `x = 1\n${LOOP}` }]);
    const texts = after(await choose("b", "quickfix", /./));
    assert.deepEqual(Object.keys(texts), [cell("b")]);
    assert.doesNotMatch(texts[cell("b")]!, /iterrows/);
    assert.match(texts[cell("b")]!, /^x = 1\ndef total/);
  });

  it("refuse an action when any cell changed since", async () => {
    await open({ a: IMPORTS, b: LOOP });
    const [action] = await client.actions(cell("b"), whole, ["quickfix"]);
    await edit("a", [{ text: `${IMPORTS}\nx = 1` }]);
    await assert.rejects(client.resolve(action!), { code: -32801 });
  });

  it("are fixed as a whole by the notebook's own kind, never cell by cell", async () => {
    await open({ a: `import time\n\n${clock("first")}`, b: "%time work()", c: clock("second") });
    for (const only of ["source.fixAll", "source.fixAll.nippy", "source"])
      assert.deepEqual(await client.actions(cell("a"), whole, [only]), []);
    const texts = after(await choose("a", "notebook.source.fixAll.nippy", /Fix all safe/));
    const fixed = (name: string) => clock(name).replaceAll("time.time()", "time.perf_counter()");
    assert.deepEqual(texts, { [cell("a")]: `import time\n\n${fixed("first")}`, [cell("c")]: fixed("second") });
  });

  it("are fixed as a whole also where one fix has to wait for another", async () => {
    const both = `def both(work) -> float:
    start = time.time()
    queue = [1, 2]
    while queue:
        work(queue.pop(0))
        queue.append(1)
    return time.time() - start`;
    await open({ a: "%%time\nimport time", b: `${both}\n%time work()\n\n\n${clock("second")}`, c: clock("third") });
    const texts = after(await choose("a", "notebook.source.fixAll.nippy", /Fix all safe/));
    const fixed = (text: string) =>
      text
        .replaceAll("time.time()", "time.perf_counter()")
        .replace("[1, 2]", "deque([1, 2])")
        .replace("pop(0)", "popleft()");
    assert.deepEqual(texts, {
      [cell("a")]: "%%time\nimport time\nfrom collections import deque",
      [cell("b")]: `${fixed(both)}\n%time work()\n\n\n${fixed(clock("second"))}`,
      [cell("c")]: fixed(clock("third")),
    });
  });

  it("are silenced by a comment in the cell", async () => {
    await open({ a: IMPORTS, b: LOOP });
    const onLine = after(await choose("b", "quickfix", /^Ignore pandas\/iterrows on this line$/));
    assert.deepEqual(Object.keys(onLine), [cell("b")]);
    await edit("b", [{ text: onLine[cell("b")]! }]);
    assert.deepEqual(await pulled("b"), []);

    await edit("b", [{ text: LOOP }]);
    const inAll = after(await choose("b", "quickfix", /^Ignore pandas\/iterrows in this notebook$/));
    assert.deepEqual(Object.keys(inAll), [cell("a")]);
    await edit("a", [{ text: inAll[cell("a")]! }]);
    assert.deepEqual(await pulled("b"), []);
  });

  it("are silent once closed, and when they are the record of an interactive window", async () => {
    await open({ a: IMPORTS, b: LOOP });
    await client.connection.sendNotification("notebookDocument/didClose", {
      notebookDocument: { uri: NOTEBOOK },
      cellTextDocuments: [{ uri: cell("a") }, { uri: cell("b") }],
    });
    assert.deepEqual(await pulled("b"), []);
    await open({ a: IMPORTS, b: LOOP }, "interactive");
    assert.deepEqual(await pulled("b"), []);
  });

  it("leave a cell alone that became another language", async () => {
    await open({ a: IMPORTS, b: LOOP });
    await change({
      structure: {
        array: { start: 1, deleteCount: 1, cells: [{ kind: 2, document: cell("b") }] },
        didClose: [{ uri: cell("b") }],
        didOpen: [{ ...item("b", LOOP), languageId: "sql" }],
      },
    });
    assert.deepEqual(await pulled("b"), []);
  });

  it("survive news that fit nothing", async () => {
    await change({ textContent: [{ document: { uri: cell("a"), version: 2 }, changes: [{ text: "x" }] }] });
    await open({ a: IMPORTS, b: LOOP });
    await change({
      data: [{ kind: 1, document: cell("none") }],
      textContent: [{ document: { uri: cell("none"), version: 2 }, changes: [{ text: "x" }] }],
    });
    await change({ structure: { array: { start: 7, deleteCount: 3 } } });
    assert.deepEqual(await pulled("b"), [["pandas/iterrows", 2, 21]]);
  });

  it("are pushed cell by cell to clients that cannot pull, and taken back from a cell that is removed", async () => {
    await client.stop();
    client = await startClient({ capabilities: PLAIN });
    const published = (name: string, count: number) =>
      client.seen<PublishDiagnosticsParams>(
        "textDocument/publishDiagnostics",
        (it) => it.uri === cell(name) && it.diagnostics.length === count,
      );
    await open({ a: IMPORTS, b: LOOP, c: LOOP });
    await published("a", 0);
    assert.deepEqual(places((await published("b", 1)).diagnostics), [["pandas/iterrows", 2, 21]]);
    await published("c", 1);
    await change({ structure: { array: { start: 1, deleteCount: 1, cells: [] }, didClose: [{ uri: cell("b") }] } });
    await published("b", 0);
    await edit("a", [{ text: "import polars as pd" }]);
    await published("c", 0);
  });

  it("come cell by cell to clients that know no notebooks", async () => {
    await client.stop();
    client = await startClient({ capabilities: PLAIN });
    const uri = cell("a");
    await client.open(uri, `%matplotlib inline\n${IMPORTS}\n${LOOP}`);
    const { diagnostics } = await client.seen<{ uri: string; diagnostics: Diagnostic[] }>(
      "textDocument/publishDiagnostics",
      (it) => it.uri === uri,
    );
    assert.deepEqual(places(diagnostics), [["pandas/iterrows", 4, 21]]);
  });
});
