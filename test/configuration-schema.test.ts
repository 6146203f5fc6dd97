/** The JSON Schema of the settings: valid as a schema, and of the same opinion as what reads them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, it } from "mocha";
import { parse } from "smol-toml";
import { readToml, SCHEMA_URL, SETTINGS } from "../analysis/analyzer.js";
import { commentedSettings } from "../analysis/engine/commented.js";
import { rules } from "../rules/index.generated.js";

const schema = JSON.parse(readFileSync("assets/nippy.schema.json", "utf8")) as object;
const fits = new Ajv({ keywords: ["x-taplo"], strictTypes: false }).compile(schema);

const GOOD = [
  "",
  ...Object.values(SETTINGS).map((it) => it.example),
  'python = "3.20"',
  'python = "3.11.2"',
  'levels = { iterrows = "off", PERF401 = "hint", pandas = "default", "*" = "info", "pan*/i*" = "error" }',
  '[per-file-levels."a/**"]\niterrows = "off"',
  'extend = "base.toml"',
  'extend = "./conf/nippy.toml"',
];

const BAD = [
  "python = 3.11",
  'python = "2.7"',
  'python = "new"',
  'exclude = "x"',
  "exclude = [1]",
  'leave-to-ruff = "yes"',
  'min-level = "off"',
  'min-level = "loud"',
  'levles = { "pandas/*" = "off" }',
  'levels = { "pandas/iterows" = "off" }',
  'levels = { "append-in-loop" = "off" }',
  'levels = { PERF999 = "off" }',
  'levels = { "pandas/*" = "loud" }',
  "levels = { iterrows = 1 }",
  'levels = "off"',
  '[per-file-levels]\n"a/**" = "off"',
  '[per-file-levels]\n"a/**" = { iterows = "off" }',
  '[tool.nippy]\npython = "3.11"',
  'extend = "/etc/nippy.toml"',
  'extend = "~/nippy.toml"',
  'extend = "C:\\\\nippy.toml"',
  'extend = "https://example.org/nippy.toml"',
  'extend = ""',
  "extend = true",
];

describe("the JSON Schema of the settings", () => {
  for (const [texts, isGood] of [
    [GOOD, true],
    [BAD, false],
  ] as const)
    for (const text of texts)
      it(`${isGood ? "takes" : "refuses"} ${text === "" ? "an empty file" : text.replaceAll("\n", " ")}`, () => {
        assert.equal(fits(parse(text)), isGood, JSON.stringify(fits.errors));
        assert.equal(readToml(text, "nippy.toml", rules)!.problems.length === 0, isGood, "what reads the settings");
      });

  it("takes what nippy init writes, and is where the manifest says", () => {
    assert.ok(fits(parse(commentedSettings("nippy.toml"))));
    const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as {
      contributes: { tomlValidation: readonly { fileMatch: string; url: string }[] };
    };
    assert.deepEqual(contributes.tomlValidation, [{ fileMatch: "nippy.toml", url: SCHEMA_URL }]);
    assert.equal((schema as { $id: string }).$id, SCHEMA_URL);
    assert.ok(readFileSync(".vscodeignore", "utf8").includes("\n!assets/nippy.schema.json\n"));
  });
});
