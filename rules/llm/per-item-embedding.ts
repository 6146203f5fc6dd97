/** Texts and images that are embedded, or stored in a vector store, one call at a time. */

import {
  argumentOf,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  builderOf,
  calleeText,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionCalled,
  parameterBehind,
  hasComments,
  MODEL_LIBRARIES,
  replace,
  unwrap,
  weakest,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  lastName,
  type Node,
} from "../../analysis/authoring.js";

/** A call that works on one text of a loop. */
interface Single {
  readonly text: Node;
  readonly kind: "service" | "query" | "encode" | "store" | "features";
  readonly evidence: Evidence;
  /** It is written as a list of one, so that a slice is a part of a text. */
  readonly isListed: boolean;
  /** The call in a function of the file that the loop calls. */
  readonly inside?: string;
}

const METHODS =
  /^(?:create|a?embed_query|embed_content|encode|add|upsert|add_texts|add_documents|embeddings|embed|get_(?:image|text)_features|encode_(?:image|text))$/;

const IMPORTS = [
  ...MODEL_LIBRARIES,
  "sentence_transformers",
  "chromadb",
  "pinecone",
  "qdrant_client",
  "langchain_chroma",
  "langchain_huggingface",
];

export default defineRule({
  title: "Texts or images embedded one by one",
  why: "Each call pays for itself alone: a request over the network, or a pass through the model that leaves most of the processor idle. Embedding models and vector stores take a whole list at once.",
  guide: "agents",
  level: "warning",
  gain: "time",
  overrides: ["resources/execute-in-loop", "architecture/per-item-predict"],
  imports: IMPORTS,
  orWords: ["get_image_features", "encode_image", "get_text_features", "encode_text"],
  fixes: "review",

  examples: [
    {
      before: `
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("all-MiniLM-L6-v2")

def embed(texts: list[str]) -> list:
    return [model.encode(text) for text in texts]
`,
      after: `
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("all-MiniLM-L6-v2")

def embed(texts: list[str]) -> list:
    return list(model.encode(texts))
`,
    },
  ],

  on: ["call"],
  within: "loop",

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const single = METHODS.test(lastName(call.callee)) ? singleOf(call, facts) : throughHelper(call, facts);
    const loop = single && facts.loopAround(node);
    if (
      !single ||
      !loop ||
      !isOfTurn(single.text, loop, single.isListed, facts) ||
      (!single.isListed && isBatched(loop, single.text))
    )
      return undefined;
    // The answers of the model are what takes long: one finding for a loop that asks for a vector and stores it.
    if (single.kind === "store" && embedsIn(loop, facts)) return undefined;
    const isHandful = facts.weightOf(node);
    return { at: call.callee, evidence: single.evidence, weight: isHandful, call, single, loop };
  },

  message({ call: { callee }, single: { kind, text, inside } }) {
    const name = callee.text.replace(/\s+/g, "");
    if (inside)
      return `\`${name}\` embeds one \`${excerpt(text.text, 40)}\` per call, by \`${excerpt(inside, 40)}\`, which takes a list: one call for all texts costs a fraction.`;
    if (kind === "features")
      return `\`${name}\` sends one \`${excerpt(text.text, 40)}\` through the model per call; a batch of some dozens takes hardly longer, above all on a GPU.`;
    if (kind === "store")
      return `\`${name}\` stores one entry per call; give it all of them, or some hundred at a time.`;
    const all = kind === "query" ? "`embed_documents` takes the whole list" : "it takes a list of texts";
    return `\`${name}\` embeds one \`${text.text}\` per call; ${all}, in a fraction of the calls.`;
  },

  fix({ call, single, loop }, { facts }) {
    if (single.kind === "features") return declined("batches have to be gathered before the model is called");
    if (single.inside) return declined("the function that embeds has to take a list first");
    const comprehension = asComprehension(loop.kind === "for_in_clause" ? loop.parent : loop);
    if (!comprehension) return declined("the loop does more than embed");
    const [clause, more] = comprehension.clauses;
    if (!clause || more || comprehension.conditions.length > 0 || comprehension.kind !== "list")
      return declined("the texts are filtered or come from several loops");
    const { element, node } = comprehension;
    if (hasComments(node)) return declined("a comment would be lost");
    if (clause.target.text !== single.text.text || clause.isAsync)
      return declined("each text is worked out in the loop");
    const items = clause.iterable;
    const doubt = facts.typeOf(items)?.name !== "list" && `\`${items.text}\` must be a list`;
    if (single.kind === "query" && unwrap(element) === call.node) {
      const method = asMethodCall(call.node);
      if (!method || call.args.length + call.keywords.size !== 1) return declined("it has more arguments");
      return fixOf(
        "Embed them in one call",
        [doubt, "some models embed questions and documents differently"],
        [replace(node, `${method.object.text}.embed_documents(${items.text})`)],
      );
    }
    if (single.kind === "encode" && unwrap(element) === call.node) {
      const text = call.node.text;
      const at = single.text.start - call.node.start;
      return fixOf(
        "Encode them in one call",
        [doubt, "the last digits may differ, as texts of a batch are padded"],
        [replace(node, `list(${text.slice(0, at)}${items.text}${text.slice(at + single.text.text.length)})`)],
      );
    }
    const tail = `${call.node.text}.data[0].embedding`;
    if (single.kind === "service" && element.text === tail && single.text.parent?.kind === "keyword_argument") {
      const at = single.text.start - call.node.start;
      const all = call.node.text.slice(0, at) + items.text + call.node.text.slice(at + single.text.text.length);
      const item = facts.freshName("item", node);
      return fixOf(
        "Embed them in one call",
        [doubt, "the service limits how many texts one call may have"],
        [replace(node, `[${item}.embedding for ${item} in ${all}.data]`)],
      );
    }
    return declined("the vectors are worked with in the loop");
  },
});

/** The one text that a call is given; undefined for calls of other things, and for lists. */
function singleOf(call: Call, facts: Facts): Single | undefined {
  const method = asMethodCall(call.node);
  if (!method) return undefined;
  const chain = call.callee.text.replace(/\s+/g, "");
  const one = (text: Node | undefined, kind: Single["kind"], evidence: Evidence): Single | undefined => {
    const value = text && soleItem(unwrap(text));
    return value && { text: value, kind, evidence, isListed: unwrap(text).kind === "list" };
  };
  switch (method.method) {
    case "create":
      return /\b(?:embeddings|Embedding)\.create$/.test(chain)
        ? one(call.keywords.get("input"), "service", "strong")
        : undefined;
    case "embed_content":
      return one(call.keywords.get("contents") ?? call.keywords.get("content"), "service", "strong");
    case "embeddings":
    case "embed":
      return /\bollama\b/.test(chain)
        ? one(call.keywords.get("prompt") ?? call.keywords.get("input"), "service", "strong")
        : undefined;
    case "embed_query":
    case "aembed_query":
      return one(argumentOf(call, "text", 0), "query", "strong");
    case "encode": {
      const evidence = encoderEvidence(method.object, facts);
      return evidence && one(argumentOf(call, "sentences", 0), "encode", evidence);
    }
    case "get_image_features":
    case "get_text_features":
    case "encode_image":
    case "encode_text":
      return featuresOfOne(call, facts);
    default:
      return storesOne(call, method.object, facts);
  }
}

/** `model.encode_image(preprocess(image).unsqueeze(0))`, `clip.get_image_features(Image.open(path))`: of one, as it is written. */
function featuresOfOne(call: Call, facts: Facts): Single | undefined {
  const [first] = call.hasSplat ? call.argumentList.children : [call.args[0] ?? [...call.keywords.values()][0]];
  let value = first?.kind === "dictionary_splat" ? first.children[0] : first;
  for (let step = 0; value && step < STEPS; step++) {
    const text = unwrap(value);
    if (/\b(?:stack|cat|concat\w*)\(|\bfor\b/.test(text.text)) return undefined;
    if (ONE_ITEM.test(text.text)) return { text, kind: "features", evidence: "strong", isListed: true };
    const next = facts.valueOf(/\.to\(/.test(text.text) ? (asMethodCall(text)?.object ?? text) : text);
    if (!next || next === value) return undefined;
    value = next;
  }
  return undefined;
}
const ONE_ITEM = /\bImage\.open\(|\bimread\(|\bload_image\(|\.unsqueeze\(0\)|\[None\b|\btokenize\(\[[^\],]+\]\)/;

/** `self.embed(text)`, a function of the file that embeds the one text it is given. */
function throughHelper(call: Call, facts: Facts): Single | undefined {
  // Elsewhere only images and texts of CLIP are meant, and no function has to be looked into.
  const def = IMPORTS.some(facts.view.imports) ? functionCalled(call.callee, facts) : undefined;
  if (!def || def.decorators.length > 0) return undefined;
  const found = facts.memo("embeds one text", def.node, () => embedsOne(def, facts) ?? null);
  if (!found) return undefined;
  const names = def.parameters.filter((it) => it.name !== "self").map((it) => it.name);
  const text = call.keywords.get(found.parameter) ?? call.args[names.indexOf(found.parameter)];
  return text && !call.hasSplat
    ? {
        text: unwrap(text),
        kind: found.single.kind,
        evidence: weakest(found.single.evidence, "strong")!,
        isListed: false,
        inside: found.inside,
      }
    : undefined;
}

/** The first call in a function that embeds one of its parameters, once per call of it. */
function embedsOne(def: FunctionDef, facts: Facts) {
  for (const node of facts.bodyOf(def).descendants("call")) {
    const call = asCall(node);
    if (!call || !METHODS.test(lastName(call.callee)) || functionAround(node) !== def.node) continue;
    const single = facts.loopAround(node) ? undefined : singleOf(call, facts);
    if (!single || single.kind === "store") continue;
    const parameter = parameterBehind(single.text, facts, STEPS, (it) => !typeIsList(it, facts));
    if (parameter !== undefined && !isListAnnotated(def, parameter))
      return { single, parameter, inside: calleeText(node) };
  }
  return undefined;
}

const isListAnnotated = (def: FunctionDef, name: string): boolean =>
  /list|sequence|iterable|tuple/i.test(def.parameters.find((it) => it.name === name)?.annotation?.text ?? "") ||
  /s$/i.test(name);

/** `[text]` is a list of one. */
function soleItem(value: Node): Node | undefined {
  if (value.kind === "list") {
    const [only, more] = value.children;
    return only && !more && only.kind !== "list_splat" ? unwrap(only) : undefined;
  }
  return /^(?:identifier|attribute|subscript|call)$/.test(value.kind) ? value : undefined;
}

/** By what the object was built as, or by what it is called in a file that has such models. */
function encoderEvidence(object: Node, facts: Facts): Evidence | undefined {
  const built = facts.valueOf(object);
  const maker = asCall(built);
  if (maker) return builderOf(facts.nameOf(maker.callee))?.kind === "model" ? "proof" : undefined;
  const typed = facts.typed(object);
  if (typed?.type.name === "sentence_transformers.SentenceTransformer") return typed.evidence;
  if (!facts.view.imports("sentence_transformers")) return undefined;
  return /model$|(?:^|_)(?:embed|(?:encoder|biencoder|sbert|st)$)/i.test(lastName(object)) ? "fair" : undefined;
}

const STORES = /(?:collection|index|store)$|(?:^|[._])(?:vector)?db$/i;

/** `collection.add(documents=[text], ids=[key])`, `store.add_texts([text])`. */
function storesOne(call: Call, object: Node, facts: Facts): Single | undefined {
  if (
    !STORES.test(object.text) ||
    ![
      "chromadb",
      "langchain_chroma",
      "langchain_community",
      "pinecone",
      "qdrant_client",
      "langchain",
      "llama_index",
    ].some((it) => facts.view.imports(it))
  )
    return undefined;
  const lists = [
    ...call.args,
    ...["documents", "ids", "embeddings", "texts", "vectors"].flatMap((it) => call.keywords.get(it) ?? []),
  ];
  const [first] = lists.filter((it) => unwrap(it).kind === "list");
  const item = first && soleItem(unwrap(first));
  return item && { text: item, kind: "store", evidence: "strong", isListed: true };
}

/** The loop asks a model for one vector per turn. */
const embedsIn = (loop: Node, facts: Facts): boolean =>
  facts.memo("embeds one per turn", loop, () =>
    loop.descendants("call").some((it) => {
      const call = asCall(it);
      const single = call && METHODS.test(lastName(call.callee)) ? singleOf(call, facts) : undefined;
      return single !== undefined && single.kind !== "store" && facts.loopAround(it) === loop;
    }),
  );

const STEPS = 3;

/** The text comes from the loop's own variable, so that all texts are known before the loop. */
function isOfTurn(text: Node, loop: Node, isListed: boolean, facts: Facts, depth = 0): boolean {
  if (loop.kind === "while_statement" || depth > STEPS) return false;
  const names = [...(text.kind === "identifier" ? [text] : []), ...text.descendants("identifier")].filter(
    (it) => it.fieldName !== "attribute",
  );
  const isSlice = asSubscript(text)?.indices.some((it) => it.kind === "slice") ?? false;
  if (text.kind === "list" || (!isListed && (isSlice || typeIsList(text, facts)))) return false;
  return names.some((it) =>
    facts.reachingSites(it).some((site) => {
      if (site.kind === "for") return site.owner === loop || site.owner.isInside(loop) || loop.isInside(site.owner);
      if (!site.name.isInside(loop) || !site.value || site.kind !== "assign") return false;
      return isOfTurn(site.value, loop, isListed, facts, depth + 1);
    }),
  );
}

const typeIsList = (text: Node, facts: Facts): boolean => /^(?:list|tuple|set)$/.test(facts.typeOf(text)?.name ?? "");

/** The turns are batches: of a slice, a step, or called so. */
function isBatched(loop: Node, text: Node): boolean {
  const head = asFor(loop);
  const target = head?.target ?? loop.field("left");
  const iterable = head?.iterable ?? loop.field("right");
  const words = `${target?.text} ${iterable?.text} ${text.text}`;
  const hasStep = (iterable?.descendants("call") ?? []).some((it) => {
    const call = asCall(it);
    return call?.callee.text === "range" && call.args.length === 3;
  });
  return hasStep || /batch|chunked|DataLoader|islice/i.test(words);
}
