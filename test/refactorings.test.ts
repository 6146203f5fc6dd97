/** Refactorings, unasked: each example and page case is offered or silent as said, gives exactly the result, and the results run like the originals. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { before, describe, it } from "mocha";
import {
  applyEdits,
  createAnalyzer,
  DEFAULT_SETTINGS,
  type Analyzer,
  type ReadyRefactoring,
} from "../analysis/analyzer.js";
import { guide } from "../guide/index.generated.js";
import { refactorings } from "../refactorings/index.generated.js";
import { parser, parses } from "./harness/check.js";
import { placeIn } from "./harness/places.js";
import { pythonWith } from "./harness/python.js";
import { readCases, type Case } from "./harness/refactoring-page.js";
import { runAll } from "./harness/run-blocks.js";

/** Programs before and after, by the case they belong to; all are run at the end, because starting an interpreter is slower than the work. */
const ran = new Map<
  string,
  { readonly before: string; readonly after: string; readonly packages: readonly string[] }
>();

for (const refactoring of refactorings) {
  const { name } = refactoring;
  describe(`refactoring ${name}`, () => {
    let engine: Analyzer;
    before(async () => {
      const onFixFailure = ({ error }: { readonly error: unknown }) => assert.fail((error as Error).stack);
      engine = createAnalyzer({
        parser: await parser(),
        rules: [],
        guide,
        guideUrl: (anchor) => anchor,
        refactorings: [refactoring],
        onFixFailure,
      });
    });

    const propose = (
      marked: string,
      python?: string,
    ): {
      readonly before: string;
      readonly ready: ReadyRefactoring | undefined;
      readonly after: string | undefined;
    } => {
      const { text, selection } = placeIn(marked);
      const settings =
        python === undefined
          ? DEFAULT_SETTINGS
          : { ...DEFAULT_SETTINGS, python: python as typeof DEFAULT_SETTINGS.python };
      const snapshot = engine.open(text, settings, "module.py");
      const [offered] = engine.refactoringsAt(snapshot, selection);
      if (!offered) return { before: text, ready: undefined, after: undefined };
      assert.match(offered.title, /^[A-Z][^\n]{5,90}[^.]$/, "the menu's line is short and has no full stop");
      const ready = engine.refactor(snapshot, selection, name);
      assert.ok(ready, "what is offered can be done");
      return { before: text, ready, after: applyEdits(text, ready.edits) };
    };

    const assertGood = async (marked: string, after: string, before: string): Promise<void> => {
      assert.ok(await parses(after), `the result does not parse:\n${after}`);
      const { root: old } = (await parser()).parse(before);
      for (const comment of old.comments)
        assert.ok(after.includes(comment.text), `a comment was lost: ${comment.text}`);
      const windows = propose(marked.replaceAll("\n", "\r\n"));
      assert.ok(windows.after !== undefined && !/[^\r]\n/.test(windows.after), "line ends were mixed");
      const tabbed = propose(marked.replace(/^( {4})+/gm, (it) => "\t".repeat(it.length / 4)));
      assert.ok(tabbed.after !== undefined && (await parses(tabbed.after)), `with tabs: ${tabbed.after}`);
    };

    it("does what its example shows", async () => {
      const { before, after } = propose(refactoring.example.before);
      assert.equal(after, refactoring.example.after);
      await assertGood(refactoring.example.before, after!, before);
    });

    const page = `test/refactorings/${name}.md`;
    const cases: readonly Case[] = existsSync(page) ? readCases(readFileSync(page, "utf8")) : [];
    it("has a page with at least three cases where it is offered and three where it is not", () => {
      assert.ok(cases.filter((it) => it.result !== undefined).length >= 3, "three offered");
      assert.ok(cases.filter((it) => it.result === undefined).length >= 3, "three silent");
    });

    for (const { title, source, result, files, runs, packages, python } of cases) {
      it(title, async () => {
        const { before, ready, after } = propose(source, python);
        assert.ok(await parses(before), "the case itself must be valid Python");
        if (result === undefined) {
          assert.equal(ready, undefined);
          return;
        }
        assert.equal(after, result);
        assert.deepEqual(Object.fromEntries(ready!.files.map((it) => [it.path, it.text])), files);
        await assertGood(source, after!, before);
        if (runs) ran.set(`${name}: ${title}`, { before, after: after!, packages });
      });
    }
  });
}

describe("refactorings", () => {
  it("leave programs that print what they printed before", function () {
    assert.ok(ran.size > 0);
    const python = pythonWith(["torch"]);
    if ("reason" in python) {
      console.log(`skipped: programs before and after refactorings: ${python.reason}`);
      this.skip();
    }
    const cases = [...ran];
    for (const some of [
      cases.filter(([, it]) => it.packages.length === 0),
      cases.filter(([, it]) => it.packages.length > 0),
    ]) {
      const programs = new Map(
        some.flatMap(
          ([name, { before, after }]) =>
            [
              [`${name}, before`, before],
              [`${name}, after`, after],
            ] as const,
        ),
      );
      const preload = [...new Set(some.flatMap(([, it]) => it.packages))];
      const outcomes = runAll(this, python.path, programs, preload);
      for (const [name] of some) {
        const [before, after] = [outcomes[`${name}, before`]!, outcomes[`${name}, after`]!];
        assert.equal(before.error, null, `${name}, before`);
        assert.equal(after.error, null, `${name}, after`);
        assert.notEqual(before.stdout, "", `${name}: a case that runs prints something to compare`);
        assert.equal(after.stdout, before.stdout, name);
      }
    }
  });
});
