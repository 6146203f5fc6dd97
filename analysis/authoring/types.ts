/** Types: what may be asked of the type of a value, and how an annotation is written. */

export { elementOf, isHashable, isNumber, type Type } from "../semantics/types.js";
export { isOfOtherFile } from "../semantics/facts.js";
export { knownType, union } from "../rewrite/known-type.js";
export { typingNames, type TypingName } from "../rewrite/typing-names.js";
export { isNeededInText, withoutNames } from "../rule/left-imports.js";
export { certainHints, hintDoubts, hintEdits, type Hints } from "../rewrite/certain-hints.js";
