/** A client, vector store or connection that a handler builds anew for each request. */

import {
  asCall,
  builderCalls,
  builderOf,
  builtAgain,
  cachedFactory,
  declined,
  defineRule,
  madeAgain,
  type Builder,
  type BuiltAgain,
  type Call,
} from "../../analysis/authoring.js";

const PER = new Set(["request", "event", "dependency"]);

export default defineRule({
  title: "Client built for each request",
  why: "A client owns a pool of connections. One that is built in a handler opens new connections for each request and throws them away, and building it takes time of its own; one that is built once serves all requests.",
  guide: "model-api",
  level: "warning",
  gain: "safety",
  overrides: ["llm/call-without-timeout"],
  fixes: "review",

  examples: [
    {
      before: `
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()

@app.post("/chat")
def chat(prompt: str) -> str:
    client = OpenAI(timeout=30)
    answer = client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": prompt}])
    return answer.choices[0].message.content
`,
      after: `
from functools import cache

from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()

@cache
def make_client() -> OpenAI:
    return OpenAI(timeout=30)

@app.post("/chat")
def chat(prompt: str) -> str:
    client = make_client()
    answer = client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": prompt}])
    return answer.choices[0].message.content
`,
    },
  ],

  on: ["call", "function_definition"],
  calls: builderCalls("client", "service", "http", "chat", "store"),

  find(node, { facts }) {
    const call = asCall(node);
    if (!call) {
      const made = madeAgain(node, facts).find((it) => PER.has(it.built.per));
      return made && matchOf(made.call, made.built, undefined);
    }
    const builder = builderOf(facts.nameOf(call.callee));
    const built = builder && builtAgain(call, facts);
    return built && PER.has(built.per) ? matchOf(call, built, builder) : undefined;
  },

  message({ call: { callee }, built: { per, def }, builder }) {
    const when = per === "event" ? "event" : "request";
    const who = def ? `each ${when} of \`${def.name}\`` : `each ${when}`;
    if (!builder)
      return `\`${callee.text}\`, by its name, puts a model or agent together for ${who}; what stays the same can be built once.`;
    if (builder.isHeavy) return `\`${callee.text}\` reads and embeds its documents again for ${who}; build it once.`;
    const what = builder.kind === "store" ? "opens the store" : "builds a client with connections of its own";
    return `\`${callee.text}\` ${what} for ${who}; built once, it serves all of them.`;
  },

  fix({ call, builder, built }, file) {
    if (!builder) return declined("what it builds, and from what, is not known");
    const isAsync = /Async|ClientSession/.test(call.callee.text);
    return cachedFactory(
      call,
      "make",
      [
        "all requests share one object",
        isAsync && "an async client belongs to the event loop that it is first used in",
        built.per === "dependency" && "who closes it at the end of a request closes it for all",
        builder.isHeavy && "documents that change later are not seen",
      ],
      file,
    );
  },
});

/** `builder` is undefined where only the name of a function tells what it builds. */
const matchOf = (call: Call, built: BuiltAgain, builder: Builder | undefined) => ({
  at: call.callee,
  evidence: built.evidence,
  // One session serves all that the request asks for: one handshake more is little beside the answers.
  weight: built.weight === "heavy" && /\bClientSession$/.test(call.callee.text) ? ("unknown" as const) : built.weight,
  call,
  built,
  builder,
});
