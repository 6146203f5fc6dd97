/** A text from elsewhere, made fit to stand in one line of a sentence: whatever could end the line, hide or reorder something becomes a visible sign. */

/** Control characters, line separators, marks that reorder text, and halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const PLAIN = /^[\u0020-\u007e]*$/;

/** At most `longest` UTF-16 units, the ellipsis included. */
export function visible(text: string, longest: number): string {
  // Cut first: what is not shown costs nothing.
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return PLAIN.test(cut)
    ? cut
    : cut
        .replace(/\r\n|[\r\n]/g, "⏎")
        .replace(/\t/g, " ")
        .replace(UNSAFE, "\ufffd");
}
