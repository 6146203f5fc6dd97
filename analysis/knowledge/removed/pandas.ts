/** What pandas took out, mostly with 1.0, 2.0 and 3.0; checked by scripts/removed.py. */

import { DROP, drop, like, same, words, type RemovedTable } from "./table.js";

const CONCAT = words("collect the parts in a list and call `pd.concat` once");
const ROLLING = words("call `rolling(…)`, `expanding()` or `ewm(…)` of the object");
/** For days and longer; hours and less have the same letters for periods. */
const PERIODS = "periods keep the letter, and pandas before 2.2 has only that";
const BAD_LINES = words("`on_bad_lines=` takes its place");

/** Where the letters of a frequency are given. */
const RESAMPLE = "pandas.{DataFrame|Series}.resample(rule@0";
const ASFREQ = "pandas.{DataFrame|Series}.asfreq(freq@0";
const RANGE = "pandas.{date_range|Grouper}(freq";
const ROUND = "pandas.Series.dt.{floor|ceil|round}(freq@0";
const WINDOW = "pandas.{DataFrame|Series}.rolling(window@0";

/** Hours and less: the old letter, and the present one. */
const CLOCK = ["H h", "T min", "S s", "L ms", "U us", "N ns"];

/** Letters that pandas 3 took out, one entry for each place; what has to be known before they are changed. */
function letters(
  change: string,
  places: readonly string[],
  note = "it is there from pandas 2.2 on",
): RemovedTable["removals"][number][] {
  const [old, now] = change.split(" ");
  return places.map((place) => [`${place}='#${old}')`, "3.0", like(`'#${now}'`, note)]);
}

/** What pandas took out, mostly with 1.0, 2.0 and 3.0: the table. */
export const PANDAS_REMOVED: RemovedTable = {
  roots: { pandas: ["pandas", "pandas"] },
  source: { pandas: "https://pandas.pydata.org/docs/whatsnew/v*.0.html" },
  objects: {
    "pandas.DataFrame": "frame",
    "pandas.Series": "series",
    "pandas.Series.dt": "accessor",
    "pandas.DatetimeIndex": "word",
    "pandas.Index": /(^|[._])(index|columns|idx)$/i,
    "pandas.ExcelWriter": /(?<!\w)(?=\w*writer)\w+$/i,
    "pandas.DataFrameGroupBy": "made",
    "pandas.SeriesGroupBy": "made",
  },
  uncalled: /^(ix|ftypes|is_copy|blocks|is_monotonic|is_all_dates|week|weekofyear)$/,
  // Polars has methods of these names.
  neverCalled: /^(week|weekofyear)$/,
  kept: { value: /^#B?[MQAY](-\w+)?$/, by: /period_range|to_period|\bPeriod(Index)?\b|["']period["']/ },
  removals: [
    ["pandas.{DataFrame|Series}.append", "2.0", CONCAT],
    ["pandas.{DataFrame|Series}.iteritems", "2.0", same("items")],
    ["pandas.{DataFrame|Series}.ix", "1.0", words("write `.loc` for labels or `.iloc` for positions")],
    ["pandas.{DataFrame|Series}.mad", "2.0", words("write `(x - x.mean()).abs().mean()`")],
    ["pandas.DataFrame.lookup", "2.0", words("`pd.factorize` with `reindex` and a NumPy index takes its place")],
    ["pandas.{DataFrame|Series}.swapaxes", "3.0", words("`transpose` takes its place")],
    ["pandas.DataFrame.applymap", "3.0", like("map", "it is there from pandas 2.1 on")],
    ["pandas.{DataFrame|Series}.tshift", "2.0", words("`shift` with `freq=` takes its place")],
    ["pandas.{DataFrame|Series}.slice_shift", "2.0", words("`shift` takes its place")],
    ["pandas.{DataFrame|Series}.pad", "3.0", same("ffill")],
    ["pandas.{DataFrame|Series}.backfill", "3.0", same("bfill")],
    ["pandas.{DataFrame|Series}.first", "3.0", words("choose the rows with `.loc`")],
    ["pandas.{DataFrame|Series}.last", "3.0", words("choose the rows with `.loc`")],
    ["pandas.{DataFrame|Series}.bool", "3.0", words("write `bool(x.item())`")],
    ["pandas.{DataFrame|Series}.{as_matrix|get_values}", "1.0", words("write `to_numpy()`")],
    ["pandas.{DataFrame|Series}.{get_value|set_value}", "1.0", words("`.at` and `.iat` take its place")],
    ["pandas.{DataFrame|Series}.as_blocks", "1.0", words("")],
    ["pandas.{DataFrame|Series}.convert_objects", "1.0", words("`infer_objects` or `pd.to_numeric` takes its place")],
    ["pandas.{DataFrame|Series}.consolidate", "1.0", words("")],
    ["pandas.{DataFrame|Series}.{get_dtype_counts|get_ftype_counts}", "1.0", words("write `dtypes.value_counts()`")],
    ["pandas.{DataFrame|Series}.ftypes", "1.0", like("dtypes", "the values are types, without `:dense`")],
    ["pandas.{DataFrame|Series}.is_copy", "1.0", words("")],
    ["pandas.{DataFrame|Series}.to_panel", "1.0", words("xarray takes its place")],
    ["pandas.{DataFrame|Series}.to_sparse", "1.0", words("`astype(pd.SparseDtype(…))` takes its place")],
    ["pandas.{DataFrame|Series}.to_dense", "1.0", words("`.sparse.to_dense()` takes its place")],
    ["pandas.{DataFrame|Series}.reindex_axis", "1.0", words("`reindex` or `.loc` takes its place")],
    ["pandas.{DataFrame|Series}.{clip_upper|clip_lower}", "1.0", words("write `clip(upper=…)` or `clip(lower=…)`")],
    ["pandas.{DataFrame|Series}.blocks", "1.0", words("")],
    ["pandas.Series.{from_csv|from_array}", "1.0", words("write `pd.read_csv(…)` or `pd.Series(…)`")],
    ["pandas.DataFrame.{from_csv|from_items}", "1.0", words("write `pd.read_csv(…)` or `pd.DataFrame(dict(items))`")],
    ["pandas.DataFrame.icol", "0.22", words("write `.iloc[:, i]`")],
    ["pandas.{DataFrame|Series}.irow", "0.22", words("write `.iloc[i]`")],
    ["pandas.Series.{ravel|view}", "3.0", words("`to_numpy()` or `astype` takes its place")],
    ["pandas.Series.is_monotonic", "2.0", same("is_monotonic_increasing")],
    ["pandas.Index.is_monotonic", "2.0", same("is_monotonic_increasing")],
    ["pandas.Index.{is_all_dates|is_mixed|is_type_compatible}", "2.0", words("")],
    [
      "pandas.Index.{is_boolean|is_integer|is_floating|is_numeric|is_object|is_categorical|is_interval}",
      "3.0",
      words("the functions of `pd.api.types` take its place"),
    ],
    ["pandas.Series.dt.{week|weekofyear}", "2.0", words("write `isocalendar().week`")],
    ["pandas.DatetimeIndex.{weekofyear|to_perioddelta}", "2.0", words("write `isocalendar().week`")],
    ["pandas.ExcelWriter.save", "2.0", words("write `close()`, or use it in a `with`")],
    ["pandas.{Panel|Panel4D|WidePanel}", "1.2", words("a DataFrame with a MultiIndex, or xarray, takes its place")],
    ["pandas.{SparseDataFrame|SparseSeries}", "1.2", words("columns of `pd.SparseDtype` take its place")],
    ["pandas.{Int64Index|UInt64Index|Float64Index}", "2.0", words("write `pd.Index(…, dtype=…)`")],
    [
      "pandas.{rolling_mean|rolling_std|rolling_sum|rolling_max|rolling_min|rolling_median|rolling_var|rolling_apply|rolling_corr|rolling_cov|rolling_count|rolling_quantile|rolling_window|rolling_skew|rolling_kurt|ewma|ewmstd|ewmvar|ewmcov|ewmcorr|expanding_mean|expanding_sum|expanding_std|expanding_max|expanding_min|expanding_apply}",
      "0.23",
      ROLLING,
    ],
    ["pandas.match", "0.24", words("")],
    ["pandas.value_counts", "3.0", words("call `value_counts()` of a Series")],
    ["pandas.read_gbq", "3.0", words("the package pandas-gbq has it")],
    ["pandas.DataFrame.to_gbq", "3.0", words("the package pandas-gbq has it")],
    ["pandas.api.types.is_categorical", "2.0", words("test `isinstance(dtype, pd.CategoricalDtype)`")],
    [
      "pandas.{DataFrameGroupBy|SeriesGroupBy}.fillna",
      "3.0",
      words("call `ffill()` or `bfill()`, or fill by `transform`"),
    ],
    ["pandas.{DataFrameGroupBy|SeriesGroupBy}.pad", "3.0", same("ffill")],
    ["pandas.{DataFrameGroupBy|SeriesGroupBy}.backfill", "3.0", same("bfill")],
    ["pandas.{DataFrameGroupBy|SeriesGroupBy}.mad", "2.0", words("write `(x - x.mean()).abs().mean()`")],
    ["pandas.TimeGrouper", "1.0", words("write `pd.Grouper(freq=…)`")],
    ["pandas.{Term|Expr}", "1.0", words("")],
    ["pandas.{scatter_matrix|plot_params}", "1.0", words("`pandas.plotting` has it")],
    ["pandas.{tools|tslib|lib|parser|json|stats|computation|formats|types|datetools}", "1.0", words("")],
    ["pandas.io.{data|wb}", "1.0", words("the packages pandas-datareader and pandas-gbq have it")],
    ["pandas.io.json.json_normalize", "2.0", same("pandas.json_normalize")],
    ["pandas.{np|datetime}", "2.0", words("import it from where it is defined")],
    ["pandas.core.base.{DataError|SpecificationError}", "2.0", words("`pandas.errors` has it")],
    ["pandas.core.common.{SettingWithCopyWarning|SettingWithCopyError}", "2.0", words("`pandas.errors` has it")],
    ["pandas.errors.{SettingWithCopyError|SettingWithCopyWarning}", "3.0", words("copy-on-write took its cause away")],
    ["pandas.util.testing", "2.0", words("`pandas.testing` takes its place")],
    ["pandas.core.index", "2.0", words("`pandas` itself has the classes")],
    ["pandas.read_table(squeeze)", "2.0", words('call `.squeeze("columns")` of the result')],
    ["pandas.{read_csv|read_excel}(squeeze)", "2.0", words('call `.squeeze("columns")` of the result')],
    ["pandas.{read_csv|read_table}(error_bad_lines)", "2.0", BAD_LINES],
    ["pandas.{read_csv|read_table}(warn_bad_lines)", "2.0", BAD_LINES],
    ["pandas.{read_csv|read_table}(prefix)", "2.0", words("rename the columns with `add_prefix`")],
    ["pandas.{read_csv|read_table|read_excel}(mangle_dupe_cols)", "2.0", DROP],
    ["pandas.{read_csv|read_table}(infer_datetime_format)", "3.0", DROP],
    [
      "pandas.{read_csv|read_table|read_excel}(date_parser)",
      "3.0",
      words("`date_format=` takes its place, or `pd.to_datetime` afterwards"),
    ],
    ["pandas.{read_csv|read_table}(delim_whitespace)", "3.0", words('write `sep=r"\\s+"`')],
    ["pandas.{read_csv|read_table}(keep_date_col)", "3.0", words("join the columns and call `pd.to_datetime`")],
    ["pandas.read_excel({convert_float})", "2.0", words("")],
    ["pandas.read_json(numpy)", "2.0", DROP],
    ["pandas.{read_csv|read_table}(verbose)", "3.0", DROP],
    ["pandas.{DataFrame|Series}.describe(datetime_is_numeric)", "2.0", DROP],
    [
      "pandas.testing.{assert_frame_equal|assert_series_equal|assert_index_equal}(check_less_precise)",
      "2.0",
      words("`rtol=` and `atol=` take its place"),
    ],
    ["pandas.to_datetime(infer_datetime_format)", "3.0", DROP],
    ["pandas.to_datetime(box)", "1.0", drop("with `box=False` it gave an array of NumPy")],
    ["pandas.{date_range|bdate_range}(closed)", "2.0", like("inclusive", "it is there from pandas 1.4 on")],
    ["pandas.concat(join_axes)", "1.0", words("call `reindex` of the result")],
    ["pandas.factorize(na_sentinel)", "2.0", words("`use_na_sentinel=` takes its place")],
    ["pandas.DataFrame.to_csv(line_terminator)", "2.0", like("lineterminator", "it is there from pandas 1.5 on")],
    ["pandas.Series.to_csv(line_terminator)", "2.0", like("lineterminator", "it is there from pandas 1.5 on")],
    ["pandas.DataFrame.to_excel({encoding|verbose})", "2.0", DROP],
    ["pandas.Series.to_excel({encoding|verbose})", "2.0", DROP],
    ["pandas.{DataFrame|Series}.fillna(method)", "3.0", words("call `ffill()` or `bfill()`")],
    ["pandas.{DataFrame|Series}.fillna(downcast)", "3.0", words("call `infer_objects` or `astype`")],
    ["pandas.{DataFrame|Series}.replace({method|limit})", "3.0", words("call `mask` and `ffill()`")],
    ["pandas.{DataFrame|Series}.set_axis(inplace)", "2.0", words("assign the result")],
    [
      "pandas.{DataFrame|Series}.resample({how|fill_method|base|loffset})",
      "2.0",
      words("call the function of the result, such as `.mean()`; `offset=` or `origin=` moves the bins"),
    ],
    ["pandas.{DataFrame|Series}.resample({kind|axis})", "3.0", words("")],
    [
      "pandas.{DataFrame|Series}.groupby(squeeze)",
      "2.0",
      drop("with `squeeze=True` a single group gave less than a table"),
    ],
    ["pandas.DataFrame.groupby(axis)", "3.0", words("transpose the table first")],
    ["pandas.{DataFrame|Series}.rolling(axis)", "3.0", words("transpose the table first")],
    ["pandas.{DataFrame|Series}.{mask|where}({errors|try_cast})", "2.0", DROP],
    [
      "pandas.{DataFrame|Series}.{sum|mean|max|min|median|std|var|prod|sem|skew|kurt|any|all|count}(level)",
      "2.0",
      words("write `groupby(level=…)` first"),
    ],
    [
      "pandas.{DataFrame|Series}.between_time({include_start|include_end})",
      "2.0",
      words("`inclusive=` takes its place"),
    ],
    ["pandas.DataFrame.sort_index(by)", "1.0", words("write `sort_values(…)`")],
    ["pandas.DataFrame.info(null_counts)", "2.0", like("show_counts", "it is there from pandas 1.2 on")],
    ...["M ME", "Q QE", "{A|Y} YE", "BM BME", "BQ BQE", "{BA|BY} BYE"].flatMap((it) =>
      letters(it, [RESAMPLE, ASFREQ], PERIODS).concat(letters(it, [RANGE])),
    ),
    ...letters("AS YS", [RESAMPLE, ASFREQ, RANGE]),
    ...CLOCK.flatMap((it) => letters(it, [RESAMPLE, ASFREQ, RANGE])),
    ...CLOCK.flatMap((it) => letters(it, [ROUND])),
    ...CLOCK.slice(0, 4).flatMap((it) => letters(it, [WINDOW])),
    // Quarters and years that end in another month than that of the calendar.
    ...["DEC", "MAR", "JUN", "SEP"].flatMap((month) => [
      ...letters(`Q-${month} QE-${month}`, [RESAMPLE], PERIODS),
      ...letters(`Q-${month} QE-${month}`, [RANGE]),
      ...letters(`BQ-${month} BQE-${month}`, [RESAMPLE, RANGE]),
      ...letters(`{A|Y}-${month} YE-${month}`, [RESAMPLE], PERIODS),
      ...letters(`{A|Y}-${month} YE-${month}`, [RANGE]),
      ...letters(`AS-${month} YS-${month}`, [RESAMPLE, RANGE]),
    ]),
    ...["SM SME", "CBM CBME", "BH bh", "BAS BYS"].flatMap((it) => letters(it, [RESAMPLE, RANGE])),
  ],
};
