/** `max_length` of a decoder, which counts the prompt as well as the answer. */

import {
  asCall,
  asMethodCall,
  defineRule,
  fixOf,
  replace,
  textValue,
  type Call,
  type Evidence,
  type Facts,
} from "../../analysis/authoring.js";

/** Models that go on writing where the prompt ends. In the others the answer stands alone, and its length is what is meant. */
const DECODERS =
  /^transformers\.(?:AutoModelForCausalLM|GPT2LMHeadModel|GPTNeo\w*|GPTJ\w*|Llama\w*|Mistral\w*|Mixtral\w*|Qwen\w*|Gemma\w*|Falcon\w*|Phi\w*|OPT\w*|Bloom\w*)\.from_pretrained$/;

export default defineRule({
  title: "Length of the prompt counted with the answer",
  why: "For a model that goes on where the prompt ends, max_length counts the prompt too: a long prompt leaves little or nothing for the answer, which then ends in the middle or is empty. max_new_tokens counts the answer alone.",
  guide: "transformers",
  level: "info",
  gain: "safety",
  imports: ["transformers"],
  fixes: "review",

  examples: [
    {
      before: `
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("gpt2")
model = AutoModelForCausalLM.from_pretrained("gpt2")

def answer(prompt: str) -> str:
    inputs = tokenizer(prompt, return_tensors="pt")
    return tokenizer.decode(model.generate(**inputs, max_length=100)[0])
`,
      after: `
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("gpt2")
model = AutoModelForCausalLM.from_pretrained("gpt2")

def answer(prompt: str) -> str:
    inputs = tokenizer(prompt, return_tensors="pt")
    return tokenizer.decode(model.generate(**inputs, max_new_tokens=100)[0])
`,
    },
  ],

  on: ["call"],

  find(_node, { facts }, call) {
    const length = call.keywords.get("max_length");
    if (!length || call.keywords.has("max_new_tokens") || facts.isTest) return undefined;
    // The length of the prompt is added by hand.
    if (/\blen\(|shape|\bsize\(|\+/.test(length.text)) return undefined;
    const evidence = decoderEvidence(call, facts);
    return evidence && { at: length.parent ?? length, evidence, call, length };
  },

  message: ({ call, length }) =>
    `\`max_length=${length.text}\` counts the prompt as well: a long one leaves \`${call.callee.text}\` no room for an answer; \`max_new_tokens\` counts the answer alone.`,

  fix: ({ at }) =>
    fixOf(
      "Count the answer alone",
      ["answers may be longer than before, by the length of the prompt"],
      [replace({ tree: at.tree, start: at.start, end: at.start + "max_length".length }, "max_new_tokens")],
    ),
});

/** `model.generate(…)`, or a pipeline for `text-generation`. */
function decoderEvidence({ callee, node }: Call, facts: Facts): Evidence | undefined {
  const generate = asMethodCall(node, "generate");
  const maker = asCall(facts.valueOf(generate ? generate.object : callee));
  const name = maker && facts.nameOf(maker.callee);
  if (name === undefined) return undefined;
  if (generate) return DECODERS.test(name) ? "proof" : undefined;
  return name === "transformers.pipeline" &&
    textValue(maker!.args[0] ?? maker!.keywords.get("task")) === "text-generation"
    ? "proof"
    : undefined;
}
