/** A scaler, imputer or selection that is fitted to all rows before they are split. */

import {
  asAssignment,
  asCall,
  asFor,
  asMethodCall,
  asSubscript,
  defineRule,
  excerpt,
  functionAround,
  itemsOf,
  learnerOf,
  splitPartOf,
  statementsOf,
  statementOf,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const SPLITS: readonly string[] = [
  "sklearn.model_selection.train_test_split",
  "sklearn.model_selection.cross_val_score",
  "sklearn.model_selection.cross_validate",
  "sklearn.model_selection.cross_val_predict",
];

/** They make folds of what they are fitted to. */
const SEARCHES =
  /^(?:sklearn\.model_selection\.(?:\w+\.)?(?:GridSearchCV|RandomizedSearchCV|HalvingGridSearchCV|HalvingRandomSearchCV)|skopt\.(?:\w+\.)?BayesSearchCV)$/;
const SPLITTERS = /^sklearn\.model_selection\.(?:\w+\.)?\w*(?:Fold|ShuffleSplit|LeaveOneOut|LeaveOneGroupOut)$/;

export default defineRule({
  title: "Fitted before the split",
  why: "What is fitted to all rows has seen the test rows: their mean, their words, their ties to the target. The score on them is then better than the model is. Fitted to the training rows alone, as in a Pipeline, it tells the truth.",
  guide: "ml-testing",
  level: "warning",
  gain: "safety",
  imports: ["sklearn", "imblearn"],

  examples: [
    {
      before: `
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

def score(X, y) -> float:
    X_scaled = StandardScaler().fit_transform(X)
    X_train, X_test, y_train, y_test = train_test_split(X_scaled, y, random_state=0)
    return Ridge().fit(X_train, y_train).score(X_test, y_test)
`,
      after: `
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

def score(X, y) -> float:
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    model = make_pipeline(StandardScaler(), Ridge())
    return model.fit(X_train, y_train).score(X_test, y_test)
`,
    },
  ],

  on: ["call"],
  calls: SPLITS,
  methods: ["fit", "split"],

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const method = asMethodCall(node, "fit", "split");
    const how = method
      ? foldsBy(method, facts)
      : facts.nameOf(call.callee)?.endsWith("train_test_split")
        ? "split"
        : "folds";
    if (!how) return undefined;
    const data =
      how === "split"
        ? call.args
        : how === "search"
          ? [call.args[0] ?? call.keywords.get("X")]
          : how === "last"
            ? [call.args[0] ?? call.keywords.get("x")]
            : how === "loop"
              ? takenIn(node, facts)
              : [call.args[1] ?? call.keywords.get("X")];
    for (const it of data) {
      const found =
        it &&
        (fittedBefore(it, call, facts, "rows") ??
          (how === "last"
            ? undefined
            : (fittedBefore(it, call, facts) ?? (how === "split" ? fittedAfter(it, call, facts) : undefined))));
      // What is fitted to the target alone, such as labels, gives nothing away.
      if (!found || /^(?:y|labels?|targets?)(?:_|$)/i.test(it.text)) continue;
      // Several splits of what was fitted once are one mistake.
      if (facts.memo("sklearn/fit-before-split", found.node, () => call.node) !== call.node) return undefined;
      return { weight: weightOf(found, how), call, how, ...found };
    }
    return undefined;
  },

  message({ call, name, does, how, isBelow }) {
    const by = excerpt(call.callee.text, 50);
    const made = `\`${excerpt(name, 40)}\``;
    if (does === "adds")
      return how === "last"
        ? `${made} puts the rows that it makes at the end, and \`validation_split\` takes the last ones: it validates on copies of what is learnt. Split first.`
        : `${made} makes rows out of others before \`${by}\` parts them: copies of what is learnt are scored. Resample ${how === "search" ? "in imblearn's Pipeline" : "training rows alone"}.`;
    if (does === "drops")
      return `${made} evens the classes before \`${by}\` parts the rows: the score is that of other shares than real data has. Resample training rows alone.`;
    if (isBelow)
      return `${made} is fitted to all rows, those that \`${by}\` keeps for the test too: the score rests on rows it has seen. Fit it to training rows alone.`;
    const parts = how === "split" ? "splits them" : "makes folds";
    return `${made} is fitted to all rows before \`${by}\` ${parts}: the score rests on rows it has seen. Fit it ${how === "search" ? "in a Pipeline that is searched" : "to training rows alone"}.`;
  },
});

/** `last`: Keras takes the last rows for validation. */
type How = "split" | "folds" | "search" | "loop" | "last";

/** Folds of scaled rows differ little from rows scaled fold by fold, and a search is mostly followed by a score on other rows. */
function weightOf({ does, learns }: Found, how: How): Weight {
  if (does === "adds") return "heavy";
  if (does === "drops") return "unknown";
  if (how === "split") return "heavy";
  const isScaler = /scal|normali[sz]/i.test(learns);
  if (how !== "search") return isScaler ? "unknown" : "heavy";
  return /select|target/i.test(learns) ? "heavy" : isScaler ? "light" : "unknown";
}

/** `search.fit(X, y)`, `for train, test in folds.split(X):`; undefined for the methods of anything else. */
function foldsBy({ object, method, keywords }: MethodCall, facts: Facts): "search" | "loop" | "last" | undefined {
  const share = method === "fit" ? keywords.get("validation_split") : undefined;
  if (share) return /^0?\.?0*$/.test(share.text) ? undefined : "last";
  const made = asCall(unwrap(object.kind === "identifier" ? (facts.valueOf(object) ?? object) : object));
  const name = (made && facts.nameOf(made.callee)) ?? facts.typed(object)?.type.name ?? "";
  if (method === "fit") return SEARCHES.test(name) ? "search" : undefined;
  return SPLITTERS.test(name) ? "loop" : undefined;
}

/** `X` of `X[train]` in the loop over the folds. */
function takenIn(split: Node, facts: Facts): readonly Node[] {
  const use = useOf(split);
  const counted = use.kind === "argument" && asCall(use.call)?.callee.text === "enumerate" ? use.call! : split;
  const loop = asFor(counted.parent);
  if (!loop || unwrap(loop.iterable) !== counted) return [];
  const indices = loop.target.descendants("identifier").slice(-2);
  const seen = new Set<string>();
  return indices.flatMap((index) =>
    facts.readsOf(index, loop.body).flatMap((it) => {
      const part = asSubscript(it.parent);
      const value = part && part.indices.includes(it) ? part.value : undefined;
      // `X.iloc[train]`
      const data = value?.kind === "attribute" && /\.i?loc$/.test(value.text) ? value.field("object") : value;
      if (data?.kind !== "identifier" || seen.has(data.text)) return [];
      seen.add(data.text);
      return [data];
    }),
  );
}

interface Found {
  readonly at: Node;
  /** The call that is fitted, or that draws rows. */
  readonly node: Node;
  /** How the reader calls what is fitted. */
  readonly name: string;
  /** Its type, or what it is called. */
  readonly learns: string;
  /** It learns from the rows, makes more of them, or leaves some out. */
  readonly does: "learns" | "adds" | "drops";
  /** Below the split, to the rows before it. */
  readonly isBelow?: boolean;
  readonly evidence: Evidence;
}

const STEPS = 4;

/** The data, or something it was made of, came out of a fit; of `rows`, out of one that changes which rows there are. */
function fittedBefore(data: Node, split: Call, facts: Facts, wanted?: "rows", depth = 0): Found | undefined {
  const node = unwrap(data);
  if (depth > STEPS) return undefined;
  const deeper = (it: Node | undefined): Found | undefined => it && fittedBefore(it, split, facts, wanted, depth + 1);
  const fit = asMethodCall(node, "fit_transform", "fit_resample", "fit_sample", "transform");
  if (fit) {
    const found = fitOf(fit, facts);
    if (!wanted || (found && found.does !== "learns")) return found;
    return found ? deeper(fit.args[0]) : undefined;
  }
  const call = asCall(node);
  // `pd.DataFrame(scaler.fit_transform(frame), columns=names)`, `np.hstack(…)` of one.
  if (call) {
    const [first] = call.args;
    const isWrapped = /(?:^|\.)(?:DataFrame|array|asarray|csr_matrix)$/.test(call.callee.text);
    if (first && /(?:^|\.)(?:column_stack|hstack|vstack|concatenate|concat)$/.test(call.callee.text))
      return joinedOf(unwrap(first)).flatMap((it) => drawnAgain(it, facts) ?? deeper(it) ?? [])[0];
    const method = asMethodCall(node, ...SAME_ROWS);
    const inner = isWrapped ? first : method && facts.nameOf(method.callee) === undefined ? method.object : undefined;
    const found = deeper(inner);
    return found && method?.method === "drop" && isDropped(found, method) ? undefined : found;
  }
  const item = asSubscript(node);
  // One column is the target, mostly.
  if (item) return item.indices.length === 1 && item.indices[0]!.kind === "string" ? undefined : deeper(item.value);
  if (/\.(?:values|i?loc)$/.test(node.text) && node.kind === "attribute") return deeper(node.field("object"));
  if (node.kind !== "identifier") return undefined;
  const sites = facts.reachingSites(node);
  for (const site of sites) {
    if (site.kind !== "assign" || !site.value || isNeverRun(site.name)) continue;
    const isOwn = site.path.length === 0 || (site.path.length === 1 && site.path[0] === 0);
    const found = isOwn ? deeper(site.value) : undefined;
    if (found) return found;
  }
  return wanted ? undefined : storedInto(node, split, facts);
}

const SAME_ROWS = ["toarray", "todense", "astype", "to_numpy", "copy", "drop", "reset_index", "sample"];

/** `frame["price"] = scaler.fit_transform(frame[["price"]])`, and the split is of `frame.drop("price", axis=1)`. */
function isDropped(found: Found, { args, keywords }: MethodCall): boolean {
  const column = asSubscript(asAssignment(statementOf(found.node))?.targets[0])?.indices[0];
  return column?.kind === "string" && [...args, ...keywords.values()].some((it) => it.text.includes(column.text));
}

/** `resample(rare, n_samples=len(often))`: rows of a class, some of them several times. */
function drawnAgain(data: Node, facts: Facts): Found | undefined {
  const node = unwrap(data);
  const value = node.kind === "identifier" ? facts.valueOf(node) : node;
  const call = asCall(value && unwrap(value));
  if (!call || facts.nameOf(call.callee) !== "sklearn.utils.resample") return undefined;
  if (call.keywords.get("replace")?.kind === "false") return undefined;
  return {
    at: call.callee,
    node: call.node,
    name: call.callee.text,
    learns: "",
    does: "adds",
    evidence: "strong",
  };
}

/** `X_train, X_test = train_test_split(X)`, `scaler.fit(X)`, and both parts are transformed by it. */
function fittedAfter(data: Node, split: Call, facts: Facts): Found | undefined {
  if (data.kind !== "identifier") return undefined;
  const home = functionAround(split.node);
  const fits = facts.memo("sklearn/fit-below", facts.bindingOf(data) ?? data, () =>
    facts.readsOf(data).flatMap((read) => {
      const use = useOf(read);
      const fit = use.kind === "argument" ? asMethodCall(use.call, "fit") : undefined;
      if (!fit || fit.args[0] !== read || fit.object.kind !== "identifier") return [];
      const learner = learnerOf(fit.object, facts);
      return learner?.learns === "statistics" && facts.usesOf(fit.object).some((it) => isOfPart(it.call, facts))
        ? [{ fit, learner }]
        : [];
    }),
  );
  const found = fits.find(
    ({ fit: { node } }) =>
      node.tree === split.node.tree && node.start > split.node.end && functionAround(node) === home,
  );
  if (
    !found ||
    facts
      .writesOf(data)
      .some(
        (it) =>
          it.name.tree === split.node.tree && it.name.start > split.node.start && it.name.start < found.fit.node.start,
      )
  )
    return undefined;
  const { fit, learner } = found;
  return {
    at: fit.callee,
    node: fit.node,
    name: fit.object.text,
    learns: learner.type ?? fit.object.text,
    does: "learns",
    evidence: learner.evidence,
    isBelow: true,
  };
}

/** `scaler.transform(X_test)` */
function isOfPart(call: Node | undefined, facts: Facts): boolean {
  const [data] = (call && asMethodCall(call, "transform")?.args) ?? [];
  return data !== undefined && splitPartOf(data, facts) !== undefined;
}

/** `[X, more]` of `np.hstack([X, more])`. */
const joinedOf = (list: Node): readonly Node[] => (/^(?:list|tuple)$/.test(list.kind) ? itemsOf(list) : []);

/** `if False:` switches a step off. */
function isNeverRun(node: Node): boolean {
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement"))
    if (/^(?:False|0)$/.test(at.field("condition")?.text ?? "") && node.isInside(at.field("consequence")!)) return true;
  return false;
}

/** `frame[columns] = scaler.fit_transform(frame[columns])` further up in the block. */
function storedInto(name: Node, split: Call, facts: Facts): Found | undefined {
  const statement = statementOf(split.node);
  const block = statement.parent;
  if (!block || functionAround(name) !== functionAround(split.node)) return undefined;
  const stores = facts.memo("sklearn/fit-before-split", block, () =>
    statementsOf(block).flatMap((it) => {
      const assignment = asAssignment(it);
      const target = asSubscript(assignment?.targets[0]);
      const fit = target && asMethodCall(unwrap(assignment!.value!), "fit_transform");
      return target && fit ? [{ fit, name: target.value.text }] : [];
    }),
  );
  const stored = stores.findLast((it) => it.name === name.text && it.fit.node.start < split.node.start);
  return stored && fitOf(stored.fit, facts);
}

/** It leaves rows out, and makes none. */
const DROPS = /under|tomek|near_?miss|neighbou?r|centroid|hardness|selection/i;

/** The fit itself, or the one of the same object that came before a plain `transform`. */
function fitOf(call: MethodCall, facts: Facts): Found | undefined {
  const learner = learnerOf(call.object, facts);
  const name = call.object.kind === "call" ? (asCall(call.object)?.callee.text ?? "it") : call.object.text;
  const learns = learner?.type ?? name;
  const found = (fit: MethodCall, evidence: Evidence, does: Found["does"] = "learns"): Found => ({
    at: fit.callee,
    node: fit.node,
    name: fit.object.kind === "call" ? (asCall(fit.object)?.callee.text ?? "it") : fit.object.text,
    learns,
    does,
    evidence,
  });
  const isSampling = /^fit_(?:re)?sample$/.test(call.method);
  if (isSampling && facts.view.imports("imblearn"))
    return found(
      call,
      learner?.evidence ?? "strong",
      DROPS.test(learns) && !/over_sampling|combine/.test(learns) ? "drops" : "adds",
    );
  if (learner?.learns !== "statistics") return undefined;
  if (call.method !== "transform") return found(call, learner.evidence);
  const given = call.args[0]?.text;
  const own = unwrap(call.object);
  if (own.kind !== "identifier") return undefined;
  // `scaler = StandardScaler().fit(X)`, and `scaler.transform(X)` further down.
  const held = facts.valueOf(own);
  const made = held && asMethodCall(unwrap(held), "fit");
  if (made && made.args[0]?.text === given) return found(made, learner.evidence);
  for (const read of facts.readsOf(own)) {
    const use = useOf(read);
    const fit = use.kind === "method" && use.name === "fit" ? asMethodCall(use.call, "fit") : undefined;
    if (
      fit &&
      fit.node.start < call.node.start &&
      fit.args[0]?.text === given &&
      functionAround(fit.node) === functionAround(call.node)
    )
      return found(fit, learner.evidence);
  }
  return undefined;
}
