/** textDocument/hover: the page of every rule that speaks at this spot, of the rule a suppression comment names, or a note on the construct here. */

import { MarkupKind, type Hover } from "vscode-languageserver";
import { matcher, type ConstructNote, type Range, type Rule } from "../../analysis/analyzer.js";
import { partOf, toOffset, toRange } from "../convert.js";
import type { Session } from "../session.js";

/** A glob may name a whole family; more pages than this are not read in a hover. */
const MOST_LINES = 12;

export function hover(session: Session): void {
  const { connection, documents, analyzer } = session;

  connection.onHover(async ({ textDocument: { uri }, position }): Promise<Hover | null> => {
    const found = await documents.find(uri);
    if (found?.state !== "ready" || found.settings.hover === "off") return null;
    const { part, snapshot } = found;
    const offset = toOffset(part, position);
    const at = (range: Range) => (partOf(found, range) === part ? { range: toRange(part, range) } : {});

    const named = analyzer.suppressedNameAt(snapshot, offset);
    if (named) {
      const text = describeName(session, named.name);
      return text === undefined ? null : { contents: text, ...at(named.range) };
    }
    const findings = analyzer.findingsAt(snapshot, { start: offset, end: offset });
    const [first] = findings;
    if (!first) {
      const note = found.settings.hover === "constructs" ? analyzer.constructAt(snapshot, offset) : undefined;
      return note ? { contents: explain(session, note), ...at(note.range) } : null;
    }
    const rules = [...new Set(findings.map((it) => it.rule))].flatMap((it) => analyzer.rule(it) ?? []);
    return { contents: describe(session, rules), ...at(first.range) };
  });
}

function explain({ analyzer, client, guideUrl }: Session, { text, guide }: ConstructNote): Hover["contents"] {
  const title = analyzer.guide.find((it) => it.anchor === guide)?.title ?? guide;
  if (client.readsMarkdown) return { kind: MarkupKind.Markdown, value: `${text}\n\n[${title}](${guideUrl(guide)})` };
  return { kind: MarkupKind.PlainText, value: `${text.replace(/[`*]/g, "")}\n\n${title}: ${guideUrl(guide)}` };
}

function describeName(session: Session, name: string): Hover["contents"] | undefined {
  const { analyzer, client } = session;
  const rule = analyzer.rule(name);
  if (rule) return describe(session, [rule]);
  const fitting = analyzer.rules.filter((it) => matcher(name)(it.name));
  if (fitting.length === 0) return undefined;
  const shown = fitting.slice(0, MOST_LINES).map((it) => (client.readsMarkdown ? `- \`${it.name}\`: ${it.title}` : `- ${it.name}: ${it.title}`));
  const rest = fitting.length > MOST_LINES ? [`- and ${fitting.length - MOST_LINES} more`] : [];
  return { kind: client.readsMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText, value: [...shown, ...rest].join("\n") };
}

function describe({ analyzer, client, guideUrl }: Session, rules: readonly Rule[]): Hover["contents"] {
  if (client.readsMarkdown) return { kind: MarkupKind.Markdown, value: rules.map((it) => analyzer.page(it)).join("\n\n---\n\n") };
  const value = rules.map((it) => `${it.title} (${it.name})\n\n${it.why}\n\n${guideUrl(it.guide)}`).join("\n\n");
  return { kind: MarkupKind.PlainText, value };
}
