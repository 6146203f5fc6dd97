/** `gather(*[fetch(x) for x in items])`: as many requests at once as there are items. */

import {
  asComprehension,
  asCall,
  asFor,
  asMethodCall,
  askedOf,
  calleeText,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionCalled,
  importModule,
  indentUnit,
  insertAfter,
  insertBefore,
  integerOf,
  isGivenToPool,
  lineAbove,
  looksLikeReading,
  startsLine,
  statementOf,
  unwrap,
  type Call,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Requests at once without a limit",
  why: "Every item becomes a request at the same moment. With thousands of them connections time out, a service answers with 429, and memory holds all answers in the making; a semaphore lets in a few at a time and takes no longer.",
  guide: "async-patterns",
  level: "hint",
  gain: "safety",
  imports: ["asyncio"],
  words: ["gather"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def fetch_size(name: str) -> int:
    await asyncio.sleep(0)
    return len(name)

async def sizes(names: list[str]) -> list[int]:
    return await asyncio.gather(*[fetch_size(name) for name in names])
`,
      after: `
import asyncio

async def fetch_size(name: str) -> int:
    await asyncio.sleep(0)
    return len(name)

async def sizes(names: list[str]) -> list[int]:
    limit = asyncio.Semaphore(10)

    async def limited(work):
        async with limit:
            return await work

    return await asyncio.gather(*[limited(fetch_size(name)) for name in names])
`,
    },
  ],

  on: ["call"],
  calls: ["asyncio.gather"],

  find(node, { facts }, call) {
    if (facts.isTest) return undefined;
    const [only, more] = call.argumentList.children.filter(
      (it) => it.kind !== "keyword_argument" && it.kind !== "comment",
    );
    if (!only || more || only.kind !== "list_splat") return undefined;
    const inner = unwrap(only.children[0]!);
    const made = madeAtOnce(inner, facts);
    const work = made && workOf(made.element);
    // A pool lets in as many as it has workers.
    if (!work || isGivenToPool(work)) return undefined;
    if (isFew(made.items, facts) || isLimited(work, node, facts) || !asksOutside(work, facts)) return undefined;
    return {
      at: call.callee,
      evidence: "strong" as const,
      weight: "heavy" as const,
      construct: node,
      call,
      work,
      items: made.items,
      element: made.element,
    };
  },

  message: ({ work, items }) =>
    `\`${excerpt(calleeText(work.node), 50)}()\` is started for all of \`${excerpt(items.text.replaceAll(/\s+/g, " "), 40)}\` at once; where these are many, a semaphore should let in a few at a time.`,

  fix({ call, work, element }, file) {
    const { facts } = file;
    const statement = statementOf(call.node);
    const home = functionAround(call.node);
    if (!home || !startsLine(statement) || functionAround(work.node) !== home)
      return declined("there is no coroutine to hold the limit");
    if (!work.node.isInside(statement)) return declined("the coroutines are made in another statement");
    if (unwrap(element) !== work.node) return declined("tasks are made of them, which begin at once");
    const asyncio = importModule(file, "asyncio", call.node);
    if (!asyncio) return declined("the name `asyncio` means something else here");
    const limit = facts.freshName("limit", statement);
    const limited = facts.freshName("limited", statement);
    const unit = indentUnit(statement, facts);
    return fixOf(
      "Let in ten at a time",
      ["ten at a time is a guess", "not all of them begin at once"],
      [
        ...asyncio.edits,
        lineAbove(
          statement,
          `${limit} = ${asyncio.name}.Semaphore(10)\n\nasync def ${limited}(work):\n${unit}async with ${limit}:\n${unit}${unit}return await work\n`,
        ),
        insertBefore(work.node, `${limited}(`),
        insertAfter(work.node, ")"),
      ],
    );
  },
});

/** What is gathered for each of some items: by a comprehension, or by a loop that appends to a list. */
function madeAtOnce(inner: Node, facts: Facts): { readonly element: Node; readonly items: Node } | undefined {
  const value = inner.kind === "identifier" ? facts.valueOf(inner) : inner;
  const made = asComprehension(value);
  const [clause, another] = made?.clauses ?? [];
  if (made) return clause && !another ? { element: made.element, items: clause.iterable } : undefined;
  if (inner.kind !== "identifier" || !value || !/^(?:\[\]|list\(\))$/.test(value.text)) return undefined;
  const [filled, more] = facts.usesOf(inner).filter((it) => it.kind === "method" && it.name !== "clear");
  const append = more ? undefined : asMethodCall(filled?.call, "append");
  const loop = append && asFor(facts.loopAround(append.node));
  const [element] = append?.args ?? [];
  // What looks at the list in the loop may send off a portion of it.
  const isFilledWhole = loop && facts.usesOf(inner, loop.node).length === 1 && !value.isInside(loop.node);
  return isFilledWhole && !loop.isAsync && element && loop.node.end < inner.start
    ? { element, items: loop.iterable }
    : undefined;
}

/** The coroutine that is gathered, also inside `create_task(…)`. */
function workOf(element: Node): Call | undefined {
  const call = asCall(unwrap(element));
  return call && /(?:create_task|ensure_future)$/.test(call.callee.text) && call.args[0]
    ? asCall(unwrap(call.args[0]))
    : call;
}

const SLICE = /\[[^[\]:]*:[^[\]]*\]\)?$/;
const FEW = /batch|chunk|tool_call|conditions|workers|servers|handlers|callbacks|listeners|(?:agents?|queries|tasks)$/i;

function isFew(items: Node, facts: Facts): boolean {
  const node = unwrap(items);
  const value = node.kind === "identifier" ? unwrap(facts.valueOf(node) ?? node) : node;
  if (/^(?:tuple|list|set|dictionary)$/.test(value.kind)) return true;
  const call = asCall(value);
  if (call && facts.nameOf(call.callee) === "builtins.range") {
    const last = integerOf(call.args.at(-1));
    return last !== undefined && last <= 50;
  }
  // A slice takes a batch, and `enumerate(...)` of one too.
  return SLICE.test(value.text) || FEW.test(value.text) || facts.sizeOf(items) === "light";
}

/** A semaphore or throttle in the coroutine itself, in the function around, or a pool of connections with a limit of its own. */
function isLimited(work: Call, node: Node, facts: Facts): boolean {
  const around = functionAround(node);
  const def = functionCalled(work.callee, facts);
  if (LIMIT.test(work.node.text) || (around && LIMIT.test(around.text.slice(0, 4000)))) return true;
  if (def && (LIMIT.test(facts.bodyOf(def).text) || def.decorators.some((it) => LIMIT.test(it.text)))) return true;
  return facts.fileMatches(/\baiohttp\b/) || facts.loopAround(node) !== undefined;
}

const LIMIT = /sem(?:aphore)?\b|limit|throttle|_sem|\bslots?\b|Bounded|backoff/i;

function asksOutside(work: Call, facts: Facts): boolean {
  return (
    askedOf(calleeText(work.node)) !== undefined ||
    looksLikeReading(work, facts) ||
    /^(?:\w+\.)*_?(?:fetch|download|request|scrape|crawl|embed|summari[sz]e|generate|upload|send)\w*$/.test(
      work.callee.text,
    )
  );
}
