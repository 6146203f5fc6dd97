/** The candidate query of each rule: its page has one, and it finds whatever the rule reports on its examples and cases. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { coverage } from "../scripts/recall/cover.js";
import { candidatesIn, queriesOf } from "../scripts/recall/query.js";
import { allOn, analyzer, parser } from "./harness/check.js";
import { chosenRules } from "./harness/chosen.js";
import { exampleTitle, pageOf } from "./harness/snapshot.js";
import { readSpec, settingsOf } from "./harness/spec.js";

describe("candidates", () => {
  for (const rule of chosenRules) {
    it(`${rule.name} has a query that is wider than what it reports`, async () => {
      const queries = queriesOf(rule.name);
      assert.ok(
        queries.length > 0,
        `test/rules/${rule.name}.md needs a line "Candidates: …" under its title (CONTRIBUTING.md, "What a rule misses")`,
      );
      const engine = await analyzer([rule]);
      const parse = await parser();
      const programs = [
        ...rule.examples.map((it, index) => ({ title: exampleTitle(index), source: it.before, settings: {} })),
        ...readSpec(pageOf(rule.name))
          .filter((it) => it.kind === "invalid")
          .map((it) => ({ title: it.title, source: it.source, settings: settingsOf(it) })),
      ];
      const missed = programs.flatMap(({ title, source, settings }) => {
        const { findings } = engine.report(engine.open(source, allOn(settings), "module.py"));
        const spoken = findings.map((finding) => ({ at: finding.range, construct: engine.constructOf(finding) }));
        const { outside } = coverage(candidatesIn(parse.parse(source), queries), spoken);
        return outside.map(({ at }) => `${title}: ${source.slice(at.start, at.end).split("\n")[0]}`);
      });
      assert.deepEqual(missed, [], "reported, and found by no query");
    });
  }
});
