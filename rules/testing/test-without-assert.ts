/** A test that says nothing of the result. */

import {
  asCall,
  asComparison,
  callsInside,
  defineRule,
  excerpt,
  expressionOf,
  fileQuestion,
  functionAround,
  statementsOf,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Test that asserts nothing",
  why: "Such a test passes whatever the code gives, as long as nothing raises. A comparison that stands alone is worked out and dropped; with assert in front of it, it becomes the test that it looks like.",
  guide: "testing",
  level: "info",
  gain: "safety",
  words: ["def test"],

  examples: [
    {
      before: `
def double(number: int) -> int:
    return number * 2

def test_double():
    double(2) == 4
`,
      after: `
def double(number: int) -> int:
    return number * 2

def test_double():
    assert double(2) == 4
`,
    },
  ],

  on: ["function_definition"],

  find(_node, { facts }, def) {
    if (!def || !/^test_\w/.test(def.name) || functionAround(def.outer) || !isTestFile(def, facts)) return undefined;
    if (def.decorators.some((it) => /fixture|skip|benchmark|route|command|task|tool|app\./.test(it.text)))
      return undefined;
    const dropped = statementsOf(def.body).find((it) => asComparison(expressionOf(it)) !== undefined);
    if (dropped)
      return { at: expressionOf(dropped)!, evidence: "proof", weight: "heavy", def, dropped: expressionOf(dropped) };
    const { text } = def.body;
    // A function that prints or gives something back is a script under the name of a test.
    if (!facts.isTest && !usesFramework(facts)) return undefined;
    if (/\bprint\(|\breturn\s+\S|\byield\b/.test(text)) return undefined;
    if (says(text) || statementsOf(def.body).length === 0 || def.body.descendants("call").length === 0)
      return undefined;
    if (def.parameters.some((it) => /benchmark|snapshot|mock|regression|capsys|httpserver|check/.test(it.name)))
      return undefined;
    // A helper of the file may assert; one from elsewhere may too, and is not in sight.
    const helpers = def.body.descendants("call").some((it) => hidesAssert(it, facts));
    if (helpers || handsOverAssert(def, facts)) return undefined;
    return { at: def.nameNode, evidence: "fair", weight: "light", def, dropped: undefined };
  },

  message: ({ def, dropped }) =>
    dropped
      ? `\`${excerpt(dropped.text, 60)}\` is worked out and dropped: without \`assert\` the test passes either way.`
      : `\`${excerpt(def.name, 60)}\` passes whatever comes out, as long as nothing raises; assert what it should be.`,
});

const says = (text: string): boolean =>
  /\b(?:(?:raises?|warns|fail|testing|pytest)\b|assert|expect|skip|verify|check|should|ensure|validate|compare|run_test|_test)/i.test(
    text,
  ) || /self\.\w*(?:assert|test|check|run|_do)/i.test(text);

const isTestFile = (def: FunctionDef, facts: Facts): boolean =>
  facts.isTest || usesFramework(facts) || def.parameters.length === 0;

const usesFramework = (facts: Facts): boolean => facts.view.imports("pytest") || facts.view.imports("unittest");

function hidesAssert(call: Node, facts: Facts): boolean {
  const callee = asCall(call)?.callee;
  if (callee?.kind !== "identifier") return false;
  // Another test, which may be of another file.
  if (/^_*test_?[A-Za-z]/.test(callee.text)) return true;
  const own = facts.functionNamed(callee);
  if (own)
    return (
      /\b(?:assert|raise|raises)\b/.test(facts.bodyOf(own).text) ||
      callsInside(callee, facts).some((it) => says(it.text.slice(0, 200)))
    );
  return false;
}

/** A method of a class of this file that asserts, or a function of it that is handed over and run elsewhere. */
function handsOverAssert(def: FunctionDef, facts: Facts): boolean {
  return def.body
    .descendants("identifier")
    .some(
      (it) =>
        it.text !== def.name &&
        (it.parent?.kind !== "attribute" || /^(?:self|cls)\./.test(it.parent.text)) &&
        facts.ofFile(ASSERTS, it.text),
    );
}

/** Whether some function or method of that name, other than a test, asserts: looked up once for each name. */
const ASSERTS = fileQuestion((facts, name) => facts.ofFile(ASSERTING).includes(` ${name} `));

/** The names of all functions and methods of the file, other than tests, that assert; a blank before and after each. */
const ASSERTING = fileQuestion((facts) =>
  facts.view
    .pieces()
    .flatMap(({ tree }) => {
      facts.view.looksInto(tree);
      return tree.root
        .descendants("function_definition")
        .filter((it) => /\bassert|\bfail\(/.test(it.field("body")?.text ?? ""))
        .map((it) => it.field("name")?.text ?? "")
        .filter((it) => !/^test/.test(it));
    })
    .map((it) => ` ${it} `)
    .join(""),
);
