/** Globs mean what they always meant, whoever wrote them, and none of them can hold anything up. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import picomatch from "picomatch";
import { readGlob } from "../../analysis/text/glob.js";
import { excluder } from "../../analysis/engine/settings.js";
import { random } from "../harness/random.js";

const BITS = [
  ...["*", "*", "**", "**/", "/**", "/", "/", "a", "b", ".", "ab", "?", "[ab]", "[^a]", "[a-b]", "x.py", "*.py", "\\*"],
  ...["{a,b}", "{a,b*}", "{a,{b,ab}}", "{a}", "{a..c}", "(a|b)", "@(a|b)", "+(a)", "?(a)", "*(ab)"],
];
const STEPS = ["a", "b", "ab", "/", "/", ".", "x.py", "c", "py"];

describe("globs", () => {
  it("mean what they mean elsewhere", () => {
    const { below, pick } = random(14);
    const some = (from: readonly string[], most: number) =>
      Array.from({ length: 1 + below(most) }, () => pick(from)).join("");
    const differ: string[] = [];
    let compared = 0;
    for (let round = 0; round < 15_000; round++) {
      const glob = some(BITS, 5);
      // Where wildcards follow a choice or stand in a heap, what is usual elsewhere is an accident.
      if (!glob.includes("*") || /^\/|\/$|\/\/|^\*$|\*{3}|[)\]}][*?]|^\.\/|\*\*[@?+*]\(|\/[?*]\(|\*\*\.py./.test(glob))
        continue;
      const usual = picomatch(glob);
      const own = readGlob(glob).fits;
      for (let index = 0; index < 10; index++) {
        const path = some(STEPS, 6)
          .replace(/\/+/g, "/")
          .replace(/^\/|\/$/g, "");
        if (path === "" || /(^|\/)\.\.?(\/|$)/.test(path)) continue;
        compared++;
        if (usual(path) !== own(path)) differ.push(`${glob} on ${path}`);
      }
    }
    assert.ok(compared > 10_000, `${compared} compared`);
    assert.deepEqual(differ, []);
  });

  it("leave out what lies in a folder that they fit", () => {
    const isOut = excluder(["build", "docs/*", "**/gen/**", "./lib/"]);
    const paths = [
      "build/a.py",
      "builder/a.py",
      "docs/a/b.py",
      "docs",
      "x/gen/y/z.py",
      "lib/a.py",
      "a/build/b.py",
      "x/.gen/a.py",
    ];
    assert.deepEqual(paths.filter(isOut), ["build/a.py", "docs/a/b.py", "x/gen/y/z.py", "lib/a.py"]);
    assert.ok(excluder(["*"])("anything/.hidden.py"));
    assert.ok(!excluder(["!src/**"])("src/a.py") && excluder(["!src/**"])("other/a.py"));
    assert.ok(excluder(["[!a]*.py"])("b.py") && !excluder(["[!a]*.py"])("a.py"));
  });

  it("are followed in no more steps than their length times that of the path", () => {
    const path = "a".repeat(300);
    const globs = [
      "*a".repeat(200) + "*b",
      "(a+)+c*",
      "([a-z]+)+[0-9]*",
      "+(+(+(+(a|aa)|a)|*a)|a*)b*",
      "*(*(*(a*)))b",
      "{a*,a*}".repeat(60) + "c",
      "**/".repeat(150) + "*b",
      "[a-z]*".repeat(80) + "0",
      "{".repeat(200) + "*",
      "(".repeat(200) + "*",
      "*".repeat(500),
      "!".repeat(400) + "*b",
    ];
    for (const glob of globs) assert.equal(typeof readGlob(glob).fits(path), "boolean", glob);
    assert.ok(!readGlob(globs[0]!).fits(path));
  });

  it("that are too long or not understood fit nothing, and say why", () => {
    for (const [glob, why] of [
      ["*".repeat(70_000), /longer than/],
      ["{a,b*", /not closed/],
      ["@(a|b*", /not closed/],
      ["!(a)*", /not supported/],
    ] as const) {
      const { fits, problem } = readGlob(glob);
      assert.match(problem ?? "", why);
      assert.ok(!fits("a"));
    }
  });
});
