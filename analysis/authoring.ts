/** Everything a rule, a construct or a refactoring may import: the contracts, the typed views on syntax, the edits. Facts come with the file each is given. */

export { defineRule, type Edit, type File, type Fix, type Match, type Related, type Safety } from "./rule/rule.js";
export { defineRefactoring, type NewFile, type Outcome } from "./rule/refactoring.js";
export { defineConstructs, type Construct } from "./rule/construct.js";
export { between, hasComments, indentLines, insertAfter, insertBefore, lineAbove, lineBelow, linesOf, reindented, remove, removeStatement, replace } from "./rule/edits.js";
export { belowImports, importModule, importName, type Import } from "./rule/importing.js";
export { comprehension, gatheringOf, insteadOfLoop, isComprehensible, isConsumedAtOnce, type Gathering } from "./rule/comprehension.js";

export type { Node, Span, Tree } from "./syntax/tree.js";
export type { Kind } from "./syntax/kinds.generated.js";
export {
  argumentOf, asAttribute, asBinary, asCall, asComparison, asComprehension, asConditional, asLambda, asMethodCall, asSubscript, ATOM, bindingOf as bindingStrength, callOf, dottedName, integerOf, isConstant, itemsOf, textIn, typeHead, unwrap, wrapped,
  type Attribute, type Binary, type Call, type Comparison, type Comprehension, type Conditional, type Lambda, type MethodCall, type Subscript,
} from "./syntax/expressions.js";
export { excerpt } from "./text/excerpt.js";
export { firstIdentifier, identifierPattern, lastIdentifier } from "./text/identifiers.js";
export { asString, textValue, type Interpolation, type StringLiteral } from "./syntax/strings.js";
export {
  asAssignment, asAugmented, asClass, asFor, asFunction, asIf, asTry, asWhile, asWith, expressionOf, functionAround, indentOf, jumpsOf, nextStatement, parametersOf, previousStatement, startsLine, statementOf, statementsOf,
  type Assignment, type AugmentedAssignment, type ClassDef, type ForLoop, type FunctionDef, type If, type Parameter, type Try, type WhileLoop, type With,
} from "./syntax/statements.js";

export type { Answer, Binding, ClassInfo, Facts, Maybe, Scope, Site, Use } from "./semantics/facts.js";
export { blockingCall, isPureCall, mayGiveCoroutine, mutates } from "./knowledge/index.js";
export { FRAME_NAMES, SERIES_NAMES } from "./knowledge/pandas-names.js";
export { elementOf, isHashable, isNumber, printType, type Type } from "./semantics/types.js";
export { contextsAround } from "./semantics/contexts.js";
export { isLeftAlone } from "./semantics/file-reading.js";
export { holdingOf, openedBy, type Holding, type Opened } from "./semantics/holding.js";
export { turnsOf } from "./semantics/loops.js";
export { isStream, turnsOften } from "./semantics/streams.js";
export { useOf } from "./semantics/uses.js";
export { computesInPython } from "./semantics/computing.js";
export { mayRunInProcess } from "./semantics/movable.js";
export { changesShared, isComputing, isQuick, waitsOutside, writesOnePlace } from "./semantics/quick.js";
export { neverRuns } from "./semantics/flow.js";
export { isSharedClient, onlyReads } from "./semantics/reading.js";
export { arrayExpression, elementwise, inside, isTotal, type ArrayExpression, type Elementwise } from "./rewrite/elementwise.js";
export { arrayLoop, type ArrayLoop, type Cell, type Step } from "./rewrite/array-loop.js";
export { arrayShape, isNewArray, type ArrayShape } from "./rewrite/array-shape.js";
export { arrayStatements, expressionsOf, isTranslatable, startsAsNumber, type ArrayStatements } from "./rewrite/array-statements.js";
export { begunEmpty, copied, fillingOf, headOf, insteadOfFilling, isCopy, isFilledAlone, startsEmpty, type Filling } from "./rewrite/filling.js";
export { asTurnFunction, turnList, turnName, turnOf, turnsText, type Turn } from "./rewrite/turn-function.js";
export { negated } from "./rule/negated.js";
export { isRowWise, totalAround, type Total } from "./rewrite/adding-up.js";
export { holdsNumbers, shapeDoubt } from "./rewrite/array-numbers.js";
export { pairRecursion, type PairRecursion } from "./rewrite/pair-recursion.js";
export { linearRecursion, type Linear, type SelfCall } from "./rewrite/recursion.js";
export { removeReturn, yieldFor, yieldOf } from "./rewrite/yielding.js";
export { collected, doubtOf, growthOf, isKept, type Growth } from "./rewrite/grown-in-loop.js";
export { isFresh, mayWrapAround, memoryOf, parallelDoubts } from "./rewrite/parallel-turns.js";
export { isCompiled } from "./rewrite/compiled.js";
export { lastName, singular } from "./rewrite/item-name.js";
export { holdsItems, isCaughtQuietly } from "./rewrite/never-empty.js";
export { clauseTurns, knownTurns } from "./rewrite/known-turns.js";
export { turnsOrAxes } from "./rewrite/axes.js";
export { isWrittenOut, wordsOf } from "./rewrite/written-out.js";
export { hasPlainOrder, isUncheckedOptional } from "./rewrite/plain-order.js";
export { noneGuard } from "./rewrite/none-guard.js";
export { asOne, withAbove, withAround } from "./rewrite/with-block.js";
export { placeholders, templateOf, type Template } from "./rewrite/percent.js";
export { importsWeak, isSlottable, slotNames, slotsEdit } from "./rewrite/slots.js";
export { definitionAbove, emptyLines, importEdits, standsAbove, topStatement } from "./rewrite/placing.js";
export { knownType, union } from "./rewrite/known-type.js";
export { initSubclass, plainMetaclass } from "./rewrite/init-subclass.js";
export { withFunctionName, withoutName } from "./rewrite/own-name.js";
export { indentUnit } from "./rewrite/with-block.js";
export { isText, joinedParts, lazyMessage, type LazyMessage } from "./rewrite/lazy-message.js";
export { moduleLogger, type ModuleLogger } from "./rewrite/module-logger.js";
export { isSettledAbove } from "./rewrite/settled.js";
export { branchOf, equality, equalityTests, haveDistinctKeys, isThereAbove, type Branch, type EqualityTests } from "./rewrite/dispatch.js";
export type { TestNames } from "./rewrite/unittest-asserts.js";
export { covers, translatedTestCase, type TranslatedTestCase } from "./rewrite/test-case.js";
export { importsInstead } from "./rewrite/imports-instead.js";
export { FIND, projectTable, README, type Arguments, type Value } from "./rewrite/project-table.js";
