/** Loops: how often they run, what grows in them, and turns that become functions. */

export { turnProduct, turnsOf } from "../semantics/loops.js";
export { behindProgress, isProgressBar } from "../semantics/progress.js";
export { isStream, turnsOften } from "../semantics/streams.js";
export { clauseTurns, knownTurns, rangeIn } from "../rewrite/known-turns.js";
export { turnsOrAxes } from "../rewrite/axes.js";
export {
  collected,
  doubtsOf,
  growthOf,
  isKept,
  listOfParts,
  type Growth,
  type GrowthStep,
} from "../rewrite/grown-in-loop.js";
export { grownList, growsListNamed } from "../rewrite/grown-list.js";
export { asTurnFunction, turnList, turnName, turnOf, turnsText, type Turn } from "../rewrite/turn-function.js";
export { comesFromTurn, hangsOnResult, isFilledInTurn } from "../rewrite/of-turn.js";
export { longLoop, type LongLoop } from "../rewrite/long-loop.js";
