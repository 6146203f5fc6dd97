/** An edited snapshot says exactly what a fresh analysis of the same text says, and looks again only at what an edit can have changed. */
import assert from "node:assert/strict";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, it } from "mocha";
import type { Report, TextEdit } from "../../analysis/analyzer.js";
import { AnalysisState } from "../../analysis/engine/state.js";
import { dispatchFor } from "../../analysis/engine/dispatch.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";
import { FACT_LINES, FACT_POOL } from "../harness/fact-pool.js";
import { FACT_PROBES } from "../harness/fact-probes.js";
import { random, type Random } from "../harness/random.js";
import { areaTexts, fiftyFiles, mixedPages, pageTexts } from "../soak/files.js";
import { firstDifference, told } from "../soak/incremental.js";

const plain = ({ findings }: Report) =>
  findings.map(({ rule, range, message, related }) => ({ rule, range, message, related }));

/** A method long enough that its class is cut into its members. */
const FILLER = `    def filler(self, number):\n${"        number = number * 2 + 1\n".repeat(97)}        return number\n\n`;

/** One piece of 24,000 characters: rows of calls, texts and dictionaries. */
const longLiteral = (seed: number) =>
  `import re\n\nROWS = build(\n${Array.from({ length: 300 }, (_, i) => `    row_${i}=Row("/home/me/${i}", re.compile(r"a${i}"), {"id": ${i}, "of": [*range(${seed})]}),`).join("\n")}\n)\n\n\ndef use():\n    for row in ROWS:\n        print(row)\n`;

/** One piece again: cases of the rules' pages in the body of a function. */
function longFunction(chance: Random): string {
  let body = "";
  while (body.length < 22_000) body += `${chance.pick(pageTexts())}\n`;
  return `import pandas as pd\n\n\ndef whole():\n${body.replace(/^/gm, "    ")}\n`;
}

describe("incremental analysis", () => {
  /** `npm run soak -- --only edits` goes on where this ends. */
  const agrees = async (seed: number, path: string, text: string, edits: number) => {
    const difference = firstDifference(await analyzer(), allOn(), { seed, path, text, donors: pageTexts(), edits });
    assert.equal(difference && told(difference), undefined);
  };

  it("equals a fresh analysis after each of many random edits of all the rules' pages", async () => {
    for (const [number, text] of areaTexts().entries()) await agrees(number + 1, "area.py", text, 10);
  });

  it("equals it in files mixed from the pages, where members of classes are pieces of their own", async () => {
    const pages = pageTexts();
    for (let seed = 1; seed <= 40; seed++) await agrees(seed, "mixed.py", mixedPages(random(seed), pages), 25);
  });

  it("equals it in what the facts say of every name, where calls, docstrings and attributes change", async () => {
    const engine = await analyzer(FACT_PROBES);
    const donors = [...FACT_POOL, ...FACT_LINES];
    for (let seed = 1; seed <= 5; seed++) {
      const text = mixedPages(random(seed), FACT_POOL, 3);
      const found = firstDifference(engine, allOn(), { seed, path: "facts.py", text, donors, edits: 25 });
      assert.equal(found && told(found), undefined);
    }
  });

  it("equals it in real files", async () => {
    const short = fiftyFiles().filter((it) => it.text.length < 12_000);
    for (const [number, { path, text }] of short.entries()) await agrees(number + 1, path, text, 8);
  });

  it("equals it in long pieces, which are not read again as a whole", async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const text = seed % 2 === 0 ? longFunction(random(seed)) : longLiteral(seed);
      await agrees(seed, "long.py", text, 8);
    }
  });

  it("answers an old snapshot for its own text after a newer one was made", async () => {
    const engine = await analyzer();
    const [source = ""] = areaTexts();
    const old = engine.open(source, allOn(), "m.py");
    const wanted = plain(engine.report(engine.open(source, allOn(), "m.py")));
    engine.report(engine.edit(old, [{ start: 0, end: 0, text: "x = 1\n" }]));
    assert.deepEqual(plain(engine.report(old)), wanted);
  });

  const FILE = `import time\nimport pandas as pd\n\n\ndef load(path: str):\n    return pd.read_csv(path)\n\n\ndef use(path: str):\n    for _, row in load(path).iterrows():\n        print(row)\n\n\ndef other():\n    return 1\n`;

  async function counted(edit: (text: string) => TextEdit, file = FILE) {
    const parse = await parser();
    const state = new AnalysisState(openDocument(file, parse), { python: "3.10", isTest: false, isNotebook: false });
    const run = () => state.results(dispatchFor(rules, settings, state.imports)).flatMap((it) => it.findings);
    const settings = allOn();
    const before = run();
    const analysed = state.analysed;
    state.edit(edit(file), parse);
    const after = run();
    return { before, after, analysed: state.analysed - analysed };
  }

  const insertion = (before: string, text: string) => (file: string) => ({
    start: file.indexOf(before),
    end: file.indexOf(before),
    text,
  });

  it("looks at one piece when one function's body changes and no answer does", async () => {
    const { analysed } = await counted(insertion("return 1", "value = 2\n    "));
    assert.equal(analysed, 1);
  });

  it("looks at one piece when it only goes on to call a class and a tool that stand elsewhere", async () => {
    const file = `from smolagents import tool\n\n\nclass Point:\n    def __init__(self, x):\n        self.x = x\n\n    def moved(self, by):\n        return Point(self.x + by)\n\n\n@tool\ndef far(x, limit):\n    return x > limit\n\n\ndef use(rows):\n    points = [Point(it) for it in rows]\n    return [far(it, 3) for it in points]\n`;
    const { analysed } = await counted(insertion("return [far", "value = 2\n    "), file);
    assert.equal(analysed, 1);
  });

  it("looks again at a class when the first loop that makes it is written", async () => {
    const file = `class Point:\n    def __init__(self, x):\n        self.x = x\n\n    def moved(self, by):\n        return self.x + by\n\n\ndef use(path):\n    with open(path, encoding="utf-8") as rows:\n        return list(rows)\n`;
    const { before, after } = await counted(
      (text) => ({
        start: text.indexOf("list(rows)"),
        end: text.indexOf("list(rows)") + "list(rows)".length,
        text: "[Point(it) for it in rows]",
      }),
      file,
    );
    const told = (findings: typeof before) => findings.filter((it) => it.rule.name === "memory/missing-slots").length;
    assert.equal(told(before), 0);
    assert.equal(told(after), 1);
  });

  it("looks again at a caller only when the type it was told changes", async () => {
    const same = await counted(insertion("return pd.read_csv", "path = path.strip()\n    "));
    assert.equal(same.analysed, 1);
    assert.equal(same.after.filter((it) => it.rule.name === "pandas/iterrows").length, 1);
    const changed = await counted((file) => ({
      start: file.indexOf("pd.read_csv(path)"),
      end: file.indexOf("pd.read_csv(path)") + "pd.read_csv(path)".length,
      text: "open(path)",
    }));
    assert.ok(changed.analysed >= 2);
    assert.equal(changed.after.filter((it) => it.rule.name === "pandas/iterrows").length, 0);
  });

  it("finds a lost coroutine as soon as a function elsewhere becomes one, and forgets it when that ends", async () => {
    const engine = await analyzer();
    const text =
      "import asyncio\n\n\ndef save(row):\n    print(row)\n\n\nasync def main(row):\n    save(row)\n\n\nasyncio.run(main(1))\n";
    const lost = (it: ReturnType<typeof engine.open>) =>
      engine.report(it).findings.filter(({ rule }) => rule === "asyncio/missing-await").length;
    const plainly = engine.open(text, allOn(), "m.py");
    assert.equal(lost(plainly), 0);
    const at = text.indexOf("def save");
    const later = engine.edit(plainly, [{ start: at, end: at, text: "async " }]);
    assert.equal(lost(later), 1);
    assert.equal(lost(engine.edit(later, [{ start: at, end: at + "async ".length, text: "" }])), 0);
  });

  describe("of a class whose members are pieces of their own", () => {
    const CLASS = `class Token:\n${FILLER}    __slots__ = ("text",)\n\n    def __init__(self, text):\n        self.text = text\n\n    def close(self):\n        self.end = 1\n\n\n`;
    const SECOND = `class Second:\n${FILLER}`;
    const MEMBER = "    def close";
    const cases: readonly (readonly [title: string, text: string, from: string, to: string, after: number])[] = [
      ["finds again what a lost name hid", CLASS.replace("class Token", "class "), "class :", "class Token:", 1],
      ["finds what a second class of the name hid", CLASS + CLASS + CLASS, "class Token", "class Other", 1],
      ["forgets what it found when a head comes between", CLASS, MEMBER, SECOND + MEMBER, 0],
      ["finds it when that head goes", CLASS.replace(MEMBER, SECOND + MEMBER), SECOND, "", 1],
      [
        "forgets it when the slots of a base, another class, grow",
        `class Base:\n    __slots__ = ("ond",)\n\n\n${CLASS.replace("Token", "Token(Base)")}`,
        '"ond"',
        '"end"',
        0,
      ],
    ];
    for (const [title, text, from, to, after] of cases) {
      it(title, async () => {
        const engine = await analyzer();
        const before = engine.open(text, allOn(), "m.py");
        engine.report(before);
        const start = text.indexOf(from);
        const edited = engine.edit(before, [{ start, end: start + from.length, text: to }]);
        const found = plain(engine.report(edited));
        assert.deepEqual(found, plain(engine.report(engine.open(edited.text, allOn(), "m.py"))));
        assert.equal(found.filter((it) => it.rule === "memory/undeclared-slot-attribute").length, after);
      });
    }
  });

  it("finds what rests on words elsewhere as soon as they stand there, and forgets it when they go", async () => {
    const engine = await analyzer();
    const ask = "async def answer(worker, question):\n    return worker.invoke(question)\n";
    const callback = "def done(task):\n    time.sleep(1)\n    return task\n";
    for (const [body, elsewhere, rule] of [
      // In a string it is no import: no rule begins or ceases to look at the file.
      [`x = 1\n\n\n${ask}`, '"""How to start.\n\nfrom langchain import hub\n"""\n', "asyncio/blocking-call"],
      [
        `import asyncio\nimport time\n\n\n${callback}`,
        "\n\nasync def main(task):\n    task.add_done_callback(done)\n",
        "asyncio/blocking-call",
      ],
    ] as const) {
      const isLast = elsewhere.startsWith("\n");
      const place = isLast ? body.length : 0;
      const rulesOf = (text: string) =>
        engine.report(engine.open(text, allOn(), "app.py")).findings.map((it) => it.rule);
      let snapshot = engine.open(body, allOn(), "app.py");
      assert.ok(!engine.report(snapshot).findings.some((it) => it.rule === rule));
      snapshot = engine.edit(snapshot, [{ start: place, end: place, text: elsewhere }]);
      assert.ok(rulesOf(snapshot.text).includes(rule), `a fresh analysis finds it: ${elsewhere}`);
      assert.ok(
        engine.report(snapshot).findings.some((it) => it.rule === rule),
        elsewhere,
      );
      snapshot = engine.edit(snapshot, [{ start: place, end: place + elsewhere.length, text: "" }]);
      assert.ok(!engine.report(snapshot).findings.some((it) => it.rule === rule));
    }
  });

  it("keeps no answer about names that are gone", async () => {
    const parse = await parser();
    const stateOf = (text: string) =>
      new AnalysisState(openDocument(text, parse), { python: "3.10", isTest: false, isNotebook: false });
    const look = (state: AnalysisState) => state.results(dispatchFor(rules, allOn(), state.imports));
    const state = stateOf(FILE);
    look(state);
    const at = FILE.indexOf("def other");
    const typed =
      "class Reader:\n    def __init__(self, path):\n        self.frame = load(path)\n\n    def rows(self):\n        for _, row in self.frame.iterrows():\n            print(row)\n\n\nfor row in Reader('a').rows():\n    other()\n\n\n";
    [...typed].forEach((letter, index) => {
      state.edit({ start: at + index, end: at + index, text: letter }, parse);
      look(state);
    });
    for (let left = typed.length; left > 0; left--) {
      state.edit({ start: at + left - 1, end: at + left, text: "" }, parse);
      look(state);
    }
    const fresh = stateOf(FILE);
    look(fresh);
    assert.deepEqual(state.store.size, fresh.store.size);
  });

  it("lets every version go that a newer one took the place of", async () => {
    const parse = await parser();
    const settings = allOn();
    const state = new AnalysisState(openDocument(FILE, parse), { python: "3.10", isTest: false, isNotebook: false });
    const versions: WeakRef<object>[] = [];
    for (const letter of "# what others need not know") {
      state.results(dispatchFor(rules, settings, state.imports));
      versions.push(new WeakRef(state.current));
      const at = state.current.text.lastIndexOf("    return 1");
      state.edit({ start: at, end: at, text: letter }, parse);
    }
    await new Promise(setImmediate);
    heapInUse();
    assert.equal(versions.filter((it) => it.deref()).length, 0);
  });

  it("keeps of each edited piece its own text alive and not the file's", async () => {
    const engine = await analyzer();
    const functions = Array.from(
      { length: 60 },
      (_, index) => `def made${index}():\n    # ${"words ".repeat(3000)}\n    return ${index}\n\n\n`,
    );
    // Behind an open bracket every edit reads the whole file.
    let snapshot = engine.open(`x = (\n${functions.join("")}`, allOn(), "m.py");
    engine.report(snapshot);
    const before = heapInUse();
    for (let index = functions.length - 1; index >= 0; index--) {
      const at = snapshot.text.indexOf(`return ${index}\n`);
      snapshot = engine.edit(snapshot, [{ start: at, end: at, text: "pass\n    " }]);
      engine.report(snapshot);
    }
    const grown = heapInUse() - before;
    assert.ok(
      grown < 12_000_000,
      `${grown} bytes more for ${functions.length} edits of a text of ${snapshot.text.length}`,
    );
  });
});

function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}
