/** Classes: slots, metaclasses, and chains of tests that choose among classes or functions. */

export { namesOfBase } from "../knowledge/object-names.js";
export { isGuarded, lazySingleton, makesOwn, type LazySingleton } from "../rewrite/singletons.js";
export { isBoundInBody, knownMembers } from "../rewrite/known-members.js";
export { importsWeak, isSlottable, slotNames, slotsEdit } from "../rewrite/slots.js";
export {
  inheritedSlots,
  PLAIN_BASES,
  slotKey,
  slotsAsWritten,
  slotsValue,
  withoutSlots,
  withSlot,
} from "../rewrite/slot-layout.js";
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
export {
  plainRecord,
  recordDoubts,
  recordEdits,
  recordImports,
  type PlainRecord,
  type RecordImports,
} from "../rewrite/to-dataclass.js";
export { observersOf, type Observers } from "../rewrite/observers.js";
export { hashedUse } from "../rewrite/hashed-use.js";
