/** workspace/executeCommand, and what commands of the client ask: what is done with the whole workspace, or with files that are not open. */

import type { WorkDoneProgressReporter, WorkspaceEdit } from "vscode-languageserver";
import { tableOf } from "../capabilities.js";
import { openedOrRead } from "../closed.js";
import {
  ANALYSE_WORKSPACE,
  CLEAR_WORKSPACE,
  FIX_WORKSPACE,
  FIXES_HERE,
  SILENCE,
  type Analysed,
  type Fixed,
  type FixesHere,
} from "../protocol.js";
import type { Session } from "../session.js";
import { ANSWER, within } from "../within.js";
import { isUri } from "../shapes.js";
import { editFor } from "./action-edits.js";
import { fixesFor, readFixRequest } from "./fix-workspace.js";

export function commands(session: Session): void {
  const { connection, survey } = session;
  connection.onRequest(FIXES_HERE, (params: unknown) => fixesHere(session, tableOf(params)["uri"]));
  connection.onExecuteCommand(async ({ command, arguments: given }, token, progress): Promise<unknown> => {
    // Some clients send null where there are none.
    const argument: unknown = given?.[0];
    const isCancelled = () => token.isCancellationRequested;
    switch (command) {
      case ANALYSE_WORKSPACE:
        return analyse(session, progress, isCancelled);
      case CLEAR_WORKSPACE:
        return survey.clear();
      case FIX_WORKSPACE:
        return fix(session, argument, isCancelled);
      case SILENCE:
        return silence(session, argument);
      default:
        return undefined;
    }
  });
}

async function fixesHere({ documents, analyzer }: Session, uri: unknown): Promise<FixesHere> {
  const found = typeof uri === "string" ? await documents.find(uri) : undefined;
  if (found?.state !== "ready") return { safe: 0, review: 0 };
  const { snapshot } = found;
  const fixes = analyzer.report(snapshot).findings.map((it) => analyzer.fix(snapshot, it)?.safety);
  return {
    safe: analyzer.fixAll(snapshot, { isOver: within(ANSWER) }).applied,
    review: fixes.filter((it) => it === "review").length,
  };
}

async function analyse(
  { survey }: Session,
  progress: WorkDoneProgressReporter,
  isCancelled: () => boolean,
): Promise<Analysed> {
  progress.begin("Analysing the workspace", 0, "", true);
  let shown = 0;
  try {
    return await survey.analyse({
      isCancelled,
      step(done, total) {
        const percent = Math.floor((100 * done) / total);
        if (percent === shown) return;
        shown = percent;
        progress.report(percent, `${done} of ${total} files`);
      },
    });
  } finally {
    progress.done();
  }
}

async function fix(session: Session, argument: unknown, isCancelled: () => boolean): Promise<Fixed> {
  const found = session.client.appliesEdits
    ? await fixesFor(session, readFixRequest(argument), isCancelled)
    : undefined;
  if (!found) return { fixes: 0, files: 0, isApplied: false };
  const { edit, ...counts } = found;
  return { ...counts, isApplied: await apply(session, "Nippy: fix", edit) };
}

const PLACES = ["line", "file", "project"] as const;

async function silence(session: Session, argument: unknown): Promise<boolean> {
  const { uri, rule, fingerprint, where } = tableOf(argument);
  const what = PLACES.find((it) => it === where);
  if (!isUri(uri) || typeof rule !== "string" || typeof fingerprint !== "string" || !what) return false;
  const opened = await openedOrRead(session, uri);
  const edit = opened && (await editFor(session, opened, { uri, id: opened.id, what, rule, fingerprint }));
  if (!edit) return false;
  return apply(session, `Nippy: turn off ${rule}`, edit);
}

async function apply({ connection }: Session, label: string, edit: WorkspaceEdit): Promise<boolean> {
  const answer: unknown = await connection.workspace.applyEdit({ label, edit });
  return tableOf(answer)["applied"] === true;
}
