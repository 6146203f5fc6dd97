/** A model whose weights are read again for each request, message, tool call or turn. */

import {
  BUILDER_METHODS,
  builderCalls,
  builderOf,
  builtAgain,
  cachedFactory,
  defineRule,
  statementOf,
  type Call,
} from "../../analysis/authoring.js";

/** Of these nobody knows whether what they read is a model. */
const ANYTHING = new Set(["torch.load", "joblib.load", "pickle.load"]);
const MODEL =
  /model|clf|classifier|regress|scaler|vectori|encoder|tokeniz|pipe|weights|checkpoint|ckpt|estimator|predictor|\.(?:pt|pth|joblib|onnx)\b/i;

const TRAINS = /\btrain|\boptim|\.fit\(|\.backward\(|Trainer|peft|\.save|\.dump\(|quantiz|\.half\(|\bdel\b/;

export default defineRule({
  title: "Model loaded again for each call",
  why: "Reading the weights of a model takes far longer than most answers, and fills memory a second time while the old copy is still there. Loaded once, the model serves all calls.",
  guide: "transformers",
  level: "warning",
  gain: "time",
  fixes: "review",

  examples: [
    {
      before: `
import joblib
from fastapi import FastAPI

app = FastAPI()

@app.get("/score")
def score(size: float) -> float:
    model = joblib.load("model.joblib")
    return float(model.predict([[size]])[0])
`,
      after: `
from functools import cache

import joblib
from fastapi import FastAPI

app = FastAPI()

@cache
def load_model():
    return joblib.load("model.joblib")

@app.get("/score")
def score(size: float) -> float:
    model = load_model()
    return float(model.predict([[size]])[0])
`,
    },
  ],

  on: ["call"],
  calls: builderCalls("model"),
  methods: BUILDER_METHODS,

  find(_node, { facts }, call) {
    const name = facts.nameOf(call.callee);
    const builder = builderOf(name);
    if (!builder || (builder.kind !== "model" && builder.kind !== "tokenizer")) return undefined;
    const isModel = !ANYTHING.has(name!) || isNamedModel(call);
    const built = isModel ? builtAgain(call, facts) : undefined;
    if (!built) return undefined;
    if (built.per === "call" && built.weight !== "heavy") return undefined;
    // Each fold or trial begins with the weights as they were, and a checkpoint may be written by the turn before.
    if (built.per === "turn" && TRAINS.test(facts.loopAround(call.node)?.text ?? "")) return undefined;
    return { at: call.callee, evidence: built.evidence, weight: built.weight, call, built, builder };
  },

  message({ call: { callee }, built: { per, def }, builder }) {
    const who =
      per === "turn"
        ? "in every turn"
        : per === "rerun"
          ? "each time the page runs again"
          : `for each ${per === "dependency" ? "request" : per === "tool" ? "call by the model" : per} of \`${def?.name}\``;
    return `\`${callee.text}\` reads the ${builder.kind === "tokenizer" ? "tokenizer" : "model"} from disk again ${who}; load it once and keep it.`;
  },

  fix: ({ call }, file) =>
    cachedFactory(call, "load", ["all calls share one model", "a file that changes later is not read again"], file),
});

function isNamedModel({ node, argumentList }: Call): boolean {
  return MODEL.test(argumentList.text) || MODEL.test(statementOf(node).text.split("=", 1)[0] ?? "");
}
