/** A model whose weights are read again for each request, message, tool call or turn. */

import {
  asCall,
  asFunction,
  BUILDER_METHODS,
  builderCalls,
  builderOf,
  builtAgain,
  cachedFactory,
  defineRule,
  functionAround,
  statementOf,
  type Call,
  type Facts,
  type FunctionDef,
  type Node,
  type Weight,
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
    const loads = isModel && built?.weight !== "heavy" ? loadedBeforeAnswer(call, facts) : undefined;
    if (loads)
      return loads === "other"
        ? undefined
        : {
            // Where it is called for each answer is what has to change.
            at: loads.through?.tree === call.node.tree ? loads.through.field("function")! : call.callee,
            evidence: "strong",
            weight: "unknown" as Weight,
            related: loads.through ? [{ at: call.callee, message: "The weights are read here." }] : [],
            call,
            builder,
            built: { per: "call" as const, def: loads.def, evidence: "strong" as const, weight: "unknown" as Weight },
          };
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

/** Methods that a service or a page calls once for each question. */
const ANSWERS =
  /^(?:predict|infer|classify|score|answer|generate|embed|transcribe|detect|recognize|translate|summarize|get_prediction|make_prediction|run_inference)(?:_\w+)?$/;

/**
 * A method that loads, called without a condition by a method that answers; or one that answers and loads by itself. One finding for all that a method loads.
 * Not where the weights may be others: a file that is a parameter.
 */
function loadedBeforeAnswer(
  call: Call,
  facts: Facts,
): { readonly def: FunctionDef; readonly through: Node | undefined } | "other" | undefined {
  const home = asFunction(functionAround(call.node));
  const owner = home && facts.classOf(home.outer);
  const [self, ...others] = home?.parameters ?? [];
  if (!home || !owner || !self || isInBranch(call.node, home.node) || facts.isTest || facts.loopAround(call.node))
    return undefined;
  const names = new Set(others.map((it) => it.name));
  if (call.argumentList.descendants("identifier").some((it) => names.has(it.text))) return undefined;
  const answering = ANSWERS.test(home.name)
    ? { def: home, through: undefined }
    : owner.methods
        .filter(({ def }) => ANSWERS.test(def.name))
        .map(({ def }) => ({ def, through: plainCallOf(def, home.name, self.name, facts) }))
        .find((it) => it.through !== undefined);
  if (!answering) return undefined;
  const first = facts
    .bodyOf(home)
    .descendants("call")
    .find((it) => {
      const callee = asCall(it)?.callee;
      return callee !== undefined && builderOf(facts.nameOf(callee))?.kind === "model";
    });
  return first && first.start !== call.node.start ? "other" : answering;
}

const plainCallOf = (def: FunctionDef, method: string, self: string, facts: Facts): Node | undefined =>
  facts
    .bodyOf(def)
    .descendants("call")
    .find(
      (it) =>
        it.field("function")?.text === `${self}.${method}` &&
        it.field("arguments")?.text === "()" &&
        !isInBranch(it, def.node),
    );

/** `if self.model is None: …`, the return above it where the model is there, and what a handler of errors does. */
function isInBranch(node: Node, def: Node): boolean {
  for (let at = node.parent; at && at !== def; at = at.parent)
    if (
      /^(?:if_statement|elif_clause|else_clause|except_clause|conditional_expression|function_definition|lambda)$/.test(
        at.kind,
      )
    )
      return true;
  return isGuardedAbove(node, def);
}

/** `if self.model is not None: return` above it in the body. */
function isGuardedAbove(node: Node, def: Node): boolean {
  const body = def.field("body")?.children ?? [];
  return body.some(
    (it) =>
      it.kind === "if_statement" &&
      it.end <= node.start &&
      /^(?:self|cls)\.\w+(?: is not None)?$|^\w+ is not None$/.test(it.field("condition")?.text ?? "") &&
      it.field("consequence")?.children.at(-1)?.kind === "return_statement",
  );
}

function isNamedModel({ node, argumentList }: Call): boolean {
  return MODEL.test(argumentList.text) || MODEL.test(statementOf(node).text.split("=", 1)[0] ?? "");
}
