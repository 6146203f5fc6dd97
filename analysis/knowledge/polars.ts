/** Facts about Polars, kept by hand: what the annotations of polars 2.1.0 say, as far as code for 1.x agrees. */

import type { LibraryFacts } from "./library.js";
import { constructors, lists, moved, spread } from "./table.js";

/** Of frames and of lazy frames. */
const STEPS =
  "bottom_k cast clear clone count drop drop_nans drop_nulls explode fill_nan fill_null filter gather_every head interpolate join join_asof join_where limit " +
  "match_to_schema max mean median merge_sorted min null_count quantile remove rename reverse select select_seq set_sorted shift slice sort sql std sum tail " +
  "top_k unique unnest unpivot melt with_columns with_columns_seq with_row_index with_row_count var update";
const OWN_STEPS =
  "corr describe extend hstack insert_column map_columns map_rows pivot product rechunk replace_column sample shrink_to_fit to_dummies transpose unstack upsample vstack";
const SERIES =
  "abs alias append cast ceil clear clip clone cum_max cum_min cum_prod cum_sum diff drop_nans drop_nulls exp explode fill_nan fill_null filter floor gather " +
  "gather_every head interpolate is_between is_duplicated is_finite is_in is_infinite is_nan is_not_nan is_not_null is_null is_unique limit log map_elements " +
  "mode pct_change rank rechunk rename replace replace_strict reverse rolling_max rolling_mean rolling_min rolling_std rolling_sum round sample set_sorted " +
  "shift shuffle sign slice sort sqrt tail top_k unique";
/** Nearly all that an expression has gives another one. */
const EXPRESSIONS =
  "abs add alias all and_ any append arg_max arg_min arg_sort backward_fill bottom_k cast ceil clip count cum_count cum_max cum_min cum_prod cum_sum cut diff " +
  "div dot drop_nans drop_nulls eq ewm_mean ewm_std exclude exp explode fill_nan fill_null filter first flatten floor floordiv forward_fill gather gather_every ge " +
  "gt hash head implode interpolate is_between is_duplicated is_finite is_first_distinct is_in is_infinite is_last_distinct is_nan is_not_nan is_not_null is_null " +
  "is_unique kurtosis last le len limit log log10 log1p lt map_batches map_elements max max_by mean median min min_by mod mode mul n_unique ne neg not_ null_count " +
  "or_ otherwise over pct_change pow product qcut quantile rank repeat_by replace replace_strict reshape reverse rle_id rolling rolling_corr rolling_kurtosis rolling_map " +
  "rolling_max rolling_mean rolling_mean_by rolling_median rolling_min rolling_quantile rolling_skew rolling_std rolling_std_by rolling_sum rolling_var round sample " +
  "search_sorted set_sorted shift shuffle sign sin skew slice sort sort_by sqrt std sub sum tail tan tanh then to_physical top_k truediv unique unique_counts " +
  "value_counts var when xor";
const AGGREGATES = "agg all first head last len map_groups max mean median min n_unique quantile sum tail";

export const POLARS = (): LibraryFacts => ({
  returns: [
    ...constructors({ polars: "DataFrame LazyFrame Series" }),
    ...spread({
      polars: {
        "polars.DataFrame":
          "read_avro read_clipboard read_csv read_database_uri read_delta read_ipc read_ipc_stream read_json read_ndjson read_parquet from_dict from_dicts " +
          "from_numpy from_records json_normalize",
        "polars.LazyFrame": "scan_csv scan_delta scan_iceberg scan_ipc scan_ndjson scan_parquet scan_pyarrow_dataset",
        "polars.Expr":
          "col lit when all_horizontal any_horizontal sum_horizontal min_horizontal max_horizontal mean_horizontal concat_str concat_list concat_arr element " +
          "exclude format nth len count first last mean median sum min max std var n_unique date datetime duration implode cum_sum map_batches",
      },
      "polars.DataFrame": {
        self: `${STEPS} ${OWN_STEPS}`,
        "polars.Series":
          "drop_in_place fold get_column hash_rows is_duplicated is_unique max_horizontal mean_horizontal min_horizontal sum_horizontal to_series to_struct",
        "list[polars.Series]": "get_columns",
        "iterator[polars.Series]": "iter_columns",
        "iterator[polars.DataFrame]": "iter_slices",
        "polars.GroupBy": "group_by groupby group_by_dynamic rolling",
        "polars.LazyFrame": "lazy",
        bool: "equals is_empty",
        int: "get_column_index n_unique write_database n_chunks",
        "list[dict]": "to_dicts",
        "numpy.ndarray": "to_numpy",
        "pandas.DataFrame": "to_pandas",
        list: "rows",
        tuple: "row",
        iterator: "iter_rows",
        None: "write_avro write_parquet",
        "?": "item pipe to_dict write_csv write_json write_ndjson partition_by",
      },
      "polars.LazyFrame": {
        self: `${STEPS} cache inspect lazy first last map_batches pipe_with_schema`,
        "polars.DataFrame": "collect describe fetch",
        "polars.LazyGroupBy": "group_by groupby group_by_dynamic rolling",
        str: "explain",
        "?": "pipe collect_async sink_csv sink_parquet sink_ndjson sink_ipc",
      },
      "polars.Expr": { self: EXPRESSIONS, "?": "pipe" },
      "polars.GroupBy": { "polars.DataFrame": AGGREGATES },
      "polars.LazyGroupBy": { "polars.LazyFrame": AGGREGATES },
      "polars.Series": {
        self: SERIES,
        int: "len n_chunks n_unique null_count count",
        bool: "equals has_nulls is_empty",
        "polars.DataFrame": "describe to_dummies to_frame value_counts",
        list: "to_list",
        "numpy.ndarray": "to_numpy",
        "pandas.Series": "to_pandas",
        "?": "all any first last item max mean median min std sum var",
      },
    }),
  ],
  given: spread({
    polars: { "/0: element[polars.DataFrame, polars.LazyFrame, polars.Series]": "concat" },
    "polars.LazyFrame": { "background: ?": "collect" },
  }),
  attributes: spread({
    "polars.DataFrame": { "tuple[int, int]": "shape", int: "height width", "list[str]": "columns" },
    "polars.Series": { str: "name", "tuple[int]": "shape" },
  }),
  aliases: moved({
    polars: {
      "polars.dataframe": "DataFrame",
      "polars.dataframe.frame": "DataFrame",
      "polars.lazyframe": "LazyFrame",
      "polars.lazyframe.frame": "LazyFrame",
      "polars.series": "Series",
      "polars.series.series": "Series",
    },
  }),
  mutators: lists({
    "polars.DataFrame": "drop_in_place extend insert_column replace_column hstack vstack __setitem__",
    "polars.LazyFrame": "",
    "polars.Series": "append extend __setitem__ rename",
  }),
});
