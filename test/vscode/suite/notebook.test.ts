/** A notebook's Python cells are read like one file: an import in one cell is known in the next. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findingOf, findings, write } from "./window.js";

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
    code('import pandas as pd\ndf = pd.read_csv("sales.csv")'),
    code('%time\ntotal = 0\nfor _, row in df.iterrows():\n    total += row["price"]'),
  ],
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
});
