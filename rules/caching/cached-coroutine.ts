/** `@lru_cache` on `async def`: what is kept is a coroutine, which can be awaited once. */

import { asFunction, cacheDecorator, defineRule } from "../../analysis/authoring.js";

export default defineRule({
  title: "Cache on a coroutine function",
  why: "Calling an async function gives a coroutine, and that is what the cache keeps, not what it comes to. The second await of the same coroutine raises RuntimeError. Keep the awaited result in a dict, or use a cache that is made for coroutines.",
  guide: "caching",
  level: "error",
  gain: "safety",
  imports: ["functools"],

  examples: [
    {
      before: `
import functools

@functools.lru_cache(maxsize=100)
async def fetch(name: str) -> str:
    return name.upper()
`,
    },
  ],

  on: ["decorator"],

  find(node, { facts }) {
    const def = asFunction(node.parent);
    if (!def?.isAsync) return undefined;
    const cache = cacheDecorator(def, facts);
    if (cache?.kind !== "functools" || !cache.decorator.isInside(node) || def.decorators.length > 1) return undefined;
    const isGenerator = def.body.descendants("yield").length > 0;
    return { at: cache.callee, evidence: "proof", def, isGenerator };
  },

  message: ({ at, def, isGenerator }) =>
    isGenerator
      ? `\`${at.tree.text.slice(at.start, at.end)}\` keeps the generator that \`${def.name}\` makes, which can be gone through once only.`
      : `\`${at.tree.text.slice(at.start, at.end)}\` keeps the coroutine that \`${def.name}\` makes; awaiting it a second time raises RuntimeError.`,
});
