/** workspace/diagnostic: what was found in files that are not open. A request is answered bit by bit until the client takes it back. */

import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver";
import type { Session } from "../session.js";
import { keyOf } from "../uris.js";
import type { Seen } from "../survey.js";

/** News of many files go out together. In milliseconds. */
const GATHER = 100;

export function workspaceDiagnostics({ connection, survey, background }: Session): void {
  /** Of the request that waits. */
  let news: ((uri: string, seen: Seen | undefined) => void) | undefined;
  let release: (() => void) | undefined;
  survey.onNews((uri, seen) => news?.(uri, seen));
  connection.onShutdown(() => release?.());

  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token, _, partial) => {
    release?.();
    const first = missing(survey, previousResultIds);
    if (!partial && first.length > 0) return { items: first };
    if (partial && first.length > 0) partial.report({ items: first });

    const gathered = new Map<string, WorkspaceDocumentDiagnosticReport>();
    const isOver = new Promise<void>((resolve) => {
      release = resolve;
      token.onCancellationRequested(() => resolve());
      news = (uri, seen) => {
        gathered.set(keyOf(uri), reportOf(uri, seen));
        background.later("workspace diagnostics", GATHER, "The findings of closed files were not sent.", async () => {
          if (!partial) return resolve();
          partial.report({ items: [...gathered.values()] });
          gathered.clear();
        });
      };
    });
    const own = release;
    await isOver;
    if (release === own) news = release = undefined;
    if (token.isCancellationRequested)
      return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled", { retriggerRequest: false });
    return { items: [...gathered.values()] };
  });
}

/** What the client does not have yet, and what it has that counts no more. Of open files it knows by itself. */
function missing(
  survey: Session["survey"],
  previous: readonly { readonly uri: string; readonly value: string }[],
): WorkspaceDocumentDiagnosticReport[] {
  const known = new Map(previous.map((it) => [keyOf(it.uri), it]));
  const items: WorkspaceDocumentDiagnosticReport[] = [];
  for (const { uri, seen } of survey.seen()) {
    const before = known.get(keyOf(uri));
    known.delete(keyOf(uri));
    if (before ? before.value !== seen.id : seen.items.length > 0) items.push(reportOf(uri, seen));
  }
  for (const [, { uri, value }] of known)
    if (!survey.isOpen(uri) && value !== CLOSED) items.push(reportOf(uri, undefined));
  return items;
}

/** The name of what is said about a file of which nothing is known. */
export const CLOSED = "closed";

function reportOf(uri: string, seen: Seen | undefined): WorkspaceDocumentDiagnosticReport {
  return {
    kind: DocumentDiagnosticReportKind.Full,
    uri,
    version: null,
    resultId: seen?.id ?? CLOSED,
    items: [...(seen?.items ?? [])],
  };
}
