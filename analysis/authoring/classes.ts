/** Classes: slots, metaclasses, and chains of tests that choose among classes or functions. */

export { importsWeak, isSlottable, slotNames, slotsEdit } from "../rewrite/slots.js";
export { initSubclass, plainMetaclass } from "../rewrite/init-subclass.js";
export {
  branchOf,
  equality,
  equalityTests,
  haveDistinctKeys,
  isThereAbove,
  type Branch,
  type EqualityTests,
} from "../rewrite/dispatch.js";
