/** Everything a rule file may import: the contract, the typed views on syntax, the edits. Facts come with the file a rule is given. */

export { defineRule, type Edit, type File, type Fix, type Match, type Related, type Safety } from "./rule/rule.js";
export { between, hasComments, indentLines, insertAfter, insertBefore, lineAbove, lineBelow, linesOf, reindented, remove, removeStatement, replace } from "./rule/edits.js";
export { importModule, importName, type Import } from "./rule/importing.js";
export { comprehension, gatheringOf, insteadOfLoop, isComprehensible, isConsumedAtOnce, type Gathering } from "./rule/comprehension.js";

export type { Node, Span, Tree } from "./syntax/tree.js";
export type { Kind } from "./syntax/kinds.generated.js";
export {
  argumentOf, asAttribute, asBinary, asCall, asComparison, asComprehension, asConditional, asLambda, asMethodCall, asSubscript, ATOM, bindingOf as bindingStrength, integerOf, isConstant, itemsOf, textIn, typeHead, unwrap, wrapped,
  type Attribute, type Binary, type Call, type Comparison, type Comprehension, type Conditional, type Lambda, type MethodCall, type Subscript,
} from "./syntax/expressions.js";
export { excerpt } from "./text/excerpt.js";
export { asString, textValue, type Interpolation, type StringLiteral } from "./syntax/strings.js";
export {
  asAssignment, asAugmented, asClass, asFor, asFunction, asIf, asTry, asWhile, asWith, expressionOf, functionAround, indentOf, jumpsOf, nextStatement, parametersOf, previousStatement, startsLine, statementOf, statementsOf,
  type Assignment, type AugmentedAssignment, type ClassDef, type ForLoop, type FunctionDef, type If, type Parameter, type Try, type WhileLoop, type With,
} from "./syntax/statements.js";

export type { Answer, Binding, ClassInfo, Facts, Maybe, Scope, Site, Use } from "./semantics/facts.js";
export { blockingCall, isPureCall, mutates } from "./knowledge/index.js";
export { FRAME_NAMES, SERIES_NAMES } from "./knowledge/pandas-names.js";
export { elementOf, isHashable, isNumber, printType, type Type } from "./semantics/types.js";
export { contextsAround } from "./semantics/contexts.js";
export { isLeftAlone } from "./semantics/file-reading.js";
export { holdingOf, openedBy, type Holding, type Opened } from "./semantics/holding.js";
export { turnsOf } from "./semantics/loops.js";
export { useOf } from "./semantics/uses.js";
export { computesInPython } from "./semantics/computing.js";
export { neverRuns } from "./semantics/flow.js";
export { isSharedClient, onlyReads } from "./semantics/reading.js";
export { arrayExpression, elementwise, inside, isTotal, type ArrayExpression, type Elementwise } from "./rewrite/elementwise.js";
export { arrayLoop, type ArrayLoop, type Cell, type Step } from "./rewrite/array-loop.js";
export { arrayShape, isNewArray, type ArrayShape } from "./rewrite/array-shape.js";
export { arrayStatements, expressionsOf, isTranslatable, startsAsNumber, type ArrayStatements } from "./rewrite/array-statements.js";
export { collected, doubtOf, growthOf, isKept, type Growth } from "./rewrite/grown-in-loop.js";
export { isCompiled } from "./rewrite/compiled.js";
export { lastName, singular } from "./rewrite/item-name.js";
export { asOne, intoBlock, withAbove, withAround } from "./rewrite/with-block.js";
export { placeholders, templateOf, type Template } from "./rewrite/percent.js";
export { indentUnit } from "./rewrite/with-block.js";
