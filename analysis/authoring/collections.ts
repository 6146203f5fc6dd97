/** Collections: comprehensions, filled lists, what is in a collection, generators. */

export {
  comprehension,
  gatheringOf,
  insteadOfLoop,
  isComprehensible,
  isConsumedAtOnce,
  type Gathering,
} from "../rule/comprehension.js";
export {
  copied,
  begunEmpty,
  fillingOf,
  headOf,
  insteadOfFilling,
  isCopy,
  isFilledAlone,
  type Filling,
} from "../rewrite/filling.js";
export { isNewList } from "../rewrite/new-list.js";
export { holdsItems, isCaughtQuietly } from "../rewrite/never-empty.js";
export { isWrittenOut, wordsOf } from "../rewrite/written-out.js";
export { hasPlainOrder, isUncheckedOptional } from "../rewrite/plain-order.js";
export { returnBehind } from "../rewrite/returned.js";
export { removeReturn, yieldFor, yieldOf } from "../rewrite/yielding.js";
export { heldWeight } from "../rewrite/held-list.js";
