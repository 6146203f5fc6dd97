/** A client of a language model that waits for an answer as long as its library likes. */

import {
  asCall,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  functionAround,
  lastIdentifier,
  entryOf,
  withArgument,
} from "../../analysis/authoring.js";

/** Clients and calls whose own limit is many minutes, or none, with the argument that sets it. */
const CLIENTS = new Map<string, string>([
  ...[
    ...["OpenAI", "AsyncOpenAI", "AzureOpenAI", "AsyncAzureOpenAI"].map((it) => `openai.${it}`),
    ...["chat.completions.create", "responses.create", "embeddings.create", "images.generate"].map(
      (it) => `openai.${it}`,
    ),
    ...["Anthropic", "AsyncAnthropic"].map((it) => `anthropic.${it}`),
    ...["Client", "AsyncClient"].map((it) => `ollama.${it}`),
    ...["Together", "AsyncTogether"].map((it) => `together.${it}`),
    ...["InferenceClient", "AsyncInferenceClient"].map((it) => `huggingface_hub.${it}`),
    ...["ChatOpenAI", "AzureChatOpenAI", "OpenAIEmbeddings", "AzureOpenAIEmbeddings"].map(
      (it) => `langchain_openai.${it}`,
    ),
    "langchain_anthropic.ChatAnthropic",
    "langchain_google_genai.ChatGoogleGenerativeAI",
    "langchain.chat_models.init_chat_model",
    ...["completion", "acompletion"].map((it) => `litellm.${it}`),
  ].map((it) => [it, "timeout=60"] as const),
  ["langchain_ollama.ChatOllama", 'client_kwargs={"timeout": 60}'],
  ["langchain_ollama.OllamaLLM", 'client_kwargs={"timeout": 60}'],
  // These two count in milliseconds.
  ["google.genai.Client", 'http_options={"timeout": 60_000}'],
  ["mistralai.Mistral", "timeout_ms=60_000"],
]);
const LIMITS =
  /^(?:timeout|timeout_ms|request_timeout|default_request_timeout|http_client|http_async_client|http_options|client_kwargs|async_client_kwargs|max_retries|stop_after_attempt)$/;
/** What waits for ever where no limit is set; the others give up by themselves after some minutes. */
const ENDLESS = /^(?:google\.genai|huggingface_hub|ollama|langchain_ollama)\./;
/** Programs in which somebody else waits meanwhile. */
const SERVERS = [
  "fastapi",
  "flask",
  "django",
  "starlette",
  "sanic",
  "quart",
  "celery",
  "chainlit",
  "streamlit",
  "gradio",
  "discord",
  "telegram",
  "aiogram",
  "slack_bolt",
];

export default defineRule({
  title: "Model client without a timeout",
  why: "Without a timeout these clients wait many minutes for one answer, and some wait for ever; whoever waits for the caller waits too. A limit that fits the task turns a hanging server into an error that can be handled.",
  guide: "agents",
  level: "info",
  differs: { light: "off" },
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI()

@app.post("/chat")
def chat(prompt: str) -> str:
    return client.responses.create(model="gpt", input=prompt).output_text
`,
      after: `
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI(timeout=60)

@app.post("/chat")
def chat(prompt: str) -> str:
    return client.responses.create(model="gpt", input=prompt).output_text
`,
    },
  ],

  on: ["call"],
  calls: [...CLIENTS.keys()],

  find(node, { facts }, call) {
    if (facts.isTest || facts.isNotebook || call.hasSplat) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    const limit = CLIENTS.get(name);
    if (!limit || [...call.keywords.keys()].some((it) => LIMITS.test(it)) || facts.ofFile(LIMITS_ELSEWHERE))
      return undefined;
    const isServed = SERVERS.some((it) => facts.view.imports(it)) || entryOf(node, facts) !== undefined;
    // A script that hangs is seen by whoever started it; for how long a function of a module may hang nobody knows.
    const own = functionAround(node) ? facts.weightOf(node) : "light";
    const isEndless = ENDLESS.test(name) && functionAround(node) !== undefined;
    const weight = isServed ? "heavy" : own === "light" && isEndless ? "unknown" : own;
    return { at: call.callee, evidence: "proof", weight, call, limit, isServed };
  },

  message: ({ call: { callee }, isServed }) =>
    `\`${callee.text}\` has no \`timeout\`: a server that hangs holds ${isServed ? "whoever waits for an answer" : "the program"} for many minutes before it fails, if it fails at all.`,

  fix({ call, limit }) {
    const added = withArgument(call, limit);
    if (!added) return declined(`the arguments of ${lastIdentifier(call.callee.text)} cannot be added to`);
    return fixOf("Wait a minute at most", ["answers that take longer than a minute fail"], [added]);
  },
});

/** Calls may bring their own limit, or one may stand around them. */
const LIMITS_ELSEWHERE = fileQuestion(
  (facts) =>
    facts.fileMatches(/\bwait_for\(|\basyncio\.timeout\(|\brequest_timeout\b/) ||
    facts.fileMatches(/\b(?:openai|litellm)\.timeout\s*=/) ||
    // A socket that stays open has limits of its own, which these do not reach.
    (facts.fileMatches(/\.realtime\b/) && !facts.fileMatches(/\.(?:responses|completions|embeddings)\b/)) ||
    LIMITED_METHODS.some((method) =>
      facts.view.attributesOf(method).some((it) => {
        facts.view.looksInto(it.tree);
        const call = asCall(it.parent);
        return call?.callee === it && call.keywords.has("timeout");
      }),
    ),
);
const LIMITED_METHODS = ["with_options", "create", "parse", "invoke", "ainvoke", "stream"];
