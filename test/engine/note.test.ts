/** The note of a rule fits the first sight of a hover: VS Code shows some 250 pixels of it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ruleNote } from "../../analysis/rule/page.js";
import { rules } from "../../rules/index.generated.js";

const OPTIONS = {
  guide: { title: "A title", url: "https://example.invalid/guide" },
  url: "https://example.invalid/rule",
};

describe("the note of a rule", () => {
  it("is a sentence with the gain, at most six lines of code and one line of links", () => {
    for (const rule of rules) {
      const parts = ruleNote(rule, OPTIONS).split("\n\n");
      assert.ok(parts.length <= 3, rule.name);
      assert.ok(parts[0]!.length <= 350, `${rule.name}: ${parts[0]!.length} characters`);
      assert.ok(rule.why.startsWith(parts[0]!.split(" Measured: ")[0]!), rule.name);
      assert.match(
        parts.at(-1)!,
        /^\[About this rule\]\(\S+\/rule\) · \[Guide: A title\]\(\S+\/guide\) · keep it: `# nippy: ignore\[[a-z0-9/-]+\]`$/,
      );
      if (parts.length < 3) continue;
      const code = parts[1]!.split("\n");
      assert.deepEqual([code[0], code.at(-1)], ["```diff", "```"]);
      assert.ok(code.length <= 8, `${rule.name}: ${code.length - 2} lines of code`);
      assert.ok(code.slice(1, -1).every((it) => /^[-+] /.test(it)));
    }
  });

  it("has a link to what can be done where an editor can follow it, in place of the comment", () => {
    const note = ruleNote(rules[0]!, { ...OPTIONS, menu: "[Do](command:it)" });
    assert.match(note, / · \[Guide: A title\]\(\S+\) · \[Do\]\(command:it\)$/);
    assert.doesNotMatch(note, /ignore\[/);
  });

  it("has an example for nearly every rule", () => {
    const without = rules.filter((it) => !ruleNote(it, OPTIONS).includes("```"));
    assert.ok(without.length <= rules.length / 10, without.map((it) => it.name).join(" "));
  });

  it("shows what goes and what comes, and nothing that stays", () => {
    const rule = rules.find((it) => it.name === "pandas/iterrows")!;
    const examples: typeof rule.examples = [
      { before: "import a\nb = 1\nc = 2\nd = 3\n", after: "b = 1\nc = 4\nd = 3\n" },
      { before: "x\ny\nz\n", after: "u\nv\nw\n" },
    ];
    assert.equal(ruleNote({ ...rule, examples }, OPTIONS).split("\n\n")[1], "```diff\n- c = 2\n+ c = 4\n```");
  });
});
