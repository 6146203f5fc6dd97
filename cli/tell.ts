/** What goes to standard error: one line for each sentence, made safe for terminals and logs. */

import { shown } from "./terminal.js";
import { isTrouble } from "./trouble.js";

export function tell(kind: "error" | "warning", sentence: string): void {
  process.stderr.write(`${kind}: ${shown(sentence).text}\n`);
}

/** Why a run ends. What is no trouble of the user's is a mistake of ours. */
export function tellEnd(error: unknown): void {
  if (isTrouble(error)) {
    for (const sentence of error.sentences) tell("error", sentence);
    return;
  }
  const stack = (error as Error).stack ?? String(error);
  // A log takes some words at the start of a line for commands.
  const lines = stack.split("\n").map((it) => `| ${shown(it).text}\n`);
  process.stderr.write(`Nippy itself failed. Please report this:\n${lines.join("")}`);
}
