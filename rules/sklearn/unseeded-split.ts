/** A random split or search that comes out otherwise in each run. */

import {
  asAttribute,
  asCall,
  asClass,
  asFor,
  asMethodCall,
  asSubscript,
  comesFromTurn,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  frameEvidence,
  functionAround,
  importModule,
  isTrial,
  lastName,
  nameAtRoot,
  nameGiven,
  unwrap,
  useOf,
  withArgument,
  type Call,
  type Declined,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const SPLITS = new Set(["train_test_split"].map((it) => `sklearn.model_selection.${it}`));
/** They draw only where they are told to shuffle. */
const FOLDS = new Set(
  ["KFold", "StratifiedKFold", "StratifiedGroupKFold"].map((it) => `sklearn.model_selection.${it}`),
);
const DRAWS = new Set(
  [
    "ShuffleSplit",
    "StratifiedShuffleSplit",
    "GroupShuffleSplit",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "RandomizedSearchCV",
  ].map((it) => `sklearn.model_selection.${it}`),
);
/** They make rows up, or choose which to leave out. */
const RESAMPLERS = new Set(
  [
    ...["SMOTE", "SMOTENC", "SMOTEN", "BorderlineSMOTE", "SVMSMOTE", "KMeansSMOTE", "ADASYN", "RandomOverSampler"].map(
      (it) => `over_sampling.${it}`,
    ),
    ...["RandomUnderSampler", "ClusterCentroids"].map((it) => `under_sampling.${it}`),
    ...["SMOTEENN", "SMOTETomek"].map((it) => `combine.${it}`),
  ].map((it) => `imblearn.${it}`),
);
const SAMPLERS = new Set(
  ["TPESampler", "RandomSampler", "CmaEsSampler", "NSGAIISampler", "QMCSampler"].map((it) => `optuna.samplers.${it}`),
);

/** It draws its parameters with a sampler of its own, which has no seed unless it is given one. */
const STUDY = "optuna.create_study";

const SHUFFLES = new Set(["random.shuffle", "numpy.random.shuffle"]);

export default defineRule({
  title: "Random split without a seed",
  why: "Each run draws other rows, so two scores differ even where nothing was changed, and nobody can tell an improvement from luck. With a fixed seed, runs can be compared and repeated.",
  guide: "ml-testing",
  // Where its scores choose settings or models; anywhere else a hint.
  level: "warning",
  gain: "safety",
  imports: ["sklearn", "optuna", "imblearn"],
  orWords: ["shuffle", "sample"],
  fixes: "review",

  examples: [
    {
      before: `
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

def accuracy(X, y) -> float:
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
    return LogisticRegression().fit(X_train, y_train).score(X_test, y_test)
`,
      after: `
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

def accuracy(X, y) -> float:
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    return LogisticRegression().fit(X_train, y_train).score(X_test, y_test)
`,
    },
  ],

  on: ["call"],
  calls: [...SPLITS, ...FOLDS, ...DRAWS, ...RESAMPLERS, ...SAMPLERS, STUDY, ...SHUFFLES],
  methods: ["sample"],

  find(node, { facts }, call): Found | undefined {
    if (facts.isTest || call.hasSplat) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    const plain = { at: call.callee, weight: "light" as Weight, call, shuffle: undefined, generator: undefined };
    if (SHUFFLES.has(name))
      // In a loop the halves are drawn again and again, so that chance levels out.
      return isCutInTwo(call, facts) && !facts.loopAround(node) && !facts.ofFile(SETS_SEED)
        ? { ...plain, evidence: "strong", seed: "", parts: "shuffled", compares: undefined }
        : undefined;
    if (!SPLITS.has(name) && asMethodCall(node, "sample")) return sampled(call, facts);
    if (name === STUDY) {
      const sampler = call.keywords.get("sampler");
      // Processes that share a study would all try the same values with one seed.
      const isShared = call.keywords.get("load_if_exists")?.kind === "true";
      return (sampler && sampler.kind !== "none") || isShared
        ? undefined
        : { ...plain, evidence: "proof", seed: "sampler", parts: undefined, compares: undefined };
    }
    const seed = SAMPLERS.has(name) ? "seed" : "random_state";
    // Optuna's samplers have generators of their own: what is set for NumPy does not reach them.
    const given = call.keywords.get(seed);
    const generator = given && !facts.ofFile(SETS_SEED) ? unseeded(given, facts) : undefined;
    if ((given && !generator) || call.keywords.has("rng") || (!SAMPLERS.has(name) && facts.ofFile(SETS_SEED)))
      return undefined;
    const shuffle = call.keywords.get("shuffle");
    // A name or parameter says whether to shuffle: it is there because somebody may want it.
    const isAsked = FOLDS.has(name) && (shuffle?.kind === "identifier" || shuffle?.kind === "attribute");
    if (SPLITS.has(name) ? shuffle?.kind === "false" : FOLDS.has(name) && shuffle?.kind !== "true" && !isAsked)
      return undefined;
    const compares = SAMPLERS.has(name) || SEARCHES.test(name) ? undefined : comparedBy(call, facts);
    // scikit-learn refuses a seed for folds that are not shuffled.
    return {
      ...plain,
      evidence: isAsked ? "fair" : (compares?.evidence ?? "proof"),
      weight: compares ? "heavy" : "light",
      seed,
      shuffle: isAsked ? shuffle : undefined,
      generator,
      parts: undefined,
      compares: compares?.what,
    };
  },

  message({ call: { callee, args }, seed, shuffle, generator, parts, compares }) {
    const { text } = callee;
    if (compares === "trials")
      return `\`${excerpt(text, 40)}\` draws other rows in every trial, so that luck has a part in which settings are best; with \`random_state\` all are scored on the same rows.`;
    if (compares)
      return `\`${excerpt(text, 40)}\` draws other rows for every \`${excerpt(compares, 30)}\`, so that luck has a part in which one is best; with \`random_state\` all are scored on the same rows.`;
    if (parts === "sampled")
      return `\`${excerpt(text, 40)}\` draws other rows in every run, and what is left over is the other part; with \`random_state\` the scores of two runs can be compared.`;
    if (parts === "mixed")
      return `\`${excerpt(text, 40)}\` puts the rows into another order in every run, and they are cut apart after that; with \`random_state\` the scores of two runs can be compared.`;
    if (parts === "shuffled")
      return `\`${args[0]!.text}\` is shuffled otherwise in every run and then cut in two, so no two runs use the same parts; \`random.Random(42).shuffle\` does.`;
    const what = SEARCHES.test(text) ? "tries other settings" : "draws other rows";
    if (generator)
      return `\`${excerpt(generator.text, 40)}\` has no seed, so that \`${text}\` ${what} in every run; with one the scores of two runs can be compared.`;
    if (shuffle)
      return `Where \`${excerpt(shuffle.text, 30)}\` is true, \`${text}\` draws other rows in every run; with \`random_state\` the scores of two runs can be compared.`;
    return seed === "sampler"
      ? `\`${text}\` tries other values in every run; a sampler with a seed makes the search repeatable.`
      : `\`${text}\` ${what} in every run; with \`${seed}\` the scores of two runs can be compared.`;
  },

  fix({ call, seed, shuffle, generator, compares }, file) {
    if (generator) return declined("the generator may serve for other draws too: give it the seed where it is made");
    if (shuffle) return declined("folds that are not shuffled take no seed");
    if (file.facts.loopAround(call.node) && !compares)
      return declined("every turn of the loop would draw the same rows: give it a seed that changes with the turns");
    if (seed === "") return declined("only its author knows where the seed should stand");
    if (seed === "sampler") return withSampler(call, file);
    const added = withArgument(call, `${seed}=42`);
    if (!added) return declined("the arguments cannot be added to");
    return fixOf(
      "Fix the seed",
      [`every run ${SEARCHES.test(call.callee.text) ? "tries the same settings" : "draws the same rows"}`],
      [added],
    );
  },
});

interface Found {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly call: Call;
  readonly seed: string;
  readonly shuffle: Node | undefined;
  readonly generator: Node | undefined;
  /** Made by hand of what is drawn. */
  readonly parts: "shuffled" | "sampled" | "mixed" | undefined;
  /** What is compared on other rows each time: the trials of a search, or what a loop goes through. */
  readonly compares: string | undefined;
}

/** `train = rows.sample(frac=0.8)`, and the rest by `rows.drop(train.index)`; or all rows in another order, cut in two. */
function sampled(call: Call, facts: Facts): Found | undefined {
  const frame = asMethodCall(call.node)!.object;
  if (call.keywords.has("random_state") || facts.ofFile(SETS_SEED)) return undefined;
  const part = nameGiven(wholeOf(call.node));
  if (part && nameAtRoot(frame) === undefined) return undefined;
  const known = frameEvidence(frame, facts);
  if (!known) return undefined;
  const isWhole = /^1(?:\.0*)?$/.test(call.keywords.get("frac")?.text ?? "");
  const isSplit = isWhole
    ? (part && isNamedCutInTwo(part, call.node, facts)) || isSplitByNumpy(call.node, facts)
    : part && isRestTaken(part, frame, facts);
  if (!isSplit) return undefined;
  const compares = comparedBy(call, facts);
  return {
    at: call.callee,
    evidence: known === "proof" ? (compares?.evidence ?? "strong") : known,
    weight: compares ? "heavy" : "light",
    call,
    seed: "random_state",
    shuffle: undefined,
    generator: undefined,
    parts: isWhole ? "mixed" : "sampled",
    compares: compares?.what,
  };
}

/** `rows.sample(frac=1).reset_index(drop=True)`: the same rows with other labels. */
function wholeOf(call: Node): Node {
  const use = useOf(call);
  return use.kind === "method" && use.name === "reset_index" ? use.call! : call;
}

/** `np.split(rows.sample(frac=1), [600, 800])` */
function isSplitByNumpy(node: Node, facts: Facts): boolean {
  const outer = asCall(useOf(wholeOf(node)).call);
  return outer !== undefined && /^numpy\.(?:array_)?split$/.test(facts.nameOf(outer.callee) ?? "");
}

/** `rows.drop(part.index)`, `rows[~rows.index.isin(part.index)]`. */
function isRestTaken(part: Node, frame: Node, facts: Facts): boolean {
  return facts.readsOf(part, functionAround(part) ?? part.tree.root).some((it) => {
    const index = asAttribute(it.parent);
    if (index?.object !== it || index.name !== "index" || it.start < part.end) return false;
    const taker = asMethodCall(useOf(index.node).call, "drop", "isin");
    return taker !== undefined && (taker.object.text === frame.text || taker.object.text === `${frame.text}.index`);
  });
}

/** A search that tries settings on what is drawn, or a loop that scores one model or setting after the other on it. */
function comparedBy(call: Call, facts: Facts): { readonly what: string; readonly evidence: Evidence } | undefined {
  const { node } = call;
  if (isTrial(node, facts) || isDrawnPerStep(node, facts)) return { what: "trials", evidence: "strong" };
  const loop = asFor(facts.loopAround(node));
  if (!loop) return undefined;
  // Each turn has data of its own.
  const data = [...call.args, ...[...call.keywords].filter(([key]) => key === "X" || key === "y").map(([, it]) => it)];
  if (data.some((it) => comesFromTurn(it, loop.node, facts))) return undefined;
  const targets = loop.target.kind === "identifier" ? [loop.target] : loop.target.descendants("identifier");
  const target = targets.findLast((it) => facts.readsOf(it, loop.body).some((read) => isSetting(read)));
  if (!target || !SCORES.test(loop.body.text) || !CHOOSES.test((functionAround(node) ?? node.tree.root).text))
    return undefined;
  return { what: target.text, evidence: "strong" };
}

/** `KNeighborsClassifier(n_neighbors=k)`, `model.set_params(C=c)`, `clf.fit(X, y)`. */
function isSetting(read: Node): boolean {
  const use = useOf(read);
  if (use.kind === "method") return /^(?:fit|set_params)$/.test(use.name ?? "");
  const taker = use.kind === "argument" ? asCall(use.call) : undefined;
  if (!taker) return false;
  const name = lastName(taker.callee);
  return /^(?:set_params|cross_val_score|cross_validate|clone)$/.test(name) || MODEL.test(name);
}

const MODEL = /^[A-Z]\w*(?:Classifier|Regressor|Regression|SVC|SVR|NB|Ridge|Lasso|Net|Model|Boost\w*|Means|Forest)$/;
const SCORES = /(?:^|[^\w])(?:\w*_)?score\w*\(|\w_error\(|\bcross_val/;
/** The best is looked for. */
const CHOOSES = /\bbest|\b(?:arg|idx)(?:max|min)\b|\bmax\(|\bmin\(|\bsorted\(|\.sort(?:_values)?\(/i;

/** The folds of a search of scikit-optimize, which asks for them anew at every step: given to it, or drawn by a class whose object is. */
function isDrawnPerStep(node: Node, facts: Facts): boolean {
  const given = node.parent?.kind === "keyword_argument" ? asCall(useOf(node).call) : undefined;
  if (given) return STEPWISE.test(facts.nameOf(given.callee) ?? "");
  const made = nameGiven(node);
  const owner = asClass(node.ancestor("class_definition"));
  const takers = made
    ? facts.usesOf(made)
    : owner && useOf(node).kind === "method"
      ? facts.readsOf(owner.nameNode).flatMap((it) => {
          const call = asCall(useOf(it).call);
          return call?.callee === it ? [useOf(call.node)] : [];
        })
      : [];
  return takers.some((it) => {
    const taker = it.kind === "argument" && it.name === "cv" ? asCall(it.call) : undefined;
    return taker !== undefined && STEPWISE.test(facts.nameOf(taker.callee) ?? "");
  });
}

const STEPWISE = /^skopt\.(?:\w+\.)?BayesSearchCV$/;

/** `RandomState()`, by a name or not: a generator that begins anew in every run. */
function unseeded(given: Node, facts: Facts): Node | undefined {
  const node = unwrap(given);
  const value = node.kind === "identifier" ? facts.valueOf(node) : node;
  const made = asCall(value && unwrap(value));
  const name = made && !made.hasSplat && made.keywords.size === 0 ? facts.nameOf(made.callee) : undefined;
  const isBare = made?.args.length === 0 || (made?.args.length === 1 && made.args[0]!.kind === "none");
  return isBare && (name === "numpy.random.RandomState" || name === "numpy.random.default_rng")
    ? made!.node
    : undefined;
}

/** They draw what they try; which rows the folds have is for `cv` to say. */
const SEARCHES = /Search(?:CV)?$|(?<!Over|Under)Sampler$/;

/** The sampler that a study has by itself, with a seed. */
function withSampler(call: Call, file: File): Fix | Declined {
  if (call.keywords.has("directions"))
    return declined("which sampler suits several directions is for its author to say");
  if (call.keywords.has("sampler")) return declined("`None` is written as the sampler");
  const optuna = importModule(file, "optuna", call.node);
  const added = optuna && withArgument(call, `sampler=${optuna.name}.samplers.TPESampler(seed=42)`);
  if (!added) return declined("the arguments cannot be added to");
  return fixOf("Fix the seed", ["every run tries the same values"], [...optuna.edits, added]);
}

/** `names[:count]` and `names[count:]` below: the parts for training and for the test. */
function isCutInTwo({ args: [items, more], node }: Call, facts: Facts): boolean {
  return items?.kind === "identifier" && !more && isNamedCutInTwo(items, node, facts);
}

/** The same of the name, also of `name.iloc`, behind a node. */
function isNamedCutInTwo(name: Node, node: Node, facts: Facts): boolean {
  const slices = facts.readsOf(name, functionAround(node) ?? node.tree.root).flatMap((it) => {
    const indexer = asAttribute(it.parent);
    const value = indexer?.object === it && indexer.name === "iloc" ? indexer.node : it;
    const part = asSubscript(value.parent);
    return part?.value === value && it.start > node.end && part.indices.length === 1 ? part.indices[0]!.text : [];
  });
  const ends = slices.flatMap((it) => (/^:[^:]/.test(it) ? it.slice(1).trim() : []));
  return slices.some((it) => /[^:]:$/.test(it) && ends.includes(it.slice(0, -1).trim()));
}

/** scikit-learn draws from NumPy's global generator where it is given none. What stands in a comment sets nothing. */
const SETS_SEED = fileQuestion((facts) =>
  facts.fileMatches(
    /^[^#\r\n\u2028\u2029]*?(?:\brandom\.seed\s*\(|\b(?:set_|fix_)?(?:all_)?(?:random_)?seeds?(?:_everything|_all)?\s*\()/m,
  ),
);
