/** Writing a level into a configuration file: the smallest edit, read back before it is offered. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { applyEdits, readToml, type ConfigurationName } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { levelEdits } from "../../server/level-edit.js";

const RULE = "pandas/iterrows";
const ENTRY = `"${RULE}" = "off"`;

describe("server: a level in a configuration file", () => {
  const after = (text: string, name: ConfigurationName) => {
    const edits = levelEdits(text, name, RULE, "off", rules);
    return edits && applyEdits(text, edits);
  };

  for (const [what, name, before, expected] of [
    ["an empty nippy.toml", "nippy.toml", "", `[levels]\n${ENTRY}\n`],
    ["a nippy.toml without levels", "nippy.toml", 'python = "3.11"\n', `python = "3.11"\n\n[levels]\n${ENTRY}\n`],
    ["a last line without a line break", "nippy.toml", 'python = "3.11"', `python = "3.11"\n\n[levels]\n${ENTRY}\n`],
    [
      "the end of its levels, because a later entry wins",
      "nippy.toml",
      '[levels]\n"pandas/*" = "error" # all\n\n',
      `[levels]\n"pandas/*" = "error" # all\n${ENTRY}\n\n`,
    ],
    [
      "the place of the level it had",
      "nippy.toml",
      `[levels]\n"${RULE}" = "error"\n"pandas/*" = "hint"\n`,
      `[levels]\n"pandas/*" = "hint"\n${ENTRY}\n`,
    ],
    [
      "levels on one line",
      "nippy.toml",
      'levels = { "pandas/*" = "error" }\n',
      `levels = { "pandas/*" = "error", ${ENTRY} }\n`,
    ],
    ["empty levels on one line", "nippy.toml", "levels = {} # none\n", `levels = { ${ENTRY} } # none\n`],
    [
      "levels under dotted keys",
      "nippy.toml",
      'levels."pandas/*" = "error"\npython = "3.11"\n',
      `levels."pandas/*" = "error"\nlevels.${ENTRY}\npython = "3.11"\n`,
    ],
    [
      "a pyproject.toml that is not about Nippy",
      "pyproject.toml",
      '[project]\nname = "x"\n',
      `[project]\nname = "x"\n\n[tool.nippy.levels]\n${ENTRY}\n`,
    ],
    [
      "a pyproject.toml between other tables",
      "pyproject.toml",
      '[tool.nippy]\npython = "3.11"\n\n[tool.ruff]\n',
      `[tool.nippy]\npython = "3.11"\n\n[tool.nippy.levels]\n${ENTRY}\n\n[tool.ruff]\n`,
    ],
    [
      "its levels table",
      "pyproject.toml",
      "[tool.nippy.levels]\n[tool.ruff]\nlevels = 1\n",
      `[tool.nippy.levels]\n${ENTRY}\n[tool.ruff]\nlevels = 1\n`,
    ],
    [
      "a table with a quoted name",
      "pyproject.toml",
      '[ tool . "nippy" . levels ]\n',
      `[ tool . "nippy" . levels ]\n${ENTRY}\n`,
    ],
    ["a file with CRLF", "pyproject.toml", "[project]\r\n", `[project]\r\n\r\n[tool.nippy.levels]\r\n${ENTRY}\r\n`],
  ] as const) {
    it(`goes into ${what}`, () => {
      const text = after(before, name);
      assert.equal(text, expected);
      assert.deepEqual(readToml(text, name, rules)?.problems, []);
    });
  }

  it("is not written where reading it back does not give it", () => {
    for (const text of ["[levels\n", "levels = 3\n", "levels = {\n}\n", '[levels]\n"pandas/iterrows"."x" = 1\n'])
      assert.equal(after(text, "nippy.toml"), undefined, text);
    assert.equal(after('tool.nippy.python = "3.11"\n[tool.nippy]\n', "pyproject.toml"), undefined);
  });

  it("is written beside a mistake that was there before", () => {
    assert.equal(after('[levels]\n"no/such" = "off"\n', "nippy.toml"), `[levels]\n"no/such" = "off"\n${ENTRY}\n`);
  });
});
