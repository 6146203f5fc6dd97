/** A scaler, imputer or selection that is fitted to all rows before they are split. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asSubscript,
  defineRule,
  functionAround,
  learnerOf,
  statementsOf,
  statementOf,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

const SPLITS: readonly string[] = [
  "sklearn.model_selection.train_test_split",
  "sklearn.model_selection.cross_val_score",
  "sklearn.model_selection.cross_validate",
  "sklearn.model_selection.cross_val_predict",
];

export default defineRule({
  title: "Fitted before the split",
  why: "What is fitted to all rows has seen the test rows: their mean, their words, their ties to the target. The score on them is then better than the model is. Fitted to the training rows alone, as in a Pipeline, it tells the truth.",
  guide: "ml-testing",
  level: "warning",
  gain: "safety",
  imports: ["sklearn"],

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

  find(_node, { facts }, call) {
    if (facts.isTest) return undefined;
    const isFolds = !facts.nameOf(call.callee)?.endsWith("train_test_split");
    const data = isFolds ? [call.args[1] ?? call.keywords.get("X")] : call.args;
    for (const it of data) {
      const found = it && fittedBefore(it, call, facts);
      // What is fitted to the target alone, such as labels, gives nothing away.
      if (!found || /^(?:y|labels?|targets?)(?:_|$)/i.test(it.text)) continue;
      // Several splits of what was fitted once are one mistake.
      if (facts.memo("sklearn/fit-before-split", found.fit.node, () => call.node) !== call.node) return undefined;
      // Folds of scaled rows differ little from rows scaled fold by fold.
      const weight = isFolds && /scal/i.test(found.fit.object.text) ? "unknown" : "heavy";
      return { at: found.fit.callee, evidence: found.evidence, weight, call, data: it, fit: found.fit, isFolds };
    }
    return undefined;
  },

  message: ({ call, fit, isFolds }) =>
    `\`${fit.object.kind === "call" ? (asCall(fit.object)?.callee.text ?? "it") : fit.object.text}\` is fitted to all rows before \`${call.callee.text}\` ${isFolds ? "makes folds" : "splits them"}: the score rests on rows it has seen. Fit it to training rows alone.`,
});

interface Found {
  readonly fit: MethodCall;
  readonly evidence: Evidence;
}

const STEPS = 3;

/** The data, or something it was made of, came out of a fit. */
function fittedBefore(data: Node, split: Call, facts: Facts, depth = 0): Found | undefined {
  const node = unwrap(data);
  if (depth > STEPS) return undefined;
  const fit = asMethodCall(node, "fit_transform", "fit_resample", "fit_sample", "transform");
  if (fit) return fitOf(fit, facts);
  const call = asCall(node);
  // `pd.DataFrame(scaler.fit_transform(frame), columns=names)`, `np.hstack(…)` of one.
  if (call) {
    const [first] = call.args;
    const isWrapped = /(?:^|\.)(?:DataFrame|array|asarray|csr_matrix)$/.test(call.callee.text);
    const method = asMethodCall(node, "toarray", "todense", "astype", "to_numpy", "copy");
    const inner = isWrapped ? first : method?.object;
    return inner && fittedBefore(inner, split, facts, depth + 1);
  }
  const item = asSubscript(node);
  if (item) return fittedBefore(item.value, split, facts, depth + 1);
  if (node.kind !== "identifier") return undefined;
  const sites = facts.reachingSites(node);
  for (const site of sites) {
    if (site.kind !== "assign" || !site.value) continue;
    const isOwn = site.path.length === 0 || (site.path.length === 1 && site.path[0] === 0);
    const found = isOwn ? fittedBefore(site.value, split, facts, depth + 1) : undefined;
    if (found) return found;
  }
  return storedInto(node, split, facts);
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

/** The fit itself, or the one of the same object that came before a plain `transform`. */
function fitOf(call: MethodCall, facts: Facts): Found | undefined {
  const learner = learnerOf(call.object, facts);
  const isSampling = /^fit_(?:re)?sample$/.test(call.method);
  if (isSampling && facts.view.imports("imblearn")) return { fit: call, evidence: learner?.evidence ?? "strong" };
  if (learner?.learns !== "statistics") return undefined;
  if (call.method !== "transform") return { fit: call, evidence: learner.evidence };
  const given = call.args[0]?.text;
  const own = unwrap(call.object);
  if (own.kind !== "identifier") return undefined;
  // `scaler = StandardScaler().fit(X)`, and `scaler.transform(X)` further down.
  const held = facts.valueOf(own);
  const made = held && asMethodCall(unwrap(held), "fit");
  if (made && made.args[0]?.text === given) return { fit: made, evidence: learner.evidence };
  for (const read of facts.readsOf(own)) {
    const use = useOf(read);
    const fit = use.kind === "method" && use.name === "fit" ? asMethodCall(use.call, "fit") : undefined;
    if (
      fit &&
      fit.node.start < call.node.start &&
      fit.args[0]?.text === given &&
      functionAround(fit.node) === functionAround(call.node)
    )
      return { fit, evidence: learner.evidence };
  }
  return undefined;
}
