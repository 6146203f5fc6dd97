/** A model that is asked for one item after another. */

import {
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  asSubscript,
  callOf,
  changesObject,
  changesShared,
  comesFromTurn,
  defineRule,
  excerpt,
  functionAround,
  functionCalled,
  functionQuestion,
  goneThrough,
  goesByPortions,
  hangsOnTurn,
  lastName,
  nameAtRoot,
  runsNetwork,
  soleAssignment,
  unwrap,
  useOf,
  type Facts,
  type MethodCall,
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
    const one = ofPicture ? { item: data } : (oneRowOf(data, facts) ?? itemOf(data));
    if (!one || !comesFromTurn(one.item, loop, facts) || comesFromTurn(call.object, loop, facts)) return undefined;
    // Another model in each turn, or one that learns in between.
    const body = loop.field("body") ?? loop;
    if (
      /\.(?:fit|partial_fit|learn_one|update|train|backward)\(/.test(body.text) ||
      facts.sizeOf(through.iterable) === "light"
    )
      return undefined;
    if (facts.writesOf(rootOf(call.object), loop).length > 0) return undefined;
    // The answer goes into the rows of the turns to come.
    if (one.table && isChanged(one.table, loop, facts)) return ofWindow(call, loop, facts);
    return {
      at: call.callee,
      evidence: "fair",
      weight: facts.weightOf(node),
      call,
      each: through.target,
      isOfWindow: false,
    };
  },

  message: ({ call, each, isOfWindow }) =>
    isOfWindow
      ? `\`${excerpt(call.callee.text, 40)}\` gets one row at a time, for one \`${excerpt(each.text, 30)}\` after another; do each step for all of them in one call.`
      : `\`${excerpt(call.callee.text, 50)}\` is called once per \`${excerpt(each.text, 30)}\`; one call with a batch does its overhead once.`,
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
  return {
    at: call.callee,
    evidence: "fair" as const,
    weight: facts.weightOf(node),
    call,
    each: through.target,
    isOfWindow: false,
  };
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
function itemOf(data: Node): One | undefined {
  const node = unwrap(data);
  const one = (item: Node | undefined): One | undefined => item && { item };
  if (node.kind === "list") return one(onlyItem(node));
  const method = asMethodCall(node);
  if (method?.method === "reshape" && method.args[0]?.text === "1") return one(method.object);
  if (method && /^(?:unsqueeze)$/.test(method.method)) return one(method.object);
  if (method?.method === "expand_dims" && method.args[0]) return one(method.args[0]);
  return node.kind === "subscript" && /\[(?:None|np\.newaxis|numpy\.newaxis)/.test(node.text)
    ? one(node.field("value"))
    : undefined;
}

interface One {
  readonly item: Node;
  /** The table whose row it is. */
  readonly table?: Node;
}

const onlyItem = (list: Node): Node | undefined =>
  list.children.length === 1 && list.children[0]!.kind !== "list_splat" ? list.children[0] : undefined;

/** `df.iloc[[i]]`, `df.iloc[i:i + 1]`, `pd.DataFrame([row])`, `row.to_frame().T`, and a name for one of them. */
function oneRowOf(data: Node, facts: Facts): One | undefined {
  const given = unwrap(data);
  const node = given.kind === "identifier" ? unwrap(soleAssignment(given, facts)?.value ?? given) : given;
  const rows = asSubscript(node);
  const accessor = asAttribute(rows?.value);
  if (rows && accessor && /^i?loc$/.test(accessor.name)) {
    const [index] = rows.indices;
    const item = index?.kind === "list" ? onlyItem(index) : index && startOfOne(index);
    return item && { item, table: accessor.object };
  }
  const turned = asAttribute(node)?.name === "T" ? asMethodCall(asAttribute(node)!.object, "to_frame") : undefined;
  if (turned) return { item: turned.object };
  const made = asCall(node);
  const [list] = made && facts.nameOf(made.callee) === "pandas.DataFrame" ? made.args : [];
  const item = list?.kind === "list" ? onlyItem(list) : undefined;
  return item && { item };
}

/** `i` of `i:i + 1` */
function startOfOne(slice: Node): Node | undefined {
  const [, start] = /^(\w+)\s*:\s*\1\s*\+\s*1$/.exec(slice.text) ?? [];
  return start === undefined ? undefined : slice.children[0];
}

const isChanged = (table: Node, loop: Node, facts: Facts): boolean => {
  const root = rootOf(table);
  return (
    facts.writesOf(root, loop).length > 0 ||
    facts.readsOf(root, loop).some((it) => changesObject(it) || isStoredThrough(it))
  );
};

/** `df.iat[i, 0] = x`, `df.loc[i, "lag"] = x` */
function isStoredThrough(read: Node): boolean {
  const accessor = read.parent;
  return (
    accessor?.kind === "attribute" &&
    /^i?(loc|at)$/.test(asAttribute(accessor)?.name ?? "") &&
    useOf(accessor).kind === "subscript-store"
  );
}

/** A forecast that feeds itself, in a function that a loop of the file calls for one part of a table after the other. */
function ofWindow(call: MethodCall, loop: Node, facts: Facts) {
  const def = asFunction(functionAround(loop));
  if (!def || facts.classOf(def.outer) || def.isAsync || changesShared(call, facts)) return undefined;
  for (const read of facts.readsOf(def.nameNode).slice(0, MOST_CALLERS)) {
    const caller = callOf(read);
    const around = caller && facts.loopAround(caller.node);
    const through = around && goneThrough(around);
    if (!caller || !around || !through || facts.sizeOf(through.iterable) === "light" || caller.hasSplat) continue;
    const given = [...caller.args, ...caller.keywords.values()];
    const isOfTurn = given.map((it) => hangsOnTurn(it, around, facts));
    if (!isOfTurn.includes(true)) continue;
    if (!given.every((it, at) => (isOfTurn[at] ? comesFromTurn(it, around, facts) : isFixed(it, around, facts))))
      continue;
    return {
      at: call.callee,
      evidence: "fair" as const,
      weight: facts.weightOf(call.node),
      call,
      each: through.target,
      isOfWindow: true,
    };
  }
  return undefined;
}

const MOST_CALLERS = 20;

const isFixed = (value: Node, loop: Node, facts: Facts): boolean => {
  const root = nameAtRoot(value);
  return !root || !isChanged(root, loop, facts);
};

const rootOf = (node: Node): Node => (node.kind === "attribute" ? rootOf(node.field("object")!) : node);
