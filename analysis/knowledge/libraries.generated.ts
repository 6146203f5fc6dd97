/** The facts of all libraries outside the standard library. */

import type { LibraryFacts } from "./library.js";
import { constructors, spread } from "./table.js";

export const LIBRARIES: readonly LibraryFacts[] = [
  {
    returns: {
      ...spread({
        numpy: { "numpy.ndarray": "array asarray zeros ones empty full arange linspace zeros_like ones_like empty_like full_like concatenate stack vstack hstack append eye identity" },
        "numpy.ndarray": { self: "copy astype reshape ravel flatten transpose", list: "tolist", "numpy.ndarray": "nonzero" },
        pandas: { "pandas.DataFrame": "read_csv read_parquet read_excel read_sql read_json merge", "pandas.Series": "" },
        "pandas.DataFrame": { self: "head tail copy sort_values reset_index merge join dropna fillna drop rename assign query sample", "pandas.DataFrameGroupBy": "groupby" },
        "pandas.Series": { self: "head tail copy sort_values dropna fillna", "pandas.SeriesGroupBy": "groupby" },
        torch: { "torch.Tensor": "tensor zeros ones empty full rand randn arange linspace cat stack zeros_like ones_like" },
        "torch.Tensor": { self: "to cpu cuda detach clone view reshape float", "numpy.ndarray": "numpy" },
      }),
      ...constructors({ pandas: "DataFrame Series", "torch.utils.data": "DataLoader", "torch.nn": "Linear Conv2d Sequential" }),
    },
    bases: { "torch.nn.Linear": ["torch.nn.Module"], "torch.nn.Conv2d": ["torch.nn.Module"], "torch.nn.Sequential": ["torch.nn.Module"] },
    aliases: { "pandas.core.frame.DataFrame": "pandas.DataFrame", "pandas.core.series.Series": "pandas.Series", "torch.utils.data.dataloader.DataLoader": "torch.utils.data.DataLoader" },
    mutators: { "numpy.ndarray": ["sort", "fill", "resize", "put", "partition", "setflags", "setfield", "byteswap", "__setitem__"], "pandas.DataFrame": ["insert", "pop", "update", "__setitem__", "__delitem__"] },
    pure: [],
    blocking: {},
  },
];
