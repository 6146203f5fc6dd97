/** A text's first line, cut to a length, for use inside a message. */

/** At most `longest` UTF-16 units, the ellipsis included. */
export function excerpt(text: string, longest: number): string {
  const [line = ""] = text.split("\n");
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
