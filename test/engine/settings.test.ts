/** Settings: what is right is kept, what is wrong is told with a suggestion, later sources win. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DEFAULT_SETTINGS, mergeSettings, readSettings, readToml } from "../../analysis/analyzer.js";
import { activeLevels } from "../../analysis/engine/settings.js";
import { rules } from "../../rules/index.generated.js";

const levelOf = (name: string, levels: (typeof DEFAULT_SETTINGS)["levels"], more = {}) =>
  activeLevels(rules, { ...DEFAULT_SETTINGS, levels, ...more }).get(rules.find((it) => it.name === name)!);

describe("settings", () => {
  it("give levels by name and glob, the later entry winning", () => {
    assert.equal(levelOf("pandas/iterrows", []), "warning");
    assert.equal(levelOf("pandas/iterrows", [["pandas/*", "error"]]), "error");
    assert.equal(
      levelOf("pandas/iterrows", [
        ["pandas/iterrows", "hint"],
        ["pandas/*", "error"],
      ]),
      "error",
    );
    assert.equal(
      levelOf("pandas/iterrows", [
        ["*", "off"],
        ["pandas/iterrows", "default"],
      ]),
      "warning",
    );
    assert.equal(levelOf("pandas/iterrows", [["*", "off"]]), undefined);
  });

  it("leave overlaps to Ruff when asked, unless a level is set", () => {
    assert.equal(levelOf("logging/eager-format", [], { leaveToRuff: true }), undefined);
    assert.equal(levelOf("logging/eager-format", [["logging/*", "info"]], { leaveToRuff: true }), "info");
    const partly = rules.find((it) => it.name === "collections/list-membership-in-loop")!;
    assert.ok(partly.overlaps.length > 0);
    assert.equal(levelOf(partly.name, [], { leaveToRuff: true }), partly.level, "Ruff knows a part of it only");
  });

  it("are read key by key, and mistakes told", () => {
    const { settings, problems } = readSettings(
      {
        levels: { "pandas/iterows": "error", "pandas/*": "loud" },
        python: "2.7",
        exclude: "x",
        "leave-to-rufff": true,
        "min-level": "off",
      },
      rules,
    );
    assert.deepEqual(settings.levels, [["pandas/iterows", "error"]]);
    assert.deepEqual(
      problems.map((it) => it.message.replace(/ one of .*/, " …")),
      [
        'No rule is called "pandas/iterows". Did you mean "pandas/iterrows"?',
        'The level of "pandas/*" must be …',
        '"python" must be a Python version such as "3.11", not "2.7".',
        '"exclude" must be a list of globs, not "x".',
        'Unknown setting "leave-to-rufff". Did you mean "leave-to-ruff"?',
        '"min-level" must be …',
      ],
    );
    assert.equal(settings.minLevel, undefined);
    assert.deepEqual(readSettings({ "min-level": "hint" }, rules), { settings: { minLevel: "hint" }, problems: [] });
    assert.equal(readSettings("loud", rules).problems.length, 1);
    assert.match(readSettings({ levels: { "no/such-*": "off" } }, rules).problems[0]!.message, /No rule is called/);
  });

  it("come from TOML with the line of a mistake", () => {
    const text =
      '[project]\nrequires-python = ">=3.9,<4"\n\n[tool.nippy]\nexclude = ["a/**"]\n\n[tool.nippy.levels]\n"pandas/nope" = "off"\n';
    const read = readToml(text, "pyproject.toml", rules)!;
    assert.deepEqual(read.settings, { exclude: ["a/**"], levels: [["pandas/nope", "off"]] });
    const { start, end } = read.problems[0]!.range!;
    assert.equal(text.slice(start, end), '"pandas/nope"');
    assert.equal(readToml("[project]\nname = 'x'\n", "pyproject.toml", rules), undefined);
    const [problem] = readToml("levels = {", "nippy.toml", rules)!.problems;
    assert.ok(problem!.isUnreadable && problem!.range!.start <= 10);
  });

  it("are merged with later sources on top", () => {
    const merged = mergeSettings({ python: "3.9", levels: [["a/*", "off"]] }, { levels: [["b/*", "error"]] });
    assert.deepEqual(merged, {
      ...DEFAULT_SETTINGS,
      python: "3.9",
      levels: [
        ["a/*", "off"],
        ["b/*", "error"],
      ],
    });
  });
});
