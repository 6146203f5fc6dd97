/** What every rule must fulfil, checked for each rule that exists: its examples, the cases of its page, and how its fixes behave. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { before as first, describe, it } from "mocha";
import type { Rule, Settings } from "../analysis/analyzer.js";
import { levelOf } from "../analysis/rule/levels.js";
import { CONFIGURATION_KINDS } from "../analysis/syntax/kinds.generated.js";
import { allOn, check, parses, treeOf } from "./harness/check.js";
import { savesSomething } from "../bench/gains/workload.js";
import { chosenRules } from "./harness/chosen.js";
import { assertSameText } from "./harness/same-text.js";
import {
  exampleTitle,
  pageOf,
  readSnapshot,
  reportOf,
  snapshotPath,
  snapshotText,
  takeSnapshot,
} from "./harness/snapshot.js";
import { readSpec, settingsOf } from "./harness/spec.js";

const ROUNDS = 10;
const EVIDENCE = ["proof", "strong", "fair"] as const;
const WEIGHTS = ["heavy", "unknown", "light"] as const;
/** How scripts/new-rule.ts marks what has to be written. */
const TO_DO = "TODO(rule)";
/** Set by `--update`: what is reported becomes what is expected. */
const isUpdate = process.env["NIPPY_UPDATE"] === "1";

/** Applies the rule's fixes, one at a time, until none is left, and holds each result to what every fix promises. */
async function fixUntilNoneIsLeft(
  source: string,
  rule: Rule,
  settings: Partial<Settings> = {},
  file?: string,
): Promise<string> {
  let text = source;
  for (let round = 0; round < ROUNDS; round++) {
    const checked = await check(text, [rule], allOn(settings), file);
    const fixes = checked.findings.map((it) => checked.fixed(it));
    const fix = fixes.find((it) => it !== undefined);
    if (!fix) return text;
    assert.notEqual(fix.text, text, "a fix that changes nothing");
    assert.ok(await parses(fix.text, file), `the fix broke the syntax:\n${fix.text}`);
    assert.ok(fix.title.length <= 60, `menus cut a title of ${fix.title.length} characters: ${fix.title}`);
    for (const doubt of fix.doubts)
      assert.match(doubt, /^(NaN|None|[^A-Z(\s]).{5,110}[^.\s]$/, `a doubt is a phrase: ${doubt}`);
    await keepsComments(text, fix.text, file);
    assert.deepEqual(duplicatedImports(fix.text), duplicatedImports(text), "an import was added twice");
    text = fix.text;
  }
  assert.fail(`the fix of ${rule.name} does not converge:\n${text}`);
}

async function keepsComments(before: string, after: string, file?: string): Promise<void> {
  const comments = async (text: string) => (await treeOf(text, file)).root.comments.map((it) => it.text).sort();
  const left = await comments(after);
  for (const comment of await comments(before)) {
    const at = left.indexOf(comment);
    assert.ok(at >= 0, `the fix lost a comment: ${comment}`);
    left.splice(at, 1);
  }
}

function duplicatedImports(text: string): readonly string[] {
  const lines = text.split("\n").filter((it) => /^(import|from) /.test(it));
  return lines.filter((it, index) => lines.indexOf(it) !== index);
}

const indented = (code: string) =>
  `def outer():\n${code
    .replace(/^\n/, "")
    .split("\n")
    .map((it) => (it === "" ? it : `    ${it}`))
    .join("\n")}`;

const updateOf = (rule: Rule) => `npm run test:rule ${rule.name} -- --update`;

/** Compares one program's findings with what the snapshot of the rule holds of it. */
async function isAsHeld(
  rule: Rule,
  title: string,
  source: string,
  settings: Partial<Settings> = {},
  isOutcomeKnown = true,
  file?: string,
) {
  const path = snapshotPath(rule.name);
  const held = existsSync(path) ? readSnapshot(readFileSync(path, "utf8")).get(title) : undefined;
  // That something is missing is said once, by the test of the file.
  if (held === undefined) return;
  const reported = await reportOf(rule, source, settings, isOutcomeKnown, file);
  assertSameText(reported, held, `not as ${path} has it; if it is meant to change: ${updateOf(rule)}`);
}

/** Each line that a finding starts in, marked as on the page: a difference then shows in its place. */
function marked(source: string, names: ReadonlyMap<number, readonly string[]>): string {
  const mark = (line: number) => (names.has(line) ? `  # expect: ${names.get(line)!.join(", ")}` : "");
  return source
    .split("\n")
    .map((text, line) => `${text}${mark(line)}`)
    .join("\n");
}

for (const rule of chosenRules) {
  describe(rule.name, () => {
    first(async () => {
      if (isUpdate) writeFileSync(snapshotPath(rule.name), snapshotText(rule.name, await takeSnapshot(rule)));
    });

    it("has a page that says what it is", () => {
      assert.match(rule.title, /^[A-Z`].*[^.]$/, "a title starts with a capital and has no full stop");
      assert.match(rule.why, /\.$/, "the reason is made of sentences");
      assert.ok(rule.title.length <= 80);
    });

    it("says in one line what it does that its twins do not, where it has some", () => {
      assert.equal(rule.unlike !== undefined, rule.overlaps.length > 0);
      if (rule.unlike !== undefined) assert.match(rule.unlike, /^(?:[a-z]|`|[A-Z]\w*\b)[^\n]{18,140}[^.\s]$/);
    });

    it("is a hint or off, whatever the evidence and the weight, where it is a matter of taste", () => {
      // How a program is laid out is judged by its people: nothing runs better for it by itself.
      if (rule.gain !== "clarity" && !rule.name.startsWith("architecture/")) return;
      if (rule.level === "off") return;
      const levels = EVIDENCE.flatMap((evidence) => WEIGHTS.map((it) => levelOf("hint", evidence, it, rule.differs)));
      assert.equal(rule.level, "hint", "clarity is taste: say what else it brings, or be a hint");
      assert.deepEqual(
        [...new Set(levels)].filter((it) => it !== "hint" && it !== "off"),
        [],
      );
    });

    it("says what measuring would take only of a gain that could be measured, and was not", () => {
      if (rule.unmeasured === undefined) return;
      assert.ok(savesSomething(rule), "safety and clarity are not measured");
      assert.doesNotMatch(pageOf(rule.name), /^## Gain$/m);
      assert.match(rule.unmeasured, /^(?:an?|several) [a-z ]{5,40}$/);
    });

    it("looks at parts of the documents that it is for", () => {
      const parts: readonly string[] = CONFIGURATION_KINDS;
      assert.deepEqual(
        rule.on.filter((it) => parts.includes(it) !== (rule.document === "configuration")),
        [],
      );
      assert.ok(rule.examples.every((it) => (it.file !== undefined) === (rule.document === "configuration")));
    });

    it("leaves nothing of the skeleton to do", () => {
      const left = [`rules/${rule.name}.ts`, `test/rules/${rule.name}.md`].flatMap((path) =>
        (existsSync(path) ? readFileSync(path, "utf8") : "")
          .split("\n")
          .flatMap((line, index) => (line.includes(TO_DO) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
      );
      if (left.length > 0) assert.fail(`still to do:\n${left.join("\n")}`);
    });

    rule.examples.forEach(({ file, before, after }, index) => {
      it(`example ${index + 1} has one finding, and none when repaired`, async () => {
        const { findings } = await check(before, [rule], allOn(), file);
        assert.equal(findings.length, 1, "an example shows exactly one finding");
        await isAsHeld(rule, exampleTitle(index), before, {}, true, file);
        const [finding] = findings;
        assert.match(finding!.message, /^[^\n]{10,160}$/, "one short line");
        assert.match(finding!.message, /[.!?]$/);
        if (after === undefined) {
          assert.equal(rule.fixes, null, "a rule with a fix shows its outcome");
          return;
        }
        assert.ok(await parses(after, file));
        assert.deepEqual(
          (await check(after, [rule], allOn(), file)).findings,
          [],
          "the rule reports nothing of its own advice",
        );
        if (rule.fixes === null) return;
        const fixed = await fixUntilNoneIsLeft(before, rule, {}, file);
        assertSameText(fixed, after, "the fix makes something else of the example");
      });

      it(`example ${index + 1} holds with CRLF, tabs and inside a function`, async () => {
        const crlf = await check(before.replaceAll("\n", "\r\n"), [rule], allOn(), file);
        assert.equal(crlf.findings.length, 1);
        const windows = crlf.fixed(crlf.findings[0]!);
        if (windows) assert.ok(!/[^\r]\n/.test(windows.text), "line ends were mixed");
        if (file !== undefined) return;
        const tabbed = before.replace(/^( {4})+/gm, (it) => "\t".repeat(it.length / 4));
        assert.ok(await parses(await fixUntilNoneIsLeft(tabbed, rule)));
        assert.ok(await parses(await fixUntilNoneIsLeft(indented(before), rule)));
      });
    });

    const page = pageOf(rule.name);
    const cases = readSpec(page);
    it("has a test page with at least three invalid and three valid cases", () => {
      assert.notEqual(page, "", `test/rules/${rule.name}.md is missing`);
      assert.ok(cases.filter((it) => it.kind === "invalid").length >= 3, "three invalid cases");
      assert.ok(cases.filter((it) => it.kind === "valid").length >= 3, "three valid cases");
      const titles = cases.map((it) => it.title);
      assert.deepEqual(
        titles.filter((it, index) => titles.indexOf(it) !== index),
        [],
        "a title names one case",
      );
    });

    it("has a snapshot of these cases, as it is written", () => {
      const path = snapshotPath(rule.name);
      if (!existsSync(path)) assert.fail(`${path} is missing; it is written by: ${updateOf(rule)}`);
      const text = readFileSync(path, "utf8");
      const snapshot = readSnapshot(text);
      const expected = [
        ...rule.examples.map((_, index) => exampleTitle(index)),
        ...cases.filter((it) => it.kind === "invalid").map((it) => it.title),
      ];
      assertSameText([...snapshot.keys()].join("\n"), expected.join("\n"), `it holds other cases; ${updateOf(rule)}`);
      assertSameText(text, snapshotText(rule.name, snapshot), `it was changed by hand; ${updateOf(rule)}`);
    });

    it("declares the best safety that its fixes have", () => {
      const path = snapshotPath(rule.name);
      if (rule.fixes === null || !existsSync(path)) return;
      const safeties = new Set(readFileSync(path, "utf8").match(/^(?:safe|review)(?= fix: )/gm));
      assert.equal(rule.fixes, safeties.has("safe") ? "safe" : "review");
    });

    for (const { title, kind, source, file, expected, fixed, ...target } of cases) {
      it(title, async () => {
        assert.ok(await parses(source, file), "the case itself must be valid");
        const settings = settingsOf(target);
        const { findings } = await check(source, [rule], allOn(settings), file);
        const found = new Map<number, string[]>();
        for (const { rule: name, range } of findings) {
          const line = source.slice(0, range.start).split("\n").length - 1;
          found.set(line, [...(found.get(line) ?? []), name]);
        }
        assertSameText(marked(source, found), marked(source, expected), "findings start in other lines");
        if (kind === "invalid") await isAsHeld(rule, title, source, settings, fixed !== undefined, file);
        const after = await fixUntilNoneIsLeft(source, rule, settings, file);
        if (fixed !== undefined) assertSameText(after, fixed, "the fixes make something else of it");
      });
    }
  });
}
