/** The search over everything, put together when somebody first searches and kept. */

import type { ExtensionContext } from "vscode";
import { allPages, settingPages, type Manifest, type Page } from "../search/page.js";
import { createSearch, type Search } from "../search/search.js";
import type { Book } from "./guide-book.js";

/** `askForPages`: what the server knows beside the sections. Without a server the guide can be searched all the same. */
export function finder(
  context: ExtensionContext,
  book: () => Promise<Book>,
  askForPages: () => Promise<readonly Page[]>,
): () => Promise<Search> {
  let complete: Promise<Search> | undefined;
  const make = async (pages: readonly Page[]) => {
    const settings = settingPages(context.extension.packageJSON as Manifest);
    return createSearch(allPages((await book()).sections, [...pages, ...settings]));
  };
  return async () => {
    complete ??= askForPages().then(make);
    try {
      return await complete;
    } catch {
      complete = undefined;
      return make([]);
    }
  };
}
