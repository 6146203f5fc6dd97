/** `model.predict(x)` of Keras in every turn of a loop. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  givenOnce,
  hasComments,
  itemsOf,
  replace,
  insertAfter,
  statementOf,
  statementsOf,
  textIn,
  textValue,
  unwrap,
  useOf,
  withArgument,
  type Call,
  type Evidence,
  type Facts,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Keras predict in a loop",
  why: "Each call of predict sets up a data pipeline, callbacks and a progress bar, which takes longer than a small model itself. One predict for all inputs does that once; where each input depends on the answer before, calling the model goes without it.",
  guide: "tensorflow",
  level: "warning",
  gain: "time",
  overrides: ["architecture/per-item-predict"],
  imports: ["tensorflow", "keras"],
  words: ["predict"],
  fixes: "review",

  examples: [
    {
      before: `
import keras
import numpy as np

def returns(model: keras.Model, state: np.ndarray, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        values = model.predict(state, verbose=0)
        found.append(float(values.max()))
        state = state + values.mean()
    return found
`,
      after: `
import keras
import numpy as np

def returns(model: keras.Model, state: np.ndarray, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        values = model(state, training=False).numpy()
        found.append(float(values.max()))
        state = state + values.mean()
    return found
`,
    },
  ],

  on: ["call"],
  methods: ["predict"],
  within: "loop",

  find(node, { facts }, call) {
    const predicted = asMethodCall(node);
    const loop = facts.loopAround(node);
    const [input] = call.args;
    if (!predicted || !loop || !input || facts.isTest) return undefined;
    const evidence = modelEvidence(predicted.object, facts) ?? spokenEvidence(call, facts);
    if (!evidence || isOfLoop(predicted.object, loop, facts) || runsOnce(loop)) return undefined;
    return { at: call.callee, evidence, weight: facts.weightOf(node), node, call, model: predicted.object, input };
  },

  message: ({ model }) => {
    const name = excerpt(model.text, 30);
    return `\`${name}.predict\` sets up a pipeline of its own in every turn; predict all inputs at once, or call \`${name}(…, training=False)\`.`;
  },

  fix({ node, call, model, input }, { facts }) {
    if (!facts.isA(model, "tensorflow.keras.Model")) return declined("it is not certain to be a model of Keras");
    if (call.args.length > 1 || call.hasSplat) return declined("it predicts in batches");
    const other = [...call.keywords.keys()].find((it) => it !== "verbose");
    if (other) return declined(`\`${other}\` has no place in a call of the model`);
    if (hasComments(call.argumentList)) return declined("a comment would be lost");
    const outputs = outputsOf(model, facts);
    if (outputs === "several" || isTakenApart(node, facts)) return declined("the model has several outputs");
    // Telling it how much to print makes room for telling it how to run.
    const verbose = call.keywords.get("verbose")?.parent;
    const said = verbose ? replace(verbose, "training=False") : withArgument(call, "training=False");
    if (!said) return declined("the arguments cannot be added to");
    const isArray = facts.isA(input, "numpy.ndarray") || facts.isA(input, "tensorflow.Tensor");
    return fixOf(
      "Call the model",
      [
        "all of the input must fit into memory at once",
        "callbacks and a predict_step of its own are left out",
        outputs === undefined && "the model must have one output",
        !isArray && `\`${excerpt(input.text, 30)}\` must be an array or a tensor`,
      ],
      [replace(call.callee, textIn(model, ATOM)), said, insertAfter(node, ".numpy()")],
    );
  },
});

/** What a model gives, where it is made in sight: `Model(inputs, [a, b])`, `Sequential([…])`. */
function outputsOf(model: Node, facts: Facts): "one" | "several" | undefined {
  const made = asCall(unwrap(facts.valueOf(model) ?? model));
  if (!made) return undefined;
  if (/(^|\.)Sequential$/.test(made.callee.text)) return "one";
  if (!/(^|\.)Model$/.test(made.callee.text)) return undefined;
  const given = made.keywords.get("outputs") ?? made.args[1];
  const outputs = given && unwrap((given.kind === "identifier" ? givenOnce(given, facts) : undefined) ?? given);
  if (!outputs) return undefined;
  return /^(list|tuple|dictionary|list_comprehension|dictionary_comprehension)$/.test(outputs.kind) ? "several" : "one";
}

/** `a, b = model.predict(x)`, `model.predict(x)["a"]`, also by way of a name. */
function isTakenApart(node: Node, facts: Facts): boolean {
  const isNamed = (use: Use) => use.kind === "subscript" && textValue(asSubscript(use.in)?.indices[0]) !== undefined;
  const use = useOf(node);
  if (use.kind !== "assigned") return isNamed(use) || (use.kind === "method" && use.name === "items");
  const [target] = asAssignment(statementOf(node))?.targets ?? [];
  if (target?.kind !== "identifier") return itemsOf(unwrap(target ?? node)).length > 1;
  return facts.readsSeeing(target).some((it) => isNamed(useOf(it)));
}

/** Other libraries have models that predict too. */
const OTHERS = [
  "sklearn",
  "xgboost",
  "lightgbm",
  "catboost",
  "torch",
  "prophet",
  "statsmodels",
  "ultralytics",
  "autogluon",
];
const NAMES =
  /(?:^|_)(?:model|net|network|generator|discriminator|encoder|decoder|autoencoder|gan|cnn|lstm|rnn|actor|critic|policy|q_?net)\d*$/i;

function modelEvidence(model: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(model, "fair");
  if (typed) return facts.isA(model, "tensorflow.keras.Model", "fair") ? typed.evidence : undefined;
  const others = OTHERS.filter((it) => facts.view.imports(it));
  if (isBoundToKeras(model, others, facts)) return "fair";
  // Modules of torch have no such method, and Keras may run on torch.
  const isAlone = others.length === 0 || (facts.view.imports("keras") && others.every((it) => it === "torch"));
  return isAlone && NAMES.test(model.text.slice(model.text.lastIndexOf(".") + 1)) ? "fair" : undefined;
}

/** A name that stands for several models in the file, one of Keras among them and none of a library that predicts too. */
function isBoundToKeras(model: Node, others: readonly string[], facts: Facts): boolean {
  if (model.kind !== "identifier") return false;
  const sites = facts.writesOf(model);
  if (sites.length === 0 || sites.length > MOST_SITES || sites.some((it) => it.kind === "parameter")) return false;
  const calls = sites.map((it) => asCall(it.value));
  if (calls.some((it) => others.some((other) => it && facts.nameOf(it.callee)?.startsWith(`${other}.`)))) return false;
  return (
    sites.some((it) => it.kind === "assign" && it.value && facts.isA(it.value, "tensorflow.keras.Model")) ||
    calls.some((it) => it && KNOWN_NETS.test(facts.nameOf(it.callee) ?? ""))
  );
}

const KNOWN_NETS = /^(?:tensorflow\.)?keras\.applications\.(?:\w+\.)?[A-Z]/;

const MOST_SITES = 30;

/** Only Keras is told how much to print in each call. */
function spokenEvidence(call: Call, facts: Facts): Evidence | undefined {
  if (!call.keywords.has("verbose") || facts.typed(asMethodCall(call.node)!.object, "fair")) return undefined;
  return TALKATIVE.some((it) => facts.view.imports(it)) ? undefined : "fair";
}

const TALKATIVE = ["catboost", "ultralytics", "autogluon", "torch"];

/** Another model in each turn: one of an ensemble, or made and trained there. */
function isOfLoop(model: Node, loop: Node, facts: Facts): boolean {
  const names =
    model.kind === "identifier"
      ? [model]
      : model.descendants("identifier").filter((it) => it.fieldName !== "attribute");
  if (names.some((it) => facts.writesOf(it).some((site) => site.name.isInside(loop)))) return true;
  return facts.placeOf(model)?.writes.some((it) => it.name.isInside(loop)) ?? false;
}

/** `for batch in data: …; break` takes the first and no more. */
function runsOnce(loop: Node): boolean {
  const body = loop.field("body");
  return body !== undefined && statementsOf(body).at(-1)?.kind === "break_statement";
}
