/** textDocument/publishDiagnostics, for clients that cannot pull: after each rest in typing, and an empty list when a document closes. */

import type { Publisher } from "../publisher.js";
import type { Session } from "../session.js";
import { diagnosticsOf, findOrFail } from "./diagnostics.js";

/** How long typing has to rest. */
const DELAY = 150;

export function pushDiagnostics(session: Session, publisher: Publisher): void {
  const { documents, settings, survey, background } = session;

  const publish = async (uri: string, isAfterChange: boolean) => {
    const found = await findOrFail(session, uri);
    if (!found) return;
    if (found.state === "ready" && isAfterChange && found.isDirty && found.settings.run === "onSave") return;
    const version = found.state === "ready" ? (found.part.version ?? undefined) : undefined;
    await publisher.publish("findings", uri, diagnosticsOf(session, uri, found), version);
  };
  const later = (uri: string, delay: number, isAfterChange = false) =>
    background.later(`publish ${uri}`, delay, `The findings in ${uri} could not be published.`, () =>
      publish(uri, isAfterChange),
    );

  documents.listen({
    opened: (uri) => later(uri, 0),
    changed: (uri) => later(uri, DELAY, true),
    saved: (uri) => later(uri, 0),
    closed: (uri) => background.run("Diagnostics could not be cleared.", () => publisher.publish("findings", uri, [])),
  });
  survey.onNews((uri, seen) =>
    background.run("The findings of a closed file could not be published.", () =>
      publisher.publish("findings", uri, seen?.items ?? []),
    ),
  );
  settings.onChange(() => documents.uris().forEach((uri) => later(uri, 0)));
}
