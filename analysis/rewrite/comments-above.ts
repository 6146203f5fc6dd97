/** What comments say about a statement. */

import type { Node } from "../syntax/tree.js";

/** In characters: a comment that says more is not about one statement. */
const FARTHEST = 2_000;

/** The comments of the lines right above a statement, and the one that ends the line of code above them; empty where there are none. */
export function commentsAbove({ tree, start }: Node): string {
  const comments = tree.commentsIn({ start: Math.max(0, start - FARTHEST), end: start });
  let first = start;
  for (let at = comments.length - 1; at >= 0; at--) {
    const comment = comments[at]!;
    if (!/^[ \t]*\r?\n[ \t]*$/.test(tree.text.slice(comment.end, first))) break;
    first = comment.start;
  }
  return tree.text.slice(first, start);
}
