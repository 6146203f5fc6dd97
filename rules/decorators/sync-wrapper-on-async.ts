/** A wrapper that does not await, put on a coroutine function: what it does afterwards it does before the coroutine has begun. */

import {
  asFunction,
  asTry,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  insertBefore,
  statementOf,
  useOf,
  wrapperBy,
  type Call,
  type Wrapper,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Plain wrapper on a coroutine function",
  why: "The wrapper gets a coroutine that has not begun. It measures no time, catches no error, releases its lock too early, and what it caches can be awaited only once. A wrapper for coroutine functions is one itself.",
  guide: "decorators",
  level: "warning",
  gain: "safety",
  words: ["async"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio
import functools
import logging

log = logging.getLogger(__name__)

def traced(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        result = func(*args, **kwargs)
        log.debug("%s is done", func.__name__)
        return result

    return wrapper

@traced
async def load(number: int) -> int:
    await asyncio.sleep(0)
    return number
`,
      after: `
import asyncio
import functools
import logging

log = logging.getLogger(__name__)

def traced(func):
    @functools.wraps(func)
    async def wrapper(*args, **kwargs):
        result = await func(*args, **kwargs)
        log.debug("%s is done", func.__name__)
        return result

    return wrapper

@traced
async def load(number: int) -> int:
    await asyncio.sleep(0)
    return number
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    if (node.parent?.kind !== "decorated_definition" || !node.hasToken("async")) return undefined;
    const def = asFunction(node);
    if (!def?.isAsync || def.decorators.length === 0 || facts.isTest) return undefined;
    // An asynchronous generator is no coroutine.
    if (
      facts
        .bodyOf(def)
        .descendants("yield")
        .some((it) => functionAround(it) === node)
    )
      return undefined;
    for (const decorator of def.decorators) {
      const wrapper = wrapperBy(decorator, facts);
      const early = wrapper && earlyIn(wrapper);
      if (wrapper && early)
        return {
          at: decorator,
          evidence: "proof" as const,
          related: [{ at: early.call.callee, message: "This only makes the coroutine; nobody awaits it here." }],
          def,
          decorator,
          wrapper,
          early,
        };
    }
    return undefined;
  },

  message: ({ def, decorator, early }) =>
    `\`${excerpt(decorator.text, 40)}\` does not await \`${excerpt(def.name, 40)}()\`: ${early.what}.`,

  fix({ wrapper: { outer, inner, calls }, decorator }, { facts }) {
    if (hasComments(decorator) || outer.node.tree !== inner.node.tree) return declined("a comment stands in the way");
    const home = asFunction(functionAround(outer.node)) ?? outer;
    const uses = facts.readsOf(home.nameNode);
    const isForAll = uses.every((it) => {
      const top = it.parent?.kind === "call" && it.fieldName === "function" ? it.parent : it;
      const decorated = top.parent?.kind === "decorator" ? top.parent.parent : undefined;
      return asFunction(decorated)?.isAsync === true;
    });
    if (!isForAll) return declined("the decorator stands on plain functions too, or is used by others");
    if (facts.bodyOf(inner).descendants("yield").length > 0) return declined("the wrapper is a generator");
    return fixOf(
      "Make the wrapper a coroutine function",
      [
        "other files must not put the decorator on plain functions",
        "what the wrapper does before the call waits until the coroutine is awaited",
      ],
      [
        insertBefore(inner.node, "async "),
        ...calls.flatMap((it) => {
          const isTight = it.node.parent?.kind === "attribute" || it.node.parent?.kind === "subscript";
          return isTight ? [] : [insertBefore(it.node, "await ")];
        }),
      ],
    );
  },
});

interface Early {
  readonly call: Call;
  readonly what: string;
}

/** Looks whether it is a coroutine, or runs one. */
const AWARE =
  /iscoroutine|isawaitable|asyncio\.|run_until_complete|ensure_future|create_task|\bawait\b|Coroutine|Awaitable/;

/** What a wrapper does with a call that is not over. Undefined where it only passes the coroutine on. */
function earlyIn({ inner, outer, calls }: Wrapper): Early | undefined {
  if (inner.isAsync || AWARE.test(inner.node.text) || /iscoroutine|isawaitable/.test(outer.node.text)) return undefined;
  for (const call of calls) {
    const statement = statementOf(call.node);
    const attempt = call.node.ancestor("try_statement", "with_statement", "function_definition");
    const tried = asTry(attempt);
    if (tried && call.node.isInside(tried.body))
      return {
        call,
        what:
          tried.handlers.length > 0
            ? "the handler around the call catches none of its errors"
            : "the finally runs before it has begun",
      };
    if (attempt?.kind === "with_statement")
      return { call, what: "the `with` block around the call ends before it has begun" };
    if (statement.kind === "return_statement") {
      if (useOf(call.node).kind !== "returned") return { call, what: "the wrapper takes the coroutine for its result" };
      continue;
    }
    const isNamed = statement.kind === "expression_statement" && statement.children[0]?.kind === "assignment";
    if (!isNamed) continue;
    const value = statement.children[0]!.field("right");
    const target = statement.children[0]!.field("left");
    if (value !== call.node) return { call, what: "the wrapper takes the coroutine for its result" };
    if (target?.kind === "subscript")
      return { call, what: "what is kept is a coroutine, which can be awaited only once" };
    // `result = func()` and then `return result` is the same as to pass it on.
    const next = nextOf(statement);
    if (next?.kind !== "return_statement") return { call, what: "what follows the call runs before it has begun" };
  }
  return undefined;
}

const nextOf = (statement: Call["node"]): Call["node"] | undefined => {
  const siblings = statement.parent?.children.filter((it) => it.kind !== "comment") ?? [];
  return siblings[siblings.indexOf(statement) + 1];
};
