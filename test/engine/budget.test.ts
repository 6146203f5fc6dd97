/** No rule can hold a file up: one that looks at too much rests there, is told once, and the others go on. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  createAnalyzer,
  DEFAULT_SETTINGS,
  tookTooLong,
  type Analyzer,
  type Snapshot,
} from "../../analysis/analyzer.js";
import {
  asCall,
  defineRule,
  fileQuestion,
  fixOf,
  insertBefore,
  type Match,
  type Node,
} from "../../analysis/authoring.js";
import type { File, Fix, Rule } from "../../analysis/rule/rule.js";
import { nameRule } from "../../analysis/rule/rule.js";
import { parser } from "../harness/check.js";

const LIMITS = { nodes: 200_000, milliseconds: 20_000 };
const DESCRIPTION = {
  title: "A rule",
  why: "It is for a test.",
  guide: "code-level",
  level: "warning",
  gain: "clarity",
  examples: [{ before: "f()" }],
  on: ["call"],
} as const;

interface Asked {
  readonly rule: Rule;
  /** How often it was asked. */
  readonly times: () => number;
}

function ruleThat(name: string, look: (node: Node, file: File) => void, fix?: () => Fix): Asked {
  let times = 0;
  const definition = defineRule<"call", Match>({
    ...DESCRIPTION,
    find(node, file) {
      times++;
      look(node, file);
      return { at: asCall(node)!.callee };
    },
    message: () => "A call.",
    ...(fix && { fix, fixes: "safe" }),
  });
  return { rule: nameRule(`test/${name}`, definition), times: () => times };
}

async function engineOf(rules: readonly Rule[], limits = LIMITS): Promise<Analyzer> {
  return createAnalyzer({ parser: await parser(), rules, guide: [], guideUrl: (it) => it, limits });
}

const open = (engine: Analyzer, text: string): Snapshot => engine.open(text, DEFAULT_SETTINGS, "module.py");
const calls = (count: number) => "    f(a, b)\n".repeat(count);
const functionOf = (count: number, name = "work") => `def ${name}(a, b):\n${calls(count)}`;
const nothing = () => {};
const everything = (node: Node) => void node.tree.root.descendants("identifier");
function pause(): void {
  for (const end = performance.now() + 10; performance.now() < end; );
}
function endless(node: Node): never {
  for (;;) everything(node);
}

/** What each rule found and which of them failed. */
function outcome(engine: Analyzer, snapshot: Snapshot): Readonly<Record<string, number | "rests">> {
  const { findings, failures } = engine.report(snapshot);
  assert.ok(failures.every(tookTooLong));
  const found: Record<string, number | "rests"> = {};
  for (const { rule } of findings) found[rule] = Number(found[rule] ?? 0) + 1;
  for (const { rule } of failures) found[rule] = "rests";
  return found;
}

describe("a rule that takes too long", () => {
  it("rests in the file and is told once, while another goes on", async () => {
    const greedy = ruleThat("greedy", everything);
    const modest = ruleThat("modest", nothing);
    const engine = await engineOf([greedy.rule, modest.rule]);
    const snapshot = open(engine, functionOf(4_000) + functionOf(4_000, "other"));
    assert.deepEqual(outcome(engine, snapshot), { "test/modest": 8_000, "test/greedy": "rests" });
    assert.equal(engine.report(snapshot).failures.length, 1);
    assert.ok(greedy.times() < 40, `${greedy.times()} times`);
  });

  it("is stopped in the middle of a single question", async () => {
    const engine = await engineOf([ruleThat("endless", endless).rule, ruleThat("modest", nothing).rule]);
    const snapshot = open(engine, functionOf(10));
    assert.deepEqual(outcome(engine, snapshot), { "test/modest": 10, "test/endless": "rests" });
  });

  it("is stopped in a question about the whole file, which nobody else has to wait for again", async () => {
    let computed = 0;
    const question = fileQuestion(({ view }) => {
      computed++;
      endless(view.document.pieces[0]!.tree.root);
    });
    const asking = (name: string) => ruleThat(name, (_, { facts }) => void facts.ofFile(question)).rule;
    const engine = await engineOf([asking("one"), asking("two"), ruleThat("modest", nothing).rule]);
    const snapshot = open(engine, functionOf(10));
    assert.deepEqual(outcome(engine, snapshot), { "test/modest": 10, "test/one": "rests", "test/two": "rests" });
    assert.equal(computed, 1);
  });

  it("finds all there is in code of the usual length", async () => {
    const greedy = ruleThat("greedy", everything);
    const engine = await engineOf([greedy.rule]);
    assert.deepEqual(outcome(engine, open(engine, functionOf(50))), { "test/greedy": 50 });
  });

  it("is tried again after an edit, in the piece and in those that waited", async () => {
    const greedy = ruleThat("greedy", everything);
    const engine = await engineOf([greedy.rule]);
    const long = functionOf(4_000);
    const before = open(engine, long + functionOf(20, "other"));
    assert.deepEqual(Object.keys(outcome(engine, before)), ["test/greedy"]);
    assert.equal(outcome(engine, before)["test/greedy"], "rests");
    const after = engine.edit(before, [{ start: functionOf(10).length, end: long.length, text: "" }]);
    assert.deepEqual(outcome(engine, after), { "test/greedy": 30 });
  });

  it("leaves other pieces as they are while it is edited", async () => {
    const greedy = ruleThat("greedy", everything);
    const modest = ruleThat("modest", nothing);
    const engine = await engineOf([greedy.rule, modest.rule]);
    const before = open(engine, functionOf(4_000) + functionOf(20, "other"));
    engine.report(before);
    const asked = modest.times();
    const after = engine.edit(before, [{ start: before.text.length, end: before.text.length, text: "    f(b)\n" }]);
    assert.deepEqual(outcome(engine, after), { "test/modest": 4_021, "test/greedy": "rests" });
    assert.equal(modest.times() - asked, 21);
  });

  it("is stopped by the clock where it is given no nodes", async () => {
    const spinning = ruleThat("spinning", pause);
    const engine = await engineOf([spinning.rule], { nodes: 1e12, milliseconds: 100 });
    assert.deepEqual(outcome(engine, open(engine, functionOf(2_000))), { "test/spinning": "rests" });
    assert.ok(spinning.times() < 1_000, `${spinning.times()} times`);
  });
});

describe("a fix that takes too long", () => {
  it("is declined with the reason, and told", async () => {
    const told: string[] = [];
    const slow = ruleThat("slow", nothing, () => endless(tree!));
    const engine = createAnalyzer({
      parser: await parser(),
      rules: [slow.rule],
      guide: [],
      guideUrl: (it) => it,
      limits: LIMITS,
      onFixFailure: (it) => told.push(`${it.rule} ${tookTooLong(it)}`),
    });
    const tree = (await parser()).parse(functionOf(10)).root;
    const snapshot = open(engine, functionOf(1));
    const [finding] = engine.report(snapshot).findings;
    assert.equal(engine.fix(snapshot, finding!), undefined);
    assert.equal(engine.whyNoFix(snapshot, finding!), "working it out takes too long here");
    assert.deepEqual(told, ["test/slow true"]);
  });

  it("is no more asked for once those of its rule have taken too long together", async () => {
    const tree = (await parser()).parse(functionOf(1_000)).root;
    for (const [look, limits] of [
      [() => everything(tree), LIMITS],
      [pause, { nodes: 1e12, milliseconds: 100 }],
    ] as const) {
      let asked = 0;
      const slow = ruleThat("slow", nothing, () => {
        asked++;
        look();
        return fixOf("Nothing", [], []);
      });
      const engine = await engineOf([slow.rule], limits);
      const snapshot = open(engine, functionOf(2_000));
      const reasons = engine.report(snapshot).findings.map((it) => engine.whyNoFix(snapshot, it));
      assert.ok(asked < 1_000, `${asked} were asked for`);
      assert.equal(reasons.at(-1), "working it out takes too long here");
    }
  });

  it('ends "fix all" with the fixes there are', async () => {
    const fixing = ruleThat("fixing", nothing);
    const definition = defineRule<"call", Match>({
      ...DESCRIPTION,
      find: (node) => (node.text.includes("done") ? undefined : { at: asCall(node)!.argumentList }),
      message: () => "A call.",
      fixes: "safe",
      fix({ at }) {
        for (let walk = 0; walk < 10; walk++) everything(at.tree.root);
        return fixOf("Say it is done", [], [insertBefore({ ...at, start: at.start + 1 }, "done, ")]);
      },
    });
    const engine = await engineOf([nameRule("test/slow", definition), fixing.rule]);
    const { applied, text } = engine.fixAll(open(engine, functionOf(500)));
    assert.ok(applied > 5 && applied < 25, `${applied} fixes`);
    assert.equal(text.match(/done/g)!.length, applied);
  });
});
