/** Findings and mistakes in a configuration may be told of one file, and a client keeps only the last list that it was sent: so each list that goes out holds both. */

import type { Connection, Diagnostic } from "vscode-languageserver";

export interface Publisher {
  /** What one part of the server has to say of a file from now on. */
  publish(owner: string, uri: string, diagnostics: readonly Diagnostic[], version?: number): Promise<void>;
}

export function createPublisher(connection: Connection): Publisher {
  const told = new Map<string, Map<string, readonly Diagnostic[]>>();
  return {
    publish(owner, uri, diagnostics, version) {
      const owners = told.get(uri) ?? new Map<string, readonly Diagnostic[]>();
      if (diagnostics.length > 0) owners.set(owner, diagnostics);
      else owners.delete(owner);
      if (owners.size > 0) told.set(uri, owners);
      else told.delete(uri);
      return connection.sendDiagnostics({
        uri,
        ...(version !== undefined && { version }),
        diagnostics: [...owners.values()].flat(),
      });
    },
  };
}
