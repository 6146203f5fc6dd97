/** A document after edits is the document of the edited text: same pieces, same lines. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { editDocument, openDocument, type Document } from "../../analysis/semantics/document.js";
import { split } from "../../analysis/syntax/splitter.js";
import { lineIndex, lineIndexOf } from "../../analysis/text/line-index.js";
import { applyEdits } from "../../analysis/text/range.js";
import { parser } from "../harness/check.js";
import { random } from "../harness/random.js";

const SCRAPS = [
  "\n",
  "x",
  "(",
  ")",
  '"""',
  "'",
  "    ",
  "def f():\n    pass\n",
  "class C:\n    x = 1\n",
  "@d\n",
  "# comment\n",
  "\r\n",
  "\r",
  "else:\n",
  "é😀",
  "    def m(self):\n        return 1\n",
  "\\\n",
  "if x:\n    y\n",
];

const sources = readdirSync("test/rules").map((area) =>
  readdirSync(join("test/rules", area))
    .map((page) =>
      readFileSync(join("test/rules", area, page), "utf8")
        .replace(/^```.*$/gm, "")
        .replace(/^(#+ .*|[A-Z].*)$/gm, "# $1"),
    )
    .join("\n"),
);
const bigClass = `import os\n\n\nclass Big:\n${Array.from({ length: 60 }, (_, i) => `    def method_${i}(self, value):\n        """Says ${i}."""\n        return value + ${i} * len("a long enough body")\n`).join("\n")}\n\ndef after():\n    pass\n`;

const shape = ({ pieces, starts }: Document) => pieces.map((it, index) => [it.role, it.isContained, starts[index]]);

describe("document", () => {
  for (const [number, source] of [bigClass, ...sources].entries()) {
    it(`equals a fresh one after random edits, text ${number}`, async () => {
      const parse = await parser();
      const { below, pick } = random(number + 100);
      let document = openDocument(source, parse);
      let { text } = document;
      for (let step = 0; step < 120; step++) {
        const start = below(text.length + 1);
        const edit = {
          start,
          end: Math.min(text.length, start + pick([0, 0, 0, 1, 3, 40, 300])),
          text: pick([pick(SCRAPS), pick(SCRAPS), ""]),
        };
        text = applyEdits(text, [edit]);
        document = editDocument(document, edit, parse).document;
        assert.equal(document.text, text);
        assert.deepEqual(
          shape(document),
          split(text).map((it) => [it.role, it.contained, it.start]),
          `step ${step}: ${JSON.stringify(edit)}`,
        );
      }
      const [whole, parts] = [lineIndex(text), lineIndexOf(document.pieces, document.starts)];
      assert.equal(parts.count, whole.count);
      for (let probe = 0; probe < 300; probe++) {
        const offset = below(text.length + 1);
        assert.deepEqual(parts.positionAt(offset), whole.positionAt(offset));
        const position = { line: below(whole.count + 2), column: below(90) };
        assert.equal(parts.offsetAt(position), whole.offsetAt(position));
        assert.equal(parts.startOf(position.line), whole.startOf(position.line));
      }
    });
  }
});
