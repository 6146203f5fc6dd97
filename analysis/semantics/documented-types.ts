/** The types that words in docstrings stand for: whole, known words only. Prose says nothing. */

import { join, type, type Maybe } from "./types.js";

/** What everybody writes for one type of Python's own. */
const WORDS: Readonly<Record<string, string>> = {
  str: "str",
  string: "str",
  int: "int",
  integer: "int",
  float: "float",
  bool: "bool",
  boolean: "bool",
  bytes: "bytes",
  list: "list",
  List: "list",
  dict: "dict",
  Dict: "dict",
  dictionary: "dict",
  set: "set",
  Set: "set",
  tuple: "tuple",
  Tuple: "tuple",
  None: "None",
  "pathlib.Path": "pathlib.Path",
};

/** Names of libraries, full or by the name that everybody imports the library by. */
const QUALIFIED: Readonly<Record<string, string>> = {
  "pandas.DataFrame": "pandas.DataFrame",
  "pd.DataFrame": "pandas.DataFrame",
  "pandas.Series": "pandas.Series",
  "pd.Series": "pandas.Series",
  "numpy.ndarray": "numpy.ndarray",
  "np.ndarray": "numpy.ndarray",
  "torch.Tensor": "torch.Tensor",
  "torch.FloatTensor": "torch.Tensor",
  "torch.LongTensor": "torch.Tensor",
  "torch.BoolTensor": "torch.Tensor",
  "torch.IntTensor": "torch.Tensor",
  "torch.nn.Module": "torch.nn.Module",
  "nn.Module": "torch.nn.Module",
  "torch.device": "torch.device",
  "tf.Tensor": "tensorflow.Tensor",
  "tensorflow.Tensor": "tensorflow.Tensor",
};

/** Libraries whose objects go by the same names and methods as those of another: where one is imported, a name or a method alone says nothing. */
export const RIVALS: Readonly<Record<string, readonly string[]>> = {
  pandas: ["polars", "pyspark", "dask", "modin", "cudf", "vaex", "ibis", "xarray", "databricks"],
  numpy: ["cupy", "jax", "mxnet", "dask", "xarray"],
  torch: ["tensorflow", "keras", "jax", "paddle", "mxnet", "mindspore", "oneflow", "tinygrad"],
};

/** Bare names: meant only where their library is imported, and no rival. */
const BARE: Readonly<Record<string, readonly [type: string, library: string]>> = {
  DataFrame: ["pandas.DataFrame", "pandas"],
  Series: ["pandas.Series", "pandas"],
  ndarray: ["numpy.ndarray", "numpy"],
  Tensor: ["torch.Tensor", "torch"],
};

/** @param imports whether the file imports a module, by its top-level name */
export function documentedType(words: string, imports: (module: string) => boolean): Maybe {
  const text = words
    .replaceAll(/\s+/g, " ")
    .replaceAll(/:(?:class|obj|py:class|mod):/g, "")
    .replaceAll(/[`~]/g, "")
    .split(/,? ?\*?optional\*?\b/, 1)[0]!
    .split(/[,;]? ?\(?\b(?:defaults?(?: to| ?[=:])|default\b|by default)/, 1)[0]!
    .split(/ (?:of|with) shape\b/, 1)[0]!
    .split(/[,;]? ?shape ?[=:(]/, 1)[0]!
    .replace(/[.,;:] ?$/, "")
    .trim();
  return alternatives(text, imports, 0);
}

function alternatives(text: string, imports: (module: string) => boolean, depth: number): Maybe {
  if (depth > 4 || text.length > 120) return undefined;
  const [, optional] = /^(?:typing\.)?Optional\[(.+)\]$/s.exec(text) ?? [];
  if (optional !== undefined) return alternatives(optional, imports, depth + 1);
  const parts = splitOutside(text);
  return parts.length > 2
    ? undefined
    : parts.map((it) => single(it.trim(), imports, depth)).reduce((a, b) => (a === undefined ? a : join(a, b)));
}

/** At ` or ` and `|`, outside of brackets. */
function splitOutside(text: string): readonly string[] {
  return /[[(]/.test(text) ? [text.replace(/ ?(?:\bor\b|\|) ?None$/, "")] : text.split(/ or | ?\| ?/);
}

function single(text: string, imports: (module: string) => boolean, depth: number): Maybe {
  const builtin = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
  if (builtin !== undefined) return type(builtin);
  if (Object.hasOwn(QUALIFIED, text)) return type(QUALIFIED[text]!);
  if (Object.hasOwn(BARE, text)) {
    const [name, library] = BARE[text]!;
    return imports(library) && !RIVALS[library]!.some(imports) ? type(name) : undefined;
  }
  // One of several words that are written out.
  if (/^\{\s*(?:'[^']*'|"[^"]*")(?:\s*(?:,\s*)?(?:'[^']*'|"[^"]*"))*\s*,?\}$/.test(text)) return type("str");
  const [, head = "", of = ""] = /^(\w+)(?:\s+of\s+(?=\S)|\[|\()(.+?)[\])]?$/s.exec(text) ?? [];
  const outer = Object.hasOwn(CONTAINERS, head) ? CONTAINERS[head]! : undefined;
  if (outer === undefined) return undefined;
  if (outer === "tuple") return type("tuple");
  const items = outer === "dict" ? /^(\w+),\s*([\w.]+)$/.exec(of)?.slice(1) : [of.replace(/s$/, "")];
  if (!items) return type(outer, undefined, undefined);
  return type(outer, ...items.map((it) => alternatives(it === "" ? "?" : it, imports, depth + 1)));
}

const CONTAINERS: Readonly<Record<string, string>> = {
  list: "list",
  List: "list",
  set: "set",
  Set: "set",
  dict: "dict",
  Dict: "dict",
  tuple: "tuple",
  Tuple: "tuple",
};
