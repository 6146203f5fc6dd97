/** Verdicts are kept between runs: what is kept comes back, and what is damaged, foreign or objected to does not. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { pythonWith } from "../harness/python.js";
import { preloadFor, type Job, type Verdict } from "./prover.js";
import { digestOfVerdict, readKept, writeKept } from "./verdict-cache.js";
import { ask, tally, type Question } from "./verdicts.js";

const verdict: Verdict = { ran: 3, reached: [true, false], differences: [["nan", "f", "1 | 2"]], missing: null };
const job: Job = { before: "x = 1\n", after: "x = 2\n", setup: "", driver: "", strict: true, findings: [[1, 1]] };

describe("kept verdicts", () => {
  let folder: string;
  let python: string;

  before(function () {
    const found = pythonWith([]);
    if ("reason" in found) return this.skip();
    python = found.path;
    folder = mkdtempSync(join(tmpdir(), "nippy-kept-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const fileOf = (area: string) => join(folder, readdirSync(folder)[0]!, `${area}.json`);

  it("come back as they were, and are added to unless they are all", () => {
    writeKept(python, "a", new Map([["one", verdict]]), true, folder);
    writeKept(python, "a", new Map([["two", { ...verdict, missing: "numpy" }]]), false, folder);
    assert.deepEqual([...readKept(python, "a", folder).keys()], ["one", "two"]);
    assert.deepEqual(readKept(python, "a", folder).get("one"), verdict);
    writeKept(python, "a", new Map([["three", verdict]]), true, folder);
    assert.deepEqual([...readKept(python, "a", folder).keys()], ["three"]);
    assert.equal(readKept(python, "b", folder).size, 0);
  });

  it("are not more than a thousand of an area", () => {
    for (let part = 0; part < 3; part++)
      writeKept(
        python,
        "many",
        new Map(Array.from({ length: 600 }, (_, index) => [`${part} ${index}`, verdict])),
        false,
        folder,
      );
    const keys = [...readKept(python, "many", folder).keys()];
    assert.equal(keys.length, 1_000);
    assert.equal(keys.at(-1), "2 599");
  });

  it("do not come back damaged", () => {
    const damaged = [null, 1, {}, { failed: "no" }, { ...verdict, ran: "3" }, { ...verdict, reached: [1] }];
    const more = [
      { ...verdict, differences: [["nan"]] },
      { ...verdict, missing: 0 },
    ];
    writeKept(python, "c", new Map([["whole", verdict]]), true, folder);
    const entries = [...damaged, ...more].map((it, index) => [`damaged ${index}`, it]);
    writeFileSync(fileOf("c"), JSON.stringify(Object.fromEntries([["whole", verdict], ...entries])));
    assert.deepEqual([...readKept(python, "c", folder)], [["whole", verdict]]);
    const text = readFileSync(fileOf("c"), "utf8");
    for (const broken of ["", "null", "[]", "7", text.slice(0, -1), `${text}}`]) {
      writeFileSync(fileOf("c"), broken);
      assert.equal(readKept(python, "c", folder).size, 0);
    }
    writeKept(python, "c", new Map([["again", verdict]]), false, folder);
    assert.deepEqual([...readKept(python, "c", folder).keys()], ["again"]);
  });

  it("rest on the program, its notes and what is imported before it", () => {
    const digests = [
      digestOfVerdict(python, [], job),
      digestOfVerdict(python, ["numpy"], job),
      ...(["before", "after", "setup", "driver"] as const).map((part) =>
        digestOfVerdict(python, [], { ...job, [part]: "y = 1\n" }),
      ),
      digestOfVerdict(python, [], { ...job, strict: false }),
      digestOfVerdict(python, [], { ...job, findings: [] }),
      digestOfVerdict(python, [], { ...job, variations: ["nan"] }),
    ];
    assert.equal(new Set(digests).size, digests.length);
    assert.equal(digestOfVerdict(python, [], { ...job }), digests[0]);
  });

  it("are asked for again as long as something is to be said against them", async function () {
    this.timeout(600_000);
    const code = "def f(n: int) -> int:\n    return n + 1\n";
    const question = (name: string, after: string): Question => ({
      name,
      area: "d",
      python,
      libraries: [],
      job: { ...job, before: code, after },
      isFine: (it) => !("failed" in it) && it.differences.length === 0,
    });
    const same = question("same", code.replace("n + 1", "1 + n"));
    const other = question("other", code.replace("n + 1", "n + 2"));
    const first = ask([same, other], { isWhole: true, mayRemember: true, folder });
    const differences = async (it: Question) => {
      const verdict = await first.verdicts.get(it)!;
      return "failed" in verdict ? verdict.failed : verdict.differences.length;
    };
    assert.equal(await differences(same), 0);
    assert.notEqual(await differences(other), 0);
    await first.kept;
    assert.deepEqual([...readKept(python, "d", folder).keys()], [digestOfVerdict(python, preloadFor([]), same.job)]);

    const before = { ...tally };
    const second = ask([same, other], { isWhole: true, mayRemember: true, folder });
    assert.deepEqual(await second.verdicts.get(same), await first.verdicts.get(same));
    assert.equal(tally.remembered - before.remembered, 1, "the one that is fine is known");
    await second.kept;
  });

  it("count for nothing where nothing is to be remembered, and an interpreter that is not there is a failure", async function () {
    this.timeout(600_000);
    const missing: Question = {
      name: "m",
      area: "e",
      python: "no-such-python",
      libraries: [],
      job,
      isFine: () => true,
    };
    const { verdicts, kept } = ask([missing], { isWhole: true, mayRemember: false, folder });
    const found = await verdicts.get(missing)!;
    assert.ok("failed" in found && found.failed.includes("no-such-python"));
    await kept;
    assert.equal(readKept("no-such-python", "e", folder).size, 0);
  });
});
