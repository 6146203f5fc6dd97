/** What the language status says of the Python and the libraries a file is checked for. */

import type { TargetNote } from "../server/protocol.js";

/** Each with the place that says it. */
export function targetText({ python, pythonFrom, libraries }: TargetNote): {
  readonly text: string;
  readonly detail: string;
} {
  const known = libraries.map(({ name, version, versionFrom, oldest, oldestFrom }) =>
    [
      name,
      ...(version === undefined ? [] : [`${version} (${versionFrom})`]),
      ...(oldest === undefined ? [] : [`${oldest} or later (${oldestFrom})`]),
    ].join(" "),
  );
  return {
    text: `Checked for Python ${python}`,
    detail: [pythonFrom ?? "assumed: the project does not say", ...known].join(" · "),
  };
}
