/** Joining cells: everything keeps its offset, and only what Python cannot read is hidden. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { joinCells } from "../../server/notebook-text.js";

describe("server: the text of a notebook", () => {
  const hiddenIn = (...cells: string[]) => {
    const { text, hidden } = joinCells(cells);
    const plain = cells.join("\n");
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
      text: "ab\n\nc\n",
      cells: [
        { start: 0, end: 2 },
        { start: 3, end: 3 },
        { start: 4, end: 6 },
      ],
      hidden: [],
    });
    assert.deepEqual(joinCells([]), { text: "", cells: [], hidden: [] });
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
});
