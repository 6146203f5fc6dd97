/** `@asyncio.coroutine`, with which generators were made coroutines before `async def`. */

import {
  asFunction,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  insertBefore,
  linesOf,
  remove,
  replace,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Generator as a coroutine",
  why: "asyncio.coroutine is gone from Python 3.11 on: a module that uses it fails when it is imported. The keywords of the language say the same, and are faster.",
  guide: "asyncio",
  level: "error",
  gain: "safety",
  words: ["coroutine"],
  imports: ["asyncio"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

@asyncio.coroutine
def pause(seconds: float):
    yield from asyncio.sleep(seconds)
    return "over"
`,
      after: `
import asyncio

async def pause(seconds: float):
    await asyncio.sleep(seconds)
    return "over"
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }) {
    if (node.parent?.kind !== "decorated_definition") return undefined;
    const def = asFunction(node);
    const decorator = def?.decorators.find((it) => /coroutine$/.test(it.text) && NAMES.test(facts.nameOf(it) ?? ""));
    return def && decorator && { at: decorator, evidence: "proof" as const, def, decorator };
  },

  message: ({ def, decorator }, { facts }) => {
    const gone = facts.hasPython("3.11") ? "does not exist any more" : "is gone from Python 3.11 on";
    return def.isAsync
      ? `\`${excerpt(decorator.text, 40)}\` ${gone}, and \`${excerpt(def.name, 40)}\` is a coroutine function without it.`
      : `\`${excerpt(decorator.text, 40)}\` ${gone}; make \`${excerpt(def.name, 40)}\` an \`async def\` that awaits.`;
  },

  fix({ def, decorator }) {
    const line = decorator.parent && linesOf(decorator.parent);
    if (!line || hasComments(decorator.parent!)) return declined("a comment stands beside the decorator");
    if (def.isAsync)
      return fixOf("Remove the decorator", ["from Python 3.11 on the module can be imported"], [remove(line)]);
    const yields = def.body.descendants("yield").filter((it) => functionAround(it) === def.node);
    if (yields.length === 0) return declined("it awaits nothing, and may give back something that is awaited");
    if (yields.some((it) => !/^yield\s+from\s/.test(it.text))) return declined("it also yields values");
    const edits = yields.map((it) => {
      const head = /^yield\s+from/.exec(it.text)![0];
      return replace({ tree: it.tree, start: it.start, end: it.start + head.length }, "await");
    });
    return fixOf(
      "Make it an async def",
      ["from Python 3.11 on the module can be imported", "what is not a coroutine or future cannot be awaited"],
      [remove(line), insertBefore(def.node, "async "), ...edits],
    );
  },
});

const NAMES = /^asyncio\.(?:coroutines\.)?coroutine$/;
