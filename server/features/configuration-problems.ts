/** Mistakes in nippy.toml and pyproject.toml: shown on the file's own lines, and written to the log once. */

import type { Connection } from "vscode-languageserver";
import type { Background } from "../background.js";
import { configurationDiagnostic } from "../convert.js";
import type { Log } from "../log.js";
import type { Project } from "../project.js";

export interface ConfigurationProblems {
  report(project: Project): void;
  /** Takes back what was shown; what still holds is reported anew. */
  clear(): void;
}

export function configurationProblems(connection: Connection, log: Log, background: Background): ConfigurationProblems {
  /** The texts for which something is shown, by file. */
  const shown = new Map<string, string>();
  const publish = (uri: string, project?: Project) => {
    const diagnostics = project?.source
      ? project.problems.map((it) => configurationDiagnostic(project.source?.text ?? "", it))
      : [];
    background.run("Diagnostics could not be sent.", () => connection.sendDiagnostics({ uri, diagnostics }));
  };

  return {
    report(project) {
      const { source, problems } = project;
      if (!source || problems.length === 0 || shown.get(source.uri) === source.text) return;
      shown.set(source.uri, source.text);
      publish(source.uri, project);
      for (const { message, line } of problems)
        log.warnOnce(`${source.uri}${line === undefined ? "" : `, line ${line + 1}`}: ${message}`);
    },
    clear() {
      for (const uri of shown.keys()) publish(uri);
      shown.clear();
    },
  };
}
