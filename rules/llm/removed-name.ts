/** Finds what openai, transformers and other libraries for language models took out. */

import {
  LLM_REMOVED,
  asCall,
  defineRule,
  removals,
  removedFix,
  removedMessage,
  type Facts,
  type Node,
  type RemovedUse,
} from "../../analysis/authoring.js";

const REMOVED = removals(LLM_REMOVED);
/** openai 1.0 and later still have these names: each stands for something that raises as soon as it is used. */
const STAND_INS =
  /^openai\.(?:Edit|File|Audio|Image|Model|Engine|Customer|FineTune|FineTuningJob|Embedding|Completion|ChatCompletion|Deployment|Moderation|ErrorObject)$/;

export default defineRule({
  title: "Name that openai or transformers no longer has",
  why: "The clients and frameworks of language models take out names and arguments with their major releases. Code that uses one fails, or sets what nobody reads, as soon as the environment has a newer release.",
  guide: "transformers",
  level: "error",
  gain: "safety",
  imports: ["openai", "transformers", "anthropic", "pinecone", "llama_index", "langchain_ollama"],
  words: REMOVED.words,
  fixes: "safe",

  examples: [
    {
      before: `
from transformers import TrainingArguments

def arguments(folder: str):
    return TrainingArguments(folder, per_gpu_train_batch_size=8)
`,
      after: `
from transformers import TrainingArguments

def arguments(folder: str):
    return TrainingArguments(folder, per_device_train_batch_size=8)
`,
    },
  ],

  ...REMOVED.asked,

  find(node, { facts }) {
    const found = REMOVED.find(node, facts);
    if (!found) return undefined;
    return "entry" in found ? lowered(found, facts) : found.map((it) => lowered(it, facts));
  },

  message: removedMessage,

  fix: removedFix,
});

/** Where the name is only compared with, nothing fails until an error arrives there, or the test is made. */
function lowered(use: RemovedUse, facts: Facts): RemovedUse {
  if (!STAND_INS.test(use.entry.name)) return use;
  const { at, form, node } = use;
  const uses = form === "import" ? boundReads(at, facts) : [node];
  return uses.length > 0 && uses.every(isOnlyNamed) ? { ...use, evidence: "fair" } : use;
}

function boundReads(name: Node, facts: Facts): readonly Node[] {
  const bound = name.parent?.kind === "aliased_import" ? name.parent.field("alias")! : name;
  const identifier = bound.kind === "identifier" ? bound : bound.children[0];
  return identifier?.kind === "identifier" ? facts.readsOf(identifier) : [];
}

/** In the head of an `except`, in `isinstance`, in an annotation. */
function isOnlyNamed(node: Node): boolean {
  // Whatever is asked of it raises.
  if (node.parent?.kind === "attribute") return false;
  const around = node.ancestor("except_clause", "call", "type", "block", "module");
  if (around?.kind === "except_clause" || around?.kind === "type") return true;
  const call = asCall(around);
  return call !== undefined && /^(?:isinstance|issubclass)$/.test(call.callee.text) && call.args[1] !== undefined;
}
