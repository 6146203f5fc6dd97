/** What the name of a file and of its folders says of the code in it: tests, and mistakes that are shown on purpose. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { rules } from "../../rules/index.generated.js";
import { check } from "../harness/check.js";

const SOURCE =
  "import pandas as pd\n\ndef show(paths: list[str]) -> None:\n    for _, row in pd.read_csv(paths[0]).iterrows():\n        total = row['a'] + 1\n        paths.append(total)\n";

async function levelIn(path: string): Promise<string | undefined> {
  const asked = rules.filter((it) => it.name === "pandas/iterrows");
  return (await check(SOURCE, asked, undefined, path)).findings[0]?.level;
}

describe("the name of a file", () => {
  it("makes nothing of a finding where it says nothing", async () => {
    for (const path of ["module.py", "contest.py", "latest_examples/total.py", "code/wrong.py"])
      assert.equal(await levelIn(path), "warning", path);
  });

  it("says that it is a test, by itself or by a folder close above", async () => {
    for (const path of ["test_total.py", "total_test.py", "tests/total.py", "e2e/total.py", "e2e_api/total.py"])
      assert.equal(await levelIn(path), "hint", path);
    assert.equal(await levelIn("tests/a/b/c/total.py"), "warning");
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
});
