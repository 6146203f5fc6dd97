/** `model.state_dict()` that is kept while the model goes on: its tensors are those of the model. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asComprehension,
  asFunction,
  asMethodCall,
  functionAround,
  isInLastTurn,
  unwrap,
  useOf,
  wrapped,
  type Evidence,
  type Facts,
  type MethodCall,
  type Node,
} from "../../../analysis/authoring.js";
import { loopsOutlived } from "./changes.js";

export interface KeptState {
  readonly evidence: Evidence;
  /** What is copied in the fix. */
  readonly copied: Node;
  /** The tensors are gone through one by one: a clone of each does. */
  readonly isEach: boolean;
  readonly model: Node;
  readonly name: string;
  readonly related: Node | undefined;
}

const OTHERS = /optim|sched|scaler|loader|sampler|dataset|stateful|tracker|progress|metric/i;
const BEST = /best|(?:^|_)(?:good|optimal|top)(?:_|$)/i;
/** Something that makes a step, or puts other weights into the model. */
const GOES_ON =
  /\.backward\(|\.step\(|\.fit\(|\btrain\w*\(|_train\w*\(|\.manual_backward\(|\.load_state_dict\(|optimi[sz]e\w*\(/;
/** Methods that somebody calls after each epoch. */
const CALLED_AGAIN = /^(?:__call__|step|update|check|on_\w+|track|save_checkpoint|_?save_best\w*)$/;

export function keptState(call: MethodCall, facts: Facts): KeptState | undefined {
  if (call.args.length > 0 || OTHERS.test(call.object.text) || !facts.view.imports("torch")) return undefined;
  // What a call gives is another model each time, and the file's own `state_dict` may copy.
  if (
    call.object.descendants("call").length > 0 ||
    call.object.kind === "call" ||
    facts.fileMatches(/def state_dict\(/)
  )
    return undefined;
  const held = heldBy(call.node, facts);
  if (!held) return undefined;
  const { whole, isEach } = held;
  const found = (evidence: Evidence, name: string, related?: Node): KeptState => ({
    evidence,
    copied: isEach ?? call.node,
    isEach: isEach !== undefined,
    model: call.object,
    name,
    related,
  });
  const appended = listOf(whole);
  if (appended) {
    const loop = goingOn(call, facts);
    if (!loop || isInLastTurn(call.node, loop) || loopsOutlived(appended, call.node, facts).length === 0)
      return undefined;
    return found("strong", appended.text);
  }
  const target = targetOf(whole);
  if (!target) return undefined;
  const place = facts.placeOf(target);
  const inWhole = held.isInDict;
  const branch = call.node.ancestor("if_statement", "for_statement", "while_statement", "function_definition");
  if (BEST.test(target.text) && branch?.kind === "if_statement") {
    const isRead = (place?.reads ?? []).some((it) => it.tree !== branch.tree || !it.isInside(branch));
    if (!isRead) return undefined;
    const loop = goingOn(call, facts);
    if (loop) return isInLastTurn(call.node, loop) ? undefined : found("strong", target.text);
    if (facts.loopAround(call.node) || target.kind !== "attribute") return undefined;
    const def = asFunction(functionAround(call.node));
    return def && CALLED_AGAIN.test(def.name) && isFromOutside(call.object, def.node, facts)
      ? found("strong", target.text)
      : undefined;
  }
  return inWhole ? undefined : givenBack(call, target, found, facts);
}

/** The loop around it that makes steps with the same model. */
function goingOn(call: MethodCall, facts: Facts): Node | undefined {
  return loopsOutlived(call.object, call.node, facts).find((it) => GOES_ON.test(it.text));
}

/** The method is given the model, or the object has it. */
function isFromOutside(model: Node, def: Node, facts: Facts): boolean {
  const root = model.kind === "identifier" ? model : model.descendants("identifier")[0];
  return root !== undefined && facts.writesOf(root, def).every((it) => it.kind === "parameter");
}

/** `start = model.state_dict()`, and after steps `model.load_state_dict(start)`: it is given what it has. */
function givenBack(
  call: MethodCall,
  target: Node,
  found: (evidence: Evidence, name: string, related: Node) => KeptState,
  facts: Facts,
): KeptState | undefined {
  if (target.kind !== "identifier" || facts.writesOf(target).length !== 1) return undefined;
  const loads: Node[] = [];
  for (const use of facts.usesOf(target)) {
    const given = use.kind === "argument" ? asCall(use.call) : undefined;
    const load = asMethodCall(given?.node, "load_state_dict", "save");
    if (!load) return undefined;
    if (load.method === "load_state_dict" && load.object.text === call.object.text) loads.push(use.node);
    else if (load.method === "load_state_dict") return undefined;
  }
  const load = loads.find((it) => {
    if (it.tree !== target.tree || it.start < target.end || functionAround(it) !== functionAround(target)) return false;
    const loop = facts.loopsAround(it).find((around) => around.start > target.end);
    const own = asCall(useOf(it).call)!.node;
    const [from, to] = [call.node.end, loop ? loop.end : own.start];
    const root = call.object.kind === "identifier" ? call.object : call.object.descendants("identifier")[0]!;
    const isOther = facts
      .writesOf(root)
      .some((at) => at.name.tree === target.tree && at.name.start > from && at.name.start < to);
    return !isOther && GOES_ON.test(it.tree.text.slice(from, to).replaceAll(own.text, ""));
  });
  return load && found("strong", target.text, load);
}

/** The expression that is kept: behind `dict(…)`, `.copy()` and the like, which copy no tensor; of a dict the whole. */
function heldBy(
  node: Node,
  facts: Facts,
): { readonly whole: Node; readonly isEach: Node | undefined; readonly isInDict: boolean } | undefined {
  let at = wrapped(node);
  let isEach: Node | undefined;
  let isInDict = false;
  for (let steps = 0; steps < 6; steps++) {
    const { parent } = at;
    if (!parent) return undefined;
    const method = parent.kind === "attribute" ? asMethodCall(parent.parent) : undefined;
    if (method) {
      if (method.method === "items") {
        const each = eachOf(method.node, facts);
        if (!each) return undefined;
        isEach = each.element;
        at = wrapped(each.whole);
      } else if (method.method === "copy") at = wrapped(method.node);
      else return undefined;
    } else if (parent.kind === "pair") {
      isInDict = true;
      at = wrapped(parent.parent!);
    } else if (parent.kind === "argument_list" && SHALLOW.test(asCall(parent.parent)?.callee.text ?? "")) {
      at = wrapped(parent.parent!);
    } else return { whole: at, isEach, isInDict };
  }
  return undefined;
}

const SHALLOW = /^(?:dict|(?:collections\.)?OrderedDict|copy\.copy|copy)$/;

/** `{name: it.detach() for name, it in model.state_dict().items()}`, where each is the tensor of the model still. */
function eachOf(items: Node, facts: Facts): { readonly whole: Node; readonly element: Node } | undefined {
  const clause = wrapped(items).parent;
  const made = clause?.kind === "for_in_clause" ? asComprehension(clause.parent) : undefined;
  if (made?.kind !== "dict" || made.clauses.length !== 1) return undefined;
  const element = made.element.kind === "pair" ? made.element.field("value") : made.element;
  if (!element) return undefined;
  let at = unwrap(element);
  for (let steps = 0; steps < 4 && at.kind !== "identifier"; steps++) {
    const method = asMethodCall(at, "detach", "cpu");
    // On a graphics card `cpu()` copies.
    if (method?.method === "cpu" && facts.fileMatches(/cuda|device|mps|accelerat|xpu|gpu/i)) return undefined;
    const data = asAttribute(at);
    const next = method?.object ?? (data?.name === "data" ? data.object : undefined);
    if (!next) return undefined;
    at = unwrap(next);
  }
  return at.kind === "identifier" ? { whole: made.node, element } : undefined;
}

/** The list in `states.append(value)`. */
function listOf(value: Node): Node | undefined {
  const use = useOf(value);
  const call = use.kind === "argument" ? asMethodCall(use.call, "append") : undefined;
  return call?.args.length === 1 ? call.object : undefined;
}

/** `best` of `best = value`, `self.best` of `self.best = value`. */
export function targetOf(value: Node): Node | undefined {
  const node = wrapped(value);
  const assignment = node.parent?.kind === "assignment" ? asAssignment(node.parent) : undefined;
  const [target, more] = assignment?.targets ?? [];
  return assignment?.value && unwrap(assignment.value) === unwrap(value) && !more && target ? target : undefined;
}
