/** A tensor made on the CPU only to be copied to another device at once. */

import {
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  isConstant,
  lastIdentifier,
  rangeIn,
  remove,
  replace,
  textValue,
  unwrap,
  useOf,
  withArgument,
  wrapped,
  type Call,
  type Edit,
  type Evidence,
  type Facts,
  type Node,
  type Span,
} from "../../analysis/authoring.js";

/** Factories that take `device=`. `torch.tensor` is none of them: it fills main memory first whatever the device. */
const FACTORIES = new Set("zeros ones empty full arange linspace logspace eye".split(" ").map((it) => `torch.${it}`));
/** These compute: in floats the last digits may differ from device to device. */
const COMPUTED = new Set(["torch.arange", "torch.linspace", "torch.logspace"]);
/** These draw other numbers from the device's own generator. */
const RANDOM = new Set("rand randn randint randperm".split(" ").map((it) => `torch.${it}`));
/** These copy what Python holds: only of a range is it known how the device can make the same by itself. */
const COPYING = new Set("tensor as_tensor Tensor LongTensor FloatTensor".split(" ").map((it) => `torch.${it}`));
/** With these the moved tensor is another thing than one made there: no leaf of the graph, other memory, another generator. */
const OTHERWISE = ["device", "out", "requires_grad", "pin_memory", "generator"];

export default defineRule({
  title: "Tensor created on the CPU and then moved",
  why: "The tensor is filled in main memory and copied to the device, which waits for the copy. With device= it is created on the device directly. Where the device is the CPU, both cost the same.",
  guide: "torch-data",
  level: "info",
  gain: "time",
  unmeasured: "a graphics card",
  overrides: ["pytorch/hardcoded-device"],
  imports: ["torch"],
  fixes: "safe",

  examples: [
    {
      before: `
import torch

def mask(length: int) -> torch.Tensor:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.zeros(length).to(device)
`,
      after: `
import torch

def mask(length: int) -> torch.Tensor:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.zeros(length, device=device)
`,
    },
  ],

  on: ["call"],
  methods: ["to", "cuda"],

  find(node, { facts }) {
    const move = asMethodCall(node, "to", "cuda");
    // Tests make small things, and want the same numbers on every device.
    if (move && facts.isTest) return undefined;
    const made = move && madeIn(move.object, facts);
    // `*sizes` are sizes; `**options` may be anything.
    if (!move || !made || made.node.descendants("dictionary_splat").length > 0) return undefined;
    if (OTHERWISE.some((it) => made.keywords.has(it))) return undefined;
    const drawn = drawnFrom(made, facts);
    const name = drawn ?? facts.nameOf(made.callee) ?? "";
    const range = COPYING.has(name) ? rangeIn(made.args[0], facts) : undefined;
    if (!drawn && !RANDOM.has(name) && !FACTORIES.has(name) && !range) return undefined;
    if (isOneNumber(made, name) && isThrownAway(node, facts)) return undefined;
    // `torch.empty(0)`: there is nothing to copy.
    if (made.args.length === 1 && SIZED.has(name) && integerOf(made.args[0]) === 0) return undefined;
    const device = deviceOf(move, facts);
    return (
      device && {
        at: move.methodNode,
        evidence: device.evidence,
        // A copy costs a wait for the device: once, it is a matter of style.
        weight: facts.weightOf(node),
        move,
        made,
        name,
        isCast: device.isCast,
        device: device.text,
        like: device.like,
        range,
        drawn,
      }
    );
  },

  message: ({ name, move, made, device, like, range, drawn }) => {
    if (drawn)
      return `\`${drawn}\` draws on the CPU, where its parameters are, and the numbers are copied; with parameters that are tensors on \`${like ?? device}\` it draws there.`;
    if (range)
      return `\`${name}\` copies the numbers of a range out of Python objects, and then to the device; \`torch.arange(…, device=${device})\` counts there.`;
    if (like === undefined)
      return `\`${name}\` makes the tensor on the CPU and copies it; \`device=${device}\` creates it there.`;
    const isAsMade = unwrap(move.object) === made.node && !made.keywords.has("dtype");
    const there =
      FILLED.has(name) && isAsMade
        ? `\`${like}.new_${name.slice("torch.".length)}(…)\` creates it there, in its type`
        : `\`device=${like}.device\` creates it there`;
    return `\`${name}\` makes the tensor on the CPU and copies it to where \`${like}\` is; ${there}.`;
  },

  fix({ move, made, device, name, isCast, like, range, drawn, evidence }, { facts }) {
    if (drawn) return declined("its parameters have to become tensors on the device");
    const isChained = unwrap(move.object) !== made.node;
    if (range ? isCast && isChained : isCast) return declined("the same step changes its type");
    const ownType = made.keywords.get("dtype")?.text;
    const isTyped = like !== undefined && ownType !== `${like}.dtype`;
    if (isTyped && (isChained || ownType !== undefined)) return declined("the same step changes its type");
    const there = range
      ? countedThere(made, name, range, move, device)
      : withArgument(made, `device=${device}${isTyped ? `, dtype=${like}.dtype` : ""}`);
    if (!there) return declined(range ? "its type is set elsewhere" : "the arguments cannot be added to");
    if (hasComments(move.argumentList)) return declined("a comment would be lost");
    // It would run before the tensor is made, also where that fails.
    if (
      move.argumentList
        .descendants("call")
        .some((it) => facts.isPure(it) !== "yes" && facts.nameOf(it.field("function")!) !== "torch.device")
    )
      return declined("the device is worked out by a call, which would run before the tensor is made");
    // Parentheses around what was made hold nothing together any more.
    const whole = wrapped(move.object);
    const moved: Span = { tree: move.node.tree, start: unwrap(move.object).end, end: move.node.end };
    const opened: Span = { tree: move.node.tree, start: whole.start, end: unwrap(move.object).start };
    // Left of an operator, in a `return` of its own line: nothing else tells that the statement goes on.
    if (opened.start < opened.end && move.object.text.includes("\n"))
      return declined("its brackets hold several lines together");
    if (move.node.comments.some((it) => it.start > made.node.end || it.start < made.node.start))
      return declined("a comment would be lost");
    return fixOf(
      "Create it on the device",
      [
        doubtOf(name, made, move.object, facts),
        // The copy has memory of its own for each of them.
        /\.expand(?:_as)?\(/.test(move.object.text) && "what was expanded shares its memory, which a copy does not",
        isTyped && !EMPTY_OR_SAME.has(name) && `its numbers are made in the type of \`${excerpt(like, 30)}\``,
        like !== undefined && `\`${excerpt(like, 30)}\` must be no subclass of Tensor, which would pass its class on`,
        range !== undefined && "an empty range gives whole numbers too, and one that runs backwards is refused",
        evidence !== "proof" &&
          (like === undefined
            ? `\`${excerpt(device, 30)}\` must be a device`
            : `\`${excerpt(like, 30)}\` must be a tensor`),
      ],
      [there, remove(moved), ...(opened.start < opened.end ? [remove(opened)] : [])],
    );
  },
});

/** These keep what they are called on to the device it is on: another type, another shape, other values in place. */
const STAYING = [
  ..."float double half bfloat16 int long short bool byte".split(" "),
  ..."view reshape unsqueeze squeeze expand expand_as repeat flatten permute transpose t contiguous".split(" "),
  ..."tril triu fill_ zero_ normal_ uniform_".split(" "),
];
/** How many calls may stand between. */
const CHAINED = 6;

/** The call that makes the tensor: `torch.arange(n)` of `torch.arange(n).float().view(-1, 1)`. */
function madeIn(moved: Node, facts: Facts): Call | undefined {
  let inner = unwrap(moved);
  for (let depth = 0; depth < CHAINED; depth++) {
    const call = asCall(inner);
    if (!call || facts.nameOf(call.callee)?.startsWith("torch.")) return call;
    const method = asMethodCall(inner, ...STAYING);
    if (!method) return call;
    inner = unwrap(method.object);
  }
  return undefined;
}

/** `Uniform` of `Uniform(-1, 1).sample(shape)`: a distribution whose parameters are numbers, which knows no device. */
function drawnFrom(made: Call, facts: Facts): string | undefined {
  const draw = asMethodCall(made.node, "sample", "rsample");
  const maker = draw && asCall(facts.valueOf(draw.object) ?? unwrap(draw.object));
  const name = maker && !maker.hasSplat ? facts.nameOf(maker.callee) : undefined;
  if (!maker || !name?.startsWith("torch.distributions.")) return undefined;
  const given = [...maker.args, ...maker.keywords.values()];
  const isNumber = (it: Node) => /^(?:int|float)$/.test(facts.typeOf(it)?.name ?? "");
  return given.length > 0 && given.every(isNumber) ? lastIdentifier(name) : undefined;
}

/** `torch.zeros(1)`, `torch.rand((1, 1))`, `torch.zeros(())`: the size is written out and leaves room for one number. */
function isOneNumber(made: Call, name: string): boolean {
  if (!SIZED.has(name) || made.args.length === 0) return false;
  const [first] = made.args;
  const isShape = first !== undefined && ["tuple", "list"].includes(unwrap(first).kind);
  const sizes = isShape ? unwrap(first).children : name === "torch.full" ? [] : made.args;
  return (isShape || sizes.length > 0) && sizes.every((it) => integerOf(it) === 1);
}

/** Only a function of a library sees the tensor, and what comes of it goes unused: a call to get something going, made once. */
function isThrownAway(made: Node, facts: Facts): boolean {
  const use = useOf(made);
  const call = use.kind === "argument" ? asCall(use.call) : undefined;
  return (
    call !== undefined &&
    facts.nameOf(call.callee) !== undefined &&
    useOf(call.node).kind === "discarded" &&
    !facts.loopAround(call.node)
  );
}

/** Their arguments are sizes. */
const SIZED = new Set("zeros ones empty full rand randn".split(" ").map((it) => `torch.${it}`));

/** A tensor has methods that make such ones of its own type on its own device. */
const FILLED = new Set("zeros ones empty full".split(" ").map((it) => `torch.${it}`));
/** The same in every type. */
const EMPTY_OR_SAME = new Set("zeros ones empty eye".split(" ").map((it) => `torch.${it}`));

/** `torch.arange(…)` in the place of what was made of a range; undefined where its type or name is not at hand. */
function countedThere(made: Call, name: string, range: Call, move: Call, device: string): Edit | undefined {
  const torch = /^(\w+)\.\w+$/.exec(made.callee.text)?.[1];
  const given = move.keywords.get("dtype") ?? move.args[1];
  const options = [...made.keywords.keys()].filter((it) => it !== "dtype");
  // Whole numbers become floats here, of the type that is set for all.
  const isUntyped = name === "torch.Tensor" && !given;
  if (torch === undefined || isUntyped || options.length > 0 || made.args.length > 1) return undefined;
  const own = name === "torch.FloatTensor" ? `${torch}.float32` : made.keywords.get("dtype")?.text;
  const type = given?.text ?? own;
  const counted = [
    ...range.args.map((it) => it.text),
    `device=${device}`,
    ...(type === undefined ? [] : [`dtype=${type}`]),
  ];
  return replace(made.node, `${torch}.arange(${counted.join(", ")})`);
}

/** How the values made there may differ from those made on the CPU. */
function doubtOf(name: string, made: Call, moved: Node, facts: Facts): string | undefined {
  if (RANDOM.has(name) || (unwrap(moved) !== made.node && /\.(?:normal|uniform)_\(/.test(moved.text)))
    return "the device draws different random numbers";
  const isWhole =
    name === "torch.arange" &&
    !made.keywords.has("dtype") &&
    [...made.args, ...made.keywords.values()].every((it) => facts.typeOf(it)?.name === "int");
  return COMPUTED.has(name) && !isWhole ? "the device may round the last digit differently" : undefined;
}

interface Device {
  readonly text: string;
  readonly evidence: Evidence;
  /** It gets another type on the way. */
  readonly isCast: boolean;
  /** The tensor whose device and type it gets. */
  readonly like?: string;
}

/** The device as it is to be written; undefined where the argument may be a dtype. */
function deviceOf(move: Call & { readonly method: string }, facts: Facts): Device | undefined {
  if (move.hasSplat) return undefined;
  const [first, second, more] = move.args;
  if (move.method === "cuda")
    return first || move.keywords.size > 0 ? undefined : { text: '"cuda"', evidence: "proof", isCast: false };
  const device = move.keywords.get("device") ?? first;
  if (!device || more || (first && move.keywords.has("device"))) return undefined;
  if ([...move.keywords.keys()].some((it) => !["device", "dtype", "non_blocking"].includes(it))) return undefined;
  // `.to(device, torch.float32)`; another second argument says whether to wait.
  if (second && facts.nameOf(second)?.startsWith("torch.") !== true) return undefined;
  const like = second || move.keywords.has("dtype") ? undefined : tensorEvidence(device, facts);
  if (like) return { text: `${device.text}.device`, evidence: like, isCast: false, like: device.text };
  const evidence = deviceEvidence(device, facts);
  return evidence && { text: device.text, evidence, isCast: second !== undefined || move.keywords.has("dtype") };
}

/** `x.to(other)` takes device and type from another tensor. */
function tensorEvidence(node: Node, facts: Facts): Evidence | undefined {
  return node.kind === "identifier" || node.kind === "attribute" ? facts.takenFor(node, "tensor") : undefined;
}

const DEVICE_TEXT = /^(cpu|cuda|mps|xpu|meta)(:\d+)?$/;
/** What is called so, or is the `.device` of anything, and is given to `to`, is a device. */
const DEVICE_NAME = /(^|_|\.)device$/i;

function deviceEvidence(node: Node, facts: Facts): Evidence | undefined {
  // To the CPU nothing moves.
  if (isConstant(node))
    return DEVICE_TEXT.test(textValue(node) ?? "") && textValue(node) !== "cpu" ? "proof" : undefined;
  const known = facts.typed(node);
  // Texts and numbers name devices too.
  if (known && known.type.name !== "str" && known.type.name !== "int") return facts.takenFor(node, "device");
  if (holdsTexts(node, facts)) return "proof";
  if (node.kind !== "identifier" && node.kind !== "attribute") return undefined;
  const given = facts.valueOf(node);
  if (given && facts.nameOf(given)?.startsWith("torch.")) return undefined;
  return DEVICE_NAME.test(node.text) ? "strong" : facts.likeness(node)?.kind === "device" ? "fair" : undefined;
}

/** A name or own attribute that only ever holds device texts: `device = "cuda" if torch.cuda.is_available() else "cpu"`. */
function holdsTexts(node: Node, facts: Facts): boolean {
  const sites = node.kind === "identifier" ? facts.reachingSites(node) : (facts.placeOf(node)?.reaching(node) ?? []);
  return (
    sites.length > 0 &&
    sites.every(
      (it) =>
        it.kind === "assign" &&
        it.path.length === 0 &&
        it.value !== undefined &&
        texts(it.value).length > 0 &&
        texts(it.value).every((text) => DEVICE_TEXT.test(text)),
    )
  );
}

function texts(node: Node): readonly string[] {
  if (node.kind === "conditional_expression") {
    const [then, , otherwise] = node.children;
    return then && otherwise ? [...texts(then), ...texts(otherwise)] : [];
  }
  const text = textValue(node);
  return text === undefined ? [""] : [text];
}
