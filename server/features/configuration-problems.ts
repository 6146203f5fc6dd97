/** Mistakes in nippy.toml and pyproject.toml: shown at their places, in an open file as it stands in the editor, and written to the log once. */

import { lineIndex, type Layer } from "../../analysis/analyzer.js";
import type { Background } from "../background.js";
import { configurationDiagnostic } from "../convert.js";
import type { Log } from "../log.js";
import type { Publisher } from "../publisher.js";

export interface ConfigurationProblems {
  /** What files on disk say. */
  report(layers: readonly Layer[]): void;
  /** What an open file says; it counts more than the one on disk. */
  open(layer: Layer): void;
  close(uri: string): void;
  /** Takes back what was shown of files on disk; what still holds is reported anew. */
  clear(): void;
}

export function configurationProblems(publisher: Publisher, log: Log, background: Background): ConfigurationProblems {
  /** The texts for which something is shown, by file. */
  const shown = new Map<string, string>();
  const opened = new Set<string>();
  const publish = (uri: string, layer?: Layer) => {
    const lines = lineIndex(layer?.text ?? "");
    const diagnostics = (layer?.problems ?? []).map((it) => configurationDiagnostic(lines, it));
    background.run("Diagnostics could not be sent.", () => publisher.publish("configuration", uri, diagnostics));
  };
  const take = (uri: string) => {
    if (shown.delete(uri)) publish(uri);
  };

  return {
    report(layers) {
      for (const layer of layers) {
        const { source, text, problems } = layer;
        if (problems.length === 0 || opened.has(source) || shown.get(source) === text) continue;
        shown.set(source, text);
        publish(source, layer);
        const lines = lineIndex(text);
        for (const { message, range } of problems)
          log.warnOnce(`${source}${range ? `, line ${lines.positionAt(range.start).line + 1}` : ""}: ${message}`);
      }
    },
    open(layer) {
      opened.add(layer.source);
      if (layer.problems.length === 0) return take(layer.source);
      shown.set(layer.source, layer.text);
      publish(layer.source, layer);
    },
    close(uri) {
      opened.delete(uri);
      take(uri);
    },
    clear() {
      for (const uri of [...shown.keys()]) if (!opened.has(uri)) take(uri);
    },
  };
}
