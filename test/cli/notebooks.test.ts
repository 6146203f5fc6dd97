/** Notebooks on the command line: checked and repaired cell by cell, with nothing else in their files touched. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, it } from "mocha";
import type { Log } from "sarif";
import { random, type Random } from "../harness/random.js";
import { startClient } from "../harness/lsp.js";
import { CLEAN, CLOCK, inProject, jsonOf, ONLY_BOTH, ONLY_CLOCK, ONLY_ROWS, ROWS, type Project } from "./nippy.js";
import { code, markdown, NOTEBOOK, notebook, type Cell } from "./notebook-cells.js";

const CLOCK_CELL = CLOCK.slice(CLOCK.indexOf("def"));
const FIXED = NOTEBOOK.replaceAll("time.time()", "time.perf_counter()");
const QUEUE = `def work():
    queue = [1, 2]
    while queue:
        print(queue.pop(0))
        queue.append(1)`;

const textOf = ({ path }: Project, name = "n.ipynb") => readFileSync(path(name), "utf8");
const sourcesOf = (text: string) =>
  (JSON.parse(text) as { cells: readonly Cell[] }).cells.map(({ source }) =>
    typeof source === "string" ? source : source.join(""),
  );

interface InFile {
  readonly line: number;
  readonly column: number;
}
interface CellPlace extends InFile {
  readonly cell: number;
  readonly inFile: InFile;
}
const placesOf = (project: Project, ...words: readonly string[]) =>
  jsonOf(project.run("check", "--format", "json", ...words)).findings.map((it) => {
    const { start, end } = it.range as { readonly start: CellPlace; readonly end: CellPlace };
    return { rule: it.rule, start, end };
  });

describe("a notebook on the command line", () => {
  it(
    "has findings in its cells, counted as people count them, and in the file",
    inProject({ "deep/n.ipynb": NOTEBOOK, "a.py": CLEAN, "deep/.ipynb_checkpoints/n.ipynb": NOTEBOOK }, (project) => {
      const { status, stdout } = project.run("check", ...ONLY_BOTH);
      assert.equal(status, 1);
      assert.match(stdout, /^deep\/n\.ipynb:cell 3:4:22 {2}warning .*\n4 \| {5}for _, row in df\.iterrows\(\):\n/);
      assert.match(stdout, /^deep\/n\.ipynb:cell 4:4:12 {2}info/m);
      assert.match(stdout, /2 findings in 1 of 2 files/);

      for (const { rule, start, end } of placesOf(project, ...ONLY_BOTH)) {
        const said = NOTEBOOK.split("\n")[start.inFile.line - 1]!;
        assert.equal(start.inFile.line, end.inFile.line);
        const marked = said.slice(start.inFile.column - 1, end.inFile.column - 1);
        assert.equal(marked, rule === "pandas/iterrows" ? "iterrows" : "time.time() - start");
      }
    }),
  );

  it(
    "opens at the right place from SARIF and GitHub, and SARIF's fixes fit the file",
    inProject({ "n.ipynb": NOTEBOOK }, (project) => {
      const line = NOTEBOOK.split("\n").findLastIndex((it) => it.includes("df.iterrows()")) + 1;
      const { runs } = JSON.parse(project.run("check", "--format", "sarif", ...ONLY_BOTH).stdout) as Log;
      const [rows, clock] = runs[0]!.results!;
      const [at] = rows!.locations!;
      assert.equal(at!.physicalLocation!.region!.startLine, line);
      assert.deepEqual(at!.logicalLocations, [{ name: "cell 3", kind: "object" }]);

      const starts = [...NOTEBOOK.matchAll(/^/gm)].map((it) => it.index);
      let text = NOTEBOOK;
      for (const {
        deletedRegion: it,
        insertedContent,
      } of clock!.fixes![0]!.artifactChanges[0]!.replacements.toReversed()) {
        const offset = (of: number, column: number) => starts[of - 1]! + column - 1;
        const [start, end] = [offset(it.startLine!, it.startColumn!), offset(it.endLine!, it.endColumn!)];
        text = text.slice(0, start) + insertedContent!.text! + text.slice(end);
      }
      assert.equal(text, FIXED);

      const page = project.path("summary.md");
      const env = { GITHUB_STEP_SUMMARY: page };
      const { stdout } = project.runWith({ env }, "check", "--format", "github", ...ONLY_ROWS);
      assert.match(stdout, new RegExp(`^::warning .*file=n\\.ipynb,line=${line},endLine=${line},`));
      assert.match(readFileSync(page, "utf8"), /n\.ipynb:cell 3:4/);
    }),
  );

  it(
    "is repaired in place: no other byte of the file changes",
    inProject({ "n.ipynb": NOTEBOOK, "b.py": CLOCK }, (project) => {
      const diff = project.run("check", "--diff", ...ONLY_CLOCK).stdout;
      assert.match(diff, /^--- a\/n\.ipynb:cell 4\n\+\+\+ b\/n\.ipynb:cell 4\n@@ .*\n def measure\(work\):\n-/m);
      assert.doesNotMatch(diff, /No newline/);
      assert.equal(textOf(project), NOTEBOOK);

      const { status, stdout } = project.run("check", "--fix", ...ONLY_CLOCK);
      assert.equal(status, 0);
      assert.match(stdout, /2 fixes applied in 2 files/);
      assert.equal(textOf(project), FIXED);
    }),
  );

  it(
    "gets the lines that a fix adds as strings of their own, in the file's own layout",
    inProject(
      {
        "list.ipynb": notebook([code("x = 1"), code(QUEUE)]),
        "tight.ipynb": JSON.stringify(JSON.parse(notebook([code("%%time\nx = 1"), code(QUEUE)]))),
        "string.ipynb": notebook([code("", { source: "x = 1\n" }), code(QUEUE)]),
        "block.ipynb": notebook([code("", { source: ["x = 1\n\ny = 2\n", "z"] }), code(QUEUE)]),
        "bare.ipynb": notebook([code(""), code(QUEUE)]),
        "bash.ipynb": notebook([code("%%bash\nx"), code(QUEUE)]),
      },
      (project) => {
        assert.equal(
          project.run("check", "--fix", "--min-level", "hint", "--select", "collections/list-as-queue").status,
          0,
        );
        const IMPORT = "from collections import deque\n";
        const fixed = QUEUE.replace("[1, 2]", "deque([1, 2])").replace("pop(0)", "popleft()");
        const after = (name: string) => textOf(project, `${name}.ipynb`);
        assert.equal(after("list"), notebook([code(`${IMPORT}\nx = 1`), code(fixed)]));
        assert.equal(
          after("tight"),
          JSON.stringify(JSON.parse(notebook([code(`%%time\n${IMPORT}\nx = 1`), code(fixed)]))),
        );
        assert.equal(after("string"), notebook([code("", { source: `${IMPORT}\nx = 1\n` }), code(fixed)]));
        const block = [`${IMPORT}\nx = 1\n\ny = 2\n`, "z"];
        assert.equal(after("block"), notebook([code("", { source: block }), code(fixed)]));
        assert.deepEqual(sourcesOf(after("bare")), [IMPORT, fixed]);
        assert.equal(after("bash"), notebook([code("%%bash\nx"), code(`${IMPORT}\n${fixed}`)]));
      },
    ),
  );

  it(
    "is repaired in several cells at once, around what is not Python",
    inProject(
      {
        "n.ipynb": notebook([
          code("import time"),
          code("start = time.time()"),
          code("%time work()\nprint(time.time() - start)"),
        ]),
      },
      (project) => {
        assert.equal(project.run("check", "--fix", "--min-level", "hint", ...ONLY_CLOCK).status, 0);
        assert.deepEqual(sourcesOf(textOf(project)), [
          "import time",
          "start = time.perf_counter()",
          "%time work()\nprint(time.perf_counter() - start)",
        ]);
      },
    ),
  );

  it(
    "is read from standard input, and written to standard output",
    inProject({}, (project) => {
      const piped = (...words: readonly string[]) =>
        project.runWith({ input: NOTEBOOK }, "check", "-", "--stdin-filename", "x.ipynb", ...words);
      assert.match(piped(...ONLY_ROWS).stdout, /^x\.ipynb:cell 3:4:22 /);
      assert.equal(piped("--fix", ...ONLY_CLOCK).stdout, FIXED);
      assert.match(piped("--diff", ...ONLY_CLOCK).stdout, /^--- a\/x\.ipynb:cell 4$/m);
    }),
  );

  it(
    "is kept in the cache, and in the baseline when its cells move",
    inProject(
      { "n.ipynb": NOTEBOOK, "r.ipynb": notebook([], { metadata: { language_info: { name: "R" } } }) },
      (project) => {
        const words = ["check", "--format", "json", "--min-level", "hint"];
        const first = project.run(...words);
        assert.deepEqual(project.run(...words), first);
        assert.deepEqual(project.run(...words, "--no-cache"), first);
        assert.deepEqual(project.run(...words, "--no-cache", "--jobs", "2"), first);

        assert.equal(project.run("baseline").status, 0);
        assert.equal(jsonOf(project.run(...words)).findings.length, 0);
        const { cells } = JSON.parse(NOTEBOOK) as { cells: readonly Cell[] };
        project.write("n.ipynb", notebook([cells[1]!, cells[3]!, markdown("new"), cells[2]!]));
        const moved = jsonOf(project.run(...words));
        assert.deepEqual([moved.findings, moved.inBaseline], [[], jsonOf(first).findings.length]);
        const before = textOf(project);
        project.run("check", "--fix");
        assert.equal(textOf(project), before);
      },
    ),
  );

  for (const [what, text] of Object.entries<string>({
    "nbformat 3": JSON.stringify({
      worksheets: [
        { cells: [{ cell_type: "heading", level: 1, source: "x" }] },
        {
          cells: [
            { cell_type: "code", language: "python", input: ["import pandas as pd\n", "import time"], outputs: [] },
            { cell_type: "code", language: "ruby", input: "x = (", outputs: [] },
            { cell_type: "code", language: "python", input: ROWS, outputs: [] },
          ],
        },
      ],
      metadata: { name: "" },
      nbformat: 3,
    }),
    "sources of one string, and no metadata": JSON.stringify({
      cells: [0, 1, 2]
        .map((it) => ({ cell_type: "raw", source: `x${it}` }))
        .concat({ cell_type: "code", source: ROWS }),
    }),
    "members twice, of which the last counts": `{"cells": [], "cells": [1, 2, 3, {"cell_type": "code", "source": "(", "so\\u0075rce": ${JSON.stringify(ROWS)}}]}`,
    "numbers that are none, a byte order mark and every kind of white space": `\ufeff{\r\n\t"x": [NaN, -Infinity, 1e5], "cells": [1,2,3, ${JSON.stringify(code(ROWS))}]}`,
    "a cell of another language, a cell with an error, and a string that is never closed": notebook([
      code("x = (", { metadata: { vscode: { languageId: "sql" } } }),
      code("def f(:\n  1 +"),
      code("x = 'open"),
      code(ROWS),
    ]),
  }))
    it(
      `may have ${what}`,
      inProject({ "n.ipynb": text }, (project) => {
        assert.deepEqual(
          placesOf(project, ...ONLY_ROWS).map(({ start }) => [start.cell, start.line, start.column]),
          [[4, 6, 22]],
        );
      }),
    );

  it(
    "has no syntax errors where IPython sees none, and says in which cell there is one",
    inProject(
      {
        "n.ipynb": notebook([
          code("import os\nif not os.path.isfile('text8'):\n    !wget -c text8.zip\n    !unzip text8.zip"),
          code("%timeit sum((x for x in [1]),\n            start=1)"),
          code("await work()\nprint?\n%%html"),
        ]),
      },
      (project) => {
        assert.deepEqual([project.run("check").status, project.run("check").stderr], [0, ""]);
        project.write("n.ipynb", notebook([markdown("x"), code("x = 1\ny = = 2")]));
        const { status, stderr } = project.run("check");
        assert.equal(status, 2);
        assert.match(stderr, /n\.ipynb:cell 2:2:\d+: There is a syntax error here/);
      },
    ),
  );

  it(
    "is left out, with its reason, where it is no Python, and does not fail the run",
    inProject(
      {
        "r.ipynb": notebook([code("x <- (")], { metadata: { language_info: { name: "R" } } }),
        "julia.ipynb": notebook([code("x = (")], { metadata: { kernelspec: { language: "julia" } } }),
        "empty.ipynb": "",
        "n.ipynb": notebook([code("x = 1")]),
      },
      (project) => {
        const { status, stdout, stderr } = project.run("check");
        assert.equal(status, 0);
        assert.match(stdout, /^Nothing found in 2 files\. 2 notebooks in other languages left out\.\n$/);
        assert.match(stderr, /^warning: julia\.ipynb: This notebook is written in julia, so it is not checked\.$/m);
        assert.match(stderr, /^warning: r\.ipynb: This notebook is written in R, so it is not checked\.$/m);
        const { runs } = JSON.parse(project.run("check", "--format", "sarif").stdout) as Log;
        const { executionSuccessful, toolExecutionNotifications } = runs[0]!.invocations![0]!;
        assert.deepEqual(
          [executionSuccessful, toolExecutionNotifications!.map((it) => it.level)],
          [true, ["note", "note"]],
        );
        assert.deepEqual(jsonOf(project.run("check", "--format", "json")).skipped, [
          { path: "julia.ipynb", reason: "This notebook is written in julia, so it is not checked." },
          { path: "r.ipynb", reason: "This notebook is written in R, so it is not checked." },
        ]);
      },
    ),
  );

  it(
    "is told to be none, or to be broken, without a guess",
    inProject({ "good.ipynb": NOTEBOOK }, (project) => {
      for (const [content, why] of [
        ['{"cells": [\n', "is not valid JSON: something is wrong in line 2"],
        ['{"cells": []}\n\n]', "is not valid JSON: something is wrong in line 3"],
        ["[1, 2]", "has no list of cells: it is JSON of another kind"],
        ['{"cells": {}}', "has no list of cells: it is JSON of another kind"],
        ['{"cells": [{"cell_type": "code", "source": [1]}]}', "has a code cell without a text: cell 1"],
        [Buffer.from('{"cells": [{"x": "\xe9"}]}', "latin1"), "is not valid UTF-8"],
      ] as const) {
        project.write("bad.ipynb", content);
        const { status, stdout, stderr } = project.run("check", ...ONLY_ROWS);
        assert.equal(status, 2);
        assert.equal(stderr, `error: bad.ipynb: This notebook ${why}.\n`);
        assert.match(stdout, /^good\.ipynb:cell 3/);
        writeFileSync(project.path("good.ipynb"), NOTEBOOK);
        assert.equal(project.run("check", "--fix", "bad.ipynb").status, 2);
        assert.deepEqual(readFileSync(project.path("bad.ipynb")), Buffer.from(content));
      }
    }),
  );

  it(
    "has the same findings in an editor",
    inProject({}, async (project) => {
      const chance = random(7);
      for (let round = 0; round < 6; round++) {
        const { text } = written(chance);
        project.write("n.ipynb", text);
        const outcome = jsonOf(project.run("check", "--format", "json", "--min-level", "hint", "--no-cache"));
        const told = outcome.findings.map(({ rule, fingerprint, range }) => {
          const { cell, line, column } = range.start as CellPlace;
          return [cell, line, column, rule, fingerprint].join(" ");
        });
        assert.deepEqual(told, await toldByServer(project.path("n.ipynb"), text));
        assert.ok(told.length > 0);
      }
    }),
  );

  it(
    "keeps every byte outside the cells that change, however it was written",
    inProject({}, (project) => {
      const made = Array.from({ length: 80 }, (_, seed) => written(random(seed)));
      made.forEach(({ text }, seed) => project.write(`${seed}.ipynb`, text));
      project.run("check", "--fix", ...ONLY_CLOCK);
      let changed = 0;
      made.forEach(({ text, parts }, seed) => {
        const after = textOf(project, `${seed}.ipynb`);
        const [before, now] = [sourcesOf(text), sourcesOf(after)];
        assert.equal(before.length, now.length);
        let at = 0;
        parts.forEach(({ around, source }, index) => {
          assert.equal(after.slice(at, at + around.length), around, `seed ${seed}: around cell ${index + 1}`);
          at += around.length;
          if (before[index] === now[index]) {
            assert.equal(after.slice(at, at + source.length), source, `seed ${seed}: cell ${index + 1}`);
            at += source.length;
          } else {
            changed++;
            assert.ok(before[index]!.includes("time.time()"), `seed ${seed}`);
            assert.equal(now[index], before[index]!.replaceAll("time.time()", "time.perf_counter()"), `seed ${seed}`);
            at = after.indexOf(parts[index + 1]!.around, at);
            assert.ok(at >= 0, `seed ${seed}: behind cell ${index + 1}`);
          }
        });
        assert.equal(at, after.length);
      });
      assert.ok(changed > 40, `${changed} cells`);
    }),
  );
});

/** The findings of each cell as an editor shows them, with the cell's text as Jupyter reads it. */
async function toldByServer(path: string, text: string): Promise<readonly string[]> {
  const client = await startClient();
  try {
    const notebookUri = pathToFileURL(path).href;
    const uriOf = (index: number) => notebookUri.replace("file://", "vscode-notebook-cell:") + `#${index}`;
    const { cells } = JSON.parse(text) as { cells: readonly Cell[] };
    const isCode = cells.map((it) => it.cell_type === "code");
    await client.connection.sendNotification("notebookDocument/didOpen", {
      notebookDocument: {
        uri: notebookUri,
        notebookType: "jupyter-notebook",
        version: 1,
        cells: cells.map((_, index) => ({ kind: isCode[index] ? 2 : 1, document: uriOf(index) })),
      },
      cellTextDocuments: sourcesOf(text).map((source, index) => ({
        uri: uriOf(index),
        languageId: isCode[index] ? "python" : "markdown",
        version: 1,
        text: source,
      })),
    });
    const told: string[] = [];
    for (const index of cells.keys()) {
      if (!isCode[index]) continue;
      for (const { range, code: rule, data } of await client.diagnostics(uriOf(index))) {
        const { fingerprint } = data as { readonly fingerprint?: string };
        if (fingerprint === undefined) continue;
        told.push([index + 1, range.start.line + 1, range.start.character + 1, rule, fingerprint].join(" "));
      }
    }
    return told;
  } finally {
    await client.stop();
  }
}

interface Part {
  readonly around: string;
  readonly source: string;
}

/** A notebook as odd as JSON allows it, in parts: what stands before each source, and the source. */
function written(chance: Random): { readonly text: string; readonly parts: readonly Part[] } {
  const { below, pick } = chance;
  const gap = () => pick(["", " ", "\n", "\n   ", "\t", "\r\n  "]);
  const escaped = (text: string) =>
    JSON.stringify(text).replace(/[^"\\]|\\./gu, (it) => {
      if (it === "\\n" && below(8) === 0) return "\\u000a";
      if (it === "/" && below(2) === 0) return "\\/";
      if (it.length > 1 || below(12) > 0) return it;
      return `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`;
    });
  const quoted = (text: string) => `"${escaped(text).slice(1, -1)}"`;
  const sourceOf = (text: string) => {
    const kind = below(3);
    const parts = text.match(kind === 0 ? /[^\n]*\n|[^\n]+$/g : /[^]{1,37}/gu) ?? [];
    return kind === 1 ? quoted(text) : `[${gap()}${parts.map(quoted).join(`${gap()},${gap()}`)}${gap()}]`;
  };
  const codes = [
    "import pandas as pd\nimport time",
    ROWS,
    CLOCK_CELL,
    `%%time\n${CLOCK_CELL}\n!ls "é/😀" \\\n  x`,
    `# é 😀 / "quotes" \\ and\ttabs\n${CLOCK_CELL}\n%timeit 1\n${CLOCK_CELL.replace("measure", "other")}`,
    "%%bash\ntime.time() - start",
    "s = 'never closed\nx?",
    "",
    `def é(df: pd.DataFrame):\r\n    for _, r in df.iterrows():\r\n        print(r["😀"])`,
  ];
  const parts: Part[] = [];
  let around = `{${gap()}"nbformat":4,${gap()}"cells":${gap()}[`;
  // The modules come first: without them there is nothing to find.
  const chosen = [
    "import pandas as pd\nimport time",
    CLOCK_CELL,
    ROWS,
    ...Array.from({ length: below(8) }, () => pick(codes)),
  ];
  chosen.forEach((text, index) => {
    const isCode = index < 3 || below(6) > 0;
    around += `${index > 0 ? "," : ""}${gap()}{"id":"cell-${index}",${gap()}"cell_type":"${isCode ? "code" : pick(["raw", "markdown"])}",`;
    around += `"outputs":[{"text":[${quoted("time.time() - start\n")}, null, 1.50e+3]}],"source":${gap()}`;
    const source = sourceOf(text);
    parts.push({ around, source });
    around = `${gap()}}`;
  });
  parts.push({ around: `${around}${gap()}],${gap()}"metadata":{}}${pick(["", "\n", "\n\n"])}`, source: "" });
  return { text: parts.map((it) => it.around + it.source).join(""), parts };
}
