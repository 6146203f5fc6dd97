/** Hovering a finding explains it and offers a link that opens the guide. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findingOf, open } from "./window.js";
import { guideTabs, untilGuideShows } from "./guide-tab.js";

const guideLink = /\]\(command:nippy\.openGuide\?([^)\s]+)/;

describe("hover", () => {
  afterEach(closeEverything);

  it("explains the finding and links to a guide section that opens", async () => {
    const { document } = await open("hover.py", 'import pandas as pd\n\ndf = pd.read_csv("a.csv")\nfor _, row in df.iterrows():\n    print(row["a"])\n');
    const finding = await findingOf("pandas/iterrows", document.uri);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, finding.range.end.translate(0, -1));
    const texts = hovers.flatMap(({ contents }) => contents).filter((content) => content instanceof vscode.MarkdownString);
    const ours = texts.find(({ value }) => guideLink.test(value));
    assert.ok(ours, "a hover has a link to the guide");
    assert.match(ours.value, /pandas\/iterrows/);
    assert.ok(typeof ours.isTrusted === "object" && ours.isTrusted.enabledCommands.includes("nippy.openGuide"), "the link may run its command");
    assert.deepEqual(guideTabs(), []);
    const args = JSON.parse(decodeURIComponent(guideLink.exec(ours.value)?.[1] ?? "")) as unknown[];
    await vscode.commands.executeCommand("nippy.openGuide", ...args);
    await untilGuideShows(/ - Nippy Guide$/);
  });
});
