/** Lines and blocks: where a statement begins, where a block is indented and where it ends, just as the grammar's scanner decides it. */

import { CARRIAGE_RETURN, FORM_FEED, HASH, LINE_FEED, SPACE, TAB } from "./characters.js";
import { T } from "./ids.generated.js";
import { flush, giveUp, is, type Reader } from "./reader.js";
import { addComment, commentEnd, readToken, setToken } from "./tokens.js";

/** Columns are kept in 16 bits by the grammar. */
const WIDEST = 60_000;

/** Ends a logical line: its comment still belongs to it. */
export function endLine(r: Reader): void {
  if (!is(r, T.newline)) giveUp();
  if (r.extras > 0) flush(r);
  startNextLine(r);
}

/**
 * Goes on to the next line after a simple statement. Where the grammar follows two readings at once and only one of them can end with the
 * line, the other one looks for its next token on the next line: `x = a, b` and `[c] = d` become `x = a, b[c] = d`.
 */
export function startNextLine(r: Reader): void {
  startLine(r);
  if (r.mayGoOn && (is(r, T.openParenthesis) || is(r, T.openBracket))) giveUp();
}

/**
 * Goes on to the first token of the next statement or, if the present block ends, to a `dedent`. The block ends before the first comment
 * left of it, provided that the next statement stands left of it too; the comments before that one are still the block's.
 */
export function startLine(r: Reader): void {
  r.hasShallowComment = false;
  const { text } = r;
  let at = r.at;
  let column = 0;
  let next = -1;
  for (;;) {
    if (at >= text.length) return setToken(r, r.column > 0 ? T.dedent : T.end, r.at, r.at);
    const c = text.charCodeAt(at);
    if (c === SPACE) {
      column++;
      at++;
    } else if (c === LINE_FEED || c === CARRIAGE_RETURN || c === FORM_FEED) {
      column = 0;
      at++;
    } else if (c === TAB) {
      column += 8;
      at++;
    } else if (c === HASH) {
      if (column < r.column) {
        // Looked for once: all these comments stand before the same statement.
        if (next < 0) next = nextColumn(text, at);
        if (next < r.column) return setToken(r, T.dedent, r.at, r.at);
        r.hasShallowComment = true;
      }
      at = addComment(r, at);
      r.at = at;
    } else {
      if (column < r.column) return setToken(r, T.dedent, r.at, r.at);
      return readToken(r, at, c);
    }
  }
}

/** The column of the next statement from `from` on, whatever comments come before it; 0 at the end of the text. */
function nextColumn(text: string, from: number): number {
  let column = 0;
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === SPACE) column++;
    else if (c === LINE_FEED || c === CARRIAGE_RETURN || c === FORM_FEED) column = 0;
    else if (c === TAB) column += 8;
    else if (c === HASH) at = commentEnd(text, at) - 1;
    else return column;
  }
  return 0;
}

/** True if nothing but a comment follows the present token in its line. */
export function isAtLineEnd({ text, end }: Reader): boolean {
  for (let at = end; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c !== SPACE) return c === LINE_FEED || c === CARRIAGE_RETURN || c === HASH;
  }
  return true;
}

/** Opens the block on the lines after a colon; false if the next statement is not indented. */
export function indent(r: Reader): boolean {
  if (r.extras > 0) flush(r);
  const column = nextColumn(r.text, r.at);
  if (column <= r.column) return false;
  if (column > WIDEST) giveUp();
  r.columns.push(r.column);
  r.column = column;
  startLine(r);
  return true;
}

/** Closes the block: the comments before its end are its own. */
export function dedent(r: Reader): void {
  if (!is(r, T.dedent)) giveUp();
  if (r.extras > 0) flush(r);
  r.column = r.columns.pop()!;
}
