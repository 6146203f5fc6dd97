/** A model that is loaded and asked for answers in a file where nobody says which mode it is in. */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  lastName,
  lineBelow,
  startsLine,
  statementOf,
  type Evidence,
  type Facts,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Loaded model without eval()",
  why: "A model is made in training mode, and load_state_dict does not change that. Until eval() is called dropout leaves out values by chance and batch normalisation goes by the batch at hand, and keeps learning from it: the answers are worse, and differ from call to call.",
  guide: "pytorch",
  level: "hint",
  gain: "safety",
  imports: ["torch", "safetensors"],
  words: ["load_state_dict"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch import nn

def restored(state: dict[str, torch.Tensor]) -> list[float]:
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5))
    model.load_state_dict(state)
    with torch.no_grad():
        return model(torch.ones(4)).tolist()
`,
      after: `
import torch
from torch import nn

def restored(state: dict[str, torch.Tensor]) -> list[float]:
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5))
    model.load_state_dict(state)
    model.eval()
    with torch.no_grad():
        return model(torch.ones(4)).tolist()
`,
    },
  ],

  on: ["call"],
  methods: ["load_state_dict"],

  find(node, { facts }) {
    const call = asMethodCall(node, "load_state_dict");
    if (!call || facts.isTest || !/^[\w.]+$/.test(call.object.text)) return undefined;
    // Weights of a model that is there: what is a twin of another one is asked for other things.
    if (/state_dict\(\)$/.test(call.args[0]?.text ?? "") || facts.ofFile(SAYS_MODE)) return undefined;
    const evidence = modelEvidence(call.object, facts);
    if (!evidence || isPartOfModel(node, facts) || !isAsked(call.object, facts)) return undefined;
    return { at: call.callee, evidence, model: call.object, node };
  },

  message: ({ model }) =>
    `Nothing here says \`${excerpt(lastName(model), 30)}.eval()\`: a model that was made and loaded is in training mode, with dropout and batch normalisation at work in its answers.`,

  fix({ node, model }) {
    const statement = statementOf(node);
    return startsLine(statement)
      ? fixOf(
          "Switch the model to inference",
          ["answers differ where the model has dropout or batch normalisation"],
          [lineBelow(statement, `${model.text}.eval()`)],
        )
      : declined("the statements share a line");
  },
});

/** The file speaks of modes, trains, or leaves it to a library that sets the mode. */
const SAYS_MODE = fileQuestion(
  ({ view }) =>
    ["lightning", "pytorch_lightning", "ignite", "fastai", "accelerate"].some((it) => view.imports(it)) ||
    view.matches(/\b(eval|train|set_mode|train_mode|eval_mode)\(|\.training\b|backward\(|[oO]ptimi[zs]er|torch\.optim/),
);

const MODELS =
  /(^|_)(model|net|network|classifier|encoder|decoder|generator|discriminator|backbone|policy|actor|vae|unet|gan)(_|\d|$)|(model|net)$/i;

/** By its type, or by a name that says it. */
function modelEvidence(model: Node, facts: Facts): Evidence | undefined {
  const typed = facts.typed(model);
  if (!typed) return MODELS.test(lastName(model)) ? "fair" : undefined;
  if (!facts.isA(model, "torch.nn.Module", "fair")) return undefined;
  if (typed.type.name.startsWith("local.") || /^torch\.nn\./.test(typed.type.name))
    // A model all layers of which are here, and none of them cares.
    return facts.ofFile(HAS_MODES) ? typed.evidence : undefined;
  return "fair";
}

/** Layers that act otherwise in training, or that are not in sight. */
const HAS_MODES = fileQuestion(({ view }) =>
  view.matches(
    /dropout|BatchNorm|SyncBatch|InstanceNorm|Transformer|MultiheadAttention|torchvision|timm|from_pretrained|from \.|import_module/i,
  ),
);

/** Its mode may be that of the model it belongs to: of a class with bases nobody knows what else they do. */
const isPartOfModel = (node: Node, facts: Facts): boolean => {
  const owner = functionAround(node);
  const info = owner && facts.classOf(owner);
  return info !== undefined && info.def.bases.some((it) => it.text !== "object");
};

/** Who is given a model and gives back its answers. */
const ANSWERS =
  /(^|_|\.)(generate|predict|infer|inference|caption|classify|translate|transcribe|detect|segment|embed|encode|sample|forward)(_|\d|$)/i;

/** It answers in this function, in other methods of the object, or where the function's own result goes. */
function isAsked(model: Node, facts: Facts): boolean {
  if (model.kind !== "identifier") {
    const uses = facts.placeOf(model)?.uses ?? [];
    // Whoever gets it may set the mode.
    return uses.some(isAnswer) && !uses.some((it) => it.kind === "returned");
  }
  const uses = facts.usesOf(model);
  if (uses.some(isAnswer)) return true;
  return uses.some((it) => it.kind === "returned" || it.kind === "element") && facts.ofFile(IS_ASKED, model.text);
}

const isAnswer = (use: Use): boolean =>
  use.kind === "call" ||
  (use.kind === "method" && ANSWERS.test(use.name ?? "")) ||
  (use.kind === "argument" && ANSWERS.test(asCall(use.call)?.callee.text ?? ""));

/** A name of the module under which the function's caller asks it. */
const IS_ASKED = fileQuestion((facts, name) =>
  facts.view.readsOf(name).some((it) => {
    const { parent } = it;
    const call = asCall(parent?.kind === "keyword_argument" ? parent.parent?.parent : parent?.parent);
    return asCall(parent)?.callee === it || ANSWERS.test(call?.callee.text ?? "");
  }),
);
