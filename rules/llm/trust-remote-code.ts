/** Code of a model's repository that is run in whatever state it is in today. */

import { defineRule, textValue } from "../../analysis/authoring.js";

export default defineRule({
  title: "Remote code without a fixed revision",
  why: "With trust_remote_code the program runs Python files of the model's repository. Without a revision these are whatever its owner, or whoever got hold of the account, has put there last.",
  guide: "transformers",
  level: "hint",
  gain: "safety",
  words: ["trust_remote_code"],

  examples: [
    {
      before: `
from transformers import AutoModelForCausalLM

def load(name: str):
    return AutoModelForCausalLM.from_pretrained(name, trust_remote_code=True)
`,
      after: `
from transformers import AutoModelForCausalLM

def load(name: str, revision: str):
    return AutoModelForCausalLM.from_pretrained(name, trust_remote_code=True, revision=revision)
`,
    },
  ],

  on: ["call"],

  find(_node, { facts }, call) {
    const trusted = call.keywords.get("trust_remote_code");
    if (trusted?.kind !== "true" || call.hasSplat || call.callee.text === "dict" || facts.isTest) return undefined;
    if (["revision", "code_revision", "model_kwargs", "commit"].some((it) => call.keywords.has(it))) return undefined;
    const source = textValue(call.args[0] ?? call.keywords.get("pretrained_model_name_or_path"));
    // A folder of this machine is as it was left.
    if (source !== undefined && /^[./~]/.test(source)) return undefined;
    return { at: trusted.parent ?? trusted, evidence: "proof", call, source };
  },

  message: ({ call, source }) =>
    `\`${call.callee.text}\` runs the Python files of ${source === undefined ? "the repository" : `\`${source}\``} as they are on the day; \`revision=\` with a commit keeps it to what was looked at.`,
});
