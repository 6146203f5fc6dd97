/** One construct, one finding: all rules run over all pages, and two that report the same code have to know of one another. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import type { Finding } from "../analysis/analyzer.js";
import { rules } from "../rules/index.generated.js";
import { allOn, check } from "./harness/check.js";
import { chosenRules } from "./harness/chosen.js";
import { pageOf } from "./harness/snapshot.js";
import { readSpec, settingsOf } from "./harness/spec.js";

/** Rules that are there or planned: several are written at a time, each on a branch of its own. */
const catalogue = new Set(JSON.parse(readFileSync("rules/catalogue.json", "utf8")) as readonly string[]);

describe("rules that report the same code", () => {
  it("override only rules that are in the catalogue, and never one another", () => {
    const byName = new Map(rules.map((it) => [it.name, it]));
    const problems = rules.flatMap((rule) =>
      rule.overrides.flatMap((name) => {
        const other = byName.get(name);
        if (!other && !catalogue.has(name)) return [`${rule.name} overrides ${name}, which is not in the catalogue`];
        return other?.overrides.includes(rule.name) ? [`${rule.name} and ${name} override one another`] : [];
      }),
    );
    assert.deepEqual(problems, []);
  });

  for (const rule of chosenRules) {
    it(`on the page of ${rule.name}`, async () => {
      const problems: string[] = [];
      for (const { title, source, file, also, ...target } of readSpec(pageOf(rule.name))) {
        const { findings } = await check(source, rules, allOn(settingsOf(target)), file);
        for (const [one, other] of underliningTheSame(findings)) {
          const line = source.slice(0, one.range.start).split("\n").length - 1;
          if (also.includes(one.rule) || also.includes(other.rule)) continue;
          problems.push(`${title}: ${one.rule} and ${other.rule} in line ${line + 1}`);
        }
      }
      assert.deepEqual(problems, []);
    });
  }
});

/** Pairs of findings of different rules whose underlined code overlaps. */
function underliningTheSame(findings: readonly Finding[]): readonly (readonly [Finding, Finding])[] {
  return findings.flatMap((one, index) =>
    findings
      .slice(index + 1)
      .filter((it) => it.rule !== one.rule && it.range.start < one.range.end && one.range.start < it.range.end)
      .map((other) => [one, other] as const),
  );
}
