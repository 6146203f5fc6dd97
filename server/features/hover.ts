/** textDocument/hover: a short note on every rule that speaks at this spot, of the rule a suppression comment names, how a function grows that holds something heavy, or a note on the construct here. */

import { MarkupKind, type Hover } from "vscode-languageserver";
import {
  inMarkdown,
  type ConstructNote,
  type Finding,
  type Range,
  type Rule,
  type Snapshot,
} from "../../analysis/analyzer.js";
import { partOf, toOffset, toRange } from "../convert.js";
import { sentenceOf } from "../doubts.js";
import { SHOW_FIXES, type Spot } from "../protocol.js";
import type { Session } from "../session.js";
import { explainConfiguration, openConfiguration } from "./configuration-files.js";
import { describe, describeNamed, type Here } from "./describe-rules.js";

export function hover(session: Session): void {
  const { connection, documents, analyzer } = session;

  connection.onHover(async ({ textDocument: { uri }, position }): Promise<Hover | null> => {
    const configuration = openConfiguration(session, uri);
    const told = configuration && explainConfiguration(session, configuration, position);
    if (told) return told;
    const found = await documents.find(uri);
    if (found?.state !== "ready" || found.settings.hover === "off") return null;
    const { part, snapshot } = found;
    const offset = toOffset(part, position);
    const at = (range: Range) => (partOf(found, range) === part ? { range: toRange(part, range) } : {});

    const named = analyzer.suppressedNameAt(snapshot, offset);
    if (named) {
      const text = describeNamed(session, [named.name]);
      return text === undefined ? null : { contents: text, ...at(named.range) };
    }
    const findings = analyzer.findingsAt(snapshot, { start: offset, end: offset });
    const [first] = findings;
    if (!first) {
      const note =
        analyzer.growthAt(snapshot, offset) ??
        (found.settings.hover === "constructs" ? analyzer.constructAt(snapshot, offset) : undefined);
      return note ? { contents: explain(session, note), ...at(note.range) } : null;
    }
    const rules = [...new Set(findings.map((it) => it.rule))].flatMap((it) => analyzer.rule(it) ?? []);
    const here = ({ name }: Rule): Here => {
      const ofRule = findings.filter((it) => it.rule === name);
      const says = ofRule.flatMap((it) => describeFix(session, snapshot, it));
      const [spot] = ofRule.flatMap((it) => at(it.range).range?.start ?? []);
      if (!spot || !session.client.showsFixes) return { says };
      return {
        says,
        menu: menuLink(
          { uri, ...spot },
          ofRule.some((it) => analyzer.fix(snapshot, it) !== undefined),
        ),
      };
    };
    return { contents: describe(session, rules, here), ...at(first.range) };
  });
}

/** Opens the editor's own menu, which holds the fixes and the ways to ignore. Nothing in it comes from the code. */
function menuLink(spot: Spot, isFixed: boolean): string {
  const argument = encodeURIComponent(JSON.stringify([spot])).replace(
    /[()']/g,
    (it) => `%${it.charCodeAt(0).toString(16)}`,
  );
  return `[${isFixed ? "Quick fix or ignore…" : "Ignore…"}](command:${SHOW_FIXES}?${argument})`;
}

/** What can be done about this one finding, where that is not simply the fix that the rule's page shows. */
function describeFix({ analyzer, client }: Session, snapshot: Snapshot, finding: Finding): readonly string[] {
  const shown = (text: string) => (client.readsMarkdown ? inMarkdown(text) : text);
  const strong = (text: string) => (client.readsMarkdown ? `**${text}**` : text);
  const fix = analyzer.fix(snapshot, finding);
  if (fix)
    return fix.doubts.length === 0
      ? []
      : [`${strong(`${shown(fix.title)} (review).`)} ${shown(sentenceOf(fix.doubts))}`];
  const declined = analyzer.whyNoFix(snapshot, finding);
  return declined === undefined ? [] : [`${strong("No fix here:")} ${shown(declined)}.`];
}

function explain({ analyzer, client, guideUrl }: Session, { here, says, guide }: ConstructNote): Hover["contents"] {
  const title = analyzer.guide.find((it) => it.anchor === guide)?.title ?? guide;
  const link = client.readsMarkdown ? `[${title}](${guideUrl(guide)})` : `${title}: ${guideUrl(guide)}`;
  const sentences = (first: string[], rest: string) => `${[...first, rest].join(" ")}\n\n${link}`;
  const first = here === undefined ? [] : [here];
  if (client.readsMarkdown) return { kind: MarkupKind.Markdown, value: sentences(first.map(inMarkdown), says) };
  const plain = (text: string) => text.replace(/[`*]/g, "");
  return { kind: MarkupKind.PlainText, value: sentences(first.map(plain), plain(says)) };
}
