/** A module without weights that is made where it is called, and dropped again. */

import {
  asAssignment,
  asFunction,
  functionAround,
  unwrap,
  useOf,
  type Call,
  type Facts,
  type Node,
} from "../../../analysis/authoring.js";

/** Modules that hold nothing but their settings, with the function that does the same; `Dropout` is none of them: it has to know whether the model trains. */
export const WEIGHTLESS: ReadonlyMap<string, string> = new Map(
  (
    "ReLU:relu ReLU6:relu6 LeakyReLU:leaky_relu ELU:elu SELU:selu CELU:celu GELU:gelu SiLU:silu Mish:mish Sigmoid:sigmoid Tanh:tanh Softplus:softplus Hardtanh:hardtanh " +
    "Hardswish:hardswish Hardsigmoid:hardsigmoid Softmax:softmax LogSoftmax:log_softmax LogSigmoid:logsigmoid Upsample:interpolate UpsamplingNearest2d:interpolate " +
    "UpsamplingBilinear2d:interpolate MaxPool1d:max_pool1d MaxPool2d:max_pool2d MaxPool3d:max_pool3d AvgPool1d:avg_pool1d AvgPool2d:avg_pool2d AvgPool3d:avg_pool3d " +
    "AdaptiveAvgPool1d:adaptive_avg_pool1d AdaptiveAvgPool2d:adaptive_avg_pool2d AdaptiveMaxPool1d:adaptive_max_pool1d AdaptiveMaxPool2d:adaptive_max_pool2d " +
    "ZeroPad2d:pad ReflectionPad2d:pad ReplicationPad2d:pad ConstantPad2d:pad PixelShuffle:pixel_shuffle Unfold:unfold CosineSimilarity:cosine_similarity " +
    "PairwiseDistance:pairwise_distance MSELoss:mse_loss L1Loss:l1_loss SmoothL1Loss:smooth_l1_loss HuberLoss:huber_loss CrossEntropyLoss:cross_entropy NLLLoss:nll_loss " +
    "BCELoss:binary_cross_entropy BCEWithLogitsLoss:binary_cross_entropy_with_logits KLDivLoss:kl_div CosineEmbeddingLoss:cosine_embedding_loss " +
    "TripletMarginLoss:triplet_margin_loss MarginRankingLoss:margin_ranking_loss GaussianNLLLoss:gaussian_nll_loss"
  )
    .split(" ")
    .map((it) => it.split(":") as [string, string]),
);

/** Modules that learn or keep count: made anew, they start from random weights each time. */
export const WEIGHTED: readonly string[] = (
  "Linear LazyLinear Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d Embedding EmbeddingBag BatchNorm1d BatchNorm2d BatchNorm3d " +
  "LayerNorm GroupNorm LSTM GRU RNN LSTMCell GRUCell MultiheadAttention PReLU TransformerEncoderLayer TransformerDecoderLayer"
).split(" ");
/** They have to be told that the training is over, which reaches no module that is made in the pass. */
export const SWITCHED: readonly string[] = ["Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout"];

export interface Dropped {
  /** `softmax` of `torch.nn.functional`; `weights` and `mode` are lost with the module. */
  readonly twin: string;
  readonly loses?: "weights" | "mode";
  /** What makes it anew: a function by its name, or the turns of a loop. */
  readonly where: string | undefined;
}

/** Functions that are called for each batch. */
const PER_BATCH = /^_?forward(?:_|$)|(?:^|_)(?:loss|criterion|step)(?:_|$)/;

/** Undefined for a module that is kept, given away, or made once. */
export function droppedModule(call: Call, facts: Facts): Dropped | undefined {
  const name = facts.nameOf(call.callee);
  const twin = name?.startsWith("torch.nn.") ? WEIGHTLESS.get(name.slice(name.lastIndexOf(".") + 1)) : undefined;
  if (twin === undefined || facts.isTest || !isOnlyCalled(call.node, facts)) return undefined;
  const def = asFunction(functionAround(call.node));
  if (def?.name.startsWith("test")) return undefined;
  const loop = facts.loopAround(call.node);
  if (loop && loop.kind !== "while_statement") return { twin, where: undefined };
  return def && PER_BATCH.test(def.name) ? { twin, where: def.name } : undefined;
}

/** A layer that the pass makes for itself: nothing it learns is kept, or it never hears of `eval()`. */
export function lostModule(call: Call, facts: Facts): Dropped | undefined {
  const name = facts.nameOf(call.callee);
  const word = name?.startsWith("torch.nn.") ? name.slice(name.lastIndexOf(".") + 1) : "";
  const loses = WEIGHTED.includes(word) ? "weights" : SWITCHED.includes(word) ? "mode" : undefined;
  const def = asFunction(functionAround(call.node));
  if (!loses || facts.isTest || !def || !/^_?forward(?:_|$)/.test(def.name)) return undefined;
  // Without weights of its own a norm has nothing to learn.
  if (["elementwise_affine", "affine"].some((it) => call.keywords.get(it)?.kind === "false")) return undefined;
  return isOnlyCalled(call.node, facts) ? { twin: "dropout", loses, where: def.name } : undefined;
}

/** `nn.ReLU()(x)`, or `relu = nn.ReLU()` and `relu(x)` in the same turn or function. */
function isOnlyCalled(made: Node, facts: Facts): boolean {
  const use = useOf(made);
  if (use.kind === "call") return true;
  // `nn.MSELoss().to(device)(a, b)`
  if (use.kind === "method" && /^(?:to|cuda|cpu)$/.test(use.name ?? "")) return isOnlyCalled(use.call!, facts);
  const assignment = use.kind === "assigned" ? asAssignment(use.in) : undefined;
  const [target, more] = assignment?.targets ?? [];
  if (target?.kind !== "identifier" || more || facts.isRemote(target)) return false;
  // Another one in its place: which of them is called hangs on more than this.
  if (!assignment?.value || facts.writesOf(target).length !== 1) return false;
  const reads = facts.readsOf(target);
  // Called in a loop inside of this one, it is made seldom.
  const loop = facts.loopAround(unwrap(made));
  return reads.length > 0 && reads.every((it) => useOf(it).kind === "call" && (!loop || facts.loopAround(it) === loop));
}
