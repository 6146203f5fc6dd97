/** What hovers say of Numba: compiled functions, ufuncs, parallel loops, kernels. */

import {
  asCall,
  asFor,
  asFunction,
  callOf,
  defineConstructs,
  dottedName,
  functionAround,
  textValue,
  type Call,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "@numba.jit",
    guide: "jit-numba",
    at: [{ name: "numba.jit" }],
    says: "Compiles at the first call, once for every combination of argument types, so time the second call. Since 0.59 `nopython` is the default and code that it cannot compile raises instead of running slowly; only `forceobj=True` still asks for object mode. Machine code lives in memory unless `cache=True` keeps it on disk.",
    here(node) {
      const value = callOf(node)?.keywords.get("nopython")?.kind;
      if (value === "true") return "`nopython=True` is the default since 0.59.";
      return value === "false" ? "`nopython=False` has no effect since 0.59 and warns." : nestedNote(node);
    },
    example: "import numba\n\n@numba.‸jit\ndef double(x):\n    return 2 * x\n",
    unlike: ["import jax\n\n@jax.‸jit\ndef double(x):\n    return 2 * x\n"],
  },
  {
    name: "@numba.njit",
    guide: "jit-numba",
    at: [{ name: "numba.njit" }],
    says: "Loops over numbers and NumPy arrays become machine code; pandas, classes and lists of mixed types do not compile and raise. Three things differ from Python without a word: integers wrap around at 64 bits, an index out of range reads foreign memory unless `boundscheck=True`, and a global keeps the value it had when the function was compiled.",
    here: njitNote,
    example: "from numba import njit\n\n@‸njit\ndef double(x):\n    return 2 * x\n",
    unlike: ["def njit(function):\n    return function\n\n@‸njit\ndef double(x):\n    return 2 * x\n"],
  },
  {
    name: "@numba.vectorize",
    guide: "numba-parallel-gpu",
    at: [{ name: "numba.vectorize" }],
    says: "Turns a function over scalars into a ufunc: it broadcasts and has `reduce` and `out=`. For a million elements it was 150 to 370 times faster than `np.vectorize` (Numba 0.68). Given signatures are tried in their order, so a float64 one in front takes integers too. The targets parallel and cuda need signatures.",
    here: targetNote,
    example: "from numba import vectorize\n\n@‸vectorize\ndef gap(a, b):\n    return abs(a - b)\n",
    unlike: ["import numpy as np\n\ngap = np.‸vectorize(abs)\n"],
  },
  {
    name: "numba.prange",
    guide: "numba-parallel-gpu",
    at: [{ name: "numba.prange" }],
    says: "Spreads its turns over the cores, but only under `@njit(parallel=True)`; elsewhere it is a `range`. Reductions such as `total += x` and `best = max(best, x)` are safe, while `if x > best: best = x` compiles and gives wrong answers (seen with 0.68). Only the outermost is split, and float sums may differ in their last digits.",
    here: rangeNote,
    example:
      "from numba import njit, prange\n\n@njit(parallel=True)\ndef total(values):\n    result = 0.0\n    for i in ‸prange(values.size):\n        result += values[i]\n    return result\n",
    unlike: ["from numba import njit\n\n@njit\ndef count(n):\n    for i in ‸range(n):\n        pass\n"],
  },
  {
    name: "@cuda.jit",
    guide: "numba-parallel-gpu",
    at: [{ name: "numba.cuda.jit" }],
    says: "A kernel returns nothing and is launched with a shape, `kernel[blocks, threads](…)`. The grid is mostly larger than the data, so test the index against the size first. A launch returns at once: call `cuda.synchronize()` before reading a clock. The target inside Numba is deprecated; install `numba-cuda`, which keeps the import.",
    here: (node) =>
      callOf(node)?.keywords.get("device")?.kind === "true"
        ? "A device function: called from kernels only, and it may return a value."
        : undefined,
    example:
      "from numba import cuda\n\n@cuda.‸jit\ndef scale(values):\n    i = cuda.grid(1)\n    if i < values.size:\n        values[i] *= 2\n",
    unlike: ["class cuda:\n    jit = staticmethod(abs)\n\ncuda.‸jit(1)\n"],
  },
  {
    name: "cuda.to_device",
    guide: "numba-parallel-gpu",
    at: [{ name: "numba.cuda.to_device" }],
    says: "Copies an array to the GPU, once and where you can see it. A host array given to a kernel is copied there and back at each launch, which can cost more than the kernel. Keep data there between kernels, and fetch the result with `copy_to_host()`.",
    here: (node, { facts }) => (facts.loopAround(node) ? "In a loop: one transfer for each turn." : undefined),
    example: "from numba import cuda\n\ndef send(values):\n    return cuda.‸to_device(values)\n",
  },
]);

/** The function that a decorator stands on. */
function decorated(node: Node) {
  const decorator = node.ancestor("decorator");
  return decorator?.parent ? asFunction(decorator.parent) : undefined;
}

function nestedNote(node: Node): string | undefined {
  const def = decorated(node);
  return def && functionAround(def.outer)
    ? "Inside a function: each call of that one makes a new function to compile."
    : undefined;
}

const isTrue = (call: Call | undefined, name: string) => call?.keywords.get(name)?.kind === "true";

function njitNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  const def = decorated(node);
  const hasParallelLoop = def?.body
    .descendants("call")
    .some((it) => facts.nameOf(it.field("function")!) === "numba.prange");
  if (def && isTrue(call, "parallel") && !hasParallelLoop)
    return "`parallel=True` without `prange`: only expressions on whole arrays are split.";
  if (isTrue(call, "fastmath"))
    return "`fastmath=True` may reorder sums and takes it that no value is NaN or infinite.";
  return nestedNote(node);
}

function targetNote(node: Node): string | undefined {
  const call = callOf(node);
  const target = textValue(call?.keywords.get("target"));
  if (!call || call.hasSplat || call.args.length > 0 || call.keywords.has("ftylist_or_function")) return undefined;
  return target === "parallel" || target === "cuda"
    ? `No signatures for the target ${target}: the first call raises.`
    : undefined;
}

function rangeNote(node: Node, { facts }: File): string | undefined {
  const isParallelLoop = (it: Node) => {
    const call = asCall(asFor(it)?.iterable);
    return call !== undefined && facts.nameOf(call.callee) === "numba.prange";
  };
  if (facts.loopsAround(dottedName(node)).some(isParallelLoop)) return "Within another `prange`: runs serially.";
  const def = asFunction(functionAround(node));
  const compilers =
    def?.decorators.filter((it) =>
      ["numba.njit", "numba.jit"].includes(facts.nameOf(asCall(it)?.callee ?? it) ?? ""),
    ) ?? [];
  const [only, more] = compilers;
  const call = asCall(only);
  return only && !more && !call?.hasSplat && !call?.keywords.has("parallel")
    ? "The function is compiled without `parallel=True`, so this is a plain `range`."
    : undefined;
}
