/** Facts: the types of what `file.facts` answers, and short questions that rest on several facts. */

export {
  type Answer,
  type Binding,
  type ClassInfo,
  type Facts,
  type Maybe,
  type Place,
  type Runner,
  type Runners,
  type Scope,
  type Site,
  type Use,
} from "../semantics/facts.js";
export { endsCell } from "../semantics/cells.js";
export { weakest } from "../semantics/evidence.js";
export { functionKnownAs } from "../semantics/callers.js";
export { classQuestion, functionQuestion } from "../semantics/definition-questions.js";
export { fileQuestion, type FileQuestion } from "../semantics/file-questions.js";
export { qualifiedName } from "../semantics/qualified.js";
export { itemAt } from "../semantics/places.js";
export { isSamePlace } from "../semantics/same-place.js";
export { isDeleted, isStored, useOf, worstUse, type UseVerdict } from "../semantics/uses.js";
export { givenOnce, soleAssignment } from "../rewrite/given-once.js";
export { isPython2, runsAsOf311 } from "../rewrite/shown-python.js";
