/** Finds imports from `langchain` of what version 1.0 moved to other packages. */

import { LANGCHAIN_REMOVED, defineRule, removals, removedFix, removedMessage } from "../../analysis/authoring.js";

const REMOVED = removals(LANGCHAIN_REMOVED);

export default defineRule({
  title: "Import that LangChain 1.0 no longer has",
  why: "LangChain 1.0 kept agents, models, messages and tools, and moved everything else to langchain_core, langchain_classic and the packages of the providers. An import by the old path fails as soon as the environment has 1.0.",
  guide: "agents",
  level: "warning",
  gain: "safety",
  imports: ["langchain"],
  words: REMOVED.words,
  fixes: "review",

  examples: [
    {
      before: `
from langchain.prompts import PromptTemplate

def prompt(text: str) -> PromptTemplate:
    return PromptTemplate.from_template(text)
`,
      after: `
from langchain_core.prompts import PromptTemplate

def prompt(text: str) -> PromptTemplate:
    return PromptTemplate.from_template(text)
`,
    },
  ],

  ...REMOVED.asked,

  find: (node, { facts }) => REMOVED.find(node, facts),

  message: removedMessage,

  fix: removedFix,
});
