/** Words that rules need: a rule sleeps in files without them, wakes when they come, and decides nothing by them. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { dispatchFor } from "../../analysis/engine/dispatch.js";
import { AnalysisState } from "../../analysis/engine/state.js";
import { defineRule, nameRule, type Match, type RuleSpec } from "../../analysis/rule/rule.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { WordIndex } from "../../analysis/semantics/word-index.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";

describe("words that rules need", () => {
  it("are found wherever they stand, in each other and at the end too", async () => {
    const { pieces } = openDocument("async_eval = 1\n\n\ndef f():\n    return __slots__", await parser());
    const words = ["async", "async_e", "sync", "eval", "__slots__", "exec", "a.b", "d", "z"];
    assert.deepEqual([...new WordIndex().among(words, pieces)].sort(), [
      "__slots__",
      "async",
      "async_e",
      "d",
      "eval",
      "sync",
    ]);
  });

  it("let a rule report as soon as they are typed", async () => {
    const engine = await analyzer();
    const found = (it: typeof snapshot) =>
      engine
        .report(it)
        .findings.map(({ rule }) => rule)
        .filter((rule) => rule === "dynamic/eval-or-exec");
    let snapshot = engine.open("def run(code):\n    return (code)\n\n\ndef other():\n    return 1\n", allOn(), "m.py");
    assert.deepEqual(found(snapshot), []);
    let at = snapshot.text.indexOf("(code)\n\n");
    for (const letter of "eval") {
      assert.deepEqual(found(snapshot), []);
      snapshot = engine.edit(snapshot, [{ start: at, end: at, text: letter }]);
      at++;
    }
    assert.deepEqual(found(snapshot), ["dynamic/eval-or-exec"]);
  });

  it("stand beside the imports, or in their place", async () => {
    const parse = await parser();
    const made = (gates: Pick<RuleSpec<"module", Match>, "imports" | "orWords" | "words">) =>
      nameRule(
        "gates/all",
        defineRule({
          title: "Every file",
          why: "Shows which files a rule is asked about.",
          guide: "decorators",
          level: "hint",
          gain: "clarity",
          examples: [{ before: "pass" }],
          on: ["module"],
          ...gates,
          find: (node) => ({ at: node }),
          message: () => "asked",
        }),
      );
    const asked = (gates: Parameters<typeof made>[0], source: string) => {
      const state = new AnalysisState(openDocument(source, parse), {
        python: "3.10",
        isTest: false,
        isNotebook: false,
      });
      const dispatch = dispatchFor([made(gates)], allOn(), state.imports, (it) => state.wordsAmong(it));
      return state.results(dispatch).some((it) => it.findings.length > 0);
    };
    const imported = "import pandas as pd\n";
    const named = "def f(df):\n    return df.iterrows()\n";
    const files = ["x = 1\n", imported, named, imported + named];
    const where = (gates: Parameters<typeof made>[0]) => files.map((it) => asked(gates, it));
    assert.deepEqual(where({}), [true, true, true, true]);
    assert.deepEqual(where({ imports: ["pandas"] }), [false, true, false, true]);
    assert.deepEqual(where({ words: ["iterrows"] }), [false, false, true, true]);
    assert.deepEqual(where({ imports: ["pandas"], words: ["iterrows"] }), [false, false, false, true]);
    assert.deepEqual(where({ imports: ["pandas"], orWords: ["iterrows"] }), [false, true, true, true]);
    assert.deepEqual(where({ imports: ["pandas"], orWords: ["itertuples"] }), [false, true, false, true]);
    assert.deepEqual(where({ imports: ["pandas"], orWords: ["iterrows"], words: ["def"] }), [false, false, true, true]);
  });

  it("save work and change no finding: when every rule runs on every file, the findings are the same", async () => {
    const parse = await parser();
    const settings = allOn();
    for (const rule of rules.filter((it) => it.document === "python" && it.words.length + it.orWords.length > 0)) {
      for (const example of rule.examples.flatMap(({ before, after }) =>
        after === undefined ? [before] : [before, after],
      )) {
        const findings = (areGated: boolean) => {
          const state = new AnalysisState(openDocument(example, parse), {
            python: settings.python,
            isTest: false,
            isNotebook: false,
          });
          const results = state.results(
            dispatchFor(rules, settings, state.imports, areGated ? (it) => state.wordsAmong(it) : undefined),
          );
          return results.flatMap((it) => it.findings.map(({ rule: { name }, range }) => ({ name, range })));
        };
        assert.deepEqual(findings(true), findings(false), rule.name);
      }
    }
  });
});
