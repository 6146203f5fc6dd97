/** `lock.acquire()` … `lock.release()` by hand where `with lock:` would release it on every way out. */

import {
  asAssignment, asMethodCall, asTry, defineRule, expressionOf, hasComments, indentLines, indentUnit, linesOf, nextStatement, remove, replace, statementOf, statementsOf,
  type Edit, type Facts, type File, type Fix, type Node,
} from "../../analysis/authoring.js";

const LOCKS = ["threading.Lock", "threading.RLock", "threading.Semaphore", "threading.BoundedSemaphore", "threading.Condition", "multiprocessing.Lock", "multiprocessing.RLock", "multiprocessing.Semaphore", "multiprocessing.Condition"];

/** The three ways the two calls stand to one another. */
interface Region {
  readonly acquire: Node;
  readonly release: Node;
  /** What runs with the lock held, first and last statement. */
  readonly first: Node;
  readonly last: Node;
  /** `try` whose `finally` only releases: it goes away with the calls. */
  readonly attempt: Node | undefined;
}

export default defineRule({
  title: "Lock acquired and released by hand",
  why: "An exception, return or break between acquire() and release() leaves the lock held and every other thread waiting; a with block releases it on every way out.",
  guide: "thread-sync",
  level: "info",
  gain: "safety",
  imports: ["threading", "multiprocessing"],
  fixes: "safe",

  examples: [
    {
      before: `
import threading

lock = threading.Lock()
totals = {}

def add(name, amount):
    lock.acquire()
    try:
        totals[name] = totals.get(name, 0) + amount
    finally:
        lock.release()
`,
      after: `
import threading

lock = threading.Lock()
totals = {}

def add(name, amount):
    with lock:
        totals[name] = totals.get(name, 0) + amount
`,
    },
  ],

  on: ["expression_statement"],

  find(statement, { facts }) {
    const call = lockCall(statement, "acquire", facts);
    if (!call) return undefined;
    const region = regionOf(statement, call.object, facts);
    // Another lock is given back than was taken.
    if (!region || isRebound(call.object, region, facts)) return undefined;
    return { at: call.methodNode, lock: call.object, region };
  },

  message: ({ lock, region }) =>
    region.attempt ? `\`with ${lock.text}:\` does the same in one line and cannot be torn apart.` : `An exception before \`${lock.text}.release()\` leaves the lock held; use \`with ${lock.text}:\`.`,

  fix: ({ lock, region }, file) => (region.attempt ? unwrapTry(region, lock) : wrapStatements(region, lock, file)),
});

/** `lock.acquire()` or `lock.release()` standing alone, without arguments: a tested or timed acquire is another thing. */
function lockCall(statement: Node, method: string, facts: Facts) {
  const call = asMethodCall(expressionOf(statement), method);
  if (!call || call.args.length > 0 || call.keywords.size > 0 || call.hasSplat) return undefined;
  return LOCKS.some((it) => facts.isA(call.object, it)) ? call : undefined;
}

function regionOf(acquire: Node, lock: Node, facts: Facts): Region | undefined {
  const releases = (node: Node) => lockCall(node, "release", facts)?.object.text === lock.text;
  const next = nextStatement(acquire);
  const attempt = asTry(next);
  if (attempt) {
    const [only, more] = attempt.finalizer ? statementsOf(attempt.finalizer) : [];
    const [first] = statementsOf(attempt.body);
    if (!only || more || !first || !releases(only) || mentions(attempt.body, lock)) return undefined;
    return { acquire, release: only, first, last: statementsOf(attempt.body).at(-1)!, attempt: attempt.node };
  }
  for (let node = next, last: Node | undefined; node; last = node, node = nextStatement(node)) {
    if (releases(node)) return last && next ? { acquire, release: node, first: next, last, attempt: undefined } : undefined;
    if (mentions(node, lock)) return undefined;
  }
  return undefined;
}

/** Hand-over-hand locking and early releases are not what `with` does. */
function mentions(node: Node, lock: Node): boolean {
  return node.descendants("attribute").some((it) => it.text === `${lock.text}.release` || it.text === `${lock.text}.acquire`);
}

/** What the lock is called by, `self._lock` or `locks[key]`, is given anew while the lock is held. */
function isRebound(lock: Node, { first, last }: Region, facts: Facts): boolean {
  const isHeld = (it: Node) => it.tree === lock.tree && first.start <= it.start && it.end <= last.end;
  const names = lock.kind === "identifier" ? [lock] : lock.descendants("identifier");
  if (names.some((name) => facts.writesOf(name).some((it) => isHeld(it.name)))) return true;
  const region = first.parent?.descendants("assignment").filter(isHeld) ?? [];
  return region.some((it) => asAssignment(it)?.targets.some((target) => lock.text === target.text || lock.text.startsWith(`${target.text}.`)));
}

/** The try's body keeps its indentation: it moves under the `with` as it is. */
function unwrapTry({ acquire, attempt, release }: Region, lock: Node): Fix | undefined {
  const parts = asTry(attempt)!;
  const keyword = attempt!.allChildren[0]!;
  const colon = attempt!.allChildren[1]!;
  const acquireLines = linesOf(acquire);
  const finalizer = release.ancestor("finally_clause")!;
  const finalLines = linesOf(finalizer);
  if (parts.handlers.length > 0 || parts.orElse || !acquireLines || !finalLines || hasCommentsIn(acquireLines) || hasComments(finalizer)) return undefined;
  const edits: Edit[] = [remove(acquireLines), replace({ tree: keyword.tree, start: keyword.start, end: colon.start }, `with ${lock.text}`), remove(finalLines)];
  return { title: `Use \`with ${lock.text}:\``, safety: "safe", edits };
}

function wrapStatements({ acquire, release, first, last }: Region, lock: Node, file: File): Fix | undefined {
  const acquireLines = linesOf(acquire);
  const releaseLines = linesOf(release);
  if (!acquireLines || !releaseLines || hasCommentsIn(acquireLines) || hasCommentsIn(releaseLines)) return undefined;
  const body = { tree: first.tree, start: first.start, end: last.end };
  const unit = indentUnit(statementOf(acquire), file.facts);
  const edits = [
    replace(acquire, `with ${lock.text}:`),
    ...indentLines(body, unit),
    remove(releaseLines),
  ];
  const ways = leaves({ first, last }) ? "an exception or a return, break or continue passes" : "an exception passes";
  return { title: `Use \`with ${lock.text}:\` (review: it is now released also when ${ways})`, safety: "review", edits };
}

/** There is another way out than an exception: whoever takes it now has the lock in hand. */
function leaves({ first, last }: Pick<Region, "first" | "last">): boolean {
  const ways = first.parent?.descendants("return_statement", "break_statement", "continue_statement").filter((it) => first.start <= it.start && it.end <= last.end) ?? [];
  return ways.some((it) => it.kind === "return_statement" || !it.ancestor("for_statement", "while_statement")?.isInside(first.parent!));
}

function hasCommentsIn(span: { readonly tree: Node["tree"]; readonly start: number; readonly end: number }): boolean {
  return span.tree.text.slice(span.start, span.end).includes("#");
}
