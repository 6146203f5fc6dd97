/** textDocument/publishDiagnostics, for clients that cannot pull: after each rest in typing, and an empty list when a document closes. */

import type { Session } from "../session.js";
import { diagnosticsOf } from "./diagnostics.js";

/** How long typing has to rest. */
const DELAY = 150;

export function pushDiagnostics(session: Session): void {
  const { connection, documents, settings, log } = session;
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const publish = async (uri: string, isAfterChange: boolean) => {
    const found = await documents.find(uri);
    if (!found) return;
    if (found.state === "ready" && isAfterChange && found.isDirty && found.settings.run === "onSave") return;
    const version = found.state === "ready" ? { version: found.part.version } : {};
    await connection.sendDiagnostics({ uri, ...version, diagnostics: diagnosticsOf(session, uri, found) });
  };
  const later = (uri: string, delay: number, isAfterChange = false) => {
    clearTimeout(timers.get(uri));
    const run = () => {
      timers.delete(uri);
      publish(uri, isAfterChange).catch((error: unknown) => log.failOnce(`publish ${uri}`, `The analysis of ${uri} failed.`, error));
    };
    timers.set(uri, setTimeout(run, delay));
  };

  documents.listen({
    opened: (uri) => later(uri, 0),
    changed: (uri) => later(uri, DELAY, true),
    saved: (uri) => later(uri, 0),
    closed(uri) {
      clearTimeout(timers.get(uri));
      timers.delete(uri);
      connection.sendDiagnostics({ uri, diagnostics: [] }).catch((error: unknown) => log.failOnce("publish", "Diagnostics could not be sent.", error));
    },
  });
  settings.onChange(() => documents.uris().forEach((uri) => later(uri, 0)));
}
