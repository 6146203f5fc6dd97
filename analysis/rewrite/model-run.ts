/** A network that is run to answer: `model(**inputs)` where no gradients are kept. */

import { asCall } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

const NETWORK = /(?:^|[._])(?:model|net|network|classifier|encoder|decoder)$/;
const WITHOUT_GRADIENTS = /\b(?:no_grad|inference_mode)\(/;

/** `model(**inputs)` in `with torch.no_grad():` or `torch.inference_mode()`. */
export function runsNetwork(node: Node): boolean {
  const call = asCall(node);
  if (!call || !NETWORK.test(call.callee.text) || call.args.length + call.keywords.size + Number(call.hasSplat) === 0)
    return false;
  for (let around = node.ancestor("with_statement"); around; around = around.ancestor("with_statement"))
    if (WITHOUT_GRADIENTS.test(around.children.find((it) => it.kind === "with_clause")?.text ?? "")) return true;
  return false;
}
