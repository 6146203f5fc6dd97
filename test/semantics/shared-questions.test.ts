/** Short questions and edits that rules share: one assignment, one place, the worst use, products of turns, arguments. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  asCall,
  givenOnce,
  isSamePlace,
  onlyStatement,
  qualifiedName,
  soleAssignment,
  turnProduct,
  withArgument,
  withoutArgument,
  worstUse,
  type Edit,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";
import { AnalysisState } from "../../analysis/engine/state.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { parser } from "../harness/check.js";

async function opened(source: string): Promise<{ readonly nodes: readonly Node[]; readonly facts: Facts }> {
  const document = openDocument(source, await parser());
  const { facts } = new AnalysisState(document, { python: "3.10", isTest: false, isNotebook: false }).file();
  return {
    nodes: document.pieces.flatMap((it) => [...it.tree.root.descendants("call", "identifier", "attribute")]),
    facts,
  };
}

const applied = (edit: Edit | undefined): string | undefined =>
  edit && edit.at.tree.text.slice(0, edit.at.start) + edit.text + edit.at.tree.text.slice(edit.at.end);

describe("questions that rules share", () => {
  it("find the only assignment of a name, and its value", async () => {
    const { nodes, facts } = await opened("one = 1\ntwo = 2\ntwo = 3\nleft, right = 4, 5\nfor item in []:\n    pass\n");
    const given = (name: string) => givenOnce(nodes.find((it) => it.text === name)!, facts)?.text;
    assert.deepEqual(["one", "two", "left", "item"].map(given), ["1", undefined, undefined, undefined]);
    assert.equal(soleAssignment(nodes.find((it) => it.text === "one")!, facts)?.name.text, "one");
  });

  it("tell one place from another", async () => {
    const { nodes, facts } = await opened(
      "def f(a, b):\n    g(a.x, a.x, b.x, a.y, a, a, b)\n\n\ndef h(a):\n    g(a.x, a)\n",
    );
    const [first, second] = nodes.flatMap((it) => asCall(it) ?? []).map((it) => it.args);
    const same = (i: number, j: number) => isSamePlace(first![i]!, first![j]!, facts);
    assert.deepEqual(
      [same(0, 1), same(0, 2), same(0, 3), same(4, 5), same(4, 6), same(0, 4)],
      [true, false, false, true, false, false],
    );
    assert.deepEqual(
      [isSamePlace(first![0]!, second![0]!, facts), isSamePlace(first![4]!, second![1]!, facts)],
      [false, false],
    );
  });

  it("name functions and methods alike", async () => {
    const { nodes, facts } = await opened(
      "import subprocess\nfrom pathlib import Path\nsubprocess.run([])\nPath('a').read_text()\nunknown.read_text()\n",
    );
    const names = nodes.flatMap((it) => asCall(it) ?? []).map((it) => qualifiedName(it, facts));
    assert.deepEqual(names.toSorted(), ["pathlib.Path", "pathlib.Path.read_text", "subprocess.run", undefined]);
  });

  it("give the worst verdict on uses, and stop at the first that forbids", async () => {
    const { nodes, facts } = await opened("items = []\nitems.append(1)\nprint(items)\nother = items\n");
    const uses = facts.usesOf(nodes.find((it) => it.text === "items")!);
    assert.equal(uses.length, 3);
    assert.equal(
      worstUse(uses, () => "allowed"),
      "allowed",
    );
    assert.equal(
      worstUse(uses, ({ kind }) => (kind === "method" ? "doubt" : "allowed")),
      "doubt",
    );
    let asked = 0;
    const verdict = worstUse(uses, ({ kind }) => {
      asked++;
      return kind === "argument" ? "forbidden" : "doubt";
    });
    assert.deepEqual([verdict, asked], ["forbidden", 2]);
    assert.equal(
      worstUse([], () => "forbidden"),
      "allowed",
    );
  });

  it("multiply turns", async () => {
    const { nodes } = await opened("a\nb\nc\n");
    assert.equal(
      turnProduct(nodes, (it) => ({ a: 3, b: 4 })[it.text], 1),
      12,
    );
    assert.equal(
      turnProduct(nodes, (it) => ({ a: 3, b: 4 })[it.text], Infinity),
      Infinity,
    );
    assert.equal(
      turnProduct([], () => undefined, 9),
      1,
    );
  });

  it("take the only statement of a block", async () => {
    const { nodes } = await opened("if a:\n    one\nif b:\n    one\n    two\n");
    const blockOf = (name: string) => nodes.find((it) => it.text === name)!.parent!.field("consequence");
    assert.deepEqual(
      [onlyStatement(blockOf("a"))?.text, onlyStatement(blockOf("b")), onlyStatement(undefined)],
      ["one", undefined, undefined],
    );
  });

  it("put an argument behind the others", async () => {
    const added = async (source: string) =>
      applied(withArgument(asCall((await opened(source)).nodes.find((it) => it.kind === "call"))!, "n=1"));
    assert.deepEqual(
      await Promise.all(
        [
          "f()",
          "f(a)",
          "f(a, *b, **c)",
          "f(\n    a,\n)",
          "f(\n    a,  # why\n)",
          "f(x for x in y)",
          "f(  # why\n)",
        ].map(added),
      ),
      [
        "f(n=1)",
        "f(a, n=1)",
        "f(a, *b, **c, n=1)",
        "f(\n    a,\n    n=1,\n)",
        "f(\n    a,  # why\n    n=1,\n)",
        undefined,
        undefined,
      ],
    );
  });

  it("take an argument out with its comma", async () => {
    const without = async (source: string, index: number) => {
      const call = asCall((await opened(source)).nodes.find((it) => it.kind === "call"))!;
      return applied(withoutArgument(call.argumentList.children[index]!));
    };
    assert.deepEqual(
      await Promise.all([
        without("f(a)", 0),
        without("f(a, b=1)", 0),
        without("f(a, b=1)", 1),
        without("f(a, b=1, c=2)", 1),
        without("f(\n    a,\n    b,\n)", 1),
        without("f(a,  # why\n  b)", 0),
      ]),
      ["f()", "f(b=1)", "f(a)", "f(a, c=2)", "f(\n    a,\n)", undefined],
    );
  });
});
