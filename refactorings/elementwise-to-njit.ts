/** A function that only loops and reckons over numbers and arrays is compiled by Numba, or runs as it is where Numba is not installed. */

import {
  asFunction,
  belowImports,
  defineRefactoring,
  importName,
  isCompilable,
  lineAbove,
  type Edit,
  type File,
  type FunctionDef,
} from "../analysis/authoring.js";

export default defineRefactoring({
  title: "Numeric function to Numba-compiled version with fallback",
  guide: "jit-numba",
  kind: "rewrite",
  on: ["function_definition"],
  reach: "head",

  example: {
    before: `
import numpy as np

def ‸smooth(values: np.ndarray, weight: float) -> np.ndarray:
    result = np.empty_like(values)
    level = values[0]
    for i in range(values.size):
        level += weight * (values[i] - level)
        result[i] = level
    return result
`,
    after: `
import numpy as np

try:
    from numba import njit
except ImportError:
    def njit(function):
        return function

@njit
def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    result = np.empty_like(values)
    level = values[0]
    for i in range(values.size):
        level += weight * (values[i] - level)
        result[i] = level
    return result
`,
  },

  find(node, _selection, file): FunctionDef | undefined {
    const { facts } = file;
    const def = asFunction(node);
    return def && isCompilable(def, facts) && edits(def, file) ? def : undefined;
  },

  offer: (def) => `Compile \`${def.name}\` with Numba`,

  doubt(def) {
    const open = def.parameters.filter((it) => !it.annotation).map((it) => `\`${it.name}\``);
    return [
      ...(open.length > 0
        ? [`${open.join(", ")} must be ${open.length > 1 ? "arrays or numbers" : "an array or a number"}, not a list.`]
        : []),
      "Integers have 64 bits and wrap, indexes are not checked, math errors give NaN or inf, and the first call compiles the function or fails with a reason.",
    ].join(" ");
  },

  apply(def, file) {
    const made = edits(def, file);
    return made && { edits: made };
  },
});

const FALLBACK =
  "try:\n    from numba import njit\nexcept ImportError:\n    def njit(function):\n        return function";

/** Where the file imports nothing of Numba yet, it may not be installed. */
function edits(def: FunctionDef, file: File): readonly Edit[] | undefined {
  const njit = importName(file, "numba", "njit", def.node);
  if (!njit) return undefined;
  const isNew = njit.edits.some((it) => it.text.includes("import"));
  const added = isNew ? [belowImports(file, FALLBACK)] : njit.edits;
  return [...added, lineAbove(def.node, `@${njit.name}`)];
}
