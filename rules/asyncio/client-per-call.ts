/** An asynchronous client, session or pool that is made and closed again for each call or turn. */

import {
  asCall,
  asWith,
  builtAgain,
  declined,
  defineRule,
  excerpt,
  fixOf,
  lastIdentifier,
  swappedHeads,
  useOf,
  type BuiltAgain,
  type Call,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

const PER = new Set(["turn", "message", "task", "tool", "call"]);

export default defineRule({
  title: "Asynchronous client made for each call",
  why: "A client keeps its connections open for the next request. One that is made for a single call looks up the address, connects and agrees on encryption again each time, which often takes longer than the request itself.",
  guide: "networking",
  level: "info",
  gain: "safety",
  imports: [
    "aiohttp",
    "httpx",
    "redis",
    "aioredis",
    "motor",
    "pymongo",
    "asyncpg",
    "sqlalchemy",
    "elasticsearch",
    "aiomysql",
  ],
  words: ["async"],
  overrides: ["resources/unmanaged-resource"],
  fixes: "review",

  examples: [
    {
      before: `
import httpx

async def sizes(addresses: list[str]) -> list[int]:
    found = []
    for address in addresses:
        async with httpx.AsyncClient() as client:
            found.append(len((await client.get(address)).content))
    return found
`,
      after: `
import httpx

async def sizes(addresses: list[str]) -> list[int]:
    found = []
    async with httpx.AsyncClient() as client:
        for address in addresses:
            found.append(len((await client.get(address)).content))
    return found
`,
    },
  ],

  on: ["call"],
  calls: [
    "httpx.AsyncClient",
    "aiohttp.ClientSession",
    "redis.asyncio.Redis",
    "redis.asyncio.StrictRedis",
    "redis.asyncio.from_url",
    "redis.asyncio.Redis.from_url",
    "aioredis.from_url",
    "motor.motor_asyncio.AsyncIOMotorClient",
    "pymongo.AsyncMongoClient",
    "asyncpg.create_pool",
    "aiomysql.create_pool",
    "sqlalchemy.ext.asyncio.create_async_engine",
    "elasticsearch.AsyncElasticsearch",
  ],

  find(node, { facts }, call) {
    const block = node.ancestor("with_statement", "function_definition", "for_statement", "while_statement");
    const isBlock = block?.kind === "with_statement" && !node.isInside(block.field("body")!);
    const built = (isBlock ? builtInTurn(call, facts) : undefined) ?? builtAgain(call, facts);
    if (!built || !PER.has(built.per)) return undefined;
    if (built.per === "call") {
      // One that serves many requests at once is what a session is for; what runs once needs no more.
      const uses = isBlock ? block.field("body") : built.def?.body;
      if (!uses || asksOften(uses, isBlock ? asWith(block)?.items.find((it) => it.value === node)?.alias : undefined))
        return undefined;
      if (built.weight === "light" || isProgram(built.def, facts) || /gather|TaskGroup/.test(uses.text))
        return undefined;
    }
    // Whoever looks whether a server is there wants a connection of its own.
    const isCheck = /(?:^|_)(?:health\w*|check|ping|probe|is_alive|callback|login)(?:_|$)/.test(built.def?.name ?? "");
    const isOfClass = built.def !== undefined && facts.classOf(built.def.outer) !== undefined;
    return {
      at: call.callee,
      evidence: built.per === "call" && isOfClass ? ("strong" as const) : built.evidence,
      weight: isCheck ? ("light" as const) : built.weight,
      call,
      built,
      block: isBlock ? block : undefined,
    };
  },

  message({ call: { callee }, built: { per, def } }) {
    const made = `\`${excerpt(callee.text, 50)}\``;
    if (per === "turn")
      return `${made} connects anew in every iteration; made once around the loop it keeps its connections.`;
    return `${made} connects anew for each call of \`${excerpt(def?.name ?? "", 40)}\`; a client that is made once and handed in keeps its connections.`;
  },

  fix({ call, block }, { facts }) {
    const loop = facts.loopAround(call.node);
    if (!loop) return declined("where the client is to be made and closed has to be decided");
    const edits = swappedHeads(loop, block);
    if (typeof edits === "string") return declined(edits);
    return fixOf(
      `Make ${lastIdentifier(call.callee.text)} once`.slice(0, 60),
      ["cookies and connections of one iteration are there in the next", "without an item it is made all the same"],
      edits,
    );
  },
});

/** Its loops use the client; those over the parts of one answer do not. */
const asksOften = (uses: Node, client: Node | undefined): boolean =>
  uses
    .descendants("for_statement", "while_statement", "list_comprehension", "generator_expression")
    .some((it) => client?.kind !== "identifier" || it.identifiers(client.text).length > 0);

/** A `with` block in a `for` loop that goes through all of its items, of a client that has nothing to do with the item. */
function builtInTurn({ node, argumentList }: Call, facts: Facts): BuiltAgain | undefined {
  const loop = facts.loopAround(node);
  if (loop?.kind !== "for_statement" || facts.isTest || facts.isNotebook) return undefined;
  const isSame = argumentList
    .descendants("identifier")
    .every((it) => it.fieldName === "attribute" || it.fieldName === "name" || facts.writesOf(it, loop).length === 0);
  if (!isSame || argumentList.descendants("call").length > 0) return undefined;
  // Tried again until it works.
  if (loop.descendants("return_statement", "break_statement").length > 0) return undefined;
  return { per: "turn", def: undefined, evidence: "strong", weight: facts.weightOf(node) };
}

/** The coroutine that the whole program is, or one that shows or tries something. */
function isProgram(def: FunctionDef | undefined, facts: Facts): boolean {
  if (def && /test|demo|example/.test(def.name)) return true;
  const reads = def ? facts.readsOf(def.nameNode) : [];
  return (
    reads.length > 0 &&
    reads.every((it) => {
      const use = useOf(it);
      const given = use.kind === "call" ? useOf(use.in) : use;
      return given.kind === "argument" && /\brun$|run_until_complete$/.test(asCall(given.call)?.callee.text ?? "");
    })
  );
}
