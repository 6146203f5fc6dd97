/** Finds the tab that shows the guide. */

import * as vscode from "vscode";
import { until } from "./window.js";

export function guideTabs(): readonly vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("nippy.guide"));
}

/** Waits until the guide shows a page whose title fits. The tab carries the title once the page is there. */
export function untilGuideShows(title: RegExp): Promise<vscode.Tab> {
  return until(`a page of the guide titled ${String(title)}`, () => guideTabs().find(({ label }) => title.test(label)));
}
