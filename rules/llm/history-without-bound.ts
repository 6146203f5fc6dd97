/** A list of messages that grows with every turn of a chat and is sent whole each time. */

import {
  asAttribute,
  asCall,
  asComparison,
  askedOf,
  asksModelInside,
  asMethodCall,
  asSubscript,
  asWhile,
  defineRule,
  entryOf,
  excerpt,
  functionAround,
  MODEL_LIBRARIES,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  grownList,
  lastIdentifier,
  lastName,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** They forget nothing. */
const SAVERS = new Set(["langgraph.checkpoint.memory.MemorySaver", "langgraph.checkpoint.memory.InMemorySaver"]);

export default defineRule({
  title: "Chat history without a bound",
  why: "All that was said is sent again with every turn, so the tenth turn pays for the nine before it. Cost and waiting time grow with the square of the turns, until the model's context is full and the call fails. The last turns, or a summary of the older ones, keep it in bounds.",
  guide: "agents",
  level: "info",
  gain: "safety",
  imports: [...MODEL_LIBRARIES, "crewai", "streamlit", "chainlit", "gradio"],

  examples: [
    {
      before: `
from openai import OpenAI

client = OpenAI(timeout=60)

def chat(model: str) -> None:
    messages = [{"role": "system", "content": "Answer in one sentence."}]
    while True:
        messages.append({"role": "user", "content": input("> ")})
        answer = client.chat.completions.create(model=model, messages=messages).choices[0].message
        messages.append({"role": "assistant", "content": answer.content})
        print(answer.content)
`,
      after: `
from openai import OpenAI

client = OpenAI(timeout=60)

def chat(model: str) -> None:
    messages = [{"role": "system", "content": "Answer in one sentence."}]
    while True:
        messages.append({"role": "user", "content": input("> ")})
        messages[1:-20] = []
        answer = client.chat.completions.create(model=model, messages=messages).choices[0].message
        messages.append({"role": "assistant", "content": answer.content})
        print(answer.content)
`,
    },
  ],

  on: ["call", "augmented_assignment"],
  methods: ["append", "extend"],
  calls: [...SAVERS],

  find(node, { facts }) {
    if (facts.isTest) return undefined;
    const saver = node.kind === "call" ? savedInMemory(asCall(node), facts) : undefined;
    if (saver) return saver;
    const list = grownList(node);
    const lasting = list && NAMED.test(lastWord(list)) ? lastingOf(list, node, facts) : undefined;
    if (!list || !lasting) return undefined;
    const { mentions, evidence, weight, loop } = lasting;
    const { grown, isTrimmed, asked } = doingsWith(mentions, facts);
    // Where several things are put into it, the first one is told of.
    const first = grown.find((it) => !loop || it.isInside(loop));
    if (first && !(first.start === list.start && first.tree === list.tree)) return undefined;
    return isTrimmed || asked === undefined ? undefined : { at: list, evidence, weight, list, asked };
  },

  message: ({ list, asked }) =>
    asked === ""
      ? `\`${excerpt(list.text, 40)}\` keeps every conversation in the memory of the server for as long as it runs; a store of its own can drop old ones.`
      : `\`${excerpt(list.text, 40)}\` grows with every turn, and \`${excerpt(asked, 50)}\` gets all of it each time; keep the last turns or a summary.`,
});

/** A checkpointer that a server makes once for all conversations. */
function savedInMemory(call: Call | undefined, facts: Facts) {
  if (!call || !SAVERS.has(facts.nameOf(call.callee) ?? "") || functionAround(call.node) || facts.isNotebook)
    return undefined;
  const serves = ["fastapi", "flask", "starlette", "django", "chainlit", "aiohttp", "litestar"].some((it) =>
    facts.view.imports(it),
  );
  return serves
    ? { at: call.callee, evidence: "proof" as Evidence, weight: "unknown" as Weight, list: call.callee, asked: "" }
    : undefined;
}

/** What such a list is called. */
const NAMED = /messages|history|conversation|convo|transcript|dialog|chat/i;
/** `messages` of `self.messages`, and of `st.session_state["messages"]`. */
const lastWord = (list: Node): string => /\b\w+["'\])]*$/.exec(list.text)?.[0] ?? "";

interface Lasting {
  /** Every place in sight that names the list. */
  readonly mentions: readonly Node[];
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly loop?: Node;
}

/** What is done with a list, worked out once for all that grows it. */
function doingsWith(mentions: Lasting["mentions"], facts: Facts) {
  return facts.memo("doings with a history", mentions, () => ({
    grown: mentions.filter((it) => isGrown(it)),
    isTrimmed: mentions.some((it) => isTrimmed(it)),
    asked: mentions.map((it) => askedWith(it, facts)).find((it) => it !== undefined),
  }));
}

/** A list that is still there in the next turn, and in the one after it; undefined where it is made anew, or where its turns are counted. */
function lastingOf(list: Node, node: Node, facts: Facts): Lasting | undefined {
  if (list.kind === "identifier") {
    const binding = facts.bindingOf(list);
    const mentions = facts.memo("history by a name", binding ?? list, () => [
      ...facts.readsOf(list),
      ...facts.writesOf(list).map((it) => it.name),
    ]);
    const loop = facts.loopsAround(node).find((it) => facts.memo("is a chat", it, () => isChat(it)));
    if (loop) {
      const isMadeAnew = facts.memo(`made anew ${list.text}`, loop, () =>
        facts.writesOf(list, loop).some((it) => it.name.parent?.kind !== "augmented_assignment"),
      );
      return isMadeAnew ? undefined : { mentions, evidence: "strong", weight: "heavy", loop };
    }
    const isGlobal = binding?.scope.parent === undefined && functionAround(node) !== undefined;
    if (isGlobal && facts.loopAround(node) === undefined) {
      const inEntry = entryOf(node, facts) !== undefined;
      // Elsewhere too it may be emptied by a new list.
      if (facts.writesOf(list).length > 1) return undefined;
      return { mentions, evidence: "strong", weight: inEntry ? "heavy" : "unknown" };
    }
    if (facts.writesOf(list).every((it) => it.kind === "parameter"))
      return isAnsweredInto(list, node, facts) ? { mentions, evidence: "fair", weight: "heavy" } : undefined;
    const held = facts.valueOf(list);
    return held && isKept(held) && facts.loopAround(node) === undefined
      ? { mentions, evidence: "strong", weight: "unknown" }
      : undefined;
  }
  if (facts.loopAround(node) !== undefined) return undefined;
  const attribute = asAttribute(list);
  if (attribute && /^self$/.test(attribute.object.text)) {
    const place = facts.placeOf(list);
    if (!place || place.writes.some((it) => !isBeginning(it.name))) return undefined;
    const mentions = facts.memo("history in an attribute", place, () => [
      ...place.reads,
      ...place.writes.map((it) => it.name),
    ]);
    return { mentions, evidence: "strong", weight: "unknown" };
  }
  if (!isKept(list)) return undefined;
  const mentions = facts.memo(`history ${list.text}`, node.tree, () =>
    node.tree.root.descendants("attribute", "subscript").filter((it) => it.text === list.text),
  );
  return { mentions, evidence: "strong", weight: "unknown" };
}

/** A parameter that gets the question before the model is asked with it, and the answer after that, outside of loops: a turn of the caller's conversation. */
function isAnsweredInto(list: Node, node: Node, facts: Facts): boolean {
  if (facts.loopAround(node) !== undefined) return false;
  const mentions = facts.readsOf(list);
  const asked = mentions.findIndex((it) => askedWith(it, facts) !== undefined);
  const grown = mentions.flatMap((it, index) => (isGrown(it) && facts.loopAround(it) === undefined ? [index] : []));
  return asked >= 0 && grown.some((it) => it < asked) && grown.some((it) => it > asked);
}

/** `st.session_state.messages`, `cl.user_session.get("history")`, `conversations[user]`, `self.sessions.setdefault(key, [])`. */
function isKept(value: Node): boolean {
  const node = unwrap(value);
  if (/\b(?:session_state|user_session)\b/.test(node.text)) return true;
  const item = asSubscript(node);
  const call = asMethodCall(node, "get", "setdefault");
  const holder = item ? item.value : call?.object;
  const key = item ? item.indices[0] : call?.args[0];
  return (
    holder !== undefined &&
    STORES.test(lastName(holder)) &&
    key !== undefined &&
    key.kind !== "string" &&
    key.kind !== "integer"
  );
}

const STORES = /session|history|histories|conversation|chat|memory|memories|threads|user/i;

/** Set in `__init__`, at the level of the class, or where somebody asks for a new conversation. */
function isBeginning(name: Node): boolean {
  const def = functionAround(name)?.field("name")?.text ?? "__init__";
  return /^__(?:post_)?init__$|reset|clear|new_|start|restart|load|setup/.test(def);
}

/** A person, or a queue, decides when the next turn comes, and how many there will be. */
function isChat(loop: Node): boolean {
  const { body, condition } = asWhile(loop) ?? {};
  if (!body || !condition || /^[<>]/.test(asComparison(unwrap(condition))?.operator ?? "")) return false;
  const heads = [condition, body];
  return heads.some((it) => it.descendants("call").some((call) => isWaiting(call.field("function")?.text ?? "")));
}

const isWaiting = (callee: string): boolean => WAITS.test(callee) || /(?:^|_)receive_\w/i.test(lastIdentifier(callee));
const WAITS =
  /(?:^|[._])(?:input|ainput|async_input|prompt|prompt_async|ask|recv|receive|readline|get_input|get_user_input|user_input|listen|select|chat_input)$|(?:queue|q|inbox|mailbox)\.get$/i;

function isGrown(mention: Node): boolean {
  const { parent } = mention;
  if (parent?.kind === "augmented_assignment") return mention.fieldName === "left";
  return (
    parent?.kind === "attribute" &&
    /^(?:append|extend)$/.test(asAttribute(parent)?.name ?? "") &&
    parent.parent?.kind === "call"
  );
}

/** A part of it is taken, something is taken out, or its length is asked for. */
function isTrimmed(mention: Node): boolean {
  const { parent } = mention;
  const attribute = parent?.kind === "attribute" ? asAttribute(parent) : undefined;
  if (attribute?.object === mention && /^(?:pop|clear|popleft|remove|trim\w*|truncate\w*)$/.test(attribute.name))
    return true;
  const item = asSubscript(parent);
  if (item?.value === mention)
    return item.indices.some((it) => it.kind === "slice") || parent?.parent?.kind === "delete_statement";
  const argumentsOf = parent?.kind === "keyword_argument" ? parent.parent : parent;
  const call = argumentsOf?.kind === "argument_list" ? asCall(argumentsOf.parent) : undefined;
  return call !== undefined && (call.callee.text === "len" || SHORTENS.test(call.callee.text));
}

const SHORTENS = /trim|trunc|summar|compress|compact|prune|window|shorten|limit|cut|token|reduce|filter|recent|last/i;

/** The call that sends the list to a model, as it is, in a longer list, or message by message. */
function askedWith(mention: Node, facts: Facts): string | undefined {
  let at: Node = mention;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const { parent } = at;
    if (!parent) return undefined;
    if (parent.kind === "for_in_clause" ? at.fieldName !== "right" : !CARRIES.has(parent.kind)) return undefined;
    if (parent.kind === "attribute" || parent.kind === "subscript") return undefined;
    const call = parent.kind === "argument_list" ? asCall(parent.parent) : undefined;
    if (call) {
      const callee = call.callee.text.replace(/\s+/g, "");
      if (/^(?:list|copy|deepcopy|copy\.copy|copy\.deepcopy|tuple)$/.test(callee)) {
        at = call.node;
        continue;
      }
      return asksModel(call.callee, callee, facts) ? callee : undefined;
    }
    at = parent;
  }
  return undefined;
}

const MOST_STEPS = 12;
const CARRIES = new Set([
  "argument_list",
  "keyword_argument",
  "list",
  "list_splat",
  "binary_operator",
  "parenthesized_expression",
  "dictionary",
  "pair",
  "for_in_clause",
  "list_comprehension",
  "generator_expression",
]);

const NAMED_MODEL = /(?:^|[._])llm\.(?:call|acall|chat|achat|stream|astream|stream_chat)$/i;

/** Itself, or by way of a function of the file. */
function asksModel(callee: Node, text: string, facts: Facts): boolean {
  return askedOf(text) === "answer" || NAMED_MODEL.test(text) || asksModelInside(callee, facts);
}
