/** What is told to the client's log, never twice in a session and never in a message box. */

import type { Connection } from "vscode-languageserver";
import { tookTooLong, type RuleFailure } from "../analysis/analyzer.js";

export interface Log {
  info(message: string): void;
  /** Details for whoever looks for them; the same ones are written once. */
  noteOnce(message: string): void;
  /** The same warning is written once. */
  warnOnce(message: string): void;
  /** `key` says which failures are the same. */
  failOnce(key: string, message: string, error: unknown): void;
  /** A rule that threw or took too long, while it searched or repaired: told once for each rule. */
  ruleFailed(failure: RuleFailure): void;
}

export function createLog(connection: Connection): Log {
  const told = new Set<string>();
  const isNew = (key: string) => !told.has(key) && told.add(key) !== undefined;
  const log: Log = {
    info: (message) => connection.console.info(message),
    noteOnce(message) {
      if (isNew(message)) connection.console.log(message);
    },
    warnOnce(message) {
      if (isNew(message)) connection.console.warn(message);
    },
    failOnce(key, message, error) {
      if (isNew(key))
        connection.console.error(
          `${message}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
    },
    ruleFailed(failure) {
      const { rule, error } = failure;
      if (tookTooLong(failure))
        log.warnOnce(
          `The rule ${rule} takes too long in a file: it did not look at all of it. Please report it with the file, if you can.`,
        );
      else
        log.failOnce(
          `rule ${rule}`,
          `The rule ${rule} failed and reports nothing there. This is a bug in Nippy; please report it with this text.`,
          error,
        );
    },
  };
  return log;
}
