/** What Numba cannot compile, although it is called often: tried with 0.68. Not listed: what is rare, and what some release before could. */

/** Modules none of whose functions Numba knows. */
const MODULES =
  /^(?:collections|copy|csv|datetime|itertools|json|logging|matplotlib|os|pandas|pathlib|pickle|polars|re|requests|shutil|statistics|subprocess|sys|tempfile|threading|time|torch|tqdm|warnings)\./;

/** Of modules that it knows in part. */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...["any", "all", "open", "input", "eval", "exec", "globals", "locals", "vars", "reversed"].map(
    (it) => `builtins.${it}`,
  ),
  ...["choice", "choices", "sample"].map((it) => `random.${it}`),
  ...["comb", "dist", "fsum", "isclose", "perm", "prod"].map((it) => `math.${it}`),
  ...["default_rng", "multivariate_normal"].map((it) => `numpy.random.${it}`),
  ...["apply_along_axis", "apply_over_axes", "einsum", "fromiter", "genfromtxt", "gradient", "histogram2d"].map(
    inNumPy,
  ),
  ...["ix_", "lexsort", "load", "loadtxt", "meshgrid", "pad", "piecewise", "polyfit", "save", "savetxt"].map(inNumPy),
  ...["savez", "savez_compressed", "tensordot", "tile", "vectorize"].map(inNumPy),
]);

/** Functions and methods of NumPy that it compiles for the whole array only. */
const WHOLE: ReadonlySet<string> = new Set([
  ...[
    "all",
    "amax",
    "amin",
    "any",
    "cumprod",
    "flip",
    "max",
    "mean",
    "median",
    "min",
    "nanmax",
    "nanmean",
    "nanmedian",
  ],
  ...["nanmin", "nanstd", "nansum", "nanvar", "percentile", "prod", "ptp", "quantile", "std", "unique", "var"],
]);

const WHOLE_METHODS: ReadonlySet<string> = new Set(["all", "any", "max", "mean", "min", "prod", "std", "var"]);

/** Numba has no code for a function, by its qualified name. */
export function isUnknownToNumba(name: string): boolean {
  return MODULES.test(name) || FUNCTIONS.has(name);
}

/** Numba compiles a function of NumPy, by its qualified name, only without `axis`. */
export function isWholeInNumba(name: string): boolean {
  return name === "numpy.linalg.norm" || (name.startsWith("numpy.") && WHOLE.has(name.slice("numpy.".length)));
}

/** The same of a method of an array. */
export function isWholeMethodInNumba(name: string): boolean {
  return WHOLE_METHODS.has(name);
}

function inNumPy(name: string): string {
  return `numpy.${name}`;
}
