/** What Nippy reports in the whole window, followed file by file: whoever shows it pays for what changed. */

import {
  DiagnosticSeverity,
  EventEmitter,
  languages,
  type Diagnostic,
  type Disposable,
  type Event,
  type Uri,
} from "vscode";
import type { FindingData } from "../server/protocol.js";

export interface Found {
  readonly uri: Uri;
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly diagnostic: Diagnostic;
  readonly value: number;
  readonly fingerprint: string;
  /** In the file of a notebook that is not open, from 0. */
  readonly cell: number | undefined;
}

export const LEVELS = ["error", "warning", "info", "hint"] as const;
export type Level = (typeof LEVELS)[number];

const LEVEL_OF: Readonly<Record<DiagnosticSeverity, Level>> = {
  [DiagnosticSeverity.Error]: "error",
  [DiagnosticSeverity.Warning]: "warning",
  [DiagnosticSeverity.Information]: "info",
  [DiagnosticSeverity.Hint]: "hint",
};

export interface Findings extends Disposable {
  all(): readonly Found[];
  readonly onChange: Event<void>;
}

export function followFindings(): Findings {
  const byFile = new Map<string, readonly Found[]>();
  const changed = new EventEmitter<void>();
  const read = (uri: Uri): boolean => {
    const key = uri.toString();
    const before = byFile.get(key);
    const found = languages.getDiagnostics(uri).flatMap((it) => foundIn(uri, it));
    if (found.length > 0) byFile.set(key, found);
    else byFile.delete(key);
    return found.length > 0 || before !== undefined;
  };
  for (const [uri] of languages.getDiagnostics()) read(uri);
  const listener = languages.onDidChangeDiagnostics(({ uris }) => {
    // All of them are read, whatever the first one says.
    if (uris.map(read).includes(true)) changed.fire();
  });
  return {
    all: () => [...byFile.values()].flat(),
    onChange: changed.event,
    dispose() {
      listener.dispose();
      changed.dispose();
    },
  };
}

/** The language client keeps what the server sent along. */
function foundIn(uri: Uri, diagnostic: Diagnostic & { readonly data?: FindingData }): readonly Found[] {
  const { source, data, message, severity } = diagnostic;
  if (source !== "nippy" || data === undefined) return [];
  const { rule, value, fingerprint, cell } = data;
  const index = cell === undefined ? undefined : cell - 1;
  return [{ uri, rule, level: LEVEL_OF[severity], message, diagnostic, value, fingerprint, cell: index }];
}
