/** What the command line tells of comments that silence rules, and of code that is no Python. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { BROKEN_ROWS, CLEAN, inProject, jsonOf, ONLY_ROWS, ROWS } from "./nippy.js";

/** From Python 3.13 and 3.15, and stars in places where few write them. */
const NEW_FORMS = `lazy import json
lazy from os import path

type Pair[T = int] = tuple[T, T]


class Box[T: int = bool]:
    pass


def first(row, *others):
    return row, *[it for it in others]


async def last(rows, more):
    table[0, *(1, 2)] = {**row for row in rows}
    return rows, *await more()
`;

/** Jupyter takes the indentation of a cell away, and its magics are no Python. */
const INDENTED_CELL = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { language_info: { name: "python" } },
  cells: [
    ...["x = 1", "    y = 2\n    for x in range(3):\n        !ls {x}"].map((source) => ({
      cell_type: "code",
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  ],
});

describe("nippy check: syntax errors", () => {
  it(
    "are told with their line and fail the run, whatever else was found",
    inProject({ "a.py": "x = = 1\n", "b.py": BROKEN_ROWS, "c.py": CLEAN }, ({ run }) => {
      const broken = run("check", "a.py");
      assert.equal(broken.status, 2);
      assert.match(broken.stderr, /a\.py:1:\d+: There is a syntax error here/);
      const both = run("check", "--format", "json", ...ONLY_ROWS);
      assert.equal(both.status, 2);
      assert.deepEqual(
        jsonOf(both).findings.map((it) => it.path),
        ["b.py"],
      );
      assert.equal(run("check", "a.py").status, 2, "also when the result is kept from the last run");
      assert.equal(run("check", "c.py").status, 0);
    }),
  );

  it(
    "are told too where what stands there is understood, but by no Python 3",
    inProject(
      { "a.py": `${ROWS}\nprint "done"\n`, "b.py": "def f():\n    x = 1\n   return x\n", "c.ipynb": INDENTED_CELL },
      ({ run }) => {
        const { status, stdout, stderr } = run("check", ...ONLY_ROWS);
        assert.equal(status, 2);
        assert.match(
          stderr,
          /^error: a\.py:\d+:1: There is a syntax error here: .*Python 2.*\nerror: b\.py:3:4: .*indented.*\n$/,
        );
        assert.match(stdout, /^a\.py:6:\d+  warning  /, "the rest of the file is checked as ever");
      },
    ),
  );

  it(
    "are told with a reason where Python refuses what can be read",
    inProject(
      {
        "a.py": `${ROWS}\nx = 0777\n`,
        "b.py": "x = f(a=1, 2)\n",
        "c.py": 'x = "C:\\Users"\n',
        "d.py": "x = 0b2\n",
        "e.py": "# one\n  x = 1\n  y = 2\n",
      },
      ({ run }) => {
        const { status, stdout, stderr } = run("check", ...ONLY_ROWS);
        assert.equal(status, 2);
        const [a, b, c, d, e] = stderr.trim().split("\n");
        assert.match(
          a!,
          /^error: a\.py:\d+:5: There is a syntax error here: a number that begins with 0 is written 0o17 /,
        );
        assert.match(b!, /^error: b\.py:1:6: .*: an argument without a name follows one with a name\.$/);
        assert.match(c!, /^error: c\.py:1:5: .*: an escape in a text is not complete\.$/);
        assert.match(d!, /^error: d\.py:1:\d: There is a syntax error here/);
        assert.match(e!, /^error: e\.py:2:3: .*indented/);
        assert.match(stdout, /^a\.py:6:\d+  warning  /, "the rest of the file is checked as ever");
      },
    ),
  );

  it(
    "are not what only newer Pythons take, or the grammar does not know",
    inProject({ "a.py": NEW_FORMS }, ({ run }) => {
      const { status, stderr } = run("check", "a.py");
      assert.deepEqual([status, stderr], [0, ""]);
    }),
  );
});

describe("nippy check: comments that silence", () => {
  it(
    "are told when they silence nothing, and stay when their rule was not asked",
    inProject({ "a.py": "x = 1  # nippy: ignore[pandas/iterrows]\n" }, ({ run }) => {
      assert.match(run("check").stderr, /a\.py:1: This comment silences nothing\./);
      assert.doesNotMatch(run("check", "--ignore", "pandas/iterrows").stderr, /silences/);
    }),
  );

  it(
    "are taken away by --fix where they silence nothing, or what of them does",
    inProject(
      {
        "a.py": [
          "# nippy: ignore-file[numpy/append-in-loop]",
          "x = 1  # nippy: ignore[pandas/iterrows, numpy/append-in-loop]",
          "y = 2  # noqa  # nippy: ignore[pandas/iterrows] said once",
          "",
          "# nippy: off[pandas/iterrows]",
          "z = 3",
          "# nippy: on[pandas/iterrows]",
          "",
        ].join("\n"),
        "b.py": ROWS.replace("iterrows():", "iterrows():  # nippy: ignore[iteration/range-len, pandas/iterrows]"),
      },
      ({ run, path }) => {
        const text = (name: string) => readFileSync(path(name), "utf8");
        const before = text("a.py");
        assert.match(run("check", "--diff", "a.py").stdout, /^-y = 2 {2}# noqa {2}# nippy/m);
        run("check", "--fix", "--select", "iteration/range-len");
        assert.equal(text("a.py"), before, "of rules that were not asked nobody knows");
        assert.match(text("b.py"), /iterrows\(\): {2}# nippy: ignore\[pandas\/iterrows\]$/m);
        const { status, stderr } = run("check", "--fix");
        assert.deepEqual([status, stderr], [0, ""]);
        assert.equal(text("a.py"), "x = 1\ny = 2  # noqa\n\nz = 3\n");
        assert.match(text("b.py"), /iterrows\(\): {2}# nippy: ignore\[pandas\/iterrows\]$/m);
      },
    ),
  );

  it(
    "are told in the reports for programs too, with their place",
    inProject({ "a.py": "y = 2\nx = 1  # nippy: ignore[pandas/iterrows]\n" }, ({ run }) => {
      const of = (format: string) => run("check", "--format", format).stdout;
      assert.deepEqual(jsonOf(run("check", "--format", "json")).comments, [
        {
          path: "a.py",
          message: "This comment silences nothing.",
          range: { start: { line: 2, column: 8 }, end: { line: 2, column: 40 } },
        },
      ]);
      assert.match(
        of("json-lines"),
        /^\{"type":"comment","path":"a\.py","message":"This comment silences nothing\.",/m,
      );
      assert.match(of("github"), /^::warning title=Nippy,file=a\.py,line=2::This comment silences nothing\.$/m);
      assert.match(of("rdjson"), /This comment silences nothing\.[^]+"start": \{\s+"line": 2\s/);
      assert.match(of("sarif"), /This comment silences nothing\.[^]+"startLine": 2\s/);
    }),
  );

  it(
    "have to say why where the project wants it",
    inProject(
      {
        "nippy.toml": "require-reason = true\n",
        "a.py": ROWS.replace("iterrows():", "iterrows():  # nippy: ignore[pandas/iterrows]"),
        "b.py": ROWS.replace("iterrows():", "iterrows():  # nippy: ignore[pandas/iterrows] ten rows at most"),
      },
      ({ run }) => {
        const { stderr } = run("check");
        assert.match(stderr, /a\.py:6: Say why/);
        assert.doesNotMatch(stderr, /b\.py/);
      },
    ),
  );
});
