/** `torch.load(path)` where PyTorch still unpickles whatever the file holds. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  hasComments,
  functionAround,
  lastName,
  statementOf,
  textValue,
  unwrap,
  useOf,
  withArgument,
  wrapped,
  type Call,
  type Facts,
  type Node,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

const LOAD = "torch.load";
/** These download a file, and hand `weights_only=False` on to this day; it is their seventh parameter. */
const DOWNLOADS = ["torch.hub.load_state_dict_from_url", "torch.utils.model_zoo.load_url"];
const SEVENTH = 6;
/** What only a whole model is asked for. */
const OF_MODELS =
  /^(?:eval|train|parameters|named_parameters|modules|children|state_dict|load_state_dict|forward|generate|predict)$/;
/** What a model and a tensor are asked for. */
const OF_BOTH = /^(?:to|cuda|cpu|half|float|requires_grad_)$/;
const OF_TENSORS =
  /^(?:shape|dtype|ndim|size|numel|numpy|view|reshape|unsqueeze|squeeze|permute|clone|detach|copy_|mean|sum|T|tolist|dim)$/;
/** Attributes of tensors: an entry that is asked for others is an object of another class. */
const OF_PLAIN = /^(?:shape|dtype|ndim|size|device|data|grad|is_cuda|requires_grad|real|imag|T|mT)$/;
/** Entries that are often numbers of NumPy: a score that metrics gave. */
const SCORES =
  /(?:^|_)(?:best|loss|losses|err|error|errors|score|scores|acc|accuracy|metric|metrics|auc|f1|iou|miou|map|psnr|ssim|mse|mae|rmse|reward|rewards|history|stats|results?)(?:_|\d|$)/i;
/** Entries that are often objects of a class, or hold some. */
const SETTINGS = /(?:^|_)(?:args|config|cfg|conf|hparams|hyper_?param\w*|options|opts|settings|vocab|tokenizer)$/i;
/** What weights, counts and their like are called. */
const WEIGHTS =
  /(?:^|_)(?:state|states|state_?dict|dict|model|net|network|weights?|params|parameters|optim\w*|scheduler|sched|scaler|ema|epochs?|steps?|iter\w*|index|count)(?:_|\d|$)/i;
const MODEL_NAME = /^_?(model|net|network|module|policy|agent|encoder|decoder|generator|discriminator)$/i;

export default defineRule({
  title: "File of PyTorch loaded with full pickle",
  why: "Without weights_only=True, PyTorch before 2.6 unpickles a file whole, and a pickle can run any code while it is read; the functions of torch.hub that download weights still do. With weights_only=True only tensors, numbers, texts and plain containers are read; PyTorch 2.6 closed a hole in that too.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  overrides: ["iteration/repeated-pure-call"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def restore(model: nn.Module, path: str) -> None:
    model.load_state_dict(torch.load(path, map_location="cpu"))
`,
      after: `
import torch
from torch import nn

def restore(model: nn.Module, path: str) -> None:
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
`,
    },
  ],

  on: ["call"],
  calls: [LOAD, ...DOWNLOADS],

  find(node, { facts }) {
    const call = asCall(node);
    const name = call && facts.nameOf(call.callee);
    if (!call || name === undefined || facts.isTest || call.hasSplat) return undefined;
    // Whoever brings an unpickler decides what it may load.
    if (call.keywords.has("pickle_module")) return undefined;
    const chosen = call.keywords.get("weights_only");
    if (chosen) return chosen.kind === "false" ? chosenAway(call, chosen, facts) : undefined;
    const downloads = DOWNLOADS.includes(name);
    if (downloads ? call.args.length > SEVENTH : call.args.length > 2) return undefined;
    const isNew = facts.hasLibrary("torch", "2.6");
    if (!downloads && (isNew === "yes" || isOwnFile(call.args[0], facts))) return undefined;
    if (isAlternative(node) || facts.foreignStores().has("load")) return undefined;
    const isOwn = !downloads && isSavedHere(call.args[0], facts);
    // What is locked or pinned is safe; an older version is only allowed as well.
    const isOld = isNew === "no" && !facts.mayHaveLibrary("torch", "2.6");
    const isSafeHere = !downloads && isNew === "no" && !isOld && facts.library("torch") !== undefined;
    // Before 1.13 there is no other way.
    const hasNoOther = facts.hasLibrary("torch", "1.13") === "no" && !facts.mayHaveLibrary("torch", "1.13");
    const isWhole = !downloads && holdsModel(usesWithEntries(node, facts));
    // A whole model needs it: what has to change is how it was saved.
    const weight: Weight =
      isOwn || isSafeHere || hasNoOther || isWhole ? "light" : downloads || isNew === "no" ? "heavy" : "unknown";
    // Bytes that are in memory come from somewhere else in the program.
    const isInMemory = /\bBytesIO\(/.test(
      (facts.valueOf(call.args[0] ?? call.callee) ?? call.args[0])?.text.slice(0, 60) ?? "",
    );
    const doubtful = doubtfulEntry(node, facts);
    const evidence = isInMemory || doubtful !== undefined ? ("fair" as const) : ("proof" as const);
    return { at: call.callee, evidence, weight, call, downloads, isOld, chosen, doubtful, isWhole };
  },

  message({ at, downloads, isOld, chosen, doubtful, isWhole }) {
    if (chosen)
      return `\`weights_only=False\` runs whatever code the file holds; a file of weights and plain containers loads without it, and only files of your own need it.`;
    if (downloads)
      return `\`${at.text}\` downloads a pickle and runs whatever code it holds; \`weights_only=True\` reads the weights alone.`;
    const shown = `${isOld ? "" : "Before PyTorch 2.6 "}\`${excerpt(at.text, 40)}\` runs whatever code the file holds`;
    if (isWhole)
      return `${shown}, as a whole model needs; a file of its \`state_dict\` loads with \`weights_only=True\`.`;
    return doubtful === undefined
      ? `${shown}; \`weights_only=True\` reads tensors and plain containers alone.`
      : `${shown}; \`weights_only=True\` does not, but may refuse \`${excerpt(doubtful, 30)}\`, if that is a NumPy number or an object.`;
  },

  fix({ call, downloads, chosen, doubtful }, { facts }) {
    if (chosen) return declined("somebody has chosen it, perhaps because the file holds objects of other classes");
    if (facts.hasLibrary("torch", downloads ? "2.3" : "1.13") === "no")
      return declined("the project supports versions of PyTorch that do not know weights_only");
    const obstacle = obstacleIn(call.node, facts);
    if (obstacle) return declined(obstacle);
    const added = withArgument(call, "weights_only=True");
    if (!added) return declined("the arguments cannot be added to");
    return fixOf(
      "Load tensors and plain containers only",
      [
        doubtful === undefined
          ? "it fails if the file holds objects of other classes"
          : `\`${excerpt(doubtful, 20)}\` may be a NumPy number or an object: then it fails without torch.serialization.safe_globals`,
      ],
      [added],
    );
  },
});

/** Said as a hint: whoever wrote it knew that the file needs it, or only wanted a warning to go away. */
function chosenAway(call: Call, chosen: Node, facts: Facts) {
  const [file] = call.args;
  const isKnown = isOwnFile(file, facts) || isSavedHere(file, facts) || isAlternative(call.node);
  if (isKnown || facts.foreignStores().has("load") || isExplained(chosen)) return undefined;
  return {
    at: chosen.parent ?? chosen,
    evidence: "proof",
    weight: "light",
    call,
    downloads: false,
    isOld: false,
    chosen,
    doubtful: undefined,
    isWhole: false,
  } as const;
}

/** A comment on the line or above it says why. */
function isExplained(node: Node): boolean {
  const statement = statementOf(node);
  const { text } = statement.tree;
  const above = text.slice(Math.max(0, statement.start - 200), statement.start);
  return (
    hasComments(statement) ||
    /#[^\n#]*\n\s*$/.test(above) ||
    /^[^\n]*#/.test(text.slice(statement.end, statement.end + 200))
  );
}

/** The same code writes the file, as a cache for itself. */
function isSavedHere(file: Node | undefined, facts: Facts): boolean {
  const around = file && (functionAround(file) ?? file.tree.root);
  return (
    around !== undefined && facts.callsTo("torch.save", around).some((it) => asCall(it)?.args[1]?.text === file!.text)
  );
}

/** Read back from memory: `torch.save(x, buffer)` in the same function wrote it. */
function isOwnFile(file: Node | undefined, facts: Facts): boolean {
  const around = file && (functionAround(file) ?? file.tree.root);
  return (
    file?.kind === "identifier" &&
    asCall(facts.valueOf(file))?.callee.text.endsWith("BytesIO") === true &&
    facts.callsTo("torch.save", around!).some((it) => asCall(it)?.args[1]?.text === file.text)
  );
}

/** One way of two, of which the other says `weights_only`: for versions that do not know it, or for files that it refuses. */
function isAlternative(node: Node): boolean {
  const own = node.text.split("weights_only").length;
  for (let at = node.parent; at && at.kind !== "function_definition"; at = at.parent) {
    if (!["if_statement", "try_statement", "conditional_expression"].includes(at.kind)) continue;
    // What this call says itself is no second way.
    if (at.text.split("weights_only").length > own || (own > 1 && loadsAgain(node, at))) return true;
  }
  return false;
}

/** The same is loaded in another way beside it. */
const loadsAgain = (node: Node, around: Node): boolean =>
  around.descendants("call").some((it) => it !== node && asCall(it)?.callee.text === asCall(node)!.callee.text);

/** What is done with the value at once, or by way of the name it is given. */
function usesOf(loaded: Node, facts: Facts): readonly Use[] {
  const use = useOf(wrapped(loaded));
  const [target, more] = use.kind === "assigned" ? (asAssignment(statementOf(loaded))?.targets ?? []) : [];
  if (!target || more) return [use];
  return [
    use,
    ...(target.kind === "identifier" ? facts.readsSeeing(target).map(useOf) : (facts.placeOf(target)?.uses ?? [])),
  ];
}

interface Uses {
  readonly uses: readonly Use[];
  /** Of what is taken out of it. */
  readonly entries: readonly Use[];
}

function usesWithEntries(loaded: Node, facts: Facts): Uses {
  const uses = usesOf(loaded, facts);
  return { uses, entries: uses.filter((it) => it.kind === "subscript").flatMap((it) => usesOf(it.in, facts)) };
}

/** The file seems to hold a whole model, or has one among its entries. */
function holdsModel({ uses, entries }: Uses): boolean {
  const mayBeModel = !uses.some(isOfTensor);
  return [...uses, ...entries].some(isOfModel) || uses.some((it) => isNamedModel(it) || (mayBeModel && isOfEither(it)));
}

/** What the file holds that `weights_only=True` refuses, told by what is done with it and with its entries. */
function obstacleIn(loaded: Node, facts: Facts): string | undefined {
  const { uses, entries } = usesWithEntries(loaded, facts);
  const all = [...uses, ...entries];
  if (holdsModel({ uses, entries }))
    return "the file seems to hold a whole model, which weights_only=True refuses; save its state_dict instead";
  if (all.some((it) => isOfArray(it, facts)))
    return "the file holds arrays of NumPy, which weights_only=True refuses; save tensors instead";
  const owned = entries.find((it) => it.kind === "attribute-store" || (it.kind === "attribute" && !isPlain(it)));
  return owned && `something in the file has \`.${owned.name}\`: an object of a class, which weights_only=True refuses`;
}

/** The name of an entry that is read, and may be what `weights_only=True` refuses. */
function doubtfulEntry(loaded: Node, facts: Facts): string | undefined {
  for (const use of usesOf(loaded, facts)) {
    const key = entryNamed(use);
    if (key === undefined || WEIGHTS.test(key.replace(/^best_/, "")) || !(SCORES.test(key) || SETTINGS.test(key)))
      continue;
    const entry = use.kind === "subscript" ? use.in : use.call!;
    if (isTakenAsWeights(entry, facts) || facts.ofFile(IS_SAVED_PLAIN, key)) continue;
    return key;
  }
  return undefined;
}

/** `checkpoint["loss"]`, `checkpoint.get("loss")` */
function entryNamed(use: Use): string | undefined {
  if (use.kind === "subscript") return textValue(asSubscript(use.in)?.indices[0]);
  return use.kind === "method" && use.name === "get" ? textValue(asCall(use.call)?.args[0]) : undefined;
}

/** It is loaded into a model, or is worked with as a tensor. */
const isTakenAsWeights = (entry: Node, facts: Facts): boolean =>
  usesOf(entry, facts).some(
    (it) => isOfTensor(it) || (it.kind === "argument" && /(?:^|[._])load_(?:state_dict|weights)$/.test(calleeOf(it))),
  );

/** The file itself saves a plain number, text or state under this name: `"loss": float(loss)`. */
const IS_SAVED_PLAIN = fileQuestion((facts, key) => {
  const saved = facts.view.attributesOf("save").flatMap((it) => {
    const call = asCall(it.parent);
    const what = call?.callee === it && facts.nameOf(it) === "torch.save" ? call.args[0] : undefined;
    const held = what && unwrap(facts.valueOf(what) ?? what);
    return (held?.children ?? []).filter((pair) => pair.kind === "pair" && textValue(pair.field("key")) === key);
  });
  return saved.length > 0 && saved.every((it) => isPlainValue(unwrap(it.field("value")!), facts));
});

function isPlainValue(value: Node, facts: Facts): boolean {
  const type = facts.typeOf(value)?.name;
  if (type !== undefined) return /^(?:int|float|str|bool|torch\.Tensor)$/.test(type);
  if (/^(?:float|int|str|bool|vars)$/.test(asCall(value)?.callee.text ?? "")) return true;
  return /^(?:item|tolist|state_dict|cpu|detach)$/.test(asMethodCall(value)?.method ?? "");
}

/** The methods that are called on the value one after the other, and what is done with what the last one gives. */
function chainOf(use: Use): { readonly methods: readonly string[]; readonly last: Use } {
  const methods: string[] = [];
  let last = use;
  while (last.kind === "method" && last.call) {
    methods.push(last.name ?? "");
    last = useOf(wrapped(last.call));
  }
  return { methods, last };
}

function isOfModel(use: Use): boolean {
  return use.kind === "call" || chainOf(use).methods.some((it) => OF_MODELS.test(it));
}

function isOfEither(use: Use): boolean {
  return use.kind === "method" && OF_BOTH.test(use.name ?? "");
}

/** Computed with, or put where a tensor is held. */
function isOfTensor(use: Use): boolean {
  if (OF_TENSORS.test(use.name ?? "") && use.kind !== "argument") return true;
  const { methods, last } = chainOf(use);
  if (methods.some((it) => OF_TENSORS.test(it))) return true;
  if (methods.length === 0) return false;
  if (last.kind === "assigned")
    return /\.(?:data|weight|bias)$/.test(asAssignment(statementOf(last.node))?.targets[0]?.text ?? "");
  return last.kind === "operand" || (last.kind === "argument" && /^(?:torch|F|nn)\./.test(calleeOf(last)));
}

function isOfArray(use: Use, facts: Facts): boolean {
  if (use.kind === "argument") return facts.nameOf(use.call!.field("function")!) === "torch.from_numpy";
  return use.kind === "method" && use.name === "astype";
}

const calleeOf = (use: Use): string => asCall(use.call)?.callee.text ?? "";

const isPlain = (use: Use): boolean => OF_PLAIN.test(use.name ?? "");

/** By the name that it is given. */
function isNamedModel(use: Use): boolean {
  if (use.kind !== "assigned") return false;
  const [target] = asAssignment(statementOf(use.node))?.targets ?? [];
  return target !== undefined && MODEL_NAME.test(lastName(target));
}
