/** A model of scikit-learn that is asked for one row at a time. */

import {
  asCall,
  asComprehension,
  asMethodCall,
  asSubscript,
  comesFromTurn,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  integerOf,
  isConstant,
  replace,
  unwrap,
  useOf,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

const METHODS = [
  "predict",
  "predict_proba",
  "predict_log_proba",
  "decision_function",
  "score_samples",
  "transform",
] as const;

export default defineRule({
  title: "Prediction row by row",
  why: "Each call checks its input, converts it and walks through the layers of the library for a single row; that takes far longer than the prediction. One call with all rows does this once.",
  guide: "ml-ecosystem",
  level: "warning",
  gain: "time",
  overrides: ["architecture/per-item-predict"],
  imports: ["sklearn", "joblib"],
  fixes: "review",

  examples: [
    {
      before: `
from sklearn.linear_model import LinearRegression

def scores(model: LinearRegression, rows: list[list[float]]) -> list[float]:
    return [model.predict([row])[0] for row in rows]
`,
      after: `
from sklearn.linear_model import LinearRegression

def scores(model: LinearRegression, rows: list[list[float]]) -> list[float]:
    return list(model.predict(rows))
`,
    },
  ],

  on: ["call"],
  methods: METHODS,

  find(node, { facts }) {
    const call = asMethodCall(node, ...METHODS);
    const [data] = call?.args ?? [];
    if (!call || !data || facts.isTest) return undefined;
    const row = rowOf(data);
    const applied = row ? appliedTo(node, facts) : undefined;
    const loop = row && (applied ? undefined : facts.loopAround(node));
    if (!row || (!applied && (!loop || loop.kind === "while_statement"))) return undefined;
    const evidence = modelEvidence(call, facts);
    if (!evidence) return undefined;
    if (loop && (!comesFromTurn(row, loop, facts) || changesIn(call.object, loop, facts))) return undefined;
    return { at: call.callee, evidence, weight: applied ? "heavy" : facts.weightOf(node), call, data, row, loop };
  },

  message: ({ call, evidence }) =>
    `\`${call.callee.text}\` is called for one row at a time${evidence === "fair" ? ", if it is a model of scikit-learn" : ""}; one call with all rows does the checks and conversions once.`,

  fix({ call, data, row, loop }, { facts }) {
    const comprehension = asComprehension(loop?.kind === "for_in_clause" ? loop.parent : loop);
    if (!comprehension || comprehension.kind !== "list") return declined("the loop does more than predict");
    const [clause, more] = comprehension.clauses;
    if (!clause || more || comprehension.conditions.length > 0) return declined("the rows are chosen in the loop");
    const { element, node } = comprehension;
    const item = asSubscript(unwrap(element));
    const isFirst = item?.value === call.node && item.indices.length === 1 && integerOf(item.indices[0]) === 0;
    if (!isFirst || clause.isAsync) return declined("more is done with each prediction");
    if (row.text !== clause.target.text || unwrap(data).kind !== "list")
      return declined("each row is put together in the loop");
    if (call.args.length + call.keywords.size !== 1 || hasComments(node))
      return declined("the call has more arguments");
    const isList = facts.typeOf(clause.iterable)?.name === "list" || facts.isA(clause.iterable, "numpy.ndarray");
    return fixOf(
      "Predict all rows in one call",
      [
        !isList && `\`${clause.iterable.text}\` must be a list or an array of rows`,
        "no rows at all are an error",
        "the last digits may differ",
      ],
      [replace(node, `list(${call.callee.text}(${clause.iterable.text}))`)],
    );
  },
});

/** What the one row is made of: `row` of `[row]`, of `row.reshape(1, -1)`, of `np.array([row])`. */
function rowOf(data: Node): Node | undefined {
  const node = unwrap(data);
  if (node.kind === "list") {
    const [only, more] = node.children;
    return only && !more && only.kind !== "list_splat" && !isConstant(only) ? unwrap(only) : undefined;
  }
  const method = asMethodCall(node);
  if (method?.method === "reshape") {
    const sizes = method.args.length === 1 && method.args[0]?.kind === "tuple" ? method.args[0].children : method.args;
    return sizes.length > 1 && integerOf(sizes[0]) === 1 ? method.object : undefined;
  }
  if (method?.method === "to_numpy" || method?.method === "values" || method?.method === "transform") return undefined;
  const call = asCall(node);
  const [first] = call?.args ?? [];
  if (call && first && /(?:^|\.)(?:array|asarray|DataFrame)$/.test(call.callee.text)) return rowOf(first);
  if (call && first && /\.(?:atleast_2d|expand_dims)$/.test(call.callee.text)) return unwrap(first);
  const item = asSubscript(node);
  if (item) {
    const [index, ...others] = item.indices;
    // `X[i:i + 1]`, `X[[i]]`, `row[None]`, `row[np.newaxis, :]`
    if (index?.kind === "slice") {
      const parts = /^(\w+)\s*:\s*(\w+)\s*\+\s*1$/.exec(index.text);
      return parts && parts[1] === parts[2] ? index.descendants("identifier")[0] : undefined;
    }
    if (index && unwrap(index).kind === "list" && others.length === 0 && unwrap(index).children.length === 1)
      return unwrap(index).children[0];
    if (index?.kind === "none" || /(?:^|\.)newaxis$/.test(index?.text ?? "")) return item.value;
  }
  const transposed = node.kind === "attribute" && /\.to_frame\(\)\.T$/.test(node.text) ? node : undefined;
  return transposed;
}

/** By its type, or by its name where nothing is known of it. */
function modelEvidence({ object, method }: MethodCall, facts: Facts): Evidence | undefined {
  if (facts.isA(object, "sklearn.base.BaseEstimator", "fair")) return facts.evidenceOf(object);
  if (facts.typed(object)) return undefined;
  const maker = asCall(facts.valueOf(object));
  const name = maker && facts.nameOf(maker.callee);
  if (name === "joblib.load") return "strong";
  if (name !== undefined || method === "transform") return undefined;
  return /(?:^|[._])(?:model|clf|classifier|regressor|estimator|reg|knn|svm|svc|forest|pipeline|pipe)$/i.test(
    object.text,
  ) &&
    facts.view.imports("sklearn") &&
    !OTHERS.some((it) => facts.view.imports(it))
    ? "fair"
    : undefined;
}
/** Their models are called the same. */
const OTHERS = ["tensorflow", "keras", "torch"];

/** `frame.apply(lambda row: model.predict([row])[0], axis=1)` */
function appliedTo(node: Node, facts: Facts): boolean {
  const home = functionAround(node);
  if (home?.kind !== "lambda") return false;
  const use = useOf(home);
  return (
    use.kind === "argument" &&
    asMethodCall(use.call, "apply", "map", "progress_apply") !== undefined &&
    facts.loopAround(node) === undefined
  );
}

/** Another model in each turn, or one that goes on learning. */
function changesIn(object: Node, loop: Node, facts: Facts): boolean {
  const [name] = object.kind === "identifier" ? [object] : object.descendants("identifier");
  if (name && facts.writesOf(name, loop).length > 0) return true;
  return loop
    .descendants("call")
    .some(
      (it) =>
        /^(?:partial_)?fit$/.test(asMethodCall(it)?.method ?? "") && asMethodCall(it)!.object.text === object.text,
    );
}
