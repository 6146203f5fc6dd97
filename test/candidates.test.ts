/** The candidate query of each rule: its page has one, and it finds whatever the rule reports on its examples and cases. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { coverage } from "../scripts/recall/cover.js";
import { candidatesIn, queriesOf } from "../scripts/recall/query.js";
import { allOn, analyzer, treeOf } from "./harness/check.js";
import { chosenRules } from "./harness/chosen.js";
import { exampleTitle, pageOf } from "./harness/snapshot.js";
import { MODULE, readSpec, settingsOf } from "./harness/spec.js";

describe("candidates", () => {
  for (const rule of chosenRules) {
    it(`${rule.name} has a query that is wider than what it reports`, async () => {
      const queries = queriesOf(rule.name);
      assert.ok(
        queries.length > 0,
        `test/rules/${rule.name}.md needs a line "Candidates: …" under its title (CONTRIBUTING.md, "What a rule misses")`,
      );
      const engine = await analyzer([rule]);
      const programs = [
        ...rule.examples.map((it, index) => ({
          title: exampleTitle(index),
          source: it.before,
          file: it.file,
          settings: {},
        })),
        ...readSpec(pageOf(rule.name))
          .filter((it) => it.kind === "invalid")
          .map((it) => ({ title: it.title, source: it.source, file: it.file, settings: settingsOf(it) })),
      ];
      const missed = (
        await Promise.all(
          programs.map(async ({ title, source, file, settings }) => {
            const { findings } = engine.report(engine.open(source, allOn(settings), file ?? MODULE));
            const spoken = findings.map((finding) => ({ at: finding.range, construct: engine.constructOf(finding) }));
            const { outside } = coverage(candidatesIn(await treeOf(source, file), queries), spoken);
            return outside.map(({ at }) => `${title}: ${source.slice(at.start, at.end).split("\n")[0]}`);
          }),
        )
      ).flat();
      assert.deepEqual(missed, [], "reported, and found by no query");
    });
  }
});
