/** `torch.from_numpy(np.random.rand(n))`: numbers drawn by NumPy and copied, which torch can draw where they are wanted. */

import {
  asAttribute,
  asBinary,
  asCall,
  asConditional,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  importModule,
  integerOf,
  isConstant,
  replace,
  textValue,
  unwrap,
  wrapped,
  type Call,
  type Declined,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** What torch calls the same numbers. */
const TWINS: Readonly<Record<string, string>> = {
  rand: "rand",
  random: "rand",
  random_sample: "rand",
  sample: "rand",
  ranf: "rand",
  uniform: "rand",
  randn: "randn",
  standard_normal: "randn",
  normal: "normal",
  randint: "randint",
  permutation: "randperm",
};
/** Their arguments are the sizes themselves. */
const SIZED = new Set(["rand", "randn"]);
/** Their only argument is the size. */
const SHAPED = new Set(["random", "random_sample", "sample", "ranf", "standard_normal"]);
/** Where the size stands among the arguments of the others. */
const SIZE_PLACE: Readonly<Record<string, number>> = { uniform: 2, normal: 2, randint: 2 };
const WRAPPERS = [
  "torch.tensor",
  "torch.as_tensor",
  "torch.from_numpy",
  "torch.Tensor",
  "torch.FloatTensor",
  "torch.cuda.FloatTensor",
];
const CHOSEN = /^torch\.(?:cuda\.)?(?:Float)?Tensor$/;
/** What a dtype is called, for NumPy and for torch: `float` itself has 64 bits for both. */
const FLOATS: readonly (readonly [RegExp, string])[] = [
  [/^(np\.|numpy\.|torch\.)?["']?float32["']?$|^(np|numpy)\.single$|^torch\.float$|^["']f4?["']$/, "float32"],
  [/^(np\.|numpy\.|torch\.)?["']?(float64|double)["']?$|^["']?float["']?$|^["'](f8|d)["']$/, "float64"],
  [/^torch\.(float16|half)$/, "float16"],
  [/^torch\.bfloat16$/, "bfloat16"],
];

const floatNamed = (text: string): string | undefined => FLOATS.find(([pattern]) => pattern.test(text))?.[1];

export default defineRule({
  title: "Random numbers drawn by NumPy for a tensor",
  why: "NumPy draws the numbers on the CPU, one generator for all, in 64 bits, and they are converted and copied. torch draws them faster, in the type and on the device that are wanted, and torch.manual_seed makes them repeat.",
  guide: "torch-data",
  level: "info",
  gain: "time",
  imports: ["torch"],
  overrides: ["numpy/legacy-random"],
  fixes: "review",

  examples: [
    {
      before: `
import numpy as np
import torch

def noise(rows: int, columns: int) -> torch.Tensor:
    return torch.from_numpy(np.random.randn(rows, columns)).float()
`,
      after: `
import numpy as np
import torch

def noise(rows: int, columns: int) -> torch.Tensor:
    return torch.randn(rows, columns)
`,
    },
  ],

  on: ["call"],
  calls: [...WRAPPERS, ...Object.keys(TWINS).map((it) => `numpy.random.${it}`)],

  find(node, { facts }) {
    const isDraw = facts.nameOf(asCall(node)!.callee)?.startsWith("numpy.") === true;
    const call = isDraw ? chosenWrapper(node, facts) : asCall(node);
    const [given, more] = call?.args ?? [];
    if (!call || !given || more || call.hasSplat || facts.isTest) return undefined;
    const draw = drawIn(given, facts);
    if (!draw) return undefined;
    const weight = facts.weightOf(call.node);
    return { at: draw.call.callee, evidence: "proof", weight, node: call.node, wrapper: call, draw, isChosen: isDraw };
  },

  message: ({ at, draw, node }) =>
    `\`${at.text}\` draws on the CPU and \`${excerpt(node.field("function")!.text, 30)}\` copies; \`torch.${TWINS[draw.name]}\` draws the tensor itself.`,

  fix({ wrapper, draw, isChosen }, file) {
    const { facts } = file;
    if (isChosen) return declined("the device is chosen where the name of the tensor's type is made");
    if (draw.isComputed) return declined("something is computed with the numbers before they become a tensor");
    const arguments_ = argumentsOf(draw, facts);
    if (typeof arguments_ === "object") return arguments_;
    const torch = importModule(file, "torch", wrapper.node);
    if (!torch) return declined("the name of torch means something else here");
    const chain = chainOf(wrapper, draw, torch.name, facts);
    if ("declined" in chain) return chain;
    if (hasComments(chain.end)) return declined("a comment would be lost");
    return fixOf(
      `Draw with torch.${TWINS[draw.name]}`,
      ["torch draws other numbers, from a generator and a seed of its own"],
      [
        ...torch.edits,
        replace(chain.end, `${torch.name}.${TWINS[draw.name]}(${[arguments_, ...chain.keywords].join(", ")})`),
      ],
    );
  },
});

interface Draw {
  readonly call: Call;
  /** `randn`. */
  readonly name: string;
  /** What NumPy casts the numbers to. */
  readonly cast: string | undefined;
  readonly isComputed: boolean;
}

/** `Tensor(np.random.rand(n))` where `Tensor = torch.cuda.FloatTensor if cuda else torch.FloatTensor`. */
function chosenWrapper(draw: Node, facts: Facts): Call | undefined {
  let at = wrapped(draw);
  for (let steps = 0; steps < 4 && at.parent && at.parent.kind !== "argument_list"; steps++) {
    const cast = asMethodCall(asAttribute(at.parent) ? at.parent.parent : undefined, "astype");
    if (!cast && at.parent.kind !== "binary_operator") return undefined;
    at = wrapped(cast?.node ?? at.parent);
  }
  const call = at.parent?.kind === "argument_list" ? asCall(at.parent.parent) : undefined;
  if (call?.callee.kind !== "identifier" || facts.nameOf(call.callee) !== undefined) return undefined;
  const choice = asConditional(facts.valueOf(call.callee));
  const isTensor = (it: Node) => CHOSEN.test(facts.nameOf(unwrap(it)) ?? "");
  return choice && isTensor(choice.then) && isTensor(choice.otherwise) ? call : undefined;
}

/** `np.random.rand(n)`, also with `.astype(…)` and arithmetic with constants around it. */
function drawIn(expression: Node, facts: Facts, cast?: string, isComputed = false): Draw | undefined {
  const node = unwrap(expression);
  const binary = asBinary(node);
  if (binary) {
    if (isConstant(binary.right)) return drawIn(binary.left, facts, cast, true);
    return isConstant(binary.left) ? drawIn(binary.right, facts, cast, true) : undefined;
  }
  const method = asMethodCall(node, "astype");
  if (method) {
    const to = floatNamed(method.args[0]?.text ?? "");
    return drawIn(method.object, facts, cast ?? to, isComputed || to === undefined);
  }
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (!call || call.hasSplat || !name?.startsWith("numpy.random.")) return undefined;
  const last = name.slice("numpy.random.".length);
  if (!Object.hasOwn(TWINS, last)) return undefined;
  if (last === "permutation")
    return call.args.length === 1 && facts.typed(call.args[0]!)?.type.name === "int"
      ? { call, name: last, cast, isComputed }
      : undefined;
  // Without a size it is one number of Python's.
  const size = call.keywords.get("size") ?? call.args[SIZE_PLACE[last] ?? 0];
  return size && size.kind !== "none" ? { call, name: last, cast, isComputed } : undefined;
}

/** What the function of torch is given; or why it cannot be told. */
function argumentsOf({ call, name }: Draw, facts: Facts): string | Declined {
  if (call.keywords.has("dtype")) return declined("the numbers are drawn with a dtype of their own");
  if (SIZED.has(name) || name === "permutation") return call.args.map((it) => it.text).join(", ");
  const size = call.keywords.get("size") ?? call.args[SIZE_PLACE[name] ?? 0]!;
  if (SHAPED.has(name))
    return call.keywords.size > (call.keywords.has("size") ? 1 : 0)
      ? declined("it has arguments of NumPy's own")
      : size.text;
  const [low, high] = [call.keywords.get("low") ?? call.args[0], call.keywords.get("high") ?? call.args[1]];
  const shape =
    size.kind === "tuple" ? size.text : facts.typed(size)?.type.name === "int" ? `(${size.text},)` : undefined;
  if (name === "uniform")
    return low && high && /^0(\.0?)?$/.test(low.text) && /^1(\.0?)?$/.test(high.text)
      ? size.text
      : declined("torch.rand draws between 0 and 1: scale its numbers");
  if (!shape) return declined("it is not shown how many axes there are");
  if (name === "randint") {
    if (!low) return declined("the bounds have other names");
    return high && high.kind !== "none" ? `${low.text}, ${high.text}, ${shape}` : `${low.text}, ${shape}`;
  }
  const [mean, deviation] = [call.keywords.get("loc") ?? call.args[0], call.keywords.get("scale") ?? call.args[1]];
  const isPlain = [mean, deviation].every((it) => it && (integerOf(it) !== undefined || isConstant(it)));
  return isPlain
    ? `${mean!.text}, ${deviation!.text}, ${shape}`
    : declined("torch.normal takes numbers as mean and deviation");
}

interface Chain {
  /** The outermost call that is replaced: `torch.from_numpy(…).float().to(device)`. */
  readonly end: Node;
  readonly keywords: readonly string[];
}

/** The dtype and the device that the tensor ends with. */
function chainOf(wrapper: Call, { name, cast }: Draw, torch: string, facts: Facts): Chain | Declined {
  const isInteger = name === "randint" || name === "permutation";
  const kind = facts.nameOf(wrapper.callee);
  const keywords = new Map([...wrapper.keywords].map(([key, value]) => [key, value.text]));
  if (![...keywords.keys()].every((it) => ["dtype", "device", "requires_grad", "pin_memory"].includes(it)))
    return declined("the tensor is made with other arguments");
  const given = keywords.get("dtype");
  const named = given === undefined ? undefined : floatNamed(given);
  if (given !== undefined && named === undefined && !(isInteger && /^torch\.\w+$/.test(given)))
    return declined("torch draws no fractions in that dtype");
  keywords.delete("dtype");
  /** Undefined: that of whole numbers. */
  let dtype = named ?? cast ?? (isInteger ? undefined : "float64");
  if (kind === "torch.cuda.FloatTensor") keywords.set("device", '"cuda"');
  if (/^torch\.(?:cuda\.)?(?:Float)?Tensor$/.test(kind ?? "")) dtype = "float32";
  let end = wrapper.node;
  for (;;) {
    const method = asMethodCall(asAttribute(end.parent) ? end.parent?.parent : undefined);
    if (!method || unwrap(method.object) !== end) break;
    if (method.method === "float" && method.args.length === 0 && !isInteger) dtype = "float32";
    else if (method.method === "cuda" && method.args.length === 0) keywords.set("device", '"cuda"');
    else if (method.method === "to" && isDevice(method)) keywords.set("device", method.args[0]!.text);
    else if (["to", "cuda"].includes(method.method)) return declined("it is not shown whether it is moved or cast");
    else break;
    end = method.node;
  }
  if (end !== wrapper.node && (keywords.has("requires_grad") || keywords.has("pin_memory")))
    return declined("it is cast or moved after it was told to collect gradients or to be pinned");
  const isDefault =
    dtype === "float32" && !isInteger && !facts.fileMatches(/set_default_dtype|set_default_tensor_type/);
  const shown = given !== undefined && named === undefined ? given : dtype && `${torch}.${dtype}`;
  const all = [...(shown && !isDefault ? [["dtype", shown] as const] : []), ...keywords];
  return { end, keywords: all.map(([key, value]) => `${key}=${value}`) };
}

const isDevice = ({ args, keywords }: Call): boolean =>
  args.length === 1 &&
  keywords.size === 0 &&
  (/(^|[_.])device$/.test(args[0]!.text) || /^(cpu|cuda|mps)(:\d)?$/.test(textValue(args[0]) ?? ""));
