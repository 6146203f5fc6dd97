/** One module that stands several times in a network: all places have the same weights. */

import {
  asAttribute,
  asAugmented,
  asBinary,
  asCall,
  asComprehension,
  asConditional,
  asFunction,
  asMethodCall,
  asSubscript,
  callsUnder,
  clauseTurns,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hangsOnTurn,
  hasComments,
  integerOf,
  isInLastTurn,
  itemsOf,
  lastName,
  lineAbove,
  nameAtRoot,
  reindented,
  removeStatement,
  replace,
  soleAssignment,
  startsLine,
  statementOf,
  unwrap,
  useOf,
  weakest,
  wrapped,
  type ClassInfo,
  type Declined,
  type Edit,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Site,
} from "../../analysis/authoring.js";

const CONTAINERS = ["Sequential", "ModuleList", "ModuleDict"].flatMap((it) => [
  `torch.nn.${it}`,
  `torch.nn.modules.container.${it}`,
]);
/** Layers of PyTorch that have weights, or keep a mean. */
const LAYERS =
  /^torch\.nn\.(modules\.\w+\.)?(Lazy)?(Linear|Bilinear|Conv(Transpose)?[123]d|(RNN|LSTM|GRU)(Cell)?|Embedding(Bag)?|MultiheadAttention|Transformer(En|De)coder(Layer)?|Transformer|(Sync)?BatchNorm([123]d)?|LayerNorm|GroupNorm|RMSNorm)$/;
const INSTANCE_NORM = /^torch\.nn\.(Lazy)?InstanceNorm[123]d$/;
const PARAMETER = /^torch\.nn\.(parameter\.)?(Uninitialized)?Parameter$/;
const SEQUENTIAL = /^torch\.nn\.(modules\.container\.)?(Sequential|ModuleList|ModuleDict)$/;
/** What gives back the module that it is handed. */
const WRAPPERS = /^torch\.nn\.utils\.(parametrizations\.)?(weight_norm|spectral_norm|orthogonal)$/;
const SAME = /^(to|cuda|cpu|float|half|double|bfloat16|train|apply)$/;
/** What a class of another file is called that has weights for certain. */
const WEIGHTED =
  /(Block|Layer|Conv(\dd)?|Linear|Attention|Attn|Encoder|Decoder|MLP|FFN|FeedForward|Cell|Bottleneck)\d*$/;
const WEIGHTLESS = /norm|drop|pool|act|flatten|pad|sampl|shuffle|reshape|posit|mask|loss|ident|relu|scale/i;
/** A parameter that is a layer, by its name. */
const LAYER_NAME = /(^|_)(layer|block|conv|cell)$/;
/** What says that the weights are meant to be the same. */
const SHARED = /shar(e|ed|ing)(?![a-z])|(^|_|\b)(un)?tied?(_|\b)|tying|siamese|re-?us(e|ed|es|ing)(?![a-z])|universal/i;
const SHARED_TEXT =
  /\bshar(e|es|ed|ing)\b|\bt(ied|ying)\b|\bsame\b(?! (size|shape|length|number|device|way))|siamese|re-?us(e|ed|es|ing)\b|recurren|recursi|unroll|one set of/i;
/** The same layer in each step of an unrolled loop. */
const STEPS = /iter|step|time|recur|unroll|cycle|hop/i;
/** How many ways of making a thing are looked at. */
const MOST_WRITES = 4;
const DEEPEST = 4;
const MOST_READS = 200;

type How = "repeated" | "each" | "turn" | "twice";

interface Found extends Match {
  readonly how: How;
  readonly at: Node;
  readonly module: Node;
  /** The whole expression or statement that puts it in. */
  readonly by: Node;
  readonly evidence: Evidence;
}

export default defineRule({
  title: "One layer in several places",
  why: "A list that holds the same module several times holds one set of weights: the network has fewer of them than it seems, each place trains what the others use, and the state dict has them under several names. Whoever wants layers of the same kind makes each of them.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  words: ["Sequential", "ModuleList", "ModuleDict"],
  fixes: "review",

  examples: [
    {
      before: `
from torch import nn

def tower(width: int, depth: int) -> nn.Sequential:
    return nn.Sequential(*[nn.Linear(width, width)] * depth)
`,
      after: `
from torch import nn

def tower(width: int, depth: int) -> nn.Sequential:
    return nn.Sequential(*[nn.Linear(width, width) for _ in range(depth)])
`,
    },
  ],

  on: ["call"],
  calls: CONTAINERS,

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const all: Found[] = call.argumentList.children.flatMap((it) =>
      it.kind === "keyword_argument" ? [] : inExpression(it, facts, 0),
    );
    all.push(...standTwice(call.argumentList.children, facts));
    const kept = keeperOf(node);
    if (kept) all.push(...putInto(kept, facts));
    // What several containers are made of is told once.
    const found = all.filter((it) => !isSaid(it, facts) && !isFrozen(it));
    return found.length > 0 ? found : undefined;
  },

  message({ how, module, by }) {
    const name = excerpt(module.text.replace(/\s+/g, " "), 40);
    return how === "repeated"
      ? `\`${excerpt(by.text.replace(/\s+/g, " "), 50)}\` is one module in several places: they share one set of weights.`
      : how === "twice"
        ? `\`${name}\` stands here twice: both places share one set of weights.`
        : `\`${name}\` is one module that is put in again in each turn: all places share one set of weights.`;
  },

  fix({ how, module, by }, { facts }) {
    const doubts = [
      "the weights may be shared on purpose",
      "the network gets more weights, and what was saved of it no longer fits",
    ];
    if (how === "twice") return declined("which of the places should have a module of its own is not known");
    if (how === "repeated") {
      const edits = eachMade(by, facts);
      return Array.isArray(edits) ? fixOf("Make one for each place", doubts, edits as Edit[]) : (edits as Declined);
    }
    const made = makingOf(module, facts);
    if (typeof made === "string") return declined(made);
    const removed = removeStatement(made.statement);
    if (!removed) return declined("the statement that makes it shares its line, or a comment would be lost");
    if (how === "each") {
      const targets = asComprehension(by)!.clauses.map((it) => it.target.text);
      if (namesIn(made.value).some((it) => targets.includes(it.text)))
        return declined("a name in the making means something else there");
      if (made.value.text.includes("\n")) return declined("what makes it takes several lines");
      return fixOf("Make one for each place", doubts, [removed, replace(module, made.value.text)]);
    }
    const statement = statementOf(by);
    if (!startsLine(statement)) return declined("the statements share a line");
    return fixOf("Make one in each turn", doubts, [removed, lineAbove(statement, reindented(made.statement, ""))]);
  },
});

/** The name or attribute that gets the container. */
function keeperOf(call: Node): Node | undefined {
  const use = useOf(call);
  if (use.kind !== "assigned") return undefined;
  const target = use.in.field("left");
  return target && (target.kind === "identifier" || target.kind === "attribute") ? target : undefined;
}

/** What an expression brings into a container more than once. */
function inExpression(given: Node, facts: Facts, depth: number): readonly Found[] {
  if (depth > DEEPEST) return [];
  const node = given.kind === "list_splat" ? given.children[0] : given;
  const value = node && unwrap(node);
  if (!value) return [];
  const goOn = (it: Node): readonly Found[] => inExpression(it, facts, depth + 1);
  switch (value.kind) {
    case "list":
    case "tuple":
      return [...standTwice(itemsOf(value), facts), ...itemsOf(value).filter(isCombined).flatMap(goOn)];
    case "binary_operator": {
      const binary = asBinary(value);
      if (binary?.operator === "+") return [binary.left, binary.right].flatMap(goOn);
      return repeated(value, facts);
    }
    case "list_comprehension":
    case "generator_expression":
    case "dictionary_comprehension":
      return eachTurn(value, facts);
    case "call": {
      const call = asCall(value);
      const name = call && facts.nameOf(call.callee);
      return call && /^(builtins\.(list|tuple|dict)|collections\.OrderedDict)$/.test(name ?? "")
        ? call.args.flatMap(goOn)
        : [];
    }
    case "identifier":
    case "attribute": {
      const place = facts.placeOf(value);
      if (!place || place.writes.length === 0 || place.writes.length > MOST_WRITES) return [];
      // What is made here is looked at where it is made.
      const values = place.writes.flatMap((it) => (it.value && !isContainer(it.value, facts) ? it.value : []));
      if (values.length < place.writes.length) return [];
      return [...values.flatMap(goOn), ...putInto(value, facts)];
    }
    default:
      return [];
  }
}

const isCombined = (it: Node): boolean => it.kind === "list_splat";

const isContainer = (value: Node, facts: Facts): boolean =>
  SEQUENTIAL.test(facts.nameOf(asCall(unwrap(value))?.callee ?? value) ?? "");

/** `[nn.Linear(8, 8)] * depth` */
function repeated(value: Node, facts: Facts): readonly Found[] {
  const parts = repeatIn(value);
  if (!parts) return [];
  const count = integerOf(parts.count);
  if ((count !== undefined && count < 2) || STEPS.test(parts.count.text)) return [];
  for (const item of itemsOf(parts.items)) {
    const evidence = weightsIn(item, facts, 0);
    if (evidence) return [{ how: "repeated", at: value, module: item, by: value, evidence }];
  }
  return [];
}

function repeatIn(value: Node): { readonly items: Node; readonly count: Node } | undefined {
  const binary = asBinary(value);
  if (binary?.operator !== "*") return undefined;
  const [left, right] = [unwrap(binary.left), unwrap(binary.right)];
  const isItems = (it: Node): boolean => it.kind === "list" || it.kind === "tuple";
  if (isItems(left)) return { items: left, count: right };
  return isItems(right) ? { items: right, count: left } : undefined;
}

/** `[layer for _ in range(depth)]`, `{name: layer for name in names}` */
function eachTurn(value: Node, facts: Facts): readonly Found[] {
  const comprehension = asComprehension(value);
  if (!comprehension) return [];
  const { element, clauses } = comprehension;
  const module = element.kind === "pair" ? element.field("value") : unwrap(element);
  if (!module || (module.kind !== "identifier" && module.kind !== "attribute")) return [];
  if (facts.writesOf(nameAtRoot(module)!, value).length > 0) return [];
  if (clauses.some((it) => STEPS.test(it.iterable.text) || STEPS.test(it.target.text))) return [];
  const turns = clauses.map((it) => clauseTurns(it.iterable.parent!, facts));
  if (turns.every((it) => it !== undefined && it < 2)) return [];
  const evidence = weightsIn(module, facts, 0);
  return evidence ? [{ how: "each", at: module, module, by: value, evidence }] : [];
}

/** `nn.Sequential(conv, nn.ReLU(), conv)` */
function standTwice(items: readonly Node[], facts: Facts): readonly Found[] {
  const seen = new Map<string, Node>();
  for (const it of items) {
    if (it.kind !== "identifier" && it.kind !== "attribute") continue;
    const first = seen.get(it.text);
    if (!first) {
      seen.set(it.text, it);
      continue;
    }
    const evidence = weightsIn(it, facts, 0);
    if (!evidence) continue;
    return [
      {
        how: "twice",
        at: it,
        module: it,
        by: it,
        evidence,
        related: [{ at: first, message: "here it stands the first time" }],
      },
    ];
  }
  return [];
}

/** What is put into a list by `append` and the like, in each turn of a loop. */
function putInto(target: Node, facts: Facts): readonly Found[] {
  const place = facts.placeOf(target);
  if (!place || place.reads.length > MOST_READS) return [];
  return place.uses.flatMap((use) => {
    const given = givenBy(use.kind, use.in, use.name);
    if (!given) return [];
    const loop = facts.loopAround(use.in);
    if (!loop || (loop.kind !== "for_statement" && loop.kind !== "while_statement")) return [];
    // A list that each turn begins anew.
    if (place.writes.some((it) => isWithin(it.name, loop) && it.owner.kind !== "augmented_assignment")) return [];
    const items = given.kind === "list" || given.kind === "tuple" ? itemsOf(given) : [given];
    return items.flatMap((it) => inTurn(it, use.in, loop, facts));
  });
}

function givenBy(kind: string, inside: Node, name: string | undefined): Node | undefined {
  if (kind === "augmented") return asAugmented(inside)?.value;
  if (kind === "subscript-store") {
    const assignment = inside.parent;
    return assignment?.kind === "assignment" && asSubscript(inside) ? assignment.field("right") : undefined;
  }
  if (kind !== "method") return undefined;
  const call = asMethodCall(inside);
  if (name === "append" || name === "extend") return call?.args[0];
  return name === "insert" || name === "add_module" ? call?.args[1] : undefined;
}

function inTurn(module: Node, by: Node, loop: Node, facts: Facts): readonly Found[] {
  if (module.kind !== "identifier" && module.kind !== "attribute") return [];
  const place = facts.placeOf(module);
  if (!place || place.writes.some((it) => isWithin(it.name, loop))) return [];
  if (isInLastTurn(by, loop) || hangsOnCondition(by, loop, facts)) return [];
  const turns = clauseTurns(loop, facts);
  if (turns !== undefined && turns < 2) return [];
  if (STEPS.test(loop.field("right")?.text ?? loop.field("condition")?.text ?? "")) return [];
  const evidence = weightsIn(module, facts, 0);
  return evidence ? [{ how: "turn", at: module, module, by, evidence }] : [];
}

const isWithin = (node: Node, region: Node): boolean => node.tree === region.tree && node.isInside(region);

/** `if i == depth - 1:` lets one turn through. */
function hangsOnCondition(node: Node, loop: Node, facts: Facts): boolean {
  for (let at = node.parent; at && at !== loop; at = at.parent) {
    if (at.kind === "match_statement" || at.kind === "except_clause") return true;
    const condition = at.kind === "if_statement" || at.kind === "elif_clause" ? at.field("condition") : undefined;
    if (condition && hangsOnTurn(condition, loop, facts)) return true;
  }
  return false;
}

/** By which evidence an expression is one module that has weights. */
function weightsIn(expression: Node, facts: Facts, depth: number): Evidence | undefined {
  if (depth > DEEPEST) return undefined;
  const value = unwrap(expression);
  const choice = asConditional(value);
  if (choice) {
    const both = [choice.then, choice.otherwise].map((it) => weightsIn(it, facts, depth + 1));
    return both.includes(undefined) ? undefined : weakest(...both);
  }
  if (value.kind === "identifier" || value.kind === "attribute") return weightsOfPlace(value, facts, depth);
  const call = asCall(value);
  if (!call) return undefined;
  const name = facts.nameOf(call.callee) ?? "";
  if (LAYERS.test(name))
    return [...call.keywords].some(([key, it]) => /^(elementwise_)?affine$/.test(key) && it.kind !== "true")
      ? undefined
      : "proof";
  if (INSTANCE_NORM.test(name)) return call.keywords.get("affine")?.kind === "true" ? "proof" : undefined;
  if (SEQUENTIAL.test(name)) return weakestOfAny(call.argumentList, facts, depth);
  if (WRAPPERS.test(name)) return call.args[0] && weightsIn(call.args[0], facts, depth + 1);
  const method = asMethodCall(value);
  if (method && SAME.test(method.method)) return weightsIn(method.object, facts, depth + 1);
  const own = call.callee.kind === "identifier" ? facts.classNamed(call.callee.text) : undefined;
  if (own) return hasWeights(own, facts, depth) ? "proof" : undefined;
  const made = facts.functionNamed(call.callee);
  if (made) return ofReturns(facts.bodyOf(made), facts, depth);
  // A class of another file: it stands in a network, so that it is a module.
  const called = lastName(call.callee);
  return /^[A-Z]/.test(called) && !/^torch\./.test(name) && WEIGHTED.test(called) && !WEIGHTLESS.test(called)
    ? "fair"
    : undefined;
}

function weightsOfPlace(value: Node, facts: Facts, depth: number): Evidence | undefined {
  const place = facts.placeOf(value);
  const writes = place?.writes ?? [];
  if (!place || writes.length === 0 || writes.length > MOST_WRITES) return undefined;
  // Who calls it by name as well knows that there is one.
  if (place.kind === "attribute" && place.uses.some((it) => it.kind === "call")) return undefined;
  const found = writes.map((it) => weightsOfSite(it, facts, depth));
  return found.includes(undefined) ? undefined : weakest(...found);
}

function weightsOfSite(site: Site, facts: Facts, depth: number): Evidence | undefined {
  if (site.kind === "parameter") return LAYER_NAME.test(site.name.text) ? "fair" : undefined;
  if (site.kind !== "assign" || site.path.length > 0 || !site.value) return undefined;
  return weightsIn(site.value, facts, depth + 1);
}

/** Some call in it makes a module with weights. */
function weakestOfAny(region: Node, facts: Facts, depth: number): Evidence | undefined {
  let best: Evidence | undefined;
  for (const it of callsUnder(region)) {
    const one = weightsIn(it.node, facts, depth + 1);
    if (one === "proof") return one;
    best ??= one;
  }
  return best;
}

function ofReturns(body: Node, facts: Facts, depth: number): Evidence | undefined {
  const returns = body.descendants("return_statement");
  if (returns.length === 0 || returns.length > MOST_WRITES) return undefined;
  const found = returns.map((it) => (it.children[0] ? weightsIn(it.children[0], facts, depth + 1) : undefined));
  return found.includes(undefined) ? undefined : weakest("strong", ...found);
}

function hasWeights(info: ClassInfo, facts: Facts, depth: number): boolean {
  const { node } = info.def;
  // A class that makes one of its own kind is not asked again meanwhile.
  const asked = facts.memo("asked for weights", node.tree.root, () => new Set<Node>());
  if (asked.has(node)) return false;
  return facts.memo("has weights", node, () => {
    asked.add(node);
    const bases = facts.basesOf(info);
    const found =
      hasOwn(info, facts, depth) ||
      bases.some((it) => (typeof it === "string" ? LAYERS.test(it) : it !== undefined && hasOwn(it, facts, depth)));
    asked.delete(node);
    return found;
  });
}

const hasOwn = (info: ClassInfo, facts: Facts, depth: number): boolean =>
  info.methods.some(({ def }) =>
    callsUnder(facts.bodyOf(def)).some(
      (it) =>
        PARAMETER.test(facts.nameOf(it.callee) ?? "") ||
        lastName(it.callee) === "register_parameter" ||
        weightsIn(it.node, facts, depth + 1) === "proof",
    ),
  );

/** A name or a comment says that the weights are the same in all places. */
function isSaid({ module, by }: Found, facts: Facts): boolean {
  const statement = statementOf(by);
  const named = [module, statement].some((it) =>
    [...(it.kind === "identifier" ? [it] : []), ...it.descendants("identifier")].some((name) => SHARED.test(name.text)),
  );
  if (named) return true;
  for (let at = by.parent; at; at = at.parent) {
    const condition = at.kind === "if_statement" || at.kind === "elif_clause" ? at.field("condition") : undefined;
    if (condition && SHARED.test(condition.text)) return true;
    if (at.kind !== "function_definition" && at.kind !== "class_definition") continue;
    if (SHARED.test(at.field("name")!.text) || speaksOfIt(at, facts)) return true;
    const def = asFunction(at);
    if (def?.parameters.some((it) => SHARED.test(it.name ?? ""))) return true;
  }
  return false;
}

/** Comments of a function, and the docstrings of it and of a class. */
const speaksOfIt = (definition: Node, facts: Facts): boolean =>
  facts.memo("speaks of sharing", definition, () => {
    const body = definition.field("body");
    const first = body?.children[0];
    const doc = first?.kind === "expression_statement" && first.children[0]?.kind === "string" ? first.text : "";
    const comments = definition.kind === "function_definition" ? (body?.comments ?? []) : [];
    return SHARED_TEXT.test(doc) || comments.some((it) => SHARED_TEXT.test(it.text));
  });

/** Weights that are not trained may be the same without harm. */
const isFrozen = ({ by }: Found): boolean => {
  const region = functionAround(by) ?? by.tree.root;
  return region.descendants("identifier").some((it) => /requires_grad|freeze|frozen/.test(it.text));
};

/** `[nn.Linear(8, 8)] * depth` as a comprehension. */
function eachMade(by: Node, facts: Facts): readonly Edit[] | Declined {
  const { items, count } = repeatIn(by)!;
  const [item, more] = itemsOf(items);
  if (!item || more || items.kind !== "list") return declined("it is no list of one module");
  if (hasComments(by)) return declined("there is a comment inside it");
  const call = asCall(unwrap(item));
  const loop = (made: string) => replace(wrapped(by), `[${made} for _ in range(${count.text})]`);
  if (call)
    return isPlainMaking(call.node, facts) && !isRead("_", call.node)
      ? [loop(item.text)]
      : declined("making it may do more than that");
  const made = makingOf(item, facts);
  if (typeof made === "string") return declined(made);
  if (isRead("_", made.value)) return declined("`_` is read in it");
  if (made.value.text.includes("\n")) return declined("what makes it takes several lines");
  const removed = removeStatement(made.statement);
  return removed
    ? [removed, loop(made.value.text)]
    : declined("the statement that makes it shares its line, or a comment would be lost");
}

const namesIn = (value: Node): readonly Node[] =>
  value
    .descendants("identifier")
    .filter(
      (it) => it.fieldName !== "attribute" && !(it.parent?.kind === "keyword_argument" && it.fieldName === "name"),
    );

const isRead = (name: string, value: Node): boolean => namesIn(value).some((it) => it.text === name);

/** It calls nothing but what makes modules. */
const isPlainMaking = (value: Node, facts: Facts): boolean =>
  callsUnder(value).every(
    (it) =>
      weightsIn(it.node, facts, 0) !== undefined ||
      (/^torch\.nn\.[A-Z]\w*$|^builtins\.(int|len|max|min)$/.test(facts.nameOf(it.callee) ?? "") && !it.hasSplat),
  );

/** The statement that makes it, which can go to where it is put in; a text says why not. */
function makingOf(module: Node, facts: Facts): { readonly statement: Node; readonly value: Node } | string {
  if (asAttribute(module)) return `\`${module.text}\` is an attribute as well`;
  const site = soleAssignment(module, facts);
  const value = site?.value && unwrap(site.value);
  if (!site || !value || site.isRemote || !asCall(value)) return "where it is made is not in sight";
  if (facts.readsOf(module).length > 1) return `\`${module.text}\` is used elsewhere too`;
  const statement = statementOf(value);
  if (functionAround(statement) !== functionAround(module) || !isPlainMaking(value, facts))
    return "making it may do more than that";
  const isSame = namesIn(value).every((name) =>
    facts
      .writesOf(name)
      .every((it) => !isWithin(it.name, statement.tree.root) || it.name.end <= statement.start || it.kind === "class"),
  );
  return isSame ? { statement, value } : "a name in the making gets another value before that";
}
