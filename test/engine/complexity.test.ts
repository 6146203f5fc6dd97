/** The two measures of `architecture/complex-function`, against what was worked out by hand after their publications, and the setting that limits them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readSettings } from "../../analysis/analyzer.js";
import rule from "../../rules/architecture/complex-function.js";
import { nameRule } from "../../analysis/rule/rule.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, check } from "../harness/check.js";

const NAME = "architecture/complex-function";

async function measured(body: string, maxComplexity = 1): Promise<readonly (readonly number[])[]> {
  const { findings } = await check(body, [nameRule(NAME, rule)], allOn({ maxComplexity }));
  return findings.map(({ message }) => [...message.matchAll(/complexity of (\d+)/g)].map(([, it]) => Number(it)));
}

describe("measures of a function", () => {
  const cases: Readonly<Record<string, readonly [body: string, mccabe: number, cognitive: number]>> = {
    // SonarSource's paper: the words of a number, and the sum of primes.
    "an if with three elif and an else": [
      "    if n == 1:\n        return 'one'\n    elif n == 2:\n        return 'two'\n    elif n == 3:\n        return 'three'\n    else:\n        return 'many'\n",
      4,
      4,
    ],
    "loops in loops, each a level deeper": [
      "    total = 0\n    for i in range(n):\n        for j in range(2, i):\n            if i % j == 0:\n                break\n        total += i\n    return total\n",
      4,
      6,
    ],
    "runs of equal operators": [
      "    if a and b and c or d or e and f:\n        return 1\n    return 2 if (a or b) and c else 3\n",
      2,
      7,
    ],
    "handlers, and the else of a loop": [
      "    for it in n:\n        try:\n            it()\n        except ValueError:\n            raise\n        except OSError:\n            pass\n    else:\n        return 1\n",
      4,
      6,
    ],
    "a function inside, and a lambda": [
      "    def inner(x):\n        if x:\n            return 1\n        return 2\n    return inner if n else lambda y: 3 if y else 4\n",
      3,
      6,
    ],
    "a call of itself": [
      "    if n < 2:\n        return 1\n    if n > 9:\n        return 2\n    return f(n - 1)\n",
      3,
      3,
    ],
    "cases of a match": [
      "    match n:\n        case 1:\n            return 1\n        case 2:\n            return 2 if a else 3\n        case _:\n            return 4\n",
      3,
      3,
    ],
  };
  for (const [title, [body, mccabe, cognitive]] of Object.entries(cases))
    it(`counts ${title}`, async () => {
      const name = "f";
      assert.deepEqual(await measured(`def ${name}(n, a, b, c, d, e):\n${body}`), [[mccabe, cognitive]]);
    });

  it("are held against the limit that the project sets, and the third more", async () => {
    const [body] = cases["loops in loops, each a level deeper"]!;
    const source = `def f(n):\n${body}`;
    assert.equal((await measured(source, 3)).length, 1);
    assert.equal((await measured(source, 4)).length, 0);
    assert.equal((await measured(source, 15)).length, 0);
  });

  it("have a limit that is a whole number", () => {
    const read = (value: unknown) => readSettings({ "max-complexity": value }, rules);
    assert.deepEqual(read(7).settings, { maxComplexity: 7 });
    for (const wrong of [0, -1, 1.5, 1001, "10", true, null])
      assert.deepEqual([read(wrong).settings, read(wrong).problems.length], [{}, 1], JSON.stringify(wrong));
  });
});
