/** What one thread reads for another is what the other would have read itself. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { openDocument, type Document } from "../../analysis/semantics/document.js";
import { makeTextReader, type ReadText } from "../../analysis/syntax/text-reader.js";
import { DEEPEST, type TreeArrays } from "../../analysis/syntax/tree.js";
import { parser } from "../harness/check.js";
import { fiftyFiles, pageTexts } from "../soak/files.js";

const readText = makeTextReader();
/** As it comes out on the other side. */
const handedOver = (read: ReadText): ReadText => structuredClone(read, { transfer: [read.memory] });

const plain = ({ kinds, fields, flags, starts, ends, parents, nexts }: TreeArrays) =>
  [kinds, fields, flags, starts, ends, parents, nexts].map((it) => [...it]);
const described = ({ pieces, starts, text }: Document) => ({
  text,
  starts: [...starts],
  pieces: pieces.map(({ role, isContained, text: own, tree }) => ({
    role,
    isContained,
    own,
    arrays: plain(tree.arrays),
  })),
});

async function assertSame(text: string): Promise<ReadText> {
  const parse = await parser();
  const read = handedOver(readText(text));
  assert.deepEqual(described(openDocument(read, parse)), described(openDocument(text, parse)));
  return read;
}

describe("text reader", () => {
  it("gives the pieces and trees of the rules' pages and of real files", async () => {
    for (const text of [...pageTexts(), ...fiftyFiles().map((it) => it.text)]) await assertSame(text);
  });

  it("leaves to the grammar what is not plainly valid, piece by piece", async () => {
    assert.equal((await assertSame("def f():\n    return 1\n\n\nclass C:\n    x = 1\n")).needsGrammar, false);
    assert.equal((await assertSame("def f():\n    return (\n\n\ndef g():\n    return 2\n")).needsGrammar, true);
    assert.equal((await assertSame(`x = ${"(".repeat(DEEPEST)}1${")".repeat(DEEPEST)}\ny = 2\n`)).needsGrammar, true);
  });

  it("keeps every kind of line end, and texts with nothing in them", async () => {
    for (const text of [
      "",
      "\n",
      "# nothing\n",
      "x = 1\r\ny = 2\r\n",
      "x = 1\ry = 2\r",
      "x = '\u{1f40d}'\n",
      "\ufeffx = 1\n",
      `class C:\n${"    def f(self):\n        return 1\n\n".repeat(150)}`,
    ])
      await assertSame(text);
  });

  it("reads a text that is longer than its memory, and short ones after it", async () => {
    const long = "def f(a, b):\n    return [x + 1 for x in a if x in b]\n\n\n".repeat(4000);
    await assertSame(long);
    await assertSame("x = 1\n");
  });
});
