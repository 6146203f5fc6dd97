/** A generator-based context manager whose clean-up stands behind a bare `yield`: an exception in the with block skips it. */

import {
  asAssignment,
  asAugmented,
  asCall,
  asFunction,
  asIf,
  asMethodCall,
  asWith,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  firstIdentifier,
  functionAround,
  indentLines,
  indentOf,
  insertBefore,
  startsLine,
  statementsOf,
  statementOf,
  type Declined,
  type Edit,
  type Facts,
  type Fix,
  type FunctionDef,
  type Node,
  type Span,
} from "../../analysis/authoring.js";

const MANAGERS = new Set(["contextlib.contextmanager", "contextlib.asynccontextmanager"]);
const UNDOING = new Set(
  "close aclose release unlock unlink disconnect stop shutdown terminate kill cleanup clean restore reset remove rmdir pop discard unregister deregister unpatch destroy uninstall quit logout detach disable cancel".split(
    " ",
  ),
);
const UNDOING_FUNCTIONS = new Set([
  "shutil.rmtree",
  "os.remove",
  "os.unlink",
  "os.rmdir",
  "os.chdir",
  "os.close",
  "os.umask",
  "os.unsetenv",
  "signal.signal",
  "sys.settrace",
  "sys.setprofile",
  "sys.setrecursionlimit",
  "random.setstate",
  "numpy.random.set_state",
  "torch.set_rng_state",
  "torch.set_grad_enabled",
  "torch.cuda.set_device",
  "locale.setlocale",
  "gc.enable",
]);

export default defineRule({
  title: "Clean-up after a bare yield in a context manager",
  why: "When the body of the with block raises, the exception is raised at the yield and everything after it is skipped: files stay open, locks stay held, settings stay changed. With try and finally around the yield, the clean-up runs however the block ends.",
  guide: "context-managers",
  level: "warning",
  gain: "safety",
  imports: ["contextlib"],
  overlaps: ["RUF075"],
  unlike: "what belongs to success alone, a commit or a replaced file, stays out of the `finally` that the fix writes",
  fixes: "review",

  examples: [
    {
      before: `
import os
from contextlib import contextmanager

@contextmanager
def working_folder(path):
    before = os.getcwd()
    os.chdir(path)
    yield path
    os.chdir(before)
`,
      after: `
import os
from contextlib import contextmanager

@contextmanager
def working_folder(path):
    before = os.getcwd()
    os.chdir(path)
    try:
        yield path
    finally:
        os.chdir(before)
`,
    },
  ],

  on: ["yield"],

  find(node, { facts }) {
    const def = asFunction(functionAround(node));
    const statement = statementOf(node);
    const block = statement.parent;
    if (!def || !block || !isManager(def, facts) || !isStraight(block, def)) return undefined;
    if (def.body.descendants("yield").filter((it) => functionAround(it) === def.node).length !== 1) return undefined;
    // Whoever is handed it by name drives it in a way of its own, and may never raise into it.
    if (facts.usesOf(def.nameNode).some((it) => it.kind === "argument")) return undefined;
    const all = block.children;
    const index = all.indexOf(statement);
    const [before, tail] = [[...aheadOf(block, def), ...all.slice(0, index)], all.slice(index + 1)];
    const first = tail.findIndex((it) => undoes(it, before, def, facts));
    const undo = tail[first];
    if (!undo || isOfManager(undo, block, def)) return undefined;
    const rest = tail.slice(first);
    const other = rest.findIndex((it) => !undoes(it, before, def, facts));
    const [undoing, after] = other < 0 ? [rest, []] : [rest.slice(0, other), rest.slice(other)];
    return {
      at: node,
      // What cleans up is told by its name, or by what was done before the yield.
      evidence: "strong",
      weight: facts.isTest ? "light" : "heavy",
      def,
      statement,
      between: tail.slice(0, first),
      undoing,
      after,
      undo,
      isMixed: after.some((it) => undoes(it, before, def, facts)),
    };
  },

  message: ({ undo }) =>
    `When the with block raises, \`${excerpt(stepOf(undo).text, 50)}\` never runs; put the yield into try and the clean-up into finally.`,

  fix: ({ def, statement, between, undoing, after, isMixed }) =>
    isMixed
      ? declined("other code stands between the steps of the clean-up")
      : wrapped(def, statement, between, undoing, after),
});

function isManager(def: FunctionDef, facts: Facts): boolean {
  return def.decorators.some((it) => MANAGERS.has(facts.nameOf(it) ?? ""));
}

/** Takes back what was done, or gives back what was taken, before the yield. */
function undoes(statement: Node, before: readonly Node[], def: FunctionDef, facts: Facts): boolean {
  const isKnown = (name: string) =>
    before.some((it) => it.descendants("identifier").some((inner) => inner.text === name));
  const root = (node: Node) => firstIdentifier(node.text);
  // An error that is passed on behind the yield is no clean-up.
  if (statement.descendants("raise_statement").length > 0) return false;
  if (statement.kind === "if_statement")
    return (
      statement.descendants("expression_statement", "delete_statement").some((it) => undoes(it, before, def, facts)) ||
      before.some((it) => isCounterpart(statement, it))
    );
  // A loop or `try` whose body takes something back.
  if (statement.kind === "for_statement" || statement.kind === "try_statement") {
    const made = before.flatMap((it) =>
      it.kind === "for_statement" ? [it, ...statementsOf(it.field("body") ?? it)] : [it],
    );
    return statementsOf(statement.field("body") ?? statement).some((it) => undoes(it, made, def, facts));
  }
  if (statement.kind === "delete_statement")
    return statement.children.some((it) => it.kind !== "identifier" && isKnown(root(it)));

  const change = asAugmented(statement);
  if (change)
    return before.some(
      (it) =>
        asAugmented(it)?.target.text === change.target.text &&
        asAugmented(it)!.operator === INVERSE[change.operator] &&
        asAugmented(it)!.value.text === change.value.text,
    );
  const expression = expressionOf(statement);
  const call = asCall(expression?.kind === "await" ? expression.children[0] : expression);
  if (call) {
    if (UNDOING_FUNCTIONS.has(facts.nameOf(call.callee) ?? "")) return true;
    const method = asMethodCall(call.node);
    // `logger.setLevel(saved)` after `logger.setLevel(other)`: what was set is set back.
    if (
      method &&
      before.some((it) => asMethodCall(expressionOf(it))?.callee.text === method.callee.text) &&
      /^set/.test(method.method)
    )
      return true;
    // `model.train(was)` after `model.eval()`, and the other way round.
    const mode = MODES[method?.method ?? ""];
    if (mode && before.some((it) => asMethodCall(expressionOf(it), mode)?.object.text === method!.object.text))
      return true;
    return (
      method !== undefined &&
      (UNDOING.has(method.method) || /^remove[A-Z_]/.test(method.method)) &&
      isKnown(root(method.object))
    );
  }
  const assignment = asAssignment(statement);
  const [target] = assignment?.targets ?? [];
  const isPlace = target?.kind === "attribute" || target?.kind === "subscript";
  return isPlace && before.some((it) => asAssignment(it)?.targets.some((other) => other.text === target.text) === true);
}

/** What a loop or `try` does in the end. */
function stepOf(undo: Node): Node {
  return undo.kind === "for_statement" || undo.kind === "try_statement"
    ? (undo.descendants("expression_statement", "delete_statement").at(0) ?? undo)
    : undo;
}

const MODES: Readonly<Record<string, string>> = { train: "eval", eval: "train" };

/** The yield stands in the function's own body, or in one of `with` blocks there. */
function isStraight(block: Node, def: FunctionDef): boolean {
  if (block === def.body) return true;
  const outer = block.parent;
  return outer?.kind === "with_statement" && outer.parent !== null && isStraight(outer.parent!, def);
}

/** `group.cancel()` at the end of `with open_group() as group:`, which cleans up after an error by itself. */
function isOfManager(undo: Node, block: Node, def: FunctionDef): boolean {
  const outer = block === def.body ? undefined : block.parent;
  if (!outer?.parent) return false;
  const names = asWith(outer)?.items.map((it) => it.alias?.text) ?? [];
  return names.includes(firstIdentifier(undo.text)) || isOfManager(undo, outer.parent, def);
}

/** What stands ahead of the `with` blocks around a yield. */
function aheadOf(block: Node, def: FunctionDef): readonly Node[] {
  const outer = block === def.body ? undefined : block.parent;
  if (!outer?.parent) return [];
  const { children } = outer.parent;
  return [...aheadOf(outer.parent, def), ...children.slice(0, children.indexOf(outer))];
}

const INVERSE: Readonly<Record<string, string>> = { "-=": "+=", "+=": "-=" };

/** `if fresh:` on both sides of the yield, changing the same thing by its methods: the second takes back what the first did. */
function isCounterpart(statement: Node, earlier: Node): boolean {
  const [one, other] = [asIf(earlier), asIf(statement)];
  if (!one || !other || one.condition.text !== other.condition.text) return false;
  const changed = (it: Node) =>
    it.descendants("expression_statement").flatMap((inner) => asMethodCall(expressionOf(inner))?.object.text ?? []);
  const first = changed(one.body);
  return changed(other.body).some((it) => first.includes(it));
}

/** The clean-up goes to the finally. What stands between is for success only and stays inside the try, what comes behind stays behind it. */
function wrapped(
  def: FunctionDef,
  statement: Node,
  between: readonly Node[],
  undoing: readonly Node[],
  after: readonly Node[],
): Fix | Declined {
  const tail = [...between, ...undoing, ...after];
  if (statement.parent !== def.body) return declined("the yield stands in another block");
  if (!startsLine(statement) || !tail.every(startsLine)) return declined("a line holds several statements");
  if (tail.some((it) => it.descendants("return_statement", "raise_statement").length > 0))
    return declined("the code after the yield returns or raises");
  const [undo] = undoing;
  if (!undo || undoing.some(isForSuccess)) return declined("a step of it is meant for success only");
  if (needs(undoing, between)) return declined("the clean-up reads a name that is only assigned after the yield");
  const { tree } = statement;
  const indent = indentOf(statement);
  const unit = indent.slice(indentOf(def.node).length);
  const region: Span = { tree, start: statement.start, end: undoing.at(-1)!.end };
  const lineStart = (span: Span): Span => {
    const start = tree.text.lastIndexOf("\n", span.start - 1) + 1;
    return { tree, start, end: start };
  };
  const cleanUp = commentsAbove(undo, statement);
  const edits: Edit[] = [
    insertBefore(lineStart(statement), `${indent}try:\n`),
    insertBefore(lineStart(cleanUp), `${indent}finally:\n`),
    ...indentLines(region, unit),
  ];
  return {
    title: "Clean up in a finally block",
    doubts: ["the clean-up now also runs when the with block raises"],
    edits,
  };
}

/** The clean-up reads what is only given behind the yield: after an error it would not be there. */
function needs(rest: readonly Node[], before: readonly Node[]): boolean {
  const given = before.flatMap(
    (it) =>
      asAssignment(it)?.targets.flatMap((target) => target.descendants("identifier").map((name) => name.text)) ?? [],
  );
  return rest.some((it) => it.descendants("identifier").some((name) => given.includes(name.text)));
}

/** Commit, rename, a message that all went well: on an error these must not happen. */
function isForSuccess(statement: Node): boolean {
  const call = asCall(expressionOf(statement));
  const name = call && (asMethodCall(call.node)?.method ?? call.callee.text);
  return (
    name !== undefined &&
    /^(commit|replace|rename|renames|flush|publish|save|send|print|info|debug|success)$/.test(name)
  );
}

/** The comments that stand right above a statement go where it goes. */
function commentsAbove(statement: Node, after: Node): Span {
  const above = statement.tree.commentsIn({ start: after.end, end: statement.start }).filter(startsLine);
  const between = above.filter(
    (it) =>
      statement.parent!.children.every((other) => other.end <= it.start || other.start >= it.end) &&
      !statement.parent!.children.some((other) => other.start > it.end && other.start < statement.start),
  );
  return between[0] ?? statement;
}
