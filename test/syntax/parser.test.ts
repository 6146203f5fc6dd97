/** The parser and its flat trees: offsets, odd texts, broken code, memory. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DEEPEST } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";
import { assertSound } from "./soundness.js";

const parse = async (text: string) => (await parser()).parse(text);

describe("parser", () => {
  it("gives offsets in UTF-16 units, whatever the text holds", async () => {
    for (const text of [
      "x = '😀é'; name = 1\n",
      "\ufeffname = 1\n",
      "if x:\r\n\tname = 1\r\n",
      "'''a\u2028b'''; name = 1",
      "𝒙 = 1; name = 2\n",
      "a = 1\rname = 2\r",
    ]) {
      const tree = await parse(text);
      assertSound(tree);
      assert.ok(!tree.isBroken(0), JSON.stringify(text));
      const [name] = tree.root.descendants("identifier").filter((it) => it.text === "name");
      assert.equal(name?.start, text.indexOf("name"), JSON.stringify(text));
    }
  });

  it("never cuts a surrogate pair where the parser's buffer ends", async () => {
    // web-tree-sitter 0.27.1 reads 5,119 units at once and loses an identifier's character that straddles two reads.
    for (let shift = 0; shift < 8; shift++) {
      const text = `${"#".repeat(5110 + shift)}\n𝒂𝒃𝒄𝒅 = 1\n`;
      const tree = await parse(text);
      assert.ok(!tree.isBroken(0), `shift ${shift}`);
      assert.equal(tree.root.descendants("identifier")[0]?.text, "𝒂𝒃𝒄𝒅");
    }
  });

  it("marks what it could not read, and all that holds it", async () => {
    const tree = await parse("x = 1\ny = = 2\nz = 3\n");
    assertSound(tree);
    const [first, ...rest] = tree.root.children;
    assert.ok(tree.isBroken(0) && !first!.isBroken && rest.some((it) => it.isBroken));
  });

  it("takes any text: empty, NUL bytes, lone surrogates, thousands of brackets, form feeds, one long line", async () => {
    for (const text of [
      "",
      "\0\0\0",
      "\ud800",
      "(".repeat(5000),
      "[".repeat(5000) + "]".repeat(5000),
      "\f\fx = 1\f\n",
      `x = ${"a + ".repeat(20_000)}1\n`,
      "\\",
      "'''",
      "def",
      "\t\n \n\t\t",
    ]) {
      assertSound(await parse(text));
    }
  });

  it("cuts trees that are deeper than any walk should go", async () => {
    const tree = await parse(`${"[".repeat(2000)}${"]".repeat(2000)}\n`);
    const depths = new Int32Array(tree.size);
    for (let id = 1; id < tree.size; id++) depths[id] = depths[tree.arrays.parents[id]!]! + 1;
    assert.ok(Math.max(...depths) <= DEEPEST);
    assert.ok(tree.isBroken(0));
  });

  it("frees what it parsed", async () => {
    const text = `${"def f(a, b):\n    return [a + b for c in range(10)]\n".repeat(400)}`;
    const parse = await parser();
    for (let i = 0; i < 20; i++) parse.parse(text);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 150; i++) parse.parse(text);
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    // Kept trees would take about 1.5 MB each in wasm memory alone.
    assert.ok(grown < 150, `${grown.toFixed(0)} MB more after 150 parses`);
  });

  it("hands out one node for one place, with its fields, tokens and comments", async () => {
    const tree = await parse("total = price * (count + 1)  # sum\n");
    const [binary] = tree.root.descendants("binary_operator");
    assert.equal(binary!.field("left"), tree.root.descendants("identifier")[1]);
    assert.equal(binary!.field("operator")!.token, "*");
    assert.equal(binary!.fieldName, "right");
    assert.deepEqual(
      tree.root.comments.map((it) => it.text),
      ["# sum"],
    );
    assert.ok(tree.root.children.every((it) => it.kind !== "comment"));
  });
});
