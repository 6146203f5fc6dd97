/** `asyncio.TimeoutError`, which is the built-in TimeoutError from Python 3.11 on. */

import {
  declined,
  defineRule,
  fixOf,
  isDeleted,
  isStored,
  replace,
  replacedDoubt,
  runsAsOf311,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "TimeoutError of asyncio",
  why: "From Python 3.11 on it is another name for the built-in TimeoutError. The built-in one needs no import, and says that timeouts from elsewhere are caught as well.",
  guide: "asyncio",
  level: "hint",
  gain: "clarity",
  imports: ["asyncio"],
  overlaps: ["UP041"],
  leftToRuff: true,
  unlike: "`asyncio.exceptions.TimeoutError` counts beside `asyncio.TimeoutError`",
  fixes: "safe",

  examples: [
    {
      before: `
import asyncio

async def load(seconds: float) -> str:
    try:
        async with asyncio.timeout(seconds):
            await asyncio.sleep(0)
    except asyncio.TimeoutError:
        return "late"
    return "loaded"
`,
      after: `
import asyncio

async def load(seconds: float) -> str:
    try:
        async with asyncio.timeout(seconds):
            await asyncio.sleep(0)
    except TimeoutError:
        return "late"
    return "loaded"
`,
    },
  ],

  on: ["attribute"],
  attributes: ["TimeoutError"],

  find(node, { facts }) {
    if (!runsAsOf311(facts) || !NAMES.test(facts.nameOf(node) ?? "")) return undefined;
    if (isStored(node) || isDeleted(node)) return undefined;
    // Code for older versions stands beside that for newer ones.
    for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement"))
      if (/version_info/.test(at.field("condition")?.text ?? "")) return undefined;
    return { at: node, evidence: "proof" as const, node };
  },

  message: ({ node }) => `\`${node.text}\` is the built-in \`TimeoutError\` from Python 3.11 on.`,

  fix({ node }, { facts }) {
    if (!facts.isBuiltin("TimeoutError", node)) return declined("the name `TimeoutError` means something else here");
    if (node.parent?.kind === "tuple" && node.parent.children.some((it) => it.text === "TimeoutError"))
      return declined("the built-in name stands beside it already");
    return fixOf(
      "Use the built-in TimeoutError",
      [replacedDoubt("asyncio.TimeoutError", facts)],
      [replace(node, "TimeoutError")],
    );
  },
});

const NAMES = /^asyncio\.(?:exceptions\.)?TimeoutError$/;
