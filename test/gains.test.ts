/** Every rule that claims to save something was measured as it is today, and brings what it claims. Nothing is timed here: `npm run gains` did. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";
import { LEAST_GAIN, LEAST_ORDER } from "../analysis/rule/gain.js";
import type { Rule } from "../analysis/rule/rule.js";
import { FIGURES, figuresText, memoryRatio, readFigures, type Figures } from "../bench/gains/figures.js";
import { claimsGain, digestOf, workloadOf } from "../bench/gains/workload.js";
import { rules } from "../rules/index.generated.js";
import { WANTED } from "../scripts/precision/report.js";
import { readVerdicts, shareWorth } from "../scripts/precision/verdicts.js";

const figures = readFigures();

/** Of today's example and block. */
function figuresOf(rule: Rule): Figures {
  const workload = workloadOf(rule);
  assert.ok(
    workload,
    `test/rules/${rule.name}.md needs a section "## Gain" with a \`python gain\` block (CONTRIBUTING.md, "What a rule brings")`,
  );
  const found = figures[rule.name];
  assert.ok(found, `it was never measured: npm run gains -- ${rule.name}`);
  assert.equal(
    found.digest,
    digestOf(workload),
    `its example or its block changed: measure it with npm run gains -- ${rule.name}`,
  );
  return found;
}

const verdicts = readVerdicts();

function isDemoted(rule: Rule): boolean {
  return (shareWorth(verdicts.get(rule.name) ?? []) ?? 1) < WANTED.isTrue;
}

describe("gains", () => {
  for (const rule of rules.filter((it) => claimsGain(it) && it.level !== "off")) {
    it(`${rule.name} brings the ${rule.gain} it claims`, () => {
      const { rows, exponents, unit } = figuresOf(rule);
      const largest = rows.at(-1)!;
      const brings = rule.gain === "memory" ? memoryRatio(largest) : largest.ratio;
      assert.ok(brings !== null, "both forms take too little memory to tell: larger sizes");
      assert.ok(
        brings >= LEAST_GAIN,
        `${brings.toFixed(2)}× at ${largest.n} ${unit} is no gain: say in \`why\` what else it brings and let \`gain\` be safety or clarity, or \`level\` be off`,
      );
      if (rule.gain !== "complexity") return;
      assert.ok(
        exponents.before !== null && exponents.after !== null,
        "its forms are too short to tell how they grow: larger sizes",
      );
      assert.ok(
        exponents.before - exponents.after >= LEAST_ORDER,
        `n^${exponents.before} became n^${exponents.after}, which is no other order of growth: \`gain\` is time, or the sizes do not show it`,
      );
      const isLoud = rule.level === "error" || rule.level === "warning";
      assert.ok(
        isLoud || isDemoted(rule),
        "another order of growth is worth a warning, unless real code shows that what it says is too often of no use",
      );
    });
  }

  it("measures what claims nothing as it is today too", () => {
    for (const rule of rules.filter((it) => !claimsGain(it) || it.level === "off"))
      if (workloadOf(rule) || figures[rule.name]) figuresOf(rule);
  });

  it("holds no figures of rules that are gone, and is written by the tool", () => {
    assert.ok(existsSync(FIGURES), "nothing was ever measured: npm run gains");
    const names = new Set(rules.map((it) => it.name));
    assert.deepEqual(
      Object.keys(figures).filter((it) => !names.has(it)),
      [],
      `${FIGURES}: npm run gains, for any rule, drops them`,
    );
    assert.equal(readFileSync(FIGURES, "utf8"), figuresText(figures));
  });

  it("has sizes that rise, and says what was measured, when and on what", () => {
    for (const [name, { rows, unit, date, python, machine }] of Object.entries(figures)) {
      assert.ok(rows.length === 3 && rows.every((it, index) => index === 0 || it.n > rows[index - 1]!.n), name);
      assert.ok(
        /^[a-z][\w -]*$/.test(unit) &&
          /^\d{4}-\d\d-\d\d$/.test(date) &&
          /^CPython 3\.\d+\.\d+/.test(python) &&
          machine !== "",
        name,
      );
    }
  });
});
