/** A pick list that shows what a search finds while the user types. */

import { window, type QuickPickItem } from "vscode";
import type { Kind } from "../search/page.js";
import type { Hit, Search } from "../search/search.js";

interface Item extends QuickPickItem {
  readonly hit: Hit;
}

export interface Wish {
  readonly title: string;
  readonly placeholder: string;
  /** Everything where it is left out. */
  readonly kinds?: readonly Kind[];
  /** What is listed before the user types. */
  readonly first: readonly Hit[];
}

const ICONS: Readonly<Record<Kind, string>> = {
  section: "book",
  rule: "lightbulb",
  construct: "symbol-method",
  snippet: "symbol-snippet",
  word: "symbol-text",
  setting: "gear",
};

/** The address of what was chosen. */
export function quickSearch(search: Search, { title, placeholder, kinds, first }: Wish): Promise<string | undefined> {
  const pick = window.createQuickPick<Item>();
  Object.assign(pick, { title, placeholder, items: first.map(itemOf) });
  pick.onDidChangeValue((value) => {
    pick.items = (value.trim() === "" ? first : search(value, kinds)).map(itemOf);
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.hit.address);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function itemOf(hit: Hit): Item {
  const { kind, name, title, heading, line } = hit;
  const description = [kind === "section" ? "" : title, heading].filter((it) => it !== "" && it !== name).join(" › ");
  const label = `$(${ICONS[kind]}) ${kind === "section" ? title : name}`;
  // The list has been made for the words that were typed: VS Code leaves nothing out.
  return { label, description, detail: line, alwaysShow: true, hit };
}
