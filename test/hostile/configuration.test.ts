/** No configuration, of a project or of the editor, fails a run, holds it up or hides what else it says. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { inProject, jsonOf, ONLY_ROWS, ROWS } from "../cli/nippy.js";
import { startClient, type Client } from "../harness/lsp.js";
import { FILE, ITERROWS } from "../server/samples.js";
import { fuzzChecks } from "./fuzz-checks.js";

/** What a project may say, and what of it is told; `python` behind it shows that the rest of the file still counts. */
const BAD: Readonly<Record<string, readonly [toml: string, told: RegExp]>> = {
  "a glob that backtracks": [`exclude = ["${"*a".repeat(12)}*b", "(a+)+c*", "([a-z]+)+[0-9]*"]`, /^$/],
  "braces within braces": [`exclude = ["b${"{a*,".repeat(80)}c${"}".repeat(80)}"]`, /^$/],
  "70,000 stars": [
    `exclude = ["${"*".repeat(70_000)}"]`,
    /The glob "\*{79}…" in "exclude" is left out: it is longer than/,
  ],
  "60 kB of braces": [`exclude = ["${"{a,".repeat(20_000)}*"]`, /left out: it is longer than/],
  "braces that stay open": ['exclude = ["{a,b*"]', /left out: it has a "\{" that is not closed/],
  "40,000 globs": [
    `exclude = [${'"*/x*/b",'.repeat(40_000)}]`,
    /"exclude" is too long: "\*\/x\*\/b" and what follows is left out/,
  ],
  "what is no glob": [
    "exclude = [1, [], {}, 1979-05-27]",
    /a list of globs; 1 in it is none[^]*a list in it[^]*a table in it/,
  ],
  "10,000 unknown names": [
    `levels = { ${Array.from({ length: 10_000 }, (_, it) => `"*pandas/iterow${it}" = "off"`).join(", ")} }`,
    /No rule is called "\*pandas\/iterow0"[^]*And \d+ more mistakes/,
  ],
  "a name of 400 kB": [`levels = { "${"p".repeat(400_000)}" = "off" }`, /The glob "p{79}…" in "levels" is left out/],
  "names that mean something to a terminal": [
    'levels = { "\\u001b[31m\\u202ered\\nline" = "loud" }',
    /No rule is called "\ufffd\[31m\ufffdred⏎line"/,
  ],
  "names that mean something to JavaScript": [
    'levels = { "__proto__" = "off", "constructor" = "off" }\n"__proto__" = 1\ntoString = 1',
    /No rule is called "__proto__"[^]*No rule is called "constructor"[^]*Unknown setting/,
  ],
  "50,000 tables": [
    Array.from({ length: 50_000 }, (_, it) => `[t${it}]`).join("\n"),
    /Unknown setting "t0"[^]*more mistakes/,
  ],
  "a key of 100,000 parts": [`a${".a".repeat(100_000)} = 1`, /Unknown setting "a"/],
  "a number of 400 kB": [`min-level = "${"1".repeat(400_000)}"`, /"min-level" must be one of [^]*not "1{79}…"/],
};

describe("configurations", () => {
  for (const [what, [toml, told]] of Object.entries(BAD))
    it(
      `with ${what} are told of, and the rest of them counts`,
      inProject({ "nippy.toml": `exclude2 = 1\n`, [`${"a".repeat(200)}.py`]: ROWS, "out/a.py": ROWS }, (project) => {
        const isOwnExclude = /^exclude/.test(toml);
        project.write("nippy.toml", isOwnExclude ? toml.replace("[", '["out/**", ') : `exclude = ["out"]\n${toml}`);
        const outcome = project.run("check", "--lenient", "--format", "json", ...ONLY_ROWS);
        assert.deepEqual(
          jsonOf(outcome).findings.map((it) => it.path),
          [`${"a".repeat(200)}.py`],
          outcome.stderr.slice(0, 500),
        );
        assert.match(outcome.stderr, told);
        assert.ok(outcome.stderr.length < 10_000, `${outcome.stderr.length} characters are told`);
      }),
    );

  it(
    "longer than anybody writes end the run with a sentence",
    inProject({ "nippy.toml": "# x\n".repeat(600_000), "a.py": ROWS }, (project) => {
      const outcome = project.run("check");
      assert.equal(outcome.status, 2);
      assert.match(outcome.stderr, /"nippy\.toml" cannot be used: it is larger than 1 MB\./);
    }),
  );

  it("of every kind are read without a failure", async () => {
    const checks = await fuzzChecks();
    for (let seed = 0; seed < 3_000; seed++) checks.configuration(seed);
    checks.end();
  });
});

describe("server: hostile settings", () => {
  let client: Client | undefined;
  afterEach(() => client?.stop());

  const deep = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  const settings: Readonly<Record<string, unknown>> = {
    "globs that backtrack": { exclude: [`${"*a".repeat(12)}*b`, "([a-z]+)+[0-9]*", "(a+)+c*"] },
    "globs that are too long": { exclude: ["*".repeat(70_000)], levels: { [`${"{".repeat(70_000)}*`]: "off" } },
    "too many globs": { exclude: Array.from({ length: 50_000 }, (_, it) => `*${it}*`) },
    "names of a megabyte": { levels: { ["p".repeat(1_000_000)]: "off", ["*p".repeat(500_000)]: "off" } },
    "values of no known kind": {
      exclude: [1, null, {}, [["a"]]],
      levels: { "pandas/x": 3, a: null, b: [], c: { d: 1 } },
    },
    "lists for tables and tables for lists": {
      exclude: { a: 1 },
      levels: ["off"],
      python: 3.11,
      enable: "no",
      run: [],
    },
    "nothing at all": { exclude: null, levels: null, python: null, hover: null, enable: null },
    "lists within lists": { levels: deep(3_000), exclude: deep(3_000), python: deep(3_000), hover: deep(3_000) },
    "a number": 3,
    "a list": [1, 2],
    "names of every object": JSON.parse('{ "__proto__": { "enable": false }, "levels": { "__proto__": "off" } }'),
  };
  for (const [what, value] of Object.entries(settings))
    it(`with ${what} leave the findings, and are told once`, async () => {
      client = await startClient({ settings: value });
      for (const uri of [FILE, FILE.replace(".py", "2.py")]) {
        await client.open(uri, ITERROWS);
        assert.deepEqual(
          (await client.diagnostics(uri)).map((it) => it.code),
          ["pandas/iterrows"],
        );
      }
      const told = client.notifications
        .filter((it) => it.method === "window/logMessage")
        .map((it) => (it.params as { message: string }).message);
      assert.equal(new Set(told).size, told.length, told.join("\n"));
      for (const message of told) assert.ok(message.length < 100_000, `${message.length} characters are told`);
    });
});
