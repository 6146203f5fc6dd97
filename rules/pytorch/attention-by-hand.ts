/** `softmax(q @ k.transpose(-2, -1) * scale) @ v`: attention in single steps, with the whole matrix of weights in memory. */

import {
  asAssignment,
  asBinary,
  asCall,
  asConditional,
  asFunction,
  asMethodCall,
  asAttribute,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  givenOnce,
  isExplained,
  functionalModule,
  hasComments,
  indentOf,
  indentUnit,
  isConstant,
  isNumber,
  lastName,
  nextStatement,
  probabilityOf,
  removeStatement,
  replace,
  statementOf,
  textIn,
  unwrap,
  type Declined,
  type Edit,
  type Facts,
  type Node,
  type Site,
  type Weight,
} from "../../analysis/authoring.js";

const PRODUCTS = new Set(["torch.matmul", "torch.bmm"]);
/** They leave the values as they are. */
const PASSING = new Set("to type type_as float half bfloat16 double contiguous clone view reshape cuda".split(" "));
const SWAPS = new Set("transpose permute t swapaxes swapdims adjoint".split(" "));
/** Code that has the fused form too, for when it can be had. */
const FUSED = /scaled_dot_product_attention|xformers|memory_efficient|flash/i;
const LAST = /^(-1|[123])$/;

/** What binds at least like `**` needs no parentheses behind a `/`. */
const POWER = 12;

/** How many steps between the two products are followed. */
const STEPS = 24;

export default defineRule({
  title: "Attention written in single steps",
  why: "The matrix of attention weights grows with the square of the sequence, and each step reads and writes it whole, forward and backward. scaled_dot_product_attention works it out in blocks and never keeps it.",
  guide: "transformers",
  level: "info",
  gain: "time",
  imports: ["torch"],
  words: ["softmax", "Softmax"],
  library: { torch: { from: "2.0" } },
  fixes: "review",

  examples: [
    {
      before: `
import math

import torch
import torch.nn.functional as F

def attend(queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    scores = queries @ keys.transpose(-2, -1) / math.sqrt(queries.size(-1))
    weights = F.softmax(scores, dim=-1)
    return weights @ values
`,
      after: `
import math

import torch
import torch.nn.functional as F

def attend(queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    return F.scaled_dot_product_attention(queries, keys, values)
`,
    },
  ],

  on: ["binary_operator", "call"],

  find(node, { facts }) {
    const product = productOf(node, facts);
    // Loose weights are names, or a softmax in the same expression.
    if (!product || !/soft|drop|^\w+$|\.to\(/.test(product.left.text) || facts.isTest) return undefined;
    const walk: Walk = { steps: [], sites: [], reads: new Set(), isStraight: true, facts, left: STEPS };
    const found = walked(product.left, "weights", walk);
    const around = functionAround(node);
    if (!found || !around || !walk.sites.every((it) => isOnlyRead(it, walk))) return undefined;
    if (hasFusedForm(around, facts)) return undefined;
    const weight = weightOf(node, around, facts);
    // What is added to the scores is worked out from the queries: a matrix of that size stays.
    const isMadeOfQueries = walk.steps.some(
      (it) => "by" in it && it.by.kind === "call" && asCall(it.by)!.args.some((arg) => arg.text === found.left.text),
    );
    const evidence = isMadeOfQueries ? ("fair" as const) : ("proof" as const);
    return { at: node, evidence, weight, found, walk, values: product.right, node };
  },

  message: ({ found }) =>
    `Queries and keys (\`${found.left.text} @ …\`), softmax and this product are attention: \`scaled_dot_product_attention\` needs no matrix of weights.`,

  fix({ node, found, walk, values }, file) {
    const { facts } = file;
    const outer = productOf(node, facts)!;
    const isPlain = [outer, found].every((it) => (asCall(it.node)?.keywords.size ?? 0) === 0);
    if (!isPlain) return declined("the product is written into a tensor that is there, or has other arguments");
    if (outer.isEinsum && !isPlainEinsum(asCall(node)!.args[0]!.text))
      return declined("its axes come in another order than those of queries and values");
    const parts = argumentsOf(walk, found, outer);
    if ("declined" in parts) return parts;
    const kept = [found.left, parts.keysNode, values, ...parts.kept];
    const stray = walk.sites.find((it) => isReadBeside(it, walk, kept));
    if (stray) return declined(`\`${stray.name.text}\` is read elsewhere too`);
    const statements = removed(walk, node);
    if ("declined" in statements) return statements;
    const functional = functionalModule(file, node);
    if (!functional) return declined("the name of torch.nn.functional means something else here");
    const given = [found.left.text, parts.keys, values.text, ...parts.keywords];
    const call = `${functional.name}.scaled_dot_product_attention`;
    const oneLine = `${call}(${given.join(", ")})`;
    const [indent, unit] = [indentOf(statementOf(node)), indentUnit(statementOf(node), facts)];
    const isLong = statementOf(node).text.length - node.text.length + oneLine.length + indent.length > facts.lineLength;
    const text = isLong ? `${call}(\n${given.map((it) => `${indent}${unit}${it},\n`).join("")}${indent})` : oneLine;
    return fixOf(
      "Use scaled_dot_product_attention",
      [
        "sums are rounded in another order, and the gradient has no gradient of its own",
        "queries, keys and values must have one dtype, and two axes or more",
        ...parts.doubts,
      ],
      [...statements.edits, ...functional.edits, replace(node, text)],
    );
  },
});

/** A model that is trained here: each step goes there and back, and the weights are kept in between. */
const TRAINS = /\boptim(?:izers?)?\b|\.backward\(|\bdef training_step\b|Trainer\(/;
const LENGTHS = /(?:^|_)(?:len|length|context|block_size|tokens|positions)(?:_|$)/;
/** From so many places on the matrix of weights is more than a card computes at once. */
const LONG = 1024;

/** It matters where the model is trained, or where sequences are said to be long; short ones that a model only answers for cost little. */
function weightOf(node: Node, around: Node, facts: Facts): Weight {
  if (isExplained(around)) return "light";
  if (!facts.fileMatches(TRAINS) && !isForLong(around, facts)) return "unknown";
  const isForward = /^(forward|__call__)$/.test(around.field("name")?.text ?? "");
  return isForward ? "heavy" : facts.weightOf(node);
}

/** `max_len=4096`, of the function or of what makes the module. */
function isForLong(around: Node, facts: Facts): boolean {
  const def = asFunction(around);
  const maker = facts.classOf(def?.outer ?? around)?.methods.find((it) => it.def.name === "__init__")?.def;
  return [def, maker].some((it) =>
    it?.parameters.some(
      ({ name, defaultValue }) => LENGTHS.test(name) && Number(defaultValue?.text.replaceAll("_", "")) >= LONG,
    ),
  );
}

/** The function, or another method of its class, calls a fused form: this one is for when that cannot be had. */
function hasFusedForm(around: Node, facts: Facts): boolean {
  const def = asFunction(around);
  // A function of that name may be the one that is looked at.
  if (FUSED.test(def ? def.body.text : around.text)) return true;
  const others = (facts.classOf(def?.outer ?? around)?.methods ?? []).filter((it) => it.def.node !== around);
  return others.some((it) => {
    const body = facts.bodyOf(it.def).text;
    return FUSED.test(it.def.name) || FUSED.test(def ? body.replaceAll(`.${def.name}(`, "") : body);
  });
}

interface Product {
  readonly left: Node;
  readonly right: Node;
  /** An `einsum`, whose axes say what is turned. */
  readonly isEinsum: boolean;
  readonly node: Node;
}

/** `a @ b`, `torch.matmul(a, b)`, `torch.bmm(a, b)`, `a.matmul(b)`, `torch.einsum("…", a, b)`. */
function productOf(node: Node, facts: Facts): Product | undefined {
  const binary = asBinary(node);
  const made = (left: Node, right: Node, isEinsum = false): Product => ({
    left: unwrap(left),
    right: unwrap(right),
    isEinsum,
    node,
  });
  if (binary) return binary.operator === "@" ? made(binary.left, binary.right) : undefined;
  const call = asCall(node);
  const last = call && (asAttribute(call.callee)?.name ?? call.callee.text);
  if (!call || call.hasSplat || !["matmul", "bmm", "einsum"].includes(last!)) return undefined;
  const name = facts.nameOf(call.callee);
  const [first, second, third] = call.args;
  if (name === "torch.einsum") return second && third ? made(second, third, true) : undefined;
  if (name !== undefined) return PRODUCTS.has(name) && first && second ? made(first, second) : undefined;
  const method = asMethodCall(node, "matmul", "bmm");
  return method && first && !second ? made(method.object, first) : undefined;
}

type Step =
  | { readonly kind: "softmax"; readonly by: Node }
  | { readonly kind: "cast"; readonly by: Node }
  | { readonly kind: "dropout" | "times" | "through" | "plus"; readonly by: Node }
  | { readonly kind: "masked"; readonly by: Node; readonly value: Node }
  | { readonly kind: "other"; readonly by: Node };

interface Walk {
  /** What is done, from the last step to the first. */
  readonly steps: Step[];
  readonly sites: Site[];
  /** Where the reads begin that were followed. */
  readonly reads: Set<number>;
  /** No step stands in a branch. */
  isStraight: boolean;
  readonly facts: Facts;
  left: number;
}

/** From the weights back to the softmax, from there to the product of queries and keys. */
function walked(expression: Node, stage: "weights" | "scores", walk: Walk): Product | undefined {
  const { facts, steps } = walk;
  const node = unwrap(expression);
  if (walk.left-- <= 0) return undefined;
  const on = (next: Node | undefined, step: Step | undefined, then = stage): Product | undefined => {
    if (!next) return undefined;
    const before = steps.length;
    if (step) steps.push(step);
    const found = walked(next, then, walk);
    if (!found) steps.length = before;
    return found;
  };
  if (node.kind === "identifier") {
    const sites = facts.reachingSites(node);
    if (sites.length !== 1) walk.isStraight = false;
    let found: Product | undefined;
    for (const site of sites) {
      if (site.kind !== "assign" || site.path.length > 0 || !site.value) return undefined;
      const before = steps.length;
      const inner = walked(site.value, stage, walk);
      if (inner) walk.sites.push(site);
      if (found) steps.length = before;
      found ??= inner;
    }
    walk.reads.add(node.start);
    return found;
  }
  const choice = asConditional(node);
  if (choice) {
    walk.isStraight = false;
    return on(choice.then, undefined) ?? on(choice.otherwise, undefined);
  }
  if (stage === "scores") {
    const product = productOf(node, facts);
    if (product) return product.isEinsum || swapped(product.right, facts) ? product : undefined;
    const binary = asBinary(node);
    if (binary) return throughOperator(binary.operator, binary.left, binary.right, on);
  }
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  const method = asMethodCall(node);
  const name = facts.nameOf(call.callee);
  if (stage === "weights") {
    if (isDropout(call.callee, name, facts)) return on(call.args[0], { kind: "dropout", by: node });
    if (/softmax/i.test(lastName(call.callee))) {
      const softmax = probabilityOf(node, facts);
      if (softmax?.kind !== "softmax" || softmax.call !== node) return undefined;
      const isMethod = method !== undefined && name === undefined && softmax.isFunction;
      const axis = call.keywords.get("dim") ?? call.args[isMethod ? 0 : 1];
      if (axis && softmax.isFunction && !LAST.test(axis.text)) return undefined;
      return on(
        isMethod ? method.object : (call.args[0] ?? call.keywords.get("input")),
        { kind: "softmax", by: node },
        "scores",
      );
    }
  } else if (name === "torch.where") {
    return on(call.args[1], { kind: "other", by: node }) ?? on(call.args[2], { kind: "other", by: node });
  }
  if (!method || name !== undefined) return undefined;
  if (stage === "scores" && (method.method === "masked_fill" || method.method === "masked_fill_")) {
    const [mask, value] = [call.args[0] ?? call.keywords.get("mask"), call.args[1] ?? call.keywords.get("value")];
    return mask && value ? on(method.object, { kind: "masked", by: mask, value }) : undefined;
  }
  const isTurned = method.method === "view" || method.method === "reshape";
  const isCast = !/^(contiguous|clone|cuda)$/.test(method.method);
  const step = { kind: isTurned ? "other" : "cast", by: node } as const;
  return PASSING.has(method.method) ? on(method.object, isTurned || isCast ? step : undefined) : undefined;
}

type Onward = (next: Node | undefined, step: Step | undefined) => Product | undefined;

function throughOperator(operator: string, left: Node, right: Node, on: Onward): Product | undefined {
  switch (operator) {
    case "*":
      return on(left, { kind: "times", by: right }) ?? on(right, { kind: "times", by: left });
    case "/":
      return on(left, { kind: "through", by: right });
    case "+":
      return on(left, { kind: "plus", by: right }) ?? on(right, { kind: "plus", by: left });
    case "-":
      return on(left, { kind: "other", by: right });
    default:
      return undefined;
  }
}

function isDropout(callee: Node, name: string | undefined, facts: Facts): boolean {
  if (name !== undefined) return name === "torch.nn.functional.dropout" || name === "torch.dropout";
  return (
    /drop/i.test(callee.text) && (asAttribute(callee) !== undefined || facts.isA(callee, "torch.nn.Dropout", "fair"))
  );
}

/** The keys of `k.transpose(-2, -1)`, `k.mT`, `k.permute(0, 2, 1)`, or of a name that stands for one. */
function swapped(node: Node, facts: Facts): { readonly keys: Node | undefined } | undefined {
  const method = asMethodCall(node);
  if (method && SWAPS.has(method.method)) return { keys: method.object };
  const attribute = asAttribute(node);
  if (attribute && ["T", "mT"].includes(attribute.name)) return { keys: attribute.object };
  if (node.kind !== "identifier") return undefined;
  // `k = k.transpose(1, 2)` may as well bring the heads to the front: the two last axes alone make keys.
  const value = facts.valueOf(node);
  const given = value && asMethodCall(unwrap(value), "transpose");
  const axes = given?.args.map((it) => it.text).join();
  return axes === "-2,-1" || axes === "-1,-2" || axes === "2,3" ? { keys: undefined } : undefined;
}

/** Nobody else wants the scores or the weights: they are not returned, kept or shown. */
function isOnlyRead(site: Site, { facts, reads }: Walk): boolean {
  return facts
    .readsSeeing(site.name)
    .every(
      (it) =>
        reads.has(it.start) ||
        ["dtype", "shape", "device", "size", "masked_fill_"].includes(asAttribute(it.parent)?.name ?? ""),
    );
}

/** What goes with its statement is not read by what stays. */
function isReadBeside({ name }: Site, { sites, reads, facts }: Walk, kept: readonly Node[]): boolean {
  const gone = sites.map((it) => statementOf(it.owner));
  return facts
    .readsSeeing(name)
    .some(
      (it) =>
        !reads.has(it.start) &&
        (!gone.some((statement) => it.isInside(statement)) || kept.some((part) => it.isInside(part))),
    );
}

/** `bhqk,bhkd->bhqd`: the axes stay where they are. */
function isPlainEinsum(text: string): boolean {
  const axes = /^["'](\w*)(\w)(\w),(\w*)(\w)(\w)->(\w+)["']$/.exec(text.replace(/\s|\.\.\./g, ""));
  const [, batch, query, key, ofValues, same, value, out] = axes ?? [];
  return axes !== null && batch === ofValues && key === same && out === `${batch}${query}${value}`;
}

/** The axis of softmax as it is written, for a layer where that is made; undefined where it is not shown. */
function softmaxAxis(node: Node, facts: Facts): string | undefined {
  const call = asCall(node)!;
  const isFunction = probabilityOf(node, facts)?.isFunction ?? false;
  if (isFunction) {
    const isMethod = asMethodCall(node) !== undefined && facts.nameOf(call.callee) === undefined;
    return (call.keywords.get("dim") ?? call.args[isMethod ? 0 : 1])?.text;
  }
  const layer = asCall(unwrap(facts.valueOf(call.callee) ?? call.callee));
  return (layer?.keywords.get("dim") ?? layer?.args[0])?.text;
}

interface Turned {
  readonly axes: number | undefined;
  readonly doubt: string | undefined;
}

/** What is known of the axes where the last two of the keys are turned; undefined where other ones may be. */
function turned(node: Node): Turned | undefined {
  const made = (axes: number | undefined, doubt?: string): Turned => ({ axes, doubt });
  const attribute = asAttribute(node);
  if (attribute) return made(undefined, attribute.name === "T" ? "the keys must have two axes" : undefined);
  const method = asMethodCall(node);
  if (!method || method.keywords.size > 0) return undefined;
  const axes = method.args.map((it) => it.text).join();
  if (method.method === "t" || method.method === "adjoint") return made(undefined);
  if (method.method === "permute")
    return axes === "0,2,1" ? made(3) : axes === "0,1,3,2" ? made(4) : axes === "1,0" ? made(undefined) : undefined;
  switch (axes) {
    case "-2,-1":
    case "-1,-2":
      return made(undefined);
    case "0,1":
    case "1,0":
      return made(undefined, "the keys must have two axes");
    case "1,2":
    case "2,1":
      return made(undefined, "the keys must have three axes");
    case "2,3":
    case "3,2":
      return made(undefined, "the keys must have four axes");
    default:
      return undefined;
  }
}

const CAST = /\.(float|half|double|bfloat16|to|type|type_as)\([^()]*\)$/;
const CAST_DOUBT = "the steps are no longer worked out in the dtype that they are cast to";

const isBatched = ({ node }: Product): boolean => /(^|\.)bmm$/.test(asCall(node)?.callee.text ?? "");

interface Arguments {
  readonly keys: string;
  readonly keysNode: Node;
  /** What of the steps is kept. */
  readonly kept: readonly Node[];
  readonly keywords: readonly string[];
  readonly doubts: readonly string[];
}

/** What the steps between the products are in the fused form. */
function argumentsOf({ steps, isStraight, sites, facts }: Walk, found: Product, outer: Product): Arguments | Declined {
  const { left, right, isEinsum } = found;
  if (!isStraight) return declined("some steps stand in branches");
  const keys = isEinsum ? undefined : swapped(right, facts)?.keys;
  const axes = keys && turned(right);
  if (!keys || !axes) return declined("it is not shown which axes of the keys are turned");
  if ([left, keys, outer.right].some((it) => CAST.test(it.text)))
    return declined("queries, keys or values are cast, and the fused form takes one dtype alone");
  if (facts.fileMatches(/\bcreate_graph\s*=\s*True/))
    return declined("the gradient is differentiated again, which the fused form does not allow");
  const kept: Node[] = [];
  const rank = axes.axes ?? (isBatched(found) || isBatched(outer) ? 3 : undefined);
  let [mask, dropout, scale]: (string | undefined)[] = [];
  const doubts = new Set<string>(axes.doubt && rank === undefined ? [axes.doubt] : []);
  if (sites.some((it) => facts.readsSeeing(it.name).some((read) => asAttribute(read.parent)?.name === "masked_fill_")))
    return declined("the scores are masked in place");
  // From the product on, so that what comes after the scale is known.
  for (const step of [...steps].reverse()) {
    if (step.kind === "softmax") {
      const axis = softmaxAxis(step.by, facts);
      if (axis !== "-1" && (rank === undefined || axis !== String(rank - 1)))
        return declined("it is not shown that softmax goes along the last axis");
      if (asCall(step.by)?.keywords.has("dtype")) doubts.add(CAST_DOUBT);
      continue;
    }
    if (step.kind === "cast") {
      doubts.add(CAST_DOUBT);
      continue;
    }
    kept.push(step.by);
    if (step.kind === "other") return declined("the scores are changed in a way that has no parameter");
    if (step.kind === "dropout") {
      dropout = dropoutText(step.by, facts);
      if (dropout === undefined) return declined("the rate of the dropout is not known here");
    } else if (step.kind === "times" || step.kind === "through") {
      if (isTensorScale(step.by, facts)) return declined("the scale is a tensor");
      const factor = factorText(step.kind, step.by, left, keys);
      if (scale !== undefined || factor === undefined) return declined("the scale is no plain number");
      if (mask !== undefined && !mask.startsWith("~") && !mask.includes("!="))
        return declined("the mask is scaled as well");
      scale = factor;
      doubts.add("the scale must be a number");
    } else {
      if (mask !== undefined) return declined("there are several masks");
      if (step.kind === "plus" && isPlainNumber(step.by, facts)) return declined("a number is added to the scores");
      mask = step.kind === "masked" ? allowed(step.by, step.value, facts) : step.by.text;
      if (step.kind === "plus")
        doubts.add(
          `\`${excerpt(step.by.text, 30)}\` must be a tensor of the queries' dtype; one of bool would choose instead of being added`,
        );
      if (mask === undefined) return declined("masked scores are not set to minus infinity");
      doubts.add("rows that are masked whole give other values");
    }
  }
  if (scale === "") doubts.delete("the scale must be a number");
  if (scale !== "" && facts.hasLibrary("torch", "2.1") === "no")
    return declined("its scale can be given from PyTorch 2.1 on");
  const keywords = [
    mask !== undefined && `attn_mask=${mask}`,
    dropout !== undefined && `dropout_p=${dropout}`,
    scale === undefined ? "scale=1.0" : scale !== "" && `scale=${scale}`,
  ];
  return {
    keys: keys.text,
    keysNode: keys,
    kept,
    keywords: keywords.filter((it): it is string => typeof it === "string"),
    doubts: [...doubts],
  };
}

/** Empty where it is what PyTorch scales by anyway: the root of the last axis of queries or keys. */
function factorText(kind: "times" | "through", by: Node, queries: Node, keys: Node): string | undefined {
  const text = by.text.replace(/\s/g, "");
  const isRoot = [queries, keys].some((it) =>
    [`${it.text}.size(-1)`, `${it.text}.shape[-1]`].some((size) =>
      kind === "through"
        ? [`math.sqrt(${size})`, `np.sqrt(${size})`, `${size}**0.5`, `(${size}**0.5)`].includes(text)
        : [`${size}**-0.5`, `(${size}**-0.5)`, `(1.0/math.sqrt(${size}))`, `(1/math.sqrt(${size}))`].includes(text),
    ),
  );
  if (isRoot) return "";
  if (by.descendants("call").some((it) => !/^(math|np|numpy)\.sqrt$|\.size$/.test(it.field("function")!.text)))
    return undefined;
  if (!isConstant(by) && !/scale|sqrt|dim|\bd_k\b|\bdk\b|\*\*/.test(by.text)) return undefined;
  return kind === "times" ? by.text : `1 / ${textIn(by, POWER)}`;
}

/** A parameter of the module, or a tensor that it keeps. */
const isTensorScale = (by: Node, facts: Facts): boolean =>
  [by, ...by.descendants("attribute")].some((it) =>
    (facts.placeOf(it)?.writes ?? []).some((site) => /Parameter\(|\btorch\./.test(site.value?.text ?? "")),
  ) || facts.isA(by, "torch.Tensor", "fair");

/** `+ 1e-6`, `+ eps` with `eps=1e-6`. */
const isPlainNumber = (by: Node, facts: Facts): boolean => isConstant(by) || isNumber(facts.typed(by, "fair")?.type);

const LOWEST =
  /(^|[^a-z])inf\b|(^|_)inf(_|$)|finfo\(.*\)\.min$|^-.*finfo\(.*\)\.max$|^-1(\.0)?e\+?([4-9]|\d\d)$|^-9e\+?\d+$/i;

/** `mask` is true where the fused form shall look: the opposite of what `masked_fill` fills. */
function allowed(mask: Node, value: Node, facts: Facts): string | undefined {
  const given = value.kind === "identifier" ? givenOnce(value, facts) : undefined;
  if (!LOWEST.test((given ?? value).text)) return undefined;
  const zero = /^(.*\S)\s*==\s*0$/s.exec(mask.text);
  return zero ? `${zero[1]} != 0` : `~${textIn(mask, ATOM)}`;
}

function dropoutText(node: Node, facts: Facts): string | undefined {
  const call = asCall(node)!;
  if (facts.nameOf(call.callee) === undefined) {
    const layer = asAttribute(call.callee);
    return layer?.object.text === "self" && facts.isA(call.callee, "torch.nn.Dropout", "fair")
      ? `${call.callee.text}.p if self.training else 0.0`
      : undefined;
  }
  const rate = call.args[1] ?? call.keywords.get("p");
  const training = call.args[2] ?? call.keywords.get("training");
  if (!rate) return undefined;
  return training ? `${rate.text} if ${training.text} else 0.0` : rate.text;
}

/** The statements of the steps go, if they stand directly above one another. */
function removed({ sites }: Walk, node: Node): { readonly edits: readonly Edit[] } | Declined {
  const edits: Edit[] = [];
  let next: Node | undefined;
  // The walk notes the first step first.
  for (const site of sites) {
    const statement = statementOf(site.owner);
    if (site.value?.tree !== node.tree) return declined("the steps stand in different functions");
    if (next && next !== statement) return declined("other statements stand between the steps");
    const assignment = asAssignment(statement);
    const edit = removeStatement(statement);
    if (!edit || assignment?.targets.length !== 1 || hasComments(statement)) return declined("a comment would be lost");
    edits.push(edit);
    next = nextStatement(statement);
  }
  return next && next !== statementOf(node) ? declined("other statements stand between the steps") : { edits };
}
