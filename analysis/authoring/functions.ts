/** Functions: which one a call runs, recursion, and defaults made anew for each call. */

export { definitionCalled, functionCalled, methodCalled } from "../semantics/called.js";
export { linearRecursion, type Linear, type SelfCall } from "../rewrite/recursion.js";
export { pairRecursion, type PairRecursion } from "../rewrite/pair-recursion.js";
export { givenNone, noneGuard } from "../rewrite/none-guard.js";
export { wrapperBy, wrapperOf, type Wrapper } from "../rewrite/wrappers.js";
export { cacheDecorator, type CacheDecorator } from "../rewrite/cache-decorators.js";
