/** What rules say of their twins in Ruff, held against Ruff itself. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { chosenRules } from "./harness/chosen.js";
import { isRuffCode, seenOf } from "./harness/twins.js";

/** Of the programs that a rule reports, those in which Ruff has to speak too before the rule may be silent for it. Pages show odd cases more than plain ones. */
const ENOUGH = 0.6;

for (const rule of chosenRules.filter((it) => it.overlaps.some(isRuffCode))) {
  describe(`the twins of ${rule.name}`, () => {
    const codes = rule.overlaps.filter(isRuffCode);

    it("are rules that there are, and each reports some of its programs", async () => {
      for (const code of codes) {
        const { shared } = await seenOf(rule, [code], true);
        assert.ok(shared > 0, `${code} says nothing of any program that ${rule.name} reports`);
      }
    });

    it("say what it says where it is left to them", async () => {
      if (!rule.leftToRuff) return;
      const { shared, programs } = await seenOf(rule, codes, false);
      assert.ok(shared >= programs * ENOUGH, `Ruff speaks in ${shared} of ${programs} programs only`);
    });
  });
}

describe("Rules that are left to Ruff", () => {
  it("have a twin in Ruff, not in Pylint alone", () => {
    const alone = chosenRules.filter((it) => it.leftToRuff && !it.overlaps.some(isRuffCode));
    assert.deepEqual(
      alone.map((it) => it.name),
      [],
    );
  });
});
