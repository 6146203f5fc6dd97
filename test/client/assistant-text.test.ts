/** What language models read: what matters most first, as much as there is room for, and a word on the rest. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { checkText, fixesText } from "../../client/assistant-text.js";
import type { CheckedFinding } from "../../server/protocol.js";

const shown = (uri: string) => uri.replace("file:///p/", "");
const finding = (line: number, fix: CheckedFinding["fix"] = "safe"): CheckedFinding => ({
  uri: "file:///p/a.py",
  line,
  column: 5,
  level: "warning",
  rule: "pandas/iterrows",
  message: "Rows one by one.",
  value: 90,
  fix,
});
/** A token a character. */
const room = (tokens: number) => {
  let asked = 0;
  return { tokens, count: (text: string) => Promise.resolve(text.length + 0 * ++asked), asked: () => asked };
};

describe("client: what language models read", () => {
  it("is a line for each finding behind the totals", async () => {
    const findings = [finding(4), finding(9, "review"), finding(12, null)];
    assert.equal(
      await checkText({ files: 2, total: 5, findings, isComplete: true }, shown),
      [
        "5 findings in 2 files, those that matter most first.",
        "1. a.py:4:5 warning pandas/iterrows [safe fix] Rows one by one.",
        "2. a.py:9:5 warning pandas/iterrows [review fix] Rows one by one.",
        "3. a.py:12:5 warning pandas/iterrows [no fix] Rows one by one.",
        "2 more findings are not shown: ask for fewer files, rules or levels.",
      ].join("\n"),
    );
    assert.equal(
      await checkText({ files: 1, total: 0, findings: [], isComplete: false }, shown),
      "No findings in 1 file. The check was cancelled: this is a part.",
    );
  });

  it("keeps within the room there is, which it does not count line by line", async () => {
    const findings = Array.from({ length: 200 }, (_, index) => finding(index + 1));
    const small = room(2000);
    const text = await checkText({ files: 1, total: 500, findings, isComplete: true }, shown, small);
    assert.ok(text.length <= 2000 && text.length > 1800, `${text.length}`);
    const told = text.split("\n").length - 2;
    assert.match(text, new RegExp(`\n${500 - told} more findings are not shown`));
    assert.ok(small.asked() <= 10, `${small.asked()} times`);
    assert.match(await checkText({ files: 1, total: 500, findings, isComplete: true }, shown, room(1)), /500 more/);
  });

  it("is the diffs of safe fixes, whole or not at all", async () => {
    const files = [1, 2, 3].map((it) => ({ uri: `file:///p/${it}.py`, diff: `--- a/${it}.py\n${"+x\n".repeat(50)}` }));
    const text = await fixesText({ files, fixes: 4 }, room(500));
    assert.match(text, /^4 safe fixes in 3 files\. Nothing was written/);
    assert.equal(text.match(/^--- /gm)?.length, 2);
    assert.match(text, /1 more files are not shown/);
    assert.equal(await fixesText({ files: [], fixes: 0 }), "There is no safe fix here.");
  });
});
