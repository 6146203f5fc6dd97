/** A scaler or encoder that is fitted again to the test data, or columns that are made anew of the categories in it. */

import {
  argumentOf,
  asAssignment,
  asAttribute,
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  itemsOf,
  learnerOf,
  nameGiven,
  removeStatement,
  replace,
  splitPartOf,
  statementOf,
  unwrap,
  useOf,
  weakest,
  type Call,
  type Edit,
  type Evidence,
  type Facts,
  type FunctionDef,
  type MethodCall,
  type Node,
  type Site,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Scaler or encoder fitted to test data",
  why: "What is fitted again to the test data gives other numbers to the same values than it gave in training, so the model is asked in units or codes that it has not learned. The scores that come of it are wrong, without any error.",
  guide: "ml-testing",
  level: "error",
  gain: "safety",
  imports: ["sklearn"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
from sklearn.preprocessing import StandardScaler

def scaled(X_train: np.ndarray, X_test: np.ndarray):
    scaler = StandardScaler()
    X_train = scaler.fit_transform(X_train)
    X_test = scaler.fit_transform(X_test)
    return X_train, X_test
`,
      after: `
import numpy as np
from sklearn.preprocessing import StandardScaler

def scaled(X_train: np.ndarray, X_test: np.ndarray):
    scaler = StandardScaler()
    X_train = scaler.fit_transform(X_train)
    X_test = scaler.transform(X_test)
    return X_train, X_test
`,
    },
  ],

  on: ["call"],
  calls: ["pandas.get_dummies"],
  methods: ["fit_transform", "fit"],

  find(node, { facts }, call): Found | undefined {
    if (facts.nameOf(call.callee) === "pandas.get_dummies") return dummiesOfTest(call, facts);
    const fit = asMethodCall(node, "fit_transform", "fit");
    const [data] = fit?.args ?? [];
    if (!fit || !data || facts.isTest) return undefined;
    const part = splitPartOf(data, facts);
    if (!part) {
      const both = fittedForBoth(fit, data, facts);
      return (
        both && { at: fit.methodNode, evidence: both.evidence, fit, data, other: undefined, learns: both.learns, both }
      );
    }
    const learner = part?.part === "test" ? learnerOf(fit.object, facts) : undefined;
    if (!part || !learner) return undefined;
    const other = fittedToTraining(fit, facts);
    // Two fits may be compared on purpose, while the test data keeps the scale of the first.
    if (other && fit.method === "fit" && holderOf(fit) !== holderOf(other) && !isTransformed(data, fit))
      return undefined;
    const evidence = weakest(part.evidence, learner.evidence);
    return (
      other && evidence && { at: fit.methodNode, evidence, fit, data, other, learns: learner.learns, both: undefined }
    );
  },

  message: ({ fit, data, other, learns, both }) =>
    !fit
      ? `\`${excerpt(data.text, 40)}\` gets a column for each category in it, which need not be those that the model has learned; \`reindex(columns=…)\` or an encoder fitted to the training data keeps them.`
      : both || !other
        ? `Fitted anew ${both?.def ? `in each call of \`${excerpt(both.def.name, 30)}\`` : "in each turn"}, \`${excerpt(both?.test ?? "", 30)}\` gets other ${learns === "categories" ? "codes" : "numbers"} than \`${excerpt(both?.train ?? "", 30)}\` for the same values; fit to the training data alone, and transform the other.`
        : `\`${excerpt(data.text, 40)}\` gets ${learns === "categories" ? "codes" : "a scale"} of its own: \`${fit.object.text}\` is fitted to it anew, while the model learns from ${other.object.text === fit.object.text ? "the first fit" : `that of \`${other.object.text}\``}; only \`transform\` is wanted here.`,

  fix({ fit, other, both, learns }, { facts }) {
    if (!fit) return declined("the columns of the training data have to be kept for it");
    if (!other) return declined(`what is fitted has to be handed from one ${both?.def ? "call" : "turn"} to the next`);
    if (other.object.text !== fit.object.text) return declined("another object was fitted to the training data");
    const anew = makings(fit, other, facts);
    if (anew.length === 0 && (fitsOf(fit, facts) > 2 || [fit, other].some((it) => isEachColumn(it, facts))))
      return declined("it is fitted to several columns or parts, and only the last fit is kept");
    const unmade = anew.length === 0 ? [] : makingGone(anew, fit, other, facts);
    if (unmade === undefined)
      return declined(
        `\`${excerpt(fit.object.text, 30)}\` is made anew in between: the one that was fitted has to be kept`,
      );
    if (fit.method === "fit_transform") {
      if (fit.args.length + fit.keywords.size !== 1) return declined("it is given more than the data");
      return fixOf("Only transform the test data", doubtsOf(learns), [...unmade, replace(fit.methodNode, "transform")]);
    }
    const statement = statementOf(fit.node);
    const gone = useOf(fit.node).kind === "discarded" ? removeStatement(statement) : undefined;
    if (!gone) return declined("its result is used");
    return fixOf("Do not fit it again", doubtsOf(learns), [...unmade, gone]);
  },
});

interface Found {
  readonly at: Node;
  readonly evidence: Evidence;
  /** Undefined for columns of categories, which no object learns. */
  readonly fit: MethodCall | undefined;
  readonly data: Node;
  readonly other: MethodCall | undefined;
  readonly learns: "statistics" | "categories";
  readonly both: Both | undefined;
}

/** `pd.get_dummies(test)` beside `pd.get_dummies(train)`: what is not in the test data gets no column. */
function dummiesOfTest(call: Call, facts: Facts): Found | undefined {
  const data = dataOf(call);
  // Nearly always, all classes of a target are there.
  if (facts.isTest || !data || splitPartOf(data, facts)?.part !== "test" || TARGET.test(data.text)) return undefined;
  if (facts.ofFile(ALIGNS)) return undefined;
  const home = functionAround(call.node);
  const parts = facts.memo("sklearn/dummies", home ?? facts.view, () =>
    facts.view.attributesOf("get_dummies").flatMap((name) => {
      const it = asCall(name.parent);
      if (!it || it.callee !== name || functionAround(it.node) !== home) return [];
      const rows = dataOf(it);
      return [{ node: it.node, part: rows && !TARGET.test(rows.text) ? partOf(rows, facts) : "target" }];
    }),
  );
  const isBesideTrain = parts.some((it) => it.part === "train");
  const [first] = parts;
  const isPredicted = () =>
    first !== undefined && first.part === undefined && first.node !== call.node && isForPrediction(call, facts);
  if (!isBesideTrain && !isPredicted()) return undefined;
  return {
    at: call.callee,
    evidence: "fair",
    fit: undefined,
    data,
    other: undefined,
    learns: "categories",
    both: undefined,
  };
}

const partOf = (data: Node, facts: Facts): "train" | "test" | undefined => splitPartOf(data, facts)?.part;
const dataOf = ({ args, keywords }: Call): Node | undefined => args[0] ?? keywords.get("data");
const TARGET = /^(?:y|labels?|targets?)(?:_|\d|$)|_(?:y|labels?|targets?)(?:_|$)|\[["'](?:y|labels?|targets?)["']\]/i;

/** What it gives is what a model is asked for: `model.predict(frame)`. */
function isForPrediction(call: Call, facts: Facts): boolean {
  const name = nameGiven(call.node);
  return (
    name !== undefined &&
    facts.readsSeeing(name).some((it) => {
      const use = useOf(it);
      return use.kind === "argument" && asMethodCall(use.call, "predict", "predict_proba") !== undefined;
    })
  );
}

/** The columns of one frame are brought into the order of another, or the categories are stated. */
const ALIGNS = fileQuestion((facts) =>
  facts.fileMatches(
    /\.reindex(?:_like)?\(|\.align\(|\.difference\(|\.intersection\(|\bCategorical(?:Dtype)?\(|\bnot in \w+|\[[\w.]+\.columns\b|\[\w*(?:columns|cols|features)\w*\]|missing_?col|\bset\([\w.]+\.columns|\.feature_names_in_/i,
  ),
);

const doubtsOf = (learns: string): readonly (string | false)[] => [
  "the scores change: they were those of another scale",
  learns === "categories" && "a category that the training data lacks raises an error",
];

/** `for column in columns: frame[column] = encoder.fit_transform(frame[column])` */
function isEachColumn({ node, args }: MethodCall, facts: Facts): boolean {
  const loop = asFor(facts.loopAround(node));
  const names = loop ? [loop.target, ...loop.target.descendants("identifier")].map((it) => it.text) : [];
  return args.some((it) => it.descendants("identifier").some((name) => names.includes(name.text)));
}

/** How often the object is fitted in the function or file. */
function fitsOf({ object, node }: MethodCall, facts: Facts): number {
  const home = functionAround(node) ?? node.tree.root;
  return facts.memo(`fits of ${object.text}`, home, () =>
    home
      .descendants("call")
      .filter((it) => asMethodCall(it, "fit", "fit_transform", "partial_fit")?.object.text === object.text),
  ).length;
}

interface Both {
  readonly evidence: Evidence;
  readonly learns: "statistics" | "categories";
  readonly train: string;
  readonly test: string;
  /** The function that is called for both; undefined for a loop over both. */
  readonly def: FunctionDef | undefined;
}

/** `def prepared(df): … LabelEncoder().fit_transform(df["city"])`, called for the training data and for the test data; `for df in (train, test): …`. */
function fittedForBoth(fit: MethodCall, data: Node, facts: Facts): Both | undefined {
  if (fit.method !== "fit_transform") return undefined;
  const learner = learnerOf(fit.object, facts);
  if (learner?.type === undefined) return undefined;
  const root = rootOf(data, facts);
  if (root?.kind !== "identifier") return undefined;
  // The codes of a target are the same as long as no class is missing in one part.
  const doubt = learner.learns === "categories" ? "fair" : "strong";
  for (const loop of facts.loopsAround(fit.node)) {
    const over = asFor(loop);
    if (over?.target.text !== root.text || over.target.kind !== "identifier") continue;
    const parts = itemsOf(unwrap(over.iterable));
    const found = /^(?:list|tuple)$/.test(unwrap(over.iterable).kind) ? trainAndTest(parts, facts) : undefined;
    return found && { ...found, evidence: doubt, learns: learner.learns, def: undefined };
  }
  const def = asFunction(functionAround(fit.node));
  const [site, more] = facts.writesOf(root);
  if (!def || site?.kind !== "parameter" || more || !isMadeIn(def, fit.object, facts)) return undefined;
  if (!isHandedOut(fit.node, def) || hangsOnParameter(fit.node, def, root, facts)) return undefined;
  const isMethod = facts.classOf(def.node) !== undefined;
  const place = def.parameters.findIndex((it) => it.nameNode === site.name) - (isMethod ? 1 : 0);
  const name = isMethod ? facts.view.attributesOf(def.name) : facts.readsOf(def.nameNode);
  const calls = name.flatMap((it) => {
    const callee = it.kind === "identifier" && it.fieldName === "attribute" ? it.parent : it;
    const call = asCall(callee?.parent);
    return call && call.callee === callee ? [call] : [];
  });
  const given = calls.flatMap((it) => argumentOf(it, root.text, place) ?? []);
  const found = trainAndTest(given, facts);
  return found && { ...found, evidence: doubt, learns: learner.learns, def };
}

function trainAndTest(given: readonly Node[], facts: Facts): Pick<Both, "train" | "test"> | undefined {
  for (const train of given) {
    if (splitPartOf(train, facts)?.part !== "train") continue;
    const home = functionAround(train);
    const test = given.find((it) => functionAround(it) === home && splitPartOf(it, facts)?.part === "test");
    if (test) return { train: train.text, test: test.text };
  }
  return undefined;
}

/** `df` of `df["city"].astype(str)`, also by way of names that are made of it. */
function rootOf(data: Node, facts: Facts): Node | undefined {
  let node: Node | undefined = unwrap(data);
  for (let steps = 0; node && steps < 12; steps++) {
    if (node.kind === "identifier") {
      const given: Node | undefined = facts.valueOf(node) ?? madeOnce(node, facts);
      if (!given || unwrap(given) === node) return node;
      node = unwrap(given);
      continue;
    }
    const call = asCall(node);
    const object: Node | undefined = call
      ? facts.nameOf(call.callee) === undefined
        ? asAttribute(call.callee)?.object
        : undefined
      : (asSubscript(node)?.value ?? asAttribute(node)?.object);
    node = object && unwrap(object);
  }
  return node;
}

/** `X = df.drop(…)`, of which some columns are set later. */
function madeOnce(name: Node, facts: Facts): Node | undefined {
  const [site, more] = facts.writesOf(name);
  return site?.kind === "assign" && !more && site.path.length === 0 ? site.value : undefined;
}

/** What is fitted is made in the function. */
function isMadeIn(def: FunctionDef, object: Node, facts: Facts): boolean {
  const node = unwrap(object);
  if (node.kind === "call") return true;
  if (node.kind !== "identifier") return false;
  const sites = facts.writesOf(node);
  return (
    sites.length > 0 &&
    sites.every(
      ({ kind, value, name }) => kind === "assign" && value?.kind === "call" && functionAround(name) === def.node,
    )
  );
}

/** What it gives is returned: by its own name, or as a part of what is. */
function isHandedOut(node: Node, def: FunctionDef): boolean {
  const statement = statementOf(node);
  if (statement.kind === "return_statement") return true;
  const left = asSubscript(statement.children[0]?.field("left"))?.value ?? nameGiven(node);
  return (
    left?.kind === "identifier" &&
    def.body
      .descendants("return_statement")
      .some((it) =>
        it.children.some((value) =>
          (itemsOf(value).length > 0 ? itemsOf(value) : [value]).some((part) => part.text === left.text),
        ),
      )
  );
}

/** `if is_training:`, `if scaler is None:` */
function hangsOnParameter(node: Node, def: FunctionDef, data: Node, facts: Facts): boolean {
  for (let it = node.parent; it && it !== def.node; it = it.parent) {
    if (!/^(?:if_statement|elif_clause|conditional_expression|try_statement)$/.test(it.kind)) continue;
    const condition = it.field("condition") ?? it.children[1];
    const names = condition?.kind === "identifier" ? [condition] : (condition?.descendants("identifier") ?? []);
    if (names.some((name) => name.text !== data.text && facts.writesOf(name).some((site) => site.kind === "parameter")))
      return true;
  }
  return false;
}

/** `a` of `a.fit(x)` and of `a = Scaler().fit(x)`. */
function holderOf({ object, node }: MethodCall): string | undefined {
  if (unwrap(object).kind !== "call") return object.text;
  return node.parent?.kind === "assignment" ? node.parent.field("left")?.text : undefined;
}

/** The data is transformed by what is fitted to it. */
function isTransformed(data: Node, fit: MethodCall): boolean {
  const holder = holderOf(fit);
  const home = functionAround(data) ?? data.tree.root;
  return (
    holder === undefined ||
    home.descendants("call").some((it) => {
      const call = asMethodCall(it, "transform");
      return call?.object.text === holder && call.args[0]?.text === data.text;
    })
  );
}

/** Above, the same object, or one of its kind, is fitted to the training data that goes with it. */
function fittedToTraining(fit: MethodCall, facts: Facts): MethodCall | undefined {
  const home = functionAround(fit.node) ?? fit.node.tree.root;
  const fits = facts.memo("sklearn/fits", home, () =>
    home
      .descendants("call")
      .flatMap((it) => asMethodCall(it, "fit", "fit_transform") ?? [])
      .filter(({ args: [first] }) => first !== undefined && splitPartOf(first, facts)?.part === "train"),
  );
  const type = facts.typeOf(fit.object)?.name;
  const name = rowsOf(fit.args[0]!);
  return fits.find(
    (it) =>
      it.node.start < fit.node.start &&
      (it.object.text === fit.object.text
        ? !isMadeAnew(fit, it, facts)
        : type !== undefined && facts.typeOf(it.object)?.name === type && rowsOf(it.args[0]!) === name),
  );
}

/** Where the name gets a new object in between: `scaler = StandardScaler()`. */
function makings(fit: MethodCall, other: MethodCall, facts: Facts): readonly Site[] {
  if (unwrap(fit.object).kind !== "identifier") return [];
  return facts
    .writesOf(fit.object)
    .filter((it) => it.name.start > other.node.start && it.name.start < fit.node.start && it.kind === "assign");
}

/** For the same data a new object is the same mistake. */
function isMadeAnew(fit: MethodCall, other: MethodCall, facts: Facts): boolean {
  return rowsOf(fit.args[0]!) !== rowsOf(other.args[0]!) && makings(fit, other, facts).length > 0;
}

/** The edits by which the object of the first fit is kept; undefined where it is another one, or where that is not in sight. */
function makingGone(
  [made, more]: readonly Site[],
  fit: MethodCall,
  other: MethodCall,
  facts: Facts,
): Edit[] | undefined {
  const statement = made && statementOf(made.name);
  const assigned = asAssignment(statement);
  if (!made?.value || more || !statement || assigned?.targets.length !== 1 || assigned.targets[0] !== made.name)
    return undefined;
  const first = facts
    .writesOf(fit.object)
    .filter((it) => it.kind === "assign" && it.name.start < other.node.start)
    .at(-1);
  const isSame = first?.value?.text === made.value.text && first.name.tree === made.name.tree;
  // Fitted or asked in between, it is another object than the first.
  const isUsed = facts.readsOf(fit.object).some((it) => it.start > made.name.start && it.start < fit.object.start);
  const isBeside = statement.parent === statementOf(fit.node).parent && statement.tree === fit.node.tree;
  const gone = isSame && !isUsed && isBeside ? removeStatement(statement) : undefined;
  return gone && [gone];
}

/** `X` of `X_test` and `X_train`. */
const rowsOf = (data: Node): string =>
  (/[\w.]+/.exec(data.text)?.[0] ?? "").replace(
    /(?:_|(?<=[a-z]))?(?:test|train|validation|valid|val|training|holdout)/gi,
    "",
  );
