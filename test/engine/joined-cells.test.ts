/** Joining cells: everything keeps its offset, and only what Python cannot read is hidden. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { fitsIn, moved } from "../../analysis/engine/areas.js";
import { changedCells, joinCells } from "../../analysis/notebook/joined.js";
import { CELL_BREAK } from "../../analysis/text/cell-break.js";
import { difference } from "../../analysis/analyzer.js";
import { applyEdits } from "../../analysis/text/range.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, check } from "../harness/check.js";

describe("the joined cells of a notebook", () => {
  const hiddenIn = (...cells: string[]) => {
    const { text, hidden } = joinCells(cells);
    const plain = cells.join(CELL_BREAK);
    assert.equal(text.length, plain.length);
    hidden.forEach((it) => assert.equal(text[it.start], "#"));
    const shown = plain
      .split("")
      .map((char, at) => (hidden.some((it) => it.start === at) ? "#" : char))
      .join("");
    assert.equal(text, shown);
    return hidden.map((it) => plain.slice(it.start, it.end));
  };

  it("says where each cell lies", () => {
    assert.deepEqual(joinCells(["ab", "", "c\n"]), {
      text: "ab\n\f\n\n\f\nc\n",
      cells: [
        { start: 0, end: 2 },
        { start: 5, end: 5 },
        { start: 8, end: 10 },
      ],
      hidden: [],
      areas: [
        { start: 0, end: 2 },
        { start: 5, end: 5 },
        { start: 8, end: 10 },
      ],
    });
    assert.deepEqual(joinCells([]), { text: "", cells: [], hidden: [], areas: [] });
  });

  it("hides magics, shell lines and questions, wherever a statement may begin", () => {
    assert.deepEqual(hiddenIn("%time f()\nx = 1\n  !ls -l\n?f\nf??\nx.y?"), [
      "%time f()",
      "!ls -l",
      "?f",
      "f??",
      "x.y?",
    ]);
    assert.deepEqual(hiddenIn("files = !ls\na, b = %magic 1\nd[k] = !x\n"), [
      "files = !ls",
      "a, b = %magic 1",
      "d[k] = !x",
    ]);
  });

  it("hides the lines a shell line goes on with", () => {
    assert.deepEqual(hiddenIn("!pip install \\\n  a \\\n  b\nx = 1"), ["!pip install \\", "a \\", "b"]);
  });

  it("hides the lines on which a magic's brackets are still open, as IPython reads them", () => {
    assert.deepEqual(hiddenIn("%timeit f((a for a in b),\n  [c\n])\nx = 1"), ["%timeit f((a for a in b),", "[c", "])"]);
    assert.deepEqual(hiddenIn("t = %timeit -o f(\n  1)\nx = 1"), ["t = %timeit -o f(", "1)"]);
    assert.deepEqual(hiddenIn("!echo (\nx = 1"), ["!echo ("]);
  });

  it("leaves a statement in a block that has no other", () => {
    const { text } = joinCells([
      "if a:\n    !ls\nfor b in c:  # d\n    # e\n\n    %time f()\n    !g\nelse:\n  ?",
      "x = [1:\n]",
    ]);
    assert.equal(
      text,
      "if a:\n    0#s\nfor b in c:  # d\n    # e\n\n    0#ime f()\n    #g\nelse:\n  0\n\f\nx = [1:\n]",
    );
  });

  it("hides a foreign cell whole, and only the first line of a timed one", () => {
    assert.deepEqual(hiddenIn("\n%%bash\necho $(ls)\n\ncat x", "y = 1"), ["%%bash", "echo $(ls)", "cat x"]);
    assert.deepEqual(hiddenIn("%%timeit -n 10\ny = 1"), ["%%timeit -n 10"]);
    assert.deepEqual(hiddenIn("%%capture out\ny = 1\n%%bash"), ["%%capture out", "%%bash"]);
  });

  it("leaves alone what is inside brackets, strings, comments and continued lines", () => {
    for (const cell of [
      "x = (a\n% b)",
      'sql = """\n!important\n% of all?\n"""',
      "x = a \\\n% b",
      "# why?\nx = 1  # really?",
      "print('why?')",
      'd = {"a": [1,\n% 2]}',
      "x != y",
      "x %= 2",
      "a = b != c",
      "s = 'it\\'s'\nx = 1",
    ]) {
      assert.deepEqual(hiddenIn(cell), [], cell);
    }
  });

  it("finds the way back after a string that is never closed", () => {
    assert.deepEqual(hiddenIn("x = 'open\n!ls"), ["!ls"]);
    assert.deepEqual(hiddenIn('x = """open', "!ls"), ["!ls"]);
  });

  it("keeps offsets with every kind of line end and with characters of two units", () => {
    assert.deepEqual(hiddenIn("s = '🐍'\r\n!ls\r%time x\n"), ["!ls", "%time x"]);
  });

  it("has an area for each stretch of whole lines that are Python", () => {
    const areasIn = (...cells: string[]) => {
      const { areas } = joinCells(cells);
      return areas.map(({ start, end }) => cells.join(CELL_BREAK).slice(start, end));
    };
    assert.deepEqual(areasIn("x = 1\n%time f()\n  !ls \\\n  -l\ny = 2"), ["x = 1\n", "", "y = 2"]);
    assert.deepEqual(areasIn("\n%%time\nx = 1", "%%bash\nls\n", "!ls"), ["x = 1", ""]);
    assert.deepEqual(areasIn("!ls\n", "y = 1"), ["", "", "y = 1"]);
  });

  it("gives the cells back as they are after edits in their areas", () => {
    const sources = ["!ls\nx = 1\n%time f()", "", "%%bash\nls", "y = 1\n?y\nz"];
    const joined = joinCells(sources);
    const edits = [
      { start: 4, end: 9, text: "import x\nx" },
      { start: 22, end: 22, text: "new" },
      { start: joined.text.length, end: joined.text.length, text: " = 3" },
    ];
    assert.ok(fitsIn(joined.areas)(edits));
    const changed = changedCells(joined, sources, applyEdits(joined.text, edits), moved(joined.areas, edits));
    assert.deepEqual(changed, ["!ls\nimport x\nx\n%time f()", "new", "%%bash\nls", "y = 1\n?y\nz = 3"]);
    for (const it of [
      { start: 0, end: 1 },
      { start: 9, end: 11 },
      { start: 19, end: 19 },
      { start: 20, end: 21 },
      { start: 23, end: 23 },
    ])
      assert.ok(!fitsIn(joined.areas)([it]), JSON.stringify(it));
  });
});

describe("the end of a cell", () => {
  const LOADED = "import pandas as pd\ndf = pd.read_csv('a.csv')";
  const dropped = (...cells: string[]) => {
    const { text } = joinCells(cells);
    return { text, rule: rules.filter((it) => it.name === "runtime/discarded-result") };
  };
  const linesDropped = async (...cells: string[]) => {
    const { text, rule } = dropped(...cells);
    const { findings } = await check(text, rule, allOn(), "book.ipynb");
    return findings.map(({ range }) => text.slice(range.start, range.end));
  };

  it("shows a value, which is not lost", async () => {
    assert.deepEqual(await linesDropped(LOADED, "df.head()", "df.tail()  # why\n\n# so", "def f():\n    pass"), []);
    assert.deepEqual(await linesDropped(LOADED, "df.head()", "", "# nothing", "df.tail()"), []);
  });

  it("is not any line of it", async () => {
    assert.deepEqual(await linesDropped(LOADED, "df.head()\nx = 1", "df.tail()\n\ndef f():\n    pass", "df.head()"), [
      "df.head()",
      "df.tail()",
    ]);
  });

  it("is seen to come and go while somebody types", async () => {
    const engine = await analyzer(dropped().rule);
    const found = (it: ReturnType<typeof engine.open>) => engine.report(it).findings.length;
    const before = joinCells([LOADED, "df.head()", "def f():\n    pass"]).text;
    const opened = engine.open(before, allOn(), "book.ipynb");
    assert.equal(found(opened), 0);
    const after = joinCells([LOADED, "df.head()\ndef g():\n    pass", "def f():\n    pass"]).text;
    const typed = engine.edit(opened, difference(before, after));
    assert.equal(found(typed), 1);
    assert.equal(found(engine.edit(typed, difference(after, before))), 0);
  });
});

describe("warnings that a notebook hides", () => {
  it("are a hint, and nothing is said of programs that import it", async () => {
    const { text } = joinCells(["import warnings", 'warnings.simplefilter("ignore")']);
    const silenced = rules.filter((it) => it.name === "errors/silenced-warnings");
    const told = async (path: string) =>
      (await check(text, silenced, allOn(), path)).findings.map(({ weight, message }) => [
        weight,
        message.includes("import this file"),
      ]);
    assert.deepEqual(await told("book.ipynb"), [["light", false]]);
    assert.deepEqual(await told("book.py"), [["heavy", true]]);
  });
});
