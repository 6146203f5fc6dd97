/** A notebook's Python cells are read like one file: an import in one cell is known in the next. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findingOf, findings, untilGone, write } from "./window.js";

const code = (source: string): unknown => ({
  cell_type: "code",
  metadata: {},
  execution_count: null,
  outputs: [],
  source,
});
const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: "python3", language: "python", display_name: "Python 3" },
    language_info: { name: "python" },
  },
  cells: [
    { cell_type: "markdown", metadata: {}, source: "for _, row in df.iterrows(): pass" },
    code('import pandas as pd\ndf = pd.read_csv("sales.csv", usecols=["price"])'),
    code('%time\ntotal = 0\nfor _, row in df.iterrows():\n    total += row["price"]'),
  ],
};

const clock = (name: string): string => `def ${name}(job) -> float:
    started = time.time()
    job()
    return time.time() - started`;
const repairedClock = (name: string): string => clock(name).replaceAll("time.time()", "time.perf_counter()");
const OUTPUTS = [{ name: "stdout", output_type: "stream", text: ["0.25\n"] }];
const clocks = {
  ...notebook,
  cells: [`import time\n\n\n${clock("first")}`, clock("second")].map((source) => ({
    cell_type: "code",
    metadata: {},
    execution_count: 1,
    outputs: OUTPUTS,
    source,
  })),
};

describe("notebook", () => {
  afterEach(closeEverything);

  it("reports findings in the cell they are in", async () => {
    const uri = await write("analysis.ipynb", JSON.stringify(notebook));
    const opened = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(opened);
    const [prose, first, second] = opened.getCells();
    assert.ok(prose && first && second);
    const finding = await findingOf("pandas/iterrows", second.document.uri);
    assert.equal(finding.range.start.line, 2);
    assert.deepEqual([...findings(prose.document.uri), ...findings(first.document.uri)], []);
  });

  it("repairs a finding from its quick fix, and all cells when the notebook is saved; outputs stay", async () => {
    const uri = await write("clocks.ipynb", JSON.stringify(clocks));
    const opened = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(opened);
    const [first, second] = opened.getCells().map((it) => it.document);
    assert.ok(first && second);
    const finding = await findingOf("profiling/wall-clock-duration", second.uri);
    const kind = vscode.CodeActionKind.QuickFix.value;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      second.uri,
      finding.range,
      kind,
      50,
    );
    const preferred = actions.find(({ isPreferred, edit }) => isPreferred && edit);
    assert.ok(preferred?.edit, "there is a safe fix, and it has an edit");
    assert.equal(await vscode.workspace.applyEdit(preferred.edit), true);
    assert.equal(second.getText(), repairedClock("second"));
    await untilGone("profiling/wall-clock-duration", second.uri);

    const settings = vscode.workspace.getConfiguration("notebook");
    const onSave = (value: object | undefined) =>
      settings.update("codeActionsOnSave", value, vscode.ConfigurationTarget.Workspace);
    await onSave({ "notebook.source.fixAll.nippy": "explicit" });
    try {
      assert.equal(await opened.save(), true);
    } finally {
      await onSave(undefined);
    }
    assert.equal(first.getText(), `import time\n\n\n${repairedClock("first")}`);
    const saved = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) as typeof clocks;
    assert.deepEqual(
      saved.cells.map(({ source }) => [source].flat().join("")),
      [`import time\n\n\n${repairedClock("first")}`, repairedClock("second")],
    );
    assert.deepEqual(saved.cells[0]?.outputs, OUTPUTS);
  });
});
