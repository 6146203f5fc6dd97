/** What the name of a file and of its folders says of the code in it: tests, and mistakes that are shown on purpose. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DEFAULT_SETTINGS, type Snapshot } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { analyzer as analyzerOf, check } from "../harness/check.js";

const SOURCE =
  "import pandas as pd\n\ndef show(paths: list[str]) -> None:\n    for _, row in pd.read_csv(paths[0]).iterrows():\n        total = row['a'] + 1\n        paths.append(total)\n";

const TEST = "\ndef test_show():\n    show([])\n";

const asked = rules.filter((it) => it.name === "pandas/iterrows");
const levelIn = async (path: string, source = SOURCE): Promise<string | undefined> =>
  (await check(source, asked, undefined, path)).findings[0]?.level;

describe("the name of a file", () => {
  it("makes nothing of a finding where it says nothing", async () => {
    for (const path of ["module.py", "contest.py", "latest_examples/total.py", "code/wrong.py"])
      assert.equal(await levelIn(path), "warning", path);
  });

  it("says that it is a test, by a folder close above", async () => {
    for (const path of ["tests/total.py", "e2e/total.py", "e2e_api/total.py", "tests/test_total.py", "conftest.py"])
      assert.equal(await levelIn(path), "hint", path);
    assert.equal(await levelIn("tests/a/b/c/total.py"), "warning");
  });

  it("says so by itself where something is tested in the file", async () => {
    for (const path of ["test_total.py", "total_test.py"]) {
      assert.equal(await levelIn(path, SOURCE + TEST), "hint", path);
      assert.equal(await levelIn(path, `import pytest\n${SOURCE}`), "hint", path);
      assert.equal(await levelIn(path), "warning", path);
    }
    assert.equal(await levelIn("total.py", SOURCE + TEST), "warning");
  });

  it("says so from the moment on in which the first test is typed", async () => {
    const analyzer = await analyzerOf(asked);
    const levelOf = (it: Snapshot) => analyzer.report(it).findings[0]?.level;
    const before = analyzer.open(SOURCE, DEFAULT_SETTINGS, "total_test.py");
    assert.equal(levelOf(before), "warning");
    const tested = analyzer.edit(before, [{ start: SOURCE.length, end: SOURCE.length, text: TEST }]);
    assert.equal(levelOf(tested), "hint");
    const again = analyzer.edit(tested, [{ start: SOURCE.length, end: SOURCE.length + TEST.length, text: "" }]);
    assert.equal(levelOf(again), "warning");
  });

  it("says that it shows a mistake: its author knows, so it is no more than a hint", async () => {
    for (const path of [
      "bad_example.py",
      "course/bad-examples/total.py",
      "anti_patterns/total.py",
      "2_antipattern.py",
      "wrong_code.py",
      "good_example.py",
    ])
      assert.equal(await levelIn(path), "hint", path);
  });

  it("says that it is kept and no longer looked after: no more than a hint", async () => {
    for (const path of ["archive/total.py", "research/archive/rejected/first/total.py", "Attic/total.py"])
      assert.equal(await levelIn(path), "hint", path);
    for (const path of ["archive/work/project/tools/total.py", "tools/archive.py", "archives.d/total.py"])
      assert.equal(await levelIn(path), "warning", path);
  });
});
