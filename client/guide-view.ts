/** The panel "Nippy Guide": sections and rules' pages, opened at an address, with search, history and a remembered place. */

import {
  commands,
  env,
  l10n,
  Uri,
  ViewColumn,
  window,
  type ExtensionContext,
  type Webview,
  type WebviewPanel,
} from "vscode";
import type { Hit, Search } from "../search/search.js";
import { readBook, type Book } from "./guide-book.js";
import { frameHtml, rulePageHtml, sectionHtml } from "./guide-page.js";
import { readingProgress } from "./guide-progress.js";

const RULE = "rule:";
const SETTING = "setting:";
const FIRST_SECTION = "how-to-use";

/** What the page asks for. `place` is what it remembered when it was last open. */
type FromPage =
  | { readonly type: "ready"; readonly place?: Place }
  | { readonly type: "open"; readonly address: string }
  | { readonly type: "search"; readonly query: string }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "snippet"; readonly name: string }
  | { readonly type: "read"; readonly anchor: string; readonly isRead: boolean };

type ToPage =
  | {
      readonly type: "show";
      readonly address: string;
      readonly heading: string;
      readonly html: string;
      readonly scroll?: number;
    }
  /** `isAsked`: by a command, so the page has to show the words too. */
  | { readonly type: "hits"; readonly query: string; readonly hits: readonly Hit[]; readonly isAsked?: boolean }
  /** The sections that the reader has marked as read. */
  | { readonly type: "progress"; readonly read: readonly string[] };

interface Place {
  readonly address: string;
  readonly scroll?: number;
}

/** What the view shows: the guide, what a search finds, and pages of rules as the server words them. */
export interface ViewSources {
  book(): Promise<Book>;
  find(): Promise<Search>;
  rulePage(name: string): Promise<string | null>;
}

interface Asked {
  readonly query: string;
}

export interface GuideView {
  /** `caching`, `caching#sizing` or `rule:pandas/iterrows`. */
  open(address: string): Promise<void>;
  /** Opens the guide with what a search finds, and gives it back. */
  search(query: string): Promise<readonly Hit[]>;
  /** Fills a panel that VS Code kept from an earlier session. */
  restore(panel: WebviewPanel): Promise<void>;
}

export function createGuideView(
  context: ExtensionContext,
  viewType: string,
  { book, find, rulePage }: ViewSources,
): GuideView {
  let current: { readonly panel: WebviewPanel; readonly show: (wish: string | Asked) => void } | undefined;

  const fill = (panel: WebviewPanel, pages: Book, first: string | Asked | undefined): void => {
    const { webview } = panel;
    // A page that is loading or hidden hears nothing; what is asked for meanwhile waits here until it says it is ready.
    let waiting: string | Asked | undefined = first;
    let loaded = false;
    const show = (wish: string | Asked): void => {
      if (!loaded || !panel.visible) waiting = wish;
      else if (typeof wish === "string") void showAddress(pages, rulePage, panel, { address: wish });
      else void tellHits(wish.query, true);
    };
    const tellHits = async (query: string, isAsked = false) =>
      post(webview, { type: "hits", query, hits: (await find())(query), isAsked });
    const tellProgress = () => post(webview, { type: "progress", read: progress.read() });
    webview.onDidReceiveMessage((message: FromPage) => {
      if (message.type === "ready") {
        loaded = true;
        const wish = waiting;
        waiting = undefined;
        void tellProgress();
        void showFirst(pages, rulePage, panel, typeof wish === "string" ? { address: wish } : message.place).then(
          () => {
            if (typeof wish === "object") show(wish);
          },
        );
      } else if (message.type === "open") {
        void showAddress(pages, rulePage, panel, message);
      } else if (message.type === "search") {
        void tellHits(message.query);
      } else if (message.type === "snippet") {
        void commands.executeCommand("nippy.insertSnippet", message.name);
      } else if (message.type === "read") {
        void progress.mark(message.anchor, message.isRead).then(tellProgress);
      } else {
        void env.clipboard.writeText(message.text);
      }
    });
    panel.onDidChangeViewState(() => (loaded = loaded && panel.visible));
    current = { panel, show };
    panel.onDidDispose(() => {
      if (current?.panel === panel) current = undefined;
    });
    webview.html = frameHtml(pages, resourcesFor(context, webview));
  };

  const progress = readingProgress(context);
  const bring = async (wish: string | Asked): Promise<void> => {
    // Read first: from here on nothing waits, so that two calls cannot make two panels.
    const pages = await book();
    if (current !== undefined) {
      const { panel, show } = current;
      show(wish);
      panel.reveal();
      return;
    }
    const panel = window.createWebviewPanel(viewType, "Nippy Guide", ViewColumn.Beside, webviewOptions(context));
    panel.iconPath = Uri.joinPath(context.extensionUri, "assets", "icon.png");
    fill(panel, pages, wish);
  };

  return {
    async open(address) {
      await bring(address);
    },
    async search(query) {
      await bring({ query });
      return (await find())(query);
    },
    async restore(panel) {
      panel.webview.options = webviewOptions(context);
      fill(panel, await book(), undefined);
    },
  };
}

/** The guide, read when first asked for and kept. A failed reading is not kept. */
export function bookReader(
  context: ExtensionContext,
  askForNames: () => Promise<readonly string[]>,
): () => Promise<Book> {
  let reading: Promise<Book> | undefined;
  return () => {
    reading ??= readBook(Uri.joinPath(context.extensionUri, "guide"), askForNames);
    reading.catch(() => (reading = undefined));
    return reading;
  };
}

/** An empty panel helps nobody: what cannot be shown there is replaced by the first section. */
async function showFirst(
  book: Book,
  rulePage: ViewSources["rulePage"],
  panel: WebviewPanel,
  place: Place | undefined,
): Promise<void> {
  const isShown = place !== undefined && (await showAddress(book, rulePage, panel, place));
  if (!isShown) await showAddress(book, rulePage, panel, { address: FIRST_SECTION });
}

/** False, and a word to the user, where there is no such page. */
async function showAddress(
  book: Book,
  rulePage: ViewSources["rulePage"],
  panel: WebviewPanel,
  place: Place,
): Promise<boolean> {
  const [page = "", heading = ""] = place.address.split("#");
  if (page.startsWith(SETTING)) {
    await commands.executeCommand("workbench.action.openSettings", `@id:${page.slice(SETTING.length)}`);
    return true;
  }
  const found = page.startsWith(RULE)
    ? await pageOfRule(book, rulePage, page.slice(RULE.length))
    : sectionPage(book, page);
  if (found === undefined) {
    void window.showWarningMessage(l10n.t("The guide has no page called {0}.", page));
    return false;
  }
  panel.title = `${found.title} - Nippy Guide`;
  const scroll = place.scroll === undefined ? {} : { scroll: place.scroll };
  return post(panel.webview, { type: "show", address: page, heading, html: found.html, ...scroll });
}

interface Page {
  readonly title: string;
  readonly html: string;
}

function sectionPage(book: Book, anchor: string): Page | undefined {
  const section = book.section(anchor);
  return section && { title: section.title, html: sectionHtml(book, section) };
}

async function pageOfRule(book: Book, rulePage: ViewSources["rulePage"], name: string): Promise<Page | undefined> {
  // Without a server, which `ask` has told of, there is no page.
  const text = await rulePage(name).catch(() => null);
  return text === null ? undefined : { title: name, html: rulePageHtml(book, text) };
}

function post(webview: Webview, message: ToPage): Thenable<boolean> {
  return webview.postMessage(message);
}

function mediaFolder(context: ExtensionContext): Uri {
  return Uri.joinPath(context.extensionUri, "assets", "guide");
}

function webviewOptions(context: ExtensionContext): {
  readonly enableScripts: true;
  readonly enableFindWidget: true;
  readonly localResourceRoots: readonly Uri[];
} {
  return { enableScripts: true, enableFindWidget: true, localResourceRoots: [mediaFolder(context)] };
}

function resourcesFor(context: ExtensionContext, webview: Webview): Parameters<typeof frameHtml>[1] {
  const media = mediaFolder(context);
  const address = (file: string) => webview.asWebviewUri(Uri.joinPath(media, file)).toString();
  return {
    nonce: crypto.randomUUID(),
    style: address("view.css"),
    script: address("view.js"),
    source: webview.cspSource,
  };
}
