/** A lock of asyncio that is held while a server or a model is asked. */

import {
  asAttribute,
  asCall,
  asMethodCall,
  asWith,
  askedOf,
  calleeText,
  defineRule,
  excerpt,
  functionAround,
  soundsLikeService,
  unwrap,
  type Evidence,
  type Facts,
  lastName,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Lock held while a server answers",
  why: "Whoever needs the lock waits until the answer is there, so that requests which could run side by side run one after another. Ask before the lock is taken and hold it for the change alone, or have one lock for each key.",
  guide: "async-patterns",
  level: "info",
  gain: "time",
  words: ["Lock"],

  examples: [
    {
      before: `
import asyncio

class Prices:
    def __init__(self, client):
        self.client = client
        self.lock = asyncio.Lock()
        self.known = {}

    async def load(self, name: str) -> float:
        async with self.lock:
            answer = await self.client.get(name)
            self.known[name] = answer
        return answer
`,
    },
  ],

  on: ["with_statement"],

  find(node, { facts }) {
    const block = asWith(node);
    if (!block?.isAsync || facts.isTest) return undefined;
    const held = block.items.map((it) => unwrap(it.value)).find((it) => isSharedLock(it, facts));
    if (!held) return undefined;
    for (const awaited of block.body.descendants("await")) {
      const call = asCall(unwrap(awaited.children[0]!));
      const evidence = call && functionAround(awaited) === functionAround(node) && asksFarAway(call.node, facts);
      if (!call || !evidence || isChosen(awaited, block.body)) continue;
      return {
        at: held,
        evidence,
        weight: "heavy" as const,
        construct: held,
        related: [{ at: call.callee, message: "It is held while this waits." }],
        held,
        call,
      };
    }
    return undefined;
  },

  message: ({ held, call }) =>
    `\`${excerpt(held.text, 40)}\` is held until \`${excerpt(calleeText(call.node), 50)}()\` has answered, so that only one such request runs at a time.`,
});

/** Of the module or an object, for all: one lock for each key is what one would do instead. */
function isSharedLock(lock: Node, facts: Facts): boolean {
  const isOfObject = asAttribute(lock)?.object.text === "self";
  if (
    !isOfObject &&
    (lock.kind !== "identifier" || facts.scopeOf(facts.writesOf(lock)[0]?.name ?? lock).kind !== "module")
  )
    return false;
  if (facts.typeOf(lock)?.name === "asyncio.Lock") return true;
  const made = asCall(facts.valueOf(lock));
  return made !== undefined && facts.nameOf(made.callee) === "asyncio.Lock";
}

/** A request over the network, or a question to a model: not what one connection sends in order. */
function asksFarAway(call: Node, facts: Facts): Evidence | undefined {
  const text = calleeText(call);
  if (askedOf(text) !== undefined) return "strong";
  const method = asMethodCall(call);
  // Whoever closes a client asks nothing, and mostly once.
  if (method && CLOSES.test(method.method)) return undefined;
  const type = method && facts.typeOf(method.object)?.name;
  if (type === "httpx.AsyncClient" || type === "aiohttp.ClientSession") return "proof";
  if (!method || type?.startsWith("local.")) return undefined;
  const object = lastName(method.object);
  const isAsked = type === undefined && CLIENT.test(object) && ASKS.test(method.method);
  // `ainvoke`, `asimilarity_search`: the same by the name of the twin that is not awaited.
  const twins = [method.method, method.method.replace(/^a(?=[a-z])/, "")];
  return isAsked || isInvoked(method) || twins.some((it) => soundsLikeService(object, it)) ? "strong" : undefined;
}

/** A name that only libraries of models have, whatever the object is called. */
const isInvoked = ({ method }: MethodCall): boolean => /^(?:ainvoke|abatch|aget_relevant_documents)$/.test(method);

const CLOSES = /^(?:a?close|disconnect|wait_closed)$/;

const CLIENT = /client$|(?:^|_)(?:http|(?:session|api|llm|model|embedder|embeddings)$)/i;
const ASKS =
  /^(?:get|post|put|patch|delete|request|fetch\w*|ainvoke|abatch|agenerate|acompletion|aembed_\w+|generate\w*|complete\w*|embed\w*|search|query|chat|ask)$/;

/** Only where nothing is known yet, or it is too old: then the lock is there so that one asks for all. */
function isChosen(node: Node, body: Node): boolean {
  for (let at = node.parent; at && at !== body; at = at.parent)
    if (at.kind === "if_statement" || at.kind === "conditional_expression" || at.kind === "while_statement")
      return true;
  // `if key in self.known: return …` above it comes to the same.
  return body
    .descendants("if_statement")
    .some((it) => it.start < node.start && it.descendants("return_statement").length > 0);
}
