/** An analyzer that edits what it opened before: of a file that is saved again and again only the changed pieces are analysed. */

import { difference, type Analyzer, type Snapshot } from "../analysis/analyzer.js";

/** Files that are worked on at a time; those used last are kept. */
const MOST_OPEN = 32;

export function reopening(analyzer: Analyzer): Analyzer {
  const opened = new Map<string, { readonly settings: string; readonly snapshot: Snapshot }>();
  return {
    ...analyzer,
    open(given, settings, path, known) {
      const text = typeof given === "string" ? given : given.text;
      const before = opened.get(path);
      const said = JSON.stringify([settings, [...(known ?? [])]]);
      const snapshot =
        before?.settings === said
          ? analyzer.edit(before.snapshot, difference(before.snapshot.text, text))
          : analyzer.open(given, settings, path, known);
      opened.delete(path);
      opened.set(path, { settings: said, snapshot });
      if (opened.size > MOST_OPEN) opened.delete(opened.keys().next().value!);
      return snapshot;
    },
  };
}
