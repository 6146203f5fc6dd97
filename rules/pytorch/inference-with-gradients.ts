/** A model asked for an answer while autograd records the way back that nobody goes. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  asSubscript,
  contextsAround,
  declined,
  definitionCalled,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  importModule,
  indentLines,
  indentOf,
  indentUnit,
  isOfOtherFile,
  isStored,
  itemAt,
  lastName,
  startsLine,
  statementOf,
  statementsOf,
  unwrap,
  useOf,
  wrapped,
  type Answer,
  type Call,
  type Declined,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type FunctionDef,
  type MethodCall,
  type Node,
  type Site,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

type Place = NonNullable<ReturnType<Facts["placeOf"]>>;

const words = (text: string) => new Set(text.split(" "));
const NAMED =
  /(^|_)(predict|infer|inference|evaluate|evaluation|eval|validate|validation|test|generate|classify|detect|embed|encode|extract|transcribe|caption|score|detection|recognize|recognition|prediction|embedding|segment)(_|s?$)/;
/** Training, and what belongs to it, goes by these names. */
const TRAINS = /(^|_)(train|fit|forward|step|closure|loss)(_|$)|^test_/;
/** Code that speaks of gradients, of training, or of the mode this rule would propose. */
const GRADIENTS =
  /(?<!up|de)grad(?!io|ual|es?$)|backward|optim(?!al|um)|inference_mode|eval_mode|attack|adversar|explain/i;
/** Methods that are a pass through the network. */
const PASSES = /^(forward(_\w+)?|encode_(image|text)|get_(image|text|audio)_features|extract_features)$/;
const MODELS =
  /^local\.(?!.*(Loss|Criterion|Metric))|^transformers\.PreTrainedModel$|^torch\.nn\.(Module|Sequential|Transformer\w*|parallel\.\w+)$/i;
const KERAS_MODELS = /(^|\.)keras\.(Model|Sequential)$/;
/** `AutoModel.from_pretrained` and the like give a PyTorch model in evaluation mode. */
const PRETRAINED = /^transformers\.(?!TF|Flax)(?=\w*(?:Model|For[A-Z]))\w+\.from_pretrained$/;
const LOSSES = /loss|criterion|objective/i;
const METRICS = /metric|accuracy|(^|_)(acc|auc|auroc|iou|f1|meter)(_|$)/i;
const METRIC_STEPS = /^update(_state)?$/;
/** What a function is given to make probabilities of scores. */
const ACTIVATIONS = /^(act|activation|nonlinearity)(_(fn|func|fun|function))?$/i;

/** No gradient passes these; the first three (and softmax) also show that an answer is wanted. */
const ANSWERS = words("argmax tolist numpy softmax detach");
const ENDING = words("item argsort argmin size dim numel nonzero eq ne gt ge lt le isnan");
const PASSING = words(
  "log_softmax sigmoid tanh relu exp log squeeze unsqueeze view reshape flatten transpose permute contiguous cpu cuda to float double half bfloat16 sum mean max min topk sort abs clamp round clone expand repeat chunk split pow sqrt norm cat stack gather index_select masked_select repeat_interleave type type_as",
);
const PLAIN_ATTRIBUTES = words("shape dtype device ndim");
const NUMBERS = words(
  "builtins.float builtins.int builtins.bool builtins.len builtins.print builtins.str builtins.repr builtins.isinstance builtins.type",
);
/** Pictures of torchvision are made without a graph. */
const PICTURES = words("torchvision.utils.make_grid torchvision.utils.save_image");

export default defineRule({
  title: "Inference that records gradients",
  why: "Outside inference_mode and no_grad every layer keeps its inputs for a backward pass. That costs memory and time and brings inference nothing. eval() switches dropout and batch norm, but does not stop the recording.",
  guide: "pytorch",
  level: "warning",
  gain: "memory",
  imports: ["torch", "transformers", "colbert"],
  // PyTorch that is there only if it is installed, by a helper that imports it.
  orWords: ["no_grad", "state_dict", "load_state_dict"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def predict(model: nn.Module, batch: torch.Tensor) -> list[int]:
    model.eval()
    return model(batch).argmax(dim=1).tolist()
`,
      after: `
import torch
from torch import nn

def predict(model: nn.Module, batch: torch.Tensor) -> list[int]:
    model.eval()
    with torch.inference_mode():
        return model(batch).argmax(dim=1).tolist()
`,
    },
  ],

  on: ["function_definition", "for_statement", "while_statement", "call"],
  methods: ["detach"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    if (node.kind === "call") return cutOff(node, facts);
    const def = asFunction(node);
    if (def) return inferenceIn(def, facts) ?? endingIn(def.body, def, facts);
    // The loops of a script.
    return facts.loopAround(node) || functionAround(node) ? undefined : endingIn(node, undefined, facts);
  },

  message({ at, evidence, model, ends }, file) {
    if (ends)
      return `\`${at.text}\` records a graph, and nothing that comes of this answer is trained on; call it under torch.no_grad().`;
    if (!model)
      return `\`${at.text}\` records a graph that detach() throws away at once; call it under torch.no_grad().`;
    const manager = managerFor(file);
    return evidence === "fair"
      ? `\`${modelText(at)}\` is taken for a model in inference: it records a graph for a backward pass; torch.${manager}() turns that off.`
      : `\`${at.text}\` records a graph for a backward pass that never happens; run it under torch.${manager}().`;
  },

  fix: ({ model, evidence, at }, file) => (model ? wrap(model, evidence, file) : wrapStatement(at, evidence, file)),
});

/** `inference_mode` came with PyTorch 1.9. */
const managerFor = ({ facts }: File): string =>
  facts.hasLibrary("torch", "1.9") === "no" ? "no_grad" : "inference_mode";

interface Found {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight: Weight;
  /** Undefined where the answer is cut off from its graph in the same expression, in training too. */
  readonly model: ModelCall | undefined;
  /** Every use of the answer was followed to its end. */
  readonly ends?: true;
}

/** A function that asks a model and trains nothing. */
const inferenceIn = (def: FunctionDef, facts: Facts): Found | undefined =>
  facts.memo("pytorch/inference", def.node, () => askedAndNotTrained(def, facts));

function askedAndNotTrained(def: FunctionDef, facts: Facts): Found | undefined {
  const { node } = def;
  if (isTestCase(def)) return undefined;
  const switches = def.body.descendants("call").flatMap((it) => asMethodCall(it, "eval", "train") ?? []);
  // Where no part of it is switched the whole function counts: then its names tell at once, and no type is asked for.
  if (switches.length === 0 && (TRAINS.test(def.name) || isAbout(GRADIENTS, [node]))) return undefined;
  const isNamed = NAMED.test(def.name);
  const isOwn = ownership(def, facts);
  if (isOwn === "yes" && !isNamed) return undefined;
  const models = def.body.descendants("call").flatMap((it) => modelCall(it, switches, def, facts) ?? []);
  const model = models.find((it) => it.isEvaluated) ?? models[0];
  if (!model) return undefined;
  const { isEvaluated, region } = model;
  const isPart = model.from > def.body.start;
  if (isPart ? isAbout(GRADIENTS, statementsIn(region, model)) : TRAINS.test(def.name) || isAbout(GRADIENTS, [node]))
    return undefined;
  if (isOwn !== "no" && !isNamed && !(isEvaluated && isOwn === "unknown")) return undefined;

  const found: Findings = { isReturned: false, isPassed: false, answers: false, isCut: false };
  const seen = new Set<Node>();
  for (const it of models) if (it.region === region) follow(it.call, facts, found, seen);
  const evidence = evidenceOf(model, found, isNamed, isOwn !== "no", def);
  if (!evidence) return undefined;
  if (runsWithoutGraph(def, models, facts) || isFrozen(model, def, facts)) return undefined;
  return {
    at: asCall(model.call)!.callee,
    evidence: isOwn === "unknown" && !(isEvaluated && isNamed) ? weaker(evidence, "fair") : evidence,
    weight: weightOfCall(model.call, facts),
    model,
  };
}

/** A case of pytest or unittest in a file that is not called one; `test_epoch` belongs to a trainer. */
const isTestCase = ({ name, node, body }: FunctionDef): boolean =>
  /^test_/.test(name) &&
  (body.descendants("assert_statement").length > 0 || /\b(assert\w+|TestCase)\b/.test(node.text));

/**
 * Answers of models that end as numbers, whatever is trained around them: every use is followed, and none keeps the graph.
 * Of several in one block the first is told.
 */
function endingIn(region: Node, def: FunctionDef | undefined, facts: Facts): readonly Found[] | undefined {
  const calls = region.descendants("call").filter((it) => mayBeModel(asCall(it), facts));
  if (calls.length === 0 || (def && isTestCase(def))) return undefined;
  const around = def?.node ?? region;
  if (isAbout(/hook|retain_grad/, [around]) || (def && /attack|adversar|salien|explain|grad/.test(def.name)))
    return undefined;
  const blocks = new Set<number>();
  const found: Found[] = [];
  for (const call of calls) {
    const block = blockOf(call);
    if (blocks.has(block.start) || functionAround(call) !== def?.node) continue;
    const one = endingOf(call, def, facts);
    if (!one) continue;
    blocks.add(block.start);
    found.push(one);
  }
  return found.length > 0 ? found : undefined;
}

const mayBeModel = (call: Call | undefined, facts: Facts): boolean => call !== undefined && isNetworkCall(call, facts);

const isNetworkCall = (call: Call, facts: Facts): boolean => {
  const model = modelIn(call);
  return (
    (model.kind === "identifier" || model.kind === "attribute") &&
    (call.args.length > 0 || call.keywords.size > 0 || call.hasSplat) &&
    // Codes, tokens and pitches are decoded by much that is no network.
    (model.text === "self" ||
      (NETWORKS.test(lastName(model)) && !/decoder$/i.test(lastName(model))) ||
      isModelOfLibrary(call.callee, facts))
  );
};

/** What is called: `model` of `model(x)`, of `model.forward(x)` and of `model.encode_image(x)`. */
function modelIn({ callee }: Call): Node {
  const method = asAttribute(callee);
  return method && PASSES.test(method.name) && !/^(?:self|cls)$/.test(method.object.text) ? method.object : callee;
}

const modelText = (callee: Node): string =>
  callee.text.replace(/\.\w+$/, (name) => (PASSES.test(name.slice(1)) ? "" : name));

/** `ranker = ColBERT(path)`, whose methods are passes through a network. */
function isModelOfLibrary(callee: Node, facts: Facts): boolean {
  const attribute = asAttribute(callee);
  if (attribute?.object.kind !== "identifier" || !/^(query|doc|score)$/.test(attribute.name)) return false;
  return facts
    .writesOf(attribute.object)
    .some((it) => /^colbert\..*\bColBERT$/.test(facts.nameOf(asCall(it.value)?.callee ?? it.name) ?? ""));
}

/** What is known of the type of what is called, and whether that is a model. */
function typeOfCallee(callee: Node, facts: Facts) {
  const stated = facts.typed(callee);
  const typed = stated && isOfOtherFile(stated.type) ? undefined : stated;
  const isModel =
    typed !== undefined &&
    ((MODELS.test(typed.type.name) && facts.isA(callee, "torch.nn.Module", "fair")) ||
      (KERAS_MODELS.test(typed.type.name) && isKerasOnTorch(facts)));
  return { typed, isModel };
}

/** `os.environ["KERAS_BACKEND"] = "torch"` */
const isKerasOnTorch = ({ view }: Facts): boolean =>
  view.imports("torch") && view.matches(/KERAS_BACKEND["']\s*\]\s*=\s*["']torch["']/);

/** A loop around a model goes through batches. */
function weightOfCall(call: Node, facts: Facts): Weight {
  const weight = facts.weightOf(call);
  return weight === "unknown" && facts.loopAround(call) ? "heavy" : weight;
}

function endingOf(call: Node, def: FunctionDef | undefined, facts: Facts): Found | undefined {
  const { callee } = asCall(call)!;
  const isOfLibrary = isModelOfLibrary(callee, facts);
  const model = isOfLibrary ? asAttribute(callee)!.object : modelIn(asCall(call)!);
  if (facts.nameOf(model) !== undefined) return undefined;
  const { typed, isModel } = typeOfCallee(model, facts);
  if (isOfLibrary ? false : typed ? !isModel : !isHeld(model, facts)) return undefined;
  // What a module computes in its own methods, and what a trainer of some library asks of its steps, is trained on elsewhere.
  const isOwn = def ? ownership(def, facts) : "no";
  const isStep = def !== undefined && TRAINS.test(def.name) && /(^|_)(forward|closure|loss)(_|$)|_step$/.test(def.name);
  if (isStep && !isOfNoModule(def, facts)) return undefined;
  if (isOwn === "yes" && !(model.text === "self" && def && trainsItself(def, facts))) return undefined;
  const ending: Findings = { isReturned: false, isPassed: false, answers: false, isCut: false };
  follow(call, facts, ending, new Set());
  if (ending.isReturned || ending.isPassed || !ending.answers || isCutAtOnce(call)) return undefined;
  // A base class of another file may be a module, which somebody runs without a graph; but then nobody would cut the answer off.
  if (isOwn === "unknown" && !ending.isCut) return undefined;
  if (facts.view.attributesOf("set_grad_enabled").length > 0 || isFree(call, facts)) return undefined;
  if (def && (def.decorators.some(speaksOf) || isCalledFree(def, facts, CALLERS))) return undefined;
  if (isFrozenHere(model, def, facts)) return undefined;
  return {
    at: asCall(call)!.callee,
    evidence: typed && (isOwn === "no" || model.text === "self") ? typed.evidence : "fair",
    weight: weightOfCall(call, facts),
    model: undefined,
    ends: true,
  };
}

/** A module's own `fit`, which goes back through the graph itself. */
const trainsItself = ({ body, node }: FunctionDef, facts: Facts): boolean =>
  facts.memo("trains itself", node, () =>
    body.descendants("call").some((it) => asMethodCall(it, "backward") !== undefined),
  );

/** `net(x).cpu().detach()`: the call of `detach` is told about. */
function isCutAtOnce(call: Node): boolean {
  let at = call;
  for (let steps = 0; steps < 8; steps++) {
    const use = useOf(at);
    if (use.kind === "method" && use.name === "detach") return true;
    if (use.kind !== "method" && use.kind !== "subscript" && use.kind !== "attribute") return false;
    at = use.in;
  }
  return false;
}

/** `target(states).max(1)[0].detach()`: nobody else can see the answer with its graph, whatever is trained around it. */
function cutOff(node: Node, facts: Facts): Found | undefined {
  const call = askedIn(asMethodCall(node, "detach")?.object);
  if (!call || (call.args.length === 0 && !call.hasSplat)) return undefined;
  const callee = modelIn(call);
  if ((callee.kind !== "identifier" && callee.kind !== "attribute") || facts.nameOf(callee) !== undefined)
    return undefined;
  const { typed, isModel } = typeOfCallee(callee, facts);
  if (typed ? !isModel : !NETWORKS.test(lastName(callee)) || !isHeld(callee, facts)) return undefined;
  const around = functionAround(node);
  const def = asFunction(around);
  if (around && !def) return undefined;
  if (facts.view.attributesOf("set_grad_enabled").length > 0 || isFree(node, facts)) return undefined;
  if (def && (def.decorators.some(speaksOf) || isCalledFree(def, facts, CALLERS))) return undefined;
  if (def && (isTestCase(def) || isAbout(/requires_grad|freeze|frozen/, [def.body]))) return undefined;
  // The function as a whole is told about already.
  if (def && inferenceIn(def, facts)) return undefined;
  return {
    at: call.callee,
    evidence: typed?.evidence ?? "strong",
    weight: weightOfCall(node, facts),
    model: undefined,
  };
}

/** The call whose answer an expression reads: `net(x)` of `net(x)[0].max(1).values`. */
function askedIn(value: Node | undefined): Call | undefined {
  let at = value && unwrap(value);
  for (let steps = 0; at && steps < 8; steps++) {
    const method = asMethodCall(at);
    const isPassing = method !== undefined && (PASSING.has(method.method) || method.method === "softmax");
    const inner = (isPassing ? method : undefined)?.object ?? asSubscript(at)?.value ?? asAttribute(at)?.object;
    if (!inner) return asCall(at);
    at = unwrap(inner);
  }
  return undefined;
}

/** What networks are called, those of reinforcement learning and of GANs included. */
const NETWORKS =
  /(^|_)(model|net|network|backbone|encoder|decoder|classifier|detector|actor|critic|policy|teacher|generator|discriminator)(_|\d|$)|(model|net|network)$|^net[A-Z]?$/i;

/** A name or an own attribute that is no function, class or import: it holds something that is called. */
function isHeld(callee: Node, facts: Facts): boolean {
  const place = facts.placeOf(callee);
  const attribute = asAttribute(callee);
  // Somebody sets it from outside too.
  if (attribute && !place)
    return facts.view.attributesOf(attribute.name).some((it) => {
      facts.view.looksInto(it.tree);
      return it.text === callee.text && isStored(it);
    });
  const writes = place?.writes ?? facts.writesOf(callee);
  return writes.length > 0 && !writes.some((it) => ["import", "function", "class"].includes(it.kind));
}

/** The statement alone, where it does nothing but keep what is cut off. */
function wrapStatement(at: Node, evidence: Evidence, file: File): Fix | Declined {
  const statement = statementOf(at);
  const value =
    asAssignment(statement)?.value ?? (statement.kind === "return_statement" ? statement.children[0] : undefined);
  if (!value || !isChainOf(value, at))
    return declined("the statement computes more than what is cut off, and the call needs a line of its own");
  if (!startsLine(statement)) return declined("the statements share a line");
  const torch = importModule(file, "torch", at);
  const indent = indentOf(statement);
  const [head, ...rest] = indentLines(statement, indentUnit(statement, file.facts));
  if (!torch || !head) return declined("`torch` means something else here");
  return fixOf(
    "Call it under no_grad",
    [
      "code in the model that asks for gradients gets none",
      evidence !== "proof" && `\`${excerpt(at.text, 30)}\` must be a PyTorch model`,
    ],
    [...torch.edits, { at: head.at, text: `${indent}with ${torch.name}.no_grad():\n${head.text}` }, ...rest],
  );
}

/** Methods, attributes and items of what the model answers, and nothing beside. */
function isChainOf(value: Node, callee: Node): boolean {
  let at: Node | undefined = unwrap(value);
  for (let steps = 0; at && steps < 12; steps++) {
    const call = asCall(at);
    if (call && call.callee.start === callee.start && call.callee.end === callee.end) return true;
    const inner: Node | undefined = asMethodCall(at)?.object ?? asSubscript(at)?.value ?? asAttribute(at)?.object;
    at = inner && unwrap(inner);
  }
  return false;
}

interface ModelCall {
  readonly call: Node;
  readonly evidence: Evidence;
  /** The model is put into evaluation mode here, or where it is made. */
  readonly isEvaluated: boolean;
  /** The block in which the model answers: that of the `eval()` before it, or the function's body. */
  readonly region: Node;
  /** Where in the region the evaluation mode begins and ends. */
  readonly from: number;
  readonly to: number;
}

/** A call of what is a model by its type, by an `eval()`, by where it came from, or by its name and what is done with it. */
function modelCall(call: Node, switches: readonly MethodCall[], def: FunctionDef, facts: Facts): ModelCall | undefined {
  const asked = asCall(call);
  const callee = asked && modelIn(asked);
  if (!callee || (callee.kind !== "identifier" && callee.kind !== "attribute")) return undefined;
  if (functionAround(call) !== def.node) return undefined;
  const mode = evaluationAround(call, callee, switches);
  const isLikely = mode !== undefined || /model|net|backbone|encoder|classifier|detector/i.test(callee.text);
  // Most calls are methods of something else.
  if (!isLikely && callee.kind === "attribute" && !/^(self|cls)$/.test(asAttribute(callee)!.object.text))
    return undefined;
  if (facts.nameOf(callee) !== undefined) return undefined;
  const { typed, isModel } = typeOfCallee(callee, facts);
  if (typed && !isModel) return undefined;
  const use = useOf(call).kind;
  if (use === "discarded") return undefined;
  const whole = { call, region: def.body, from: def.body.start, to: def.body.end };
  // A class or function of the file or of another one is no model that can be switched.
  const place = isLikely || isModel ? facts.placeOf(callee) : undefined;
  if (place?.writes.some((it) => ["import", "function", "class"].includes(it.kind))) return undefined;
  // `self.trainer.model` is no place of this object; that it is switched here says enough.
  if (!isModel && !place && !(mode && callee.kind === "attribute")) return undefined;
  const stated = typed?.evidence ?? "strong";
  if (mode) return { call, evidence: stated, isEvaluated: true, ...mode };
  if (place && isMadeForInference(callee, place, facts)) return { ...whole, evidence: stated, isEvaluated: true };
  if (isModel) return { ...whole, evidence: stated, isEvaluated: false };
  return facts.takenFor(callee, "module") ? { ...whole, evidence: "fair", isEvaluated: false } : undefined;
}

/** `model.eval()` above the call, in its block or one around it, with no `model.train()` between them. */
function evaluationAround(
  call: Node,
  callee: Node,
  all: readonly MethodCall[],
): Pick<ModelCall, "region" | "from" | "to"> | undefined {
  const switches = all.filter((it) => it.object.text === callee.text);
  const isOff = (it: MethodCall) => it.method === "eval" || it.args[0]?.kind === "false";
  const last = switches.filter((it) => it.node.end <= call.start && call.isInside(blockOf(it.node))).at(-1);
  if (!last || !isOff(last)) return undefined;
  const region = blockOf(last.node);
  const next = switches.find((it) => it.node.start > call.end && !isOff(it) && it.node.isInside(region));
  return {
    region,
    from: statementOf(last.node).end,
    to: next ? statementsOf(region).find((it) => next.node.isInside(it))!.start : region.end,
  };
}

const blockOf = (node: Node): Node => statementOf(node).parent!;

function statementsIn(region: Node, { from, to }: ModelCall): readonly Node[] {
  return statementsOf(region).filter((it) => it.start >= from && it.end <= to);
}

/** An attribute that the class puts into evaluation mode and never trains, or a model that was loaded ready for use. */
function isMadeForInference(callee: Node, place: Place, facts: Facts): boolean {
  if (callee.kind === "identifier" && facts.bindingOf(callee)?.scope.kind === "module")
    return isSwitchedInModule(callee, facts);
  const isLoaded =
    place.writes.some((it) => it.value?.kind !== "none") &&
    place.writes.every((it) => it.value?.kind === "none" || isLoadedAt(it, facts));
  const isSwitched = place.kind === "attribute" && place.uses.some((it) => it.kind === "method" && it.name === "eval");
  if ((!isLoaded && !isSwitched) || place.writes.some(isStripped)) return false;
  const owner = place.owner;
  if (!owner) return true;
  return !owner.methods.some(
    (it) => it.def.name !== asFunction(functionAround(callee))?.name && isAbout(GRADIENTS, [facts.bodyOf(it.def)]),
  );
}

/** `model = Tagger(); model.eval()` at the top level of a file that trains nothing. */
function isSwitchedInModule(name: Node, facts: Facts): boolean {
  const isLoaded = facts.writesOf(name).some((it) => it.value !== undefined && isLoadedModel(it.value, facts));
  const switches = facts.readsOf(name).flatMap((it) => {
    facts.view.looksInto(it.tree);
    return asMethodCall(it.parent?.parent, "eval", "train") ?? [];
  });
  return (
    (isLoaded || switches.some((it) => it.method === "eval" && it.args.length === 0 && !functionAround(it.node))) &&
    !switches.some((it) => it.method === "train") &&
    facts.view.attributesOf("backward").length === 0
  );
}

/** What is unpacked of an expression, or all of it. */
const isLoadedAt = ({ value, path }: Site, facts: Facts, depth = 0): boolean =>
  value !== undefined && isLoadedModel(value, facts, path, depth);

/** Weights of YOLOv5 are saved as such that need no gradient, and its wrapper switches them off itself. */
const isStripped = ({ value }: Site): boolean =>
  /\battempt_load\b|\bDetectMultiBackend\b|yolov5/.test(value?.text ?? "");

/** How many functions and names are followed to where a model comes from. */
const ORIGINS = 4;

/** `AutoModel.from_pretrained(name).to(device).eval()`, a name for it, and what a function of the file gives back of it. */
function isLoadedModel(value: Node, facts: Facts, path: readonly number[] = [], depth = 0): boolean {
  if (depth > ORIGINS) return false;
  let at = path.length > 0 ? (itemAt(unwrap(value), path) ?? unwrap(value)) : unwrap(value);
  const rest = path.length > 0 && at === unwrap(value) ? path : [];
  for (let steps = 0; steps < 6; steps++) {
    const call = asCall(at);
    if (!call) break;
    if (rest.length === 0 && PRETRAINED.test(facts.nameOf(call.callee) ?? "")) return true;
    const made = definitionCalled(call.callee, facts);
    if (made) return givesLoaded(made, rest, facts, depth + 1);
    const method = rest.length === 0 ? asMethodCall(at) : undefined;
    if (!method) return false;
    if (method.method === "eval" && method.args.length === 0) return true;
    at = unwrap(method.object);
  }
  return rest.length === 0 && at.kind === "identifier" && isLoadedName(at, facts, depth + 1);
}

/** `model.eval()` somewhere in the function that has the name, and `model.train()` nowhere. */
function isLoadedName(name: Node, facts: Facts, depth: number): boolean {
  const writes = facts.writesOf(name);
  if (facts.bindingOf(name)?.scope.kind !== "function" || writes.some((it) => !ASSIGNED.has(it.kind) || isStripped(it)))
    return false;
  const switches = facts.readsOf(name).flatMap((it) => asMethodCall(it.parent?.parent, "eval", "train") ?? []);
  if (switches.some((it) => it.method === "train" && it.args[0]?.kind !== "false")) return false;
  return (
    switches.some((it) => it.method === "eval" && it.args.length === 0) ||
    (writes.length > 0 && writes.every((it) => isLoadedAt(it, facts, depth)))
  );
}

const ASSIGNED: ReadonlySet<Site["kind"]> = new Set<Site["kind"]>(["assign", "annotate"]);

function givesLoaded({ node, body }: FunctionDef, path: readonly number[], facts: Facts, depth: number): boolean {
  const returns = body.descendants("return_statement").filter((it) => functionAround(it) === node);
  const values = returns.flatMap((it) => it.children[0] ?? []).filter((it) => it.kind !== "none");
  return (
    values.length > 0 &&
    values.length === returns.filter((it) => it.children[0]?.kind !== "none").length &&
    values.every((it) => isLoadedModel(it, facts, path, depth))
  );
}

/** How sure it is that nobody goes back through the graph; undefined where it is not. */
function evidenceOf(
  { evidence, isEvaluated, region }: ModelCall,
  { isReturned, isPassed, answers, isCut }: Findings,
  isNamed: boolean,
  isOwn: boolean,
  { body }: FunctionDef,
): Evidence | undefined {
  const leaves = isReturned || isPassed;
  if (isEvaluated) {
    // `forward` may call it, where another class of this project is the base; an evaluation that a trainer asks for is none of its parts.
    if (isOwn && (isReturned || (isPassed && !isNamed))) return undefined;
    // Scores that are returned from the midst of a longer function may be trained on.
    if (isReturned) return isNamed ? evidence : region === body && answers ? "fair" : undefined;
    // Where nothing leaves, nothing can be trained on it: a loss that is added up and printed.
    return isNamed || answers ? evidence : "fair";
  }
  // What leaves with its graph may be trained on elsewhere, unless the function itself puts the model into evaluation mode.
  if (leaves) return undefined;
  return evidence === "fair"
    ? (isNamed && answers) || isCut
      ? evidence
      : undefined
    : isNamed || answers
      ? evidence
      : undefined;
}

const weaker = (a: Evidence, b: Evidence): Evidence => (a === "fair" || b === "fair" ? "fair" : a === "strong" ? a : b);

const isAbout = (subject: RegExp, nodes: readonly Node[]): boolean =>
  nodes.some((it) => it.descendants("identifier").some((name) => subject.test(name.text)));

/** A method of a module, whose `forward` may call it in training; unknown for one of a class with a base that is not known. */
function ownership(def: FunctionDef, facts: Facts): Answer {
  const owner = facts.classOf(def.node);
  if (!owner) return "no";
  const bases = facts.basesOf(owner);
  if (bases.some((it) => typeof it === "string" && /Module$|^torch\.nn\./.test(it))) return "yes";
  return bases.includes(undefined) ||
    owner.def.bases.some((it) => /(Module|Model|Layer|Net|Algorithm|Trainer)$/.test(it.text))
    ? "unknown"
    : "no";
}

/** `forward` of a class without bases is no part of a network. */
const isOfNoModule = (def: FunctionDef, facts: Facts): boolean =>
  def.name === "forward" && facts.classOf(def.node)?.def.bases.length === 0;

/** How many callers of callers are looked at. */
const CALLERS = 3;
const MOST_READS = 40;
const MOST_VALUES = 200;

/** Nothing is recorded in it: by a block or decorator around it, or around a place of this file where somebody calls it; or in the whole file. */
function runsWithoutGraph(def: FunctionDef, models: readonly ModelCall[], facts: Facts): boolean {
  const switches = facts.view.attributesOf("set_grad_enabled");
  return (
    switches.length > 0 ||
    models.some((it) => isFree(it.call, facts)) ||
    def.decorators.some(speaksOf) ||
    isCalledFree(def, facts, CALLERS)
  );
}

const speaksOf = (it: Node): boolean => GRADIENTS.test(it.text);

/** `ctx = torch.no_grad()`, and what a name from elsewhere may hold. */
const isFree = (node: Node, facts: Facts): boolean =>
  contextsAround(node).some((it) => {
    if (speaksOf(it)) return true;
    if (it.kind !== "identifier" && it.kind !== "attribute") return false;
    const writes = facts.placeOf(it)?.writes ?? facts.writesOf(it);
    return writes.length === 0 || writes.some(({ value }) => !value || speaksOf(value));
  });

function isCalledFree(def: FunctionDef, facts: Facts, depth: number): boolean {
  const reads = facts.classOf(def.node) ? facts.view.attributesOf(def.name) : facts.readsOf(def.nameNode);
  return reads.slice(0, MOST_READS).some((read) => {
    facts.view.looksInto(read.tree);
    if (isFree(read, facts)) return true;
    const caller = depth > 1 ? asFunction(functionAround(read)) : undefined;
    return caller !== undefined && caller.node !== def.node && isCalledFree(caller, facts, depth - 1);
  });
}

/** `self.model = load().requires_grad_(False)`: there is nothing to record. */
function isFrozen({ call }: ModelCall, def: FunctionDef, facts: Facts): boolean {
  const callee = modelIn(asCall(call)!);
  if (isAbout(/requires_grad|freeze|frozen/, [def.body])) return true;
  if (!asAttribute(callee)) return isFrozenName(callee, facts);
  const owner = facts.classOf(def.node);
  return owner?.methods.some((it) => isAbout(/requires_grad|freeze|frozen/, [facts.bodyOf(it.def)])) ?? false;
}

/** `for weight in net.parameters(): weight.requires_grad = False`, `net.requires_grad_(False)`, `freeze(net)` */
function isFrozenHere(callee: Node, def: FunctionDef | undefined, facts: Facts): boolean {
  if (isFrozenName(callee, facts)) return true;
  const name = lastName(callee);
  const { view } = facts;
  const inFile = ["requires_grad", "requires_grad_", "freeze"].flatMap((it) => view.attributesOf(it));
  const inFunction = def?.body.descendants("identifier").filter((it) => /freeze|frozen/.test(it.text)) ?? [];
  return [...inFile, ...inFunction].some((it) => {
    view.looksInto(it.tree);
    return (
      statementOf(it).text.includes(name) ||
      (it.ancestor("for_statement")?.field("right")?.text.includes(name) ?? false)
    );
  });
}

const isFrozenName = (callee: Node, facts: Facts): boolean =>
  facts.writesOf(callee).some((it) => it.value && /requires_grad|freeze/.test(it.value.text));

interface Findings {
  isReturned: boolean;
  /** Kept or given to somebody whose work is not known. */
  isPassed: boolean;
  answers: boolean;
  /** Cut off from its graph: what comes of it is never trained on. */
  isCut: boolean;
}

/** Follows a value that carries a graph through its function: does it leave, and is it turned into an answer? */
function follow(value: Node, facts: Facts, found: Findings, seen: Set<Node>): void {
  if (seen.has(value)) return;
  seen.add(value);
  if (seen.size > MOST_VALUES) {
    found.isPassed = true;
    return;
  }
  const use = useOf(value);
  const next = goesOn(use, facts, found);
  if (next === "ends") return;
  if (next === "leaves") found[["returned", "yielded"].includes(use.kind) ? "isReturned" : "isPassed"] = true;
  else for (const it of next) follow(it, facts, found, seen);
}

function goesOn(use: Use, facts: Facts, found: Findings): readonly Node[] | "ends" | "leaves" {
  const through = (name: string): readonly Node[] | "ends" | "leaves" => {
    if (ANSWERS.has(name)) found.answers = true;
    if (name === "item") found.answers = true;
    if (name === "detach") found.isCut = true;
    if (ENDING.has(name) || (ANSWERS.has(name) && name !== "softmax")) return "ends";
    return name === "softmax" || PASSING.has(name) ? [use.in] : "leaves";
  };
  switch (use.kind) {
    case "method":
      return through(use.name ?? "");
    case "attribute":
      // `.data` is the old way out of the graph.
      if (use.name === "data") found.answers = found.isCut = true;
      return PLAIN_ATTRIBUTES.has(use.name ?? "") || use.name === "data" ? "ends" : [use.in];
    case "subscript":
      return [use.in];
    // `torch.cat((found, scores))`
    case "element": {
      const joined = use.in.parent?.kind === "argument_list" ? use.in.parent.parent : undefined;
      const name = facts.nameOf(asCall(joined)?.callee ?? use.in) ?? "";
      return joined && /^torch\.(cat|concat|stack|hstack|vstack)$/.test(name) ? [joined] : "leaves";
    }
    case "augmented":
      return readsAfter(use.node, use.in, facts);
    case "iterated": {
      if (use.in.kind === "for_in_clause") return readsAfter(use.in.field("left"), use.in, facts);
      const { target, iterable } = asFor(use.in) ?? {};
      return iterable === wrapped(use.node) ? readsAfter(target, use.in, facts) : "leaves";
    }
    case "returned":
      return returnedTo(use.node, facts);
    case "operand":
      return use.in.kind === "augmented_assignment" ? readsAfter(use.in.field("left"), use.in, facts) : [use.in];
    case "compared":
    case "tested":
    case "formatted":
    case "membership":
    case "discarded":
      return "ends";
    case "argument": {
      const callee = asCall(use.call)!.callee;
      const name = facts.nameOf(callee) ?? "";
      if (NUMBERS.has(name)) return "ends";
      // TensorBoard reads numbers and pictures.
      if (/^add_(scalars?|images?|histogram)$/.test(lastName(callee))) return "ends";
      if (/^(eq|ne|gt|ge|lt|le|type_as|view_as|expand_as|reshape_as)$/.test(asAttribute(callee)?.name ?? ""))
        return "ends";
      // A measure keeps sums and counts.
      if (METRIC_STEPS.test(lastName(callee)) && METRICS.test(lastName(asAttribute(callee)?.object ?? callee))) {
        found.answers = true;
        return "ends";
      }
      if (ACTIVATIONS.test(lastName(callee))) return [use.in];
      if (PICTURES.has(name)) {
        found.answers = true;
        return "ends";
      }
      if (lastName(callee) === "format" && asAttribute(callee)?.object.kind === "string") return "ends";
      // Steps of a search over tokens carry no graph.
      if (
        /^(beam|greedy)_(search|decode)$|^generate$/.test(lastName(callee)) &&
        NETWORKS.test(lastName(asAttribute(callee)?.object ?? callee))
      ) {
        found.answers = true;
        return "ends";
      }
      if (/^torch\.(autograd|func)\b(?!\.Variable)/.test(name)) return "leaves";
      if (name.startsWith("torch.")) {
        const last = name.slice(name.lastIndexOf(".") + 1);
        return ANSWERS.has(last) || ENDING.has(last) ? through(last) : [use.in];
      }
      return modelIn(asCall(use.call)!) !== callee ||
        isModelOfLibrary(callee, facts) ||
        facts.isA(callee, "torch.nn.Module", "fair") ||
        LOSSES.test(lastName(callee))
        ? [use.in]
        : "leaves";
    }
    case "assigned": {
      const targets = asAssignment(use.in)?.targets;
      const reads = (targets ?? []).map((it) => readsAfter(it, use.in, facts));
      return !targets || reads.includes("leaves") ? "leaves" : (reads.flat() as readonly Node[]);
    }
    default:
      return "leaves";
  }
}

/** Where the answer of a function inside another one arrives: the calls, if it is only called. */
function returnedTo(value: Node, facts: Facts): readonly Node[] | "leaves" {
  const def = asFunction(functionAround(value));
  if (!def || def.decorators.length > 0 || !functionAround(def.node) || facts.classOf(def.node)) return "leaves";
  const calls = facts.readsOf(def.nameNode).map((it) => useOf(it));
  return calls.every((it) => it.kind === "call") ? calls.map((it) => it.in) : "leaves";
}

/** The reads that may see what a statement put into its target. */
function readsAfter(target: Node | undefined, statement: Node, facts: Facts): readonly Node[] | "leaves" {
  const isLoop = statement.kind === "for_statement";
  const names = target?.kind === "identifier" ? [target] : target?.kind === "pattern_list" ? target.children : [];
  if (names.length === 0 || names.some((it) => it.kind !== "identifier")) return "leaves";
  return names.flatMap((name) =>
    facts.readsSeeing(name).filter((read) => isLoop || !wrapped(read).isInside(statement)),
  );
}

/** From the statement with the first model call to the end of the function or of the evaluation, so that every name stays where it is read. */
function wrap(model: ModelCall, evidence: Evidence, file: File): Fix | Declined {
  const { call, region } = model;
  const statements = statementsIn(region, model);
  const start = statements.find((it) => call.isInside(it));
  const last = statements.at(-1);
  if (!start || !last || !startsLine(start)) return declined("the statements share a line");
  if (statements.some((it) => it.end > start.start && it.descendants("yield").length > 0))
    return declined("a with block in a generator would reach into its caller");
  const torch = importModule(file, "torch", call);
  const manager = managerFor(file);
  const indent = indentOf(start);
  const [head, ...rest] = indentLines(
    { tree: start.tree, start: start.start, end: last.end },
    indentUnit(start, file.facts),
  );
  if (!torch || !head) return declined("`torch` means something else here");
  return fixOf(
    `Run it under ${manager}`,
    [
      manager === "no_grad"
        ? "answers that are kept cannot be trained on later"
        : "tensors created there cannot be used for training later",
      evidence !== "proof" && `\`${excerpt(asCall(call)!.callee.text, 30)}\` must be a PyTorch model`,
    ],
    [...torch.edits, { at: head.at, text: `${indent}with ${torch.name}.${manager}():\n${head.text}` }, ...rest],
  );
}
