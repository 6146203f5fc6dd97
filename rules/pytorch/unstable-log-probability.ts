/** `torch.log(torch.softmax(x))` and `BCELoss` behind a sigmoid: the logarithm of a probability that was rounded to 0 or 1. */

import {
  argumentOf,
  asBinary,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionalModule,
  hasComments,
  isConstant,
  lossCallOf,
  nextStatement,
  probabilityOf,
  removeStatement,
  replace,
  statementOf,
  textIn,
  unwrap,
  useOf,
  type Declined,
  type Edit,
  type Facts,
  type File,
  type Fix,
  type LossCall,
  type Node,
  type Probability,
} from "../../analysis/authoring.js";

/** What a unary minus needs. */
const FACTOR = 12;
const CLAMPS = ["clamp", "clamp_min", "clip"];

export default defineRule({
  title: "Logarithm of a rounded probability",
  why: "Softmax and sigmoid round small probabilities to 0 and large ones to 1, so that the logarithm behind them is infinite or wrong in its last digits, and its gradient is lost or NaN. The combined forms compute it from the scores, in one step.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  words: ["softmax", "sigmoid", "Softmax", "Softmax2d", "Sigmoid", "expit"],
  fixes: "review",

  examples: [
    {
      before: `
import torch

def negative_log_likelihood(scores: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    return -torch.log(torch.softmax(scores, dim=-1))[chosen].mean()
`,
      after: `
import torch

def negative_log_likelihood(scores: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    return -torch.log_softmax(scores, dim=-1)[chosen].mean()
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const logarithm = logarithmOf(node, facts);
    if (logarithm) {
      const { at, of, isPadded, isOpposite } = logarithm;
      const probability = probabilityOf(of, facts);
      if (!probability && isPadded && isOpposite && isGiven(of, facts))
        return {
          at,
          node,
          probability: undefined,
          evidence: "fair" as const,
          weight: "unknown" as const,
          isPadded,
          isOpposite,
          loss: undefined,
          of,
        };
      if (!probability || (isOpposite && probability.kind !== "sigmoid")) return undefined;
      // The probability is kept away from 0, and something else needs it as well.
      const isShared = isPadded && probability.names.some((it) => facts.readsOf(it).length > 1);
      return {
        at,
        node,
        probability,
        evidence: isShared ? ("fair" as const) : probability.evidence,
        weight: isMadeUp(probability, facts)
          ? ("light" as const)
          : isShared
            ? ("unknown" as const)
            : ("heavy" as const),
        isPadded,
        isOpposite,
        loss: undefined,
        of,
      };
    }
    const loss = lossCallOf(node, facts);
    if (!loss || !/BCELoss$|\.binary_cross_entropy$/.test(loss.name)) return undefined;
    const probability = probabilityOf(loss.input, facts);
    if (probability?.kind !== "sigmoid" || !isFirst(node, loss, probability, facts)) return undefined;
    const at = asCall(node)!.callee;
    return {
      at,
      node,
      probability,
      evidence: probability.evidence,
      weight: isMadeUp(probability, facts) ? ("light" as const) : ("heavy" as const),
      isPadded: false,
      isOpposite: false,
      loss,
      of: loss.input,
    };
  },

  message({ at, probability, loss, isOpposite, of }) {
    const given = excerpt(of.text, 40);
    if (!probability)
      return `\`1 - ${given}\` makes \`${given}\` a probability, which a sigmoid of this file may have rounded; a loss on the scores stays exact, as \`binary_cross_entropy_with_logits\` does.`;
    if (loss) {
      const better = loss.made ? "BCEWithLogitsLoss" : "binary_cross_entropy_with_logits";
      return `\`${excerpt(at.text, 40)}\` gets \`${given}\`, which a sigmoid has rounded; \`${better}\` on the scores stays exact.`;
    }
    const better =
      probability.kind === "softmax"
        ? "log_softmax(scores)"
        : isOpposite
          ? "logsigmoid(-scores)"
          : "logsigmoid(scores)";
    return `\`${given}\` comes from a ${probability.kind}, which rounds small probabilities to zero; \`${better}\` keeps them.`;
  },

  fix({ node, probability, isPadded, isOpposite, loss }, file) {
    if (hasComments(node)) return declined("a comment would be lost");
    if (!probability) return declined("where the probability comes from is not seen here");
    if (loss) return fixLoss(loss, node, probability, file);
    if (!probability.isDirect)
      return declined("the probabilities are picked or reshaped first: take log_softmax before that");
    if (!probability.isFunction || !probability.call)
      return declined("a layer gives the probabilities; it may be wanted without the logarithm too");
    const inline = inlined(probability, node, file.facts);
    if ("declined" in inline) return inline;
    const logarithm = logarithmText(probability, isOpposite, node, file);
    if (!logarithm) return declined("the arguments cannot be carried over");
    return fixOf(
      probability.kind === "softmax" ? "Use log_softmax" : "Use logsigmoid",
      [
        "results differ where a probability rounds to 0 or 1",
        isPadded && "the small number that kept it from zero is gone",
        probability.evidence !== "proof" && `\`${excerpt(probability.call.text, 30)}\` must be a tensor's`,
      ],
      [...inline.edits, ...logarithm.edits, replace(node, logarithm.text)],
    );
  },
});

/** A parameter, in a file that makes layers of sigmoids: the answer of a discriminator that its loss is given. */
function isGiven(of: Node, facts: Facts): boolean {
  const [site, more] = of.kind === "identifier" ? facts.reachingSites(of) : [];
  const known = facts.typed(of, "fair")?.type.name;
  return (
    site?.kind === "parameter" &&
    !more &&
    (known === undefined || known === "torch.Tensor") &&
    facts.fileMatches(/\bnn\.Sigmoid\(/)
  );
}

/** A model that ends in a sigmoid is one mistake, however often its answers go to the loss: the first place carries the finding. */
function isFirst(node: Node, { made }: LossCall, { call }: Probability, facts: Facts): boolean {
  const binding = call || made?.kind !== "identifier" ? undefined : facts.bindingOf(made);
  if (!binding) return true;
  const first = facts.memo("pytorch/unstable-log-probability", binding, () =>
    binding.reads.find((read) => {
      const loss = read.parent && lossCallOf(read.parent, facts);
      const probability = loss?.made === read ? probabilityOf(loss.input, facts) : undefined;
      return probability?.kind === "sigmoid" && !probability.call;
    }),
  );
  return first?.parent === node;
}

interface Logarithm {
  readonly at: Node;
  readonly of: Node;
  /** A small number is added, or the value is clamped. */
  readonly isPadded: boolean;
  /** `1 - p`. */
  readonly isOpposite: boolean;
}

/** `torch.log(p)`, `p.log()`, with `p + eps`, `p.clamp(min=eps)` or `1 - p` in the place of `p`. */
function logarithmOf(node: Node, facts: Facts): Logarithm | undefined {
  const method = asMethodCall(node, "log");
  const call = method ?? asCall(node);
  if (!call || call.keywords.size > 0 || call.hasSplat) return undefined;
  // Asked first: hardly any call is one.
  const ends = method ? "log" : call.callee.text;
  if (!ends.endsWith("log")) return undefined;
  const isFunction = call.args.length === 1 && facts.nameOf(call.callee) === "torch.log";
  if (!isFunction && (!method || method.args.length > 0)) return undefined;
  let [of, isPadded, isOpposite] = [unwrap(isFunction ? call.args[0]! : method!.object), false, false];
  for (let steps = 0; steps < 3; steps++) {
    const inner = withoutPadding(of, facts);
    if (inner) [of, isPadded] = [unwrap(inner), true];
  }
  const difference = asBinary(of);
  if (difference?.operator === "-" && /^1(\.0?)?$/.test(difference.left.text))
    [of, isOpposite] = [unwrap(difference.right), true];
  return { at: method ? method.methodNode : call.callee, of, isPadded, isOpposite };
}

/** `p` of `p + 1e-8`, `eps + p`, `p.clamp(min=eps)` and `torch.clamp(p, eps, 1)`. */
function withoutPadding(node: Node, facts: Facts): Node | undefined {
  const sum = asBinary(node);
  if (sum?.operator === "+") {
    if (isSmall(sum.right)) return sum.left;
    return isSmall(sum.left) ? sum.right : undefined;
  }
  const clamp = asMethodCall(node, ...CLAMPS);
  if (!clamp) return undefined;
  return facts.nameOf(clamp.callee)?.startsWith("torch.") ? clamp.args[0] : clamp.object;
}

const isSmall = (node: Node): boolean =>
  (isConstant(node) && Math.abs(Number(node.text)) <= 0.01) || /(^|[_.])(eps(ilon)?|tiny)$/i.test(node.text);

/** Where the probabilities have a name: that only the logarithm may read it, and the statement goes. */
function inlined(probability: Probability, node: Node, facts: Facts): { readonly edits: readonly Edit[] } | Declined {
  const [name, more] = probability.names;
  if (!name) return { edits: [] };
  const assignment = statementOf(probability.call!);
  if (more || assignment.tree !== node.tree) return declined("the probabilities go through several names");
  const around = functionAround(node);
  const isAlone = facts.readsOf(name).length === 1 && facts.writesOf(name).length === 1;
  if (nextStatement(assignment) !== statementOf(node) || !around || functionAround(assignment) !== around)
    return declined("other code stands between the probabilities and their logarithm");
  if (!isAlone) return { edits: [] };
  const removed = removeStatement(assignment);
  return removed ? { edits: [removed] } : declined("the probabilities share their line with something else");
}

interface Text {
  readonly text: string;
  readonly edits: readonly Edit[];
}

function logarithmText({ kind, call }: Probability, isOpposite: boolean, near: Node, file: File): Text | undefined {
  const made = asCall(call);
  if (!made) return undefined;
  if (kind === "softmax") {
    const callee = made.callee.text.replace(/softmax$/, "log_softmax");
    return callee.endsWith(".log_softmax") ? { text: `${callee}${made.argumentList.text}`, edits: [] } : undefined;
  }
  const method = asMethodCall(call);
  const isFunction = file.facts.nameOf(made.callee) !== undefined;
  const scores = isFunction ? argumentOf(made, "input", 0) : method?.object;
  const functional = functionalModule(file, near);
  if (!scores || !functional || made.args.length > 1) return undefined;
  const text = isOpposite ? `-${textIn(scores, FACTOR)}` : scores.text;
  return { text: `${functional.name}.logsigmoid(${text})`, edits: functional.edits };
}

/** The loss that takes scores, in the place of the one that takes probabilities. */
function fixLoss(loss: LossCall, node: Node, probability: Probability, { facts }: File): Fix | Declined {
  const call = asCall(probability.call);
  if (!call || !probability.isFunction)
    return declined("a layer gives the probabilities: take it out and keep the scores");
  if (!probability.isDirect || probability.names.length > 0)
    return declined("the probabilities are used by other code: give the scores a name");
  const method = asMethodCall(call.node);
  const scores = facts.nameOf(call.callee) === undefined ? method?.object : argumentOf(call, "input", 0);
  const renamed = renamedLoss(loss, node, facts);
  if (!scores || !renamed) return declined("the loss is made elsewhere, or used for other values too");
  return fixOf(
    "Compute the loss from the scores",
    ["the loss differs where a probability rounds to 0 or 1"],
    [renamed, replace(probability.call!, scores.text)],
  );
}

function renamedLoss({ made }: LossCall, node: Node, facts: Facts): Edit | undefined {
  const callee = asCall(node)!.callee;
  if (!made) return edited(callee);
  const creation = made.kind === "call" ? made : facts.valueOf(made);
  const creator = asCall(creation)?.callee;
  if (!creator || creator.tree !== node.tree) return undefined;
  if (made.kind !== "call" && (made.kind !== "identifier" || facts.usesOf(made).length !== 1)) return undefined;
  return useOf(creation!).kind === "other" ? undefined : edited(creator);
}

function edited(callee: Node): Edit | undefined {
  const text = callee.text
    .replace(/\.BCELoss$/, ".BCEWithLogitsLoss")
    .replace(/\.binary_cross_entropy$/, ".binary_cross_entropy_with_logits");
  return text === callee.text ? undefined : replace(callee, text);
}

/** The scores are written out or drawn at random: a trial of what the functions do, of which no training hangs. */
function isMadeUp({ source }: Probability, facts: Facts): boolean {
  const scores = asCall(source)?.args[0] ?? asMethodCall(source)?.object;
  const made = asCall(scores?.kind === "identifier" ? facts.valueOf(scores) : scores);
  return made !== undefined && /^torch\.(?:rand\w*|tensor|Tensor|FloatTensor)$/.test(facts.nameOf(made.callee) ?? "");
}
