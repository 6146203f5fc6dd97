/** The guide keeps what it promises: sections are complete, links lead somewhere, code compiles, runs, is reported by the rule it shows and by no other. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { rules } from "../rules/index.generated.js";
import { sections } from "../scripts/guide-index.js";
import { asShipped, check } from "./harness/check.js";
import { librariesIn, pythonWith, runPython } from "./harness/python.js";
import { runAll } from "./harness/run-blocks.js";
import { readSnippets } from "./harness/snippet.js";

interface Block {
  readonly where: string;
  readonly info: string;
  readonly code: string;
}

const all = sections();
const anchors = new Set(all.map((it) => it.anchor));
const blocks: readonly Block[] = all.flatMap(({ anchor, text }) =>
  [...text.matchAll(/^```python([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = "", code = ""], index) => ({
    where: `${anchor} block ${index + 1}`,
    info: info.trim(),
    code,
  })),
);

describe("guide", () => {
  it("has ten parts and 97 sections, numbered without gaps", () => {
    assert.equal(all.length, 97);
    for (let part = 0; part < 10; part++) {
      const orders = all.filter((it) => it.part === part).map((it) => it.order);
      assert.deepEqual(
        orders,
        orders.map((_, index) => index + 1),
        `part ${part}`,
      );
    }
    assert.equal(anchors.size, 97);
  });

  it("links only to sections that exist", () => {
    const broken = all.flatMap(({ anchor, text }) =>
      [...text.matchAll(/\]\(#([\w-]+)\)/g)]
        .filter(([, to]) => !anchors.has(to!))
        .map(([, to]) => `${anchor} → #${to}`),
    );
    assert.deepEqual(broken, []);
  });

  it("has only Python that compiles", function () {
    const program = `import json, sys\nfor item in json.load(sys.stdin):\n    try:\n        compile(item["code"], item["where"], "exec")\n    except SyntaxError as error:\n        print(item["where"], error)\n`;
    const { stdout, status } = runPython(this, ["-c", program], JSON.stringify(blocks));
    assert.equal(status, 0);
    assert.equal(stdout, "");
  });

  const prose = new Map(all.map((it) => [it.anchor, it.text.replace(/^```[^]*?^```$/gm, "")]));

  it("has sections that are written, and short enough to be read", () => {
    // Tables and lists to look things up in are longer than what is read from top to bottom.
    const lookedUp = new Set([
      "technique-index",
      "quick-reference",
      "glossary",
      "learning-path",
      "figures-and-evidence",
      "further-reading",
    ]);
    const lengths = all.map(({ anchor }) => ({ anchor, words: prose.get(anchor)!.split(/\s+/).length }));
    assert.deepEqual(
      lengths.filter((it) => it.words < 150 || (it.words > 1_100 && !lookedUp.has(it.anchor))),
      [],
    );
  });

  it("has one sentence on each line of its paragraphs", () => {
    const paragraphs = (text: string) =>
      text.split("\n").filter((it) => it !== "" && !/^\s*([-*|#>]|\d+\.|```)/.test(it));
    const crowded = all.flatMap(({ anchor }) =>
      paragraphs(prose.get(anchor)!.replace(/`[^`]*`/g, "x"))
        .filter((it) => /[^.][a-z)\]x][.?!] [A-Z]/.test(it))
        .map((it) => `${anchor}: ${it}`),
    );
    assert.deepEqual(crowded, []);
  });

  it("explains each word of the glossary in the section that its entry links to", () => {
    const bare = (it: string) =>
      it
        .toLowerCase()
        .replace(/[`‘’*_]/g, "")
        .replace(/[-\s]+/g, " ");
    const glossary = all.find((it) => it.anchor === "glossary")!.text;
    const entries = [...glossary.matchAll(/^- \*\*(.+?)\*\*: .*\]\(#([\w-]+)\)$/gm)];
    assert.ok(entries.length > 80);
    assert.deepEqual(
      entries
        .filter(([, word, to]) => {
          const stem = bare(word!).replace(/(?:ing|e|y)$/, "");
          return !bare(all.find((it) => it.anchor === to)!.text).includes(stem);
        })
        .map(([, word, to]) => `${word} → #${to}`),
      [],
    );
  });

  it("delivers what its rows of techniques promise, where that is more than a word", () => {
    const promised: readonly (readonly [row: string, anchor: string, shown: RegExp])[] = [
      ["A68", "memory-profiling", /^objgraph\.show_growth\(\)/m],
      ["A228", "pytorch", /`script` compiles the source and keeps `if` and `while`, `trace` records one run/],
      ["A310", "further-reading", /\]\(https:\/\/github\.com\/princeton-nlp\/tree-of-thought-llm\)/],
      ["A314", "chain-of-code", /`\[1, 3, 5\]`, `\[1, 9, 25\]` and 35/],
      ["A316", "ai-critique", /`result\.append\(prices\[n\] \+ taxes\[n\]\)`/],
      ["C93", "gil", /^thread 2 +\.+#{4}/m],
      ["C138", "dynamic-code", /exec\(compile\(.*namespace\)/],
      ["D26", "multiprocessing", /^ {4}job = Process\(target=train/m],
    ];
    assert.deepEqual(
      promised
        .filter(([row, anchor, shown]) => {
          const section = all.find((it) => it.anchor === anchor)!;
          return !section.rows.includes(row) || !shown.test(section.text);
        })
        .map(([row]) => row),
      [],
    );
  });

  it("speaks of the Pythons that are alive", () => {
    const dead = all.flatMap(({ anchor, text }) =>
      text
        .split("\n")
        .filter((it) => /\b(?:Python|CPython|since|on|from) (?:`?>=)?3\.(?:[5-9]|10)\b(?! and older)/.test(it))
        .map((it) => `${anchor}: ${it}`),
    );
    assert.deepEqual(dead, []);
    assert.ok(all.some(({ text }) => text.includes("3.11 to 3.15")));
  });

  it("names only rules and snippets that exist", () => {
    const names = {
      Rules: new Set(rules.map((it) => it.name)),
      Snippets: new Set(readSnippets().flatMap((it) => it.prefixes)),
    };
    const unknown = (["Rules", "Snippets"] as const).flatMap((kind) =>
      all.flatMap(({ anchor, text }) =>
        [...text.matchAll(new RegExp(`^${kind}: (.*)$`, "gm"))].flatMap(([, line = ""]) =>
          [...line.matchAll(/`([^`]+)`/g)]
            .map((it) => it[1]!)
            .filter((it) => !names[kind].has(it))
            .map((it) => `${anchor}: ${it}`),
        ),
      ),
    );
    assert.deepEqual(unknown, []);
  });

  it("has blocks that run, wherever they say so", function () {
    const runs = blocks.filter((it) => it.info.split(/\s+/)[0] === "run");
    assert.ok(runs.length > 100);
    const python = pythonWith(["torch"]);
    if ("reason" in python) {
      console.log(`skipped: blocks of the guide that need libraries: ${python.reason}`);
      this.skip();
    }
    // Two runs, because a process that has imported the large libraries is no clean place for what needs none of them.
    const [plain, fancy] = [
      runs.filter((it) => librariesIn(it.code).length === 0),
      runs.filter((it) => librariesIn(it.code).length > 0),
    ];
    const programs = (some: typeof runs) => new Map(some.map((it) => [it.where, it.code]));
    const failed = {
      ...runAll(this, python.path, programs(plain), []),
      ...runAll(this, python.path, programs(fancy), ["numpy", "pandas", "scipy", "sklearn", "torch"]),
    };
    assert.deepEqual(
      Object.entries(failed).flatMap(([where, { error }]) => (error === null ? [] : [`${where}\n${error}`])),
      [],
    );
  });

  const known = new Set(rules.map((it) => it.name));
  blocks.forEach((block, index) => {
    const [kind, ...words] = block.info.split(/\s+/);
    // `before RULE…` shows what rules report, with what to write instead behind it; `shows RULE…` and `run shows RULE…` show what comes of it.
    const shows = kind === "before" || kind === "shows" ? words : words[0] === "shows" ? words.slice(1) : [];
    if (shows.length > 0) {
      it(`${block.where} is reported by ${shows.join(", ")} alone`, async () => {
        for (const name of shows) assert.ok(known.has(name), `no rule is called ${name}`);
        const { findings } = await check(block.code, undefined, asShipped(shows));
        assert.deepEqual([...new Set(findings.map((it) => it.rule))].sort(), shows.toSorted());
        if (kind === "before")
          assert.match(blocks[index + 1]?.info ?? "", /^(after|run)\b/, "a before is followed by its after");
      });
    } else {
      it(`${block.where} is reported by no rule`, async () => {
        assert.deepEqual(
          (await check(block.code, undefined, asShipped())).findings.map((it) => `${it.rule}: ${it.message}`),
          [],
        );
      });
    }
  });
});
