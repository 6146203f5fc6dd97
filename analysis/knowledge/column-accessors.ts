/** What pandas has for whole columns of texts and dates, and which of it is faster than a call for every value. */

/**
 * Methods of a text that are as methods of `.str` many times as fast on columns of pandas 3, whose texts lie side by side (measured on 50,000 rows), with
 * how many arguments they take at most. Left out: `split`, `zfill`, `count`, `encode`, `format`, which are no faster there or do not exist.
 */
export const TEXT_METHODS: ReadonlyMap<string, number> = new Map([
  ...words(
    "upper lower title capitalize swapcase isdigit isalpha isalnum isnumeric isdecimal isspace islower isupper istitle",
    0,
  ),
  ...words("strip lstrip rstrip startswith endswith removeprefix removesuffix find", 1),
  ["replace", 2] as const,
]);

function words(all: string, most: number): readonly (readonly [string, number])[] {
  return all.split(" ").map((it) => [it, most] as const);
}

export interface DateField {
  /** What stands behind `.dt.`. */
  readonly accessor: string;
  /** Nothing but dates of pandas and the standard library has it. */
  readonly isTelling: boolean;
}

/** Fields and methods of a date, as they are asked of one, with what `.dt` calls them. `strftime` is left out: it is no faster there. */
export const DATE_FIELDS: ReadonlyMap<string, DateField> = new Map([
  ...named(
    "month hour minute microsecond nanosecond dayofweek day_of_week dayofyear day_of_year quarter days_in_month daysinmonth",
    true,
  ),
  ...named("is_month_end is_month_start is_quarter_end is_quarter_start is_year_end is_year_start is_leap_year", true),
  ...named("year day second days seconds microseconds", false),
  ...named("day_name() month_name() normalize() total_seconds()", true),
  ["weekday()", { accessor: "weekday", isTelling: true }] as const,
  ["date()", { accessor: "date", isTelling: true }] as const,
  ["time()", { accessor: "time", isTelling: false }] as const,
  ["week", { accessor: "isocalendar().week", isTelling: false }] as const,
  ["weekofyear", { accessor: "isocalendar().week", isTelling: true }] as const,
]);

function named(all: string, isTelling: boolean): readonly (readonly [string, DateField])[] {
  return all.split(" ").map((it) => [it, { accessor: it, isTelling }] as const);
}
