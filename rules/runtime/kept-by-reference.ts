/** The best state, or the state of each turn, that is kept by reference: it goes on to change with the object. */

import {
  ATOM,
  asAssignment,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  importModule,
  isInLastTurn,
  itemsOf,
  replace,
  textIn,
  unwrap,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";
import { firstChange, isGivenIn, loopsOutlived, type Change, type Changed } from "./kept-by-reference/changes.js";
import { keptState } from "./kept-by-reference/states.js";

interface Kept extends Match {
  readonly how: "state" | "best" | "each";
  readonly kept: Node;
  readonly isEach: boolean;
  readonly model: string;
  /** Under which name it is kept. */
  readonly name: string;
}

export default defineRule({
  title: "Best state kept by reference",
  why: "A name or a list keeps the object itself, not what it was like. If the same object goes on to be trained or changed in place, what was kept changes with it: the best model is then the last one, and all items of a list are the same. A copy stays as it was.",
  guide: "object-model",
  level: "error",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import random

def shortest(route: list[int], rounds: int, length) -> list[int]:
    best, least = route, length(route)
    for _ in range(rounds):
        random.shuffle(route)
        if length(route) < least:
            least = length(route)
            best = route
    return best
`,
      after: `
import copy
import random

def shortest(route: list[int], rounds: int, length) -> list[int]:
    best, least = route, length(route)
    for _ in range(rounds):
        random.shuffle(route)
        if length(route) < least:
            least = length(route)
            best = copy.deepcopy(route)
    return best
`,
    },
  ],

  on: ["call", "assignment"],
  methods: ["state_dict", "append"],
  values: { assignment: ["identifier", "attribute"] },

  find(node, { facts }): Kept | undefined {
    if (node.kind === "assignment") return facts.isTest ? undefined : ofAssignment(node, facts);
    const call = asMethodCall(node, "state_dict", "append");
    if (!call) return undefined;
    if (call.method === "append") return ofAppend(call.args[0], call.object, node, facts);
    const found = facts.isTest ? undefined : keptState(call, facts);
    if (!found) return undefined;
    return {
      at: found.copied,
      evidence: found.evidence,
      ...(found.related && { related: [{ at: found.related, message: "here it is given what it has" }] }),
      how: "state",
      kept: found.copied,
      isEach: found.isEach,
      model: found.model.text,
      name: found.name,
    };
  },

  message: ({ how, model, name }) => {
    const [object, keeper] = [excerpt(model, 40), excerpt(name, 40)];
    return how === "state"
      ? `\`${keeper}\` keeps the tensors of \`${object}\` themselves, and they go on to change: it holds the last weights, not these.`
      : how === "best"
        ? `\`${keeper}\` keeps \`${object}\` itself, which goes on to change: it ends as the last one, not as the best.`
        : `\`${keeper}\` gets the same \`${object}\` in each turn, which goes on to change: in the end all of them are alike.`;
  },

  fix({ how, kept, isEach, model }, file) {
    if (isEach)
      return fixOf(
        "Keep clones of the tensors",
        ["what is kept takes memory of its own"],
        [replace(kept, `${textIn(kept, ATOM)}.clone()`)],
      );
    const doubts = [
      how === "state" ? "what is kept takes memory of its own" : "other code may rely on it being the same object",
    ];
    const own = how === "state" ? undefined : ownCopy(kept, file.facts);
    if (own) return fixOf("Keep a copy", doubts, [replace(kept, `${kept.text}.${own}()`)]);
    const copy = importModule(file, "copy", kept);
    if (!copy) return declined("`copy` means something else here");
    return fixOf(`Keep a copy of ${how === "state" ? "the weights" : "it"}`, doubts, [
      ...copy.edits,
      replace(kept, `${copy.name}.deepcopy(${kept.text})`),
    ]);
  },
});

const ownCopy = (value: Node, facts: Facts): "copy" | "clone" | undefined =>
  facts.isA(value, "numpy.ndarray") ? "copy" : facts.isA(value, "torch.Tensor") ? "clone" : undefined;

/** `frames.append(grid)`, `frames.append((time, grid))`. */
function ofAppend(item: Node | undefined, list: Node, node: Node, facts: Facts): Kept | undefined {
  if (!item || (item.kind !== "identifier" && item.kind !== "tuple" && item.kind !== "dictionary")) return undefined;
  const innermost = facts.loopAround(node);
  if (!innermost || !/^(?:for|while)_statement$/.test(innermost.kind) || facts.isTest) return undefined;
  for (const value of valuesIn(item)) {
    if (value.text === list.text) continue;
    const outlived = loopsOutlived(value, node, facts).filter((it) => !isGivenIn(list, it, facts));
    const changed = firstChange(value, outlived, facts);
    if (!changed) continue;
    const { loop, change } = changed;
    if (isInLastTurn(node, loop) || isOnceOnly(node, loop, change, [list.text, value.text]) || isEmptied(list, loop))
      continue;
    const kind = facts.typed(list, "strong")?.type.name;
    if (kind !== undefined && kind !== "list") return undefined;
    if (kind === undefined && change.of !== "model") continue;
    const found = kept("each", value, list.text, change);
    return isShared(item, value, { loop, change }, facts) ? { ...found, evidence: "fair" } : found;
  }
  return undefined;
}

/** A dict that is one of several things in the item, and is filled turn by turn: all of them may be meant to have the same. */
const isShared = (item: Node, value: Node, { loop, change }: Changed, facts: Facts): boolean =>
  item !== value &&
  facts.typed(value, "strong")?.type.name === "dict" &&
  asSubscript(change.at)?.indices.some((it) => isGivenIn(it, loop, facts)) === true;

function valuesIn(item: Node): readonly Node[] {
  const values =
    item.kind === "identifier"
      ? [item]
      : item.kind === "tuple"
        ? itemsOf(item)
        : item.children.filter((it) => it.kind === "pair").flatMap((it) => it.field("value") ?? []);
  return values.filter((it) => it.kind === "identifier");
}

const kept = (how: "best" | "each", value: Node, name: string, change: Change): Kept => ({
  how,
  at: value,
  evidence: change.evidence,
  related: [{ at: change.at, message: "it is changed here" }],
  kept: value,
  isEach: false,
  model: value.text,
  name,
});

/** A test around it asks for the list or the thing itself: it goes in but once. */
function isOnceOnly(node: Node, loop: Node, change: Change, names: readonly string[]): boolean {
  for (let at = node.parent; at && at !== loop; at = at.parent) {
    if (at.kind !== "if_statement" && at.kind !== "elif_clause") continue;
    // `if len(part) == 9: parts.append(part); part.clear()`
    if (change.at.isInside(at) && change.at.start > node.end) continue;
    const condition = at.field("condition");
    if (
      condition &&
      /\bnot\b|\bin\b|\blen\(|\bis\b/.test(condition.text) &&
      names.some((it) => condition.text.includes(it))
    )
      return true;
  }
  return false;
}

/** What is in the list is taken out again: it is a stack, or a part at a time. */
const isEmptied = (list: Node, loop: Node): boolean =>
  loop.descendants("call").some((it) => {
    const method = asMethodCall(it, "pop", "popleft", "clear", "remove");
    return method !== undefined && method.object.text === list.text;
  });

const BEST = /best|(?:^|_)optimal(?:_|$)/i;

/** `best = model`, `models[name] = model`. */
function ofAssignment(node: Node, facts: Facts): Kept | undefined {
  const assignment = asAssignment(node);
  const value = assignment?.value && unwrap(assignment.value);
  const [target, more] = assignment?.targets ?? [];
  if (!value || !target || more) return undefined;
  if (target.kind === "subscript") return ofEntry(target, value, node, facts);
  if ((target.kind !== "identifier" && target.kind !== "attribute") || !BEST.test(target.text)) return undefined;
  if (BEST.test(value.text) || !facts.loopAround(node)) return undefined;
  const loops = loopsOutlived(value, node, facts);
  const branch = node.ancestor("if_statement", "for_statement", "while_statement");
  if (loops.length === 0 || branch?.kind !== "if_statement") return undefined;
  const isRead = facts.placeOf(target)?.reads.some((it) => it.tree !== node.tree || !it.isInside(branch)) ?? false;
  const around = isRead ? loops.filter((it) => branch.isInside(it)) : [];
  const changed = firstChange(value, around, facts);
  if (!changed || isInLastTurn(node, changed.loop)) return undefined;
  return kept("best", value, target.text, changed.change);
}

/** `models[name] = model`, where the same one is fitted again in each turn. */
function ofEntry(target: Node, value: Node, node: Node, facts: Facts): Kept | undefined {
  if (value.kind !== "identifier") return undefined;
  const entry = asSubscript(target);
  const kind = entry && facts.typed(entry.value, "strong")?.type.name;
  if (!entry || (kind !== "dict" && kind !== "list")) return undefined;
  const loops = loopsOutlived(value, node, facts).filter(
    (it) => entry.indices.some((index) => isGivenIn(index, it, facts)) && !isGivenIn(entry.value, it, facts),
  );
  const changed = firstChange(value, loops, facts, "model");
  if (!changed || isInLastTurn(node, changed.loop)) return undefined;
  return kept("each", value, entry.value.text, changed.change);
}
