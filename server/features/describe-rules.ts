/** What hovers say of rules: a short note on one, or a list of several. */

import { MarkupKind, type Hover } from "vscode-languageserver";
import { matcher, type Rule } from "../../analysis/analyzer.js";
import { ruleUrl } from "../../guide/address.js";
import type { Session } from "../session.js";

/** A glob may name a whole family; more pages than this are not read in a hover. */
const MOST_LINES = 12;

/** A note on the one rule that names or globs stand for, or a list of several. */
export function describeNamed(session: Session, names: readonly string[]): Hover["contents"] | undefined {
  const { analyzer, client } = session;
  const fits = names.map(matcher);
  const fitting = analyzer.rules.filter((rule) => fits.some((it) => it(rule.name)));
  if (fitting.length === 0) return undefined;
  if (names.length === 1 && fitting[0]!.name === names[0])
    return describe(session, fitting, () => ({ says: [fitting[0]!.title] }));
  const shown = fitting
    .slice(0, MOST_LINES)
    .map((it) => (client.readsMarkdown ? `- \`${it.name}\`: ${it.title}` : `- ${it.name}: ${it.title}`));
  const rest = fitting.length > MOST_LINES ? [`- and ${fitting.length - MOST_LINES} more`] : [];
  return {
    kind: client.readsMarkdown ? MarkupKind.Markdown : MarkupKind.PlainText,
    value: [...shown, ...rest].join("\n"),
  };
}

/** What was found of a rule at one spot. */
export interface Here {
  /** Paragraphs about it. */
  readonly says: readonly string[];
  /** A link to what can be done, in Markdown. */
  readonly menu?: string;
}

export function describe(
  { analyzer, client, guideUrl }: Session,
  rules: readonly Rule[],
  here: (rule: Rule) => Here = () => ({ says: [] }),
): Hover["contents"] {
  if (client.readsMarkdown) {
    // What is to be checked comes last: it may be long, and the example and the links are for the first sight.
    const notes = rules.map((it) => {
      const { says, menu } = here(it);
      return [analyzer.note(it, ruleUrl(it.name), menu), ...says].join("\n\n");
    });
    return { kind: MarkupKind.Markdown, value: notes.join("\n\n---\n\n") };
  }
  const value = rules
    .map((it) => [`${it.title} (${it.name})`, ...here(it).says, it.why, guideUrl(it.guide)].join("\n\n"))
    .join("\n\n");
  return { kind: MarkupKind.PlainText, value };
}
