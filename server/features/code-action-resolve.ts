/** codeAction/resolve: makes the edit of the action that was chosen, unless the text has moved on. */

import { LSPErrorCodes, ResponseError } from "vscode-languageserver";
import type { Session } from "../session.js";
import { editFor, readActionData } from "./action-edits.js";

export function codeActionResolve(session: Session): void {
  session.connection.onCodeActionResolve(async (action) => {
    const data = readActionData(action.data);
    if (!data) return action;
    const found = await session.documents.find(data.uri);
    if (found?.state !== "ready" || found.id !== data.id)
      return new ResponseError<void>(LSPErrorCodes.ContentModified, "The text changed after this was offered.");
    const edit = await editFor(session, found, data);
    return edit
      ? { ...action, edit }
      : new ResponseError<void>(LSPErrorCodes.RequestFailed, `"${action.title}" cannot be done here by an edit.`);
  });
}
