/** What changes an object in place while a loop goes on: the object that was kept changes with it. */

import {
  argumentOf,
  asAttribute,
  asCall,
  functionAround,
  functionCalled,
  useOf,
  type Evidence,
  type Facts,
  type Node,
  type Use,
} from "../../../analysis/authoring.js";

/** A place in a loop that changes the object, and what kind of object that takes. */
export interface Change {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly of: "model" | "items";
}

/** A change, and the loop that it is made in. */
export interface Changed {
  readonly loop: Node;
  readonly change: Change;
}

const LOOPS = /^(?:for|while)_statement$/;

/** The loops around a node that outlive the value of a name or attribute: up to the first one that gives it another, the innermost first. */
export function loopsOutlived(value: Node, node: Node, facts: Facts): readonly Node[] {
  const loops = facts.loopsAround(node).filter((it) => LOOPS.test(it.kind));
  const end = loops.findIndex((it) => isGivenIn(value, it, facts));
  return end < 0 ? loops : loops.slice(0, end);
}

/** What stands at the beginning of the expression is another object in each turn. `x += 1` of an array is none. */
export function isGivenIn(value: Node, loop: Node, facts: Facts): boolean {
  const names = value.kind === "identifier" ? [value] : value.descendants("identifier");
  if (
    names.some(
      (it) => it.fieldName !== "attribute" && facts.writesOf(it, loop).some((at) => !isInPlace(at.name, facts)),
    )
  )
    return true;
  if (value.kind === "identifier") return false;
  return loop.descendants("assignment").some((it) => it.field("left")?.text === value.text);
}

const isInPlace = (name: Node, facts: Facts): boolean =>
  name.parent?.kind === "augmented_assignment" &&
  (["array", "tensor"] as const).some((it) => facts.takenFor(name, it, "strong"));

/** Methods of lists, dicts, sets and arrays that change them. */
const CHANGES_ITEMS = new Set(
  "append extend insert pop remove sort reverse clear update popitem setdefault add discard fill".split(" "),
);
const CHANGES_TENSOR =
  /^(?:add|sub|mul|div|copy|zero|fill|clamp|uniform|normal|scatter|index_add|index_copy|relu|lerp)_$/;
const FITS = new Set(
  "fit partial_fit set_params fit_transform learn train_on_batch fit_generator load_state_dict".split(" "),
);
const SHUFFLES = /^(?:random|numpy\.random)\.shuffle$|^numpy\.(?:put|copyto|fill_diagonal)$/;
export const IS_MODEL =
  /(?:^|_)(?:model|net|network|policy|agent|actor|critic|encoder|decoder|generator|clf|classifier|estimator|regressor)(?:_|\d*$)/i;
const TRAINS = /^(?:train|fit)(?:_|$)|_(?:train|fit)$|(?:^|_)(?:train|fit)_(?:one_)?(?:epoch|step|model|batch)/i;

/** The first of the loops that changes the object in place, and where it does; where `of` is given, in a way that only such an object is changed. */
export function firstChange(value: Node, loops: readonly Node[], facts: Facts, of?: Change["of"]): Changed | undefined {
  for (const loop of loops) {
    const change = changedIn(value, loop, facts);
    if (change && (of === undefined || change.of === of)) return { loop, change };
  }
  return undefined;
}

/** The first place in the loop that changes the object in place. */
function changedIn(value: Node, loop: Node, facts: Facts): Change | undefined {
  const place = value.kind === "identifier" ? undefined : facts.placeOf(value);
  const uses = place ? place.usesIn(loop) : value.kind === "identifier" ? facts.usesOf(value, loop) : [];
  let later: Change | undefined;
  for (const use of uses) {
    if (functionAround(use.node) !== functionAround(value)) continue;
    const change = changeBy(use, facts);
    if (change?.evidence === "strong") return change;
    later ??= change;
  }
  if (later || value.kind !== "identifier") return later;
  const added = facts.writesOf(value, loop)[0];
  return added && { at: added.name, evidence: "strong", of: "items" };
}

function changeBy(use: Use, facts: Facts): Change | undefined {
  switch (use.kind) {
    case "subscript-store":
    case "subscript-delete":
      return { at: use.in, evidence: "strong", of: "items" };
    // `grid[i][j] = 1`, and `grid[i].append(1)`.
    case "subscript": {
      const change = changeBy(useOf(use.in), facts);
      return change?.of === "items" ? change : undefined;
    }
    case "method": {
      const name = use.name ?? "";
      if (FITS.has(name)) return { at: use.in, evidence: "strong", of: "model" };
      if (CHANGES_TENSOR.test(name)) return { at: use.in, evidence: "strong", of: "items" };
      if (!CHANGES_ITEMS.has(name)) return undefined;
      // A list that is kept while it goes on to grow may be meant so.
      return {
        at: use.in,
        evidence: name === "clear" || name === "sort" || name === "reverse" ? "strong" : "fair",
        of: "items",
      };
    }
    case "argument":
      return changeByCall(use, facts);
    default:
      return undefined;
  }
}

function changeByCall(use: Use, facts: Facts): Change | undefined {
  const call = asCall(use.call);
  if (!call) return undefined;
  if (use.name === "out") return { at: call.node, evidence: "strong", of: "items" };
  const known = facts.nameOf(call.callee);
  if (known !== undefined && SHUFFLES.test(known))
    return call.args[0] === use.node ? { at: call.node, evidence: "strong", of: "items" } : undefined;
  const def = functionCalled(call.callee, facts);
  const position = call.args.indexOf(use.node);
  const isMethod = def !== undefined && asAttribute(call.callee) !== undefined;
  const parameter = def?.parameters[position < 0 ? -1 : position + (isMethod ? 1 : 0)];
  if (def && parameter && argumentOf(call, parameter.name, position) === use.node) {
    facts.bodyOf(def);
    if (facts.writesOf(parameter.nameNode).length === 1) {
      const stores = facts.usesOf(parameter.nameNode).some((it) => {
        const change = it.kind === "argument" ? undefined : changeBy(it, facts);
        return change?.of === "items" && change.evidence === "strong";
      });
      if (stores) return { at: call.node, evidence: "strong", of: "items" };
    }
  }
  const word = asAttribute(call.callee)?.name ?? call.callee.text;
  return TRAINS.test(word) && IS_MODEL.test(use.node.text)
    ? { at: call.node, evidence: "strong", of: "model" }
    : undefined;
}
