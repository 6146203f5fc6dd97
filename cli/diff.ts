/** A unified diff that `git apply` and `patch -p1` take, in colours for a terminal. */

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { paint } from "./terminal.js";

export function unifiedDiff(path: string, before: string, after: string): string {
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

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
