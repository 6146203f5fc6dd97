/** Calls that take long for what they give and give the same again: for rules about work that is done twice, or anew in each turn. */

/**
 * `work`: reads the disk, parses, sorts, groups, matches, or asks a model · `pass`: one pass over its data · `text`: cuts a text, mostly a short one.
 */
export type CostClass = "work" | "pass" | "text";

export interface Costly {
  readonly cost: CostClass;
  /** What it gives can be changed: two callers may each want one of their own. */
  readonly isObject: boolean;
  /** What it gives hangs on files too. */
  readonly readsDisk: boolean;
  /** For a method: it is one of this name only in a file that imports one of these. */
  readonly imports?: readonly string[];
  /** Only what was asked of it differs from what others get: to share one does no harm, although it has a state of its own. */
  readonly isShared?: boolean;
  /** For a method: not in a file that imports this, where the same word costs nothing. */
  readonly unless?: string;
  /** For a method: without one of these imports the object has to be known for a table or an array. */
  readonly isCommonWord?: boolean;
  /** It only says what is to be worked out: to share it saves nothing, to ask it everything at once does. */
  readonly isPlan?: boolean;
  /** It costs something where it is given an array or a column, not one number. */
  readonly isOfWholeData?: boolean;
  /** For a method: a lazy frame only notes down that it is wanted. */
  readonly isFreeIfLazy?: boolean;
}

const of = (cost: CostClass, isObject: boolean, more: Partial<Costly> = {}): Costly => ({
  cost,
  isObject,
  readsDisk: false,
  ...more,
});
const words = (text: string): readonly string[] => text.split(" ");
const table = (...rows: readonly (readonly [string, Costly])[]): ReadonlyMap<string, Costly> =>
  new Map(rows.flatMap(([names, it]) => words(names).map((name) => [name, it] as const)));
const within = (module: string, names: string): string =>
  words(names)
    .map((it) => `${module}.${it}`)
    .join(" ");

const FOURIER = "fft ifft rfft irfft fft2 ifft2 rfft2 irfft2 fftn ifftn rfftn";

/** By qualified name. */
const FUNCTIONS = table(
  ["builtins.sorted", of("work", true)],
  ["builtins.set builtins.frozenset", of("pass", true)],
  ["builtins.sum builtins.min builtins.max", of("pass", false)],
  ["collections.Counter", of("pass", true)],
  ["json.loads json.dumps ast.parse ast.literal_eval yaml.safe_load tomllib.loads", of("work", true)],
  [within("re", "search match fullmatch findall split sub"), of("text", false)],
  [within("os", "listdir"), of("work", true, { readsDisk: true })],
  [within("glob", "glob"), of("work", true, { readsDisk: true })],
  [
    within("pandas", "read_csv read_excel read_parquet read_json read_table read_pickle read_feather read_hdf"),
    of("work", true, { readsDisk: true }),
  ],
  [within("polars", "read_csv read_parquet read_json read_excel"), of("work", true, { readsDisk: true })],
  [within("numpy", "load loadtxt genfromtxt"), of("work", true, { readsDisk: true })],
  ["cv2.imread imageio.imread imageio.v2.imread torch.load joblib.load", of("work", true, { readsDisk: true })],
  [within("pandas", "concat merge get_dummies pivot_table crosstab"), of("work", true)],
  [within("pandas", "to_datetime to_numeric"), of("pass", true)],
  [within("statistics", "mean median stdev pstdev variance pvariance fmean mode quantiles"), of("work", true)],
  [
    within("numpy", "sort argsort unique median percentile quantile nanmedian nanpercentile corrcoef cov histogram"),
    of("work", true),
  ],
  [within("numpy.linalg", "inv pinv svd eig eigh det solve lstsq cholesky qr matrix_rank norm"), of("work", true)],
  [within("numpy", "bincount cumsum cumprod diff argwhere nonzero isnan isfinite isinf"), of("pass", true)],
  [
    within(
      "numpy",
      "sum mean std var min max amin amax nansum nanmean nanstd nanmin nanmax argmax argmin prod any all count_nonzero average ptp",
    ),
    of("pass", false),
  ],
  [within("torch", "sort argsort topk unique quantile median svd inverse"), of("work", true)],
  [within("torch", "softmax sigmoid log_softmax cumsum"), of("pass", true)],
  [within("torch", "sum mean std var max min argmax argmin norm prod"), of("pass", true)],
  [within("tensorflow", "reduce_sum reduce_mean reduce_max reduce_min argmax"), of("pass", true)],
  ["tensorflow.nn.softmax torch.nn.functional.softmax torch.nn.functional.normalize", of("pass", true)],
  [
    within("numpy.fft", FOURIER) + " " + within("scipy.fft", FOURIER) + " " + within("torch.fft", FOURIER),
    of("work", true),
  ],
  [
    within(
      "scipy.signal",
      "find_peaks spectrogram stft istft welch periodogram csd coherence hilbert cwt convolve fftconvolve oaconvolve correlate " +
        "lfilter filtfilt sosfilt sosfiltfilt savgol_filter medfilt wiener resample resample_poly decimate",
    ),
    of("work", true),
  ],
  [within("scipy.spatial.distance", "cdist pdist squareform"), of("work", true)],
  [
    within(
      "librosa",
      "stft istft cqt vqt iirt piptrack pyin yin amplitude_to_db power_to_db resample reassigned_spectrogram",
    ) +
      " " +
      within(
        "librosa.feature",
        "mfcc melspectrogram chroma_stft chroma_cqt chroma_cens chroma_vqt spectral_centroid spectral_bandwidth spectral_contrast " +
          "spectral_flatness spectral_rolloff poly_features rms tempo tempogram fourier_tempogram tonnetz zero_crossing_rate delta",
      ) +
      " " +
      within("librosa.effects", "hpss harmonic percussive trim split time_stretch pitch_shift") +
      " librosa.beat.beat_track librosa.onset.onset_strength librosa.onset.onset_detect",
    of("work", true),
  ],
  [
    within(
      "cv2",
      "cvtColor resize GaussianBlur medianBlur bilateralFilter blur filter2D Canny Sobel Laplacian calcHist threshold adaptiveThreshold " +
        "distanceTransform connectedComponents connectedComponentsWithStats warpAffine warpPerspective matchTemplate dft",
    ),
    of("work", true),
  ],
  [
    within(
      "networkx",
      "shortest_path shortest_path_length all_pairs_dijkstra_path_length pagerank betweenness_centrality closeness_centrality eigenvector_centrality " +
        "degree_centrality clustering average_clustering transitivity diameter average_shortest_path_length minimum_spanning_tree",
    ),
    of("work", true),
  ],
  [
    within(
      "scipy.stats",
      "pearsonr spearmanr kendalltau zscore skew kurtosis entropy linregress ttest_ind ttest_rel ttest_1samp f_oneway kruskal wilcoxon " +
        "mannwhitneyu ks_2samp kstest shapiro normaltest levene bartlett chi2_contingency chisquare fisher_exact binomtest",
    ) + " statsmodels.stats.multitest.multipletests statsmodels.tsa.stattools.adfuller statsmodels.tsa.stattools.kpss",
    of("work", true),
  ],
  [
    within(
      "sklearn.metrics",
      "accuracy_score balanced_accuracy_score roc_auc_score average_precision_score f1_score fbeta_score precision_score recall_score jaccard_score " +
        "log_loss brier_score_loss matthews_corrcoef cohen_kappa_score mean_squared_error root_mean_squared_error mean_absolute_error " +
        "mean_absolute_percentage_error median_absolute_error r2_score explained_variance_score silhouette_score adjusted_rand_score",
    ),
    of("work", false),
  ],
  [
    within(
      "sklearn.metrics",
      "confusion_matrix classification_report roc_curve precision_recall_curve precision_recall_fscore_support pairwise_distances",
    ) +
      " " +
      within("sklearn.metrics.pairwise", "cosine_similarity cosine_distances euclidean_distances pairwise_distances"),
    of("work", true),
  ],
  [
    within("nltk", "word_tokenize sent_tokenize pos_tag") + " nltk.tokenize.word_tokenize nltk.tokenize.sent_tokenize",
    of("work", true),
  ],
  [
    "nltk.translate.bleu_score.corpus_bleu nltk.translate.bleu_score.sentence_bleu nltk.translate.corpus_bleu nltk.translate.sentence_bleu",
    of("work", false),
  ],
  ["inspect.signature inspect.getsource typing.get_type_hints", of("work", true)],
);

const FRAMES = ["pandas", "polars", "dask", "geopandas", "cudf", "modin", "pyspark"];
const ARRAYS = [...FRAMES, "numpy", "torch", "tensorflow", "jax", "cupy", "xarray", "streamlit"];

/** What is worth making once before a loop although it costs little beside what else a function does. */
const MAKERS = table(
  [within("numpy", "arange linspace eye asarray array meshgrid indices"), of("pass", true)],
  [within("torch", "arange linspace eye tensor as_tensor"), of("pass", true)],
  [within("tensorflow", "range constant linspace eye"), of("pass", true)],
  [
    within(
      "numpy",
      "log log2 log10 log1p exp exp2 expm1 sqrt cbrt power sin cos tan arcsin arccos arctan sinh cosh tanh hypot",
    ),
    of("pass", true, { isOfWholeData: true }),
  ],
  ["builtins.list builtins.tuple", of("pass", true)],
  ["PIL.ImageFont.truetype", of("work", true, { readsDisk: true, isShared: true })],
  ["PIL.ImageDraw.Draw", of("pass", true, { isShared: true })],
  [
    "nltk.corpus.stopwords.words geopandas.read_file xarray.open_dataset nibabel.load librosa.load soundfile.read PIL.Image.open " +
      "scipy.io.loadmat skimage.io.imread openpyxl.load_workbook pandas.ExcelFile tensorflow.keras.models.load_model keras.models.load_model spacy.load",
    of("work", true, { readsDisk: true }),
  ],
);
const COLUMNS = "read the columns at once";
const CHUNKS = "`chunksize` goes through the file once";
/** Readers that take one part of a file at a time: by the keyword that names the part, how all parts are read at once. */
const PARTS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  ["pandas.read_excel", { sheet_name: "`sheet_name=None` reads all sheets at once" }],
  ["polars.read_excel", { sheet_name: "`sheet_id=0` reads all sheets at once" }],
  ["pandas.read_hdf", { key: "one `pandas.HDFStore`, opened before the loop, gives all of them" }],
  ["pandas.read_csv", { usecols: COLUMNS, skiprows: CHUNKS }],
  ["pandas.read_parquet", { columns: COLUMNS }],
  ["numpy.loadtxt", { usecols: COLUMNS }],
  ["numpy.genfromtxt", { usecols: COLUMNS }],
]);

/** By the keyword that names the part of a file that a reader takes, how all parts are read at once. */
export function partsOfReader(name: string): Readonly<Record<string, string>> | undefined {
  return PARTS.get(name);
}

/** Their qualified names. */
export const LOOP_MAKERS: readonly string[] = [...MAKERS.keys()];

export function loopMaker(name: string): Costly | undefined {
  return MAKERS.get(name);
}

/** By the name of the method. */
const METHODS = table(
  [
    "groupby sort_values value_counts drop_duplicates pivot_table melt describe corr cov nunique n_unique resample duplicated",
    of("work", true, { imports: FRAMES }),
  ],
  // The groups are made where something is asked of them, and made again for each question.
  ["group_by", of("work", true, { imports: ["polars"], isPlan: true })],
  ["filter", of("pass", true, { imports: ["polars"], isFreeIfLazy: true })],
  ["unique quantile median mode argsort nlargest nsmallest", of("work", true, { imports: ARRAYS })],
  ["sum mean std var prod argmax argmin idxmax idxmin", of("pass", false, { imports: ARRAYS, isCommonWord: true })],
  ["min max", of("pass", false, { imports: ARRAYS, isCommonWord: true })],
  [
    "cumsum cumprod pct_change shift diff isna isnull notna notnull dropna fillna isin",
    of("pass", true, { imports: FRAMES }),
  ],
  ["tolist to_list to_numpy", of("pass", true, { imports: ARRAYS })],
  ["to_pandas toPandas to_dicts", of("work", true)],
  ["to_dict model_dump", of("pass", true)],
  ["predict predict_proba decision_function predict_log_proba", of("work", true)],
  ["score", of("work", false, { imports: ["sklearn", "lightgbm", "xgboost", "catboost"] })],
  ["embed_query embed_documents texts_to_sequences get_feature_names_out", of("work", true)],
  ["json", of("work", true)],
  // Each copies the whole of it, out of a device, a graph or a sparse form.
  ["numpy", of("pass", true, { imports: ["tensorflow"], unless: "torch" })],
  ["cpu", of("pass", true, { imports: ["torch"] })],
  ["toarray todense", of("work", true, { imports: ["scipy", "sklearn"] })],
  ["collect collect_schema", of("work", true, { imports: ["polars", "pyspark"] })],
  ["compute", of("work", true, { imports: ["dask"] })],
  ["get_vocabulary", of("work", true, { imports: ["tensorflow", "keras"] })],
  ["find_all select_one findAll", of("work", true, { imports: ["bs4"] })],
  ["find", of("work", false, { imports: ["bs4"] })],
  ["xpath", of("work", true, { imports: ["lxml", "scrapy", "parsel"] })],
  ["read_text read_bytes rglob iterdir", of("work", true, { readsDisk: true })],
  ["split rsplit splitlines", of("text", true)],
);

/** What copies a text: where each turn searches the copy, making it takes as long as the search. */
const COPIES = table(["lower upper casefold", of("text", false)]);

/** Of text that each turn searches: see `searchedCopy`. */
export const LOOP_METHODS: readonly string[] = [...COPIES.keys()];

export function searchedCopy(name: string): Costly | undefined {
  return COPIES.get(name);
}

/** Qualified names of functions that take long and only compute or read, as a rule's `calls`. */
export const COSTLY_FUNCTIONS: readonly string[] = [...FUNCTIONS.keys()];
/** The same of methods, as a rule's `methods`. */
export const COSTLY_METHODS: readonly string[] = [...METHODS.keys()];

export function costlyFunction(name: string): Costly | undefined {
  return FUNCTIONS.get(name);
}

export function costlyMethod(name: string): Costly | undefined {
  return METHODS.get(name);
}

/** What is asked of groups, and can be asked together with more. */
const ASKED_OF_GROUPS = /^(?:agg|mean|sum|median|min|max|count|len|n_unique|first|last|quantile)$/;

export function isAskedOfGroups(method: string): boolean {
  return ASKED_OF_GROUPS.test(method);
}

/** Methods that change nothing and may stand inside such a call, whatever their object is. */
const READING = new Set(
  words(
    "lower upper strip lstrip rstrip replace format join encode decode startswith endswith title capitalize casefold zfill get keys values items copy " +
      "astype reshape flatten ravel squeeze unsqueeze transpose permute view detach cpu numpy float long int bool abs round clip head tail drop rename " +
      "reset_index set_index select filter query where between contains isalpha isdigit loc iloc xs rolling ewm expanding agg first last count size " +
      "index total_seconds date as_posix resolve with_suffix relative_to joinpath group groups log exp sqrt pow eq ne gt lt ge le dt str",
  ),
);

export function isReadingMethod(name: string): boolean {
  return READING.has(name) || METHODS.has(name);
}

/** Functions of these modules only compute, but for those that draw, set or write something. */
const COMPUTING =
  /^(?:numpy|pandas|polars|math|statistics|operator|itertools|string|torch|tensorflow|scipy|sklearn\.metrics|os\.path|datetime\.timedelta)\b/;
const DRAWING =
  /(?:^|[._])(?:random|rand|randn|randint|randperm|empty|normal|uniform|choice|shuffle|seed|save\w*|set_\w+|to_csv|dropout|Generator|default_rng|bernoulli|multinomial)(?:$|[._])/;
const BUILTINS = new Set(
  words(
    "len str int float abs range enumerate zip list tuple dict sorted set frozenset min max sum round reversed type bool any all ord chr repr isinstance",
  ).map((it) => `builtins.${it}`),
);

export function isComputingFunction(name: string): boolean {
  return BUILTINS.has(name) || FUNCTIONS.has(name) || (COMPUTING.test(name) && !DRAWING.test(name));
}

/** Objects that are used up, or that only say what is to be computed later: to ask them twice is another thing, or costs nothing. */
export const BUILDS_EXPRESSION =
  /^(?:polars\.(?:col|len|lit|when|all|element|sum|mean|max|min|struct|concat_str|first|last|count)|pyspark\.sql\.functions\.\w+|sqlalchemy\.\w.*|django\.\w.*)$/;

/** Methods that change their object, by what they are called. */
const CHANGING =
  /^(?:append|extend|insert|pop|popitem|popleft|appendleft|remove|clear|sort|reverse|update|add|discard|setdefault|fill|resize|put|write\w*|seek|read|readline|readlines|fit\w*|partial_fit|step|backward|reset|shuffle|train|eval|compile|load\w*|set_\w+|close|send|push|enqueue|next|advance|move\w*|rotate|train_\w+|__setitem__|__delitem__|difference_update|intersection_update|symmetric_difference_update|subtract|add_\w+|remove_\w+|delete\w*|save\w*|increment\w*|execute\w*|commit|refresh|click|get_page|goto|send_keys|start|stop|run|process\w*|apply_\w+|insert_\w+|[a-z][a-z_]*[a-z]_)$/;

export function changesByName(method: string): boolean {
  return CHANGING.test(method);
}

/** Functions that change what they are given, by how the name at the end begins or goes on behind a `_`. */
const CHANGES_GIVEN =
  /\b(?=\w+$)(?:\w*_)?(?:(?:shuffle|heappush|heappop|heapify|setattr|delattr|copyto|place|merge_into)$|(?:add|set|sort|load)_\w|update|fill|append|insert|insort|remove|delete|pop|clear|normalize|train|fit|mutate|modify|apply|put|init|reset|step|swap|preprocess|clean|sync|process|extend)/;

export function changesGiven(callee: string): boolean {
  return CHANGES_GIVEN.test(callee);
}

/** Calls that may change what lies on the disk, or where a path leads, by what they are called. */
const WRITES_DISK =
  /(?:write|save|dump|chdir|to_(?:csv|parquet|json|excel|pickle)|remove|unlink|delete|move|copy|rename|mkdir|makedirs|touch|extract|download|rmtree|system|sleep|wait|create|store|export|clean|generate|process|fetch|build|make|(?<![a-z])(?:run|main))/i;

export function mayWriteDisk(callee: string): boolean {
  return WRITES_DISK.test(callee);
}
