/** Which awaited calls only read, and which code never runs: judged for the argument of each `probe(…)`. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import type { Facts } from "../../analysis/semantics/facts.js";
import { neverRuns } from "../../analysis/semantics/flow.js";
import { onlyReads } from "../../analysis/semantics/reading.js";
import { asCall } from "../../analysis/syntax/expressions.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";

async function probes<T>(source: string, ask: (argument: Node, facts: Facts) => T): Promise<readonly T[]> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  return document.pieces
    .flatMap(({ tree }) => tree.root.descendants("call"))
    .filter((it) => it.field("function")!.text === "probe")
    .map((it) => ask(it.field("arguments")!.children[0]!, facts));
}

describe("awaited calls that only read", () => {
  const head = "import asyncio\nimport aiohttp\n\nseen = []\n\n";
  const reads = async (body: string, parameters = "session: aiohttp.ClientSession, key") =>
    (
      await probes(
        `${head}async def job(${parameters}):\n${body.replace(/^/gm, "    ")}\n\nprobe(job(1, 2))\n`,
        (node, facts) => onlyReads(asCall(node)!, facts),
      )
    )[0];

  for (const [what, body] of [
    ["wait and answer", "await asyncio.sleep(1)\nreturn len(key)"],
    [
      "ask a client that tasks may share",
      "async with session.get(key) as answer:\n    answer.raise_for_status()\n    return await answer.json()",
    ],
    ["fill a list of their own", "found = []\nawait asyncio.sleep(1)\nfound.append(key)\nreturn found"],
  ] as const) {
    it(`are those that ${what}`, async () => assert.equal(await reads(body), true));
  }

  for (const [what, body] of [
    ["send", "return await session.post(key)"],
    ["fill a list of the module", "await asyncio.sleep(1)\nseen.append(key)"],
    ["change what they were given", "await asyncio.sleep(1)\nkey.done = True"],
    ["call what is not known", "await asyncio.sleep(1)\nreturn key()"],
    ["take turns at a lock", "async with key:\n    return await session.get('/')"],
    ["wait for nothing", "return key"],
  ] as const) {
    it(`are not those that ${what}`, async () => assert.equal(await reads(body), false));
  }
});

describe("code that never runs", () => {
  it("is the other half of a constant condition", async () => {
    const source =
      "def f(x):\n    if True:\n        probe(1)\n    else:\n        probe(2)\n    if False:\n        probe(3)\n    elif x:\n        probe(4)\n    if x:\n        probe(5)\n";
    assert.deepEqual(await probes(source, (node) => neverRuns(node)), [false, true, true, false, false]);
  });
});
