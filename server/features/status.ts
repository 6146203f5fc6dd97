/** nippy/status: tells clients that asked for it what became of a document. */

import { onlyFollows } from "../../analysis/analyzer.js";
import type { Session } from "../session.js";
import { STATUS, type Status, type TargetNote } from "../protocol.js";
import type { ResourceSettings } from "../settings.js";

export function sendStatus({ connection, client, background }: Session, status: Status): void {
  if (client.wantsStatus)
    background.run("The status could not be sent.", () => connection.sendNotification(STATUS, status));
}

export function status(session: Session): void {
  session.documents.listen({
    opened: (uri) => sendStatus(session, { uri, state: "analysing", milliseconds: 0, findings: 0 }),
  });
}

/** The Python and the libraries a document is checked for. Of the libraries those that a rule is about: the others change no finding. */
export function targetNote({ analyzer }: Session, { analysis, target, pythonFrom }: ResourceSettings): TargetNote {
  const isAsked = (name: string) =>
    analyzer.rules.some((it) => it.imports.includes(name) || Object.hasOwn(it.library, name));
  return {
    python: analysis.python,
    ...(pythonFrom !== undefined && { pythonFrom }),
    libraries: Object.entries(target.libraries)
      .filter(([name, it]) => isAsked(name) && !onlyFollows(it))
      .map(([name, { version, oldest, below }]) => ({
        name,
        ...(version && { version: version.value, versionFrom: version.from }),
        ...(oldest && { oldest: oldest.value, oldestFrom: oldest.from }),
        ...(below && { below: below.value, belowFrom: below.from }),
      })),
  };
}
