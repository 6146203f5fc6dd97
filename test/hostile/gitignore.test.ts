/** Patterns of .gitignore mean what they mean to git, and none of them can hold a walk up. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "mocha";
import { readGitignore } from "../../analysis/engine/gitignore.js";
import { random } from "../harness/random.js";

const NAMES = ["a", "b", "ab", "a.py", "b.pyc", ".a", "A", "[a]", "a b", "aab", "x-y", "a]", "!a", "#a"];
const BITS = [
  ...[
    "a",
    "b",
    "*",
    "**",
    "?",
    "/",
    "/",
    "**/",
    "/**",
    ".",
    ".py",
    "*.py",
    "[ab]",
    "[!a]",
    "[^b]",
    "[a-c]",
    "[]a]",
    "[[:alpha:]]",
  ],
  ...["[a", "\\*", "\\[", "\\", " ", "\\ ", "#", "!", "-", "***", "[a-]", "[[:nope:]]", "[\\]]"],
];

const pathsOf = (): string[] => {
  const paths = NAMES.map((it) => it);
  for (const folder of ["a", "b", "ab", ".a"])
    for (const name of ["a", "b.pyc", "a.py", "[a]"]) paths.push(`${folder}/sub/${name}`);
  for (const name of ["a", "ab", ".a", "a b"]) paths.push(`a/b/a/${name}`);
  return [...new Set(paths.filter((it) => !paths.some((other) => other.startsWith(`${it}/`))))];
};

describe("patterns of .gitignore", () => {
  it("mean what they mean to git", function () {
    if (spawnSync("git", ["--version"]).status !== 0) this.skip();
    const { below, pick } = random(14);
    const folder = mkdtempSync(join(tmpdir(), "nippy-ignore-"));
    try {
      const paths = pathsOf();
      for (const path of paths) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), "");
      }
      execFileSync("git", ["init", "-q", folder]);
      execFileSync("git", ["-C", folder, "config", "core.ignorecase", "false"]);
      for (let round = 0; round < 150; round++) {
        const lines = Array.from({ length: 1 + below(5) }, () => {
          const body = Array.from({ length: 1 + below(4) }, () => pick(BITS)).join("");
          return (below(4) === 0 ? "!" : "") + body;
        });
        const text = lines.join(below(3) === 0 ? "\r\n" : "\n");
        writeFileSync(join(folder, ".gitignore"), text);
        const { stdout } = spawnSync("git", ["-C", folder, "check-ignore", "--no-index", "-z", "--stdin"], {
          input: paths.join("\0"),
          encoding: "utf8",
        });
        const list = readGitignore(text, false);
        const own = paths.filter((path) => {
          const steps = path.split("/");
          return steps.some((_, index) => list.says(steps.slice(0, index + 1).join("/"), index + 1 < steps.length));
        });
        assert.deepEqual(own.sort(), stdout.split("\0").filter(Boolean).sort(), JSON.stringify(text));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("may be many, long, and made to be tried again and again", () => {
    const path = `${"a".repeat(200)}/${"a".repeat(200)}`;
    const patterns = [
      "*a".repeat(40) + "*b",
      "**/".repeat(200) + "b",
      "[a-z]*".repeat(100) + "0",
      "*".repeat(70_000),
      "[[:alpha:]]".repeat(1000),
      "\\*".repeat(30_000),
      ...Array.from({ length: 100_000 }, (_, index) => `name${index}`),
      ...Array.from({ length: 100_000 }, (_, index) => `*name${index}*`),
      "/last.py",
    ];
    const list = readGitignore(patterns.join("\n"), false);
    assert.ok(list.leftOut > 90_000);
    assert.equal(list.says(path, false), undefined);
    assert.equal(list.says("name99999", false), true);
    assert.equal(list.says("last.py", false), true);
  });
});
