/**
 * What code does with a value that shows what the value is: methods, attributes, names. The figures are how often a sign was right, measured on
 * annotated parameters of thirty repositories with the annotation taken as the truth (November 2026); those without a figure only agree or contradict.
 */

export type Likeness =
  | "frame"
  | "series"
  | "array"
  | "tensor"
  | "module"
  | "sequence"
  | "mapping"
  | "text"
  | "device"
  | "hashable";

/** One letter for each kind, so that the tables stay readable. */
export const LETTERS: Readonly<Record<string, Likeness>> = {
  f: "frame",
  s: "series",
  a: "array",
  t: "tensor",
  m: "module",
  q: "sequence",
  d: "mapping",
  x: "text",
  v: "device",
};

/** From this precision on one sign is enough. */
export const STRONG = 0.93;

/** A method or attribute: the kinds that have it, and how often it was right about the first of them. */
export type Sign = readonly [kinds: string, precision: number];

export const METHODS: Readonly<Record<string, Sign>> = {
  iterrows: ["f", 1],
  itertuples: ["f", 1],
  set_index: ["f", 1],
  to_csv: ["fs", 1],
  to_parquet: ["f", 0.9],
  reset_index: ["fs", 0.96],
  sort_values: ["fs", 0.82],
  groupby: ["fs", 0.68],
  merge: ["f", 0.8],
  drop_duplicates: ["fs", 0.8],
  pivot_table: ["f", 0.9],
  value_counts: ["sf", 0.7],
  select_dtypes: ["f", 0.9],
  applymap: ["f", 0.9],
  assign: ["f", 0.7],
  to_frame: ["s", 0.9],
  isna: ["fs", 0.6],
  isnull: ["fs", 0.6],
  notna: ["sf", 0.6],
  rolling: ["sf", 0.6],
  dropna: ["fs", 0],
  fillna: ["fs", 0],
  apply: ["fsm", 0],
  head: ["fs", 0],
  tail: ["fs", 0],
  to_numpy: ["fs", 0],
  astype: ["afs", 0],
  unsqueeze: ["t", 0.95],
  permute: ["t", 1],
  detach: ["t", 0.94],
  squeeze: ["ta", 0.89],
  view: ["ta", 0.86],
  contiguous: ["t", 0.93],
  expand: ["t", 0.8],
  expand_as: ["t", 0.9],
  masked_fill: ["t", 0.95],
  scatter_: ["t", 0.9],
  requires_grad_: ["tm", 0.7],
  new_zeros: ["t", 0.9],
  cpu: ["tm", 0.6],
  cuda: ["tm", 0.6],
  to: ["tm", 0.6],
  item: ["tas", 0.6],
  backward: ["t", 0.6],
  numel: ["t", 0.9],
  size: ["t", 0.8],
  dim: ["t", 0.8],
  softmax: ["t", 0.9],
  reshape: ["ta", 0.6],
  flatten: ["ta", 0.5],
  repeat: ["tas", 0.5],
  ravel: ["a", 0.8],
  tobytes: ["a", 0.7],
  tolist: ["ats", 0.5],
  transpose: ["taf", 0.5],
  mean: ["atfs", 0],
  sum: ["atfs", 0],
  std: ["atfs", 0],
  min: ["atfs", 0],
  max: ["atfs", 0],
  any: ["atfs", 0],
  all: ["atfs", 0],
  clip: ["afst", 0],
  named_parameters: ["m", 0.95],
  named_modules: ["m", 0.95],
  named_children: ["m", 0.95],
  state_dict: ["m", 0.7],
  load_state_dict: ["m", 0.7],
  parameters: ["m", 0.85],
  zero_grad: ["m", 0.5],
  forward: ["m", 0.7],
  eval: ["mf", 0.7],
  train: ["m", 0.7],
  modules: ["m", 0.85],
  split: ["xt", 0.94],
  strip: ["x", 0.94],
  lstrip: ["x", 0.94],
  rstrip: ["x", 0.94],
  splitlines: ["x", 0.95],
  startswith: ["x", 0.93],
  endswith: ["x", 0.93],
  lower: ["x", 0.93],
  upper: ["x", 0.93],
  title: ["x", 0.7],
  encode: ["x", 0.7],
  replace: ["xfs", 0.7],
  format: ["x", 0.8],
  join: ["x", 0.7],
  isdigit: ["x", 0.95],
  rsplit: ["x", 0.95],
  partition: ["x", 0.95],
  find: ["x", 0.5],
  append: ["q", 0.89],
  extend: ["q", 0.85],
  insert: ["qf", 0.7],
  pop: ["qdf", 0],
  sort: ["qat", 0.5],
  reverse: ["q", 0.7],
  remove: ["q", 0],
  clear: ["qd", 0],
  copy: ["afsqd", 0],
  count: ["qxfs", 0],
  index: ["qx", 0],
  items: ["dfs", 0.85],
  keys: ["df", 0.85],
  values: ["d", 0.7],
  setdefault: ["d", 0.9],
  get: ["dfs", 0.6],
  update: ["d", 0],
};

/** Methods that are given `columns=`: 19 of 19 annotated parameters in the code bases. */
export const WITH_COLUMNS: Readonly<Record<string, Sign>> = {
  drop: ["f", 0.95],
  rename: ["f", 0.95],
};

export const ATTRIBUTES: Readonly<Record<string, Sign>> = {
  loc: ["fs", 0.98],
  iloc: ["fs", 0.89],
  iat: ["fs", 0.9],
  columns: ["f", 0.8],
  dtypes: ["f", 0.8],
  empty: ["fs", 0.7],
  index: ["fs", 0],
  values: ["fs", 0],
  str: ["s", 0.6],
  dt: ["s", 0.6],
  shape: ["atfs", 0.5],
  ndim: ["atfs", 0.5],
  dtype: ["ats", 0],
  size: ["afs", 0],
  T: ["atf", 0],
  nbytes: ["at", 0],
  device: ["tm", 0.8],
  grad: ["t", 0.8],
  requires_grad: ["t", 0.9],
  grad_fn: ["t", 0.9],
  is_cuda: ["t", 0.8],
  is_leaf: ["t", 0.8],
  data: ["t", 0],
  training: ["m", 0.6],
  real: ["at", 0],
  type: ["v", 0],
};

/** Names of places. A name alone is never enough. */
export const NAMES: readonly (readonly [RegExp, kind: Likeness, precision: number])[] = [
  [/^(_?df\d?|.+_df|df_.+)$/, "frame", 0.91],
  [/(^|_)series$/, "series", 0.6],
  [/(^|_)data_?frame$/, "frame", 0.96],
  [/^(text|.+_text|string|.+_str|filename|file_name|prefix|suffix|url|.+_url)$/, "text", 0.92],
  [/^(tensor|.+_tensor|logits|hidden_states|input_ids|attention_mask)$/, "tensor", 0.9],
  [/^(_?model|net|network|module|backbone|encoder|decoder|generator|discriminator)$/, "module", 0.6],
  [/(^|_)device$/, "device", 0.8],
  [/^(mapping|.+_dict|.+_map|kwargs|.+_kwargs|params|config)$/, "mapping", 0.7],
  [/^(.+_list|items|lines|words|tokens|names|paths|files|rows)$/, "sequence", 0.7],
];
