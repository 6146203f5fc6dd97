/** Links that a repository brings along: nothing is written through them beyond the folders that were given. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CLOCK, ONLY_CLOCK, ROWS } from "../cli/nippy.js";
import { inRepository } from "./repository.js";

const FIX = ["check", "--fix", ...ONLY_CLOCK];
const TOLD =
  /The fixes were not written: a link leads to this file, out of the folders to repair; name the file itself\.$/m;

describe("--fix", () => {
  it(
    "does not follow a link out of the repository, however it is named",
    inRepository({ "a.py": CLOCK }, ({ survives, path, home, link, victim }) => {
      writeFileSync(victim, CLOCK);
      mkdirSync(join(home, "other"));
      writeFileSync(join(home, "other/b.py"), CLOCK);
      link("link.py", victim);
      link("chain.py", "link.py");
      link("folder", join(home, "other"));
      link("deep/folder", "../folder");
      for (const name of ["link.py", "chain.py", "folder", "folder/b.py", "deep/folder/b.py"]) {
        const outcome = survives(...FIX, name);
        assert.equal(outcome.status, 2, name);
        assert.match(outcome.stderr, TOLD, name);
        const diff = survives("check", "--diff", ...ONLY_CLOCK, name);
        assert.deepEqual([diff.status, diff.stdout], [2, ""], name);
      }
      assert.deepEqual(
        [victim, join(home, "other/b.py")].map((it) => readFileSync(it, "utf8")),
        [CLOCK, CLOCK],
      );
      assert.deepEqual(
        readdirSync(home).filter((it) => it !== ".cache"),
        ["other", "victim.py"],
      );

      assert.equal(survives(...FIX, ".").status, 0, "a walk follows no links");
      assert.equal(readFileSync(victim, "utf8"), CLOCK);
      assert.notEqual(readFileSync(path("a.py"), "utf8"), CLOCK);
    }),
  );

  it(
    "follows links inside the repository, and into folders that were given too",
    inRepository(
      { "src/a.py": CLOCK, "other/.git/HEAD": "", "other/b.py": CLOCK },
      ({ survives, path, home, link }) => {
        link("inside.py", "src/a.py");
        assert.equal(survives(...FIX, "inside.py", "src/a.py").status, 0);
        assert.notEqual(readFileSync(path("src/a.py"), "utf8"), CLOCK);
        assert.ok(lstatSync(path("inside.py")).isSymbolicLink());

        link("other/out.py", "../other2/c.py");
        mkdirSync(path("other2"));
        writeFileSync(path("other2/c.py"), CLOCK);
        assert.match(survives(...FIX, "other/out.py").stderr, TOLD);
        assert.equal(survives(...FIX, "other/out.py", "other2").status, 0);

        // A way that the user made, outside of any repository.
        symlinkSync(path("other"), join(home, "way"));
        assert.equal(survives(...FIX, join(home, "way")).status, 0);
        assert.notEqual(readFileSync(path("other/b.py"), "utf8"), CLOCK);
      },
    ),
  );

  it(
    "leaves the other name of a file as it is, keeps modes, and does not write what may not be written",
    inRepository({ "a.py": CLOCK, "b.py": CLOCK, "c.py": CLOCK }, (repository) => {
      const { survives, path, victim } = repository;
      writeFileSync(victim, CLOCK);
      rmSync(path("a.py"));
      linkSync(victim, path("a.py"));
      chmodSync(path("b.py"), 0o751);
      assert.equal(survives(...FIX).status, 0);
      assert.equal(readFileSync(victim, "utf8"), CLOCK);
      assert.notEqual(readFileSync(path("a.py"), "utf8"), CLOCK);
      assert.equal(statSync(path("b.py")).mode & 0o777, 0o751);
      assert.deepEqual(
        readdirSync(path(".")).filter((it) => it.endsWith(".tmp")),
        [],
      );
    }),
  );
});

describe("a report", () => {
  it(
    "is not written through a link out of the repository",
    inRepository({ "a.py": ROWS }, ({ survives, home, link, victim }) => {
      const before = readFileSync(victim, "utf8");
      link("report.json", victim);
      link("new.json", join(home, "new"));
      for (const name of ["report.json", "new.json"]) {
        const { status, stderr } = survives("check", "--output-file", name);
        assert.equal(status, 2);
        assert.match(
          stderr,
          /^error: The report cannot be written to "\w+\.json": a link leads out of the repository\.$/m,
        );
      }
      assert.equal(readFileSync(victim, "utf8"), before);
      assert.equal(existsSync(join(home, "new")), false);
      assert.equal(survives("check", "--output-file", join(home, "new")).status, 1);
    }),
  );
});
