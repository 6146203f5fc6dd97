/** Training that is stopped, or a model that is chosen, by the data that its score is reported on, or by the data it learns from. */

import {
  asCall,
  asMethodCall,
  defineRule,
  excerpt,
  functionAround,
  isTrial,
  itemsOf,
  nameGiven,
  qualifiedName,
  splitPartOf,
  textValue,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";
import { chosenOnTest } from "./early-stopping-on-test/chosen.js";
import { scoredInTrial } from "./early-stopping-on-test/trials.js";
import { TEST_NAME, VALIDATION } from "./early-stopping-on-test/names.js";

export default defineRule({
  title: "Stopped or chosen by test data",
  why: "Stopping where the score on some rows is best makes that score better than it will be on new rows. The test data has to stay out of it: a third part, for validation, says when to stop, or which of several models or settings is best. Rows that the model learns from say even less: on them it gets better for ever.",
  guide: "ml-testing",
  level: "warning",
  gain: "safety",
  imports: [
    "xgboost",
    "lightgbm",
    "catboost",
    "keras",
    "tensorflow",
    "tf_keras",
    "keras_tuner",
    "kerastuner",
    "sklearn",
  ],

  examples: [
    {
      before: `
from lightgbm import LGBMClassifier, early_stopping

def trained(X_train, y_train, X_test, y_test):
    model = LGBMClassifier()
    model.fit(X_train, y_train, eval_set=[(X_test, y_test)], callbacks=[early_stopping(50)])
    return model, model.score(X_test, y_test)
`,
      after: `
from lightgbm import LGBMClassifier, early_stopping
from sklearn.model_selection import train_test_split

def trained(X_train, y_train, X_test, y_test):
    model = LGBMClassifier()
    X_fit, X_val, y_fit, y_val = train_test_split(X_train, y_train, test_size=0.2, random_state=0)
    model.fit(X_fit, y_fit, eval_set=[(X_val, y_val)], callbacks=[early_stopping(50)])
    return model, model.score(X_test, y_test)
`,
    },
  ],

  on: ["call"],
  calls: ["sklearn.metrics.*"],
  methods: ["fit", "train", "search", "fit_generator", "score", "evaluate"],

  find(node, { facts }, call): Found | undefined {
    if (facts.isTest) return undefined;
    const chosen = chosenOnTest(node, call, facts);
    if (chosen) return { at: chosen.data, by: chosen.each, says: "chosen", ...chosen };
    const tried = scoredInTrial(node, call, facts);
    if (tried) return { at: tried.data, by: tried.trial, says: tried.isReported ? "tried" : "chosen", ...tried };
    const given = SETS.map((it) => call.keywords.get(it)).find((it) => it !== undefined);
    const sets = given ? setsOf(given, facts) : [];
    const by = sets.length > 0 ? chooserOf(call, facts) : undefined;
    if (!by) return call.keywords.has("validation_data") ? watched(node, sets, facts) : undefined;
    const learnt = call.args.map((it) => it.text);
    if (sets.every((it) => learnt.includes(it.text)) && !sets.some((it) => isTestData(it, facts)))
      return { at: sets[0]!, evidence: "strong", weight: "heavy", data: sets[0]!, by, says: "learns" };
    // Where there is validation data too, it may be what counts.
    if (sets.some((it) => VALIDATION.test(it.text))) return undefined;
    const data = sets.find((it) => isTestData(it, facts));
    if (!data) return undefined;
    const isReported = reportedIn(node, facts).some((it) => it.at > node.start && namesOf(data, facts).has(it.data));
    // All trials gain by it alike.
    if (isTrial(node, facts))
      return { at: data, evidence: "fair", weight: isReported ? "heavy" : "unknown", data, by, says: "ranks" };
    return isReported
      ? { at: data, evidence: "strong", weight: "heavy", data, by, says: "reported" }
      : { at: data, evidence: "fair", weight: "unknown", data, by, says: "test" };
  },

  message({ data, by, says }) {
    const shown = excerpt(data.text, 40);
    if (says === "chosen")
      return `The score on \`${shown}\` decides which \`${excerpt(by, 30)}\` is best, and as the score of that one it is too good; validation data or cross-validation can decide.`;
    if (says === "tried")
      return `The score on \`${shown}\` chooses among the trials, and the chosen model is reported on it too: that score is too good; validation data or cross-validation can choose.`;
    if (says === "watched")
      return `\`${shown}\` is watched while the model trains, and what it is measured on afterwards: where rounds or settings are chosen by these curves, the final score is too good.`;
    if (says === "learns")
      return `\`${shown}\` ${by}, and is what the model learns from: on these rows it gets better for ever.`;
    if (says === "ranks")
      return `\`${shown}\` ${by}, and the trials are chosen by it: as the score of the chosen one it is too good, so that a final score needs other data.`;
    return says === "reported"
      ? `\`${shown}\` ${by} and is reported on as well: that score is better than on new rows; a third part of the data can do it.`
      : `\`${shown}\` ${by}; a score that is later reported on this test data is better than on new rows.`;
  },
});

/** Nothing is chosen by the program, but the curves are kept for somebody to look at, and no other data is left for the final score. */
function watched(node: Node, sets: readonly Node[], facts: Facts): Found | undefined {
  const [data, more] = sets;
  if (!data || more || !nameGiven(node)) return undefined;
  const names = [...namesOf(data, facts)];
  if (!names.some((it) => TEST_NAME.test(/^[\w.]+/.exec(it)?.[0] ?? "") && !VALIDATION.test(it))) return undefined;
  const isReported = reportedIn(node, facts).some((it) => it.at > node.start && names.includes(it.data));
  return isReported ? { at: data, evidence: "fair", weight: "unknown", data, by: "", says: "watched" } : undefined;
}

interface Found {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly data: Node;
  readonly by: string;
  readonly says: "chosen" | "tried" | "learns" | "reported" | "test" | "watched" | "ranks";
}

const SETS = ["eval_set", "validation_data", "valid_sets", "evals"];

/** What a model is stopped by: of `[(X_test, y_test), …]` the features, of `dtest` itself. */
function setsOf(given: Node, facts: Facts): readonly Node[] {
  let value = unwrap(given);
  const held = value.kind === "identifier" ? facts.valueOf(value) : undefined;
  if (held && /^(?:list|tuple)$/.test(unwrap(held).kind)) value = unwrap(held);
  if (value.kind === "list") return itemsOf(value).flatMap((it) => featuresOf(unwrap(it)));
  return featuresOf(value);
}

/** `(X, y)`, `(dtest, "test")`, or the data itself. */
function featuresOf(value: Node): readonly Node[] {
  if (value.kind !== "tuple") return [value];
  const [first] = itemsOf(value);
  return first ? [unwrap(first)] : [];
}

/** By `train_test_split`, unless it is called validation data; else by its name, or by what a `DMatrix` was made of. */
function isTestData(data: Node, facts: Facts): boolean {
  if (VALIDATION.test(data.text)) return false;
  if (TEST_NAME.test(namesIn(data))) return true;
  return splitPartOf(data, facts)?.part === "test" || [...namesOf(data, facts)].some((it) => TEST_NAME.test(it));
}

const namesIn = (data: Node): string => /^[\w.]+/.exec(data.text)?.[0] ?? "";

/** The data and what it was made of: `dtest` of `xgb.DMatrix(X_test, y_test)`. */
function namesOf(data: Node, facts: Facts): ReadonlySet<string> {
  const made = data.kind === "identifier" ? asCall(facts.valueOf(data)) : undefined;
  const [first] = made && /(?:DMatrix|Dataset|Pool|\.flow)$/.test(made.callee.text) ? made.args : [];
  return new Set([data.text, ...(first ? [first.text] : [])]);
}

/** What in the call says that the best round is looked for, in words; undefined where the scores are only shown. */
function chooserOf(call: Call, facts: Facts): string | undefined {
  if (
    [call.keywords.get("early_stopping_rounds"), call.keywords.get("early_stopping")].some(
      (it) => it && it.kind !== "none" && it.kind !== "false",
    )
  )
    return STOPS;
  const method = asMethodCall(call.node);
  const object = method?.object;
  if (method?.method === "search") return /tuner|search/i.test(object!.text) ? CHOOSES : undefined;
  const callbacks = call.keywords.get("callbacks");
  const found = callbacks && callbackOf(callbacks, facts);
  if (found) return found;
  if (!object || method.method === "train") return undefined;
  const made = asCall(object.kind === "identifier" ? facts.valueOf(object) : object);
  const type = (made && qualifiedName(made, facts)) ?? facts.typeOf(object)?.name ?? "";
  if (/^catboost\.CatBoost/.test(type))
    return call.keywords.get("use_best_model")?.kind === "false" ? undefined : CHOOSES;
  const rounds = made?.keywords.get("early_stopping_rounds");
  if (rounds) return rounds.kind !== "none" ? STOPS : undefined;
  // `XGBClassifier(**params)`, where the parameters are written out in the file.
  return made?.hasSplat && BOOSTERS.test(type) && facts.fileMatches(ROUNDS) ? STOPS : undefined;
}

const BOOSTERS = /^(?:xgboost|lightgbm)\./;
const ROUNDS = /["']early_stopping_rounds["']\s*:\s*\d|\bearly_stopping_rounds\s*=\s*\d/;
const STOPS = "says when the training stops";
const CHOOSES = "chooses the model";

/** `EarlyStopping(…)`, `lgb.early_stopping(…)`, `ModelCheckpoint(…, save_best_only=True)`, in the list or by name. */
function callbackOf(callbacks: Node, facts: Facts): string | undefined {
  const list = unwrap(callbacks.kind === "identifier" ? (facts.valueOf(callbacks) ?? callbacks) : callbacks);
  const items = list.kind === "list" ? itemsOf(list) : [list];
  for (const it of items) {
    const made = asCall(unwrap(it.kind === "identifier" ? (facts.valueOf(it) ?? it) : it));
    const name = made?.callee.text ?? "";
    const monitored = textValue(
      made?.keywords.get("monitor") ?? (/EarlyStopping$/.test(name) ? made?.args[0] : undefined),
    );
    // What is watched is a number of the training, not of the data that is given.
    if (monitored !== undefined && !/^val_/.test(monitored)) continue;
    if (/(?:^|\.)(?:EarlyStopping|early_stopping)$/.test(name)) return STOPS;
    if (/(?:^|\.)ModelCheckpoint$/.test(name) && made!.keywords.get("save_best_only")?.kind === "true") return CHOOSES;
  }
  return undefined;
}

interface Reported {
  readonly data: string;
  readonly at: number;
}

/** `evaluate(X)`, `score(X, y)`, `predict(X)` in the same function, or at the top of the same file. */
function reportedIn(node: Node, facts: Facts): readonly Reported[] {
  const home = functionAround(node) ?? node.tree.root;
  return facts.memo("sklearn/reported", home, () =>
    home.descendants("call").flatMap((it) => {
      const call = asMethodCall(it, "evaluate", "score", "predict", "predict_proba", "predict_classes");
      const [data] = call?.args ?? [];
      return data ? { data: unwrap(data).text, at: it.start } : [];
    }),
  );
}
