/** The whole lines at the end of a text, as far up as they fit. A line is asked for without its end. */
export function linesAtEnd(text: string, fits: (line: string) => boolean): string {
  let start = text.length;
  while (text[start - 1] === "\n") {
    const above = start < 2 ? 0 : text.lastIndexOf("\n", start - 2) + 1;
    if (!fits(text.slice(above, start - 1))) break;
    start = above;
  }
  return text.slice(start);
}

/** The empty lines at the end of a text. */
export const emptyLinesAtEnd = (text: string): string => linesAtEnd(text, (it) => it.trim() === "");
