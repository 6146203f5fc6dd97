/** What is inside a `unittest.TestCase`, told as pytest has it: asserts, expected exceptions, marks, one fixture. */

import { hasComments, insertBefore, removeStatement, replace } from "../rule/edits.js";
import type { Edit } from "../rule/rule.js";
import type { ClassInfo, Facts } from "../semantics/facts.js";
import { asCall } from "../syntax/expressions.js";
import {
  asWith,
  expressionOf,
  indentOf,
  nextStatement,
  previousStatement,
  startsLine,
  statementOf,
  type FunctionDef,
} from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { fixtureEdits, type Fixture } from "./test-fixtures.js";
import { EXPECTATIONS, expectedCall, ownCall, PLAIN_ASSERTS, plainAssert, type TestNames } from "./unittest-asserts.js";
import { indentUnit } from "./with-block.js";

/** What a test case has of its own, and a plain class has not; `maxDiff` and `longMessage` may stay where they are. */
const OWN =
  /^(assert\w+|fail\w*|addClassCleanup|addCleanup|addTypeEqualityFunc|countTestCases|debug|defaultTestResult|do(Class)?Cleanups|enter(Class)?Context|id|run|setUp(Class)?|shortDescription|skipTest|subTest|tearDown(Class)?|_test\w+)$/;
const MARKS: Readonly<Record<string, string>> = {
  "unittest.skip": "skip",
  "unittest.skipIf": "skipif",
  "unittest.skipUnless": "skipif",
  "unittest.expectedFailure": "xfail",
};
const HARMLESS =
  /^(builtins\.(staticmethod|classmethod|property)|functools\.\w+|unittest\.mock\.patch\b.*|typing\.\w+)$/;
const RENAMED: Readonly<Record<string, string>> = { setUpClass: "setup_class", tearDownClass: "teardown_class" };

type Need = keyof TestNames;

/** The edits that turn a test case into functions, and what they need imported. */
export interface TranslatedTestCase {
  readonly edits: readonly Edit[];
  readonly needs: ReadonlySet<Need>;
}

/** The edits inside the class; undefined where one thing in it has no twin. */
export function translatedTestCase(info: ClassInfo, names: TestNames, facts: Facts): TranslatedTestCase | undefined {
  const needs = new Set<Need>();
  const own = new Set([...info.methods.map((it) => it.def.name), ...info.attributes.map((it) => it.name)]);
  const edits: Edit[] = [];
  const fixture: { -readonly [K in keyof Fixture]: Fixture[K] } = { setUp: undefined, tearDown: undefined };
  for (const decorator of info.def.decorators)
    if (!translateDecorator(decorator, names, facts, edits, needs, false)) return undefined;
  for (const { def } of info.methods) {
    const isKnown = def.name in RENAMED || def.name === "setUp" || def.name === "tearDown";
    if (
      (OWN.test(def.name) && !isKnown && !/^(assert|fail)/.test(def.name)) ||
      /^__(init|new|call|getattr\w*)__$/.test(def.name) ||
      def.isAsync
    )
      return undefined;
    if (!def.decorators.every((it) => translateDecorator(it, names, facts, edits, needs, /^test/.test(def.name))))
      return undefined;
    if (def.name in RENAMED) {
      if (!def.decorators.some((it) => facts.nameOf(it) === "builtins.classmethod")) return undefined;
      edits.push(replace(def.nameNode, RENAMED[def.name]!));
    }
    if (def.name === "setUp" || def.name === "tearDown") {
      fixture[def.name] = def;
      needs.add("pytest");
    }
    const inside: Edit[] = [];
    const values: Node[] = [];
    if (!translateBody(def, own, names, facts, inside, needs, values)) return undefined;
    // What was expected may be asked for within an assert.
    const caught = new Set(values.map((it) => it.parent!.field("object")!.text));
    const told = (text: string) =>
      text.replace(/(?<![\w.])(\w+)\.exception\b/g, (all, name: string) => (caught.has(name) ? `${name}.value` : all));
    edits.push(
      ...inside.map((it) => ({ ...it, text: told(it.text) })),
      ...[...new Set(values)]
        .filter((it) => !inside.some(({ at }) => covers(at, it)))
        .map((it) => replace(it, "value")),
    );
  }
  const all = fixtureEdits(fixture, names, own, edits, facts);
  if (all?.some((it) => it.text.startsWith(`${names.Iterator}[`))) needs.add("Iterator");
  return all && { edits: all, needs };
}

/** `@unittest.skip("reason")` becomes a mark. */
function translateDecorator(
  decorator: Node,
  names: TestNames,
  facts: Facts,
  edits: Edit[],
  needs: Set<Need>,
  isTest: boolean,
): boolean {
  const call = asCall(decorator);
  const name = facts.nameOf(call?.callee ?? decorator) ?? "";
  const mark = MARKS[name];
  if (mark === undefined) return HARMLESS.test(name) || (!isTest && /^(contextlib|functools)\./.test(name));
  needs.add("pytest");
  if (mark === "xfail") {
    if (!call) edits.push(replace(decorator, `${names.pytest}.mark.xfail(strict=True)`));
    return !call;
  }
  const [first, reason] = call?.args ?? [];
  if (!call || !first || call.keywords.size > 0 || call.args.length !== (mark === "skip" ? 1 : 2)) return false;
  const condition = name === "unittest.skipUnless" ? `not (${first.text})` : first.text;
  edits.push(
    replace(
      decorator,
      `${names.pytest}.mark.${mark}(${mark === "skip" ? `reason=${first.text}` : `${condition}, reason=${reason!.text}`})`,
    ),
  );
  return !hasComments(decorator);
}

function translateBody(
  def: FunctionDef,
  own: ReadonlySet<string>,
  names: TestNames,
  facts: Facts,
  edits: Edit[],
  needs: Set<Need>,
  values: Node[],
): boolean {
  const self = def.parameters[0];
  const isLifecycle = OWN.test(def.name);
  for (const read of facts.bodyOf(def).descendants("identifier")) {
    if (read.fieldName === "attribute") continue;
    if (read.text === "super") {
      const statement = statementOf(read);
      if (!isLifecycle || !new RegExp(`^super\\([^()]*\\)\\.${def.name}\\(\\)$`).test(statement.text)) return false;
      const isAlone = previousStatement(statement) === undefined && nextStatement(statement) === undefined;
      const gone = isAlone ? replace(statement, "pass") : removeStatement(statement);
      if (!gone) return false;
      edits.push(gone);
      continue;
    }
    const isSelf = self && read.text === self.name && facts.writesOf(read).some((it) => it.name === self.nameNode);
    if (!isSelf || def.decorators.some((it) => facts.nameOf(it) === "builtins.staticmethod")) continue;
    if (/^super\b/.test(statementOf(read).text) && read.ancestor("call")?.text.startsWith("super(")) continue;
    const attribute = read.parent?.kind === "attribute" && read.fieldName === "object" ? read.parent : undefined;
    const name = attribute?.field("attribute")?.text;
    // Whoever gets the test case itself may ask it for more.
    if (!attribute || name === undefined) return false;
    if (
      own.has(name)
        ? name === "setUp" || name === "tearDown" || name in RENAMED
        : OWN.test(name) && !translateUse(attribute, read.text, names, facts, edits, needs, values)
    )
      return false;
  }
  return true;
}

function translateUse(
  attribute: Node,
  self: string,
  names: TestNames,
  facts: Facts,
  edits: Edit[],
  needs: Set<Need>,
  values: Node[],
): boolean {
  const used = ownCall(attribute.parent, self);
  if (!used || used.call.callee !== attribute) return false;
  const { call, method } = used;
  const statement = statementOf(attribute);
  const isStatement = expressionOf(statement) === call.node && startsLine(statement);
  if (method === "fail" || method === "skipTest") {
    needs.add("pytest");
    edits.push(replace(attribute, `${names.pytest}.${method === "fail" ? "fail" : "skip"}`));
    return call.keywords.size === 0 && call.args.length < 2 && !call.hasSplat;
  }
  if (isStatement && PLAIN_ASSERTS.has(method)) {
    const made = plainAssert(statement, call, method, names);
    const lost = call.node.comments.filter((it) => !made?.text.includes(it.text.trimEnd()));
    if (!made || lost.length > 0) return false;
    made.needs.forEach((it) => needs.add(it));
    edits.push(replace(statement, made.text));
    return true;
  }
  const expectation = EXPECTATIONS[method];
  if (!expectation) return false;
  needs.add("pytest");
  if (isStatement) {
    const made = expectedCall(call, method, names);
    if (made)
      edits.push(replace(statement, `${made.head}\n${indentOf(statement)}${indentUnit(statement, facts)}${made.body}`));
    return made !== undefined;
  }
  const item = asWith(statement)?.items.find((it) => it.value === call.node);
  if (!item || call.keywords.size > 0 || call.hasSplat || call.args.length !== (expectation.hasPattern ? 2 : 1))
    return false;
  edits.push(
    replace(attribute, `${names.pytest}.${expectation.name}`),
    ...(expectation.hasPattern ? [insertBefore(call.args[1]!, "match=")] : []),
  );
  if (!item.alias) return true;
  const uses = facts
    .readsOf(item.alias)
    .map((it) => (it.parent?.kind === "attribute" ? it.parent.field("attribute") : undefined));
  if (item.alias.kind !== "identifier" || expectation.name === "warns" || !uses.every((it) => it?.text === "exception"))
    return false;
  values.push(...uses.flatMap((it) => it ?? []));
  return true;
}

/** An edit takes the place of the whole node. */
export function covers(outer: Edit["at"], inner: Node): boolean {
  return outer.tree === inner.tree && outer.start <= inner.start && inner.end <= outer.end;
}
