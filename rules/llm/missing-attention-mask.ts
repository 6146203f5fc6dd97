/** `model.generate(ids)` with the ids of a tokenizer and without its mask. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  replace,
  statementOf,
  textValue,
  unwrap,
  withArgument,
  type Call,
  type Facts,
  lastName,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Text generated without the attention mask",
  why: "Without the mask the model has to guess which ids are padding, and takes all of them for text where padding and end of text have one id. Texts of a padded batch then get other answers than they get alone, and each call warns of it.",
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
    inputs = tokenizer.encode(prompt, return_tensors="pt")
    outputs = model.generate(inputs, max_new_tokens=50)
    return tokenizer.decode(outputs[0][inputs.shape[-1]:])
`,
      after: `
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("gpt2")
model = AutoModelForCausalLM.from_pretrained("gpt2")

def answer(prompt: str) -> str:
    inputs = tokenizer(prompt, return_tensors="pt")
    outputs = model.generate(**inputs, max_new_tokens=50)
    return tokenizer.decode(outputs[0][inputs["input_ids"].shape[-1]:])
`,
    },
  ],

  on: ["call"],
  methods: ["generate"],

  find(_node, { facts }, call) {
    if (facts.isTest || call.hasSplat || call.keywords.has("attention_mask")) return undefined;
    const given = call.keywords.get("input_ids") ?? call.keywords.get("inputs") ?? call.args[0];
    const source = given && sourceOf(given, facts);
    if (!given || !source) return undefined;
    // One text alone has no padding: the answer is the same, only the warning comes.
    const isChat = source.kind === "chat" && !isPadded(source.made);
    return { at: given, evidence: "strong", weight: isChat ? "light" : "heavy", call, given, source };
  },

  message: ({ given, source }) =>
    isPadded(source.made)
      ? `\`${excerpt(given.text, 40)}\` is padded, and \`generate\` is not told where: the padding may be taken for text; give it \`attention_mask\` as well.`
      : `\`generate\` gets \`${excerpt(given.text, 40)}\` without the tokenizer's \`attention_mask\`, and has to guess which ids are padding.`,

  fix({ call, given, source }, { facts }) {
    const { made, kind, part } = source;
    if (kind === "chat") return declined("the template has to be asked for a dict, by `return_dict=True`");
    if (part) {
      // The mask comes the same way as the ids.
      const edit = withArgument(call, `attention_mask=${given.text.replace(/\binput_ids\b/, "attention_mask")}`);
      return edit
        ? fixOf("Give the attention mask", ["padded texts get other answers than before"], [edit])
        : undefined;
    }
    const value = unwrap(given);
    const statement = statementOf(made.node);
    const assignment = asAssignment(statement);
    const [target, more] = assignment?.targets ?? [];
    if (value.kind !== "identifier" || target?.text !== value.text || more || !assignment?.value)
      return declined("the ids are changed in between");
    if (!/^(?:\.to\(.*\))?$/s.test(assignment.value.text.slice(made.node.end - assignment.value.start)))
      return declined("the ids are changed in between");
    if (facts.writesOf(value).length > 1) return declined(`\`${value.text}\` has other values as well`);
    const reads = facts.readsOf(value).filter((it) => !(it.start === value.start && it.tree === value.tree));
    if (reads.some((it) => it.tree !== value.tree)) return declined("the ids are used in another function");
    const whole = given.parent?.kind === "keyword_argument" ? given.parent : given;
    return fixOf(
      "Give generate() all that the tokenizer makes",
      [
        facts.typed(asAttribute(made.callee)?.object ?? made.callee, "fair") === undefined &&
          "it must be a tokenizer of Transformers",
        "what the tokenizer makes besides ids and mask goes to the model too",
      ],
      [
        replace(made.callee, asAttribute(made.callee)?.object.text ?? made.callee.text),
        replace(whole, `**${value.text}`),
        ...reads.map((it) => replace(it, `${it.text}["input_ids"]`)),
      ],
    );
  },
});

interface Source {
  /** The call of the tokenizer. */
  readonly made: Call;
  /** `encode` and templates of chats give ids alone. */
  readonly kind: "encode" | "chat" | "whole";
  /** The ids are taken out of all that the tokenizer made. */
  readonly part: boolean;
}

const TOKENIZER = /tokenizer|(?:^|_)(?:tok|processor|processing_class)$/i;
const STEPS = 6;

/** The call of a tokenizer that made the ids; through names, `.to(device)` and the like. */
function sourceOf(given: Node, facts: Facts): Source | undefined {
  let value = unwrap(given);
  let part = false;
  for (let step = 0; step < STEPS; step++) {
    const call = asCall(value);
    if (call && TOKENIZER.test(lastName(call.callee)))
      return part ? { made: call, kind: "whole", part: isHeld(value, given) } : undefined;
    const method = asMethodCall(value);
    if (method && TOKENIZER.test(lastName(method.object))) {
      if (method.method === "encode") return { made: method, kind: "encode", part: false };
      const isDict = method.keywords.get("return_dict")?.kind === "true" || part;
      return method.method === "apply_chat_template" && method.keywords.has("return_tensors") && !isDict
        ? { made: method, kind: "chat", part: false }
        : undefined;
    }
    const item = asSubscript(value);
    const attribute = asAttribute(value);
    if (method && /^(?:to|cuda|cpu|unsqueeze)$/.test(method.method)) value = unwrap(method.object);
    else if (item && textValue(item.indices[0]) === "input_ids") [value, part] = [unwrap(item.value), true];
    else if (attribute?.name === "input_ids") [value, part] = [unwrap(attribute.object), true];
    else {
      const held = value.kind === "identifier" ? facts.valueOf(value) : undefined;
      if (!held) return undefined;
      value = unwrap(held);
    }
  }
  return undefined;
}

/** The tokenizer's answer has a name, from which the mask can be taken as well. */
function isHeld(made: Node, given: Node): boolean {
  return !made.isInside(given) && /\binput_ids\b/.test(given.text);
}

function isPadded({ keywords }: Call): boolean {
  const padding = keywords.get("padding");
  return padding !== undefined && padding.kind !== "false";
}
