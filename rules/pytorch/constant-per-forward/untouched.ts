/** Whether a tensor that is made anew in each pass may as well be the same one in all: nothing may write into it or keep it. */

import {
  asAssignment,
  asCall,
  definitionCalled,
  excerpt,
  useOf,
  wrapped,
  type Call,
  type Facts,
  type FunctionDef,
  type Node,
  type Use,
} from "../../../analysis/authoring.js";

const words = (text: string) => new Set(text.split(" "));
/** What is asked of it and gives no tensor. */
const ASKED = words("shape dtype device ndim layout is_cuda itemsize nbytes requires_grad is_sparse");
const VIEWS = words("T mT H mH real imag data");
/** Functions and methods whose result may share its memory. */
const SHARING = words(
  "to cuda cpu float double half bfloat16 int long short bool byte type view reshape expand unsqueeze squeeze t transpose permute flatten ravel contiguous " +
    "type_as expand_as view_as reshape_as narrow select split tensor_split chunk unbind diagonal detach numpy unfold swapaxes swapdims movedim moveaxis " +
    "unflatten conj real imag broadcast_to broadcast_tensors as_tensor asarray as_strided meshgrid hsplit vsplit dsplit atleast_1d atleast_2d atleast_3d " +
    "requires_grad storage untyped_storage set share_memory dropout dropout1d dropout2d dropout3d alpha_dropout feature_dropout",
);
/** Methods of tensors that only read what they are given. */
const READING = words(
  "add sub mul div matmul mm bmm mv dot pow where masked_fill masked_select masked_scatter gather scatter scatter_add scatter_reduce index_select index_add " +
    "index_fill index_copy index_put take take_along_dim eq ne lt le gt ge logical_and logical_or logical_xor bitwise_and bitwise_or maximum minimum max min " +
    "fmod remainder atan2 cross outer ger inner addmm addmv addbmm baddbmm isin searchsorted bucketize type_as expand_as view_as reshape_as to lerp clamp " +
    "clamp_min clamp_max repeat_interleave copy new_tensor allclose equal isclose kron tensordot",
);
const KEEPING = words(
  "append appendleft extend insert put put_nowait setdefault update push register_buffer register_parameter save_for_backward",
);
const MOST_STEPS = 6;

/** Undefined where something writes into the tensor or keeps it. Else what has to hold for what is out of sight. */
export function untouchedDoubts(value: Node, def: FunctionDef, facts: Facts): readonly string[] | undefined {
  const doubts = new Set<string>();
  return isUntouched(value, def.body, { facts, doubts }, MOST_STEPS) ? [...doubts].slice(0, 2) : undefined;
}

interface Looking {
  readonly facts: Facts;
  readonly doubts: Set<string>;
}

function isUntouched(value: Node, region: Node, looking: Looking, steps: number): boolean {
  if (steps === 0) return false;
  const use = useOf(wrapped(value));
  if (use.kind !== "assigned") return isReading(use, region, looking, steps);
  const [target, more] = asAssignment(use.in)?.targets ?? [];
  if (!target || more || target.kind !== "identifier") return false;
  return isNameUntouched(target, region, looking, steps - 1);
}

const isNameUntouched = (name: Node, region: Node, looking: Looking, steps: number): boolean =>
  looking.facts.usesOf(name, region).every((it) => isReading(it, region, looking, steps));

function isReading(use: Use, region: Node, looking: Looking, steps: number): boolean {
  const resultToo = () => isUntouched(use.in, region, looking, steps - 1);
  switch (use.kind) {
    case "compared":
    case "tested":
    case "membership":
    case "formatted":
    case "discarded":
      return true;
    case "operand":
      return !/^(conditional_expression|boolean_operator)$/.test(use.in.kind) || resultToo();
    case "subscript":
      return resultToo();
    case "attribute":
      return ASKED.has(use.name ?? "") || (VIEWS.has(use.name ?? "") && resultToo());
    case "method":
      if (!use.name || use.name.endsWith("_")) return false;
      return !SHARING.has(use.name) || resultToo();
    case "argument":
      return isReadingArgument(use, asCall(use.call), region, looking, steps);
    default:
      return false;
  }
}

/** A function of torch, a method of another tensor, or a function of the file. */
function isReadingArgument(use: Use, call: Call | undefined, region: Node, looking: Looking, steps: number): boolean {
  const { facts, doubts } = looking;
  if (!call || call.hasSplat || use.name === "out") return false;
  const place = call.args.findIndex((it) => it.start <= use.node.start && use.node.end <= it.end);
  const inPlace = call.keywords.get("inplace");
  if (inPlace && inPlace.text !== "False") return false;
  const name = facts.nameOf(call.callee);
  const last = (name ?? call.callee.text).split(".").at(-1) ?? "";
  const resultToo = () => !SHARING.has(last) || isUntouched(call.node, region, looking, steps - 1);
  if (name && /^torch\.((nn\.functional|linalg|special|fft)\.)?\w+$/.test(name)) {
    // `F.relu(x, True)` works in place.
    if (place === 0 && (last.endsWith("_") || call.args.slice(1).some((it) => it.text === "True"))) return false;
    return resultToo();
  }
  if (facts.isHarmless(use)) return true;
  const def = definitionCalled(call.callee, facts);
  if (def) {
    const own = def.parameters.filter((it) => it.star === "");
    const first = call.callee.kind === "attribute" && facts.classOf(def.outer) ? 1 : 0;
    const parameter = use.name === undefined ? own[place + first] : own.find((it) => it.name === use.name);
    const body = facts.bodyOf(def);
    return parameter !== undefined && isNameUntouched(parameter.nameNode, body, looking, steps - 1);
  }
  if (KEEPING.has(last)) return false;
  if (call.callee.kind === "attribute" && name === undefined && READING.has(last.replace(/_$/, ""))) return resultToo();
  doubts.add(`\`${excerpt(call.callee.text, 40)}()\` must neither change nor keep the tensor`);
  return true;
}
