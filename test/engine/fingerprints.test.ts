/** Names of findings: they stay when code moves or is formatted anew, and change when it is other code. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { allOn, analyzer } from "../harness/check.js";

const RULE = "profiling/wall-clock-duration";

async function prints(source: string): Promise<readonly string[]> {
  const engine = await analyzer();
  const snapshot = engine.open(source, allOn(), "m.py");
  const names = engine.fingerprints(snapshot);
  return engine
    .report(snapshot)
    .findings.filter((it) => it.rule === RULE)
    .map((it) => names.get(it)!);
}

const timed = (last: string, name = "f") =>
  `def ${name}(job):\n    start = time.time()\n    job()\n    ${last.replaceAll("\n", "\n    ")}\n`;
const file = (...parts: readonly string[]) => ["import time\n", ...parts].join("\n\n");

async function only(source: string): Promise<string> {
  const [first, ...more] = await prints(source);
  assert.ok(first);
  assert.deepEqual(more, []);
  return first;
}

describe("fingerprints", () => {
  it("are short and plain", async () => {
    assert.match(await only(file(timed("return time.time() - start"))), /^[0-9a-f]{16}$/);
  });

  it("stay when the code moves, also within its class, and when its neighbours change", async () => {
    const before = await only(file(timed("return time.time() - start")));
    assert.equal(
      await only(file("x = 1\ny = 2", "def other():\n    pass", timed("return time.time() - start"))),
      before,
    );
    const member = (extra: string) =>
      `import time\n\nclass Box:\n    a = 1\n${extra}\n    def f(self, job):\n        start = time.time()\n        job()\n        return time.time() - start\n`;
    const methods = Array.from(
      { length: 60 },
      (_, index) => `    def m${index}(self):\n        return ${index}\n`,
    ).join("\n");
    // The long class is cut into pieces, the short one is not.
    assert.equal(await only(member(methods)), await only(member("")));
  });

  it("stay when the code is formatted anew", async () => {
    const before = await only(file(timed("print('took', time.time() - start)")));
    assert.equal(await only(file(timed('print(\n    "took",\n    (time.time() - start),  # seconds\n)'))), before);
  });

  it("differ by scope, by statement and by rule", async () => {
    const all = [
      await only(file(timed("return time.time() - start"))),
      await only(file(timed("return time.time() - start", "g"))),
      await only(file(timed("took = time.time() - start"))),
      await only(
        `import time\n\nclass F:\n    @staticmethod\n    ${timed("return time.time() - start").replaceAll("\n", "\n    ").trimEnd()}\n`,
      ),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it("count equal ones, and leave blocks to their own statements", async () => {
    const twice = await prints(file(timed("print(time.time() - start)\nprint(time.time() - start)")));
    assert.equal(twice.length, 2);
    assert.equal(twice[1], `${twice[0]}-2`);
    const head = (body: string) => file(timed(`if time.time() - start > 3:\n    ${body}`));
    assert.equal(await only(head("pass")), await only(head("print('late')")));
  });

  it("are the same after edits as when the file is read anew", async () => {
    const engine = await analyzer();
    const source = file(timed("return time.time() - start"), timed("return time.time() - start", "g"));
    const at = source.indexOf("def g");
    const change = { start: at, end: at, text: "x = 1\n\n" };
    const opened = engine.open(source, allOn(), "m.py");
    engine.fingerprints(opened);
    const edited = engine.edit(opened, [change]);
    assert.deepEqual(
      [...engine.fingerprints(edited).values()],
      [...engine.fingerprints(engine.open(edited.text, allOn(), "m.py")).values()],
    );
  });
});
