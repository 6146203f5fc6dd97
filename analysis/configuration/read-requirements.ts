/** The parts of a requirements file, as pip reads it: a requirement a line, comments, and options that are passed over. */

import type { Part } from "./parts.js";
import { linesOf } from "./read-ini.js";

/** In characters: nobody writes a longer one by hand, and to look for its parts could take as long as its square. */
const LONGEST_LINE = 2_000;

export function requirementParts(text: string): readonly Part[] {
  const parts: Part[] = [];
  let goesOn = false;
  for (const { line, start } of linesOf(text)) {
    const comment = /(?:^|[ \t])(#.*)$/.exec(line)?.[1];
    const code = comment === undefined ? line : line.slice(0, line.length - comment.length);
    if (comment !== undefined)
      parts.push({ kind: "comment", start: start + code.length, end: start + line.trimEnd().length });
    const requirement =
      goesOn || code.length > LONGEST_LINE
        ? undefined
        : /^[ \t]*([A-Za-z0-9][^\\]*?)[ \t]*(?:[ \t]--.*)?\\?$/.exec(code)?.[1];
    if (requirement !== undefined) {
      const at = start + code.indexOf(requirement);
      parts.push({ kind: "requirement", start: at, end: at + requirement.length });
    }
    goesOn = code.endsWith("\\");
  }
  return parts;
}
