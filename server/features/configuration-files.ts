/** nippy.toml and pyproject.toml in the editor: what is wrong in them as they are typed, what may be written, and what stands there. */

import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
  type Hover,
  type MarkupContent,
  type Position,
} from "vscode-languageserver";
import {
  CONFIGURATION_SIZE,
  configurationName,
  LEVEL_NOTES,
  lineIndex,
  namedRules,
  offersAt,
  SETTINGS,
  toldAt,
  type ConfigurationName,
  type LineIndex,
  type Setting,
} from "../../analysis/analyzer.js";
import { toPlainRange } from "../convert.js";
import { CONFIGURATION_NAMES } from "../project.js";
import type { Session } from "../session.js";
import { pathOf, showsHistory } from "../uris.js";
import type { ConfigurationProblems } from "./configuration-problems.js";
import { describeNamed } from "./describe-rules.js";

/** Follows the open configurations. */
export function configurationFiles(session: Session, problems: ConfigurationProblems): void {
  const { documents, settings, background } = session;
  const opened = new Set<string>();
  const look = (uri: string) =>
    background.run("A configuration could not be read.", async () => {
      const open = openConfiguration(session, uri);
      if (!open) return;
      const { text, name } = open;
      const layers = (await settings.layersOf({ source: uri, name, text })) ?? [];
      // More may have been typed, or it was closed, while other files were read.
      if (openConfiguration(session, uri)?.text !== text) return;
      problems.open(layers.at(-1) ?? { source: uri, name, text, said: {}, problems: [] });
    });
  documents.listen({
    otherChanged(uri) {
      if (!openConfiguration(session, uri)) return;
      opened.add(uri);
      look(uri);
    },
    otherClosed(uri) {
      if (opened.delete(uri)) problems.close(uri);
    },
  });
  // What one of them extends may be another file now.
  settings.onChange(() => opened.forEach(look));
}

interface OpenConfiguration {
  readonly text: string;
  readonly name: ConfigurationName;
  readonly lines: LineIndex;
}

/** Undefined for what is not open, is no configuration by its name, or too long to be one. */
export function openConfiguration({ documents }: Session, uri: string): OpenConfiguration | undefined {
  const file = pathOf(uri).split("/").at(-1);
  if (!CONFIGURATION_NAMES.some((it) => it === file) || showsHistory(uri)) return undefined;
  const open = documents.text(uri);
  return open && open.text.length <= CONFIGURATION_SIZE
    ? { text: open.text, name: configurationName(pathOf(uri)), lines: lineIndex(open.text) }
    : undefined;
}

export function completeConfiguration(
  { analyzer, client }: Session,
  { text, name, lines }: OpenConfiguration,
  { line, character }: Position,
): CompletionItem[] {
  const found = offersAt(text, lines.offsetAt({ line, column: character }), name, analyzer.rules);
  if (!found) return [];
  const range = toPlainRange(lines, found.range);
  return found.offers.map(({ label, title, says, insert, filter }, index) => ({
    label,
    labelDetails: { description: title },
    detail: title,
    kind: CompletionItemKind.Property,
    insertTextFormat: InsertTextFormat.Snippet,
    // In the order of the table.
    sortText: String(index).padStart(4, "0"),
    filterText: filter,
    textEdit: { range, newText: insert },
    ...(says !== undefined && { documentation: markup(says, client.documentsInMarkdown) }),
  }));
}

export function explainConfiguration(
  session: Session,
  { text, name, lines }: OpenConfiguration,
  { line, character }: Position,
): Hover | null {
  const told = toldAt(text, lines.offsetAt({ line, column: character }), name);
  if (!told) return null;
  const range = toPlainRange(lines, told.range);
  const isMarkdown = session.client.readsMarkdown;
  if ("rule" in told) {
    const named = namedRules(told.rule, session.analyzer.rules);
    const contents = "names" in named ? describeNamed(session, named.names) : undefined;
    return contents === undefined ? null : { contents, range };
  }
  if ("level" in told) return { contents: markup(LEVEL_NOTES[told.level], isMarkdown), range };
  const { says, fallback, example }: Setting = SETTINGS[told.setting as keyof typeof SETTINGS];
  const block = isMarkdown ? `\`\`\`toml\n${example}\n\`\`\`` : example;
  return { contents: markup(`${says}\n\nWithout it: ${fallback}.\n\n${block}`, isMarkdown), range };
}

function markup(text: string, isMarkdown: boolean): MarkupContent {
  return isMarkdown
    ? { kind: MarkupKind.Markdown, value: text }
    : { kind: MarkupKind.PlainText, value: text.replaceAll("`", "") };
}
