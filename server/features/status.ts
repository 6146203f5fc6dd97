/** nippy/status: tells clients that asked for it what became of a document. */

import type { Session } from "../session.js";
import { STATUS, type Status } from "../protocol.js";

/** Nobody's request waits for it, and a client that is gone needs no status. */
export function sendStatus({ connection, client, log }: Pick<Session, "connection" | "client" | "log">, status: Status): void {
  if (!client.wantsStatus) return;
  connection.sendNotification(STATUS, status).catch((error: unknown) => log.failOnce(STATUS, "The status could not be sent.", error));
}

export function status(session: Session): void {
  session.documents.listen({
    opened: (uri) => sendStatus(session, { uri, state: "analysing", milliseconds: 0, findings: 0 }),
  });
}
