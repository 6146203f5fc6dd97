/** What comments say about a statement, and how much of a function they explain. */

import { statementsOf } from "../syntax/statements.js";
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

/** From so many comments on a function is taken to be one that explains its steps, as a lesson does. */
const LESSON = 5;

/** Every second statement of the function has a comment: its steps are written out to be read. */
export function isExplained(def: Node): boolean {
  const body = def.field("body");
  const comments = body ? def.tree.commentsIn(def).length : 0;
  return comments >= LESSON && comments * 2 >= statementsOf(body!).length;
}
