/** The door to the guide view. The view and its Markdown renderer are loaded when the guide is first opened, not at activation. */

import { l10n, QuickPickItemKind, window, type ExtensionContext, type QuickPickItem, type WebviewPanel } from "vscode";
import type { Page } from "../search/page.js";

export interface Guide {
  /** A section, a heading in it or a rule's page: `caching`, `caching#sizing`, `rule:pandas/iterrows`. */
  open(address: string): Promise<void>;
  /** Lets the user choose a section. */
  pick(): Promise<void>;
  /** Opens the guide with what a search finds, by section and heading; asks for the words where none are given. */
  search(query: string | undefined): Promise<readonly { readonly address: string; readonly title: string }[]>;
  /** Lets the user search while typing, in everything or in the rules alone, and opens what is chosen. */
  find(what: "everything" | "rules"): Promise<void>;
}

/** Must agree with `activationEvents` in package.json: VS Code wakes us for a panel of this type that it kept. */
const VIEW_TYPE = "nippy.guide";

/** What the server knows of the guide and beside it. */
export interface Sources {
  /** The names of the guide's files, where a folder cannot be listed. */
  files(): Promise<readonly string[]>;
  /** What can be found beside the sections. */
  pages(): Promise<readonly Page[]>;
  /** A rule's page in Markdown; null where no rule has the name. */
  rulePage(name: string): Promise<string | null>;
}

export function registerGuide(context: ExtensionContext, sources: Sources): Guide {
  let loading: ReturnType<typeof load> | undefined;
  const load = async () => {
    const [{ bookReader, createGuideView }, { finder }] = await Promise.all([
      import("./guide-view.js"),
      import("./finder.js"),
    ]);
    const book = bookReader(context, sources.files);
    const find = finder(context, book, sources.pages);
    return { book, find, view: createGuideView(context, VIEW_TYPE, { book, find, rulePage: sources.rulePage }) };
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
        query ??
        (await window.showInputBox({
          title: l10n.t("Nippy Guide"),
          prompt: l10n.t("Search the guide for these words"),
        }));
      return words === undefined || words.trim() === "" ? [] : (await loaded()).view.search(words.trim());
    },
    async find(what) {
      const { quickSearch } = await import("./quick-search.js");
      const search = await (await loaded()).find();
      const rules = what === "rules";
      const address = await quickSearch(search, {
        title: rules ? l10n.t("Nippy's rules") : "Nippy",
        placeholder: rules
          ? l10n.t("Search by name or words")
          : l10n.t("Search the guide, rules, snippets and settings"),
        ...(rules && { kinds: ["rule"] }),
        first: rules ? search("", ["rule"]) : [],
      });
      if (address !== undefined) await open(address);
    },
    async pick() {
      const items = loaded()
        .then(({ book }) => book())
        .then(({ parts }) => parts.flatMap(itemsOf));
      const chosen = await window.showQuickPick(items, {
        title: l10n.t("Nippy Guide"),
        placeHolder: l10n.t("Which section?"),
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
