/** The view of the rules: every rule, by area, with its level and what it can repair. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { rulesByArea, ruleSays } from "../../client/rules-tree.js";
import type { RuleSummary } from "../../server/protocol.js";
import { rules } from "../../rules/index.generated.js";

const english = (text: string) => text;

describe("client: the rules by area", () => {
  it("are all there, once, in the order of their names", () => {
    const names = rules.map((it) => it.name);
    const areas = rulesByArea(rules.toReversed() as readonly RuleSummary[]);
    assert.deepEqual(
      areas.flatMap((it) => it.rules.map(({ name }) => name)),
      names.toSorted(),
    );
    assert.deepEqual(
      areas.map((it) => it.area),
      [...new Set(names.map((it) => it.slice(0, it.indexOf("/"))))].sort(),
    );
  });

  it("say their level and whether they repair", () => {
    const rule = { name: "a/b", title: "", why: "", level: "warning" } as const;
    assert.deepEqual(
      (["safe", "review", null] as const).map((fixes) => ruleSays({ ...rule, fixes }, english)),
      ["warning · safe fix", "warning · fix to review", "warning"],
    );
  });
});
