/** A prompt that begins otherwise at each call, so that no cache of prompts can serve it, or that pays for the spaces of indented JSON. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asFunction,
  asMethodCall,
  asString,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  MODEL_LIBRARIES,
  qualifiedName,
  replace,
  statementOf,
  textValue,
  unwrap,
  withoutArgument,
  type Facts,
  type Interpolation,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Prompt that no cache can serve",
  why: "Services keep what they have worked out for the beginning of a prompt, and read it again at a tenth of the price. A time or an id near the top makes each prompt another one from there on; below the fixed part it costs nothing. Indented JSON pays for its spaces at each call.",
  guide: "agents",
  level: "hint",
  gain: "safety",
  imports: [...MODEL_LIBRARIES, "crewai", "dspy", "autogen_core", "autogen_agentchat"],
  fixes: "review",

  examples: [
    {
      before: `
import json
from openai import OpenAI

client = OpenAI(timeout=60)

def ask(model: str, orders: list[dict], question: str) -> str:
    prompt = f"Answer by these orders: {json.dumps(orders, indent=2)} {question}"
    return client.responses.create(model=model, input=prompt).output_text
`,
      after: `
import json
from openai import OpenAI

client = OpenAI(timeout=60)

def ask(model: str, orders: list[dict], question: str) -> str:
    prompt = f"Answer by these orders: {json.dumps(orders, separators=(',', ':'))} {question}"
    return client.responses.create(model=model, input=prompt).output_text
`,
    },
  ],

  on: ["string", "call"],
  calls: ["json.dumps"],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    if (node.kind === "call") {
      const indent = asCall(node)?.keywords.get("indent");
      if (!indent || indent.kind === "none" || !isInPrompt(node, facts)) return undefined;
      return {
        at: indent.parent!,
        evidence: "strong",
        weight: "heavy",
        kind: "json",
        what: indent.parent!,
        behind: 0,
      } as const;
    }
    const text = asString(node);
    if (!text?.isFormatted || !isPromptText(node)) return undefined;
    const index = text.parts.findIndex((it) => typeof it !== "string" && isVolatile(it, facts));
    const part = text.parts[index];
    if (part === undefined || typeof part === "string") return undefined;
    const behind = text.parts.slice(index + 1).reduce((sum, it) => sum + (typeof it === "string" ? it.length : 0), 0);
    if (behind < LEAST) return undefined;
    return {
      at: part.node,
      evidence: "strong",
      weight: "heavy",
      kind: "volatile",
      what: part.expression,
      behind,
    } as const;
  },

  message: ({ kind, what }) =>
    kind === "json"
      ? `The JSON of \`${excerpt(asCall(what.parent?.parent)?.args[0]?.text ?? "the data", 40)}\` fills the prompt with spaces that are paid for at each call; without \`${what.text}\` it says the same.`
      : `\`${excerpt(what.text, 40)}\` is another text at each call: what stands below it cannot come from the cache of prompts; below the fixed part it could.`,

  fix({ kind, what, at }, { facts }) {
    if (kind !== "json") return declined("the fixed part of the text has to be moved above it");
    const call = asCall(what.parent?.parent);
    const doubts = ["the model reads the same data without line ends"];
    if (call?.keywords.has("separators")) {
      const edit = withoutArgument(what);
      return edit && fixOf("Write compact JSON", doubts, [edit]);
    }
    const around = formattedAround(what);
    // Up to Python 3.11 the quotes of the f-string may not stand inside it.
    const quote = around?.quote.startsWith('"') && !facts.hasPython("3.12") ? "'" : '"';
    if (around?.quote.length === 1 && around.quote === quote) return declined("it stands inside an f-string");
    return fixOf("Write compact JSON", doubts, [replace(at, `separators=(${quote},${quote}, ${quote}:${quote})`)]);
  },
});

/** What is fixed below it has to be worth a cache. */
const LEAST = 400;
const PROMPT = /prompt|instruction|system_(?:message|msg)|template/i;
const VOLATILE =
  /^(?:datetime\.datetime\.(?:now|utcnow|today)|time\.(?:time|time_ns|ctime|strftime)|uuid\.uuid[14]|random\.\w+|secrets\.\w+)$/;
/** A date alone changes once a day. */
const DATE_ONLY = /^(?:%[YymdBbAajUWuGV%]|[\s,./\-:()]|\w(?<!%\w))*$/;

/** A time, an id or a number that is new at each call; itself, as text, or by way of a name. */
function isVolatile({ expression, format }: Interpolation, facts: Facts): boolean {
  if (format && isDateOnly(format)) return false;
  let value = unwrap(expression);
  const held = value.kind === "identifier" ? facts.valueOf(value) : undefined;
  if (held) {
    // Made once, when the program starts, it stays the same.
    if (functionAround(held) === undefined) return false;
    value = unwrap(held);
  }
  const method = asMethodCall(value);
  if (method?.method === "strftime" && isDateOnly(textValue(method.args[0]) ?? "%H")) return false;
  if (method?.method === "date" || asAttribute(value)?.name === "year") return false;
  if (functionAround(value) === undefined) return false;
  return [value, ...value.descendants("call")].some((it) => {
    const call = asCall(it);
    return call !== undefined && VOLATILE.test(qualifiedName(call, facts) ?? "");
  });
}

const isDateOnly = (format: string): boolean => DATE_ONLY.test(format) && !/%[HIMSfpXcsTR]/.test(format);

/** The text is what a name with `prompt` in it gets, the content of a message, or what such a function returns. */
function isPromptText(text: Node): boolean {
  let at = text;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const { parent } = at;
    if (!parent) return false;
    if (parent.kind === "keyword_argument")
      return /^(?:content|prompt|system|system_prompt|system_message|instructions|input|inputText|backstory)$/.test(
        parent.field("name")?.text ?? "",
      );
    if (parent.kind === "pair") return /^["'](?:content|system|prompt|text)["']$/.test(parent.field("key")?.text ?? "");
    if (parent.kind === "assignment" || parent.kind === "augmented_assignment")
      return PROMPT.test(parent.field("left")?.text ?? "");
    if (parent.kind === "return_statement") return PROMPT.test(asFunction(functionAround(text))?.name ?? "");
    if (parent.kind === "argument_list") {
      const call = asCall(parent.parent);
      if (!call) return false;
      if (/(?:System|Human|User|Chat)Message(?:Param)?$/.test(call.callee.text)) return true;
      const method = asMethodCall(call.node);
      // `prompt.format(data=…)`, `parts.append(…)`.
      return (
        method !== undefined &&
        /^(?:format|append|replace|join)$/.test(method.method) &&
        PROMPT.test(method.object.text)
      );
    }
    if (!CARRIES.has(parent.kind)) return false;
    at = parent;
  }
  return false;
}

const MOST_STEPS = 10;
const CARRIES = new Set([
  "parenthesized_expression",
  "concatenated_string",
  "binary_operator",
  "interpolation",
  "string",
  "list",
  "tuple",
  "conditional_expression",
]);

/** JSON that becomes a part of a prompt, itself or by way of a name that is read there alone. */
function isInPrompt(json: Node, facts: Facts): boolean {
  const around = formattedAround(json);
  if (around) return isPromptText(around.node);
  const statement = statementOf(json);
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  if (assignment?.value && unwrap(assignment.value) === json && target?.kind === "identifier" && !more) {
    const reads = facts.readsSeeing(target);
    return reads.length > 0 && reads.every((it) => isUsedInPrompt(it));
  }
  return isUsedInPrompt(json);
}

/** `prompt += "…" + data`, `prompt.format(data=data)`, `f"…{data}"`. */
function isUsedInPrompt(read: Node): boolean {
  const { parent } = read;
  const list = parent?.kind === "keyword_argument" ? parent.parent : parent;
  const call = list?.kind === "argument_list" ? asMethodCall(list.parent) : undefined;
  if (call?.method === "format") return PROMPT.test(call.object.text);
  const around = formattedAround(read);
  if (around) return isPromptText(around.node);
  return parent?.kind === "binary_operator" && isPromptText(read);
}

function formattedAround(node: Node): ReturnType<typeof asString> {
  const string = node.ancestor("string");
  const statement = statementOf(node);
  return string && string.isInside(statement) ? asString(string) : undefined;
}
