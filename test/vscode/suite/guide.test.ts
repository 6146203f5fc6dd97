/** The guide opens inside the window, at the page asked for, and stays in one tab. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { guideTabs, untilGuideShows } from "./guide-tab.js";
import { closeEverything, until } from "./window.js";

describe("guide", () => {
  it("lists the rules by area in a view, which is asked for nothing before it is unfolded", async () => {
    await vscode.commands.executeCommand("nippy.rules.focus");
    await vscode.commands.executeCommand("list.focusFirst");
    await vscode.commands.executeCommand("list.expand");
    await until("the page of a rule, opened by keyboard", async () => {
      await vscode.commands.executeCommand("list.focusDown");
      await vscode.commands.executeCommand("list.select");
      return vscode.window.tabGroups.all
        .flatMap((it) => it.tabs)
        .some((it) => it.input instanceof vscode.TabInputWebview)
        ? true
        : undefined;
    });
    await closeEverything();
  });

  afterEach(closeEverything);

  it("opens at a section", async () => {
    await vscode.commands.executeCommand("nippy.openGuide", "context-managers");
    const tab = await untilGuideShows(/^Context managers - Nippy Guide$/);
    assert.equal(tab.isActive, true);
  });

  it("opens at a rule's page", async () => {
    await vscode.commands.executeCommand("nippy.explainRule", "pandas/iterrows");
    await untilGuideShows(/iterrows.* - Nippy Guide$/);
  });

  it("shows another page in the same tab", async () => {
    await vscode.commands.executeCommand("nippy.openGuide", "context-managers");
    await untilGuideShows(/^Context managers/);
    await vscode.commands.executeCommand("nippy.openGuide", "generators");
    await untilGuideShows(/^Generators/);
    assert.equal(guideTabs().length, 1);
  });

  it("finds sections by the words in them, and shows what it found", async () => {
    const hits = await vscode.commands.executeCommand<readonly { readonly address: string; readonly title: string }[]>(
      "nippy.searchGuide",
      "weak reference cache",
    );
    assert.ok(
      hits.some(({ address }) => address.startsWith("memory-habits")),
      hits.map((it) => it.address).join(),
    );
    await untilGuideShows(/ - Nippy Guide$/);
    assert.deepEqual(await vscode.commands.executeCommand("nippy.searchGuide", "qwertyuiop"), []);
  });

  it("finds rules, snippets and settings beside sections, whatever their spelling", async () => {
    for (const [query, address] of [
      ["iterows", "rule:pandas/iterrows"],
      ["race condition", "concurrency-pitfalls"],
      ["exclude folder", "setting:nippy.exclude"],
    ] as const) {
      const hits = await vscode.commands.executeCommand<readonly { readonly address: string }[]>(
        "nippy.searchGuide",
        query,
      );
      assert.equal(hits[0]?.address.split("#")[0], address, query);
    }
  });

  it("searches while the user types, and opens what is chosen", async () => {
    const closed = vscode.commands.executeCommand("nippy.searchRules");
    await until("the rule's page", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return guideTabs()[0];
    });
    await closed;
    await untilGuideShows(/\/.* - Nippy Guide$/);
  });

  it("lets the user choose a section when none is named", async () => {
    const chosen = vscode.commands.executeCommand("nippy.openGuide");
    await until("the guide after a section was chosen", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return guideTabs()[0];
    });
    await chosen;
    await untilGuideShows(/./);
  });
});
