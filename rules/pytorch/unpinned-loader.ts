/** A DataLoader whose batches go to a graphics card, without pinned memory. */

import {
  argumentOf,
  asAssignment,
  asCall,
  asFor,
  asFunction,
  DATA_LOADER,
  declined,
  defineRule,
  fixOf,
  importModule,
  isPinned,
  lastName,
  loaderIn,
  loadersOfCards,
  functionAround,
  movesBatch,
  nameAtRoot,
  nameGiven,
  transferOf,
  statementOf,
  useOf,
  withArgument,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "DataLoader without pinned memory",
  why: "The card can only fetch from memory that is pinned to its place. A batch from anywhere else is first copied into such memory, and the program waits for it. With pin_memory=True a thread of the loader pins each batch ahead, and non_blocking=True lets the copy overlap. The gain needs a card: it could not be measured here.",
  guide: "torch-data",
  level: "hint",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],
  words: ["DataLoader"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch.utils.data import DataLoader, Dataset

def total(data: Dataset) -> float:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    loader = DataLoader(data, batch_size=64)
    total = 0.0
    for images in loader:
        total += images.to(device).sum().item()
    return total
`,
      after: `
import torch
from torch.utils.data import DataLoader, Dataset

def total(data: Dataset) -> float:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    loader = DataLoader(data, batch_size=64, pin_memory=torch.cuda.is_available())
    total = 0.0
    for images in loader:
        total += images.to(device).sum().item()
    return total
`,
    },
  ],

  on: ["call"],
  calls: [DATA_LOADER],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || facts.isTest || facts.nameOf(call.callee) !== DATA_LOADER) return undefined;
    // A False that is written out is a decision.
    if (isPinned(call) !== "no" || argumentOf(call, "pin_memory", 7)) return undefined;
    const fed = facts.ofFile(loadersOfCards);
    const found = goesToCard(node, fed.split(","), facts);
    return found && { at: call.callee, ...found, call };
  },

  message: ({ name }) =>
    `The batches${name ? ` of \`${name}\`` : ""} go to the graphics card from memory that is not pinned; \`pin_memory=True\` prepares them ahead of the copy.`,

  fix({ call }, file) {
    const torch = importModule(file, "torch", call.node);
    const pinned = torch && withArgument(call, `pin_memory=${torch.name}.cuda.is_available()`);
    return pinned
      ? fixOf("Pin the batches", ["pinned memory cannot be swapped out"], [...torch.edits, pinned])
      : declined(torch ? "the arguments cannot be added to" : "`torch` means something else here");
  },
});

/** By the name that the loader is given here and gone through, here or in another function of the file. */
function goesToCard(
  node: Node,
  fed: readonly string[],
  facts: Facts,
): { readonly name: string; readonly evidence: Evidence } | undefined {
  const use = useOf(node);
  if (use.kind === "iterated" || use.kind === "argument") {
    const loop = node.ancestor("for_statement");
    const iterable = asFor(loop)?.iterable;
    const isOwn = loop && iterable && loaderIn(iterable).start === node.start;
    return isOwn && facts.view.matches(/["']cuda|\.cuda\(/) && movesBatch(loop, facts)
      ? { name: "", evidence: "strong" }
      : undefined;
  }
  const [target, more] = (use.kind === "assigned" && asAssignment(statementOf(node))?.targets) || [];
  if (!target || more) return undefined;
  const name = lastName(target);
  if (isDrawnFrom(target, facts) || isDrawnInside(target, facts)) return { name, evidence: "fair" };
  if (!fed.includes(name) && !isHandedOn(target, fed, facts)) return undefined;
  const isHere =
    target.kind === "identifier" &&
    facts.readsOf(target).some((it) => {
      const loop = it.ancestor("for_statement");
      const iterable = asFor(loop)?.iterable;
      return iterable !== undefined && loaderIn(iterable) === it;
    });
  return { name, evidence: isHere ? "strong" : "fair" };
}

/** `batches = endless(loader)` and then `next(batches).to(device)`. */
function isDrawnFrom(loader: Node, facts: Facts): boolean {
  if (loader.kind !== "identifier" || !facts.view.matches(/["']cuda|\.cuda\(/)) return false;
  return facts.usesOf(loader).some(({ kind, call }) => {
    const source = kind === "argument" && call ? nameGiven(call) : undefined;
    return source !== undefined && facts.usesOf(source).some((it) => it.kind === "argument" && isMovedOn(it.call));
  });
}

/** `yield from loader` in a function without parameters: `batches = endless()` and then `next(batches).to(device)`. */
function isDrawnInside(loader: Node, facts: Facts): boolean {
  if (loader.kind !== "identifier" || !facts.view.matches(/["']cuda|\.cuda\(/)) return false;
  return facts.readsOf(loader).some((it) => {
    const def = asFunction(functionAround(it));
    const isYielded = it.parent?.kind === "yield" || asFor(it.parent)?.body.descendants("yield").length;
    if (!def || !isYielded || def.parameters.length > 0) return false;
    return facts.readsOf(def.nameNode).some((read) => {
      const call = asCall(read.parent)?.callee === read ? read.parent : undefined;
      const source = call && nameGiven(call);
      return source !== undefined && facts.usesOf(source).some((use) => use.kind === "argument" && isMovedOn(use.call));
    });
  });
}

/** `next(batches).to(device)`, `images, _ = next(batches)` and `images.to(device)`. */
function isMovedOn(call: Node | undefined): boolean {
  if (!call || asCall(call)?.callee.text !== "next") return false;
  const names = asAssignment(statementOf(call))?.targets.flatMap((it) => it.descendants("identifier")) ?? [];
  const region = functionAround(call) ?? call.tree.root;
  return region.descendants("call").some((it) => {
    const moved = transferOf(it)?.moved;
    return (
      moved !== undefined &&
      (call.isInside(moved) || moved === call || names.some((name) => name.text === nameAtRoot(moved)?.text))
    );
  });
}

/** Given to a function of the file that moves the batches of what it is given. */
const isHandedOn = (name: Node, fed: readonly string[], facts: Facts): boolean =>
  name.kind === "identifier" &&
  facts
    .usesOf(name)
    .some(
      (it) =>
        it.kind === "argument" &&
        (fed.includes(`${lastName(asCall(it.call)?.callee ?? name)}()`) || isGoneThrough(it.node, it.call, facts)),
    );

/** `run(net, batches)`, whatever the parameter is called. */
function isGoneThrough(given: Node, node: Node | undefined, facts: Facts): boolean {
  const call = asCall(node);
  const def = call && !call.hasSplat ? facts.functionNamed(call.callee) : undefined;
  if (!call || !def || !facts.view.matches(/["']cuda|\.cuda\(/)) return false;
  const place = call.args.indexOf(given);
  const [keyword] = [...call.keywords].find(([, value]) => value === given) ?? [];
  const name = keyword ?? (place < 0 ? undefined : def.parameters[place]?.name);
  return (
    name !== undefined &&
    def.body.descendants("for_statement").some((it) => {
      const iterable = asFor(it)?.iterable;
      return iterable !== undefined && loaderIn(iterable).text === name && movesBatch(it, facts);
    })
  );
}
