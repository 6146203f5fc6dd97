/** What hovers say of pandas: rows, queries, accessors, filling, merging. */

import {
  asAttribute,
  asMethodCall,
  asString,
  asSubscript,
  callOf,
  defineConstructs,
  textValue,
  type File,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "DataFrame.iterrows",
    guide: "pandas",
    at: [{ attribute: "iterrows", of: "pandas.DataFrame" }],
    says: "Builds a Series for every row: ints beside floats come out as floats, and writing to the row does not reach the frame. Over 20,000 rows a column expression was more than 3,000 times as fast and `itertuples` about 30 times (pandas 3.0).",
    here: (node, { facts }) => (facts.loopAround(node) ? "Run again for each turn of the loop around it." : undefined),
    example:
      "import pandas as pd\n\ndef show(orders: pd.DataFrame) -> None:\n    for _, row in orders.‸iterrows():\n        print(row['price'])\n",
    unlike: [
      "class Sheet:\n    def iterrows(self): ...\n\nSheet().‸iterrows()\n",
      "def show(orders: list):\n    orders.‸iterrows()\n",
    ],
  },
  {
    name: "DataFrame.itertuples",
    guide: "pandas",
    at: [{ attribute: "itertuples", of: "pandas.DataFrame" }],
    says: "Yields one named tuple per row and keeps the types of the columns. A column whose name is no identifier, or starts with an underscore, is called by its place, such as `_3`. `zip` over the columns took a third of the time (pandas 3.0), and a column expression next to none.",
    here(node) {
      const call = callOf(node);
      if (!call || call.hasSplat || call.args.length > 0) return undefined;
      if (call.keywords.get("name")?.kind === "none") return "`name=None`: plain tuples, read by position.";
      return call.keywords.has("index") ? undefined : "The first field is the index; `index=False` leaves it out.";
    },
    example:
      "import pandas as pd\n\ndef show(orders: pd.DataFrame) -> None:\n    for row in orders.‸itertuples():\n        print(row.price)\n",
    unlike: [
      "class Sheet:\n    def itertuples(self): ...\n\nSheet().‸itertuples()\n",
      "def show(orders):\n    orders.‸itertuples()\n",
    ],
  },
  {
    name: "DataFrame.query",
    guide: "pandas",
    at: [{ attribute: ["query", "eval"], of: "pandas.DataFrame" }],
    says: "Reads well rather than runs fast: on 100,000 rows it took about twice the time of the mask, and with numexpr installed it was no quicker up to two million rows on two cores (pandas 3.0). Name local variables with `@`; backquotes hold column names with spaces. The text runs as an expression, so never build it from input.",
    here(node) {
      const text = asString(callOf(node)?.args[0]);
      return text?.isFormatted && text.parts.some((it) => typeof it !== "string")
        ? "An f-string: a quote inside a value breaks or changes the expression; write `@name`."
        : undefined;
    },
    example:
      "import pandas as pd\n\ndef dear(orders: pd.DataFrame, limit: float) -> pd.DataFrame:\n    return orders.‸query('price > @limit')\n",
    unlike: [
      "class Shop:\n    def query(self, text): ...\n\nShop().‸query('price > 1')\n",
      "def dear(session):\n    return session.‸query('price')\n",
    ],
  },
  {
    name: ".str accessor",
    guide: "pandas",
    at: [{ attribute: "str", of: ["pandas.Series", "pandas.Index"] }],
    says: "Applies a string method to every value and leaves missing ones missing. On the `str` dtype of pandas 3 `upper` was about 30 times as fast as `apply` with a lambda, on `object` columns 1.4 times. In an object column a value that is no text becomes NaN without a word. `replace` takes literal text unless `regex=True`, while `contains` takes a pattern.",
    example:
      "import pandas as pd\n\ndef names(people: pd.DataFrame) -> pd.Series:\n    return people['name'].‸str.upper()\n",
    unlike: ["text = ‸str(1)\n", "class Cell:\n    str = 'a'\n\nCell().‸str.upper()\n"],
  },
  {
    name: ".dt accessor",
    guide: "pandas",
    at: [{ attribute: "dt", of: "pandas.Series" }],
    says: "Gives the parts of whole date columns in compiled code. It needs a datetime, timedelta or period dtype; on text it raises AttributeError, so parse once with `pd.to_datetime(column, format=…)`. `.dt.date` and `.dt.time` return Python objects, and later steps are slow on those.",
    here: partNote,
    example:
      "import pandas as pd\n\ndef months(orders: pd.DataFrame) -> pd.Series:\n    return orders['day'].‸dt.month\n",
    unlike: ["import datetime as dt\n\nprint(‸dt.date)\n", "class Step:\n    dt = 0.1\n\nprint(Step().‸dt)\n"],
  },
  {
    name: "fillna",
    guide: "pandas",
    at: [{ attribute: "fillna", of: ["pandas.DataFrame", "pandas.Series"] }],
    says: "Returns a filled copy; assign it back to the column. A value that the dtype cannot hold raises TypeError: 0.5 in `Int64`, a new label in a category. `method=` is gone in pandas 3: use `ffill()` and `bfill()`. A mean taken before the split lets test rows leak into training.",
    here: fillNote,
    example:
      "import pandas as pd\n\ndef filled(orders: pd.DataFrame) -> pd.Series:\n    return orders['price'].‸fillna(0)\n",
    unlike: [
      "class Form:\n    def fillna(self, value): ...\n\nForm().‸fillna(0)\n",
      "def filled(orders):\n    return orders.‸fillna(0)\n",
    ],
  },
  {
    name: "pd.merge",
    guide: "pandas",
    at: [{ name: "pandas.merge" }, { attribute: "merge", of: "pandas.DataFrame" }],
    says: 'Joins by hashing, so keys need no sorting, but both sides should have one dtype: int against text raises ValueError. Each duplicate key multiplies rows; `validate="one_to_one"` or `"many_to_one"` raises instead. Missing keys match each other, unlike in SQL.',
    here: mergeNote,
    example:
      "import pandas as pd\n\ndef join(orders: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:\n    return pd.‸merge(orders, people, on='id')\n",
    unlike: [
      "import heapq\n\nheapq.‸merge([1], [2])\n",
      "class Branch:\n    def merge(self, other): ...\n\nBranch().‸merge(None)\n",
    ],
  },
  {
    name: "groupby",
    guide: "pandas",
    at: [{ attribute: "groupby", of: ["pandas.DataFrame", "pandas.Series"] }],
    says: "Only notes the groups; the work is done by what follows. Named aggregates such as `mean` or `agg(total=('price', 'sum'))` run compiled over all groups, while `apply` and `agg` with a Python function call it once for each group. Keys are sorted unless `sort=False`, and rows with a missing key are left out unless `dropna=False`.",
    example:
      "import pandas as pd\n\ndef means(orders: pd.DataFrame) -> pd.Series:\n    return orders.‸groupby('city')['price'].mean()\n",
    unlike: [
      "from itertools import groupby\n\n‸groupby([1, 1, 2])\n",
      "def means(orders):\n    return orders.‸groupby('city')\n",
    ],
  },
  {
    name: "apply",
    guide: "pandas",
    at: [{ attribute: "apply", of: ["pandas.DataFrame", "pandas.Series"] }],
    says: "Calls the function once for each column, with `axis=1` for each row, and on a Series for each element: a Python loop in disguise. With `axis=1` every row becomes a Series of one common dtype first, so integers beside floats turn into floats. Column expressions, `np.where`, `.str`, `.dt` and `map` with a dict do most of it in compiled code.",
    here: applyNote,
    example:
      "import pandas as pd\n\ndef totals(orders: pd.DataFrame) -> pd.Series:\n    return orders.‸apply(sum, axis=1)\n",
    unlike: [
      "class Patch:\n    def apply(self): ...\n\nPatch().‸apply()\n",
      "def totals(orders):\n    return orders.‸apply(sum, axis=1)\n",
    ],
  },
  {
    name: "groupby(…).apply",
    guide: "pandas",
    at: [{ attribute: "apply", of: ["pandas.DataFrameGroupBy", "pandas.SeriesGroupBy"] }],
    says: "Calls the function once for each group, with the group as a frame of its own: a mean of 20,000 groups of ten rows took more than 300 times as long as `mean` (pandas 3.0). Named aggregates (`mean`, `agg(total=('price', 'sum'))`), `transform('mean')` and `rank` work on all groups in compiled code. The shape of the result follows from what the function returns, and from pandas 3 on the function does not get the columns that are grouped by.",
    example:
      "import pandas as pd\n\ndef spans(orders: pd.DataFrame) -> pd.Series:\n    return orders.groupby('city').‸apply(len)\n",
    unlike: [
      "import pandas as pd\n\ndef lengths(orders: pd.DataFrame) -> pd.Series:\n    return orders.groupby('city').‸size()\n",
      "def spans(groups):\n    return groups.‸apply(len)\n",
    ],
  },
  {
    name: "pd.concat",
    guide: "pandas-scale",
    at: [{ name: "pandas.concat" }],
    says: "Copies every part into the new table, so a call in a loop copies the first rows again and again: collect the parts in a list and call it once. The old index is kept, with repetitions, unless `ignore_index=True`. Columns that a part lacks are filled with missing values, which turns integers into floats.",
    here: concatNote,
    example: "import pandas as pd\n\ntable = pd.‸concat([pd.DataFrame({'a': [1]}), pd.DataFrame({'a': [2]})])\n",
    unlike: ["import numpy as np\n\nnp.‸concat([[1], [2]])\n", "def concat(parts): ...\n\n‸concat([])\n"],
  },
]);

function partNote(node: Node): string | undefined {
  const part = asAttribute(node.parent?.parent);
  if (!part || part.object !== node.parent || (part.name !== "date" && part.name !== "time")) return undefined;
  return `\`.dt.${part.name}\` gives an \`object\` column${part.name === "date" ? "; `.dt.normalize()` cuts the time off and stays a datetime" : ""}.`;
}

/** `column.fillna(…)` on something that was just taken out of a frame. */
function fillNote(node: Node, { facts }: File): string | undefined {
  const call = methodCallOf(node);
  if (!call) return undefined;
  if (call.keywords.has("method")) return "`method=` raises TypeError in pandas 3.";
  const isPart = asSubscript(call.object) ?? asAttribute(call.object);
  const frame = asSubscript(call.object)?.value ?? asAttribute(call.object)?.object;
  const isChained =
    isPart && frame && facts.isA(frame, "pandas.DataFrame") && call.keywords.get("inplace")?.kind === "true";
  return isChained
    ? "Chained and in place: under pandas 3 this fills a copy, warns, and the frame stays as it was."
    : undefined;
}

function applyNote(node: Node): string | undefined {
  const axis = methodCallOf(node)?.keywords.get("axis")?.text;
  return axis === "1" || axis === '"columns"' || axis === "'columns'" ? "One Python call for each row." : undefined;
}

function concatNote(node: Node, { facts }: File): string | undefined {
  const loop = callOf(node) && facts.loopAround(node);
  return loop ? "In a loop: every turn copies what it is given." : undefined;
}

function mergeNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  const { args, keywords } = call;
  const isMethod = facts.nameOf(call.callee) !== "pandas.merge";
  const places = args.length + (isMethod ? 1 : 0);
  const how = textValue(keywords.get("how") ?? args[isMethod ? 1 : 2]);
  if (how === "cross") return "Every row with every row: n × m rows.";
  const hasKey =
    places > 3 || [...keywords.keys()].some((it) => it === "on" || it.startsWith("left_") || it.startsWith("right_"));
  return hasKey
    ? undefined
    : "No key is named: it joins on all columns that both sides have, and a new one changes the result.";
}

function methodCallOf(node: Node): MethodCall | undefined {
  return asMethodCall(callOf(node)?.node);
}
