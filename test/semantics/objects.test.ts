/** What fixes ask of objects, judged in small functions: for the argument of `len(…)`, in the loop of the function where one is there. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import type { Facts } from "../../analysis/semantics/facts.js";
import type { Node } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";

async function opened(source: string): Promise<{ readonly root: Node; readonly facts: Facts }> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  const tree = document.pieces.map((it) => it.tree).find((it) => /^def /m.test(it.text))!;
  return { root: tree.root, facts };
}

/** The function's body, in which `len(name)` is the place and the first `for` the region. */
async function inLoop<T>(
  body: string,
  ask: (place: Node, region: Node, facts: Facts) => T,
  parameters = "given: list[int], other: list[int], call",
  head = "",
): Promise<T> {
  const { root, facts } = await opened(`${head}def work(${parameters}):\n${body.replace(/^/gm, "    ")}\n`);
  const probe = root.descendants("call").findLast((it) => it.field("function")!.text === "len")!;
  const place = probe.field("arguments")!.children[0]!;
  return ask(place, root.descendants("for_statement")[0] ?? probe, facts);
}

describe("an object that nothing else leads to", () => {
  const isUnshared = (body: string) =>
    inLoop(body, (place, region, facts) => facts.isUnshared(place, region), "given: list[int], call");

  for (const [what, body, answer] of [
    ["a list made here", "a = []\nfor x in given:\n    a.append(x)\n    len(a)\nreturn a", "yes"],
    ["one that is looked at", "a = [1]\nfor x in given:\n    print(len(a), max(a), x in a)\n    len(a)", "yes"],
    ["one that is kept after the region", "a = [1]\nfor x in given:\n    len(a)\ncall(a)", "yes"],
    ["one that is returned in the region", "a = [1]\nfor x in given:\n    len(a)\n    return a", "yes"],
    ["one that is made by adding lists", "a = [1] + given\nfor x in given:\n    a = a + [x]\n    len(a)", "yes"],
    ["a parameter", "for x in given:\n    len(given)", "no"],
    ["two names of one assignment", "a = b = []\nfor x in given:\n    len(a)", "no"],
    ["what a nested function reads", "a = []\ndef look():\n    return a\nfor x in given:\n    len(a)", "no"],
    ["what another name is given", "a = []\nb = a\nfor x in given:\n    len(a)", "unknown"],
    ["what a container holds", "a = []\nb = {1: a}\nfor x in given:\n    len(a)", "unknown"],
    ["what a call is given", "a = []\ncall(a)\nfor x in given:\n    len(a)", "unknown"],
    ["what max() may hand back", "a = [1]\nb = max(a, given)\nfor x in given:\n    len(a)", "unknown"],
    ["what sum() may hand back", "a = [1]\nb = sum([], a)\nfor x in given:\n    len(a)", "unknown"],
    ["what is yielded", "a = []\nfor x in given:\n    len(a)\n    yield a", "unknown"],
    ["an item", "a = call()[0]\nfor x in given:\n    len(a)", "unknown"],
    ["a default argument", "a = []\ndef f(x=a):\n    pass\nfor x in given:\n    len(a)", "unknown"],
    [
      "what the turn before kept",
      "a = []\nfor y in given:\n    for x in given:\n        pass\n    len(a)\n    call(a)",
      "unknown",
    ],
  ] as const)
    it(`${what}: ${answer}`, async () => assert.equal(await isUnshared(body), answer));
});

describe("an object that stays as it is", () => {
  const isUntouched = (body: string, head = "") =>
    inLoop(body, (place, region, facts) => facts.isUntouchedIn(place, region), undefined, head);

  for (const [what, body, answer] of [
    ["nothing is done", "for x in other:\n    print(x)\nlen(given)", "yes"],
    ["a list made here grows", "a = []\nfor x in other:\n    a.append(x)\nlen(given)", "yes"],
    ["a number is counted up", "n = 0\nfor x in other:\n    n += 1\nlen(given)", "yes"],
    ["another list grows", "for x in other:\n    other.append(x)\nlen(given)", "unknown"],
    ["another list is stored into", "for x in other:\n    other[0] = x\nlen(given)", "unknown"],
    ["something unknown is called", "for x in other:\n    call(x)\nlen(given)", "unknown"],
    ["it grows itself", "for x in other:\n    given.append(x)\nlen(given)", "no"],
    ["it is set anew", "for x in other:\n    given = []\nlen(given)", "no"],
  ] as const)
    it(`where ${what}: ${answer}`, async () => assert.equal(await isUntouched(body), answer));

  it("where a class of the file prints in its own way: unknown", async () => {
    const head = "class Loud:\n    def __str__(self):\n        return KEPT.pop()\n\n";
    assert.equal(await isUntouched("a = Loud()\nfor x in other:\n    print(a)\nlen(given)", head), "unknown");
  });
});

describe("two expressions that may be one object", () => {
  const mayBeSame = async (parameters: string, one: string, other: string, before = "pass") => {
    const { root, facts } = await opened(`def same(${parameters}):\n    ${before}\n    len(${one}, ${other})\n`);
    const [a, b] = root.descendants("call").at(-1)!.field("arguments")!.children;
    return facts.mayBeSame(a!, b!);
  };

  for (const [parameters, one, other, answer] of [
    ["a: list[int], b: list[int]", "a", "b", true],
    ["a: list[int], b", "a", "b", true],
    ["a: list[int], b: list[list[int]]", "a", "b[0]", true],
    ["a: list[int], b: list[list[int]]", "a", "b", false],
    ["a: list[int], b: dict[int, int]", "a", "b", false],
    ["a: list[int], b: int", "a", "b", false],
    ["a: str, b: str", "a", "b", false],
    ["a: list[int], b: list[int]", "[1]", "b", false],
  ] as const)
    it(`${one} and ${other} of (${parameters}): ${answer}`, async () =>
      assert.equal(await mayBeSame(parameters, one, other), answer));

  it("a list made here and a parameter: false", async () =>
    assert.equal(await mayBeSame("a: list[int]", "made", "a", "made = []"), false));
});

describe("managers and frames", () => {
  const swallows = async (header: string) => {
    const { root, facts } = await opened(
      `import threading, torch\n\nlock = threading.Lock()\n\ndef work(manager, path):\n    with ${header}:\n        pass\n`,
    );
    return facts.maySwallow(root.descendants("with_statement")[0]!);
  };
  for (const [header, answer] of [
    ["open(path)", false],
    ["lock", false],
    ["torch.no_grad()", false],
    ["open(path) as a, lock", false],
    ["manager", true],
    ["open(path) as a, manager", true],
  ] as const)
    it(`with ${header}: ${answer}`, async () => assert.equal(await swallows(header), answer));

  const reads = async (call: string) => {
    const { root, facts } = await opened(
      `import inspect, sys\nimport pandas as pd\n\ndef with_frame(frame: pd.DataFrame, text, names):\n    ${call}\n`,
    );
    const node = root.descendants("call")[0]!;
    return facts.readsCallersFrame(node);
  };
  for (const [call, answer] of [
    ["locals()", true],
    ["vars()", true],
    ["vars(frame)", false],
    ["eval(text)", true],
    ["eval(text, {})", false],
    ["eval(text, globals(), locals())", true],
    ["sys._getframe()", true],
    ["inspect.stack()", true],
    ['frame.query("a > @limit")', true],
    ['frame.query("a > 1")', false],
    ["frame.query(text)", true],
    ["print(text)", false],
  ] as const)
    it(`${call}: ${answer}`, async () => assert.equal(await reads(call), answer));
});
