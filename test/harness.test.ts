/** The tests' own tools: marks on pages, pictures of findings, snapshots that are read back as they were written. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { defineRule } from "../analysis/authoring.js";
import { nameRule } from "../analysis/rule/rule.js";
import { assertSameText } from "./harness/same-text.js";
import { readSnapshot, reportOf, snapshotText } from "./harness/snapshot.js";
import { readSpec } from "./harness/spec.js";

const page = (code: string) => `# a/b\n\n## A case\n\n\`\`\`python\n${code}\`\`\`\n`;
const expectedIn = (code: string) => [...readSpec(page(code))[0]!.expected];

/** Reports every string and every call of `old`. */
const rule = nameRule(
  "a/b",
  defineRule({
    title: "Strings",
    why: "They are there.",
    guide: "code-level",
    level: "info",
    gain: "clarity",
    fixes: "review",
    examples: [{ before: "x = ''\n", after: "x = 1\n" }],
    on: ["string", "call"],
    find: (node) => (node.kind === "string" || node.text.startsWith("old(") ? { at: node } : undefined),
    message: ({ at }) => `Found ${at.end - at.start} characters.`,
    fix: ({ at }) =>
      at.end - at.start > 12
        ? { declined: "it is long" }
        : { title: "Write a number", doubts: ["numbers are no text"], edits: [{ at, text: "1" }] },
  }),
);

describe("test tools", () => {
  it("take marks behind a line, above it and inside a string out of the program", () => {
    const code = 'a = 1  # expect: a/b, c/d\n# expect-next: e/f\ntext = """\n# expect-next 2: g/h\none\ntwo\n"""\n';
    const [found] = readSpec(page(code));
    assert.equal(found!.source, 'a = 1\ntext = """\none\ntwo\n"""\n');
    assert.equal(found!.kind, "invalid");
    assert.deepEqual(
      [...found!.expected],
      [
        [0, ["a/b", "c/d"]],
        [1, ["e/f"]],
        [3, ["g/h"]],
      ],
    );
  });

  it("join marks of one line, and see no mark in other comments", () => {
    assert.deepEqual(expectedIn("# expect-next: a/b\nx = 1  # expect: c/d\n"), [[0, ["a/b", "c/d"]]]);
    assert.deepEqual(expectedIn("# we expect: nothing\nx = 1  # expect\n"), []);
  });

  it("show what is underlined, said and offered", async () => {
    assert.equal(
      await reportOf(rule, "\nx = f('a')\ny = old(\n\t1,\n\t2,\n)\n", {}, false),
      [
        "   1 | x = f('a')",
        "     |       ^^^",
        "info (evidence proof, weight heavy): Found 3 characters.",
        "review fix: Write a number",
        "  doubt: numbers are no text",
        "  - x = f('a')",
        "  + x = f(1)",
        "",
        "   2 | y = old(",
        "     |     ^^^^",
        "     | (2 more)",
        "   5 | )",
        "     | ^",
        "info (evidence proof, weight heavy): Found 14 characters.",
        "no fix: it is long",
        "",
      ].join("\n"),
    );
  });

  it("read a snapshot as it was written", async () => {
    const report = await reportOf(rule, "x = f('a', 'b')\n", {}, true);
    const snapshot = new Map([
      ["example 1", report],
      ["Reports ## in a title", report],
    ]);
    const text = snapshotText("a/b", snapshot);
    assert.deepEqual(readSnapshot(text), snapshot);
    assert.equal(snapshotText("a/b", readSnapshot(text)), text);
    assert.deepEqual(readSnapshot("not one of ours"), new Map());
  });

  it("show two texts that differ as one", () => {
    assert.throws(() => assertSameText("a\nb\n", "a\nc\n", "other"), {
      name: "AssertionError",
      message: "other (- is, + should be):\n\n  a\n- b\n+ c\n  \n",
    });
  });
});
