/** Notebooks that are broken, endless, deep, or made to be taken for something else: one of them never costs the others their findings. */

import { after, before, describe, it } from "mocha";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { jsonOf, ONLY_CLOCK, ONLY_ROWS, ROWS } from "../cli/nippy.js";
import { code, NOTEBOOK, notebook } from "../cli/notebook-cells.js";
import { fuzzChecks, type FuzzChecks } from "./fuzz-checks.js";
import { inRepository } from "./repository.js";
import { assertSafe } from "./safe-output.js";

const around = (more: string) => NOTEBOOK.replace(/^\{/, () => `{"x": ${more},`);

/** With what is said of each, or nothing where it is checked. */
const BAD: Readonly<Record<string, readonly [content: string, why: RegExp | undefined]>> = {
  "a million brackets": ["[".repeat(1_000_000), /is nested too deeply/],
  "a million tables in one another": ['{"cells":'.repeat(1_000_000), /is nested too deeply/],
  "cells in cells": [`{"cells": ${"[".repeat(300)}${"]".repeat(300)}}`, /is nested too deeply/],
  "three million tables": [around(`[${"{},".repeat(3_000_000)}{}]`), undefined],
  "three million cells": [`{"cells": [${"{},".repeat(3_000_000)}{}]}`, /has too many lines of code/],
  "a hundred thousand cells": [`{"cells": [${"{},".repeat(100_000)}{}]}`, /has more than 20000 cells/],
  "two million lines": [
    `{"cells": [{"cell_type": "code", "source": [${'"",'.repeat(2_000_000)}""]}]}`,
    /has too many lines of code/,
  ],
  "more code than is bearable": [
    notebook([code("", { source: "# comment\\n".repeat(1_100_000) })]),
    /has more than 10 MB of code/,
  ],
  "a number of ten million digits": [around("1".repeat(10_000_000)), undefined],
  "blanks without end": [around(`${" ".repeat(10_000_000)}1`), undefined],
  "a string of escapes": [around(`"${"\\u0041".repeat(1_000_000)}"`), undefined],
  "a string that never ends": [`{"cells": "${"a".repeat(5_000_000)}`, /is not valid JSON/],
  "names that objects have": [around('{"__proto__": {"cells": 1}, "constructor": 1, "toString": 1}'), undefined],
  "half a character": [around('"\\ud83d"'), undefined],
};

describe("a hostile notebook", () => {
  for (const [what, [content, why]] of Object.entries(BAD))
    it(
      `with ${what} is ${why ? "told" : "checked"}, and holds up nothing`,
      inRepository({ "bad.ipynb": content, "b.py": ROWS }, ({ survives }) => {
        const outcome = survives("check", "--format", "json", ...ONLY_ROWS);
        const { findings, failures } = jsonOf(outcome);
        assert.equal(findings.length, why ? 1 : 2);
        if (why) assert.match(failures.map((it) => it.message).join(), why);
        else assert.deepEqual(failures, []);
      }),
    );

  it(
    "shows nothing raw of what it is called, in or by",
    inRepository(
      {
        "r.ipynb": notebook([], { metadata: { language_info: { name: "\u001b[31m\u202e##[error]\n::error::x" } } }),
        "n.ipynb": notebook([code(`import pandas as pd\n${ROWS}`.replace("row,", "row,  # \u001b[31m\u202e"))]),
      },
      ({ survives }) => {
        for (const format of ["text", "json", "sarif", "github"]) {
          const { stdout, stderr } = survives("check", "--format", format, ...ONLY_ROWS);
          assertSafe(format, stdout, format === "github");
          assertSafe(format, stderr);
        }
      },
    ),
  );

  it(
    "is read from no pipe, and is not repaired through a link out of the repository",
    inRepository({}, ({ survives, pipe, link, home, write, path }) => {
      pipe("p.ipynb");
      write("../home/n.ipynb", NOTEBOOK);
      link("l.ipynb", `${home}/n.ipynb`);
      assert.equal(survives("check", "p.ipynb").status, 2);
      survives("check", "--fix", ".", ...ONLY_CLOCK);
      assert.equal(survives("check", "--fix", "l.ipynb", ...ONLY_CLOCK).status, 2);
      assert.equal(readFileSync(path("../home/n.ipynb"), "utf8"), NOTEBOOK);
    }),
  );

  describe("that chance wrote", () => {
    let checks: FuzzChecks;
    before(async () => {
      checks = await fuzzChecks();
    });
    after(() => checks.end());

    // `npm run soak -- --only hostile` goes on where this ends.
    it("is checked, or told; and nothing but the sources of its cells is repaired", async () => {
      for (let seed = 0; seed < 300; seed++) await checks.notebooks(seed);
    });
  });
});
