/** Applying fixes: overlaps wait, imports go in once, only safe ones run unasked, the text never breaks. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyEdits } from "../../analysis/analyzer.js";
import { compatible } from "../../analysis/engine/apply-fixes.js";
import { replace } from "../../analysis/rule/edits.js";
import { defineRule, nameRule, type Match } from "../../analysis/rule/rule.js";
import { allOn, analyzer } from "../harness/check.js";

const two = `from time import time\n\n\ndef a(job):\n    start = time()\n    job()\n    return time() - start\n\n\ndef b(job):\n    start = time()\n    job()\n    return time() - start\n`;

const GUARD = '\n\nif __name__ == "__main__":\n    print(1)\n';

async function fixAll(source: string, filter = {}) {
  const engine = await analyzer();
  const result = engine.fixAll(engine.open(source, allOn(), "m.py"), filter);
  assert.equal(applyEdits(source, result.edits), result.text, "the edits lead to the text");
  return result;
}

describe("fix all", () => {
  it("repairs every place and adds one import", async () => {
    const { text, applied } = await fixAll(two);
    assert.equal(applied, 2);
    assert.equal(text.match(/perf_counter/g)?.length, 5);
    assert.equal(text.split("\n")[0], "from time import perf_counter, time");
  });

  it("takes out an import that no fix alone could take out, and no other", async () => {
    const { text } = await fixAll(`import os\n${two.replace("import time", "import sleep, time")}${GUARD}`);
    assert.match(text, /^import os\nfrom time import perf_counter, sleep\n/);
    for (const kept of [
      `${two}\n\ndef c(done: "time") -> None:\n    pass\n${GUARD}`,
      two.replace("\n\n\n", '\n\n__all__ = ["time"]\n\n'),
    ])
      assert.match((await fixAll(kept)).text, /^from time import perf_counter, time\n/);
  });

  it("leaves an import that another file may take from this one", async () => {
    const kept = /^from time import perf_counter, time\n/;
    assert.match((await fixAll(two)).text, kept);
    assert.doesNotMatch((await fixAll(two.replace("\n\n\n", '\n\n__all__ = ["a", "b"]\n\n'))).text, kept);
    const hidden = two.replaceAll("time()", "_time()").replace("import time", "import time as _time");
    assert.doesNotMatch((await fixAll(hidden)).text, /_time/);
  });

  it("leaves an import that a magic of a notebook needs", async () => {
    const engine = await analyzer();
    const cells =
      'import re\n\n\ndef slug(name: str) -> str:\n    return re.sub(" ", "-", name)\n\n\nprint(slug("a b"))\n';
    const fixed = (source: string) => engine.fixAll(engine.open(source, allOn(), "m.ipynb")).text;
    assert.doesNotMatch(fixed(cells), /import re/);
    for (const magic of ['#timeit re.search("a", "b")', "# = %time re.compile('a')", "#run -i other.py"])
      assert.match(fixed(`${cells}${magic}\n`), /import re\n[^]*name\.replace/);
  });

  it("puts imports that several fixes add at one place in their order, the groups apart", async () => {
    const body = [
      "",
      "",
      "def f(start: list[int], groups: list[list[int]]):",
      "    queue = list(start)",
      "    while queue:",
      "        first = queue.pop(0)",
      "        if first > 3:",
      "            queue.append(first - 3)",
      "    return sorted(start, key=len)[:3], sum(groups, [])",
      "",
    ];
    const added = ["import heapq", "from collections import deque", "from itertools import chain"];
    for (const [above, below] of [
      [[], []],
      [['"""Doc."""', "from __future__ import annotations", ""], []],
      [[], ["", "import numpy as np"]],
      [["import re"], []],
    ] as const)
      for (const end of ["\n", "\r\n"]) {
        const given = [...above.filter((it, index) => it !== "" || index < above.length - 1), ...below.slice(1)];
        const { text } = await fixAll((given.length > 0 ? [...given, ...body] : body.slice(2)).join(end));
        const lines = text.split(end);
        const sorted = above.length === 1 ? [added[0], "import re", ...added.slice(1)] : [...above, ...added];
        assert.deepEqual(lines.slice(0, sorted.length + below.length), [...sorted, ...below]);
      }
  });

  it("leaves one gap where an import goes out, and none at the start of a file", async () => {
    const body = `def slug(name: str) -> str:\n    return re.sub(" ", "-", name)\n${GUARD}`;
    const after = body.replace('re.sub(" ", "-", name)', 'name.replace(" ", "-")');
    for (const [above, left, end] of [
      ["import re\n\n\n", "", "\n"],
      ['"""Names."""\n\nimport re\n\n\n', '"""Names."""\n\n\n', "\n"],
      ["import os\n\nimport re\n\nimport numpy\n\n\n", "import os\n\nimport numpy\n\n\n", "\n"],
      ["import os\nimport re\nimport numpy\n\n\n", "import os\nimport numpy\n\n\n", "\n"],
      ["import re\n\n\n", "", "\r\n"],
    ] as const)
      assert.equal(
        (await fixAll((above + body).replaceAll("\n", end))).text,
        (left + after).replaceAll("\n", end),
        above,
      );
  });

  it("leaves fixes to review alone unless asked", async () => {
    const source =
      "import pandas as pd\n\n\ndef f(df: pd.DataFrame):\n    for _, row in df.iterrows():\n        print(row['a'])\n";
    assert.equal((await fixAll(source)).text, source);
    assert.match((await fixAll(source, { review: true })).text, /itertuples/);
  });

  it("does not drop the row of a loop and make use of it at once", async () => {
    const loop = "for index, row in df.iterrows():";
    const source = `import pandas as pd\n\n\ndef f(df: pd.DataFrame):\n    ${loop}\n        print(df.loc[index, "a"])\n`;
    const filter = { review: true, rules: ["pandas/iterrows", "pandas/scalar-loc-access"] };
    const { text } = await fixAll(source, filter);
    assert.match(text, /for index in df\.index:\n {8}print\(df\.at\[index, "a"\]\)/);
    const both = (await fixAll(source.replace("print(", 'print(row["b"], '), filter)).text;
    assert.doesNotMatch(both, /itertuples[^]*row\[/);
  });

  it("repairs only the rules it is asked for", async () => {
    assert.equal((await fixAll(two, { rules: ["pandas/*"] })).applied, 0);
    assert.equal((await fixAll(two, { rules: ["profiling/*"] })).applied, 2);
  });

  it("takes in what is ready when its time is over, and looks at nothing again", async () => {
    let asked = 0;
    const three = `${two}\n\n${two.slice(two.indexOf("def b")).replace("def b", "def c")}`;
    const { text, applied } = await fixAll(three, { rules: ["profiling/*"], isOver: () => asked++ > 0 });
    assert.equal(applied, 1);
    assert.match(text, /start = perf_counter\(\)[^]*start = time\(\)/);
    assert.equal(asked, 4, "before each of three fixes, and after them");
    assert.equal((await fixAll(two, { isOver: () => true })).text, two);
  });

  it("leaves a fix out that does not parse, and puts the others in", async () => {
    const definition = defineRule<"call", Match>({
      title: "A call",
      why: "It is for a test.",
      guide: "numpy",
      level: "warning",
      gain: "clarity",
      fixes: "safe",
      examples: [{ before: "f()", after: "f(1)" }],
      on: ["call"],
      find: (node) => ({ at: node }),
      message: () => "A call.",
      fix: ({ at }) => ({ title: "Call it", doubts: [], edits: [replace(at, at.start === 0 ? "f(" : "1")] }),
    });
    const engine = await analyzer([nameRule("test/call", definition)]);
    const fixed = engine.fixAll(engine.open("a()\nb()\nc()\nd()\n", allOn(), "module.py"));
    assert.equal(fixed.text, "a()\n1\n1\n1\n");
    assert.equal(fixed.applied, 3);
  });

  it("does nothing to broken code around its findings", async () => {
    const broken = `${two}\ndef c(:\n`;
    const { text } = await fixAll(broken);
    assert.ok(text.endsWith("\ndef c(:\n"));
  });

  it("puts an import above a decorator where both go in at the first line", async () => {
    const source = "def fib(n: int) -> int:\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n";
    const engine = await analyzer();
    const fixed = engine.fixAll(engine.open(source, allOn(), "module.py"), {
      rules: ["caching/unmemoized-recursion"],
      review: true,
    });
    assert.equal(fixed.applied, 1);
    assert.match(fixed.text, /^import functools\n\n@functools\.cache\ndef fib\(/);
    const snapshot = engine.open(source, allOn(), "module.py");
    const finding = engine.report(snapshot).findings.find((it) => it.rule === "caching/unmemoized-recursion");
    const alone = engine.fix(snapshot, finding!);
    assert.equal(applyEdits(source, alone!.edits), fixed.text);
  });

  it("puts an import where those around it are sorted, by kind or by module alone", async () => {
    const closed = async (imports: string) => {
      const source = `${imports}\n\n\ndef count(path):\n    base = sqlite3.connect(path)\n    found = base.execute("select 1").fetchone()\n    base.close()\n    return found\n`;
      const { text } = await fixAll(source, { rules: ["resources/unmanaged-resource"], review: true });
      return text.slice(0, text.indexOf("\n\n\ndef"));
    };
    assert.equal(
      await closed("import sqlite3\nfrom pathlib import Path"),
      "import sqlite3\nfrom contextlib import closing\nfrom pathlib import Path",
    );
    assert.equal(
      await closed("from ast import parse\nimport sqlite3\nfrom typing import Any"),
      "from ast import parse\nfrom contextlib import closing\nimport sqlite3\nfrom typing import Any",
    );
    assert.equal(
      await closed("from typing import Any\nimport sqlite3\nfrom ast import parse  # no order"),
      "from typing import Any\nimport sqlite3\nfrom ast import parse  # no order\nfrom contextlib import closing",
    );
  });

  it("leaves no line with two ends where a line of a CRLF file goes up", async () => {
    const source =
      'import re\n\n\ndef f(lines):\n    out = []\n    for it in lines:\n        p = re.compile("a+")\n        out.append(p.search(it))\n    return out\n';
    const { text } = await fixAll(source.replaceAll("\n", "\r\n"), {
      review: true,
      rules: ["caching/compile-in-loop"],
    });
    assert.match(text, /p = re\.compile\("a\+"\)\r\n {4}for it in lines:\r\n {8}out\.append/);
    assert.doesNotMatch(text, /\r\r/);
  });

  it("keeps a byte order mark, CRLF and tabs", async () => {
    const source = `\ufeff${two.replaceAll("    ", "\t").replaceAll("\n", "\r\n")}`;
    const { text, applied } = await fixAll(source);
    assert.equal(applied, 2);
    assert.ok(text.startsWith("\ufefffrom time") && !/[^\r]\n/.test(text) && text.includes("\tstart = perf_counter()"));
  });
});

describe("names that fixes choose", () => {
  const pooled = (name: string, power: number) =>
    `\n\ndef ${name}(values: list[int]) -> list[int]:\n    with ProcessPoolExecutor() as pool:\n        return list(pool.map(lambda value: value**${power}, values))\n`;

  it("are different ones for two fixes that define a function of the module", async () => {
    const source = `from concurrent.futures import ProcessPoolExecutor\n${pooled("squares", 2)}${pooled("cubes", 3)}`;
    const { text, applied } = await fixAll(source, { rules: ["concurrency/unpicklable-task"], review: true });
    assert.equal(applied, 2);
    assert.match(text, /def work\(value\):\n    return value\*\*2[^]*pool\.map\(work, values/);
    assert.match(text, /def work_2\(value\):\n    return value\*\*3[^]*pool\.map\(work_2, values/);
    const engine = await analyzer();
    const snapshot = engine.open(source, allOn(), "m.py");
    const together = engine.fixesTogether(snapshot, (it) => it.rule === "concurrency/unpicklable-task");
    const names = together.flatMap(({ edits }) => edits.flatMap(({ text }) => /^def (\w+)/m.exec(text)?.[1] ?? []));
    assert.deepEqual(names, ["work", "work_2"]);
    // One by one each takes the name that it would have alone.
    for (const it of engine.report(snapshot).findings.filter((it) => it.rule === "concurrency/unpicklable-task"))
      assert.ok(engine.fix(snapshot, it)!.edits.some(({ text }) => text.includes("def work(")));
  });

  const joined = (name: string, texts: string) =>
    `\n\ndef ${name}(${texts}: list[str]) -> str:\n    text = ""\n    for it in ${texts}:\n        text += it.upper()\n        if it == "x":\n            text += "y"\n    return text\n`;

  it("are the same in two functions that see nothing of each other", async () => {
    const { text, applied } = await fixAll(`${joined("one", "first")}${joined("other", "second")}`.trimStart(), {
      rules: ["strings/concat-in-loop"],
      review: true,
    });
    assert.equal(applied, 2);
    assert.equal(text.match(/parts = \[\]/g)?.length, 2);
    assert.ok(!text.includes("parts_2"));
  });

  it("are one for constants of the module that hold the same, and go in at once", async () => {
    const search = (name: string, pattern: string) =>
      `\n\ndef ${name}(lines: list[str]) -> list:\n    return [re.search(r"${pattern}", line) for line in lines]\n`;
    const source = `import re\n${search("one", "a+")}${search("two", "b+")}${search("three", "a+")}`;
    const engine = await analyzer();
    const snapshot = engine.open(source, allOn(), "m.py");
    const together = engine.fixesTogether(snapshot, (it) => it.rule === "strings/regex-in-loop");
    const text = applyEdits(
      source,
      together.flatMap(({ edits }) => edits),
    );
    assert.equal(together.length, 3);
    assert.match(text, /^import re\n\nPATTERN = re.compile\(r"a\+"\)\nPATTERN_2 = re.compile\(r"b\+"\)\n\n\ndef one/);
    assert.equal(text.match(/\bPATTERN\.search/g)?.length, 2);
  });

  it("are different ones for two fixes in one function", async () => {
    const body = (texts: string, name: string) =>
      `    ${name} = ""\n    for it in ${texts}:\n        ${name} += it.upper()\n        if it == "x":\n            ${name} += "y"\n`;
    const source = `def both(first: list[str], second: list[str]) -> tuple[str, str]:\n${body("first", "a")}${body("second", "b")}    return a, b\n`;
    const { text, applied } = await fixAll(source, { rules: ["strings/concat-in-loop"], review: true });
    assert.equal(applied, 2);
    assert.equal(new Set(text.match(/\w*parts\w*(?= = \[\])/g)).size, 2);
  });
});

describe("fixes that meet", () => {
  const edit = (start: number, end: number, text = "x") => ({ start, end, text });

  it("wait when they overlap, first come first served", () => {
    const fixes = [{ edits: [edit(0, 5)] }, { edits: [edit(4, 6)] }, { edits: [edit(5, 7)] }];
    assert.deepEqual(compatible(fixes).accepted, [fixes[0], fixes[2]]);
  });

  it("count from their first edit to their last", () => {
    const moved = { edits: [edit(10, 10, "    "), edit(20, 20, "    "), edit(30, 30, "    ")] };
    assert.deepEqual(compatible([moved, { edits: [edit(15, 16)] }, { edits: [edit(31, 33)] }]).accepted.length, 2);
  });

  it("wait where an import would go into a line that another fix takes out", () => {
    const out = { edits: [edit(12, 40, ""), edit(60, 64)] };
    const into = { edits: [edit(39, 39, "\nimport a"), edit(70, 72)] };
    assert.deepEqual(compatible([out, into]).accepted, [out]);
    assert.deepEqual(compatible([into, out]).accepted, [into]);
    const between = { edits: [edit(40, 40, "\nimport a"), edit(70, 72)] };
    assert.equal(compatible([out, between]).accepted.length, 2);
  });

  it("share an import, and take turns at other insertions at one place", () => {
    const shared = { edits: [edit(0, 0, "\nimport a"), edit(3, 4)] };
    assert.equal(
      compatible([{ edits: [edit(7, 7, ", b"), edit(13, 14)] }, { edits: [edit(7, 7, ", b"), edit(18, 19)] }]).edits
        .length,
      3,
    );
    assert.equal(compatible([shared, { edits: [edit(0, 0, "\nimport a"), edit(8, 9)] }]).edits.length, 3);
    assert.equal(compatible([shared, { edits: [edit(0, 0, "\nimport b"), edit(8, 9)] }]).accepted.length, 2);
    assert.equal(compatible([{ edits: [edit(2, 2, "a")] }, { edits: [edit(2, 2, "b")] }]).accepted.length, 1);
  });
});
