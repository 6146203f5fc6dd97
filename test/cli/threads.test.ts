/** Many files: the same report from one thread and from several, and a bar only where somebody looks. */

import { describe, it } from "mocha";
import assert from "node:assert/strict";
import { progress } from "../../cli/progress.js";
import { CLEAN, CLOCK, inProject, ROWS, type Files } from "./nippy.js";

function many(count: number): Files {
  const contents = [ROWS, CLEAN, CLOCK, "\0", ""];
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `package_${index % 7}/module_${index}.py`,
      contents[index % contents.length]!,
    ]),
  );
}

const LARGE = Array.from(
  { length: 60_000 },
  (_, index) =>
    `def f${index}(a, b):\n    for i in range(len(a)):\n        print(a[i], b[i], f${index - 1}(a, b))\n    return [x for x in a if x in b]\n`,
).join("");

describe("several threads", () => {
  it(
    "give the same report as one, in the same order, in every format",
    inProject(many(60), ({ run, write }) => {
      write("package_3/nippy.toml", '[levels]\n"pandas/iterrows" = "error"\n');
      for (const format of ["text", "json", "sarif", "github"]) {
        const alone = run("check", "--no-cache", "--format", format, "--jobs", "1");
        const together = run("check", "--no-cache", "--format", format, "--jobs", "3");
        assert.deepEqual(together, alone);
        assert.equal(alone.status, 2);
      }
    }),
  );

  it(
    "are used by themselves for many files",
    inProject(many(120), ({ run }) => {
      assert.deepEqual(run("check", "--no-cache"), run("check", "--no-cache", "--jobs", "1"));
    }),
  );

  it(
    "repair the same files",
    inProject(many(20), ({ run }) => {
      const words = ["--select", "profiling/wall-clock-duration"];
      const shown = run("check", "--diff", "--jobs", "2", ...words).stdout;
      assert.equal(shown, run("check", "--diff", "--jobs", "1", ...words).stdout);
      assert.equal(shown.match(/^--- /gm)?.length, 4);
      run("check", "--fix", "--jobs", "2", ...words);
      assert.equal(run("check", "--diff", ...words).stdout, "");
    }),
  );

  it(
    "name a file that is too much for the memory, and check all others",
    inProject({ ...many(60), "large.py": LARGE }, ({ runWith, run, write }) => {
      const { status, stderr, stdout } = runWith(
        { env: { NODE_OPTIONS: "--max-old-space-size=60" } },
        "check",
        "--no-cache",
        "--jobs",
        "2",
        "--exit-zero",
      );
      assert.equal(status, 2);
      assert.match(stderr, /^error: large\.py: Nippy failed on this file \(.*memory.*\)/m);
      write("large.py", "");
      assert.equal(
        stdout.split("\n\n").slice(0, -1).join("\n\n"),
        run("check", "--no-cache", "--jobs", "1", "--exit-zero").stdout.split("\n\n").slice(0, -1).join("\n\n"),
      );
    }),
  );

  it(
    "read ahead only what they have memory for",
    inProject(
      {
        ...many(60),
        ...Object.fromEntries(
          [1, 2, 3, 4].map((it) => [`long_${it}.py`, `${ROWS}\n${"x = [1, 2, 3]\n".repeat(20_000)}`]),
        ),
      },
      ({ run }) => {
        assert.deepEqual(run("check", "--no-cache", "--jobs", "2"), run("check", "--no-cache", "--jobs", "1"));
      },
    ),
  );

  it(
    "may be more than there are files",
    inProject({ "a.py": ROWS }, ({ run }) => {
      assert.equal(run("check", "--jobs", "16", "--select", "pandas/iterrows").status, 1);
    }),
  );
});

describe("the progress bar", () => {
  /** Takes `steps` at the given times and returns what was drawn. */
  function drawn(isTTY: boolean, ...times: readonly number[]): string[] {
    return drawnIn({ isTTY, columns: 60 }, ...times);
  }

  function drawnIn(screen: { readonly isTTY: boolean; readonly columns: number }, ...times: readonly number[]) {
    const written: string[] = [];
    const clock = [0, ...times];
    const bar = progress(4, { ...screen, write: (text) => written.push(text) }, () => clock.shift()!);
    for (const _ of times) bar.step();
    bar.end();
    return written;
  }

  it("appears after a second, is not redrawn for every file, and goes away", () => {
    assert.deepEqual(drawn(true, 500, 1500, 1550, 1700), [
      `\r[${"#".repeat(20)}${"-".repeat(20)}] 2 of 4 files\u001b[K`,
      `\r[${"#".repeat(40)}] 4 of 4 files\u001b[K`,
      "\r\u001b[K",
    ]);
  });
  it("is drawn where the terminal tells no width", () => {
    assert.equal(
      drawnIn({ isTTY: true, columns: 0 }, 1500)[0],
      `\r[${"#".repeat(10)}${"-".repeat(30)}] 1 of 4 files\u001b[K`,
    );
  });
  it("stays away from short runs and from anything but a terminal", () => {
    assert.deepEqual(drawn(true, 10, 20, 30, 40), []);
    assert.deepEqual(drawn(false, 1500, 3000), []);
  });
  it(
    "never appears in a pipe",
    inProject({ "a.py": ROWS }, ({ run }) => assert.equal(run("check").stderr, "")),
  );
});
