/** textDocument/completion: in Python snippets that fit the place of the cursor and the project's Python, and nothing else; in a configuration what may be written there. */

import {
  CompletionItemKind,
  CompletionTriggerKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type MarkupContent,
} from "vscode-languageserver";
import { formatOf } from "../../analysis/analyzer.js";
import { allSnippets } from "../../snippets/all.js";
import { expand } from "../../snippets/grammar.js";
import { bodyFor, type Snippet } from "../../snippets/snippet.js";
import { tableOf } from "../capabilities.js";
import { toRange } from "../convert.js";
import { pathOf } from "../uris.js";
import type { Session } from "../session.js";
import { completeConfiguration, openConfiguration } from "./configuration-files.js";

interface ItemData {
  readonly snippet: string;
  readonly python: string;
}

export function completion(session: Session): void {
  const { connection, documents, analyzer, client } = session;
  if (!client.expandsSnippets) return;

  connection.onCompletion(async ({ textDocument: { uri }, position, context }, token): Promise<CompletionItem[]> => {
    const configuration = openConfiguration(session, uri);
    if (configuration) return completeConfiguration(session, configuration, position);
    if (formatOf(pathOf(uri)) !== undefined) return [];
    const snippets = await allSnippets();
    const found = await documents.find(uri);
    if (found?.state !== "ready" || !found.settings.completesSnippets || token.isCancellationRequested) return [];
    const { part, snapshot } = found;
    const offset = part.start + part.lines.offsetAt(position);
    const word = analyzer.wordBefore(snapshot, offset);
    const { place } = word;
    // A hyphen that was typed as a minus sign asks for nothing.
    const isMinus = context?.triggerKind === CompletionTriggerKind.TriggerCharacter && !word.text.includes("-");
    if (place === undefined || isMinus || word.start < part.start) return [];
    const { python } = snapshot.settings;
    const range = toRange(part, { start: word.start, end: offset });
    return snippets.flatMap((snippet): CompletionItem[] => {
      const body = snippet.language === "python" && fits(snippet, place) ? bodyFor(snippet, python) : undefined;
      if (body === undefined) return [];
      return snippet.prefixes
        .filter((it) => couldMean(it, word.text))
        .map((prefix) => ({
          label: prefix,
          labelDetails: { description: snippet.title },
          // With it an editor can open the details before the documentation has come.
          detail: snippet.title,
          kind: CompletionItemKind.Snippet,
          insertTextFormat: InsertTextFormat.Snippet,
          // Behind what the language itself offers under the same letters.
          sortText: `~${prefix}`,
          filterText: prefix,
          textEdit: { range, newText: body },
          data: { snippet: snippet.prefixes[0], python } satisfies ItemData,
          ...(!client.resolvesDocumentation && { documentation: documentationOf(session, snippet, body) }),
        }));
    });
  });

  connection.onCompletionResolve(async (item) => {
    const { snippet: name, python } = tableOf(item.data);
    const snippet = (await allSnippets()).find((it) => it.prefixes[0] === name);
    const body = snippet && bodyFor(snippet, String(python));
    return snippet && body !== undefined ? { ...item, documentation: documentationOf(session, snippet, body) } : item;
  });
}

/** What stands in an `async def` may be any statement of a function too. */
function fits({ places }: Snippet, place: Snippet["places"][number]): boolean {
  return places.includes(place) || (place === "async" && places.includes("function"));
}

/** The editor narrows the list while more is typed; a hyphen ends its word, so from there on the text itself counts. */
function couldMean(prefix: string, typed: string): boolean {
  return typed.includes("-")
    ? prefix.startsWith(typed.toLowerCase())
    : typed === "" || prefix[0] === typed[0]!.toLowerCase();
}

function documentationOf(
  { client, guideUrl, analyzer }: Session,
  { description, guide, language }: Snippet,
  body: string,
): MarkupContent {
  const code = expand(body.split("\n"));
  const title = analyzer.guide.find((it) => it.anchor === guide)?.title ?? guide;
  if (!client.documentsInMarkdown) return { kind: MarkupKind.PlainText, value: `${description}\n\n${code}` };
  return {
    kind: MarkupKind.Markdown,
    value: `${description}\n\n\`\`\`${language}\n${code}\n\`\`\`\n\n[${title}](${guideUrl(guide)})`,
  };
}
