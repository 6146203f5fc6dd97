/** What an evaluation fetches from the device batch after batch only to keep it: numbers that could be added up there, and outputs that could be fetched together. */

import {
  asAssignment,
  asAugmented,
  asCall,
  asFor,
  asMethodCall,
  evaluationAround,
  knownTurns,
  mayUseDevice,
  runsSeldom,
  statementOf,
  textValue,
  unwrap,
  useOf,
  weakest,
  whereabouts,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
  type Training,
  type Weight,
} from "../../../analysis/authoring.js";

export const METHODS = ["item", "tolist", "cpu", "numpy", "to"];

export const isFetch = ({ method, args, keywords }: MethodCall): boolean =>
  method === "to"
    ? textValue(keywords.get("device") ?? args[0]) === "cpu"
    : // `numpy()` fails on what lies on a device: it waits for nothing, unless it is told to copy.
      args.length === 0 && (method === "numpy" ? keywords.has("force") : keywords.size === 0);

export interface Kept {
  readonly call: MethodCall;
  readonly evidence: Evidence;
  /** One number for the batch; else all of its outputs. */
  readonly isNumber: boolean;
}

export interface Evaluation {
  readonly kept: readonly [Kept, ...Kept[]];
  readonly evidence: Evidence;
  readonly weight: Weight;
}

/** The evaluation whose first fetch the call is. */
export function evaluationBy(call: MethodCall, facts: Facts): Evaluation | undefined {
  if (!isFetch(call)) return undefined;
  const evaluation = evaluationAround(call.node, facts);
  if (!evaluation) return undefined;
  const { region } = evaluation;
  const [first, ...others] = facts.memo("pytorch/sync-in-loop evaluation", region, () => keptIn(evaluation, facts));
  if (first?.call.node !== call.node || (knownTurns(region, facts) ?? FEW) < FEW) return undefined;
  const evidence = mayUseDevice(evaluation, facts) ? first.evidence : (weakest(first.evidence, "fair") ?? "fair");
  // One wait for a batch is soon over; outputs may be too large to stay where they are.
  const weight =
    !first.isNumber || facts.weightOf(region) === "light" ? "light" : others.length > 0 ? "heavy" : "unknown";
  return { kept: [first, ...others], evidence, weight };
}

/** Batches that nobody waits for. */
const FEW = 10;
/** Outputs with a value for each pixel, sample of sound or word of a list: all of them may not fit into the memory of a device. */
const LARGE =
  /mask|segm|(?<![a-z])seg(?![a-z])|unet|pixel|image|(?<![a-z])imgs?(?![a-z])|depth|heat_?map|recon|restor|denois|fake|generat|sampl|frame|video|audio|wave|spectro|attn|attention|hidden|vocab|token|caption|volume|voxel|super_?res|upsampl|nerf|render|camera|visual/i;

/** What is fetched only to be kept; nothing where a batch has to come home all the same. */
function keptIn(evaluation: Training, facts: Facts): readonly Kept[] {
  const { region } = evaluation;
  const kept: Kept[] = [];
  if (isAsked(region, evaluation, facts) || goesOnFromLast(region, facts)) return [];
  for (const node of region.descendants("call")) {
    const call = asMethodCall(node, ...METHODS);
    if (!call || !isFetch(call) || node.parent?.kind === "expression_statement") continue;
    if (facts.isA(call.object, "torch.nn.Module", "fair") || runsSeldom(node, evaluation, facts)) continue;
    const evidence = whereabouts(call.object, evaluation, facts);
    if (evidence === "host") continue;
    const inner = facts.loopAround(node);
    if (inner !== region || !isKept(node, evaluation, facts, GOES_ON)) return [];
    if (evidence) kept.push({ call, evidence, isNumber: isOneNumber(call, facts) });
  }
  // Outputs that are too large to stay have to come home in each turn, and bring the numbers along.
  const isLarge = kept.some(
    ({ call, isNumber }) => !isNumber && (LARGE.test(statementOf(call.node).text) || speaksOfPictures(region, facts)),
  );
  return isLarge ? [] : kept;
}

const speaksOfPictures = (region: Node, facts: Facts): boolean =>
  LARGE_TASK.test(region.text) || facts.fileMatches(LARGE_TASK);
const LARGE_TASK =
  /segmentation|\bu_?net\b|\b(?:iou|dice|psnr|ssim|bleu|rouge|perplexity)\b|max_new_tokens|\bdiffusion\b|super.?resolution|autoencoder|\bgan\b/i;

/** A test, a mask or a call asks for a value of the device: each turn waits for it. */
const isAsked = (region: Node, evaluation: Training, facts: Facts): boolean =>
  /\bsynchronize\(|\bassert\b[^\n]*\.(?:any|all|isnan|isfinite)\(|\[\s*~?\w*mask\s*\]|\.nonzero\(/.test(region.text) ||
  region.descendants("if_statement", "while_statement").some((it) => {
    const condition = it.field("condition");
    const where =
      condition && !/\bis\b|\bin\b/.test(condition.text) ? whereabouts(condition, evaluation, facts) : "host";
    return where !== undefined && where !== "host";
  });

/** `for day in range(days)` takes no batch out of anything: each turn goes on from the answer of the one before. */
function goesOnFromLast(region: Node, facts: Facts): boolean {
  const loop = asFor(region);
  const range = loop && asCall(unwrap(loop.iterable));
  if (!loop || range?.callee.text !== "range" || range.args.length > 1) return false;
  return !facts.readsOf(loop.target, loop.body).some((it) => it.ancestor("subscript")?.isInside(loop.body) === true);
}

const GOES_ON = 6;
/** They turn what was fetched into something that is kept in its place. */
const PASSING =
  /^(?:numpy|item|tolist|detach|float|double|int|long|bool|half|astype|squeeze|flatten|ravel|reshape|view|copy|clone|mean|sum|round|cpu|size)$/;
const BUILTINS =
  /^(?:builtins\.(?:float|int|round|list)|numpy\.(?:array|asarray|mean|sum|concatenate|append|vstack|hstack|squeeze|float\d*|argmax)|torch\.(?:cat|stack))$/;

/** It is added up, or put aside until the loop is over. */
function isKept(value: Node, evaluation: Training, facts: Facts, steps: number): boolean {
  if (steps === 0) return false;
  const { region } = evaluation;
  const use = useOf(value);
  const onward = (it: Node) => isKept(it, evaluation, facts, steps - 1);
  const isSum = () => {
    const sum = asAugmented(statementOf(value));
    return sum !== undefined && !isLookedAt(sum.target, evaluation, facts);
  };
  switch (use.kind) {
    case "augmented":
      return isSum();
    case "operand":
    case "subscript":
      return use.in.kind === "augmented_assignment" ? isSum() : use.in.kind !== "comparison_operator" && onward(use.in);
    case "attribute":
      return use.name === "T" || use.name === "data" ? onward(use.in) : false;
    case "method":
      return PASSING.test(use.name ?? "") && onward(use.in);
    case "element":
      // `np.concatenate([all, batch.cpu()])`.
      return /^(?:list|tuple)$/.test(use.in.kind) && onward(use.in);
    case "argument": {
      const call = asCall(use.call);
      if (!call) return false;
      const name = facts.nameOf(call.callee) ?? "";
      if (BUILTINS.test(name)) return onward(call.node);
      const method = asMethodCall(call.node);
      if (!method) return false;
      if (isLookedAt(method.object, evaluation, facts)) return false;
      if (method.method === "append" || method.method === "extend") return true;
      return (
        method.method === "update" &&
        /meter|(?:^|_)(?:avg|average|loss(?:es)?|acc|top[15])(?:_|$|\d)/i.test(method.object.text)
      );
    }
    case "assigned": {
      const targets = asAssignment(use.in)?.targets ?? [];
      const [only, more] = targets;
      if (only?.kind !== "identifier" || more) return false;
      // `total = total + loss.item()`, `all = np.append(all, …)`.
      const assigned = asAssignment(use.in)?.value;
      const own = assigned ? facts.readsOf(only, region).filter((it) => it.isInside(assigned)) : [];
      const others = facts.readsOf(only, region).filter((it) => !own.includes(it));
      if (own.length > 0) return others.length === 0;
      return others.length > 0 && others.length < MOST && others.every((it) => onward(it));
    }
    default:
      return false;
  }
}

const MOST = 8;

/** What is kept so far is shown or asked for in each turn. */
function isLookedAt(kept: Node, evaluation: Training, facts: Facts): boolean {
  const { region } = evaluation;
  const reads =
    kept.kind === "identifier"
      ? facts.readsOf(kept, region)
      : region.descendants(kept.kind).filter((it) => it.text === kept.text);
  return reads.some((it) => {
    const use = useOf(it);
    const isFilled = use.kind === "method" && /^(?:append|extend|update)$/.test(use.name ?? "");
    const isTarget = asAugmented(statementOf(it))?.target.text === kept.text;
    return !isFilled && !isTarget && !runsSeldom(it, evaluation, facts);
  });
}

/** `loss.item()`, `loss.cpu()`, `hits.sum().cpu()`. */
function isOneNumber({ method, object }: MethodCall, facts: Facts): boolean {
  if (method === "item") return true;
  const node = unwrap(object);
  const inner = asMethodCall(node, "detach", "float", "data");
  const value = inner
    ? unwrap(inner.object)
    : node.kind === "attribute" && /\.data$/.test(node.text)
      ? unwrap(node.field("object") ?? node)
      : node;
  if (asMethodCall(value, "sum", "mean")?.args.length === 0) return true;
  const given = value.kind === "identifier" ? facts.valueOf(value) : undefined;
  const reduced = given && asMethodCall(unwrap(given), "sum", "mean");
  return reduced?.args.length === 0 || /(?:^|[._])loss$/i.test(value.text);
}
