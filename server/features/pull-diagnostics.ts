/** textDocument/diagnostic: answers with what is found now, or with "unchanged" where the client has it already. */

import {
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
  type DiagnosticServerCancellationData,
  type DocumentDiagnosticReport,
} from "vscode-languageserver";
import type { Session } from "../session.js";
import { pause } from "../background.js";
import { diagnosticsOf, findOrFail } from "./diagnostics.js";
import { CLOSED } from "./workspace-diagnostics.js";

/** Long enough to let a burst of edits pass before the other cells of a notebook are asked for again. */
const REFRESH_DELAY = 300;

export function pullDiagnostics(session: Session): void {
  const { connection, client, documents, settings, survey, background } = session;

  connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => {
    // Edits and cancellations that arrived behind this request come first: then nothing is analysed in vain.
    await pause();
    if (token.isCancellationRequested) return cancelled();
    const found = await findOrFail(session, uri);
    if (token.isCancellationRequested) return cancelled();

    if (!found) {
      // Asked for once more when it was closed: from then on what is found in its file counts.
      const seen = await survey.look(uri);
      return { kind: DocumentDiagnosticReportKind.Full, resultId: seen?.id ?? CLOSED, items: [...(seen?.items ?? [])] };
    }
    const resultId = found.state === "ready" ? found.id : found.state;
    if (previousResultId === resultId) return unchanged(resultId);
    if (previousResultId !== undefined && found.state === "ready" && found.settings.run === "onSave" && found.isDirty)
      return unchanged(previousResultId);
    return {
      kind: DocumentDiagnosticReportKind.Full,
      resultId,
      items: diagnosticsOf(session, uri, found),
    } satisfies DocumentDiagnosticReport;
  });

  if (!client.refreshesDiagnostics) return;
  const refresh = (delay: number) =>
    background.later("refresh", delay, "The editor did not refresh.", () => connection.languages.diagnostics.refresh());
  settings.onChange(() => refresh(0));
  documents.listen({
    changed(uri) {
      if (documents.together(uri).length > 1) refresh(REFRESH_DELAY);
    },
    saved: (uri) =>
      background.run("The settings could not be read.", async () => {
        if ((await settings.of(uri)).run === "onSave") refresh(0);
      }),
  });
}

function cancelled(): ResponseError<DiagnosticServerCancellationData> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
}

function unchanged(resultId: string): DocumentDiagnosticReport {
  return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
}
