/** An edited snapshot says exactly what a fresh analysis of the same text says, and looks again only at what an edit can have changed. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import type { Report, TextEdit } from "../../analysis/analyzer.js";
import { AnalysisState } from "../../analysis/engine/state.js";
import { dispatchFor } from "../../analysis/engine/dispatch.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";
import { random } from "../harness/random.js";
import { readSpec } from "../harness/spec.js";

/** Everything the rules' pages hold, as one long file per area: it wakes every rule. */
function areaTexts(): readonly string[] {
  return readdirSync("test/rules").map((area) =>
    readdirSync(join("test/rules", area)).flatMap((page) => readSpec(readFileSync(join("test/rules", area, page), "utf8")).map((it) => it.source)).join("\n\n"),
  );
}

const plain = ({ findings }: Report) => findings.map(({ rule, range, message, related }) => ({ rule, range, message, related }));

const SCRAPS = [
  "x = 1\n", "\n", "import pandas as pd\n", "import numpy as np\n", "def added(a, b):\n    return a + b\n", "class Added:\n    pass\n", "    ", "df = None\n", "#", "\"\"\"", "(", ")", ":", "for i in range(3):\n    pass\n", "e", "self.items = []\n", "global total\n", "async ", "é😀", "\r\n", "@functools.cache\n", "del df\n",
];

describe("incremental analysis", () => {
  it("equals a fresh analysis after each of many random edits", async function () {
    this.timeout(120_000);
    const engine = await analyzer();
    const settings = allOn();
    for (const [number, source] of areaTexts().entries()) {
      const { pick, below } = random(number + 1);
      let snapshot = engine.open(source, settings, "m.py");
      engine.report(snapshot);
      for (let step = 0; step < 25; step++) {
        const start = below(snapshot.text.length + 1);
        const edit: TextEdit = { start, end: Math.min(snapshot.text.length, start + pick([0, 0, 0, 1, 1, 12, 80])), text: pick([pick(SCRAPS), ""]) };
        snapshot = engine.edit(snapshot, [edit]);
        if (step % 3 === 2) continue;
        const fresh = engine.report(engine.open(snapshot.text, settings, "m.py"));
        assert.deepEqual(plain(engine.report(snapshot)), plain(fresh), `seed ${number + 1}, step ${step}, edit ${JSON.stringify(edit)}`);
      }
    }
  });

  it("answers an old snapshot for its own text after a newer one was made", async () => {
    const engine = await analyzer();
    const [source] = areaTexts();
    const old = engine.open(source!, allOn(), "m.py");
    const wanted = plain(engine.report(engine.open(source!, allOn(), "m.py")));
    engine.report(engine.edit(old, [{ start: 0, end: 0, text: "x = 1\n" }]));
    assert.deepEqual(plain(engine.report(old)), wanted);
  });

  const FILE = `import time\nimport pandas as pd\n\n\ndef load(path: str):\n    return pd.read_csv(path)\n\n\ndef use(path: str):\n    for _, row in load(path).iterrows():\n        print(row)\n\n\ndef other():\n    return 1\n`;

  async function counted(edit: (text: string) => TextEdit) {
    const parse = await parser();
    const state = new AnalysisState(openDocument(FILE, parse), { python: "3.10", isTest: false, isNotebook: false });
    const run = () => state.results(dispatchFor(rules, settings, state.imports)).flatMap((it) => it.findings);
    const settings = allOn();
    const before = run();
    const analysed = state.analysed;
    state.edit(edit(FILE), parse);
    const after = run();
    return { before, after, analysed: state.analysed - analysed };
  }

  const insertion = (before: string, text: string) => (file: string) => ({ start: file.indexOf(before), end: file.indexOf(before), text });

  it("looks at one piece when one function's body changes and no answer does", async () => {
    const { analysed } = await counted(insertion("return 1", "value = 2\n    "));
    assert.equal(analysed, 1);
  });

  it("looks again at a caller only when the type it was told changes", async () => {
    const same = await counted(insertion("return pd.read_csv", "path = path.strip()\n    "));
    assert.equal(same.analysed, 1);
    assert.equal(same.after.filter((it) => it.rule.name === "pandas/iterrows").length, 1);
    const changed = await counted((file) => ({ start: file.indexOf("pd.read_csv(path)"), end: file.indexOf("pd.read_csv(path)") + "pd.read_csv(path)".length, text: "open(path)" }));
    assert.ok(changed.analysed >= 2);
    assert.equal(changed.after.filter((it) => it.rule.name === "pandas/iterrows").length, 0);
  });
});
