/** `tensor = torch.cat([tensor, …])` in a loop. */

import {
  argumentOf,
  asAssignment,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  collected,
  declined,
  defineRule,
  doubtsOf,
  excerpt,
  fixOf,
  growthOf,
  integerOf,
  isConstant,
  isKept,
  lastName,
  listOfParts,
  nextStatement,
  unwrap,
  useOf,
  asFunction,
  functionAround,
  type Call,
  type Facts,
  type Growth,
  type GrowthStep,
  type Node,
} from "../../analysis/authoring.js";

/** Functions that join tensors which stand in a sequence, along an axis that is there already. */
const JOINS = ["cat", "concat", "concatenate", "vstack", "hstack", "dstack", "row_stack", "column_stack"].map(
  (it) => `torch.${it}`,
);
const KEYWORDS = new Set(["tensors", "dim", "axis"]);
/** A text that is being generated grows by one number per turn, beside a whole model that is run for it. */
const TOKENS = /(^|_)(next|tokens?|ids?|idx|seqs?|words?|prev)(_|\d|$)|mask/i;

export default defineRule({
  title: "Tensor that grows in a loop",
  why: "Each iteration allocates a new tensor and copies everything collected so far: the work grows with the square of the number of iterations, and autograd records every copy. A list grows in place, and one cat joins its parts.",
  guide: "torch-data",
  level: "warning",
  differs: { light: "off" },
  gain: "time",
  imports: ["torch"],
  overrides: ["generators/accumulator-returned", "iteration/append-in-loop"],
  fixes: "review",

  examples: [
    {
      before: `
import torch

def embed(texts: list[str], encoder) -> torch.Tensor:
    vectors = torch.empty(0, 64)
    for text in texts:
        vectors = torch.cat([vectors, encoder(text)])
    return vectors
`,
      after: `
import torch

def embed(texts: list[str], encoder) -> torch.Tensor:
    vectors = torch.empty(0, 64)
    vectors_parts = [vectors]
    for text in texts:
        vectors_parts.append(encoder(text))
    vectors = torch.cat(vectors_parts)
    return vectors
`,
    },
  ],

  on: ["call"],
  calls: JOINS,

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || !/cat|stack/.test(call.callee.text)) return undefined;
    const growth = growthOf(node, "tensor", (it) => partsOf(it, facts), facts);
    if (!growth || isGenerated(growth)) return undefined;
    const [, ...others] = growth.steps;
    const isSetUp = asFunction(functionAround(node))?.name === "__init__";
    return {
      at: call.callee,
      // What is set up once has a few parts.
      evidence: isSetUp ? ("fair" as const) : ("proof" as const),
      related: others.flatMap((it) => {
        const at = asCall(it.join)?.callee;
        return at ? [{ at, message: "It grows here too." }] : [];
      }),
      // What a test puts together is short, and nobody waits for it.
      weight: facts.isTest || freesParts(growth) ? "light" : growth.weight,
      growth,
    };
  },

  message: ({ at, growth, weight }) =>
    `\`${at.text}\` copies all of \`${excerpt(growth.name.text, 40)}\` in every iteration${weight === "heavy" ? "" : ", which adds up in a long loop"}; collect the parts in a list and join them once.`,

  fix({ growth }, { facts }) {
    const [step, another] = growth.steps;
    const call = asCall(step?.join);
    if (!step || !call || another) return declined("the tensor grows in several places");
    const [first, ...added] = step.parts;
    if (first !== step.operand || added.length === 0) return declined("the new part is put in front");
    if (growth.name.kind !== "identifier") return declined("other methods may look at the attribute or item meanwhile");
    const options = optionsOf(call);
    if (options === undefined) return declined("an argument is worked out anew in each iteration");
    if (!added.every((it) => isKept(it, step, growth, facts)))
      return declined("what is added may change before the loop is over");
    if (added.some((it) => mayChange(it, growth.loop, facts)))
      return declined("what is added is part of a tensor that the loop changes");
    const list = listOfParts(growth, facts);
    const texts = added.map((it) => it.text);
    const put = texts.length === 1 ? `${list}.append(${texts[0]!})` : `${list}.extend([${texts.join(", ")}])`;
    const edits = collected(growth, list, () => put, `${call.callee.text}(${list}${options})`, facts);
    if ("declined" in edits) return edits;
    return fixOf(
      "Collect the parts and join them once",
      [
        ...doubtsOf(growth, facts),
        "all parts are in memory beside the result for a moment",
        /stack/.test(call.callee.text) &&
          `where the loop does not run, \`${call.callee.text}\` still gives the result the axes that it makes`,
        isOther(growth, facts) && "the result is a copy even if the loop does not run",
      ],
      edits,
    );
  },
});

/** Before the loop the name stands for something that has another name. */
const isOther = ({ name, loop }: Growth, facts: Facts): boolean =>
  facts
    .writesOf(name)
    .some(
      (it) =>
        !it.name.isInside(loop) &&
        it.value !== undefined &&
        /^(identifier|attribute|subscript)$/.test(unwrap(it.value).kind),
    );

/** Methods that give a view, or the very tensor. */
const VIEWS = new Set(
  (
    "detach view reshape expand unsqueeze squeeze t transpose permute flatten ravel contiguous narrow select diagonal unfold swapaxes movedim view_as " +
    "expand_as to cpu cuda float double half type requires_grad_"
  ).split(" "),
);

/** It shares its memory with a tensor that the loop goes on to change: by an optimizer, or in place. */
function mayChange(part: Node, loop: Node, facts: Facts, steps = 4): boolean {
  let root = unwrap(part);
  let isWeight = false;
  for (;;) {
    const attribute = asAttribute(root);
    const method = asMethodCall(root);
    const inner: Node | undefined =
      method && VIEWS.has(method.method) ? method.object : (attribute?.object ?? asSubscript(root)?.value);
    if (!inner) break;
    if (attribute && /^(weight|bias|data|grad)$/.test(attribute.name)) isWeight = true;
    root = unwrap(inner);
  }
  if (root.kind !== "identifier") return false;
  const inLoop = facts.writesOf(root).filter((it) => it.name.isInside(loop));
  const [made, more] = inLoop;
  if (made?.kind === "assign" && made.value && !more && steps > 0 && made.path.length === 0)
    return mayChange(made.value, loop, facts, steps - 1);
  const isSteppedOn = loop.descendants("call").some((it) => asMethodCall(it, "step") !== undefined);
  if (isWeight && isSteppedOn) return true;
  if (inLoop.length > 0) return false;
  return facts.readsOf(root, loop).some((it) => isWrittenTo(it)) || (isSteppedOn && isLearnt(root, facts));
}

const isLearnt = (name: Node, facts: Facts): boolean =>
  /Parameter\(|requires_grad/.test(facts.valueOf(name)?.text ?? "");

/** `x[0] += 1`, `x.add_(1)`, `x += 1`, and the same of a part of it. */
function isWrittenTo(read: Node): boolean {
  const use = useOf(read);
  if (use.kind === "attribute" || use.kind === "subscript") return isWrittenTo(use.in);
  return (
    use.kind === "subscript-store" ||
    use.kind === "augmented" ||
    use.kind === "attribute-store" ||
    (use.kind === "method" && (use.name?.endsWith("_") ?? false) && use.name !== "requires_grad_")
  );
}

/** `parts[k] = None` right below: what was joined is freed, so that both are never there at once. */
function freesParts({ steps }: Growth): boolean {
  return steps.some(({ statement, parts }) => {
    const next = nextStatement(statement);
    const freed = next?.kind === "delete_statement" ? next.children[0] : asAssignment(next)?.targets[0];
    return asSubscript(freed) !== undefined && parts.some((it) => it.text.startsWith(freed!.text));
  });
}

/** The tensors that a call joins, in order. */
function partsOf(node: Node, facts: Facts): readonly Node[] | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat || !/cat|stack/.test(call.callee.text)) return undefined;
  if (!JOINS.includes(facts.nameOf(call.callee) ?? "")) return undefined;
  const tensors = argumentOf(call, "tensors", 0);
  const list = tensors && unwrap(tensors);
  return (list?.kind === "list" || list?.kind === "tuple") && !list.children.some((it) => it.kind === "list_splat")
    ? list.children
    : undefined;
}

/** The axis as written, for the one call; undefined where it may differ from turn to turn. */
function optionsOf(call: Call): string | undefined {
  const axis = call.args[1];
  const given = [...call.keywords].filter(([name]) => name !== "tensors");
  if (call.args.length > 2 || !given.every(([name, value]) => KEYWORDS.has(name) && isAxis(value))) return undefined;
  if (axis && !isAxis(axis)) return undefined;
  return `${axis ? `, ${axis.text}` : ""}${given.map(([name, value]) => `, ${name}=${value.text}`).join("")}`;
}

const isAxis = (node: Node): boolean => integerOf(node) !== undefined || isConstant(node);

/** `tokens = torch.cat([tokens, next_token], dim=1)`, the text that a model writes. */
const isGenerated = ({ name, steps }: Growth): boolean =>
  TOKENS.test(lastName(name)) && steps.every((it) => addedBy(it).every((part) => TOKENS.test(rootOf(part))));

const addedBy = ({ parts, operand }: GrowthStep): readonly Node[] => parts.filter((it) => it !== operand);

function rootOf(part: Node): string {
  let at = unwrap(part);
  for (let steps = 0; steps < 6; steps++) {
    const inner = asAttribute(at)?.object ?? asSubscript(at)?.value ?? asAttribute(asCall(at)?.callee)?.object;
    if (!inner || asAttribute(at)?.object.text === "self") break;
    at = unwrap(inner);
  }
  return at.text;
}
