/** Progress bars: they show how far a loop is, and hand on what it loops over. */

import { asCall, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";

const BARS =
  /^(?:tqdm\.(?:\w+\.)*tqdm(?:_notebook|_gui|_pandas)?|stqdm\.stqdm|rich\.progress\.track|alive_progress\.alive_it|progressbar\.progressbar|fastprogress\.(?:\w+\.)*(?:progress_bar|master_bar))$/;
/** Own functions around one of them: `tqdm_`, `maybe_tqdm`, `show_progress`, `track`. */
const BAR_WORDS = /(?:^|_)(?:tqdm|progress|progress_?bar|pbar|track|alive_it)_*$/i;

/** By the qualified name of the function. */
export function isProgressBar(name: string | undefined): boolean {
  return name !== undefined && BARS.test(name);
}

/** What is gone through: `rows` of `tqdm(rows, total=10)`, the node itself where no bar is around it. */
export function behindProgress(node: Node, nameOf: (callee: Node) => string | undefined): Node {
  const call = asCall(unwrap(node));
  const [first] = call?.args ?? [];
  if (!call || !first) return unwrap(node);
  const name = nameOf(call.callee);
  const isBar = name === undefined ? BAR_WORDS.test(lastIdentifier(call.callee.text)) : isProgressBar(name);
  return isBar ? unwrap(first) : call.node;
}
