/** The door to the guide view. The view and its Markdown renderer are loaded when the guide is first opened, not at activation. */

import { QuickPickItemKind, window, type ExtensionContext, type QuickPickItem, type WebviewPanel } from "vscode";

export interface Guide {
  /** A section, a heading in it or a rule's page: `caching`, `caching#sizing`, `rule:pandas/iterrows`. */
  open(address: string): Promise<void>;
  /** Lets the user choose a section. */
  pick(): Promise<void>;
  /** Opens the guide with what a search finds, by section and heading; asks for the words where none are given. */
  search(query: string | undefined): Promise<readonly { readonly address: string; readonly title: string }[]>;
}

/** Must agree with `activationEvents` in package.json: VS Code wakes us for a panel of this type that it kept. */
const VIEW_TYPE = "nippy.guide";

export function registerGuide(context: ExtensionContext, askForNames: () => Promise<readonly string[]>): Guide {
  let loading: ReturnType<typeof load> | undefined;
  const load = async () => {
    const { bookReader, createGuideView } = await import("./guide-view.js");
    const book = bookReader(context, askForNames);
    return { book, view: createGuideView(context, VIEW_TYPE, book) };
  };
  const loaded = () => (loading ??= load());

  context.subscriptions.push(
    window.registerWebviewPanelSerializer(VIEW_TYPE, {
      deserializeWebviewPanel: async (panel: WebviewPanel) => (await loaded()).view.restore(panel),
    }),
  );

  const open = async (address: string): Promise<void> => (await loaded()).view.open(address);
  return {
    open,
    async search(query) {
      const words =
        query ?? (await window.showInputBox({ title: "Nippy Guide", prompt: "Search the guide for these words" }));
      return words === undefined || words.trim() === "" ? [] : (await loaded()).view.search(words.trim());
    },
    async pick() {
      const items = loaded()
        .then(({ book }) => book())
        .then(({ parts }) => parts.flatMap(itemsOf));
      const chosen = await window.showQuickPick(items, {
        title: "Nippy Guide",
        placeHolder: "Which section?",
        matchOnDescription: true,
      });
      if (chosen?.description !== undefined) await open(chosen.description);
    },
  };
}

function itemsOf(part: {
  readonly title: string;
  readonly sections: readonly { readonly title: string; readonly anchor: string }[];
}): QuickPickItem[] {
  const heading = { label: part.title, kind: QuickPickItemKind.Separator };
  return [heading, ...part.sections.map((it) => ({ label: it.title, description: it.anchor }))];
}
