/** `torch.cuda.amp.autocast()` and its scaler, which are `torch.amp` with a device today. */

import {
  asCall,
  declined,
  defineRule,
  fixOf,
  hasComments,
  importModule,
  importsInstead,
  insertBefore,
  replace,
  type Call,
  type Edit,
  type Node,
} from "../../analysis/authoring.js";

const LEGACY: Readonly<Record<string, { readonly device: string; readonly name: string }>> = {
  "torch.cuda.amp.autocast": { device: "cuda", name: "autocast" },
  "torch.cuda.amp.GradScaler": { device: "cuda", name: "GradScaler" },
  "torch.cpu.amp.autocast": { device: "cpu", name: "autocast" },
  "torch.cpu.amp.GradScaler": { device: "cpu", name: "GradScaler" },
};
/** What the old `autocast` takes by position; the new one has them in another order. */
const PLACES = ["enabled", "dtype", "cache_enabled"];

export default defineRule({
  title: "Deprecated module of mixed precision",
  why: "torch.cuda.amp and torch.cpu.amp warn since PyTorch 2.4. torch.amp has the same classes for every device, which is their first argument.",
  guide: "pytorch",
  level: "warning",
  gain: "safety",
  imports: ["torch"],
  words: ["amp"],
  library: { torch: { from: "2.3" } },
  fixes: "review",

  examples: [
    {
      before: `
import torch

def loss_of(model: torch.nn.Module, batch: torch.Tensor) -> torch.Tensor:
    with torch.cuda.amp.autocast():
        return model(batch).sum()
`,
      after: `
import torch

def loss_of(model: torch.nn.Module, batch: torch.Tensor) -> torch.Tensor:
    with torch.amp.autocast("cuda"):
        return model(batch).sum()
`,
    },
  ],

  on: ["call"],
  calls: Object.keys(LEGACY),

  find(node, { facts }) {
    const call = asCall(node);
    const legacy = call && LEGACY[facts.nameOf(call.callee) ?? ""];
    if (!call || !legacy || isAlternative(node)) return undefined;
    return { at: call.callee, evidence: "proof", weight: facts.isTest ? "light" : "heavy", call, ...legacy };
  },

  message: ({ at, device, name }) =>
    `\`${at.text}\` is deprecated since PyTorch 2.4: \`torch.amp.${name}("${device}")\` is the same.`,

  fix({ call, device, name }, file) {
    const { facts } = file;
    if (hasComments(call.node)) return declined("a comment stands in the call");
    const given = argumentEdits(call, device, name);
    if (!given) return declined("the arguments are unpacked");
    const torch = importModule(file, "torch", call.node);
    if (!torch) return declined("the name of torch means something else here");
    const imported = call.callee.kind === "identifier" ? call.callee : undefined;
    const edits = imported
      ? importsInstead(imported, (read) => read.start === imported.start, torch.edits, facts)
      : torch.edits;
    return fixOf(
      `Use torch.amp.${name}`,
      [
        name === "GradScaler" && facts.fileMatches(ASKS_FOR_SCALER) && "the scaler is no longer one of the old class",
        facts.hasLibrary("torch", "2.3") !== "yes" && "it needs PyTorch 2.3 or newer",
      ],
      [...edits, replace(call.callee, `${torch.name}.amp.${name}`), ...given],
    );
  },
});

/** A run ends where the next one begins, so that a line is read once. */
const ASKS_FOR_SCALER = /isinstance\((?:(?!isinstance\()[^\n])*GradScaler/;

/** Both names stand in one choice: by the version of PyTorch. */
function isAlternative(node: Node): boolean {
  for (let at = node.parent; at && at.kind !== "function_definition"; at = at.parent) {
    if (
      ["if_statement", "try_statement", "conditional_expression"].includes(at.kind) &&
      /torch\.amp|torch\.autocast|__version__|hasattr/.test(at.text)
    )
      return true;
  }
  return false;
}

function argumentEdits(call: Call, device: string, name: string): readonly Edit[] | undefined {
  if (call.hasSplat && (name === "autocast" || call.argumentList.descendants("list_splat").length > 0))
    return undefined;
  const [first] = call.argumentList.children;
  if (!first) return [replace(call.argumentList, `("${device}")`)];
  const named = name === "autocast" ? call.args.map((it, place) => insertBefore(it, `${PLACES[place]}=`)) : [];
  const before = insertBefore(first, `"${device}", ${named.length > 0 ? `${PLACES[0]}=` : ""}`);
  return [before, ...named.slice(1)];
}
