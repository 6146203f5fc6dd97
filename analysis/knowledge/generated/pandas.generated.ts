/** pandas, read from pandas 3.1.1 and pandas-stubs 3.1.0.261029 by scripts/knowledge.py; change that, not this. */

import type { LibraryFacts } from "../library.js";
import { constructors, derived, lists, members, moved, spread, waiting } from "../table.js";

// Names that stand in two tables.
const PURE_PANDAS_DATAFRAME_0 =
  "abs add add_prefix add_suffix asfreq astype at_time between_time bfill clip combine_first compare convert_dtypes copy corr cov cummax cummin cumprod " +
  "cumsum describe diff div divide droplevel eq explode ffill fillna floordiv from_dict from_records ge gt head infer_objects interpolate isin isna isnull " +
  "join le lt mask melt merge mod mode mul multiply ne nlargest notna notnull nsmallest pct_change pivot pivot_table pow radd rank rdiv reindex " +
  "reindex_like reorder_levels replace rfloordiv rmod rmul round rpow rsub rtruediv select_dtypes set_axis set_flags shift sub subtract swaplevel tail " +
  "take to_period to_timestamp transpose truediv truncate tz_convert tz_localize where";
const PURE_PANDAS_SERIES_0 =
  "abs add add_prefix add_suffix argsort asfreq astype at_time between between_time bfill clip combine_first cummax cummin cumprod cumsum describe diff " +
  "div drop drop_duplicates dropna duplicated eq explode ffill fillna floordiv ge gt infer_objects interpolate isin isna isnull le lt mask mod mode mul ne " +
  "nlargest notna notnull nsmallest pct_change pow radd rank rdiv reindex rename_axis reorder_levels repeat replace rfloordiv rmod rmul round rpow rsub " +
  "rtruediv shift sort_index sort_values sub swaplevel to_period to_timestamp truediv truncate tz_convert tz_localize value_counts where";
const PURE_PANDAS_STRINGMETHODS_0 =
  "capitalize casefold center contains count decode encode endswith find findall fullmatch get index isalnum isalpha isascii isdecimal isdigit islower " +
  "isnumeric isspace istitle isupper join len ljust lower lstrip match normalize pad removeprefix removesuffix repeat rfind rindex rjust rsplit rstrip " +
  "slice slice_replace split startswith strip swapcase title translate upper wrap zfill";

export const PANDAS = (): LibraryFacts => ({
  returns: [...constructors({
    pandas:
      "ArrowDtype BooleanDtype Categorical CategoricalDtype CategoricalIndex DataFrame DateOffset DatetimeIndex DatetimeTZDtype ExcelFile ExcelWriter " +
      "Float32Dtype Float64Dtype Grouper HDFStore Index Int16Dtype Int32Dtype Int64Dtype Int8Dtype Interval IntervalDtype IntervalIndex MultiIndex NamedAgg " +
      "Period PeriodDtype PeriodIndex RangeIndex Series SparseDtype StringDtype Timedelta TimedeltaIndex Timestamp UInt16Dtype UInt32Dtype UInt64Dtype " +
      "UInt8Dtype option_context",
  }), ...spread({
    "pandas.CategoricalAccessor": {
      "pandas.Series": "add_categories as_ordered as_unordered remove_categories remove_unused_categories rename_categories reorder_categories set_categories",
    },
    "pandas.DataFrame": {
      self: PURE_PANDAS_DATAFRAME_0 + " " + "append applymap assign backfill combine filter first last map pad sample slice_shift swapaxes transform tshift",
      "tuple[pandas.DataFrame, ?]": "align",
      "pandas.Series":
        "all any corrwith count duplicated idxmax idxmin kurt kurtosis mad max mean median memory_usage min nunique pop prod product sem skew std sum " +
        "value_counts var",
      "pandas.DataFrame": "drop drop_duplicates dropna query rename rename_axis reset_index set_index sort_index sort_values",
      bool: "equals",
      "pandas.ExponentialMovingWindow": "ewm",
      "pandas.Expanding": "expanding",
      "pandas.DataFrameGroupBy": "groupby",
      "numpy.ndarray": "hist to_numpy",
      None: "info insert isetitem to_clipboard to_excel to_feather to_hdf to_iceberg to_pickle to_stata update",
      "iterator[tuple[?, pandas.Series]]": "items iteritems iterrows",
      "iterator[tuple]": "itertuples",
      "pandas.Index": "keys",
      "pandas.Rolling": "rolling",
      dict: "to_dict",
      int: "to_sql",
    },
    "pandas.DataFrameGroupBy": {
      "pandas.DataFrame":
        "all any bfill corr count cov cummax cummin cumprod cumsum describe diff ffill filter first get_group head idxmax idxmin last max mean median min " +
        "nunique ohlc pct_change prod quantile rank sample sem shift std sum tail take var",
      "pandas.Series": "cumcount ngroup size",
      "pandas.ExponentialMovingWindowGroupBy": "ewm",
      "pandas.ExpandingGroupBy": "expanding",
      "pandas.RollingGroupBy": "rolling",
    },
    "pandas.DatetimeIndex": {
      self: "as_unit shift snap",
      "pandas.TimedeltaIndex": "diff",
      "numpy.ndarray": "indexer_at_time indexer_between_time to_pydatetime",
      "?": "insert where",
      "pandas.DataFrame": "isocalendar",
      "pandas.DatetimeIndex": "rename",
      "pandas.Timedelta": "std",
      "pandas.Index": "to_julian_date",
    },
    "pandas.DatetimeProperties": {
      "pandas.Series": "as_unit ceil day_name floor month_name normalize round strftime to_period total_seconds tz_convert tz_localize",
      "pandas.DataFrame": "isocalendar",
    },
    "pandas.Index": {
      "pandas.Index": "append astype diff fillna get_level_values insert map putmask rename where",
      "numpy.ndarray": "argsort asof_locs duplicated get_indexer get_indexer_for isin isna notna to_numpy",
      self:
        "copy delete difference drop drop_duplicates droplevel dropna infer_objects intersection ravel repeat set_names symmetric_difference take to_flat_index " +
        "union unique",
      bool: "equals identical is_",
      "tuple[numpy.ndarray, ?]": "factorize",
      "tuple[numpy.ndarray, numpy.ndarray]": "get_indexer_non_unique",
      int: "get_slice_bound memory_usage nunique",
      "tuple[pandas.Index, numpy.ndarray]": "reindex",
      slice: "slice_indexer",
      tuple: "slice_locs",
      "pandas.DataFrame": "to_frame",
      list: "to_list tolist",
      "pandas.Series": "to_series value_counts",
    },
    "pandas.JsonReader": {
      None: "close",
      "pandas.DataFrame": "read",
    },
    "pandas.Series": {
      "pandas.Series": PURE_PANDAS_SERIES_0 + " " + "case_when combine filter map sample",
      "tuple[pandas.Series, pandas.Series]": "align divmod rdivmod",
      self: "append backfill convert_dtypes copy droplevel first head last pad reindex_like set_axis set_flags slice_shift swapaxes tail take tshift",
      float: "autocorr corr cov",
      int: "count memory_usage nunique to_sql",
      bool: "equals",
      "pandas.ExponentialMovingWindow": "ewm",
      "pandas.Expanding": "expanding",
      "tuple[numpy.ndarray, ?]": "factorize",
      "pandas.SeriesGroupBy": "groupby",
      None: "info to_clipboard to_excel to_hdf to_pickle update",
      "iterator[tuple]": "items",
      "pandas.Index": "keys",
      "numpy.ndarray": "ravel to_numpy",
      "pandas.DataFrame": "reset_index to_frame unstack",
      "pandas.Rolling": "rolling",
      list: "to_list tolist",
    },
    "pandas.SeriesGroupBy": {
      "pandas.Series":
        "all any bfill corr count cov cumcount cummax cummin cumprod cumsum diff ffill filter first get_group head idxmax idxmin last max mean median min ngroup " +
        "nlargest nsmallest nunique pct_change prod quantile rank sample sem shift size skew std sum tail take transform unique value_counts var",
      "pandas.DataFrame": "describe ohlc",
      "pandas.ExponentialMovingWindowGroupBy": "ewm",
      "pandas.ExpandingGroupBy": "expanding",
      "pandas.RollingGroupBy": "rolling",
    },
    "pandas.StringMethods": {
      "pandas.Series": PURE_PANDAS_STRINGMETHODS_0 + " " + "replace",
      "pandas.DataFrame": "extract extractall get_dummies partition rpartition",
    },
    "pandas.TextFileReader": {
      None: "close",
      "pandas.DataFrame": "get_chunk read",
    },
    "pandas.Timedelta": {
      self: "as_unit ceil floor round",
      str: "isoformat",
      "datetime.timedelta": "to_pytimedelta",
      float: "total_seconds",
    },
    "pandas.Timestamp": {
      self: "as_unit astimezone ceil combine floor fromisoformat fromordinal fromtimestamp normalize now round today tz_convert",
      str: "ctime day_name isoformat month_name strftime tzname",
      "datetime.date": "date",
      "datetime.timedelta": "dst utcoffset",
      int: "isoweekday toordinal weekday",
      "pandas.Timestamp": "replace",
      "datetime.time": "time timetz",
      float: "timestamp",
      "pandas.Period": "to_period",
      "datetime.datetime": "to_pydatetime",
    },
    pandas: {
      "pandas.DatetimeIndex": "bdate_range date_range",
      "pandas.Expression": "col",
      "pandas.DataFrame":
        "crosstab from_dummies get_dummies json_normalize lreshape melt merge merge_asof merge_ordered pivot pivot_table read_clipboard read_csv read_excel " +
        "read_feather read_fwf read_iceberg read_json read_orc read_parquet read_sas read_spss read_sql read_sql_query read_sql_table read_stata read_table " +
        "read_xml wide_to_long",
      None: "describe_option reset_option set_eng_float_format set_option show_versions",
      tuple: "factorize",
      str: "infer_freq",
      "pandas.IntervalIndex": "interval_range",
      "pandas.PeriodIndex": "period_range",
      "list[pandas.DataFrame]": "read_html",
      "pandas.TimedeltaIndex": "timedelta_range",
    },
  })],
  given: spread({
    "pandas.DataFrame": {
      "inplace: ?": "bfill clip drop drop_duplicates dropna ffill fillna interpolate query rename rename_axis replace reset_index set_index sort_index sort_values where",
      "as_index: ?": "groupby",
      "inplace/2: ?": "mask",
      "win_type: pandas.Window": "rolling",
      "orient/0: ?": "to_dict",
    },
    "pandas.Index": {
      "inplace: ?": "rename set_names",
    },
    "pandas.Series": {
      "inplace: ?": "bfill clip drop drop_duplicates dropna ffill fillna interpolate mask rename_axis replace sort_index sort_values where",
      "as_index: ?": "groupby",
      "inplace: ?; drop: pandas.Series": "reset_index",
      "win_type: pandas.Window": "rolling",
    },
    "pandas.StringMethods": {
      "expand: ?": "extract partition rpartition rsplit split",
    },
    pandas: {
      "axis: ?; /0: element[pandas.DataFrame, pandas.Series]": "concat",
      "/0: same[pandas.Series]": "cut to_datetime to_numeric to_timedelta",
      "/0: same[pandas.DataFrame, pandas.Series, numpy.ndarray]": "isna isnull notna notnull",
      "chunksize: ?; iterator: ?": "read_clipboard read_csv read_fwf read_sas read_table",
      "sheet_name/1: ?": "read_excel",
      "chunksize: ?; typ: ?": "read_json",
      "chunksize: ?": "read_sql read_sql_query read_sql_table",
      "chunksize: pandas.StataReader; iterator: pandas.StataReader": "read_stata",
    },
  }),
  attributes: spread({
    "pandas.CategoricalAccessor": {
      "pandas.Index": "categories",
      "pandas.Series": "codes",
      bool: "ordered",
    },
    "pandas.DataFrame": {
      self: "T",
      dict: "attrs",
      "list[pandas.Index]": "axes",
      "pandas.Index": "columns index",
      "pandas.Series": "dtypes",
      bool: "empty",
      int: "ndim size",
      "tuple[int, int]": "shape",
      "numpy.ndarray": "values",
    },
    "pandas.DataFrameGroupBy": {
      "dict[?, pandas.Index]": "groups",
      dict: "indices",
      int: "ngroups",
    },
    "pandas.DatetimeIndex": {
      "numpy.ndarray": "asi8 values",
      str: "freqstr unit",
      bool: "is_all_dates is_normalized",
      "datetime.tzinfo": "tz tzinfo",
    },
    "pandas.DatetimeProperties": {
      "pandas.Series":
        "date day day_of_week day_of_year dayofweek dayofyear days days_in_month daysinmonth hour is_leap_year is_month_end is_month_start is_quarter_end " +
        "is_quarter_start is_year_end is_year_start microsecond microseconds minute month nanosecond nanoseconds quarter second seconds time timetz weekday year",
    },
    "pandas.Index": {
      self: "T",
      bool: "empty has_duplicates hasnans is_monotonic_decreasing is_monotonic_increasing is_unique",
      str: "inferred_type",
      "pandas.FrozenList": "names",
      int: "nbytes ndim nlevels size",
      tuple: "shape",
    },
    "pandas.Series": {
      self: "T",
      dict: "attrs",
      "pandas.CategoricalAccessor": "cat",
      "pandas.DatetimeProperties": "dt",
      bool: "empty hasnans is_monotonic_decreasing is_monotonic_increasing is_unique",
      "pandas.Index": "index",
      int: "nbytes ndim size",
      tuple: "shape",
      "pandas.StringMethods": "str",
    },
    "pandas.SeriesGroupBy": {
      "pandas.Series": "dtype is_monotonic_decreasing is_monotonic_increasing",
      "dict[?, pandas.Index]": "groups",
      dict: "indices",
      int: "ngroups",
    },
    "pandas.Timedelta": {
      int: "days microseconds nanoseconds seconds value",
      "pandas.Timedelta": "max min resolution",
      str: "resolution_string unit",
    },
    "pandas.Timestamp": {
      int:
        "day day_of_week day_of_year dayofweek dayofyear days_in_month daysinmonth fold hour microsecond minute month nanosecond quarter second value week " +
        "weekofyear year",
      bool: "is_leap_year is_month_end is_month_start is_quarter_end is_quarter_start is_year_end is_year_start",
      "pandas.Timestamp": "max min",
      "pandas.Timedelta": "resolution",
      "datetime.tzinfo": "tz",
      str: "unit",
    },
  }),
  bases: derived({
    "datetime.datetime": {
      pandas: "Timestamp",
    },
    "datetime.timedelta": {
      pandas: "Timedelta",
    },
    "pandas.Index": {
      pandas: "CategoricalIndex DatetimeIndex IntervalIndex MultiIndex PeriodIndex RangeIndex TimedeltaIndex",
    },
  }),
  aliases: [...moved({
    pandas: {
      "pandas.api.typing":
        "DataFrameGroupBy DatetimeIndexResamplerGroupBy Expanding ExpandingGroupBy ExponentialMovingWindow ExponentialMovingWindowGroupBy Expression FrozenList " +
        "JsonReader NAType NaTType PeriodIndexResamplerGroupBy Resampler Rolling RollingGroupBy SeriesGroupBy StataReader TimeGrouper " +
        "TimedeltaIndexResamplerGroupBy Window",
      "pandas.core.arrays.arrow.dtype": "ArrowDtype",
      "pandas.core.arrays.boolean": "BooleanDtype",
      "pandas.core.arrays.categorical": "Categorical",
      "pandas.core.arrays.floating": "Float32Dtype Float64Dtype",
      "pandas.core.arrays.integer": "Int16Dtype Int32Dtype Int64Dtype Int8Dtype UInt16Dtype UInt32Dtype UInt64Dtype UInt8Dtype",
      "pandas.core.arrays.string_": "StringDtype",
      "pandas.core.col": "Expression",
      "pandas.core.dtypes.dtypes": "CategoricalDtype DatetimeTZDtype IntervalDtype PeriodDtype SparseDtype",
      "pandas.core.frame": "DataFrame",
      "pandas.core.groupby.generic": "DataFrameGroupBy NamedAgg SeriesGroupBy",
      "pandas.core.groupby.grouper": "Grouper",
      "pandas.core.indexes.base": "Index",
      "pandas.core.indexes.category": "CategoricalIndex",
      "pandas.core.indexes.datetimes": "DatetimeIndex",
      "pandas.core.indexes.frozen": "FrozenList",
      "pandas.core.indexes.interval": "IntervalIndex",
      "pandas.core.indexes.multi": "MultiIndex",
      "pandas.core.indexes.period": "PeriodIndex",
      "pandas.core.indexes.range": "RangeIndex",
      "pandas.core.indexes.timedeltas": "TimedeltaIndex",
      "pandas.core.resample": "DatetimeIndexResamplerGroupBy PeriodIndexResamplerGroupBy Resampler TimeGrouper TimedeltaIndexResamplerGroupBy",
      "pandas.core.series": "Series",
      "pandas.core.window.ewm": "ExponentialMovingWindow ExponentialMovingWindowGroupBy",
      "pandas.core.window.expanding": "Expanding ExpandingGroupBy",
      "pandas.core.window.rolling": "Rolling RollingGroupBy Window",
      "pandas.io.pytables": "HDFStore",
      "pandas.io.stata": "StataReader",
    },
  })],
  mutators: lists({
    "pandas.CategoricalIndex": "",
    "pandas.DataFrame": "__delitem__ __setitem__ insert isetitem pop update",
    "pandas.DatetimeIndex": "",
    "pandas.DatetimeProperties": "",
    "pandas.Index": "",
    "pandas.IntervalIndex": "",
    "pandas.MultiIndex": "",
    "pandas.PeriodIndex": "",
    "pandas.RangeIndex": "",
    "pandas.Series": "__delitem__ __setitem__ pop update",
    "pandas.StringMethods": "",
    "pandas.Timedelta": "",
    "pandas.TimedeltaIndex": "",
    "pandas.Timestamp": "",
  }),
  pure: members({
    pandas:
      "array bdate_range concat crosstab cut date_range factorize from_dummies get_dummies interval_range isna isnull json_normalize lreshape melt merge " +
      "merge_asof merge_ordered notna notnull period_range pivot pivot_table qcut timedelta_range to_datetime to_numeric to_timedelta unique wide_to_long",
    "pandas.DataFrame": PURE_PANDAS_DATAFRAME_0 + " " +
      "align all any asof corrwith count dot drop drop_duplicates dropna duplicated equals first_valid_index get idxmax idxmin keys kurt kurtosis " +
      "last_valid_index max mean median memory_usage min nunique prod product quantile rename rename_axis reset_index sem set_index skew sort_index " +
      "sort_values squeeze stack std sum to_dict to_numpy to_records to_xarray unstack value_counts var xs",
    "pandas.Index":
      "all any append argmax argmin argsort asof asof_locs astype copy delete diff difference drop drop_duplicates droplevel dropna duplicated equals " +
      "factorize fillna get_indexer get_indexer_for get_indexer_non_unique get_level_values get_loc get_slice_bound identical infer_objects insert " +
      "intersection is_ isin isna item join max memory_usage min notna nunique ravel reindex rename repeat searchsorted set_names slice_indexer slice_locs " +
      "sort_values symmetric_difference take to_flat_index to_frame to_list to_numpy to_series tolist union unique value_counts where",
    "pandas.Series": PURE_PANDAS_SERIES_0 + " " +
      "align all any argmax argmin asof autocorr compare convert_dtypes copy corr count cov divmod dot droplevel equals factorize first_valid_index get head " +
      "idxmax idxmin item keys kurt kurtosis last_valid_index max mean median memory_usage min nunique prod product quantile rdivmod reindex_like rename " +
      "reset_index searchsorted sem set_axis set_flags skew squeeze std sum tail take to_dict to_frame to_list to_numpy to_xarray tolist unique unstack var xs",
    "pandas.StringMethods": PURE_PANDAS_STRINGMETHODS_0 + " " + "cat extract extractall get_dummies partition rpartition",
  }),
  blocking: waiting({
    pandas:
      "read_csv read_excel read_feather read_fwf read_hdf read_html read_iceberg read_json read_orc read_parquet read_pickle read_sas read_spss read_sql " +
      "read_sql_query read_sql_table read_stata read_table read_xml",
    "pandas.DataFrame": "to_csv to_excel to_feather to_hdf to_json to_orc to_parquet to_pickle to_sql to_stata to_xml",
    "pandas.Series": "to_csv to_excel to_feather to_hdf to_json to_orc to_parquet to_pickle to_sql to_stata to_xml",
  }),
});
