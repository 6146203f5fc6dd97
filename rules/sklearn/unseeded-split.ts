/** A random split or search that comes out otherwise in each run. */

import {
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  importModule,
  withArgument,
  type Call,
  type Declined,
  type Evidence,
  asCall,
  unwrap,
  type Facts,
  type Node,
  type File,
  type Fix,
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
  level: "hint",
  gain: "safety",
  imports: ["sklearn", "optuna"],
  orWords: ["shuffle"],
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
  calls: [...SPLITS, ...FOLDS, ...DRAWS, ...SAMPLERS, STUDY, ...SHUFFLES],

  find(_node, { facts }, call) {
    if (facts.isTest || call.hasSplat) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    if (SHUFFLES.has(name))
      return isCutInTwo(call, facts) && !facts.ofFile(SETS_SEED)
        ? { at: call.callee, evidence: "strong" as Evidence, call, seed: "", shuffle: undefined, generator: undefined }
        : undefined;
    if (name === STUDY) {
      const sampler = call.keywords.get("sampler");
      // Processes that share a study would all try the same values with one seed.
      const isShared = call.keywords.get("load_if_exists")?.kind === "true";
      return (sampler && sampler.kind !== "none") || isShared
        ? undefined
        : {
            at: call.callee,
            evidence: "proof" as Evidence,
            call,
            seed: "sampler",
            shuffle: undefined,
            generator: undefined,
          };
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
    // scikit-learn refuses a seed for folds that are not shuffled.
    return {
      at: call.callee,
      evidence: (isAsked ? "fair" : "proof") as Evidence,
      call,
      seed,
      shuffle: isAsked ? shuffle : undefined,
      generator,
    };
  },

  message: ({ call: { callee, args }, seed, shuffle, generator }) =>
    generator
      ? `\`${excerpt(generator.text, 40)}\` has no seed, so that \`${callee.text}\` ${SEARCHES.test(callee.text) ? "tries other settings" : "draws other rows"} in every run; with one the scores of two runs can be compared.`
      : shuffle
        ? `Where \`${excerpt(shuffle.text, 30)}\` is true, \`${callee.text}\` draws other rows in every run; with \`random_state\` the scores of two runs can be compared.`
        : seed === "sampler"
          ? `\`${callee.text}\` tries other values in every run; a sampler with a seed makes the search repeatable.`
          : seed === ""
            ? `\`${args[0]!.text}\` is shuffled otherwise in every run and then cut in two, so no two runs use the same parts; \`random.Random(42).shuffle\` does.`
            : `\`${callee.text}\` ${SEARCHES.test(callee.text) ? "tries other settings" : "draws other rows"} in every run; with \`${seed}\` the scores of two runs can be compared.`,

  fix({ call, seed, shuffle, generator }, file) {
    if (generator) return declined("the generator may serve for other draws too: give it the seed where it is made");
    if (shuffle) return declined("folds that are not shuffled take no seed");
    if (file.facts.loopAround(call.node))
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
const SEARCHES = /Search(?:CV)?$|Sampler$/;

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
  if (items?.kind !== "identifier" || more) return false;
  const slices = facts.readsOf(items, functionAround(node) ?? node.tree.root).flatMap((it) => {
    const part = asSubscript(it.parent);
    return part?.value === it && it.start > node.end && part.indices.length === 1 ? part.indices[0]!.text : [];
  });
  const ends = slices.flatMap((it) => (/^:[^:]/.test(it) ? it.slice(1) : []));
  return slices.some((it) => /[^:]:$/.test(it) && ends.includes(it.slice(0, -1)));
}

/** scikit-learn draws from NumPy's global generator where it is given none. */
const SETS_SEED = fileQuestion((facts) =>
  facts.fileMatches(/\brandom\.seed\s*\(|\b(?:set_|fix_)?(?:all_)?(?:random_)?seeds?(?:_everything|_all)?\s*\(/),
);
