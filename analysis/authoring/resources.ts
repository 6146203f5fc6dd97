/** Resources: what is opened and held, and `with` blocks around it. */

export { holdingOf, openedBy, openedThrough, type Holding, type Opened } from "../semantics/holding.js";
export { contextsAround } from "../semantics/contexts.js";
export { OPENING_CALLS, OPENING_METHODS } from "../knowledge/resources.js";
export { isLeftAlone } from "../semantics/file-reading.js";
export { withAbove, withAround } from "../rewrite/with-block.js";
export { swappedHeads } from "../rewrite/swapped-heads.js";
export {
  DATABASE_METHODS,
  DATABASE_SIGNS,
  areRowsOfQuery,
  askedOfDatabase,
  asksForMany,
  deedByName,
  goesByPortions,
  goneThrough,
  hangsOnTurn,
  isDatabaseMethod,
  isOfOtherDatabase,
  sqlOf,
  variesInTable,
  type AskedOfDatabase,
} from "../rewrite/databases.js";
export { sessionEvidence } from "../rewrite/sessions.js";
export { slowCall, type SlowCall, type Waits } from "../rewrite/slow-calls.js";
export { ENDS_BUSINESS } from "../knowledge/clean-up.js";
