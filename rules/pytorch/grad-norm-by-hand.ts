/** The norm of all gradients, added up parameter by parameter. */

import {
  asAssignment,
  asAttribute,
  asAugmented,
  asBinary,
  asCall,
  asComprehension,
  asFor,
  asIf,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  givenOnce,
  hasComments,
  importModule,
  itemsOf,
  nextStatement,
  onlyStatement,
  previousStatement,
  replace,
  statementOf,
  unwrap,
  type Facts,
  type File,
  type Declined,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Norm of the gradients added up by hand",
  why: "One norm for each parameter means several small operations for each, and waits for the device where it is fetched. torch.nn.utils.get_total_norm works them out together.",
  guide: "pytorch",
  level: "info",
  gain: "time",
  imports: ["torch"],
  words: ["grad"],
  fixes: "review",

  examples: [
    {
      before: `
import torch

def gradient_norm(parameters: list[torch.nn.Parameter]) -> float:
    total = 0.0
    for parameter in parameters:
        if parameter.grad is not None:
            total += parameter.grad.norm(2).item() ** 2
    return total ** 0.5
`,
      after: `
import torch

def gradient_norm(parameters: list[torch.nn.Parameter]) -> float:
    total = torch.nn.utils.get_total_norm([parameter.grad for parameter in parameters if parameter.grad is not None]).item()
    return total
`,
    },
  ],

  on: ["for_statement", "list_comprehension", "generator_expression"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const loop = asFor(node);
    if (loop) {
      const target = parameterIn(loop.target, loop.iterable);
      const norm = target && squaredIn(loop.body, itemOf(target, loop.iterable, facts), facts);
      return norm && { at: norm.at, construct: node, loop: norm };
    }
    const comprehension = asComprehension(node);
    const [clause, more] = comprehension?.clauses ?? [];
    const target = clause && !more ? parameterIn(clause.target, clause.iterable) : undefined;
    if (!comprehension || !clause || !target) return undefined;
    const at =
      comprehension.element && gradientNorm(comprehension.element, itemOf(target, clause.iterable, facts), facts);
    return at && isSummed(node, facts) ? { at, construct: node, loop: undefined } : undefined;
  },

  message: ({ at }) =>
    `\`${excerpt(at.text.replaceAll(/\s+/g, " "), 40)}\` is worked out for one parameter after the other; torch.nn.utils.get_total_norm takes all at once, and clip_grad_norm_ returns it too.`,

  fix({ loop, construct }, file) {
    return loop ? wholeNorm(construct, loop, file) : declined("only the plain loop that adds squares is rewritten");
  },
});

/** What a loop goes through: parameters, or their gradients in a list. */
interface Item {
  readonly name: string;
  readonly isGradient: boolean;
}

/** `p` of `for p in …`, `for name, p in model.named_parameters()` and `for i, p in enumerate(…)`. */
function parameterIn(target: Node, iterable: Node): Node | undefined {
  if (target.kind === "identifier") return target;
  const [, item, more] = itemsOf(target);
  return item?.kind === "identifier" && !more && /(?:named_parameters|enumerate|items)\(/.test(iterable.text)
    ? item
    : undefined;
}

function itemOf(target: Node, iterable: Node, facts: Facts): Item {
  const given = unwrap(iterable).kind === "identifier" ? givenOnce(unwrap(iterable), facts) : undefined;
  const element = unwrap(asComprehension(given)?.element ?? target);
  return { name: target.text, isGradient: element !== target && /\.grad(\.detach\(\)|\.data)?$/.test(element.text) };
}

interface Squares {
  readonly at: Node;
  readonly statement: Node;
  readonly total: Node;
  /** The loop does nothing else, but leave out parameters without a gradient. */
  readonly isPlain: boolean;
}

/** `total += p.grad.norm() ** 2` in a loop over parameters, also by way of a name for the norm. */
function squaredIn(body: Node, parameter: Item, facts: Facts): Squares | undefined {
  for (const node of body.descendants("augmented_assignment")) {
    const sum = asAugmented(node);
    if (!sum || sum.operator !== "+=") continue;
    const squared = squareOf(sum.value);
    const at = squared ? gradientNorm(squared, parameter, facts) : squaresOf(sum.value, parameter, facts);
    if (at) return { at, statement: node, total: sum.target, isPlain: isPlain(body, node, parameter) };
  }
  return undefined;
}

/** `x` of `x ** 2`, `x.pow(2)` and `x * x`. */
function squareOf(value: Node): Node | undefined {
  const node = unwrap(value);
  const binary = asBinary(node);
  if (binary?.operator === "**" && /^2(\.0)?$/.test(binary.right.text)) return binary.left;
  if (binary?.operator === "*" && binary.left.text === binary.right.text) return binary.left;
  const method = asMethodCall(node, "pow", "square");
  if (method && (method.method === "square" || /^2(\.0)?$/.test(method.args[0]?.text ?? ""))) return method.object;
  const fetched = asMethodCall(node, "item");
  return fetched ? squareOf(fetched.object) : undefined;
}

/** `(p.grad ** 2).sum()`, `p.grad.pow(2).sum().item()` */
function squaresOf(value: Node, parameter: Item, facts: Facts): Node | undefined {
  const node = unwrap(value);
  const call = asMethodCall(node, "sum", "item");
  if (!call) {
    const made = asCall(node);
    const [given] = made?.args ?? [];
    const squared = given && facts.nameOf(made!.callee) === "torch.sum" ? squareOf(given) : undefined;
    return squared && isGradient(squared, parameter, facts) ? node : undefined;
  }
  if (call.method === "item") return squaresOf(call.object, parameter, facts);
  const squared = squareOf(call.object);
  return squared && isGradient(squared, parameter, facts) ? node : undefined;
}

/** `p.grad.norm(2)`, `torch.norm(p.grad)`, and what only changes its form. */
function gradientNorm(value: Node, parameter: Item, facts: Facts): Node | undefined {
  const node = unwrap(value);
  const given = node.kind === "identifier" ? givenOnce(node, facts) : undefined;
  if (given) return gradientNorm(given, parameter, facts);
  const method = asMethodCall(node, "norm", "item", "detach", "cpu", "to", "float");
  if (method?.method === "norm" && isGradient(method.object, parameter, facts))
    return /^(2(\.0)?|)$/.test((method.args[0] ?? method.keywords.get("p"))?.text ?? "") ? node : undefined;
  if (method && method.method !== "norm" && facts.nameOf(method.callee) === undefined)
    return gradientNorm(method.object, parameter, facts) ?? undefined;
  const call = asCall(node);
  const name = call && facts.nameOf(call.callee);
  if (
    call?.args[0] &&
    /^torch\.(norm|linalg\.(vector_)?norm)$/.test(name ?? "") &&
    isGradient(call.args[0], parameter, facts)
  )
    return /^(2(\.0)?|)$/.test((call.args[1] ?? call.keywords.get("p") ?? call.keywords.get("ord"))?.text ?? "")
      ? node
      : undefined;
  // `p.grad.norm() ** 2 for p in …`
  const squared = squareOf(node);
  return squared && !isGradient(squared, parameter, facts)
    ? gradientNorm(squared, parameter, facts)
    : squaresOf(node, parameter, facts);
}

/** `p.grad`, `p.grad.data`, `p.grad.detach().float()`, also by way of a name. */
function isGradient(value: Node, parameter: Item, facts: Facts, steps = 4): boolean {
  const node = unwrap(value);
  const attribute = asAttribute(node);
  if (attribute?.name === "grad") return attribute.object.text === parameter.name;
  if (parameter.isGradient && node.text === parameter.name) return true;
  if (attribute?.name === "data") return isGradient(attribute.object, parameter, facts, steps);
  const method = asMethodCall(node, "detach", "float", "data", "view", "flatten", "reshape", "to", "double");
  if (method) return isGradient(method.object, parameter, facts, steps);
  const given = node.kind === "identifier" && steps > 0 ? givenOnce(node, facts) : undefined;
  return given !== undefined && isGradient(given, parameter, facts, steps - 1);
}

/** `sum(…)`, `torch.stack([…])` and what becomes one number of it. */
function isSummed(node: Node, facts: Facts): boolean {
  const call = asCall(node.parent?.kind === "argument_list" ? node.parent.parent : node.parent);
  const name = call && facts.nameOf(call.callee);
  if (name === "builtins.sum" || name === "math.sqrt" || name === "numpy.sqrt" || name === "math.fsum") return true;
  if (
    name !== "torch.stack" &&
    name !== "torch.tensor" &&
    name !== "torch.cat" &&
    name !== "torch.as_tensor" &&
    name !== "torch.Tensor"
  )
    return false;
  const outer = asCall(call!.node.parent?.kind === "argument_list" ? call!.node.parent.parent : undefined);
  return (
    /^torch\.(norm|sum|linalg\.(vector_)?norm)$/.test(outer ? (facts.nameOf(outer.callee) ?? "") : "") ||
    asMethodCall(call!.node.parent?.parent, "norm", "sum", "pow", "square")?.object === call!.node
  );
}

/** `if p.grad is not None:`, or a `continue` for those without, and the sum: nothing beside. */
function isPlain(body: Node, sum: Node, parameter: Item): boolean {
  const statement = statementOf(sum);
  const only = onlyStatement(body);
  if (only === statement) return true;
  const branch = asIf(only);
  return (
    branch !== undefined &&
    branch.elifs.length === 0 &&
    !branch.orElse &&
    branch.condition.text === `${parameter.name}.grad is not None` &&
    onlyStatement(branch.body) === statement
  );
}

function wholeNorm(node: Node, { at, statement, total, isPlain: plain }: Squares, file: File): Fix | Declined {
  const { facts } = file;
  const loop = asFor(node);
  const start = previousStatement(node);
  const begun = asAssignment(start);
  const after = nextStatement(node);
  if (facts.hasLibrary("torch", "2.6") === "no") return declined("get_total_norm came with PyTorch 2.6");
  if (loop && loop.target.kind !== "identifier") return declined("the loop brings more than the parameters");
  if (!loop || !plain || !asksItem(at, loop.target.text) || loop.orElse || hasComments(node))
    return declined("the loop does more, or holds a comment");
  if (
    !start ||
    total.kind !== "identifier" ||
    begun?.targets.length !== 1 ||
    begun.targets[0]!.text !== total.text ||
    !/^0(\.0?)?$/.test(begun.value?.text ?? "")
  )
    return declined("the sum does not begin by itself with zero right above the loop");
  if (node.tree.text.slice(start.end, node.start).includes("#")) return declined("a comment would be lost");
  const root = after && rootIn(after, total.text, facts);
  if (!after || !root) return declined("the root is not taken right below the loop");
  if (
    facts
      .readsOf(total, functionAround(node) ?? undefined)
      .some((it) => it.start > node.end && !it.isInside(root) && !isRebound(after, total.text))
  )
    return declined("the sum of the squares is read elsewhere");
  if (facts.isSeenOutside(loop.target, node)) return declined(`\`${loop.target.text}\` is read behind the loop`);
  if (/\.(float|double|half|bfloat16|to)\(/.test(statement.text))
    return declined("the gradients are cast first, and the norm of all keeps their dtype");
  if (facts.fileMatches(/\bsparse\s*=\s*True/)) return declined("sparse gradients have no such norm");
  const isFetched = /\.item\(\)/.test(loop.body.text);
  if (!isFetched && facts.fileMatches(/\bcreate_graph\s*=\s*True/))
    return declined("the norm of all has no gradient of its own");
  const rootName = facts.nameOf(asCall(root)?.callee ?? root) ?? "";
  if (rootName === "numpy.sqrt") return declined("the root is a number of NumPy");
  // `total = math.sqrt(total)` would become `total = total`.
  const again = asAssignment(after);
  const isRenamed =
    again?.targets.length === 1 &&
    again.targets[0]!.text === total.text &&
    again.value !== undefined &&
    unwrap(again.value) === root &&
    !hasComments(after) &&
    !node.tree.text.slice(node.end, after.start).includes("#");
  const torch = importModule(file, "torch", node);
  if (!torch) return declined("`torch` means something else here");
  const name = loop.target.text;
  const isNumber = isFetched || rootName === "math.sqrt";
  const items = `[${name}.grad for ${name} in ${loop.iterable.text} if ${name}.grad is not None]`;
  const value = `${torch.name}.nn.utils.get_total_norm(${items})${isNumber ? ".item()" : ""}`;
  return fixOf(
    "Ask for the norm of all at once",
    [
      "floats are added in another order, in the dtype of the gradients",
      !isNumber && "it is a tensor without any gradient too, not 0.0, and cannot be differentiated",
      "no gradient may be sparse",
      `\`${excerpt(at.text, 30)}\` is asked of those parameters alone that have a gradient`,
    ],
    [
      ...torch.edits,
      replace(begun.value!, value),
      { at: { tree: node.tree, start: start.end, end: isRenamed ? after.end : node.end }, text: "" },
      ...(isRenamed ? [] : [replace(root, total.text)]),
    ],
  );
}

/** `total ** 0.5`, `math.sqrt(total)`, `total.sqrt()` in the statement below. */
function rootIn(statement: Node, total: string, facts: Facts): Node | undefined {
  const roots = [
    ...statement.descendants("binary_operator").filter((it) => {
      const binary = asBinary(it);
      return (
        binary?.operator === "**" &&
        unwrap(binary.left).text === total &&
        /^\(?(0?\.5|1\.?0?\s*\/\s*2(\.0)?)\)?$/.test(binary.right.text)
      );
    }),
    ...statement.descendants("call").filter((it) => {
      const call = asCall(it);
      if (!call) return false;
      if (asMethodCall(it, "sqrt")?.object.text === total) return true;
      return /^(math|numpy|torch)\.sqrt$/.test(facts.nameOf(call.callee) ?? "") && call.args[0]?.text === total;
    }),
  ];
  return roots.length === 1 &&
    !statement
      .descendants("identifier")
      .some((it) => it.text === total && !it.isInside(roots[0]!) && it.fieldName !== "left")
    ? roots[0]
    : undefined;
}

/** It asks the loop's own variable for its gradient. */
const asksItem = (at: Node, name: string): boolean => at.text.includes(`${name}.grad`);

const isRebound = (statement: Node, total: string): boolean =>
  asAssignment(statement)?.targets.some((it) => it.text === total) ?? false;
