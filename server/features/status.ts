/** nippy/status: tells clients that asked for it what became of a document. */

import type { Session } from "../session.js";
import { STATUS, type Status } from "../protocol.js";

export function sendStatus({ connection, client, background }: Session, status: Status): void {
  if (client.wantsStatus) background.run("The status could not be sent.", () => connection.sendNotification(STATUS, status));
}

export function status(session: Session): void {
  session.documents.listen({
    opened: (uri) => sendStatus(session, { uri, state: "analysing", milliseconds: 0, findings: 0 }),
  });
}
