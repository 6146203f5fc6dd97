/** What every rule promises, checked for each rule found, unasked: its examples, its page's cases, and the manners of its fixes. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, it } from "mocha";
import type { Rule } from "../analysis/analyzer.js";
import type { PythonVersion } from "../analysis/semantics/python-version.js";
import { rules } from "../rules/index.generated.js";
import { allOn, check, parser, parses } from "./harness/check.js";
import { readSpec } from "./harness/spec.js";

const ROUNDS = 10;

interface FixedSource {
  readonly text: string;
  readonly safeties: ReadonlySet<string>;
}

/** Applies the rule's fixes, one at a time, until none is left, and holds each result to what every fix promises. */
async function fixUntilRest(source: string, rule: Rule, python?: PythonVersion): Promise<FixedSource> {
  const safeties = new Set<string>();
  let text = source;
  for (let round = 0; round < ROUNDS; round++) {
    const checked = await check(text, [rule], settingsFor(python));
    const fixes = checked.findings.map((it) => checked.fixed(it));
    const fix = fixes.find((it) => it !== undefined);
    if (!fix) return { text, safeties };
    assert.notEqual(fix.text, text, "a fix that changes nothing");
    assert.ok(await parses(fix.text), `the fix broke the syntax:\n${fix.text}`);
    assert.ok(fix.safety === "safe" || /\(review|^Review/i.test(fix.title) || fix.title.includes("("), `a fix to review names its doubt: ${fix.title}`);
    await keepsComments(text, fix.text);
    assert.deepEqual(duplicatedImports(fix.text), duplicatedImports(text), "an import was added twice");
    safeties.add(fix.safety);
    text = fix.text;
  }
  assert.fail(`the fix of ${rule.name} never comes to rest:\n${text}`);
}

async function keepsComments(before: string, after: string): Promise<void> {
  const parse = await parser();
  const comments = (text: string) => parse.parse(text).root.comments.map((it) => it.text).sort();
  const left = comments(after);
  for (const comment of comments(before)) {
    const at = left.indexOf(comment);
    assert.ok(at >= 0, `the fix lost a comment: ${comment}`);
    left.splice(at, 1);
  }
}

function duplicatedImports(text: string): readonly string[] {
  const lines = text.split("\n").filter((it) => /^(import|from) /.test(it));
  return lines.filter((it, index) => lines.indexOf(it) !== index);
}

const settingsFor = (python: PythonVersion | undefined) => (python ? allOn({ python }) : allOn());

const indented = (code: string) => `def outer():\n${code.replace(/^\n/, "").split("\n").map((it) => (it === "" ? it : `    ${it}`)).join("\n")}`;

for (const rule of rules) {
  describe(rule.name, () => {
    it("has a page that says what it is", () => {
      assert.match(rule.title, /^[A-Z`].*[^.]$/, "a title starts with a capital and has no full stop");
      assert.match(rule.why, /\.$/, "the reason is made of sentences");
      assert.ok(rule.title.length <= 80);
    });

    rule.examples.forEach(({ before, after }, index) => {
      it(`example ${index + 1} wakes it once and its own advice puts it to sleep`, async () => {
        const { findings } = await check(before, [rule]);
        assert.equal(findings.length, 1, "an example shows exactly one finding");
        const [finding] = findings;
        assert.match(finding!.message, /^[^\n]{10,160}$/, "one short line");
        assert.match(finding!.message, /[.!?]$/);
        if (after === undefined) {
          assert.equal(rule.fixes, null, "a rule with a fix shows its outcome");
          return;
        }
        assert.ok(await parses(after));
        assert.deepEqual((await check(after, [rule])).findings, [], "the rule sleeps on its own advice");
        if (rule.fixes === null) return;
        const fixed = await fixUntilRest(before, rule);
        assert.equal(fixed.text, after);
        assert.ok(fixed.safeties.has(rule.fixes), `the example's fix is ${rule.fixes}`);
      });

      it(`example ${index + 1} holds with CRLF, tabs and inside a function, and wakes no other fix into breaking it`, async () => {
        const crlf = await check(before.replaceAll("\n", "\r\n"), [rule]);
        assert.equal(crlf.findings.length, 1);
        const windows = crlf.fixed(crlf.findings[0]!);
        if (windows) assert.ok(!/[^\r]\n/.test(windows.text), "line ends were mixed");
        const tabbed = before.replace(/^( {4})+/gm, (it) => "\t".repeat(it.length / 4));
        assert.ok(await parses((await fixUntilRest(tabbed, rule)).text));
        assert.ok(await parses((await fixUntilRest(indented(before), rule)).text));
      });
    });

    const page = `test/rules/${rule.name}.md`;
    it("has a test page with at least three wakes and three sleeps", () => {
      assert.ok(existsSync(page), `${page} is missing`);
      const cases = readSpec(readFileSync(page, "utf8"));
      assert.ok(cases.filter((it) => it.kind === "wakes").length >= 3, "three wakes");
      assert.ok(cases.filter((it) => it.kind === "sleeps").length >= 3, "three sleeps");
    });

    for (const { title, source, expected, fixed, python } of existsSync(page) ? readSpec(readFileSync(page, "utf8")) : []) {
      it(title, async () => {
        assert.ok(await parses(source), "the case itself must be valid Python");
        const settings = settingsFor(python as PythonVersion | undefined);
        const { findings } = await check(source, [rule], settings);
        const found = findings.map((it) => `${source.slice(0, it.range.start).split("\n").length}: ${it.rule}`);
        const wanted = [...expected].flatMap(([line, names]) => names.map((name) => `${line + 1}: ${name}`));
        assert.deepEqual(found, wanted);
        const after = (await fixUntilRest(source, rule, python as PythonVersion | undefined)).text;
        if (fixed !== undefined) assert.equal(after, fixed);
      });
    }
  });
}
