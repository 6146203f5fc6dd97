/** What the engine sees to for every rule: a new line has a line of its own, and text in the braces of an f-string is read there as it was meant. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  asCall,
  defineRule,
  fixOf,
  lineAbove,
  lineBelow,
  replace,
  statementOf,
  type Edit,
  type Node,
} from "../../analysis/authoring.js";
import { nameRule } from "../../analysis/rule/rule.js";
import { applyEdits, DEFAULT_SETTINGS } from "../../analysis/analyzer.js";
import { analyzer as analyzerOf } from "../harness/check.js";

type Change = (call: Node) => Edit;

async function made(source: string, change: Change, python: "3.10" | "3.12" = "3.10") {
  const rule = defineRule<"call", { readonly at: Node }>({
    title: "A call",
    why: "It is called.",
    guide: "code-level",
    level: "info",
    gain: "clarity",
    examples: [{ before: "mark()", after: "mark()" }],
    on: ["call"],
    fixes: "safe",
    find: (node) => (asCall(node)!.callee.text === "mark" ? { at: node } : undefined),
    message: () => "A call.",
    fix: ({ at }) => fixOf("Change it", [], [change(at)]),
  });
  const engine = await analyzerOf([nameRule("test/mark", rule)]);
  const snapshot = engine.open(source, { ...DEFAULT_SETTINGS, python }, "module.py");
  const [finding] = engine.report(snapshot).findings;
  return { fix: engine.fix(snapshot, finding!), why: () => engine.whyNoFix(snapshot, finding!) };
}

async function fixed(source: string, change: Change, python: "3.10" | "3.12" = "3.10") {
  const { fix, why } = await made(source, change, python);
  return fix ? applyEdits(source, fix.edits) : `no: ${why()}`;
}

const below: Change = (call) => lineBelow(statementOf(call), "done()");
const above: Change = (call) => lineAbove(statementOf(call), "begin()");
const written =
  (text: string): Change =>
  (call) =>
    replace(call, text);

describe("a fix", () => {
  it("puts a line below its own statement, not below what follows a semicolon", async () => {
    assert.equal(
      await fixed("def f():\n    a = mark(); return a  # why\n", below),
      "def f():\n    a = mark()\n    done()\n    return a  # why\n",
    );
    assert.equal(await fixed("mark(); # why\nmore()\n", below), "mark(); # why\ndone()\nmore()\n");
    assert.equal(await fixed("a = mark(); b = [\n    1,\n]\n", below), "a = mark()\ndone()\nb = [\n    1,\n]\n");
  });

  it("is declined where a block stands behind its colon: a line more would not belong to it", async () => {
    for (const change of [below, above]) {
      assert.equal(await fixed("if ready: mark()\n", change), "no: the line holds more");
      assert.equal(await fixed("for it in all: mark(); more()\n", change), "no: the line holds more");
    }
    assert.equal(await fixed("if ready:\n    mark()\n", below), "if ready:\n    mark()\n    done()\n");
  });

  it("is declined where an f-string would read it differently", async () => {
    const why = "no: in an f-string it would be read differently";
    assert.equal(await fixed('f"{mark()}"\n', written("{1, 2}")), why);
    assert.equal(await fixed('f"{mark()}"\n', written("{1, 2}"), "3.12"), why);
    assert.equal(await fixed('f"{mark()}"\n', written('name["a"]')), why);
    assert.equal(await fixed('f"{mark()}"\n', written('name["a"]'), "3.12"), 'f"{name["a"]}"\n');
    assert.equal(await fixed('f"{mark()}"\n', written("name['a']")), "f\"{name['a']}\"\n");
    assert.equal(await fixed("f'{mark()}'\n", written('"\\n".join(a)')), why);
    assert.equal(await fixed('f"""{mark()}"""\n', written('name["a"]')), 'f"""{name["a"]}"""\n');
    assert.equal(await fixed('f"{sum(mark())}"\n', written("{1, 2}")), 'f"{sum({1, 2})}"\n');
  });

  it("is declined where an f-string shows its own code", async () => {
    const why = "no: in an f-string it would be read differently";
    assert.equal(await fixed('f"{mark()=}"\n', written("other()"), "3.12"), why);
    assert.equal(await fixed('f"{mark() = :>9}"\n', written("other()"), "3.12"), why);
    assert.equal(await fixed('f"{mark()!r}"\n', written("other()")), 'f"{other()!r}"\n');
    assert.equal(await fixed('f"{mark(a=1)}"\n', written("other()")), 'f"{other()}"\n');
  });

  it("keeps words apart that only its brackets kept apart", async () => {
    const bare: Change = (call) => ({ at: call.parent!, text: "made" });
    const opened: Change = (call) => ({
      at: { tree: call.tree, start: call.parent!.start, end: call.start },
      text: "",
    });
    assert.equal(await fixed("def f():\n    return(mark())\n", bare), "def f():\n    return made\n");
    assert.equal(await fixed("def f():\n    return(mark())\n", opened), "def f():\n    return mark())\n");
    assert.equal(await fixed("a = not(mark())\n", bare), "a = not made\n");
    assert.equal(await fixed("a = [(mark())]\n", bare), "a = [made]\n");
    const inText: Change = (call) => ({
      at: { tree: call.tree, start: asCall(call)!.args[0]!.start + 4, end: asCall(call)!.args[0]!.start + 6 },
      text: "0-9",
    });
    assert.equal(await fixed('mark(r"in\\d")\n', inText), 'mark(r"in0-9")\n');
  });

  it("says that a star of a module nobody knows may have brought a built-in that it writes or takes out", async () => {
    const doubts = async (head: string, text: string) =>
      (await made(`${head}\nmark(sum, a.any)\n`, written(text))).fix?.doubts;
    const may = (name: string) => [`\`from helpers import *\` may bring another \`${name}\``];
    assert.deepEqual(await doubts("from helpers import *", "any(a) + sum(b)"), may("any"));
    assert.deepEqual(await doubts("from helpers import *", "a.any"), may("sum"));
    assert.deepEqual(await doubts("from helpers import *", 'sum(a, "any")  # any'), []);
    assert.deepEqual(await doubts("from .helpers import *", "any(sum)"), [
      "`from .helpers import *` may bring another `any`",
    ]);
    assert.deepEqual(await doubts("from tkinter import *\nfrom torch.nn import *", "any(sum)"), []);
    assert.deepEqual(await doubts("from helpers import any", "any(sum)"), []);
  });

  it("says that a star may replace what is imported above it", async () => {
    const imports: Change = (call) => ({ at: call, text: "from collections import deque\ndeque(sum)" });
    const doubts = async (source: string, change: Change) => (await made(source, change)).fix?.doubts;
    const may = ["`from helpers import *` may bring another `deque`"];
    assert.deepEqual(await doubts("mark(sum)\nfrom helpers import *\n", imports), may);
    assert.deepEqual(await doubts("from helpers import *\nmark(sum)\n", imports), []);
    const head = "from collections import deque\n";
    assert.deepEqual(await doubts(`${head}from helpers import *\nmark(sum)\n`, written("deque(sum)")), may);
    assert.deepEqual(await doubts(`from helpers import *\n${head}mark(sum)\n`, written("deque(sum)")), []);
  });
});
