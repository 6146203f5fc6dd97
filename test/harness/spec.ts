/** Reads a rule's test page: headings are cases, `# expect: name` marks the line of a finding, a `python fixed` block is the text after the fixes. */

export interface Case {
  readonly title: string;
  /** `wakes` if a finding is expected, else `sleeps`. */
  readonly kind: "wakes" | "sleeps";
  readonly source: string;
  /** Rule names expected, by line from 0. */
  readonly expected: ReadonlyMap<number, readonly string[]>;
  readonly fixed: string | undefined;
  /** A case may name the target Python in its block's info string: `python 3.12`. */
  readonly python: string | undefined;
}

const EXPECT = /[ \t]*# expect: ([\w/, -]+)$/;

export function readSpec(markdown: string): readonly Case[] {
  return markdown.split(/^## /m).slice(1).map((section): Case => {
    const title = section.slice(0, section.indexOf("\n")).trim();
    const blocks = [...section.matchAll(/^```python([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = "", code = ""]) => ({ info: info.trim(), code }));
    const before = blocks.find((it) => it.info !== "fixed");
    if (!before) throw new Error(`"${title}" has no python block`);

    const expected = new Map<number, readonly string[]>();
    const lines = before.code.split("\n").map((line, index) => {
      const names = EXPECT.exec(line)?.[1];
      if (names) expected.set(index, names.split(",").map((it) => it.trim()));
      return line.replace(EXPECT, "");
    });
    return {
      title,
      kind: expected.size > 0 ? "wakes" : "sleeps",
      source: lines.join("\n"),
      expected,
      fixed: blocks.find((it) => it.info === "fixed")?.code,
      python: /^3\.\d+$/.test(before.info) ? before.info : undefined,
    };
  });
}
