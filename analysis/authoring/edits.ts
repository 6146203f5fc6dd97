/** Edits: replacing, inserting and removing, imports, and where new definitions stand. */

export {
  between,
  hasComments,
  indentLines,
  insertAfter,
  insertBefore,
  lineAbove,
  lineAboveComments,
  lineBelow,
  linesOf,
  reindented,
  remove,
  removeStatement,
  removeWithGap,
  replace,
} from "../rule/edits.js";
export { withArgument, withoutArgument } from "../rule/arguments.js";
export { belowImports, importModule, importName, type Import } from "../rule/importing.js";
export { negated } from "../rule/negated.js";
export { definitionAbove, emptyLines, importEdits, standsAbove, topStatement } from "../rewrite/placing.js";
export { moduleConstant, type ModuleConstant } from "../rewrite/module-constant.js";
export { importsInstead } from "../rewrite/imports-instead.js";
export { lockName } from "../rewrite/lock-name.js";
export { indentUnit } from "../rewrite/with-block.js";
