/** What hovers say of generating text with Transformers; and where a value came from, for libraries whose types nobody tells. */

import { asAttribute, callOf, defineConstructs, type File, type Node } from "../../analysis/authoring.js";
import { isPretrained, origin } from "./parts/origins.js";

export default defineConstructs([
  {
    name: "model.generate",
    guide: "transformers",
    at: [
      {
        attribute: "generate",
        of: ["transformers.PreTrainedModel", "transformers.GenerationMixin", "transformers.AutoModelForCausalLM"],
      },
      { node: "identifier" },
    ],
    when: isGenerating,
    says: '`max_new_tokens` bounds the answer, `max_length` counts the prompt as well. Pass what the tokenizer returned, mask included: `generate(**batch)`. Without `do_sample=True` it takes the likeliest token, and `temperature` and `top_p` have no effect. The output repeats the prompt: cut it off by tokens, `output[:, batch["input_ids"].shape[1]:]`, not by characters.',
    here: generateNote,
    example:
      "from transformers import AutoModelForCausalLM\n\nmodel = AutoModelForCausalLM.from_pretrained('gpt2').eval()\n\ndef answer(batch):\n    return model.‸generate(**batch, max_new_tokens=50)\n",
    unlike: [
      "class Report:\n    def generate(self): ...\n\nReport().‸generate()\n",
      "from google import genai\n\nclient = genai.Client()\nclient.‸generate('a')\n",
    ],
  },
]);

const LIMITS = ["max_new_tokens", "max_length", "generation_config", "stopping_criteria"];

function isGenerating(node: Node, { facts }: File): boolean {
  const attribute = node.text === "generate" && node.fieldName === "attribute" ? asAttribute(node.parent) : undefined;
  return (
    attribute !== undefined &&
    (facts.isA(attribute.object, "transformers.PreTrainedModel") ||
      facts.isA(attribute.object, "transformers.GenerationMixin") ||
      facts.isA(attribute.object, "transformers.AutoModelForCausalLM") ||
      isPretrained(origin(attribute.object, facts)))
  );
}

function generateNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call) return undefined;
  const { keywords } = call;
  if (keywords.has("max_length") && !keywords.has("max_new_tokens"))
    return "`max_length` counts the prompt too: a long one leaves no room for an answer.";
  const sampling = ["temperature", "top_p", "top_k"].filter((it) => keywords.has(it));
  if (sampling.length > 0 && keywords.get("do_sample")?.kind === "false")
    return `\`do_sample=False\`: ${sampling.map((it) => `\`${it}\``).join(" and ")} ${sampling.length === 1 ? "has" : "have"} no effect.`;
  if (!call.hasSplat && !LIMITS.some((it) => keywords.has(it)))
    return "No limit here: the model's generation config decides how long the answer gets.";
  return facts.loopAround(node) ? "In a loop: several prompts padded on the left make one batch." : undefined;
}
