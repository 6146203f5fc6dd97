/** A batch in pinned memory that is moved to the graphics card by a copy everything waits for. */

import {
  DATA_LOADER,
  asCall,
  asFor,
  asMethodCall,
  batchLoop,
  callOf,
  declined,
  defineRule,
  excerpt,
  fixOf,
  isPinned,
  loaderEvidence,
  loaderIn,
  lastName,
  pinnedLoaders,
  transferOf,
  withArgument,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Pinned batch moved by a copy that waits",
  why: "Memory that is pinned can be copied to the graphics card while Python goes on and the card computes. Without non_blocking=True the program waits for each copy all the same, and pinning brings little. The gain needs a card: it could not be measured here.",
  guide: "torch-data",
  level: "hint",
  gain: "time",
  unmeasured: "a graphics card",
  imports: ["torch"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch.utils.data import DataLoader, Dataset

def total(data: Dataset, device: torch.device) -> float:
    loader = DataLoader(data, batch_size=64, pin_memory=True)
    total = torch.zeros((), device=device)
    for images in loader:
        total += images.to(device).sum()
    return total.item()
`,
      after: `
import torch
from torch.utils.data import DataLoader, Dataset

def total(data: Dataset, device: torch.device) -> float:
    loader = DataLoader(data, batch_size=64, pin_memory=True)
    total = torch.zeros((), device=device)
    for images in loader:
        total += images.to(device, non_blocking=True).sum()
    return total.item()
`,
    },
  ],

  on: ["for_statement", "call"],
  methods: ["to", "cuda"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    if (node.kind === "call") {
      const transfer = transferOf(node);
      return transfer && isPinnedAtOnce(transfer.moved, facts)
        ? { at: transfer.call.callee, evidence: "proof" as const, all: [transfer], loader: undefined }
        : undefined;
    }
    const loop = asFor(node);
    const loader = loop && loaderOf(loop.iterable, facts);
    const evidence = loader && pinnedEvidence(loader, facts);
    if (!loader || (!evidence && !isFromElsewhere(loader, facts))) return undefined;
    const all = node
      .descendants("call")
      .flatMap((it) => transferOf(it) ?? [])
      .filter((it) => batchLoop(it.moved, facts) === node);
    const [first] = all;
    // One finding for the loop: all of its copies are mended together.
    if (!first) return undefined;
    if (evidence) return { at: first.call.callee, construct: node, evidence, all, loader: undefined };
    // Nobody knows here whether it pins: said where the batch goes to the card for certain, or wherever the rest of the file leads it.
    return { at: first.call.callee, construct: node, evidence: "fair" as const, all, loader: lastName(loader) };
  },

  message: ({ at, all, loader }) =>
    loader !== undefined
      ? `If \`${excerpt(loader, 30)}\` pins its memory, \`${excerpt(at.text, 40)}(…)\` waits for a copy that could go on meanwhile; \`non_blocking=True\` lets it.`
      : `\`${excerpt(at.text, 40)}(…)\` waits until the copy is done${all.length > 1 ? ", as the other copies of the batch do" : ""}; from pinned memory it can go on meanwhile, with non_blocking=True.`,

  fix({ all }) {
    const edits = all.flatMap(({ call }) => withArgument(call, "non_blocking=True") ?? []);
    if (edits.length < all.length) return declined("the arguments cannot be added to");
    return fixOf(
      "Copy while the program goes on",
      ["what is copied must not be changed in main memory before the copy is done"],
      edits,
    );
  },
});

/** Also by way of a name: `shown = tqdm(loader)`. */
function loaderOf(iterable: Node, facts: Facts): Node {
  const loader = loaderIn(iterable);
  const value = loader.kind === "identifier" ? facts.valueOf(loader) : undefined;
  return value && asCall(value) && loaderIn(value) !== value ? loaderIn(value) : loader;
}

/** A loader that is handed in, or that an object has, in a file that makes none: nobody can tell here what it does. */
function isFromElsewhere(loader: Node, facts: Facts): boolean {
  const found = loaderEvidence(loader, facts);
  // A class of the program may be called so too.
  const isMade = (it: Node) => callOf(it) !== undefined && [undefined, DATA_LOADER].includes(facts.nameOf(it));
  if (!found || found.made || facts.view.readsOf("DataLoader").some(isMade)) return false;
  if (facts.view.matches(/\bpin_memory\b/)) return false;
  return loader.kind === "attribute" || (loader.kind === "identifier" && !asCall(facts.valueOf(loader)));
}

/** `x.pin_memory().to(device)`, also by way of a name. */
function isPinnedAtOnce(moved: Node, facts: Facts): boolean {
  const value = asCall(moved) ? moved : facts.valueOf(moved);
  return asMethodCall(value, "pin_memory") !== undefined;
}

/** The loader pins, or is one of a file where all of them do. */
function pinnedEvidence(loader: Node, facts: Facts): Evidence | undefined {
  const found = loaderEvidence(loader, facts);
  if (!found) return undefined;
  if (found.made) return isPinned(found.made) === "yes" ? found.evidence : undefined;
  const pinned = facts.ofFile(pinnedLoaders);
  return pinned === "*" || pinned.split(",").includes(lastName(loader)) ? found.evidence : undefined;
}
