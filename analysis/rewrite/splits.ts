/** Training and test data: what a value is a part of, and what learns from data it is given. One reading for all rules about splits. */

import type { Evidence, Facts } from "../semantics/facts.js";
import { asAttribute, asCall, asMethodCall, asSubscript, unwrap } from "../syntax/expressions.js";
import type { Node } from "../syntax/tree.js";

/** The part of the data that a value belongs to, and by which evidence. */
export interface SplitPart {
  readonly part: "train" | "test";
  readonly evidence: Evidence;
}

const STEPS = 4;
const SPLIT = "sklearn.model_selection.train_test_split";
const TEST = /(?:^|_|[a-z])(?:[Tt]est|[Vv]al|[Vv]alid|[Vv]alidation|[Hh]oldout|te)(?:_|\d|$|[A-Z])/;
const TRAIN = /(?:^|_|[a-z])(?:[Tt]rain|[Tt]raining|tr)(?:_|\d|$|[A-Z])/;

/** By `train_test_split` (proof), or by its name (strong): `X_test`, `val_df`, `self.x_train`; also of what is taken from it or made of it row by row. */
export function splitPartOf(value: Node, facts: Facts, depth = 0): SplitPart | undefined {
  const node = unwrap(value);
  if (depth > STEPS) return undefined;
  if (node.kind === "identifier") {
    const site = facts.reachingSites(node)[0];
    const call = asCall(site?.value);
    if (call && facts.nameOf(call.callee) === SPLIT && site!.path.length === 1)
      return { part: site!.path[0]! % 2 === 0 ? "train" : "test", evidence: "proof" };
    return partByName(node.text);
  }
  const attribute = asAttribute(node);
  if (attribute)
    return /^(?:self|cls)$/.test(attribute.object.text)
      ? partByName(attribute.name)
      : (partByName(attribute.name) ?? splitPartOf(attribute.object, facts, depth + 1));
  const item = asSubscript(node);
  if (item) return splitPartOf(item.value, facts, depth + 1);
  const method = asMethodCall(node);
  if (method && SHAPES.test(method.method) && facts.nameOf(method.callee) === undefined)
    return splitPartOf(method.object, facts, depth + 1);
  const call = asCall(node);
  const [first] = call?.args ?? [];
  if (
    first &&
    /\b(?:np|numpy|pd|pandas)\.(?:array|asarray|DataFrame|Series|ravel|reshape|expand_dims|log1p)$/.test(
      call!.callee.text,
    )
  )
    return splitPartOf(first, facts, depth + 1);
  return undefined;
}

/** What they give has the same rows. */
const SHAPES =
  /^(?:to_numpy|reshape|astype|copy|drop|fillna|dropna|values|ravel|flatten|reset_index|tolist|to_list|assign|select_dtypes|toarray|iloc|loc|apply|map|rename|filter|squeeze|str)$/;

function partByName(name: string): SplitPart | undefined {
  const isTest = TEST.test(name);
  if (isTest === TRAIN.test(name)) return undefined;
  return { part: isTest ? "test" : "train", evidence: "strong" };
}

/** Whether a type of scikit-learn learns statistics of the data; the others only look at its shape or its categories. */
function learnsStatistics(typeName: string): boolean {
  return LEARNS.test(typeName);
}

const LEARNS =
  /^(?:sklearn\.(?:preprocessing\.(?:StandardScaler|MinMaxScaler|MaxAbsScaler|RobustScaler|QuantileTransformer|PowerTransformer|KBinsDiscretizer|TargetEncoder|SplineTransformer)|decomposition\.\w+|feature_selection\.(?!VarianceThreshold)\w+|feature_extraction\.text\.(?:TfidfVectorizer|TfidfTransformer|CountVectorizer)|impute\.(?:SimpleImputer|KNNImputer|IterativeImputer)|compose\.ColumnTransformer)|imblearn\.\w+\.\w+)$/;
/** What they learn is which categories there are: another fit on other rows gives other codes. */
const ENCODES =
  /^sklearn\.(?:preprocessing\.(?:OneHotEncoder|OrdinalEncoder|LabelEncoder|LabelBinarizer|MultiLabelBinarizer)|feature_extraction\.DictVectorizer)$/;
const NAMED =
  /scaler|vectori[sz]er|tfidf|encoder|imputer|\bpca\b|_pca|\bsvd\b|selector|normali[sz]er|discretizer|\ble\b|\bohe\b/i;

/** Something that is fitted to data to change it: by its type, or by what it is called in a file that imports scikit-learn. */
export interface Learner {
  /** Undefined where only its name speaks for it. */
  readonly type: string | undefined;
  readonly learns: "statistics" | "categories";
  readonly evidence: Evidence;
}

/** Undefined for what does not change data, and for what looks at its shape alone. */
export function learnerOf(object: Node, facts: Facts): Learner | undefined {
  const typed = facts.typed(object, "fair");
  if (typed) {
    const { name } = typed.type;
    const learns = learnsStatistics(name) ? "statistics" : ENCODES.test(name) ? "categories" : undefined;
    return learns && { type: name, learns, evidence: typed.evidence };
  }
  if (!facts.view.imports("sklearn") || !NAMED.test(object.text)) return undefined;
  return {
    type: undefined,
    learns: /encoder|\ble\b|\bohe\b/i.test(object.text) ? "categories" : "statistics",
    evidence: "fair",
  };
}
