/** What is said about one document, whichever way the client gets it: pulled or pushed. */

import type { Diagnostic } from "vscode-languageserver";
import { isNotebook, type Range, type Report } from "../../analysis/analyzer.js";
import { closedNotebook, closedView } from "../closed.js";
import { commentDiagnostic, partOf, toDiagnostic } from "../convert.js";
import type { Opened, Place, Silent } from "../opened.js";
import type { FindingData } from "../protocol.js";
import type { ResourceSettings } from "../settings.js";
import type { Session } from "../session.js";
import { sendStatus, targetNote } from "./status.js";

/** What is open there. An analysis that fails is told in the status, and to whoever asked. */
export async function findOrFail(session: Session, uri: string): Promise<Opened | Silent | undefined> {
  try {
    return await session.documents.find(uri);
  } catch (error) {
    sendStatus(session, { uri, state: "error", milliseconds: 0, findings: 0 });
    throw error;
  }
}

export function diagnosticsOf(session: Session, uri: string, found: Opened | Silent | undefined): Diagnostic[] {
  if (!found) return [];
  if (found.state !== "ready") {
    sendStatus(session, { uri, state: found.state, milliseconds: 0, findings: 0 });
    return [];
  }
  const start = performance.now();
  let isDone = false;
  let items: Diagnostic[] = [];
  try {
    items = convert(session, found, session.analyzer.report(found.snapshot), ownPart(found));
    isDone = true;
  } finally {
    sendStatus(session, {
      uri,
      state: isDone ? "ready" : "error",
      milliseconds: performance.now() - start,
      findings: items.length,
      ...(found.settings.configuration !== undefined && { configuration: found.settings.configuration }),
      target: targetNote(session, found.settings),
    });
  }
  return items;
}

/** Of a file that is not open: nothing of it is kept but what is said. */
export function diagnosticsIn(
  session: Pick<Session, "analyzer" | "client" | "guideUrl" | "log">,
  uri: string,
  text: string,
  settings: ResourceSettings,
): Diagnostic[] {
  if (isNotebook(uri)) return diagnosticsInNotebook(session, uri, text, settings);
  const seen = closedView(session.analyzer, uri, text, settings);
  return convert(session, seen, session.analyzer.report(seen.snapshot), ownPart(seen));
}

/** What lies in the part that was asked for. */
function ownPart(opened: Pick<Opened, "part" | "parts">): (range: Range) => Place | undefined {
  return (range) => (partOf(opened, range) === opened.part ? opened.part : undefined);
}

/** At their places in the file; the message says the cell, because nobody reads a notebook's JSON. */
function diagnosticsInNotebook(
  session: Pick<Session, "analyzer" | "client" | "guideUrl" | "log">,
  uri: string,
  text: string,
  settings: ResourceSettings,
): Diagnostic[] {
  const seen = closedNotebook(session.analyzer, uri, text, settings);
  if (!seen) return [];
  return convert(
    session,
    seen,
    session.analyzer.report(seen.snapshot),
    (range) => partOf(seen, range),
    (it, { cell: { number } }) => ({
      ...it,
      message: `${it.message} (cell ${number})`,
      ...(it.data && { data: { ...(it.data as FindingData), cell: number } }),
    }),
  );
}

/** @param partAt where a stretch is shown; undefined where it is not */
function convert<P extends Place>(
  { analyzer, client, guideUrl, log }: Pick<Session, "analyzer" | "client" | "guideUrl" | "log">,
  opened: Pick<Opened, "snapshot"> & { readonly parts: readonly Place[] },
  report: Report,
  partAt: (range: Range) => P | undefined,
  shownIn: (diagnostic: Diagnostic, part: P) => Diagnostic = (it) => it,
): Diagnostic[] {
  for (const failure of report.failures) log.ruleFailed(failure);
  const prints = analyzer.fingerprints(opened.snapshot);
  const items: Diagnostic[] = [];
  for (const finding of report.findings) {
    const part = partAt(finding.range);
    if (!part) continue;
    const { rule, evidence, weight, value } = finding;
    const data = { rule, fingerprint: prints.get(finding)!, evidence, weight, value };
    const extras = { data, href: guideUrl(finding.guide), withRelated: client.showsRelated };
    items.push(shownIn(toDiagnostic({ parts: opened.parts, part }, finding, extras), part));
  }
  for (const problem of report.comments) {
    const part = partAt(problem.range);
    if (part) items.push(shownIn(commentDiagnostic({ part }, problem), part));
  }
  return items;
}
