/** Finds what openai, transformers and other libraries for language models took out. */

import { LLM_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(LLM_REMOVED);

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

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
