/** File names that are no text: told once, and no reason to fail. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { CLEAN, jsonOf, ROWS } from "../cli/nippy.js";
import { inRepository } from "./repository.js";

const LATIN_1 = Buffer.from("caf\u00e9.py", "latin1");

describe("a name that is not UTF-8", () => {
  it(
    "is told, and all others are checked",
    inRepository({ "a.py": CLEAN, "caf\ufffd/\ufffd.py": ROWS }, (repository) => {
      repository.writeNamed(LATIN_1, ROWS);
      repository.writeNamed(Buffer.concat([LATIN_1, Buffer.from(".txt")]), "");
      mkdirSync(Buffer.concat([Buffer.from(repository.path("src-")), Buffer.of(0xff)]));
      const outcome = repository.survives("check", "--format", "json", "--select", "pandas/iterrows");
      assert.equal(
        outcome.stderr,
        "warning: .: 2 names here are not UTF-8: what is called so is not checked. Rename it.\n",
      );
      assert.deepEqual(
        jsonOf(outcome).findings.map((it) => it.path),
        ["caf\ufffd/\ufffd.py"],
        "a name with that character is a name like any other",
      );
      assert.equal(repository.survives("check", "a.py").status, 0);
      assert.equal(repository.survives("check", "--select", "strings/*").status, 0);
    }),
  );

  it(
    "is told by that word when it is given",
    inRepository({}, ({ survives }) => {
      const { status, stderr } = survives("check", "caf\ufffd.py");
      assert.equal(status, 2);
      assert.match(
        stderr,
        /^error: There is no file or folder "caf\ufffd\.py"\. If its name is not UTF-8, rename it\.\n$/,
      );
    }),
  );
});
