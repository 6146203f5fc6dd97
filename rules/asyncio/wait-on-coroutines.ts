/** `asyncio.wait([work(), …])`: coroutines that nobody has made tasks of. */

import {
  argumentOf,
  asComprehension,
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  functionCalled,
  importModule,
  insertAfter,
  insertBefore,
  itemsOf,
  unwrap,
  asCall,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Coroutines given to asyncio.wait",
  why: "From Python 3.11 on asyncio.wait takes tasks only and raises TypeError for coroutines. Before that it made tasks of its own, which nobody could find again in what it gives back.",
  guide: "asyncio",
  level: "error",
  gain: "safety",
  imports: ["asyncio"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def load(number: int) -> int:
    return number

async def main(count: int) -> int:
    done, _ = await asyncio.wait([load(it) for it in range(count + 1)])
    return len(done)
`,
      after: `
import asyncio

async def load(number: int) -> int:
    return number

async def main(count: int) -> int:
    done, _ = await asyncio.wait([asyncio.create_task(load(it)) for it in range(count + 1)])
    return len(done)
`,
    },
  ],

  on: ["call"],
  calls: ["asyncio.wait"],

  find(_node, { facts }, call) {
    const given = argumentOf(call, "fs", 0);
    const coroutines = given ? coroutinesIn(given, facts, 0) : [];
    const [first] = coroutines;
    return first && { at: call.callee, evidence: "proof" as const, call, coroutines, first };
  },

  message: ({ first }, { facts }) =>
    `\`${excerpt(asCall(first)!.callee.text, 50)}()\` gives a coroutine: asyncio.wait ${facts.hasPython("3.11") ? "raises" : "from Python 3.11 on raises"} TypeError for it; make a task of it by asyncio.create_task().`,

  fix({ call, coroutines }, file) {
    const asyncio = importModule(file, "asyncio", call.node);
    if (!asyncio) return declined("the name `asyncio` means something else here");
    if (
      coroutines.some(
        (it) => functionAround(it) !== functionAround(call.node) || !asFunction(functionAround(it))?.isAsync,
      )
    )
      return declined("no event loop runs where they are made");
    return fixOf(
      "Make tasks of them",
      ["what is compared with the results must be a task too"],
      [
        ...asyncio.edits,
        ...coroutines.flatMap((it) => [insertBefore(it, `${asyncio.name}.create_task(`), insertAfter(it, ")")]),
      ],
    );
  },
});

/** The calls of coroutine functions that a collection is made of. */
function coroutinesIn(given: Node, facts: Facts, depth: number): readonly Node[] {
  const node = unwrap(given);
  if (depth > 2) return [];
  const made = asComprehension(node);
  if (made) return [unwrap(made.element)].filter((it) => isCoroutine(it, facts));
  if (node.kind === "list" || node.kind === "set" || node.kind === "tuple")
    return itemsOf(node)
      .map(unwrap)
      .filter((it) => isCoroutine(it, facts));
  if (node.kind !== "identifier") return [];
  // It may have grown since, by tasks or by coroutines: what it began with is there all the same.
  const value = facts.valueOf(node);
  return value ? coroutinesIn(value, facts, depth + 1) : [];
}

function isCoroutine(node: Node, facts: Facts): boolean {
  const call = asCall(node);
  if (!call) return false;
  const def = functionCalled(call.callee, facts);
  if (def) return def.isAsync && def.decorators.length === 0 && facts.bodyOf(def).descendants("yield").length === 0;
  return /^asyncio\.(?:sleep|wait_for|to_thread)$/.test(facts.nameOf(call.callee) ?? "");
}
