/** `DataLoader(data, persistent_workers=True)`: options of worker processes where there are none. */

import {
  argumentOf,
  asCall,
  declined,
  defineRule,
  fixOf,
  hasComments,
  integerOf,
  withoutArgument,
  type Call,
  type Node,
} from "../../analysis/authoring.js";

const LOADER = "torch.utils.data.DataLoader";
/** `num_workers` is the sixth parameter. */
const WORKERS = 5;

export default defineRule({
  title: "Options of workers for a DataLoader without workers",
  why: "persistent_workers, prefetch_factor and multiprocessing_context belong to worker processes. With num_workers at 0, its default, DataLoader raises ValueError when it is made.",
  guide: "torch-data",
  level: "error",
  gain: "safety",
  imports: ["torch"],
  words: ["persistent_workers", "prefetch_factor", "multiprocessing_context"],
  fixes: "review",

  examples: [
    {
      before: `
from torch.utils.data import DataLoader, Dataset

def batches(data: Dataset) -> DataLoader:
    return DataLoader(data, batch_size=32, persistent_workers=True)
`,
      after: `
from torch.utils.data import DataLoader, Dataset

def batches(data: Dataset) -> DataLoader:
    return DataLoader(data, batch_size=32)
`,
    },
  ],

  on: ["call"],
  calls: [LOADER],

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat) return undefined;
    const workers = argumentOf(call, "num_workers", WORKERS);
    if (workers && integerOf(facts.valueOf(workers) ?? workers) !== 0) return undefined;
    const options = optionsOf(call);
    const [first] = options;
    if (!first || isExpected(node)) return undefined;
    return { at: first, evidence: "proof", weight: "heavy", options, call };
  },

  message: ({ options }) =>
    `${options.map((it) => `\`${it.text}\``).join(" and ")} without workers raises ValueError; give \`num_workers\` too.`,

  fix({ options, call }) {
    if (hasComments(call.argumentList)) return declined("a comment would be lost");
    const edits = options.map((it) => withoutArgument(it));
    if (options.length > 1) return declined("several options are given: choose the number of workers");
    return edits[0]
      ? fixOf("Take the option out", ["perhaps workers were meant: num_workers"], [edits[0]])
      : declined("the option cannot be taken out");
  },
});

/** The keyword arguments that make it fail, by values that are written out. */
function optionsOf({ keywords }: Call): readonly Node[] {
  const isSet: Readonly<Record<string, (value: Node) => boolean>> = {
    persistent_workers: (it) => it.text === "True",
    prefetch_factor: (it) => integerOf(it) !== undefined,
    multiprocessing_context: (it) => it.kind === "string",
  };
  return Object.entries(isSet).flatMap(([name, fails]) => {
    const value = keywords.get(name);
    return value?.parent?.kind === "keyword_argument" && fails(value) ? [value.parent] : [];
  });
}

/** Code that waits for the error: a test, or a `try` around it. */
const isExpected = (node: Node): boolean =>
  /raises|assertRaises/.test(node.ancestor("with_statement")?.children[0]?.text ?? "") ||
  node.ancestor("try_statement") !== undefined;
