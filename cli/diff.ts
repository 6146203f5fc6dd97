/** A diff in colours for a terminal. */

import { paint } from "./terminal.js";

export function coloredDiff(diff: string, color: boolean): string {
  if (!color) return diff;
  const ink = paint(true);
  const lines = diff.split("\n").map((line) => {
    if (line.startsWith("--- ") || line.startsWith("+++ ")) return ink.bold(line);
    if (line.startsWith("@@")) return ink.cyan(line);
    if (line.startsWith("+")) return ink.green(line);
    return line.startsWith("-") ? ink.red(line) : line;
  });
  return lines.join("\n");
}
