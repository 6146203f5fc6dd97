/** textDocument/willSaveWaitUntil: safe fixes go in before a file is saved, where a setting says so and as long as there is time. */

import { TextDocumentSaveReason } from "vscode-languageserver";
import { toWorkspaceEdit } from "../convert.js";
import type { Session } from "../session.js";
import { within } from "../within.js";

/** An editor waits a second and a half for everybody; in milliseconds. What is not done by then is done at the next save. */
const BUDGET = 500;

export function fixOnSave({ connection, documents, analyzer }: Session): void {
  connection.onWillSaveTextDocumentWaitUntil(async ({ textDocument: { uri }, reason }, token) => {
    // Whoever has files saved by a clock is in the middle of a line: formatters leave that alone too.
    if (reason === TextDocumentSaveReason.AfterDelay) return [];
    const found = await documents.find(uri);
    if (found?.state !== "ready" || found.kind !== "file" || found.settings.fixOnSave === "off") return [];
    const { fixOnSave: wanted } = found.settings;
    const { edits } = analyzer.fixAll(found.snapshot, {
      ...(wanted !== "safe" && { rules: wanted }),
      isOver: within(BUDGET, () => token.isCancellationRequested),
    });
    return toWorkspaceEdit(found, edits, false)?.changes?.[uri] ?? [];
  });
}
