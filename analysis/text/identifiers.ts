/** Python's identifiers in a text: letters of every script, where JavaScript's `\w` knows ASCII alone. */

const PART = "[\\p{L}\\p{M}\\p{N}_]";
const FIRST = new RegExp(`^${PART}+`, "u");
// What is behind a part of a longer one is asked once: else each part would look for the end.
const LAST = new RegExp(`(?<!${PART})${PART}+$`, "u");
const EVERY = new RegExp(`${PART}+`, "gu");

/** The identifier a text begins with; empty where it begins with something else. */
export function firstIdentifier(text: string): string {
  return FIRST.exec(text)?.[0] ?? "";
}

/** The identifier a text ends with: `rows` of `self.rows`; empty where it ends with something else. */
export function lastIdentifier(text: string): string {
  return LAST.exec(text)?.[0] ?? "";
}

/** The last identifier of a text, whatever stands behind it: `a` of `rows["a"]`. */
export function lastIdentifierIn(text: string): string {
  return text.match(EVERY)?.at(-1) ?? "";
}

/** Finds an identifier where it stands alone. `notBefore` and `notAfter` are further characters that must not stand beside it, as in a class of a regular expression. */
export function identifierPattern(name: string, notBefore = "", notAfter = ""): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_${notBefore}])${name}(?![\\p{L}\\p{M}\\p{N}_${notAfter}])`, "gu");
}
