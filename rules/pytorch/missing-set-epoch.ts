/** A `DistributedSampler` in an epoch loop that never calls `set_epoch`: the same order in every epoch. */

import {
  argumentOf,
  asAssignment,
  asCall,
  asFor,
  declined,
  defineRule,
  fixOf,
  functionAround,
  lineAbove,
  statementOf,
  statementsOf,
  useOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const SAMPLERS = ["torch.utils.data.DistributedSampler", "torch.utils.data.distributed.DistributedSampler"];
const LOADER = "torch.utils.data.DataLoader";
/** Functions that only look at a loader, or count it. */
const READERS = /^(len|enumerate|iter|tqdm|trange|print|next|zip|tqdm\.tqdm|range)$/;

export default defineRule({
  title: "DistributedSampler without set_epoch",
  why: "DistributedSampler shuffles by its seed and the number of the epoch. Without set_epoch that number stays 0, so every epoch brings the samples in the same order, and each process the same ones.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  words: ["DistributedSampler"],
  fixes: "review",

  examples: [
    {
      before: `
from torch.utils.data import DataLoader, Dataset, DistributedSampler

def train(data: Dataset, epochs: int, step) -> None:
    sampler = DistributedSampler(data)
    loader = DataLoader(data, batch_size=32, sampler=sampler)
    for epoch in range(epochs):
        for batch in loader:
            step(batch)
`,
      after: `
from torch.utils.data import DataLoader, Dataset, DistributedSampler

def train(data: Dataset, epochs: int, step) -> None:
    sampler = DistributedSampler(data)
    loader = DataLoader(data, batch_size=32, sampler=sampler)
    for epoch in range(epochs):
        sampler.set_epoch(epoch)
        for batch in loader:
            step(batch)
`,
    },
  ],

  on: ["call"],
  calls: SAMPLERS,

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || facts.isTest || !SAMPLERS.includes(facts.nameOf(call.callee) ?? "")) return undefined;
    const shuffle = argumentOf(call, "shuffle", 3);
    if (shuffle && shuffle.text !== "True") return undefined;
    // Cheaper than to ask who gets the sampler: the word stands nowhere.
    if (facts.fileMatches(/set_epoch/)) return undefined;
    const sampler = nameFor(node);
    const loader = sampler ? loaderOf(sampler, facts) : loaderAround(node, facts);
    if (!loader || !staysHere(loader, facts)) return undefined;
    const loop = epochLoop(loader, facts);
    return loop && { at: call.callee, evidence: "proof", weight: "heavy", sampler, loader, loop };
  },

  message: ({ loop, loader }) =>
    `\`${loader.text}\` brings the same order in every turn of \`for ${asFor(loop)?.target.text ?? "epoch"} …\`: nobody calls set_epoch on its sampler.`,

  fix({ sampler, loader, loop }, { facts }) {
    const epochs = asFor(loop);
    const first = epochs && statementsOf(epochs.body)[0];
    const counted = epochs && asCall(epochs.iterable);
    if (
      !epochs ||
      !first ||
      epochs.target.kind !== "identifier" ||
      !/^(range|builtins\.range|itertools\.count)$/.test(facts.nameOf(counted?.callee ?? loop) ?? "")
    )
      return declined("the loop has no number of the epoch");
    const owner = sampler ? sampler.text : `${loader.text}.sampler`;
    return fixOf(
      "Call set_epoch in each epoch",
      ["each epoch brings the samples in another order"],
      [lineAbove(first, `${owner}.set_epoch(${epochs.target.text})`)],
    );
  },
});

/** The name that the value of a call is given as a whole, by a statement of its own. */
function nameFor(node: Node): Node | undefined {
  const assignment = useOf(node).kind === "assigned" ? asAssignment(statementOf(node)) : undefined;
  const [target, more] = assignment?.targets ?? [];
  return !more && target?.kind === "identifier" && assignment?.value === node ? target : undefined;
}

/** The name of the only loader that gets the sampler, if it gets to nobody else. */
function loaderOf(sampler: Node, facts: Facts): Node | undefined {
  if (facts.writesOf(sampler).length !== 1) return undefined;
  const [use, more] = facts.usesOf(sampler);
  return use && !more && use.kind === "argument" && use.name === "sampler" && use.call
    ? namedLoader(use.call, facts)
    : undefined;
}

/** `DataLoader(data, sampler=DistributedSampler(data))`. */
function loaderAround(node: Node, facts: Facts): Node | undefined {
  const use = useOf(node);
  return use.kind === "argument" && use.name === "sampler" && use.call ? namedLoader(use.call, facts) : undefined;
}

const namedLoader = (call: Node, facts: Facts): Node | undefined =>
  facts.nameOf(asCall(call)?.callee ?? call) === LOADER ? nameFor(call) : undefined;

/** Nobody else gets the loader: a trainer may call set_epoch by itself. */
const staysHere = (loader: Node, facts: Facts): boolean =>
  facts.writesOf(loader).length === 1 &&
  facts
    .usesOf(loader)
    .every(
      (it) =>
        it.kind === "iterated" ||
        it.kind === "attribute" ||
        (it.kind === "argument" && READERS.test(asCall(it.call)?.callee.text ?? "")),
    );

/** The loop around the loop over the loader, in the same function. */
function epochLoop(loader: Node, facts: Facts): Node | undefined {
  for (const read of facts.readsOf(loader)) {
    const inner = read.ancestor("for_statement");
    if (
      !inner ||
      !read.isInside(asFor(inner)?.iterable ?? inner) ||
      functionAround(inner) !== functionAround(statementOf(loader))
    )
      continue;
    const outer = facts.loopAround(inner);
    if (outer?.kind === "for_statement" && !loader.isInside(outer)) return outer;
  }
  return undefined;
}
