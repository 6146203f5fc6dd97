/** What makes a list longer where it stands. */

import { asMethodCall, unwrap } from "../syntax/expressions.js";
import { asAugmented } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { lastIdentifier } from "../text/identifiers.js";

/** The list in `rows.append(row)`, `rows.extend(more)` and `rows += more`. Whether it is one is not asked. */
export function grownList(node: Node): Node | undefined {
  const augmented = asAugmented(node);
  if (augmented) return augmented.operator === "+=" ? unwrap(augmented.target) : undefined;
  const call = asMethodCall(node, "append", "extend");
  return call && unwrap(call.object);
}

/** Something inside makes a list longer whose name fits. */
export function growsListNamed(name: RegExp, body: Node): boolean {
  return body.descendants("call", "augmented_assignment").some((it) => {
    const list = grownList(it);
    return list !== undefined && name.test(lastIdentifier(list.text));
  });
}
