/** The precision tool: ids that stay, samples that stay, the way from sheet to verdict to page, and data that is in order. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { rules } from "../rules/index.generated.js";
import { record } from "../scripts/corpus/record.js";
import { measureAgain, writeSheets } from "../scripts/precision/commands.js";
import { openFolder } from "../scripts/corpus/folders.js";
import { densityOf, measure, median, onByDefault, readMeasured } from "../scripts/precision/measured.js";
import { precisionPage, readData } from "../scripts/precision/report.js";
import { GROUPS, readRepositories } from "../scripts/corpus/repositories.js";
import { sample } from "../scripts/corpus/sample.js";
import { scanFolder, startTools, type Found } from "../scripts/corpus/scan.js";
import { readSheet } from "../scripts/corpus/sheet.js";
import { sheet } from "../scripts/precision/sheet.js";
import { FINDINGS, readVerdicts, VERDICTS } from "../scripts/precision/verdicts.js";

const RULE = "runtime/mutable-default";
const ONE = "import math\n\n\ndef first(items=[]):\n    items.append(math.pi)\n    return items\n";
const TWO =
  "def second(items=[]):\n    items.append(2)\n    return items\n\n\ndef third(*, items=[]):\n    items.append(3)\n    return items\n";

describe("precision tool", () => {
  let folder: string;
  let corpus: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const repositories = () => ["alpha", "beta"].map((it) => join(folder, it));
  const quiet = () => undefined;
  const sheetOf = async (rule = RULE) => {
    await writeSheets(
      { paths: repositories(), rules: [rule], size: 25, seed: 1, allLevels: false, out: join(folder, "out") },
      quiet,
      corpus,
    );
    return join(folder, "out", "sheets", `${rule.replace("/", "-")}.md`);
  };
  const scan = async (name: string) =>
    scanFolder(await startTools((it) => it === RULE), openFolder(join(folder, name), []), false);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nippy-precision-"));
    corpus = join(folder, "corpus");
    write("alpha/one.py", ONE);
    write("alpha/tests/test_two.py", TWO);
    write(
      "beta/book.ipynb",
      JSON.stringify({
        cells: [
          { cell_type: "markdown", source: ["def no(items=[]): ..."] },
          { cell_type: "code", source: ["%matplotlib inline\n", "x = 1"] },
          { cell_type: "code", source: TWO },
        ],
      }),
    );
    write("beta/broken.ipynb", "{");
    write(
      "corpus/repositories.json",
      JSON.stringify([
        {
          name: "alpha",
          address: "https://example.invalid/alpha",
          commit: "v1",
          kind: "made up",
          group: "library",
          without: ["left_out"],
        },
        { name: "beta", address: "https://example.invalid/beta", commit: "v2", kind: "made up", group: "application" },
      ]),
    );
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("counts lines and findings, tells tests apart, and names what it could not read", async () => {
    write("alpha/left_out/one.py", ONE);
    const alpha = scanFolder(await startTools(), openFolder(join(folder, "alpha"), readRepositories(corpus)), false);
    assert.deepEqual([alpha.files, alpha.lines, alpha.testLines], [2, 14, 8]);
    assert.deepEqual(
      alpha.findings.map(({ path, line, isTest, rule }) => [path, line, isTest, rule]),
      [
        ["one.py", 4, false, RULE],
        ["tests/test_two.py", 1, true, RULE],
        ["tests/test_two.py", 6, true, RULE],
      ],
    );
    const beta = await scan("beta");
    assert.deepEqual(
      beta.findings.map(({ path, line }) => [path, line]),
      [
        ["book.ipynb", 3],
        ["book.ipynb", 8],
      ],
    );
    assert.equal(beta.problems.length, 1);
    assert.match(beta.problems[0]!, /^beta\/broken\.ipynb: no notebook/);
  });

  it("knows a repository by its name, by owner and name, and by the name it is given", () => {
    const known = readRepositories(corpus).map((it) => ({ ...it, address: `https://github.com/someone/${it.name}` }));
    for (const path of ["someone+alpha/a.py", "other+alpha/a.py"]) write(path, "");
    const nameOf = (given: string) => openFolder(given, known).name;
    assert.equal(nameOf(join(folder, "alpha")), "alpha");
    assert.equal(nameOf(join(folder, "someone+alpha")), "alpha");
    assert.equal(nameOf(`someone+alpha=${join(folder, "beta")}`), "alpha");
    assert.equal(nameOf(join(folder, "other+alpha")), "other+alpha");
  });

  it("shows level, evidence and weight, and why there is no fix", async () => {
    const text = readFileSync(await sheetOf(), "utf8");
    const scans = await Promise.all(["alpha", "beta"].map(scan));
    for (const { id, level, evidence, weight } of scans.flatMap((it) => it.findings)) {
      const [, own = ""] = text.split(` · ${id} · `);
      assert.match(own, new RegExp(`^level ${level}, evidence ${evidence}, weight ${weight}, value \\d+$`, "m"));
    }
    write("alpha/one.py", "def first(rows):\n    return sorted(  # why\n        rows)[0]\n");
    assert.match(readFileSync(await sheetOf("algorithms/sort-for-extreme"), "utf8"), /^No fix here: .{10,}\.$/m);
  });

  it("gives ids that stay when lines move, and different ones to equal lines", async () => {
    write("gamma/same.py", `${ONE}\n\n${ONE}`);
    const before = (await scan("gamma")).findings;
    assert.equal(new Set(before.map((it) => it.id)).size, 2);
    write("gamma/same.py", `# a line more\n\n${ONE}\n\nx = 1\n\n${ONE}`);
    const after = (await scan("gamma")).findings;
    assert.deepEqual(
      after.map((it) => it.id),
      before.map((it) => it.id),
    );
    assert.notDeepEqual(
      after.map((it) => it.line),
      before.map((it) => it.line),
    );
  });

  it("gives the id that verdicts of today rest on", async () => {
    assert.deepEqual(
      (await scan("alpha")).findings.map((it) => it.id),
      ["3d05b0a52bc2", "92bcce03135e", "6729a0b3c6f6"],
    );
  });

  it("draws in turns from repositories and files, and keeps the rest of a sample when a finding goes", () => {
    const found = (repository: string, path: string, line: number): Found => ({
      id: `${repository}${path}${line}`,
      repository,
      path,
      line,
      column: 1,
      rule: RULE,
      level: "hint",
      evidence: "proof",
      weight: "light",
      value: 10,
      isTest: false,
      isOff: false,
      start: 0,
      end: 1,
    });
    const many = Array.from({ length: 40 }, (_, line) => found("many", "a.py", line));
    const all = [...many, found("many", "b.py", 1), found("few", "c.py", 1), found("few", "c.py", 2)];
    const drawn = sample(all, 6, 1);
    assert.deepEqual(
      ["many", "few"].map((it) => drawn.filter(({ repository }) => repository === it).length),
      [4, 2],
    );
    assert.ok(drawn.some((it) => it.path === "b.py"));
    assert.deepEqual(sample([...all].reverse(), 6, 1), drawn);
    assert.notDeepEqual(sample(all, 6, 2), drawn);
    const [gone, ...rest] = drawn.filter((it) => it.path === "a.py");
    const again = sample(
      all.filter((it) => it !== gone),
      6,
      1,
    );
    assert.ok(rest.every((it) => again.includes(it)));
  });

  it("shows in a sheet the function, the imports it uses, the message and the fix", async () => {
    const text = readFileSync(await sheetOf(), "utf8");
    const [entry = ""] = text.split(/^## /m).filter((it) => it.includes("alpha/one.py:4:"));
    assert.match(entry, /^ {2}1 \| import math$/m);
    assert.match(entry, /^> 4 \| def first\(items=\[\]\):$/m);
    assert.match(entry, /^ {2}6 \| {5}return items$/m);
    assert.match(entry, /^-def first\(items=\[\]\):$/m);
    assert.match(text, /alpha\/tests\/test_two\.py:1:\d+ \(in tests\)/);
    assert.equal(text.match(/^verdict:$/gm)?.length, 5);
  });

  it("goes from sheet to verdicts to page, and marks what is mended", async () => {
    const words = [
      "right",
      "wrong - it is never called\n  with one",
      "Arguable: a matter of taste",
      "trivial",
      "right",
    ];
    const fill = (path: string) => {
      let next = 0;
      writeFileSync(
        path,
        readFileSync(path, "utf8").replace(/^verdict:$/gm, () => `verdict: ${words[next++]!}`),
      );
    };
    const path = await sheetOf();
    fill(path);
    assert.deepEqual(record(FINDINGS, path, corpus).problems, []);
    const kept = readVerdicts(corpus).get(RULE)!;
    assert.deepEqual(kept.map(({ verdict, note }) => [verdict, note]).sort(), [
      ["arguable", "a matter of taste"],
      ["right", ""],
      ["right", ""],
      ["trivial", ""],
      ["wrong", "it is never called with one"],
    ]);
    const levels = new Map(
      (await Promise.all(["alpha", "beta"].map(scan))).flatMap(({ findings }) =>
        findings.map((it) => [it.id, it.level]),
      ),
    );
    for (const { id, level } of kept) assert.equal(level, levels.get(id), "a verdict keeps the level of its finding");
    assert.ok(!readFileSync(join(corpus, "verdicts", "runtime-mutable-default.jsonl"), "utf8").includes("items"));

    const again = readFileSync(await sheetOf(), "utf8");
    assert.ok(again.includes("verdict: wrong - it is never called with one"), "a new sheet brings the verdicts along");
    assert.deepEqual(readSheet(again, FINDINGS).verdicts, readSheet(readFileSync(path, "utf8"), FINDINGS).verdicts);

    await measureAgain(repositories(), quiet, corpus);
    const rows = (page: string) => page.split("\n").filter((it) => it.startsWith(`| [\`${RULE}\`]`));
    const [applications, libraries] = rows(precisionPage(readData(corpus)));
    const shares = (own: typeof kept) => {
      const parts = [own.filter((it) => it.level !== "hint"), own.filter((it) => it.level === "hint")];
      const percent = (count: number, of: number) => (of === 0 ? "–" : `${Math.floor((100 * count) / of)} %`);
      return parts.flatMap((part) => {
        const right = part.filter((it) => it.verdict === "right").length;
        const trivial = part.filter((it) => it.verdict === "trivial").length;
        return [part.length, percent(right + trivial, part.length), percent(right, part.length)];
      });
    };
    const cells = (row: string) => row.split("|").map((it) => it.trim());
    for (const [row, name] of [
      [applications, "beta"],
      [libraries, "alpha"],
    ] as const) {
      const own = kept.filter((it) => it.repository === name);
      const found = (await scan(name)).findings;
      const wanted = [found.length, found.filter((it) => it.level === "hint").length].map(String);
      assert.deepEqual(cells(row!).slice(3, 5), wanted);
      assert.deepEqual(cells(row!).slice(8, 14), shares(own).map(String));
      assert.ok(row!.includes(`only ${found.length} found`));
    }

    const wrong = kept.find((it) => it.verdict === "wrong")!;
    const silenced = kept.filter((it) => it.repository === wrong.repository && it.path === wrong.path);
    write(`${wrong.repository}/${wrong.path}`, wrong.path.endsWith(".ipynb") ? '{"cells": []}' : "");
    await measureAgain(repositories(), quiet, corpus);
    assert.deepEqual(
      readVerdicts(corpus)
        .get(RULE)!
        .filter((it) => it.gone !== undefined)
        .map((it) => it.id)
        .sort(),
      silenced.map((it) => it.id).sort(),
    );
    const page = precisionPage(readData(corpus));
    const after = rows(page).find(
      (it) => cells(it)[3] === String((wrong.repository === "alpha" ? 3 : 2) - silenced.length),
    );
    assert.ok(after, "what is gone is no longer counted");
    assert.ok(page.slice(page.indexOf("## Corrected since")).includes("it is never called with one"));
    assert.ok(!page.slice(0, page.indexOf("## Corrected since")).includes("it is never called with one"));
  });

  it("measures named rules alone, in the repositories that are there", async () => {
    await measureAgain(repositories(), quiet, corpus);
    const before = readMeasured(corpus);
    write("alpha/more.py", "def first(items=[]):\n    items.append(1)\n    return items\n");
    await measureAgain([join(folder, "alpha")], quiet, corpus, [RULE]);
    const after = readMeasured(corpus);
    const [alpha, beta] = after.repositories;
    assert.deepEqual(beta, before.repositories[1]);
    assert.equal(alpha!.findings[RULE]![0], before.repositories[0]!.findings[RULE]![0] + 1);
    assert.deepEqual(
      { ...alpha, findings: { ...alpha!.findings, [RULE]: [] } },
      {
        ...before.repositories[0],
        findings: { ...before.repositories[0]!.findings, [RULE]: [] },
      },
    );
    assert.deepEqual(after.rules, before.rules);
  });

  it("looks for what is off by default only when asked, and leaves it out of the density", async () => {
    const tools = await startTools(
      undefined,
      rules.map((it) => (it.name === RULE ? { ...it, level: "off" as const } : it)),
    );
    const alpha = openFolder(join(folder, "alpha"), []);
    assert.deepEqual(scanFolder(tools, alpha, false).findings, []);
    const all = scanFolder(tools, alpha, true);
    assert.deepEqual(
      all.findings.map(({ rule, isOff }) => [rule, isOff]),
      Array.from({ length: 3 }, () => [RULE, true]),
    );
    const [measured] = measure([all], tools.asked, "", "").repositories;
    assert.equal(densityOf(measured!, onByDefault(tools.asked)).findings, 0);
    const drawn = {
      rule: tools.asked.find((it) => it.name === RULE)!,
      found: all.findings,
      sample: all.findings,
      seed: 1,
      folders: [alpha],
      known: [],
    };
    assert.equal(sheet(tools, drawn).match(/, underlined: /g)?.length, 3);
  });

  it("finds the same when a rule is asked for alone", async () => {
    write(
      "delta/mixed.py",
      `${ONE}\n\nrows = []\nfor row in open("x"):\n    rows.append(row)\nprint(max([len(row) for row in open("x")]))\n`,
    );
    const delta = openFolder(join(folder, "delta"), []);
    const together = scanFolder(await startTools(), delta, false).findings;
    assert.ok(together.length > 2);
    for (const { name } of rules) {
      const alone = scanFolder(await startTools((it) => it === name), delta, false).findings;
      assert.deepEqual(
        alone,
        together.filter((it) => it.rule === name),
        name,
      );
    }
  });

  it("says of a rule that is new that it was not measured", async () => {
    await measureAgain(repositories(), quiet, corpus);
    const { measured, ...rest } = readData(corpus);
    const page = precisionPage({
      ...rest,
      measured: { ...measured, rules: measured.rules.filter((it) => it !== "pandas/iterrows") },
    });
    const rows = page.split("\n").filter((it) => it.startsWith("| [`pandas/iterrows`]"));
    assert.equal(rows.length, 2);
    for (const row of rows) assert.match(row, /\| not measured yet \|$/);
  });

  it("keeps verdicts on pinned repositories only", async () => {
    const path = await sheetOf();
    writeFileSync(path, readFileSync(path, "utf8").replace(/^verdict:$/gm, "verdict: right"));
    write(
      "corpus/repositories.json",
      JSON.stringify([
        { name: "alpha", address: "https://example.invalid/alpha", commit: "v1", kind: "made up", group: "library" },
      ]),
    );
    const { verdicts, problems } = record(FINDINGS, path, corpus);
    assert.deepEqual([verdicts.length, readVerdicts(corpus).get(RULE)!.length], [3, 3]);
    assert.match(problems.join(), /^beta is not in repositories\.json/);
  });

  it("takes no verdict without a reason, and no other word", async () => {
    const path = await sheetOf();
    let next = 0;
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace(
        /^verdict:$/gm,
        (line) => `${line} ${["wrong", "maybe", "arguable -", "right"][next++] ?? ""}`,
      ),
    );
    const { verdicts, problems, empty } = record(FINDINGS, path, corpus);
    assert.deepEqual([verdicts.length, problems.length, empty], [1, 3, 1]);
  });

  it("measures all repositories or none", async () => {
    await assert.rejects(measureAgain([join(folder, "alpha")], quiet, corpus), /there is no folder for beta/);
  });

  it("counts density by the rules that are on", () => {
    const repository = {
      name: "x",
      python: "3.10",
      files: 1,
      lines: 2000,
      testLines: 1000,
      findings: { a: [4, 1, 1, 0], b: [9, 9] },
    } as const;
    assert.deepEqual(densityOf(repository, new Set(["a"])), {
      findings: 4,
      all: 2,
      outsideTests: 3,
      withoutHints: 1.5,
    });
    assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([])], [2, 2.5, 0]);
  });
});

describe("precision data", () => {
  const { repositories, measured, verdicts } = readData();

  it("is what docs/precision.md shows", () => {
    assert.ok(readFileSync("docs/precision.md", "utf8") === precisionPage(), "stale: npm run generate");
  });

  it("pins every repository that was measured", () => {
    assert.deepEqual(measured.repositories.map((it) => it.name).sort(), repositories.map((it) => it.name).sort());
    assert.ok(repositories.length > 15);
    for (const { name, commit, address, group } of repositories) {
      assert.ok(/^([0-9a-f]{40}|v\d[\w.]*)$/.test(commit) && address.startsWith("https://"), name);
      assert.ok(GROUPS.includes(group), name);
    }
  });

  it("has verdicts on rules that exist, one for each finding, with reasons where they are needed", () => {
    const names = new Set(rules.map((it) => it.name));
    const known = new Set(repositories.map((it) => it.name));
    for (const [rule, own] of verdicts) {
      assert.ok(names.has(rule), rule);
      assert.equal(new Set(own.map((it) => it.id)).size, own.length, rule);
      for (const { id, repository, verdict, note } of own) {
        assert.ok(
          /^[0-9a-f]{12}$/.test(id) &&
            known.has(repository) &&
            VERDICTS.includes(verdict) &&
            (!FINDINGS.reasoned.includes(verdict) || note !== ""),
          `${rule} ${id}`,
        );
      }
    }
  });
});
