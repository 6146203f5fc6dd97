/** The contracts: what a rule, a refactoring and a construct are, and what they are given. */

/** Makes a rule of what a file in rules/ says of itself; its name comes from the path. */
export { defineRule } from "../rule/rule.js";
/** What `fix` returns: a title, its doubts and the edits. Made by `fixOf`. */
export type { Fix } from "../rule/rule.js";
/** Another place that belongs to a finding, with what to say there. */
export type { Related } from "../rule/rule.js";
/** Makes what `fix` returns of a title, the doubts that hold and the edits. Without doubts the fix is safe. */
export { fixOf } from "../rule/rule.js";
/** What `fix` returns where the code is worth a finding and has no fix, with the reason. */
export { declined } from "../rule/rule.js";
export type { Declined, Edit, Evidence, File, Match, Weight } from "../rule/rule.js";
export { defineRefactoring, type NewFile, type Outcome } from "../rule/refactoring.js";
export { defineConstructs, type Construct } from "../rule/construct.js";
