/** `model.fit(vectors.toarray(), labels)`: a sparse matrix is written out with all its zeros for a model that takes it as it is. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asSubscript,
  between,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  itemsOf,
  qualifiedName,
  remove,
  statementOf,
  textValue,
  unwrap,
  weakest,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Sparse matrix made dense for a model that takes sparse",
  why: "Texts and categories as columns are nearly all zeros. Dense, every one of them takes eight bytes, often a thousand times as much memory as the sparse matrix, and the model goes through all of them.",
  guide: "ml-ecosystem",
  level: "info",
  gain: "memory",
  imports: ["sklearn"],
  overrides: ["iteration/repeated-pure-call"],
  fixes: "review",

  examples: [
    {
      before: `
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

def trained(texts: list[str], labels: list[int]) -> MultinomialNB:
    vectors = CountVectorizer().fit_transform(texts).toarray()
    model = MultinomialNB()
    model.fit(vectors, labels)
    return model
`,
      after: `
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

def trained(texts: list[str], labels: list[int]) -> MultinomialNB:
    vectors = CountVectorizer().fit_transform(texts)
    model = MultinomialNB()
    model.fit(vectors, labels)
    return model
`,
    },
  ],

  on: ["call"],
  methods: ["toarray", "todense"],

  find(node, { facts }) {
    const dense = facts.isTest ? undefined : asMethodCall(node, "toarray", "todense");
    if (!dense || dense.args.length + dense.keywords.size > 0) return undefined;
    const uses: Uses = { left: MOST_USES, results: [], models: [] };
    const evidence = takenSparse(dense.node, facts, uses);
    if (!evidence) return undefined;
    return {
      at: dense.methodNode,
      evidence,
      weight: facts.weightOf(node) === "light" || isOne(dense.object) ? "light" : "heavy",
      dense,
      uses,
    };
  },

  message: ({ dense, evidence }) =>
    `\`${excerpt(dense.object.text, 40)}\` is written out with all its zeros, and what it is given to ${evidence === "fair" ? "seems to take" : "takes"} a sparse matrix.`,

  fix({ dense: { node, object }, evidence, uses }, { facts }) {
    if (evidence === "fair") return declined("it is not known which model it is given to");
    if (hasComments(node)) return declined("a comment would be lost");
    const models = uses.models.map((it) => metricOf(it, facts));
    if (models.includes("dense")) return declined("its metric or its tree takes no sparse matrix");
    if (uses.results.some((it) => !takenSparse(it, facts, { left: MOST_USES, results: [], models: [] })))
      return declined("what the step makes of it would be sparse too, and is used otherwise");
    return fixOf(
      "Keep it sparse",
      [
        "the last digits may differ, as sparse sums are added in another order",
        models.includes("unknown") && "the metric of the model must take a sparse matrix",
      ],
      [remove({ ...between(object, node), start: object.end })],
    );
  },
});

const MOST_USES = 40;

interface Uses {
  left: number;
  /** What steps that keep a matrix sparse make of it. */
  readonly results: Node[];
  /** The models and functions that it is given to. */
  readonly models: Node[];
}

/** Those that measure distances take a sparse matrix with some metrics, and without a tree. */
const MEASURES = /^sklearn\.(?:neighbors|cluster\.DBSCAN|metrics)/;
const METRICS = /^(?:euclidean|l2|l1|manhattan|cityblock|cosine|nan_euclidean|minkowski)$/;

function metricOf(model: Node, facts: Facts): "sparse" | "dense" | "unknown" {
  const made = asCall(unwrap(model.kind === "call" ? model : (facts.valueOf(model) ?? model)));
  const name = facts.typed(model, "fair")?.type.name ?? (made && qualifiedName(made, facts)) ?? "";
  if (!MEASURES.test(name) || /NearestCentroid|pairwise\.(?!pairwise)/.test(name)) return "sparse";
  if (!made || made.hasSplat) return "unknown";
  const metric = made.keywords.get("metric");
  const algorithm = textValue(made.keywords.get("algorithm")) ?? "auto";
  const power = made.keywords.get("p")?.text ?? "2";
  if (metric && !METRICS.test(textValue(metric) ?? "")) return "dense";
  return /tree/.test(algorithm) || !/^[12](\.0)?$/.test(power) ? "dense" : "sparse";
}

/** Steps whose result is as sparse as what they are given. */
const KEEPS = /^sklearn\.(?:feature_selection\.\w+|preprocessing\.(?:MaxAbsScaler|Normalizer|Binarizer))$/;

/** Estimators whose `fit` takes a sparse matrix, apart from those that would make it dense themselves. */
const TAKES =
  /^sklearn\.(?:naive_bayes\.(?:MultinomialNB|BernoulliNB|ComplementNB)|linear_model\.(?:LogisticRegression(?:CV)?|SGD\w+|Ridge(?:Classifier)?(?:CV)?|Lasso(?:CV)?|ElasticNet(?:CV)?|LinearRegression|Perceptron|PassiveAggressive\w+|PoissonRegressor|HuberRegressor)|svm\.\w+|ensemble\.(?:RandomForest|ExtraTrees|GradientBoosting|AdaBoost|Bagging|IsolationForest)\w*|tree\.\w+|neighbors\.(?:KNeighbors|RadiusNeighbors|NearestNeighbors|NearestCentroid)\w*|cluster\.(?:KMeans|MiniBatchKMeans|DBSCAN)|decomposition\.(?:TruncatedSVD|NMF|LatentDirichletAllocation)|neural_network\.MLP\w+|feature_selection\.\w+|preprocessing\.(?:MaxAbsScaler|Normalizer|Binarizer)|dummy\.\w+)$/;
const FUNCTIONS =
  /^sklearn\.(?:metrics\.pairwise\.(?:cosine_similarity|linear_kernel|cosine_distances|euclidean_distances|polynomial_kernel|rbf_kernel|pairwise_distances)|metrics\.pairwise_distances)$/;
const VALIDATES = /^sklearn\.model_selection\.(?:cross_val_score|cross_validate|cross_val_predict)$/;
const SEARCHES =
  /^sklearn\.(?:model_selection\.(?:GridSearchCV|RandomizedSearchCV)|multiclass\.\w+|calibration\.CalibratedClassifierCV)$/;
const METHOD =
  /^(?:fit|fit_predict|fit_transform|partial_fit|predict|predict_proba|predict_log_proba|decision_function|score|transform)$/;
const MODEL_NAME = /(?:^|[._])(?:model|clf|classifier|regressor|estimator|svm|svc|nb|knn|lr|rf)\d*$/i;

/** By which evidence every use of a value takes it sparse as well; undefined where one may not, or nothing is known. */
function takenSparse(value: Node, facts: Facts, uses: Uses): Evidence | undefined {
  if (uses.left-- <= 0) return undefined;
  const whole = wrapped(value);
  const { parent } = whole;
  const call = callAround(whole);
  if (call) return evidenceOf(call, whole, facts, uses);
  const item = asSubscript(parent);
  // A part of the rows is sparse too; one row or one cell is not the same.
  if (item && unwrap(item.value) === unwrap(value) && item.indices.length === 1 && item.indices[0]!.kind === "slice")
    return takenSparse(item.node, facts, uses);
  const assignment = asAssignment(statementOf(whole));
  const [target, more] = assignment?.targets ?? [];
  if (!assignment?.value || unwrap(assignment.value) !== unwrap(value) || target?.kind !== "identifier" || more)
    return undefined;
  return ofName(target, facts, uses);
}

/** All that sees the value which a name gets; its shape is the same either way. */
function ofName(target: Node, facts: Facts, uses: Uses): Evidence | undefined {
  const reads = facts.readsSeeing(target).filter((it) => !isShape(it));
  let evidence: Evidence | undefined;
  for (const read of reads) {
    const found = takenSparse(read, facts, uses);
    if (!found) return undefined;
    evidence = evidence ? weakest(evidence, found) : found;
  }
  return evidence;
}

const isShape = (read: Node): boolean => read.parent?.kind === "attribute" && read.parent.text === `${read.text}.shape`;

function callAround(argument: Node): Call | undefined {
  const list = argument.parent?.kind === "keyword_argument" ? argument.parent.parent : argument.parent;
  return list?.kind === "argument_list" ? asCall(list.parent) : undefined;
}

function evidenceOf(call: Call, argument: Node, facts: Facts, uses: Uses): Evidence | undefined {
  const name = qualifiedName(call, facts);
  if (name !== undefined && FUNCTIONS.test(name)) {
    uses.models.push(call.node);
    return "proof";
  }
  if (name === "sklearn.model_selection.train_test_split") return ofParts(call, argument, facts, uses);
  if (name !== undefined && VALIDATES.test(name)) {
    const [model] = call.args;
    if (model) uses.models.push(model);
    return model && modelEvidence(model, facts);
  }
  const method = asMethodCall(call.node);
  if (!method || !METHOD.test(method.method) || unwrap(call.args[0] ?? argument) !== unwrap(argument)) return undefined;
  uses.models.push(method.object);
  if (/transform$/.test(method.method) && KEEPS.test(facts.typed(method.object, "fair")?.type.name ?? ""))
    uses.results.push(call.node);
  return modelEvidence(method.object, facts);
}

function modelEvidence(model: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(model, "fair");
  if (typed) {
    if (TAKES.test(typed.type.name)) return typed.evidence;
    // A search, or a wrapper, takes what its model takes.
    const made = SEARCHES.test(typed.type.name)
      ? asCall(unwrap(model.kind === "call" ? model : (facts.valueOf(model) ?? model)))
      : undefined;
    const [inner] = made?.args ?? [];
    return inner && modelEvidence(inner, facts);
  }
  const isOther = ["keras", "tensorflow", "torch", "xgboost"].some((it) => facts.view.imports(it));
  return MODEL_NAME.test(model.text) && !isOther ? "fair" : undefined;
}

/** `X_train, X_test, … = train_test_split(X, y)`: both parts are as sparse as the whole. */
function ofParts(call: Call, argument: Node, facts: Facts, uses: Uses): Evidence | undefined {
  const position = call.args.findIndex((it) => unwrap(it) === unwrap(argument));
  const [target] = asAssignment(statementOf(call.node))?.targets ?? [];
  const names = target && position >= 0 ? itemsOf(unwrap(target)).slice(2 * position, 2 * position + 2) : [];
  if (names.length !== 2) return undefined;
  const found = names
    .filter((it) => it.kind === "identifier" && facts.readsSeeing(it).length > 0)
    .map((it) => ofName(it, facts, uses));
  return found.length > 0 ? weakest(...found) : undefined;
}

/** `transform([text])`. */
function isOne(made: Node): boolean {
  const call: MethodCall | undefined = asMethodCall(made, "transform");
  const list = unwrap(call?.args[0] ?? made);
  return list.kind === "list" && itemsOf(list).length === 1;
}
