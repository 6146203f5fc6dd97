/** The door between offsets and positions: an edit stays in its document, or it is not made. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { TextDocument } from "vscode-languageserver-textdocument";
import { applyEdits, difference, lineIndex, type Finding } from "../../analysis/analyzer.js";
import { readClient } from "../../server/capabilities.js";
import { configurationDiagnostic, partOf, toDiagnostic, toWorkspaceEdit } from "../../server/convert.js";
import { liveText } from "../../server/live-text.js";
import type { Opened } from "../../server/opened.js";

/** Two cells, `one` and `!two`, as they lie in the joined text `one\n#two`. */
const parts = [
  { uri: "cell:a", version: 3, start: 0, end: 3, lines: TextDocument.create("cell:a", "python", 3, "one") },
  { uri: "cell:b", version: 5, start: 4, end: 8, lines: TextDocument.create("cell:b", "python", 5, "!two") },
];
const opened: Pick<Opened, "parts" | "areas"> = {
  parts,
  areas: [
    { start: 0, end: 3 },
    { start: 4, end: 4 },
  ],
};

describe("server: converting", () => {
  it("gives each edit to the document it lies in, with that document's version", () => {
    const edit = toWorkspaceEdit(
      opened,
      [
        { start: 0, end: 1, text: "O" },
        { start: 2, end: 3, text: "E" },
      ],
      true,
    );
    const at = (start: number, end: number) => ({
      start: { line: 0, character: start },
      end: { line: 0, character: end },
    });
    assert.deepEqual(edit, {
      documentChanges: [
        {
          textDocument: { uri: "cell:a", version: 3 },
          edits: [
            { range: at(0, 1), newText: "O" },
            { range: at(2, 3), newText: "E" },
          ],
        },
      ],
    });
    assert.deepEqual(toWorkspaceEdit(opened, [{ start: 0, end: 1, text: "O" }], false), {
      changes: { "cell:a": [{ range: at(0, 1), newText: "O" }] },
    });
  });

  it("makes no edit at all if one of them crosses two cells or touches a line that is not Python", () => {
    const fine = { start: 0, end: 1, text: "O" };
    assert.equal(toWorkspaceEdit(opened, [fine, { start: 2, end: 5, text: "" }], true), undefined);
    assert.equal(toWorkspaceEdit(opened, [fine, { start: 3, end: 4, text: "" }], true), undefined);
    assert.equal(toWorkspaceEdit(opened, [fine, { start: 5, end: 6, text: "" }], true), undefined);
    assert.notEqual(toWorkspaceEdit(opened, [fine, { start: 4, end: 4, text: "x\n" }], true), undefined);
  });

  it("shows related places in their own documents, to clients that can show them", () => {
    const finding: Finding = {
      rule: "a/b",
      level: "info",
      evidence: "proof",
      weight: "heavy",
      value: 40,
      range: { start: 0, end: 3 },
      message: "found",
      guide: "pandas",
      related: [
        { range: { start: 5, end: 8 }, message: "there" },
        { range: { start: 2, end: 6 }, message: "nowhere" },
      ],
    };
    const { evidence, weight, value } = finding;
    const extras = { data: { rule: "a/b", fingerprint: "f", evidence, weight, value }, href: "https://x" };
    const shown = { ...opened, part: parts[0]! };
    assert.deepEqual(toDiagnostic(shown, finding, { ...extras, withRelated: true }).relatedInformation, [
      {
        location: { uri: "cell:b", range: { start: { line: 0, character: 1 }, end: { line: 0, character: 4 } } },
        message: "there",
      },
    ]);
    assert.equal("relatedInformation" in toDiagnostic(shown, finding, { ...extras, withRelated: false }), false);
    const clientWith = (relatedInformation: boolean) =>
      readClient({
        processId: null,
        rootUri: null,
        capabilities: { textDocument: { publishDiagnostics: { relatedInformation } } },
      });
    assert.deepEqual([clientWith(true).showsRelated, clientWith(false).showsRelated], [true, false]);
  });

  it("finds no document for a range between two cells", () => {
    assert.equal(partOf(opened, { start: 1, end: 6 }), undefined);
    assert.equal(partOf(opened, { start: 3, end: 3 })?.uri, "cell:a");
    assert.equal(partOf(opened, { start: 4, end: 4 })?.uri, "cell:b");
  });

  it("tells a change in offsets of the text before it, whatever its range", () => {
    const text = "a🐍\r\nb\rc\n";
    for (const [range, expected] of [
      [{ start: { line: 0, character: 3 }, end: { line: 1, character: 0 } }, [3, 5]],
      [{ start: { line: 0, character: 99 }, end: { line: 0, character: 99 } }, [3, 3]],
      [{ start: { line: 2, character: 0 }, end: { line: 0, character: 1 } }, [1, 7]],
      [{ start: { line: 77, character: 7 }, end: { line: 78, character: 9 } }, [9, 9]],
      [{ start: { line: -1, character: -1 }, end: { line: 0, character: -4 } }, [0, 0]],
    ] as const) {
      const document = liveText("x", "python", 1, text);
      const edit = document.apply({ range, text: "new\n" }, 2);
      assert.deepEqual([edit.start, edit.end], expected);
      assert.equal(document.getText(), applyEdits(text, [edit]));
      const fresh = TextDocument.create("x", "python", 1, document.getText());
      assert.equal(document.length, fresh.getText().length);
      for (let at = 0; at <= document.length; at++) assert.deepEqual(document.positionAt(at), fresh.positionAt(at));
    }
  });

  it("marks a mistake at its place, and on the first line where none is known", () => {
    const text = 'python = "3"\r\nx = 1';
    const rangeOf = (range?: { start: number; end: number }) =>
      configurationDiagnostic(lineIndex(text), { message: "wrong", ...(range && { range }) }).range;
    assert.deepEqual(rangeOf({ start: 9, end: 12 }), {
      start: { line: 0, character: 9 },
      end: { line: 0, character: 12 },
    });
    assert.deepEqual(rangeOf(), { start: { line: 0, character: 0 }, end: { line: 0, character: 12 } });
    assert.deepEqual(rangeOf({ start: 99, end: 100 }).start, { line: 1, character: 5 });
  });

  it("sees what differs between two texts as one edit", () => {
    for (const [before, after] of [
      ["", ""],
      ["abc", "abc"],
      ["", "abc"],
      ["abc", ""],
      ["aaa", "aa"],
      ["aa", "aaa"],
      ["abcabc", "abcXabc"],
      ["🐍", "🐢"],
      ["xay", "xby"],
    ] as const) {
      const edits = difference(before, after);
      assert.equal(applyEdits(before, edits), after);
      assert.equal(edits.length, before === after ? 0 : 1);
    }
  });
});
