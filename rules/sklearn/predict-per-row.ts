/** A model of scikit-learn that is asked for one row at a time. */

import {
  argumentOf,
  asCall,
  asComprehension,
  asFunction,
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
  hangsOnResult,
  isFilledInTurn,
  methodCalled,
  nameAtRoot,
  replace,
  unwrap,
  useOf,
  type Evidence,
  type Facts,
  type FunctionDef,
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
    if (!row) return undefined;
    const applied = appliedTo(node, facts);
    const loop = applied ? undefined : facts.loopAround(node);
    const helped = applied || loop ? undefined : runPerItem(node, row, call, facts);
    if (loop?.kind === "while_statement" || !(applied || loop || helped)) return undefined;
    const evidence = modelEvidence(call, facts);
    if (!evidence) return undefined;
    const isOfTurn =
      loop &&
      (comesFromTurn(row, loop, facts)
        ? !hangsOnResult(row, node, loop, facts)
        : isFilledInTurn(row, node, loop, facts));
    if (loop && (!isOfTurn || changesIn(call.object, loop, facts))) return undefined;
    return {
      at: call.callee,
      related: helped ? [{ at: helped.call, message: "called for each item here" }] : [],
      evidence,
      weight: applied ? ("heavy" as const) : facts.weightOf(helped?.call ?? node),
      call,
      data,
      row,
      loop,
      helped,
    };
  },

  message: ({ call, evidence, helped }) =>
    `\`${call.callee.text}\` is called for one row at a time${helped ? `, as \`${helped.name}\` is in a loop` : ""}${evidence === "fair" ? ", if it is a model of scikit-learn" : ""}; one call with all rows does the checks and conversions once.`,

  fix({ call, data, row, loop, helped }, { facts }) {
    if (helped) return declined("the function that asks for one row has to take all of them");
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
  if (loop.descendants("assignment").some((it) => it.field("left")?.text === object.text)) return true;
  return loop
    .descendants("call")
    .some(
      (it) =>
        /^(?:partial_)?fit$/.test(asMethodCall(it)?.method ?? "") && asMethodCall(it)!.object.text === object.text,
    );
}

interface Helped {
  /** Where a loop calls the function. */
  readonly call: Node;
  readonly name: string;
}

/** Callers that are looked at. */
const MOST_CALLERS = 20;

/** The function around asks for the row that its parameters bring, and a loop calls it for one item after the other. */
function runPerItem(node: Node, row: Node, call: MethodCall, facts: Facts): Helped | undefined {
  const def = asFunction(functionAround(node));
  if (!def || def.isAsync || def.decorators.some((it) => /cache|route|\.(?:get|post)\b|property/.test(it.text)))
    return undefined;
  const parameters = new Set(parametersBehind(row, facts));
  const model = nameAtRoot(call.object)?.text;
  if (parameters.size === 0) return undefined;
  const isMethod = facts.classOf(def.node) !== undefined;
  for (const callee of callsOf(def, facts).slice(0, MOST_CALLERS)) {
    const outer = asCall(useOf(callee).call);
    const loop = outer && !outer.hasSplat ? facts.loopAround(outer.node) : undefined;
    if (!outer || !loop || loop.kind === "while_statement" || outer.node.isInside(def.node)) continue;
    const given = (name: string): Node | undefined => {
      const place = def.parameters.findIndex((it) => it.name === name);
      return place < 0 ? undefined : argumentOf(outer, name, place - (isMethod ? 1 : 0));
    };
    const own = model === undefined || /^(?:self|cls)$/.test(model) ? undefined : given(model);
    if (own && comesFromTurn(own, loop, facts)) continue;
    if (changesIn(call.object, loop, facts) || learnsIn(loop)) continue;
    const isPerItem = [...parameters].some((it) => {
      const value = given(it);
      return value && (comesFromTurn(value, loop, facts) || isFilledInTurn(value, outer.node, loop, facts));
    });
    // What hangs on the result of the turn before cannot be asked for ahead.
    const isCarried = [...parameters].some((it) => {
      const value = given(it);
      return value !== undefined && isCarriedOver(value, loop, facts);
    });
    if (isPerItem && !isCarried) return { call: outer.node, name: def.name };
  }
  return undefined;
}

/** Another model is fitted in each turn, or this one by way of a function. */
const learnsIn = (loop: Node): boolean => /\b(?:partial_)?fit\w*\(|\b(?:re)?train\w*\(/.test(loop.text);

/** The value of a name that stood before the loop and is bound in it too. */
function isCarriedOver(value: Node, loop: Node, facts: Facts): boolean {
  const names = [...(value.kind === "identifier" ? [value] : []), ...value.descendants("identifier")];
  return names.some((it) => {
    if (it.fieldName === "attribute") return false;
    const sites = facts.reachingSites(it);
    return sites.some((site) => site.name.isInside(loop)) && sites.some((site) => !site.name.isInside(loop));
  });
}

const MOST_STEPS = 4;

/** The parameters that an expression is made of, by way of names of the function. */
function parametersBehind(value: Node, facts: Facts, depth = 0): readonly string[] {
  if (depth > MOST_STEPS) return [];
  const names = [...(value.kind === "identifier" ? [value] : []), ...value.descendants("identifier")];
  return names.flatMap((it) =>
    it.fieldName === "attribute" || it.text === "self"
      ? []
      : facts
          .reachingSites(it)
          .flatMap((site) =>
            site.kind === "parameter"
              ? [it.text]
              : site.kind === "assign" && site.value
                ? parametersBehind(site.value, facts, depth + 1)
                : [],
          ),
  );
}

/** Where a function is called by its name, or a method by `self`. */
function callsOf(def: FunctionDef, facts: Facts): readonly Node[] {
  const reads = facts.classOf(def.node)
    ? facts.view
        .attributesOf(def.name)
        .flatMap((it) => (it.kind === "attribute" ? [it] : it.parent?.kind === "attribute" ? [it.parent] : []))
        .filter((it) => methodCalled(it, facts)?.def.node === def.node)
    : facts.readsOf(def.nameNode);
  return reads.filter((it) => useOf(it).kind === "call");
}
