/** Which functions only compute in Python: judged for the argument of each `probe(…)`. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { AnalysisState } from "../../analysis/engine/state.js";
import { computesInPython } from "../../analysis/semantics/computing.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { parser } from "../harness/check.js";

async function computes(body: string, parameters = "n: int"): Promise<boolean> {
  const source = `import math\nimport time\nimport numpy as np\n\ndef job(${parameters}):\n${body.replace(/^/gm, "    ")}\n\nprobe(job)\n`;
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  const [probe] = document.pieces
    .flatMap(({ tree }) => tree.root.descendants("call"))
    .filter((it) => it.field("function")!.text === "probe");
  return computesInPython(facts.functionNamed(probe!.field("arguments")!.children[0]!)!, facts);
}

describe("computing in Python", () => {
  for (const [what, body, parameters] of [
    ["a sum over a range", "total = 0\nfor i in range(n):\n    total += i * i\nreturn total"],
    ["a while loop", "while n > 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1"],
    ["a generator expression", "return sum(math.sqrt(i) * 2 for i in range(n))"],
    ["a value that is updated from itself", "a, b = 0, 1\nfor _ in range(n):\n    a, b = b, a + b\nreturn a"],
    ["a parameter that range takes", "total = 0\nfor i in range(size):\n    total += i % size\nreturn total", "size"],
    [
      "two loops with few turns each",
      "total = 0\nfor i in range(200):\n    for j in range(200):\n        total += i ^ j\nreturn total",
    ],
    ["an error it raises", "if n < 0:\n    raise ValueError('n is ' + name())\nfor i in range(n):\n    n -= 1"],
  ] as const) {
    it(`is ${what}`, async () => assert.equal(await computes(body, parameters), true));
  }

  for (const [what, body, parameters] of [
    ["a loop with few turns", "total = 0\nfor i in range(100):\n    total += i\nreturn total"],
    ["no loop", "return n * n"],
    ["a loop that reckons nothing", "found = []\nfor i in range(n):\n    found.append(i)\nreturn found"],
    ["a loop that sleeps", "for i in range(n):\n    time.sleep(1)\n    n += 1"],
    ["an array", "x = np.ones(3)\nfor i in range(n):\n    x = x * 2\nreturn x"],
    ["a matrix product of unknown things", "for i in range(n):\n    a = a @ a\nreturn a", "n: int, a: list"],
    ["a parameter that may be an array", "for i in range(n):\n    a = a * 2\nreturn a", "n: int, a"],
    ["a method of something unknown", "for i in range(n):\n    out.write(i + 1)", "n: int, out"],
    ["a generator", "for i in range(n):\n    yield i * 2"],
  ] as const) {
    it(`is not ${what}`, async () => assert.equal(await computes(body, parameters), false));
  }
});
