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
  type Call,
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
    if (!def || !isManager(def, facts)) return undefined;
    const yields = def.body.descendants("yield").filter((it) => functionAround(it) === def.node);
    if (yields.length > MOST_YIELDS) return undefined;
    // Whoever is handed it by name drives it in a way of its own, and may never raise into it; a server does where it is cancelled.
    if (facts.usesOf(def.nameNode).some((it) => it.kind === "argument" && !isOfServer(it.node))) return undefined;
    const around = aroundOf(node, def);
    const undo = around && undoOf(around, def, facts);
    if (!undo) return undefined;
    // What several branches share is cleaned up once, and said once.
    const isTold = yields.slice(0, yields.indexOf(node)).some((it) => {
      const other = aroundOf(it, def);
      return other !== undefined && undoOf(other, def, facts) === undo;
    });
    if (isTold) return undefined;
    const { before, tail } = around;
    // What the clean-up needs belongs to it: a function that is defined just above.
    const first = firstNeeded(tail, tail.indexOf(undo));
    const rest = tail.slice(first);
    const given = tail.indexOf(undo) - first;
    const other = rest.findIndex((it, index) => index >= given && !undoes(it, before, def, facts));
    const [undoing, after] = other < 0 ? [rest, []] : [rest.slice(0, other), rest.slice(other)];
    return {
      at: node,
      // What cleans up is told by its name, or by what was done before the yield.
      evidence: "strong",
      weight: facts.isTest || isLifespan(def) ? "light" : "heavy",
      def,
      statement: statementOf(node),
      between: tail.slice(0, first),
      undoing,
      after,
      step: stepOf(undo, before, def, facts),
      isMixed: after.some((it) => undoes(it, before, def, facts)),
    };
  },

  message: ({ step, def }) =>
    `When ${isLifespan(def) ? "the server is cancelled or fails" : "the with block raises"}, \`${excerpt(step.text, 50)}\` never runs; put the yield into try and the clean-up into finally.`,

  fix: ({ def, statement, between, undoing, after, isMixed }) =>
    isMixed
      ? declined("other code stands between the steps of the clean-up")
      : wrapped(def, statement, between, undoing, after),
});

/** Where the statements begin that bind, with nothing else in between, what the one at `end` reads. */
function firstNeeded(tail: readonly Node[], end: number): number {
  let first = end;
  for (let it = tail[first - 1]; it; it = tail[first - 1]) {
    const name = asFunction(it.kind === "decorated_definition" ? it.field("definition")! : it)?.name;
    if (name === undefined || tail[end]!.identifiers(name).length === 0) break;
    first--;
  }
  return first;
}

function isManager(def: FunctionDef, facts: Facts): boolean {
  return def.decorators.some((it) => MANAGERS.has(facts.nameOf(it) ?? ""));
}

/** What a server starts and stops with: its block raises only where the server itself fails. */
function isLifespan(def: FunctionDef): boolean {
  if (!def.isAsync) return false;
  const [app, more] = def.parameters.filter((it) => it.nameNode.text !== "self");
  if (!app || more) return false;
  return /^_*(?:app|application|fastapi)$/.test(app.nameNode.text)
    ? app.annotation === undefined || SERVERS.test(app.annotation.text)
    : app.annotation !== undefined && SERVERS.test(app.annotation.text);
}
/** `FastAPI(lifespan=lifespan)` */
const isOfServer = ({ parent }: Node): boolean =>
  parent?.kind === "keyword_argument" && parent.field("name")?.text === "lifespan";
const SERVERS = /\b(?:FastAPI|Starlette|Litestar|Quart|Robyn|FastMCP|Router|APIRouter)\b/;

/** `await close_database()`, `scheduler.shutdown()`, `stop_cleanup_thread()`: by its name it ends what the start began, wherever that stands. */
const SHUTS_DOWN = /(?:^|\.)_*a?(?:clean_?up|close|stop|shut_?down|disconnect|dispose|terminate)(?:_\w+)?$/;

/** A manager has a yield for each of a few cases. */
const MOST_YIELDS = 8;

/** What runs ahead of a yield and what runs behind it where nothing is raised, both in order. */
interface Around {
  readonly before: readonly Node[];
  readonly tail: readonly Node[];
  /** The `with` and `try` statements that hold the yield. */
  readonly holders: readonly Node[];
}

/** Undefined for a yield in a loop, or in a `try` that cleans up or goes on after an error. */
function aroundOf(node: Node, def: FunctionDef): Around | undefined {
  const before: Node[] = [];
  const tail: Node[] = [];
  const holders: Node[] = [];
  let statement = statementOf(node);
  let goesOn = true;
  for (;;) {
    const block = statement.parent;
    if (!block) return undefined;
    const all = block.children;
    const index = all.indexOf(statement);
    const rest = all.slice(index + 1);
    before.unshift(...all.slice(0, index));
    if (goesOn) tail.push(...rest);
    if (rest.some((it) => it.kind === "return_statement" || it.kind === "raise_statement")) goesOn = false;
    if (block === def.body) return { before, tail, holders };
    const outer = block.parent;
    const holder = outer?.kind === "else_clause" || outer?.kind === "elif_clause" ? outer.parent : outer;
    if (!holder || !HOLDERS.has(holder.kind)) return undefined;
    if (holder.kind === "try_statement" && (outer !== holder || !passesErrorsOn(holder))) return undefined;
    // `with suppress(Exception):` goes on behind the block.
    if (holder.kind === "with_statement" && takesErrors(holder)) goesOn = false;
    if (holder.kind !== "if_statement") holders.push(holder);
    statement = holder;
  }
}

const HOLDERS = new Set(["with_statement", "if_statement", "try_statement"]);

/** No `finally`, and every `except` ends in a `raise`. */
function passesErrorsOn(node: Node): boolean {
  return node.children.every((it) => {
    if (it.kind === "finally_clause") return false;
    if (it.kind !== "except_clause") return true;
    return it.children.at(-1)?.children.at(-1)?.kind === "raise_statement";
  });
}

/** By its name it takes any error that is raised inside. */
function takesErrors(node: Node): boolean {
  return (asWith(node)?.items ?? []).some(({ value }) => {
    const call = asCall(value);
    if (!call) return false;
    const name = call.callee.text.split(".").at(-1)!;
    if (name === "suppress") return call.args.some((it) => /^(Base)?Exception$/.test(it.text));
    return /raises|suppress|ignor|swallow|catch/i.test(name) && name !== "catch_warnings";
  });
}

function undoOf({ before, tail, holders }: Around, def: FunctionDef, facts: Facts): Node | undefined {
  const undo = tail.find((it) => undoes(it, before, def, facts));
  if (!undo) return undefined;
  const step = stepOf(undo, before, def, facts);
  return holders.some((it) => isOfHolder(step, it)) ? undefined : undo;
}

/** `group.cancel()` at the end of `with open_group() as group:`, which cleans up after an error by itself; or a step that the handlers of a `try` take too. */
function isOfHolder(step: Node, holder: Node): boolean {
  if (holder.kind === "with_statement")
    return (asWith(holder)?.items ?? []).some((it) => it.alias?.text === firstIdentifier(step.text));
  return holder.children.some((it) => it.kind === "except_clause" && it.text.includes(step.text));
}

/** Statements, and those inside their blocks, in order. */
function flat(statements: readonly Node[]): readonly Node[] {
  return statements.flatMap((it) => [
    it,
    ...(/_definition$/.test(it.kind) ? [] : flat(it.children.flatMap((part) => blocksOf(part)))),
  ]);
}

function blocksOf(part: Node): readonly Node[] {
  if (part.kind === "block") return part.children;
  return /_clause$/.test(part.kind) ? part.children.flatMap((it) => (it.kind === "block" ? it.children : [])) : [];
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
  // A loop, `try` or `with` whose body takes something back.
  if (["for_statement", "try_statement", "with_statement"].includes(statement.kind))
    return statementsOf(statement.field("body") ?? statement).some((it) => undoes(it, before, def, facts));
  if (statement.kind === "delete_statement")
    return statement.children.some((it) => it.kind !== "identifier" && isKnown(root(it)));

  const steps = flat(before);
  const change = asAugmented(statement);
  if (change)
    return steps.some(
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
    if (isLifespan(def) && SHUTS_DOWN.test(call.callee.text)) return true;
    if (isSetBack(call, steps, facts)) return true;
    // `model.train(was)` after `model.eval()`, and the other way round.
    const mode = MODES[method?.method ?? ""];
    if (mode && steps.some((it) => asMethodCall(expressionOf(it), mode)?.object.text === method!.object.text))
      return true;
    return (
      method !== undefined &&
      (UNDOING.has(method.method) || /^remove[A-Z_]/.test(method.method)) &&
      isKnown(root(method.object))
    );
  }
  const assignment = asAssignment(statement);
  const [target] = assignment?.targets ?? [];
  const isPlace =
    target?.kind === "attribute" ||
    target?.kind === "subscript" ||
    (target?.kind === "identifier" && isOfOutside(target.text, def));
  if (!isPlace || isMeasured(assignment?.value)) return false;
  return (
    steps.some((it) => asAssignment(it)?.targets.some((other) => other.text === target.text) === true) ||
    isSaved(assignment?.value, target.text.replace(/\[:\]$/, ""), steps)
  );
}

/** `timer.seconds = time.time() - start` is a result. */
function isMeasured(value: Node | undefined): boolean {
  return value?.kind === "binary_operator" && value.descendants("call").length > 0;
}

/** A name that the function declares as global or nonlocal. */
function isOfOutside(name: string, def: FunctionDef): boolean {
  return def.body
    .descendants("global_statement", "nonlocal_statement")
    .some((it) => it.children.some((inner) => inner.text === name));
}

/** A name that was given, before the yield, what is read from the place: `saved = dict(os.environ)`. */
function isSaved(value: Node | undefined, place: string, steps: readonly Node[]): boolean {
  if (value?.kind !== "identifier") return false;
  return steps.some((it) => {
    const given = asAssignment(it);
    return given?.targets.some((other) => other.text === value.text) === true && mentions(given.value, place);
  });
}

function mentions(value: Node | undefined, place: string): boolean {
  return value !== undefined && (value.text === place || value.descendants().some((it) => it.text === place));
}

/** A call that brings back what another call, before the yield, changed or asked for. */
function isSetBack(call: Call, steps: readonly Node[], facts: Facts): boolean {
  const [first] = call.args;
  const name = call.callee.text.split(".").at(-1)!;
  const made = (it: Node) => {
    const expression = expressionOf(it);
    return asCall(expression?.kind === "await" ? expression.children[0] : expression);
  };
  // `setattr(module, name, original)`, once another value was put there.
  if (/^(set|del)attr$/.test(name) && facts.nameOf(call.callee) === `builtins.${name}`)
    return steps.some((it) => made(it)?.callee.text === "setattr" && made(it)!.args[0]?.text === first?.text);
  // `logger.setLevel(saved)` after `logger.setLevel(other)`: what was set is set back.
  const hasMore = (it: Node) => {
    const other = made(it);
    return other?.callee.text === call.callee.text && other.argumentList.text !== call.argumentList.text;
  };
  if (/^_*set/.test(name) && steps.some(hasMore)) return true;
  // `os.environ.clear()` and `os.environ.update(saved)`
  const method = asMethodCall(call.node);
  if (method?.method === "update" && isSaved(first, method.object.text, steps)) return true;
  if (method?.method === "clear" && !first) {
    const place = method.object.text;
    if (
      steps.some(
        (it) => asAssignment(it)?.targets[0]?.kind === "identifier" && mentions(asAssignment(it)!.value, place),
      )
    )
      return true;
  }
  // `set_states(states)`, where `states` is what `collect_states()` gave.
  const thing = /^_*(?:set|restore|load|apply|reset)_?(\w+)$/.exec(name)?.[1]?.toLowerCase();
  if (thing && first?.kind === "identifier") {
    const isGiven = steps.some((it) => {
      const given = asAssignment(it);
      if (!given?.targets.some((other) => other.text === first.text)) return false;
      const maker = asCall(given.value)?.callee.text.split(".").at(-1);
      return /^_*(?:get|collect|save|capture|read|current)_?(\w+)$/.exec(maker ?? "")?.[1]?.toLowerCase() === thing;
    });
    if (isGiven) return true;
  }
  // `module.untoggle(it)` after `module.toggle(it)`, `add_hooks(model)` after `remove_hooks(model)`.
  const opposites = oppositesOf(name).map((it) => call.callee.text.slice(0, -name.length) + it);
  return (
    opposites.length > 0 &&
    steps.some((it) => {
      const other = made(it);
      return other !== undefined && opposites.includes(other.callee.text) && other.args[0]?.text === first?.text;
    })
  );
}

const OPPOSITES: readonly (readonly [string, string])[] = [
  ["add", "remove"],
  ["enable", "disable"],
  ["start", "stop"],
  ["push", "pop"],
  ["acquire", "release"],
  ["suspend", "resume"],
  ["pause", "resume"],
  ["attach", "detach"],
  ["activate", "deactivate"],
  ["connect", "disconnect"],
  ["hide", "show"],
  ["enter", "exit"],
];

/** `remove_hooks` of `add_hooks`, `toggle` of `untoggle`: the names of what it takes back. */
function oppositesOf(name: string): readonly string[] {
  const words = name.split("_");
  return words.flatMap((word, index) => {
    const others = OPPOSITES.flatMap(([one, other]) => (word === one ? [other] : word === other ? [one] : []));
    if (/^un[a-z]{4,}$/.test(word)) others.push(word.slice(2));
    return others.map((it) => [...words.slice(0, index), it, ...words.slice(index + 1)].join("_"));
  });
}

/** The step of a compound statement that takes something back. */
function stepOf(undo: Node, before: readonly Node[], def: FunctionDef, facts: Facts): Node {
  if (!/^(if|for|try|with)_statement$/.test(undo.kind)) return undo;
  const steps = undo.descendants("expression_statement", "delete_statement");
  return steps.find((it) => undoes(it, before, def, facts)) ?? steps[0] ?? undo;
}

const MODES: Readonly<Record<string, string>> = { train: "eval", eval: "train" };

const INVERSE: Readonly<Record<string, string>> = { "-=": "+=", "+=": "-=" };

/** `if fresh:` on both sides of the yield, changing the same thing by its methods: the second takes back what the first did. */
function isCounterpart(statement: Node, earlier: Node): boolean {
  const [one, other] = [asIf(earlier), asIf(statement)];
  if (!one || !other || one.condition.text !== other.condition.text) return false;
  const changed = (it: Node) =>
    it.descendants("expression_statement").flatMap((inner) => {
      const method = asMethodCall(expressionOf(inner));
      // `out.write("(")` and `out.write(")")`: nothing of it is taken back.
      return method && !/^(write|writelines|append|extend|info|debug|print)$/.test(method.method)
        ? method.object.text
        : [];
    });
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
