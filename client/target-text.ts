/** What the language status says of the Python and the libraries a file is checked for. */

import type { TargetNote } from "../server/protocol.js";

/** Says a text in the language of the editor. */
export type Translate = (text: string, ...values: (string | number)[]) => string;

/** Each with the place that says it. */
export function targetText(
  { python, pythonFrom, libraries }: TargetNote,
  t: Translate,
): {
  readonly text: string;
  readonly detail: string;
} {
  const known = libraries.map(({ name, version, versionFrom, oldest, oldestFrom, below, belowFrom }) => {
    const isOne = oldest !== undefined && below !== undefined && oldestFrom === belowFrom;
    return [
      name,
      ...(version === undefined ? [] : [`${version} (${versionFrom})`]),
      ...(isOne ? [`${t("{0} or later, below {1}", oldest, below)} (${oldestFrom})`] : []),
      ...(oldest === undefined || isOne ? [] : [`${t("{0} or later", oldest)} (${oldestFrom})`]),
      ...(below === undefined || isOne ? [] : [`${t("below {0}", below)} (${belowFrom})`]),
    ].join(" ");
  });
  return {
    text: t("Checked for Python {0}", python),
    detail: [pythonFrom ?? t("assumed: the project does not say"), ...known].join(" · "),
  };
}
