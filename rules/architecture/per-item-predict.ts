/** A model that is asked for one item after another. */

import {
  asCall,
  asMethodCall,
  comesFromTurn,
  defineRule,
  excerpt,
  functionCalled,
  functionQuestion,
  goneThrough,
  goesByPortions,
  lastName,
  runsNetwork,
  unwrap,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** Methods that take one picture. */
const OF_PICTURES = ["detect_image", "predict_image", "classify_image", "infer_image"];
const METHODS = ["predict", "predict_proba", "predict_one", "encode", "embed", ...OF_PICTURES];

export default defineRule({
  title: "Model asked for one item at a time",
  why: "A model takes about as long for one item as for a batch: each call checks and converts its input, starts its kernels and waits for them. One call with all items, or with portions of them, does that once.",
  guide: "model-api",
  level: "hint",
  gain: "safety",
  words: [...METHODS, "no_grad", "inference_mode"],
  within: "loop",

  examples: [
    {
      before: `
def labels(model, texts: list[str]) -> list[str]:
    found = []
    for text in texts:
        found.append(model.predict([text])[0])
    return found
`,
      after: `
def labels(model, texts: list[str]) -> list[str]:
    return list(model.predict(texts))
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asMethodCall(node, ...METHODS);
    if (!call) return throughHelper(node, facts);
    const ofPicture = OF_PICTURES.includes(call.method);
    const data = call.args[0] ?? (ofPicture ? (call.keywords.get("image") ?? call.keywords.get("img")) : undefined);
    const loop = facts.loopAround(node);
    const through = loop && goneThrough(loop);
    if (!data || !loop || !through || facts.isTest || goesByPortions(loop)) return undefined;
    if (
      !(ofPicture || MODEL.test(lastName(call.object))) ||
      /kalman|filter|agent|bandit|online/i.test(call.object.text)
    )
      return undefined;
    // One item, in a list or with an axis of one: what is handed over whole may be a batch.
    const item = ofPicture ? data : itemOf(data);
    if (!item || !comesFromTurn(item, loop, facts) || comesFromTurn(call.object, loop, facts)) return undefined;
    // Another model in each turn, or one that learns in between.
    const body = loop.field("body") ?? loop;
    if (
      /\.(?:fit|partial_fit|learn_one|update|train|backward)\(/.test(body.text) ||
      facts.sizeOf(through.iterable) === "light"
    )
      return undefined;
    if (facts.writesOf(rootOf(call.object), loop).length > 0) return undefined;
    return { at: call.callee, evidence: "fair", weight: facts.weightOf(node), call, each: through.target };
  },

  message: ({ call, each }) =>
    `\`${excerpt(call.callee.text, 50)}\` is called once per \`${excerpt(each.text, 30)}\`; one call with a batch does its overhead once.`,
});

const MODEL = /(?:^|_)(?:model|clf|classifier|regressor|predictor|encoder|embedder|detector|net|pipeline|estimator)/i;

/** A function of the file that runs a model for the one item it is given. */
function throughHelper(node: Node, facts: Facts) {
  const call = asCall(node);
  const loop = facts.loopAround(node);
  const through = loop && goneThrough(loop);
  if (!call || !through || facts.isTest || goesByPortions(loop)) return undefined;
  const def = functionCalled(call.callee, facts);
  const given = call.args[0] ?? [...call.keywords.values()][0];
  if (!def || !given || !comesFromTurn(given, loop, facts) || !runsForOne(def, facts)) return undefined;
  if (/batch|chunk|loader/i.test(through.iterable.text) || facts.sizeOf(through.iterable) === "light") return undefined;
  return { at: call.callee, evidence: "fair" as const, weight: facts.weightOf(node), call, each: through.target };
}

/** It makes a tensor of a text or item and asks the network, outside of any loop. */
const runsForOne = functionQuestion<boolean>((def, facts) => {
  const body = facts.bodyOf(def);
  const calls = body.descendants("call").filter((it) => !facts.loopAround(it)?.isInside(body));
  const isForOne = calls.some(
    (it) =>
      asCall(it)?.keywords.get("return_tensors") !== undefined || asMethodCall(it, "unsqueeze")?.args[0]?.text === "0",
  );
  return isForOne && calls.some(runsNetwork) && !/\b(?:backward|past_key_values|hidden_state)\b/.test(body.text);
});

/** `x` of `[x]`, `x.reshape(1, -1)`, `x[None]`, `np.expand_dims(x, 0)`, `x.unsqueeze(0)`. */
function itemOf(data: Node): Node | undefined {
  const node = unwrap(data);
  if (node.kind === "list")
    return node.children.length === 1 && node.children[0]!.kind !== "list_splat" ? node.children[0] : undefined;
  const method = asMethodCall(node);
  if (method?.method === "reshape" && method.args[0]?.text === "1") return method.object;
  if (method && /^(?:unsqueeze)$/.test(method.method)) return method.object;
  if (method?.method === "expand_dims" && method.args[0]) return method.args[0];
  return node.kind === "subscript" && /\[(?:None|np\.newaxis|numpy\.newaxis)/.test(node.text)
    ? node.field("value")
    : undefined;
}

const rootOf = (node: Node): Node => (node.kind === "attribute" ? rootOf(node.field("object")!) : node);
