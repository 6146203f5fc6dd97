/** A pipeline or model of Transformers that is called for one input at a time. */

import {
  asCall,
  asMethodCall,
  asSubscript,
  builderOf,
  comesFromTurn,
  defineRule,
  lastIdentifier,
  type Call,
  type Evidence,
  type Facts,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Pipeline called for one input at a time",
  why: "A model does nearly the same work for one input as for several, above all on a GPU. A pipeline that gets the whole list with batch_size keeps the device busy.",
  guide: "transformers",
  level: "warning",
  gain: "safety",
  imports: ["transformers"],

  examples: [
    {
      before: `
from transformers import pipeline

classify = pipeline("sentiment-analysis")

def labels(texts: list[str]) -> list[str]:
    return [classify(text)[0]["label"] for text in texts]
`,
      after: `
from transformers import pipeline

classify = pipeline("sentiment-analysis")

def labels(texts: list[str]) -> list[str]:
    return [found["label"] for found in classify(texts, batch_size=16)]
`,
    },
  ],

  on: ["call"],
  within: "loop",

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const isGenerate = asMethodCall(node, "generate") !== undefined;
    if (!isGenerate && call.callee.kind !== "identifier" && call.callee.kind !== "attribute") return undefined;
    const [input] = call.args;
    const loop = facts.loopAround(node);
    if (!loop || loop.kind === "while_statement") return undefined;
    const evidence = isGenerate ? modelEvidence(call, facts) : input && pipelineEvidence(call, facts);
    if (!evidence) return undefined;
    const value = input ?? call.keywords.get("input_ids") ?? call.keywords.get("inputs");
    const inputs = value ? [value] : call.argumentList.descendants("dictionary_splat");
    if (!isGenerate && value && isSlice(value, facts) && !hasBatchSize(call, facts))
      return { at: call.callee, evidence, weight: "light" as Weight, call, form: "slice" as Form };
    if (!inputs.some((it) => comesFromTurn(it, loop, facts)) || isBatched(call, loop.text)) return undefined;
    return {
      at: call.callee,
      evidence,
      weight: facts.weightOf(node),
      call,
      form: (isGenerate ? "generate" : "item") as Form,
    };
  },

  message: ({ call: { callee }, form }) =>
    form === "slice"
      ? `\`${callee.text}\` gets a list and works through it one by one all the same; \`batch_size\` makes it take several at once, which pays on a GPU.`
      : form === "generate"
        ? `\`${callee.text}\` answers one prompt at a time; padded together, several prompts take little longer than one.`
        : `\`${callee.text}\` gets one input at a time; given the whole list with \`batch_size\`, it works through several at once.`,
});

/** `pipe(text)` where `pipe = pipeline(…)`. */
function pipelineEvidence({ callee }: Call, facts: Facts): Evidence | undefined {
  const maker = makerOf(callee, facts);
  return maker && facts.nameOf(maker.callee) === "transformers.pipeline" ? "proof" : undefined;
}

/** The call that made it, the first where several branches make one with the same function; an attribute may be None before that. */
function makerOf(callee: Node, facts: Facts): Call | undefined {
  const made = asCall(facts.valueOf(callee));
  if (made || callee.kind !== "attribute") return made;
  const [first, ...others] = writtenTo(callee, facts);
  const isOne = first && others.every((it) => it && facts.nameOf(it.callee) === facts.nameOf(first.callee));
  return isOne ? first : undefined;
}

/** What an attribute is set to, by way of one more name: undefined for each value that is no call. */
function writtenTo(attribute: Node, facts: Facts): readonly (Call | undefined)[] {
  const writes = facts.placeOf(attribute)?.writes ?? [];
  const values = writes.map((it) => (it.kind === "assign" ? it.value : undefined));
  return values
    .filter((it) => it?.kind !== "none")
    .flatMap((it) =>
      it?.kind === "identifier" ? facts.reachingSites(it).map((site) => asCall(site.value)) : [asCall(it)],
    );
}

function modelEvidence({ callee }: Call, facts: Facts): Evidence | undefined {
  const object = callee.field("object");
  const maker = object && asCall(facts.valueOf(object));
  const name = maker && facts.nameOf(maker.callee);
  return builderOf(name)?.kind === "model" && name!.startsWith("transformers.") ? "proof" : undefined;
}

type Form = "item" | "generate" | "slice";

/** `texts[start:start + 16]`, also by a name. */
function isSlice(value: Node, facts: Facts): boolean {
  const made = value.kind === "identifier" ? facts.valueOf(value) : value;
  const part = asSubscript(made);
  const isPart = part !== undefined && part.indices.length === 1 && part.indices[0]!.kind === "slice";
  // `text[:512]` cuts a text, of which the pipeline gets one.
  return (
    isPart && facts.typed(part.value, "fair")?.type.name !== "str" && !OF_TEXT.test(lastIdentifier(part.value.text))
  );
}

const OF_TEXT =
  /(?:^|_)(?:text|title|content|description|sentence|headline|prompt|query|question|review|body|message)$/i;

/** In the call, or where the pipeline is made. */
function hasBatchSize(call: Call, facts: Facts): boolean {
  return [call, makerOf(call.callee, facts)].some(
    (it) => it !== undefined && (it.hasSplat || it.keywords.has("batch_size")),
  );
}

/** The loop goes over batches already. */
function isBatched(call: Call, loop: string): boolean {
  return (
    call.keywords.has("batch_size") ||
    /batch|loader|\[\s*\w+\s*:\s*\w+\s*\+|padding=(?:True|"longest")/i.test(loop.slice(0, 2_000))
  );
}
