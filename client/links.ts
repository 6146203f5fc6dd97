/** Links to the guide and to rules: the server sends web addresses, which every editor understands; here they open the guide that came with us. */

import { MarkdownString, Uri, type CompletionItem, type Diagnostic } from "vscode";
import { vsdiag, type Middleware } from "vscode-languageclient";
import type { HeldLine } from "./held-line.js";
import { OPEN_GUIDE } from "../server/protocol.js";

const GUIDE_ADDRESS = /^https:\/\/[^\s)]+\/guide\/\d-([\w-]+)\.md(#[\w-]+)?$/;
const RULE_ADDRESS = /^https:\/\/[^\s)]+\/docs\/rules\/([\w-]+\/[\w-]+)\.md$/;
const MARKDOWN_LINK = /\]\((https:\/\/[^\s()]+)\)/g;

export const linkMiddleware = (held: HeldLine): Middleware => ({
  async provideDiagnostics(document, previousResultId, token, next) {
    const uri = document instanceof Uri ? document : document.uri;
    // What was held back the editor does not have, though it was sent.
    const report = await next(document, held.holds(uri) ? undefined : previousResultId, token);
    if (report?.kind !== vsdiag.DocumentDiagnosticReportKind.full) return report;
    report.items.forEach(leadIntoGuide);
    return { ...report, items: held.shown(uri, report.items) };
  },
  async provideWorkspaceDiagnostics(resultIds, token, report, next) {
    return next(resultIds, token, (chunk) => {
      for (const item of chunk?.items ?? [])
        if (item.kind === vsdiag.DocumentDiagnosticReportKind.full) item.items.forEach(leadIntoGuide);
      report(chunk);
    });
  },
  handleDiagnostics(uri, diagnostics, next) {
    diagnostics.forEach(leadIntoGuide);
    next(uri, diagnostics);
  },
  async resolveCompletionItem(item, token, next) {
    const resolved = await next(item, token);
    leadDocumentationIntoGuide(resolved);
    return resolved;
  },
  async provideHover(document, position, token, next) {
    const hover = await next(document, position, token);
    for (const content of hover?.contents ?? []) {
      if (content instanceof MarkdownString) content.value = withCommandLinks(content.value);
    }
    return hover;
  },
});

/** Changes the diagnostic in place: the client made it a moment ago and nobody else holds it yet. */
function leadDocumentationIntoGuide(item: CompletionItem | null | undefined): void {
  if (item?.documentation instanceof MarkdownString)
    item.documentation.value = withCommandLinks(item.documentation.value);
}

function leadIntoGuide(diagnostic: Diagnostic): void {
  const { code } = diagnostic;
  if (typeof code !== "object") return;
  const command = guideCommand(code.target.toString(true));
  if (command !== undefined) diagnostic.code = { value: code.value, target: Uri.parse(command) };
}

function withCommandLinks(markdown: string): string {
  return markdown.replace(MARKDOWN_LINK, (link, address: string) => {
    const command = guideCommand(address);
    return command === undefined ? link : `](${command})`;
  });
}

/** The command that opens what the web address shows; undefined for an address outside of them. */
function guideCommand(address: string): string | undefined {
  const [, anchor, heading = ""] = GUIDE_ADDRESS.exec(address) ?? [];
  if (anchor !== undefined) return command(OPEN_GUIDE, `${anchor}${heading}`);
  const [, rule] = RULE_ADDRESS.exec(address) ?? [];
  return rule === undefined ? undefined : command("nippy.explainRule", rule);
}

function command(name: string, argument: string): string {
  return `command:${name}?${encodeURIComponent(JSON.stringify([argument]))}`;
}
