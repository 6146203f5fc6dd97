/** A scaler or encoder that is fitted again to the test data. */

import {
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  learnerOf,
  removeStatement,
  replace,
  splitPartOf,
  statementOf,
  unwrap,
  useOf,
  weakest,
  type Facts,
  type MethodCall,
  type Node,
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
  methods: ["fit_transform", "fit"],

  find(node, { facts }) {
    const fit = asMethodCall(node, "fit_transform", "fit");
    const [data] = fit?.args ?? [];
    if (!fit || !data || facts.isTest) return undefined;
    const part = splitPartOf(data, facts);
    const learner = part?.part === "test" ? learnerOf(fit.object, facts) : undefined;
    if (!part || !learner) return undefined;
    const other = fittedToTraining(fit, facts);
    // Two fits may be compared on purpose, while the test data keeps the scale of the first.
    if (other && fit.method === "fit" && holderOf(fit) !== holderOf(other) && !isTransformed(data, fit))
      return undefined;
    const evidence = weakest(part.evidence, learner.evidence);
    return other && evidence && { at: fit.methodNode, evidence, fit, data, other, learns: learner.learns };
  },

  message: ({ fit, data, other, learns }) =>
    `\`${excerpt(data.text, 40)}\` gets ${learns === "categories" ? "codes" : "a scale"} of its own: \`${fit.object.text}\` is fitted to it anew, while the model learns from ${other.object.text === fit.object.text ? "the first fit" : `that of \`${other.object.text}\``}; only \`transform\` is wanted here.`,

  fix({ fit, other }) {
    if (other.object.text !== fit.object.text) return declined("another object was fitted to the training data");
    if (fit.method === "fit_transform") {
      if (fit.args.length + fit.keywords.size !== 1) return declined("it is given more than the data");
      return fixOf(
        "Only transform the test data",
        ["the scores change: they were those of another scale"],
        [replace(fit.methodNode, "transform")],
      );
    }
    const statement = statementOf(fit.node);
    const gone = useOf(fit.node).kind === "discarded" ? removeStatement(statement) : undefined;
    if (!gone) return declined("its result is used");
    return fixOf("Do not fit it again", ["the scores change: they were those of another scale"], [gone]);
  },
});

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

/** In between the name gets a new object: `scaler = StandardScaler()`. For the same data that is the same mistake. */
function isMadeAnew(fit: MethodCall, other: MethodCall, facts: Facts): boolean {
  if (unwrap(fit.object).kind !== "identifier") return false;
  const isNew = facts
    .writesOf(fit.object)
    .some((it) => it.name.start > other.node.start && it.name.start < fit.node.start && it.kind === "assign");
  return isNew && rowsOf(fit.args[0]!) !== rowsOf(other.args[0]!);
}

/** `X` of `X_test` and `X_train`. */
const rowsOf = (data: Node): string =>
  (/[\w.]+/.exec(data.text)?.[0] ?? "").replace(
    /(?:_|(?<=[a-z]))?(?:test|train|validation|valid|val|training|holdout)/gi,
    "",
  );
