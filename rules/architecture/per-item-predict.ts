/** A model that is asked for one item after another. */

import {
  asMethodCall,
  comesFromTurn,
  defineRule,
  excerpt,
  goneThrough,
  goesByPortions,
  lastName,
  unwrap,
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
  words: METHODS,
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
  methods: METHODS,

  find(node, { facts }) {
    const call = asMethodCall(node)!;
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
