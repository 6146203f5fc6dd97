/** Code in a folder named `archive` is kept as it was: what its libraries took out since is not said of it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { rules } from "../../rules/index.generated.js";
import { check } from "../harness/check.js";

const SOURCE = "import numpy as np\n\ndef total(values):\n    return np.product(values)\n";

const asked = () => rules.filter((it) => it.name === "numpy/removed-name");

async function reported(path: string): Promise<readonly string[]> {
  return (await check(SOURCE, asked(), undefined, path)).findings.map((it) => it.rule);
}

describe("archived code", () => {
  it("is told nothing of names that are gone", async () => {
    assert.deepEqual(await reported("archive/tools/total.py"), []);
    assert.deepEqual(await reported("project/attic/total.py"), []);
  });

  it("is a hint where something took its place", async () => {
    const levelOf = async (path: string) =>
      (await check(SOURCE, asked(), undefined, path)).findings.map((it) => it.level);
    const [usual] = await levelOf("tools/total.py");
    assert.notEqual(usual, "hint");
    for (const path of ["app/old/total.py", "app/OLD/parts/total.py", "app/total_old.py", "unused/total.py"])
      assert.deepEqual(await levelOf(path), ["hint"], path);
    for (const path of ["app/older/total.py", "app/old.py", "app/threshold.py", "app/fold/total.py"])
      assert.deepEqual(await levelOf(path), [usual], path);
  });

  it("is told by its folder alone", async () => {
    assert.deepEqual(await reported("tools/archive.py"), ["numpy/removed-name"]);
    assert.deepEqual(await reported("archive_tools/total.py"), ["numpy/removed-name"]);
  });
});
