/** Training and test data: which part of the data a value is, and what is fitted to it. */

export { learnerOf, splitPartOf, type Learner, type SplitPart } from "../rewrite/splits.js";
export { isTrial } from "../rewrite/trials.js";
