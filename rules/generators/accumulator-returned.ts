/** A function that collects its results in a list although its callers only loop over them. */

import {
  asAssignment,
  asCall,
  asFor,
  asFunction,
  asMethodCall,
  asTry,
  asWith,
  declined,
  defineRule,
  expressionOf,
  functionAround,
  isCompiled,
  isConstant,
  nextStatement,
  removeReturn,
  removeStatement,
  statementOf,
  useOf,
  yieldFor,
  type Facts,
  type FunctionDef,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

/** Annotations that promise no list. */
const OPEN_RESULT = /^((typing|collections\.abc|abc|t)\.)?(Iterable|Iterator)\b/;

/** Words of a docstring that do. */
const PROMISES = /\b(lists?|sequences?|tuples?)\b|>>>/i;

export default defineRule({
  title: "Function that returns a list its callers only loop over",
  why: "All results are kept until the last one is found. A generator function yields each result as it is computed, so memory stays flat and the first result is available at once. A generator cannot be indexed, measured with len() or looped over twice.",
  guide: "generators",
  level: "hint",
  gain: "memory",
  fixes: "review",

  examples: [
    {
      before: `
import json

def _failures(lines):
    found = []
    for line in lines:
        record = json.loads(line)
        if record["status"] == "failed":
            found.append(record)
    return found

def report(lines):
    for record in _failures(lines):
        print(record["name"])
`,
      after: `
import json

def _failures(lines):
    for line in lines:
        record = json.loads(line)
        if record["status"] == "failed":
            yield record

def report(lines):
    for record in _failures(lines):
        print(record["name"])
`,
    },
  ],

  on: ["for_statement"],

  find(node, { facts }) {
    const loop = asFor(node);
    const last = nextStatement(node);
    const list = last?.kind === "return_statement" ? last.children[0] : undefined;
    if (!loop || loop.isAsync || loop.orElse || list?.kind !== "identifier" || nextStatement(last!)) return undefined;
    const def = asFunction(functionAround(node));
    if (!def || def.body !== node.parent || !mayChangeResult(def, facts)) return undefined;

    const [start, more] = facts.writesOf(list);
    const assignment = asAssignment(start?.owner);
    if (
      !start ||
      more ||
      assignment?.targets.length !== 1 ||
      assignment.value?.text !== "[]" ||
      statementOf(start.owner).parent !== def.body
    )
      return undefined;
    const gathers = facts
      .readsOf(list)
      .filter((it) => it !== list)
      .map((it) => gatherOf(it, node));
    if (gathers.length === 0 || !gathers.every((it) => it !== undefined)) return undefined;
    if (!onlyLoopedOver(def, facts) || isForOthers(def, facts) || isCompiled(node, facts)) return undefined;
    return {
      at: start.name,
      construct: node,
      weight: facts.sizeOf(loop.iterable),
      def,
      gathers,
      start: statementOf(start.owner),
      loop: node,
      last: last!,
    };
  },

  message: ({ def, at }) =>
    `\`${def.name}\` keeps all results in \`${at.text}\`, and its callers here only loop over them; yield them one by one.`,

  fix({ gathers, start, loop, last }) {
    const first = removeStatement(start);
    const end = removeReturn(loop, last);
    const yields = gathers.map(yieldFor);
    if (!first || !end || !yields.every((it) => it !== undefined))
      return declined("a comment would be lost, or a line holds more than one statement");
    return {
      title: "Yield the results one by one",
      doubts: ["each result is computed, and may fail, while the caller loops"],
      edits: [first, ...yields, end],
    };
  },
});

/** A function whose kind of result is the file's own business: no method, decorator, coroutine or generator, no promise of a list, one way out, no name that other files may import. */
function mayChangeResult(def: FunctionDef, facts: Facts): boolean {
  if (def.isAsync || def.decorators.length > 0 || facts.classOf(def.node)) return false;
  if (def.returns && !OPEN_RESULT.test(def.returns.text)) return false;
  if (!def.name.startsWith("_") && !functionAround(def.node) && !isProgram(facts)) return false;
  const docstring = def.body.firstChild?.children[0];
  if (docstring?.kind === "string" && PROMISES.test(docstring.text)) return false;
  const own = def.body.descendants("return_statement", "yield").filter((it) => functionAround(it) === def.node);
  return own.length === 1;
}

/** A file that is run and not imported. */
function isProgram(facts: Facts): boolean {
  return (
    facts.isNotebook ||
    facts.view
      .readsOf("__name__")
      .some((it) => it.parent?.kind === "comparison_operator" && it.parent.text.includes("=="))
  );
}

/** `list.append(item)` or `list.extend(items)` standing alone in the loop, with nothing open around it that would stay open. */
function gatherOf(read: Node, loop: Node): MethodCall | undefined {
  const use = useOf(read);
  const call = asMethodCall(use.kind === "method" ? use.call : undefined, "append", "extend");
  if (!call || call.args.length !== 1 || call.keywords.size > 0 || call.hasSplat) return undefined;
  const statement = statementOf(call.node);
  if (
    expressionOf(statement) !== call.node ||
    !statement.isInside(loop) ||
    functionAround(statement) !== functionAround(loop)
  )
    return undefined;
  for (let outer = statement.parent; outer && outer !== loop; outer = outer.parent)
    if (asTry(outer) || asWith(outer)) return undefined;
  return call;
}

/** A public function of which only the demonstration at the end of the file makes use is there for other files. */
function isForOthers(def: FunctionDef, facts: Facts): boolean {
  if (def.name.startsWith("_") || functionAround(def.node) || facts.isNotebook) return false;
  return facts.readsOf(def.nameNode).every((read) => {
    let at: Node | undefined = read.ancestor("if_statement");
    while (at && !/\b__name__\b/.test(at.field("condition")?.text ?? "")) at = at.ancestor("if_statement");
    return at !== undefined;
  });
}

/** Every use in the file is a call that a loop goes through once, while nothing changes what the function was given. */
function onlyLoopedOver(def: FunctionDef, facts: Facts): boolean {
  const reads = facts.readsOf(def.nameNode);
  return (
    facts.writesOf(def.nameNode).length === 1 &&
    reads.length > 0 &&
    reads.every((read) => {
      const call = asCall(useOf(read).call);
      if (useOf(read).kind !== "call" || !call || call.hasSplat || useOf(call.node).kind !== "iterated") return false;
      const body = call.node.ancestor("for_statement", "for_in_clause");
      const given = [...call.args, ...call.keywords.values()];
      return (
        body !== undefined &&
        given.every((it) => isLiteral(it) || (it.kind === "identifier" && isLeftAlone(it, body, facts)))
      );
    })
  );
}

function isLiteral(node: Node): boolean {
  return isConstant(node) || (["list", "tuple", "set"].includes(node.kind) && node.children.every(isLiteral));
}

function isLeftAlone(name: Node, loop: Node, facts: Facts): boolean {
  const body = loop.kind === "for_in_clause" ? loop.parent : loop.field("body");
  return (
    body !== undefined &&
    facts.isStableIn(name, body) !== "no" &&
    !facts.readsOf(name).some((it) => it.isInside(body) && it !== name && !facts.isHarmless(useOf(it)))
  );
}
