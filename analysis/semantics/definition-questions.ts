/** Questions that rules have about a function or a class of the file, whoever asks from whichever piece: answered once for all of them. */

import type { FunctionDef } from "../syntax/statements.js";
import { functionKnownAs, globalNameOf } from "./callers.js";
import type { ClassInfo } from "./classes.js";
import type { Facts } from "./facts.js";
import { fileQuestion } from "./file-questions.js";

type Plain = string | boolean | number;

/**
 * To be made once, when a module is loaded; then called for a function. For functions that only their own piece can see the answer is kept while that is looked at.
 * @param answer may ask facts about the file and nothing else
 */
export function functionQuestion<T extends Plain>(
  answer: (def: FunctionDef, facts: Facts) => T,
): (def: FunctionDef, facts: Facts) => T {
  const question = fileQuestion<Plain>((facts, path) => {
    const def = functionKnownAs(path, facts.view);
    return def ? answer(def, facts) : "";
  });
  return (def, facts) => {
    const path = globalNameOf(def, facts.view);
    // Of several of one name the name tells nothing.
    return path !== undefined && functionKnownAs(path, facts.view)?.node === def.node
      ? (facts.ofFile(question, path) as T)
      : facts.memo(`question ${question.id}`, def.node, () => answer(def, facts));
  };
}

/** The same for a class. */
export function classQuestion<T extends Plain>(
  answer: (info: ClassInfo, facts: Facts) => T,
): (info: ClassInfo, facts: Facts) => T {
  const question = fileQuestion<Plain>((facts, name) => {
    const info = facts.classNamed(name);
    return info ? answer(info, facts) : "";
  });
  return (info, facts) =>
    facts.classNamed(info.name)?.def.node === info.def.node
      ? (facts.ofFile(question, info.name) as T)
      : facts.memo(`question ${question.id}`, info.def.node, () => answer(info, facts));
}
