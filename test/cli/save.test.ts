/** Writing a file back: not over a change made meanwhile, not where it is forbidden, never half. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { save } from "../../cli/save.js";
import { inProject } from "./nippy.js";

describe("save", () => {
  const before = Buffer.from("a = 1\n");
  const after = Buffer.from("a = 2\n");

  it(
    "replaces the file and leaves nothing else behind",
    inProject({ "a.py": before }, ({ folder, path }) => {
      assert.equal(save(path("a.py"), before, after), undefined);
      assert.deepEqual(readFileSync(path("a.py")), after);
      assert.deepEqual(readdirSync(folder), ["a.py"]);
    }),
  );

  it(
    "keeps its hands off a file that changed or vanished meanwhile",
    inProject({ "a.py": "a = 3\n" }, ({ folder, path }) => {
      assert.equal(save(path("a.py"), before, after), "the file changed while it was being checked");
      assert.equal(readFileSync(path("a.py"), "utf8"), "a = 3\n");
      rmSync(path("a.py"));
      assert.equal(save(path("a.py"), before, after), "writing failed (ENOENT)");
      assert.deepEqual(readdirSync(folder), []);
    }),
  );
});
