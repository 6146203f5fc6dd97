/** Searches for settings: functions that are called once for each trial. */

import type { Facts } from "../semantics/facts.js";
import { asCall } from "../syntax/expressions.js";
import { asFunction, functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

/** A node stands in a function that a search for settings calls: its score only ranks them. */
export function isTrial(node: Node, facts: Facts): boolean {
  for (let def = asFunction(functionAround(node)); def; def = asFunction(functionAround(def.node))) {
    if (def.parameters.some((it) => it.nameNode.text === "trial") || /(?:^|_)objective(?:_|$)/.test(def.name))
      return true;
    const isSearched = facts
      .usesOf(def.nameNode)
      .some((it) => it.kind === "argument" && SEARCHES.test(asCall(it.call)?.callee.text ?? ""));
    if (isSearched) return true;
  }
  return false;
}

const SEARCHES = /(?:^|\.|_)(?:optimize|fmin|maximize|minimize|BayesianOptimization|Tuner)$/;
