/** Our own regular expressions run over the code of strangers: twice the text takes about twice the time, not four times. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readSettings, readTarget } from "../../analysis/analyzer.js";
import { changesGiven } from "../../analysis/knowledge/costly-calls.js";
import { emptyLinesIn } from "../../analysis/rewrite/placing.js";
import { singular } from "../../analysis/rewrite/item-name.js";
import { documentedIn } from "../../analysis/semantics/docstrings.js";
import { documentedType } from "../../analysis/semantics/documented-types.js";
import { lastIdentifier, lastIdentifierIn } from "../../analysis/text/identifiers.js";
import { codeFrame } from "../../cli/code-frame.js";
import { allOn, analyzer } from "../harness/check.js";
import { ROWS } from "../cli/nippy.js";

/** Each would take minutes if it grew with the square. */
const LONG = 1_000_000;

describe("our own patterns end over", () => {
  it("empty lines between definitions", () => {
    assert.equal(emptyLinesIn(`${"\n".repeat(LONG)}x = 1\n\ndef f():\n    pass\n`), 1);
    assert.equal(emptyLinesIn(`x = 1${" \n".repeat(LONG)}y = 1\n`), 2);
    assert.equal(emptyLinesIn("x = 1\n\n\n\ndef f():\n    pass\n\nclass A:\n    pass\n"), 2);
  });

  it("names", () => {
    assert.equal(singular(`${"a".repeat(LONG)}1`), undefined);
    assert.equal(singular("all_rows"), "row");
    assert.equal(lastIdentifier(`${"a".repeat(LONG)}.`), "");
    assert.equal(lastIdentifierIn(`rows${"[".repeat(LONG)}`), "rows");
    assert.equal(changesGiven(`u${"_extendf".repeat(LONG / 8)}-`), false);
    assert.equal(changesGiven("rows.update_all"), true);
  });

  it("docstrings", () => {
    const blanks = " ".repeat(LONG);
    assert.equal(documentedIn(`:param${blanks}:\n`).parameters.size, 0);
    assert.equal(documentedIn(`Parameters\n----------\n*${blanks}\u2028*\n`).parameters.size, 0);
    assert.equal(documentedIn(`:param str${blanks}name: words\n`).parameters.get("name"), "str");
    assert.equal(documentedType(`str${blanks}:`, () => false)?.name, "str");
  });

  it("requirements", () => {
    const toml = `[project]\nrequires-python = ">=3.11${" ".repeat(LONG)}"\n`;
    assert.ok(readTarget(new Map([["pyproject.toml", toml]])));
    assert.deepEqual(readSettings({ python: " ".repeat(LONG) }, []).settings, {});
  });

  it("requirements and settings as documents", async () => {
    const engine = await analyzer();
    const texts = {
      "requirements.txt": [
        `${" #".repeat(LONG / 2)}\u2028\n`,
        `${`a${" ".repeat(1_990)}\\x\n`.repeat(LONG / 200)}json\n`,
        `a${" ".repeat(LONG)}x\njson\n`,
      ],
      "setup.cfg": [`[options]\ninstall_requires =\n  json\na${" ".repeat(LONG)}\n  a${" #".repeat(LONG / 2)}\u2028\n`],
      "pyproject.toml": [`[project]\ndependencies = [\n"json",\n"a${" ".repeat(LONG)}x"]\n`],
    };
    for (const [path, all] of Object.entries(texts))
      for (const text of all) {
        const { failures } = engine.report(engine.open(text, allOn(), path));
        assert.deepEqual(failures, []);
      }
  });

  it("thousands of findings on one line, with their fixes and what is shown of them", async () => {
    const engine = await analyzer();
    const text = `[project]\ndependencies = [${`${" ".repeat(20)}"json",`.repeat(LONG / 20)}]\n`;
    const snapshot = engine.open(text, allOn(), "pyproject.toml");
    const { findings } = engine.report(snapshot);
    assert.equal(findings.length, LONG / 20);
    for (const it of findings) {
      engine.fix(snapshot, it);
      codeFrame(text, snapshot.lines, it.range);
    }
  });

  it("what is typed", async () => {
    const engine = await analyzer();
    const text = `${"a".repeat(LONG)}!`;
    assert.equal(engine.wordBefore(engine.open(text, allOn(), "m.py"), text.length).text, "");
  });

  it("heads of classes and annotations in a text", async () => {
    const engine = await analyzer();
    const heads = `"""\n${["int", "str", "list", "dict"].map((it) => `class A(${`${it}[,`.repeat(LONG / 20)}\n`).join("")}"""\n`;
    const code = `def f(names: list[${"[".repeat(500)}"${"[".repeat(LONG / 4)}"]):\n    names.sort()\n    return names[0]\n`;
    const snapshot = engine.open(`${heads}${ROWS}${code}`, allOn(), "m.py");
    for (const finding of engine.report(snapshot).findings) engine.fix(snapshot, finding);
    assert.ok(engine.report(snapshot).findings.length > 0);
  });
});
