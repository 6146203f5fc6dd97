/** Which functions and methods of NumPy write to one of their arguments: the place for the outcome, which may come without its name, and what they may use up. */

const words = (text: string) => text.split(" ");

/** By how many arguments stand before it. */
const OUTCOMES: ReadonlyMap<string, number> = new Map(
  [
    "",
    "abs absolute acos acosh arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh bitwise_count bitwise_invert bitwise_not cbrt ceil conj " +
      "conjugate cos cosh deg2rad degrees exp exp2 expm1 fabs fix floor frexp invert isfinite isinf isnan isnat isneginf isposinf log log10 log1p log2 " +
      "logical_not modf negative positive rad2deg radians reciprocal rint sign signbit sin sinh spacing sqrt square tan tanh trunc",
    "add all amax amin any arctan2 argmax argmin around atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor choose concat " +
      "concatenate copysign divide divmod dot equal float_power floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot lcm ldexp left_shift " +
      "less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor matmul matvec max maximum median min minimum mod multiply nanargmax nanargmin " +
      "nanmax nanmedian nanmin nextafter not_equal outer pow power ptp remainder right_shift round stack subtract true_divide vecdot vecmat",
    "clip compress cumprod cumsum mean nancumprod nancumsum nanmean nanpercentile nanprod nanquantile nanstd nansum nanvar percentile prod quantile std sum take var",
    "",
    "trace",
  ].flatMap((names, place) => words(names).map((it) => [it, place] as const)),
);

/** How many arguments stand before the place for the outcome; undefined where there is none, or it has to be named. */
export function outcomePlace(name: string): number | undefined {
  if (!name.startsWith("numpy.")) return undefined;
  const own = name.slice("numpy.".length);
  if (!own.startsWith("ndarray.")) return OUTCOMES.get(own);
  const place = OUTCOMES.get(own.slice("ndarray.".length));
  return place === undefined ? undefined : place - 1;
}

/** Arguments by whose names something else is written to: `out=`, `overwrite_input=`. */
export function isWritingKeyword(keyword: string): boolean {
  return keyword === "out" || keyword === "inplace" || keyword.startsWith("overwrite_");
}
