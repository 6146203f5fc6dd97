/** The guide keeps what it promises: sections are complete, links lead somewhere, code compiles, runs, wakes the rule it shows and no other. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "mocha";
import { rules } from "../rules/index.generated.js";
import { sections } from "../scripts/guide-index.js";
import { check } from "./harness/check.js";
import { pythonWith, runPython } from "./harness/python.js";

interface Block {
  readonly where: string;
  readonly info: string;
  readonly code: string;
}

const all = sections();
const anchors = new Set(all.map((it) => it.anchor));
const blocks: readonly Block[] = all.flatMap(({ anchor, text }) =>
  [...text.matchAll(/^```python([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = "", code = ""], index) => ({ where: `${anchor} block ${index + 1}`, info: info.trim(), code })),
);

describe("guide", () => {
  it("has ten parts and 97 sections, numbered without gaps", () => {
    assert.equal(all.length, 97);
    for (let part = 0; part < 10; part++) {
      const orders = all.filter((it) => it.part === part).map((it) => it.order);
      assert.deepEqual(orders, orders.map((_, index) => index + 1), `part ${part}`);
    }
    assert.equal(anchors.size, 97);
  });

  it("links only to sections that exist", () => {
    const broken = all.flatMap(({ anchor, text }) => [...text.matchAll(/\]\(#([\w-]+)\)/g)].filter(([, to]) => !anchors.has(to!)).map(([, to]) => `${anchor} → #${to}`));
    assert.deepEqual(broken, []);
  });

  it("has only Python that compiles", function () {
    const program = `import json, sys\nfor item in json.load(sys.stdin):\n    try:\n        compile(item["code"], item["where"], "exec")\n    except SyntaxError as error:\n        print(item["where"], error)\n`;
    const { stdout, status } = runPython(this, ["-c", program], JSON.stringify(blocks));
    assert.equal(status, 0);
    assert.equal(stdout, "");
  });

  for (const rule of rules) {
    it(`points ${rule.name} to a section that is written`, () => {
      const section = all.find((it) => it.anchor === rule.guide);
      assert.ok(section, rule.guide);
      assert.ok(section.text.split(/\s+/).length > 150, `${rule.guide} is a stub`);
    });
  }

  const known = new Set(rules.map((it) => it.name));
  blocks.forEach((block, index) => {
    const [kind, name = ""] = block.info.split(/\s+/);
    if (kind === "before") {
      it(`${block.where} wakes ${name} alone`, async () => {
        assert.ok(known.has(name), `no rule is called ${name}`);
        const { findings } = await check(block.code);
        assert.deepEqual([...new Set(findings.map((it) => it.rule))], [name]);
        assert.equal(blocks[index + 1]?.info.split(/\s+/)[0], "after", "a before is followed by its after");
      });
    }
    if (kind === "after") {
      it(`${block.where} wakes no rule`, async () => {
        assert.deepEqual((await check(block.code)).findings.map((it) => `${it.rule}: ${it.message}`), []);
      });
    }
    if (kind === "run") {
      const wanted = ["numpy", "pandas", "numba"].filter((it) => new RegExp(`^\\s*(import|from) ${it}\\b`, "m").test(block.code));
      it(`${block.where} runs`, function () {
        this.timeout(60_000);
        const python = pythonWith(wanted);
        if ("reason" in python) {
          console.log(`skipped: ${block.where}: ${python.reason}`);
          this.skip();
        }
        const { status, stderr } = spawnSync(python.path, ["-"], { input: block.code, encoding: "utf8", timeout: 30_000 });
        assert.equal(status, 0, stderr);
      });
    }
  });
});
