/** The parts of a requirements file, as pip reads it: a requirement a line, comments, and options that are passed over. */

import type { Part } from "./parts.js";
import { linesOf } from "./read-ini.js";

/** In characters: nobody writes a longer one by hand, and to look for its parts could take as long as its square. */
const LONGEST_LINE = 2_000;

export function requirementParts(text: string): readonly Part[] {
  const parts: Part[] = [];
  let goesOn = false;
  for (const { line, start } of linesOf(text)) {
    const hash = commentIn(line);
    const code = hash === undefined ? line : line.slice(0, hash);
    if (hash !== undefined) parts.push({ kind: "comment", start: start + hash, end: start + line.trimEnd().length });
    const requirement = goesOn || code.length > LONGEST_LINE ? undefined : requirementIn(code);
    if (requirement !== undefined) {
      const at = start + code.indexOf(requirement);
      parts.push({ kind: "requirement", start: at, end: at + requirement.length });
    }
    goesOn = code.endsWith("\\");
  }
  return parts;
}

/** Where a comment begins: at the start of a line, or behind a blank. */
function commentIn(line: string): number | undefined {
  if (line.startsWith("#")) return 0;
  const blank = line.search(/[ \t]#/);
  return blank < 0 ? undefined : blank + 1;
}

/** What a line says before its options and the backslash at its end. */
function requirementIn(code: string): string | undefined {
  const whole = code.endsWith("\\") ? code.slice(0, -1) : code;
  const options = whole.search(/[ \t]--/);
  const found = (options < 0 ? whole : whole.slice(0, options)).trim();
  return /^[A-Za-z0-9][^\\]*$/.test(found) ? found : undefined;
}
