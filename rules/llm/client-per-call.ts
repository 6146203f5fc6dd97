/** A client, chat model or vector store of a language model that is built anew for each turn, message, tool call or call. */

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

const PER = new Set(["turn", "message", "task", "tool", "rerun", "call"]);

export default defineRule({
  title: "Model client built for each call",
  why: "A client owns a pool of connections, and a vector store reads its index. Built anew for each call or turn, they open their connections again each time, and answers come later; built once, they serve all calls.",
  guide: "agents",
  level: "warning",
  gain: "safety",
  overrides: ["llm/call-without-timeout"],
  fixes: "review",

  examples: [
    {
      before: `
from openai import OpenAI

def answers(prompts: list[str]) -> list[str]:
    found = []
    for prompt in prompts:
        client = OpenAI(timeout=30)
        found.append(client.responses.create(model="gpt", input=prompt).output_text)
    return found
`,
      after: `
from functools import cache

from openai import OpenAI

@cache
def make_client() -> OpenAI:
    return OpenAI(timeout=30)

def answers(prompts: list[str]) -> list[str]:
    found = []
    for prompt in prompts:
        client = make_client()
        found.append(client.responses.create(model="gpt", input=prompt).output_text)
    return found
`,
    },
  ],

  on: ["call", "function_definition"],
  calls: builderCalls("client", "chat", "store"),

  find(node, { facts }) {
    const call = asCall(node);
    if (!call) {
      const made = madeAgain(node, facts).find((it) => PER.has(it.built.per));
      return made && matchOf(made.call, made.built, undefined);
    }
    const builder = builderOf(facts.nameOf(call.callee));
    const built = builder && builtAgain(call, facts);
    if (!built || !PER.has(built.per)) return undefined;
    // Each page of a local database is opened in no time, and a script runs once.
    if (built.per === "call" && built.weight === "light") return undefined;
    return matchOf(call, built, builder);
  },

  message({ call: { callee }, built: { per, def, evidence }, builder }) {
    const who =
      per === "turn"
        ? "in every turn"
        : per === "rerun"
          ? "each time the page runs again"
          : `for each ${per === "call" ? "call" : per === "tool" ? "call by the model" : per} of \`${def?.name}\``;
    if (!builder)
      return `\`${callee.text}\`, by its name, puts a model or agent together ${who}; what stays the same can be built once.`;
    const what = builder.isHeavy
      ? "reads and embeds its documents again"
      : builder.kind === "store"
        ? "opens its store again"
        : builder.kind === "chat"
          ? "is set up again"
          : "opens connections of its own";
    const when =
      evidence === "fair" && per === "call"
        ? "; that matters if it is called often"
        : "; built once, it serves all of them";
    return `\`${callee.text}\` ${what} ${who}${when}.`;
  },

  fix: ({ call, builder }, file) =>
    builder
      ? cachedFactory(
          call,
          "make",
          [
            "all calls share one object",
            /Async/.test(call.callee.text) && "an async client belongs to the event loop that it is first used in",
            builder.isHeavy && "documents that change later are not seen",
          ],
          file,
        )
      : declined("what it builds, and from what, is not known"),
});

/** `builder` is undefined where only the name of a function tells what it builds. */
const matchOf = (call: Call, built: BuiltAgain, builder: Builder | undefined) => ({
  at: call.callee,
  evidence: built.evidence,
  weight: built.weight,
  call,
  built,
  builder,
});
