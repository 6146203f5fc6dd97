/** The recall tool: candidate queries, what counts as reported, the way from sheet to verdict to page, and data that is in order. The queries of the rules are tested in test/candidates.test.ts. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { rules } from "../rules/index.generated.js";
import { readJudged } from "../scripts/corpus/judged.js";
import { record } from "../scripts/corpus/record.js";
import { readRepositories } from "../scripts/corpus/repositories.js";
import { readSheet } from "../scripts/corpus/sheet.js";
import { countAgain, drawn, writeSheets } from "../scripts/recall/commands.js";
import { countOf, readCounts } from "../scripts/recall/counts.js";
import { coverage } from "../scripts/recall/cover.js";
import { answered, HOLDOUT, meantFor, NO_RULE, readFelt } from "../scripts/recall/felt.js";
import { candidatesIn, mayMatch, readQueries } from "../scripts/recall/query.js";
import { deservedRecall, readRecallData, recallPage } from "../scripts/recall/report.js";
import type { Silent } from "../scripts/recall/scan.js";
import { readSilences, SILENCES, WORDS, type Verdict } from "../scripts/recall/verdicts.js";
import { parser } from "./harness/check.js";

const RULE = "pandas/iterrows";
const LOOP = `import pandas as pd


def total(frame: pd.DataFrame):
    result = 0
    for _, row in frame.iterrows():
        result += row["price"]
    return result
`;
/** Two candidates that no rule can say anything about. */
const SILENT = `def first(frame):
    rows = frame.iterrows()
    return next(rows), list(map(tuple, list(frame.iterrows())))
`;

async function placesOf(text: string, ...lines: readonly string[]): Promise<readonly string[]> {
  const queries = readQueries(`# area/rule\n\n${lines.map((it) => `Candidates: ${it}`).join("\n")}\n\n## Case\n`);
  const tree = (await parser()).parse(text);
  return candidatesIn(tree, queries).map((it) => text.slice(it.start, it.end));
}

describe("candidate queries", () => {
  it("find nodes of some kinds by their own text, and the innermost of several that match the same words", async () => {
    const text = "print(list(a.rows()))\nb.rows\nfor x in c.rows():\n    pass\n";
    assert.deepEqual(await placesOf(text, String.raw`call matching /\w\.rows\(/`), ["a.rows(", "c.rows("]);
    assert.deepEqual(await placesOf(text, "call without /rows/"), []);
    assert.deepEqual(await placesOf(text, "for_statement, attribute"), [
      "a.rows",
      "b.rows",
      "for x in c.rows():",
      "c.rows",
    ]);
    const query = readQueries(String.raw`Candidates: call matching /\.rows\(/`);
    const tree = (await parser()).parse(text);
    assert.deepEqual(
      candidatesIn(tree, query).map((it) => it.node.text),
      ["a.rows()", "c.rows()"],
    );
  });

  it("ask what is around, by the nearest node of the kinds", async () => {
    const text = "async def f():\n    one()\n    def g():\n        two()\n    await three()\nfor x in y:\n    four()\n";
    const inside = "call inside function_definition matching /^async/";
    assert.deepEqual(await placesOf(text, inside), ["one()", "three()"]);
    assert.deepEqual(await placesOf(text, `${inside} outside await`), ["one()"]);
    assert.deepEqual(await placesOf(text, "call outside await outside function_definition matching /^async/"), [
      "two()",
      "four()",
    ]);
    assert.deepEqual(await placesOf(text, "call inside loop", "call matching /two/"), ["two", "four()"]);
    assert.deepEqual(await placesOf(text, "call in files matching /nowhere/"), []);
  });

  it("skip only files that hold no candidate", async () => {
    const [anchored, looking, inside] = readQueries(
      [
        String.raw`Candidates: call matching /^open\([^)]*$|^close\(/`,
        "Candidates: call matching /(?<!x)open/",
        "Candidates: call inside class_definition matching /^class A/",
      ].join("\n"),
    );
    assert.ok(mayMatch(anchored!, "x = open(\n"));
    assert.ok(!mayMatch(anchored!, "x = read(1)"));
    assert.ok(mayMatch(looking!, "anything"), "what looks around is not taken from its place");
    assert.ok(!mayMatch(inside!, "class B: f()"));
  });

  it("refuse what they do not understand", () => {
    const wrong = [
      "call matching x",
      "loops",
      "call inside",
      "call matching /a/ or so",
      "call matching /(/",
      "call in files",
      "call = 1",
    ];
    for (const line of wrong) assert.throws(() => readQueries(`Candidates: ${line}`), line);
    assert.deepEqual(readQueries("# a/b\n\n## Case\n\nCandidates: nonsense"), [], "only the head of the page counts");
  });

  it("count as reported where a construct overlaps, and where a finding lies in no candidate further in", async () => {
    const text = "for a in b:\n    for c in d:\n        e(c)\nf()\n";
    const tree = (await parser()).parse(text);
    const [outer, inner] = candidatesIn(tree, readQueries("Candidates: for_statement matching /^for [^:]*/"));
    const place = (words: string) => ({ start: text.indexOf(words), end: text.indexOf(words) + words.length });
    const spoken = (at: string, construct = at) =>
      coverage([outer!, inner!], [{ at: place(at), construct: place(construct) }]);
    assert.deepEqual([...spoken("e(c)").spoken], [inner]);
    assert.deepEqual([...spoken("for a in b").spoken], [outer]);
    assert.deepEqual([...spoken("for a", text.slice(0, -5)).spoken], [outer, inner]);
    assert.equal(spoken("f()").outside.length, 1);
    assert.equal(spoken("f()").spoken.size, 0);
  });
});

describe("recall tool", () => {
  let folder: string;
  let corpus: string;
  const quiet = () => undefined;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const paths = () => ["someone+alpha", "beta"].map((it) => join(folder, it));
  const sheetOf = async () => {
    await writeSheets({ paths: paths(), rules: [RULE], size: 20, seed: 1, out: join(folder, "out") }, quiet, corpus);
    return join(folder, "out", "sheets", "pandas-iterrows.md");
  };
  const fill = (path: string, words: readonly string[]) => {
    let next = 0;
    const text = readFileSync(path, "utf8").replace(/^verdict:$/gm, () => `verdict: ${words[next++] ?? ""}`.trim());
    writeFileSync(path, text);
  };
  const row = (page: string, group: string) =>
    page
      .slice(page.indexOf(`### ${group}`))
      .split("\n")
      .find((it) => it.startsWith(`| [\`${RULE}\`]`))!;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nippy-recall-"));
    corpus = join(folder, "corpus");
    write("someone+alpha/loop.py", LOOP);
    write("someone+alpha/silent.py", SILENT);
    write("someone+alpha/tests/test_silent.py", SILENT);
    write(
      "beta/book.ipynb",
      JSON.stringify({
        cells: [
          { cell_type: "code", source: SILENT.split(/(?<=\n)/) },
          { cell_type: "markdown", source: LOOP },
        ],
      }),
    );
    write("beta/broken.ipynb", "{");
    const pinned = (name: string, group: string) => ({
      name,
      address: `https://github.com/someone/${name}`,
      commit: "v1",
      kind: "made up",
      group,
    });
    write("corpus/repositories.json", JSON.stringify([pinned("alpha", "library"), pinned("beta", "application")]));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("writes a sheet of the silent candidates, tests last, with the code around", async () => {
    const text = readFileSync(await sheetOf(), "utf8");
    assert.match(text, /7 candidates in 2 folders, 2 of them in tests; 1 are reported. Here are 6 of the 6 others/);
    assert.match(text, /^Candidates: call matching /m);
    const entries = text.split(/^## /m).slice(1);
    assert.equal(entries.length, 6);
    assert.deepEqual(
      entries.map((it) => it.includes("(in tests)")),
      [false, false, false, false, true, true],
    );
    for (const it of entries) assert.match(it, /^> \d+ \| .*iterrows/m);
    assert.ok(entries.some((it) => /^alpha\/silent\.py:2:17, call: "frame\.iterrows\(\)"$/m.test(it)));
    assert.match(readFileSync(join(folder, "out", "summary.md"), "utf8"), /beta\/broken\.ipynb: no notebook/);
  });

  it("goes from sheet to verdicts to counts to page, and marks what is reported by now", async () => {
    const path = await sheetOf();
    fill(path, ["silent", "speak - it is a loop\n  in disguise", "speak", "arguable: few rows", "silent", "often"]);
    const first = record(SILENCES, path, corpus);
    assert.deepEqual([first.verdicts.length, first.problems.length, first.empty], [4, 2, 0]);
    assert.match(first.problems[0]!, /"speak" needs a reason/);
    const kept = readSilences(corpus).get(RULE)!;
    assert.ok(!readFileSync(join(corpus, "recall", "pandas-iterrows.jsonl"), "utf8").includes("frame"));
    assert.deepEqual(kept.map((it) => it.note).sort(), ["", "", "few rows", "it is a loop in disguise"]);
    assert.deepEqual(
      readSheet(readFileSync(await sheetOf(), "utf8"), SILENCES).verdicts.length,
      4,
      "known ones are filled in",
    );

    await countAgain(paths(), quiet, corpus);
    const counted = readCounts(corpus);
    assert.deepEqual(
      counted.map((it) => [it.name, it.counts[RULE]]),
      [
        ["alpha", [5, 1, 2, 0]],
        ["beta", [2, 0, 0, 0]],
      ],
    );
    assert.deepEqual(countOf(counted, RULE), [7, 1, 2, 0]);
    const page = recallPage(readRecallData(corpus));
    const spoken = kept.find((it) => it.verdict === "speak")!;
    assert.ok(
      page.includes(`| \`${RULE}\` | ${spoken.repository}/${spoken.path}:${spoken.line} | it is a loop in disguise |`),
    );
    assert.match(row(page, "Applications"), /^\| \[.*\]\(.*\) \| 2 \| 0 \| \d \|/);
    assert.match(row(page, "Libraries"), /^\| \[.*\]\(.*\) \| 3 \| 1 \| \d \|/);

    write("someone+alpha/silent.py", "");
    write("beta/book.ipynb", '{"cells": []}');
    await countAgain(paths(), quiet, corpus);
    const now = readSilences(corpus).get(RULE)!;
    assert.ok(now.every((it) => (it.gone !== undefined) === !it.path.startsWith("tests/")));
    const after = recallPage(readRecallData(corpus));
    assert.ok(!after.includes("it is a loop in disguise"));
    assert.match(row(after, "Libraries"), /\| 1 \| 1 \| 0 \| 0 \| 0 \| 0 \| 100 % \| {2}\|$/);
    assert.match(row(after, "Applications"), /no candidates in these code bases \|$/);
  });

  it("counts named rules alone and leaves the others as they were", async () => {
    await countAgain(paths(), quiet, corpus);
    const [before] = readCounts(corpus);
    const others = Object.keys(before!.counts).filter((it) => it !== RULE);
    write("someone+alpha/silent.py", "");
    await countAgain([paths()[0]!], quiet, corpus, [RULE]);
    const [after, beta] = readCounts(corpus);
    assert.deepEqual([after!.name, beta!.name], ["alpha", "beta"]);
    assert.notDeepEqual(after!.counts[RULE], before!.counts[RULE]);
    assert.ok(others.length > 0);
    for (const it of others) assert.deepEqual(after!.counts[it], before!.counts[it]);
  });

  it("counts repositories one by one, and pinned ones only", async () => {
    await countAgain([paths()[0]!], quiet, corpus);
    assert.deepEqual(
      readCounts(corpus).map((it) => it.name),
      ["alpha"],
    );
    await countAgain([paths()[1]!], quiet, corpus);
    assert.deepEqual(
      readCounts(corpus).map((it) => it.name),
      ["alpha", "beta"],
    );
    write("gamma/a.py", SILENT);
    await assert.rejects(countAgain([join(folder, "gamma")], quiet, corpus), /not in repositories\.json: gamma/);
  });

  it("looks only at the remarks in folders of the hold-out, and shows them apart", async () => {
    const remarks = [
      { line: 6, rule: RULE, said: false },
      { line: 20, rule: RULE, said: true },
    ];
    write("corpus/holdout.json", JSON.stringify([{ repository: "someone/else", commit: "c0", path: "a.py", remarks }]));
    write("someone+else/a.py", LOOP);
    await countAgain([join(folder, "someone+else")], quiet, corpus);
    const [file] = readFelt(corpus, HOLDOUT);
    assert.deepEqual(
      file!.remarks.map((it) => it.said),
      [true, false],
    );
    assert.equal(file!.commit, "c0");
    assert.deepEqual(readCounts(corpus), []);
    const page = recallPage(readRecallData(corpus));
    assert.ok(page.includes("[someone/else](https://github.com/someone/else/tree/c0) `a.py` | 1 | 2 | 1 | 50 % |"));
  });

  it("leaves out where a rule speaks that overrides this one", async () => {
    const rule = "iteration/append-in-loop";
    const text = `def names(frame):\n    found = []\n    for _, row in frame.iterrows():\n        found.append(row["name"])\n    return found\n`;
    write("someone+alpha/loop.py", `import pandas as pd\n\n${text.replace("(frame)", "(frame: pd.DataFrame)")}`);
    await countAgain([paths()[0]!], quiet, corpus);
    const [{ counts }] = readCounts(corpus) as [ReturnType<typeof readCounts>[number]];
    assert.deepEqual([counts[RULE]![1], counts[rule]], [1, [0, 0, 0, 0]]);
  });

  it("draws tests last", () => {
    const silent = (path: string, isTest: boolean): Silent => ({
      id: path,
      repository: "x",
      path,
      line: 1,
      column: 1,
      rule: RULE,
      isTest,
      kind: "call",
      node: { start: 0, end: 1 },
      start: 0,
      end: 1,
    });
    const all = [...["t1", "t2", "t3"].map((it) => silent(it, true)), ...["a", "b"].map((it) => silent(it, false))];
    assert.deepEqual(
      drawn(all, 4, 1).map((it) => it.isTest),
      [false, false, true, true],
    );
  });

  it("works out deserved recall outside tests, from what is still silent", () => {
    const verdict = (word: Verdict["verdict"], path = "a.py", gone?: string): Verdict => ({
      id: "0",
      repository: "x",
      path,
      line: 1,
      verdict: word,
      note: "",
      ...(gone !== undefined && { gone }),
    });
    const judged = [
      verdict("speak"),
      verdict("silent"),
      verdict("silent"),
      verdict("arguable"),
      verdict("speak", "tests/a.py"),
      verdict("speak", "b.py", "2026-01-01"),
    ];
    assert.equal(deservedRecall([50, 10, 0, 0], judged), 10 / 20);
    assert.equal(deservedRecall([50, 10, 0, 0], judged, 0.5), 5 / 15);
    assert.equal(deservedRecall([60, 15, 10, 5], judged), 10 / 20);
    assert.equal(deservedRecall([10, 10, 0, 0], []), 1);
    assert.equal(deservedRecall([11, 10, 0, 0], []), undefined, "silent candidates that nobody judged");
    assert.equal(deservedRecall([4, 0, 0, 0], [verdict("silent")]), undefined, "nothing should be said");
  });

  it("takes a finding for one remark, the nearest on the same rule", () => {
    const remark = (line: number, rule = "pandas/iterrows") => ({ line, rule, said: true });
    const said = (lines: readonly number[]) =>
      answered(
        [remark(10), remark(12), remark(30), remark(10, "numpy/elementwise-loop")],
        lines.map((line) => ({ rule: "pandas/iterrows", line })),
      ).map((it) => it.said);
    assert.deepEqual(said([]), [false, false, false, false]);
    assert.deepEqual(said([12]), [false, true, false, false]);
    assert.deepEqual(said([11, 12]), [true, true, false, false]);
    assert.deepEqual(said([27, 34]), [false, false, true, false]);
  });

  it("takes a remark whose kind a rule was written for since as one on that rule", () => {
    const names = new Set(["llm/removed-name"]);
    const remark = { line: 1, rule: NO_RULE, kind: "llm/removed-name", said: false };
    assert.deepEqual(meantFor(remark, names), { line: 1, rule: "llm/removed-name", said: false });
    const other = { ...remark, kind: "race between two requests" };
    assert.deepEqual(meantFor(other, names), other);
    const named = { line: 1, rule: "pandas/iterrows", said: true };
    assert.deepEqual(meantFor(named, names), named);
  });

  it("shows felt recall at the head of the page", () => {
    write(
      "corpus/felt.json",
      JSON.stringify([
        {
          repository: "beta",
          path: "a.py",
          remarks: [
            { line: 1, rule: RULE, said: true },
            { line: 2, rule: RULE, said: false },
            { line: 3, rule: NO_RULE, kind: "no timeout", said: false },
          ],
        },
      ]),
    );
    const page = recallPage(readRecallData(corpus));
    assert.ok(page.includes("| Applications | 1 | 3 | 1 | 33 % | 2 | 1 | 50 % |"));
    assert.ok(page.includes("| Libraries | 0 | 0 | 0 | – | 0 | 0 | – |"));
    assert.ok(page.includes("| no timeout | – | 1 | 1 |"));
    assert.ok(page.includes(`| – | [\`${RULE}\`](rules/${RULE}.md) | 2 | 1 |`));
  });
});

describe("recall data", () => {
  const known = new Set(readRepositories().map((it) => it.name));
  const names = new Set(rules.map((it) => it.name));

  it("is what docs/recall.md shows", () => {
    assert.ok(readFileSync("docs/recall.md", "utf8") === recallPage(), "stale: npm run generate");
  });

  it("has verdicts on rules that exist, one for each place, with reasons where they are needed", () => {
    for (const [rule, own] of readJudged(SILENCES)) {
      assert.ok(names.has(rule), rule);
      assert.equal(new Set(own.map((it) => it.id)).size, own.length, rule);
      for (const { id, repository, verdict, note } of own)
        assert.ok(
          /^[0-9a-f]{12}$/.test(id) &&
            known.has(repository) &&
            WORDS.includes(verdict) &&
            (!SILENCES.reasoned.includes(verdict) || note !== ""),
          `${rule} ${id}`,
        );
    }
  });

  it("counts pinned repositories, and no more reported than there are", () => {
    for (const { name, counts } of readCounts()) {
      assert.ok(known.has(name), name);
      for (const [rule, [all, reported, inTests, reportedInTests]] of Object.entries(counts))
        assert.ok(
          names.has(rule) && reported <= all && inTests <= all && reportedInTests <= Math.min(inTests, reported),
          `${name} ${rule}`,
        );
    }
  });

  it("has remarks on files of pinned repositories, each with its rule or its kind", () => {
    const files = readFelt();
    const places = files.map((it) => `${it.repository}/${it.path}`);
    assert.equal(new Set(places).size, places.length);
    for (const { repository, path, remarks } of files) {
      assert.ok(known.has(repository) && !path.startsWith("/"), `${repository}/${path}`);
      for (const { line, rule, kind, said } of remarks)
        assert.ok(
          line > 0 && typeof said === "boolean" && (rule === NO_RULE ? kind !== undefined : names.has(rule)),
          `${repository}/${path}:${line}`,
        );
    }
  });

  it("holds out files of other repositories, each with its commit and its remarks", () => {
    for (const { repository, commit, remarks } of readFelt(undefined, HOLDOUT)) {
      assert.ok(/^[\w.-]+\/[\w.-]+$/.test(repository) && !known.has(repository.split("/")[1]!), repository);
      assert.match(commit ?? "", /^[0-9a-f]{40}$/);
      for (const { rule, kind } of remarks)
        assert.ok(rule === NO_RULE ? kind : names.has(rule), `${repository} ${rule}`);
    }
  });
});
