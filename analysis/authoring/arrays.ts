/** Arrays and tables: loops over NumPy arrays, parallel loops, columns of pandas. */

export {
  arrayExpression,
  elementwise,
  inside,
  type ArrayExpression,
  type Elementwise,
  SMALL_TYPES,
} from "../rewrite/elementwise.js";
export {
  elementwiseAround,
  isElementwise,
  isElementwiseFunction,
  type ElementwiseAround,
} from "../rewrite/elementwise-around.js";
export { arrayLoop, type ArrayLoop } from "../rewrite/array-loop.js";
export { elementLoop, type ElementLoop, type LoopResult } from "../rewrite/element-loop.js";
export { arrayShape, isNewArray, type ArrayShape } from "../rewrite/array-shape.js";
export { isOnlyRead, mayBeView } from "../rewrite/array-uses.js";
export { isLastOfOwn } from "../rewrite/own-value.js";
export { arrayStatements, type ArrayStatements, expressionsOf, isTranslatable } from "../rewrite/array-statements.js";
export { asProduct, axesOf, type Axes, type MatrixProduct } from "../rewrite/matrix-product.js";
export { formOf, metricOf, namedMetric, type RowNames, type RowRole } from "../rewrite/named-metric.js";
export { holdsNumbers, shapeDoubt } from "../rewrite/array-numbers.js";
export { ownsItsMemory, mayWrapAround, memoryOf, parallelDoubts } from "../rewrite/parallel-turns.js";
export { isRowWise, totalAround, type Total } from "../rewrite/adding-up.js";
export { isUnknownToNumba, isWholeInNumba, isWholeMethodInNumba } from "../knowledge/numba-support.js";
export { transformPlace } from "../knowledge/torchvision.js";
export { FITTED_ARRAY } from "../knowledge/sklearn.js";
export { FRAME_NAMES, SERIES_NAMES } from "../knowledge/pandas-names.js";
export {
  asNjit,
  isJit,
  isKernel,
  isParallelJit,
  mayRunObjects,
  numbaDecorator,
  type NumbaDecorator,
} from "../rewrite/numba-decorators.js";
export {
  appliedTo,
  lookUpIn,
  appliedWeight,
  called,
  shownCall,
  APPLYING,
  APPLYING_WORDS,
  casesOfBody,
  functionGiven,
  hasRowPerGroup,
  seriesEvidence,
  statementsRun,
  type Applied,
  type Case,
  type GivenFunction,
} from "../rewrite/applied-function.js";
export { looksIn, PARSERS, type ColumnForm, type Deed, type Work } from "../rewrite/column-work.js";
export { becomesColumnOf, divides, leastAround } from "../rewrite/column-place.js";
export { columnFix } from "../rewrite/column-fix.js";
export {
  columnByName,
  filterIn,
  frameColumn,
  frameEvidence,
  groupedOf,
  groupParameterEvidence,
  isPandasAlone,
  maskEvidence,
  rowLoop,
  type Filter,
  type FrameColumn,
  type Grouped,
  type RowLoop,
} from "../rewrite/frames.js";
export { begunFrame, freshRows, grownFrame, growthWeight, type Begun } from "../rewrite/frame-growth.js";
export { expressionWork, polarsForm, type PolarsForm, type PolarsOptions } from "../rewrite/polars-form.js";
export { choosesPart, COLUMN_OPTIONS, readsMemory, ROW_OPTIONS } from "../rewrite/table-reading.js";
export { askedPerTurn, askedTogether, madeBy, originOf, rootOf, type AskedPerTurn } from "../rewrite/lazy-result.js";
export { sparkEvidence } from "../rewrite/spark.js";
