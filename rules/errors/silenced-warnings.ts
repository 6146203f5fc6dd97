/** `warnings.filterwarnings("ignore")`: all warnings are hidden, of every library and for the whole program. */

import {
  asFunction,
  defineRule,
  excerpt,
  functionAround,
  textValue,
  type Call,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "All warnings hidden",
  why: "Warnings say that a name goes away with the next release, that a solver did not converge, or that numbers became nan. Without a category, the filter hides those too, for all that is imported later and for every program that imports this file.",
  guide: "debugging",
  level: "hint",
  gain: "safety",
  words: ["warnings"],

  examples: [
    {
      before: `
import warnings

warnings.filterwarnings("ignore")
`,
      after: `
import warnings

warnings.filterwarnings("ignore", category=FutureWarning, module="seaborn")
`,
    },
  ],

  on: ["call"],
  calls: ["warnings.filterwarnings", "warnings.simplefilter"],

  find(node, { facts }, call) {
    if (facts.isTest || call.hasSplat || !isForAll(call) || isLocal(node) || isOfScript(node)) return undefined;
    const isImported = functionAround(node) === undefined && !facts.isNotebook;
    return { at: node, evidence: "proof", weight: facts.isNotebook ? "light" : "heavy", call, isImported };
  },

  message: ({ call, isImported }) =>
    `\`${excerpt(call.node.text.replace(/\s+/g, " "), 50)}\` hides every warning${isImported ? ", also for programs that import this file" : ""}; a \`category\` or \`module\` hides the one that disturbs.`,
});

/** Neither a message, nor a category, nor a module narrows it. */
function isForAll({ args, keywords, callee }: Call): boolean {
  const action = args[0] ?? keywords.get("action");
  if (textValue(action) !== "ignore") return false;
  const isFilter = callee.text.endsWith("filterwarnings");
  const narrowing = [keywords.get("category"), keywords.get("module"), keywords.get("message"), ...args.slice(1)];
  return narrowing.every((it, index) => {
    if (!it) return true;
    // `filterwarnings("ignore", "", Warning)`.
    const isText = textValue(it) === "" || textValue(it) === ".*";
    return isText || it.text === "Warning" || (isFilter && index >= 3 && it.text === "0");
  });
}

/** Whoever starts the program may choose what it shows. */
function isOfScript(node: Node): boolean {
  const def = asFunction(functionAround(node));
  return (
    /^_?main$/.test(def?.name ?? "") || /__name__/.test(node.ancestor("if_statement")?.field("condition")?.text ?? "")
  );
}

/** Inside `with warnings.catch_warnings():` the filter ends with the block. */
function isLocal(node: Node): boolean {
  for (let at = node.parent; at; at = at.parent)
    if (at.kind === "with_statement" && /catch_warnings|warns\b/.test(at.text.slice(0, at.text.indexOf(":") + 1)))
      return true;
  return false;
}
