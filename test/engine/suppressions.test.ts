/** Suppression comments: where they hold, what they name, how they are written. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyEdits } from "../../analysis/analyzer.js";
import { allOn, analyzer } from "../harness/check.js";

const HEAD = "import time\n\n\ndef f(job):\n    start = time.time()\n    job()\n";
const METHOD = `import time


class Clock:
    ticks = 1

    @staticmethod
    def measure(job):
        start = time.time()
        job()
        return time.time() - start

    def rest(self): ...
`;
const NAME = "profiling/wall-clock-duration";

async function found(source: string) {
  const engine = await analyzer();
  const report = engine.report(engine.open(source, allOn(), "m.py"));
  return { names: report.findings.map((it) => it.rule), problems: report.comments.map((it) => it.message) };
}

describe("suppressions", () => {
  it("hold on the line of the finding", async () => {
    assert.deepEqual((await found(`${HEAD}    return time.time() - start\n`)).names, [NAME]);
    assert.deepEqual((await found(`${HEAD}    return time.time() - start  # nippy: ignore[${NAME}]\n`)).names, []);
    assert.deepEqual(
      (await found(`${HEAD}    return time.time() - start  # noqa: X # nippy: ignore[${NAME}] clock is fine here\n`))
        .names,
      [],
    );
  });

  it("hold for the whole statement when they stand on its last line, or on the head of a block", async () => {
    assert.deepEqual(
      (await found(`${HEAD}    job(\n        time.time() - start,\n    )  # nippy: ignore[${NAME}]\n`)).names,
      [],
    );
    assert.deepEqual(
      (
        await found(
          `${HEAD}    if time.time() - start > 1:  # nippy: ignore[${NAME}]\n        return time.time() - start\n`,
        )
      ).names,
      [NAME],
    );
  });

  it("hold for the next statement when they stand on a line of their own", async () => {
    assert.deepEqual(
      (await found(`${HEAD}    # nippy: ignore[${NAME}] reason\n    return time.time() - start\n`)).names,
      [],
    );
    assert.deepEqual(
      (await found(`${HEAD}    # nippy: ignore[${NAME}]\n    job()\n    return time.time() - start\n`)).names,
      [NAME],
    );
  });

  it("hold for the file, wherever it says so", async () => {
    assert.deepEqual((await found(`${HEAD}    return time.time() - start\n# nippy: ignore-file[${NAME}]\n`)).names, []);
  });

  it("take globs and several names, and suppress nothing else", async () => {
    assert.deepEqual(
      (await found(`${HEAD}    return time.time() - start  # nippy: ignore[pandas/iterrows, profiling/*]\n`)).names,
      [],
    );
    assert.deepEqual((await found(`${HEAD}    return time.time() - start  # nippy: ignore[pandas/iterrows]\n`)).names, [
      NAME,
    ]);
  });

  it("do not hold inside strings", async () => {
    assert.deepEqual((await found(`${HEAD}    return time.time() - start, "# nippy: ignore[${NAME}]"\n`)).names, [
      NAME,
    ]);
  });

  it("hold between off and on, across functions, for the rules that are named or for all", async () => {
    const late = `    return time.time() - start\n`;
    assert.deepEqual((await found(`# nippy: off\n${HEAD}${late}`)).names, []);
    assert.deepEqual((await found(`# nippy: off[profiling/*] old code\n${HEAD}${late}# nippy: on\n`)).names, []);
    assert.deepEqual((await found(`# nippy: off[pandas/*]\n${HEAD}${late}`)).names, [NAME]);
    assert.deepEqual((await found(`# nippy: off\nx = 1\n# nippy: on\n${HEAD}${late}`)).names, [NAME]);
    assert.deepEqual((await found(`${HEAD}    # nippy: off\n${late}\n\n# nippy: on\n`)).names, []);
    assert.deepEqual((await found(`${HEAD}${late}# nippy: off\n`)).names, [NAME]);
    assert.match((await found("x = 1\n# nippy: on\n")).problems.join(), /Nothing is off/);
  });

  it("stay right while a block is opened and closed above", async () => {
    const engine = await analyzer();
    let at = engine.open(`${HEAD}    return time.time() - start\n`, allOn(), "m.py");
    const names = () => engine.report(at).findings.map((it) => it.rule);
    assert.deepEqual(names(), [NAME]);
    at = engine.edit(at, [{ start: 0, end: 0, text: "# nippy: off\n" }]);
    assert.deepEqual(names(), []);
    at = engine.edit(at, [{ start: 13, end: 13, text: "# nippy: on\n" }]);
    assert.deepEqual(names(), [NAME]);
  });

  it("are told when they silence nothing, with the edit that takes them away", async () => {
    const engine = await analyzer();
    const left = (text: string, levels = allOn()) => {
      const { comments } = engine.report(engine.open(text, levels, "m.py"));
      return comments.map(({ unused, range }) =>
        unused ? applyEdits(text, [unused]) : text.slice(range.start, range.end),
      );
    };
    const late = "    return time.time() - start";
    assert.deepEqual(left(`${HEAD}${late}  # nippy: ignore[${NAME}]\n`), []);
    assert.deepEqual(left(`x = 1  # nippy: ignore[${NAME}] a reason\n`), ["x = 1\n"]);
    assert.deepEqual(left(`def f():\n    # nippy: ignore[${NAME}]\n    return 1\n`), ["def f():\n    return 1\n"]);
    assert.deepEqual(left(`x = 1  # nippy: ignore[${NAME}] # noqa: E501\n`), ["x = 1  # noqa: E501\n"]);
    assert.deepEqual(left(`# nippy: ignore-file[${NAME}]\nx = 1\n`), ["x = 1\n"]);
    assert.deepEqual(left(`x = 1\n# nippy: off[${NAME}]\ny = 1\n# nippy: on\n`), ["x = 1\ny = 1\n# nippy: on\n"]);
    for (const list of [`${NAME}, pandas/iterrows`, `pandas/iterrows, ${NAME}`])
      assert.deepEqual(left(`${HEAD}${late}  # nippy: ignore[${list}]\n`), [
        `${HEAD}${late}  # nippy: ignore[${NAME}]\n`,
      ]);
    // Nobody knows what a rule would have said that was not asked, or in code that nobody can read.
    assert.deepEqual(left(`x = 1  # nippy: ignore[${NAME}]\n`, { ...allOn(), levels: [[NAME, "off"]] }), []);
    assert.deepEqual(left(`x = = 1  # nippy: ignore[${NAME}]\n`), []);
  });

  it("are not told one by one where nobody wrote them by hand", async () => {
    assert.equal((await found(`x = 1  # nippy: ignore[${NAME}]\n`.repeat(500))).problems.length, 50);
  });

  it("have to say why where settings want it", async () => {
    const engine = await analyzer();
    const problems = (comment: string) => {
      const text = `${HEAD}    return time.time() - start  ${comment}\n`;
      return engine
        .report(engine.open(text, { ...allOn(), requireReason: true }, "m.py"))
        .comments.map((it) => it.message);
    };
    assert.deepEqual(problems(`# nippy: ignore[${NAME}] the clock is set by hand`), []);
    for (const silent of [`# nippy: ignore[${NAME}]`, `# nippy: ignore[${NAME}] - `])
      assert.match(problems(silent).join(), /Say why/);
  });

  it("are taken from Ruff's own comments too", async () => {
    const loop = (behind: string) =>
      `def doubled(items: list[int]) -> list[int]:\n    out = []\n    for item in items:\n        out.append(2 * item)${behind}\n    return out\n`;
    assert.deepEqual(await found(loop("  # ruff: ignore[E501, perf401] short enough")), { names: [], problems: [] });
    assert.deepEqual((await found(`# ruff: file-ignore[PERF401]\n${loop("")}`)).names, []);
    assert.deepEqual((await found(loop("  # ruff: ignore[PERF403]"))).names, ["iteration/append-in-loop"]);
  });

  it("for an equivalent Ruff rule also suppress our rule, on any line of the construct", async () => {
    const loop = (behind: string) =>
      `def doubled(items: list[int]) -> list[int]:\n    out = []\n    for item in items:\n        out.append(2 * item)${behind}\n    return out\n`;
    assert.deepEqual((await found(loop(""))).names, ["iteration/append-in-loop"]);
    assert.deepEqual(await found(loop("  # noqa: PERF401")), { names: [], problems: [] });
    assert.deepEqual((await found(loop("  # type: ignore # NOQA : E501, perf401 - decided"))).names, []);
    assert.deepEqual((await found(`# ruff: noqa: PERF401\n${loop("")}`)).names, []);
    for (const other of ["  # noqa: PERF403", "  # noqa", "  # noqa: PERF4012", "\n\n    # noqa: PERF401"])
      assert.deepEqual((await found(loop(other))).names, ["iteration/append-in-loop"], other);
    assert.deepEqual((await found(`${loop("")}x = 1  # noqa: PERF401\n`)).names, ["iteration/append-in-loop"]);
  });

  it("are told when they name no rule, or a wrong one", async () => {
    const { problems } = await found("x = 1  # nippy: ignore[pandas/iterows]\ny = 2  # nippy: ignore\n");
    assert.match(problems[0]!, /No rule is called "pandas\/iterows"\. Did you mean "pandas\/iterrows"\?/);
    assert.match(problems[1]!, /Name the rules/);
  });

  for (const [what, source, scope, wanted] of [
    [
      "a new comment behind the line",
      `${HEAD}    return time.time() - start\n`,
      "line",
      `${HEAD}    return time.time() - start  # nippy: ignore[${NAME}]\n`,
    ],
    [
      "a name added to the comment there is",
      `${HEAD}    return time.time() - start  # nippy: ignore[pandas/*] why\n`,
      "line",
      `${HEAD}    return time.time() - start  # nippy: ignore[pandas/*, ${NAME}] why\n`,
    ],
    [
      "a comment behind a statement of several lines",
      `${HEAD}    return (\n        time.time()\n        - start\n    )\n`,
      "line",
      `${HEAD}    return (\n        time.time()\n        - start\n    )  # nippy: ignore[${NAME}]\n`,
    ],
    [
      "a comment behind another comment",
      `${HEAD}    return time.time() - start  # type: ignore\n`,
      "line",
      `${HEAD}    return time.time() - start  # type: ignore  # nippy: ignore[${NAME}]\n`,
    ],
    [
      "a comment for the file behind the shebang",
      `#!/usr/bin/env python\n${HEAD}    return time.time() - start\n`,
      "file",
      `#!/usr/bin/env python\n# nippy: ignore-file[${NAME}]\n${HEAD}    return time.time() - start\n`,
    ],
    [
      "a line of its own above the statement",
      `${HEAD}    return time.time() - start\n`,
      "statement",
      `${HEAD}    # nippy: ignore[${NAME}]\n    return time.time() - start\n`,
    ],
    [
      "a further name in the comment that is above it",
      `${HEAD}    # nippy: ignore[a/b]\n    return time.time() - start\n`,
      "statement",
      `${HEAD}    # nippy: ignore[a/b, ${NAME}]\n    return time.time() - start\n`,
    ],
    [
      "a line above a method and its decorators",
      METHOD,
      "function",
      METHOD.replace("    @staticmethod", `    # nippy: ignore[${NAME}]\n    @staticmethod`),
    ],
    [
      "the file's own line ends",
      `${HEAD}    return time.time() - start\n`.replaceAll("\n", "\r\n"),
      "file",
      `# nippy: ignore-file[${NAME}]\n${HEAD}    return time.time() - start\n`.replaceAll("\n", "\r\n"),
    ],
  ] as const) {
    it(`are written as ${what}`, async () => {
      const engine = await analyzer();
      const snapshot = engine.open(source, allOn(), "m.py");
      const [finding] = engine.report(snapshot).findings;
      const after = applyEdits(source, [engine.suppress(snapshot, finding!, scope)!]);
      assert.equal(after, wanted);
      assert.deepEqual((await found(after)).names, []);
    });
  }
});
