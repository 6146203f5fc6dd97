/** `nippy init`: a first configuration that changes nothing yet, and leaves what is there as it is. */

import assert from "node:assert/strict";
import { readFileSync, symlinkSync } from "node:fs";
import { describe, it } from "mocha";
import { readToml, SETTINGS } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { CLEAN, inProject } from "./nippy.js";

/** With every comment that holds an example taken for what it says. */
const uncommented = (text: string) => text.replace(/^# (?=\[|[\w"*/-]+ = )/gm, "");

describe("nippy init", () => {
  it(
    "writes a nippy.toml that says nothing and explains everything",
    inProject({ "a.py": CLEAN }, ({ run, path }) => {
      assert.equal(run("init").status, 0);
      const text = readFileSync(path("nippy.toml"), "utf8");
      assert.deepEqual(readToml(text, "nippy.toml", rules), { settings: {}, problems: [] });
      const read = readToml(uncommented(text), "nippy.toml", rules)!;
      assert.deepEqual(read.problems, []);
      assert.equal(Object.keys(read.settings).length, Object.keys(SETTINGS).length);
      assert.equal(run("check").status, 0);
      const again = run("init");
      assert.equal(again.status, 2);
      assert.match(again.stderr, /is there already/);
    }),
  );

  it(
    "adds its table to the end of a pyproject.toml and keeps every byte before it",
    inProject({ "pyproject.toml": '# ours\r\n[project]\r\nname = "a"' }, ({ run, path }) => {
      assert.equal(run("init", "--pyproject").status, 0);
      const text = readFileSync(path("pyproject.toml"), "utf8");
      assert.ok(text.startsWith('# ours\r\n[project]\r\nname = "a"\r\n\r\n[tool.nippy]\r\n'));
      assert.doesNotMatch(text, /[^\r]\n/);
      assert.deepEqual(readToml(text, "pyproject.toml", rules), { settings: {}, problems: [] });
      assert.deepEqual(readToml(uncommented(text), "pyproject.toml", rules)!.problems, []);
      const again = run("init");
      assert.equal(again.status, 2);
      assert.match(again.stderr, /has a \[tool\.nippy\] table already/);
    }),
  );

  it(
    "writes into no broken file, no missing one and through no link",
    inProject(
      { "broken/pyproject.toml": "[[[", "linked/.git/HEAD": "", "out.toml": "[project]\n" },
      ({ run, path }) => {
        symlinkSync("../out.toml", path("linked/pyproject.toml"));
        assert.match(run("init", "broken", "--pyproject").stderr, /cannot be read/);
        assert.match(run("init", "--pyproject").stderr, /There is no "pyproject.toml"/);
        assert.match(run("init", "linked", "--pyproject").stderr, /leads out of the repository/);
        assert.equal(readFileSync(path("out.toml"), "utf8"), "[project]\n");
      },
    ),
  );
});
