/** `lock.acquire()` … `lock.release()` by hand where `with lock:` would release it on every way out. */

import {
  asAssignment,
  asAttribute,
  asMethodCall,
  asTry,
  declined,
  defineRule,
  fixOf,
  expressionOf,
  hasComments,
  indentLines,
  indentUnit,
  linesOf,
  nextStatement,
  onlyStatement,
  remove,
  replace,
  statementOf,
  statementsOf,
  type Declined,
  type Edit,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type Node,
} from "../../analysis/authoring.js";

const LOCKS = [
  "threading.Lock",
  "threading.RLock",
  "threading.Semaphore",
  "threading.BoundedSemaphore",
  "threading.Condition",
  "multiprocessing.Lock",
  "multiprocessing.RLock",
  "multiprocessing.Semaphore",
  "multiprocessing.Condition",
];

/** The three ways the two calls stand to one another. */
interface Region {
  readonly acquire: Node;
  readonly release: Node;
  /** What runs with the lock held, first and last statement. */
  readonly first: Node;
  readonly last: Node;
  /** `try` whose `finally` only releases: it goes away with the calls. */
  readonly attempt: Node | undefined;
  /** A branch in between releases it and leaves. */
  readonly isEarly: boolean;
}

export default defineRule({
  title: "Lock acquired and released by hand",
  why: "An exception, return or break between acquire() and release() leaves the lock held and every other thread waiting; a with block releases it however the block ends.",
  guide: "thread-sync",
  level: "info",
  gain: "safety",
  words: ["acquire"],
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
  values: { expression_statement: ["call"] },

  find(statement, { facts }) {
    const call = lockCall(statement, "acquire", facts);
    if (!call) return undefined;
    const region = regionOf(statement, call.object, facts);
    // Another lock is given back than was taken.
    if (!region || isRebound(call.object, region, facts)) return undefined;
    // With `try` and `finally` nothing can go wrong: `with` is shorter.
    const weight = facts.isTest || region.attempt ? "light" : "heavy";
    return { at: call.methodNode, evidence: call.evidence, weight, lock: call.object, region };
  },

  message: ({ lock, region, evidence }) =>
    evidence === "fair"
      ? `\`${lock.text}\` is taken for a lock: \`with ${lock.text}:\` releases it on every path.`
      : region.attempt
        ? `\`with ${lock.text}:\` does the same in one line and keeps acquire and release together.`
        : `An exception before \`${lock.text}.release()\` leaves the lock held; use \`with ${lock.text}:\`.`,

  fix: ({ lock, region }, file) =>
    region.isEarly
      ? declined("the lock is released in a branch too")
      : region.attempt
        ? unwrapTry(region, lock, file)
        : wrapStatements(region, lock, file),
});

/** `lock.acquire()` or `lock.release()` standing alone, without arguments: a tested or timed acquire is another thing. */
function lockCall(statement: Node, method: string, facts: Facts) {
  const call = asMethodCall(expressionOf(statement), method);
  if (!call || call.args.length > 0 || call.keywords.size > 0 || call.hasSplat) return undefined;
  const evidence = lockEvidence(call.object, facts);
  return evidence && { ...call, evidence };
}

/** By its type, or where that is unknown by its name: something called a lock that is acquired and then released. */
function lockEvidence(object: Node, facts: Facts): Evidence | undefined {
  if (LOCKS.some((it) => facts.isA(object, it))) return "proof";
  const typed = facts.typed(object, "fair");
  if (typed) return LOCKS.some((it) => facts.isA(object, it, "fair")) ? typed.evidence : undefined;
  const name = asAttribute(object)?.name ?? (object.kind === "identifier" ? object.text : "");
  return /(^|_)(lock|mutex)$/i.test(name) ? "fair" : undefined;
}

function regionOf(acquire: Node, lock: Node, facts: Facts): Region | undefined {
  const releases = (node: Node) => lockCall(node, "release", facts)?.object.text === lock.text;
  const next = nextStatement(acquire);
  const attempt = asTry(next);
  if (attempt) {
    const only = onlyStatement(attempt.finalizer);
    const [first] = statementsOf(attempt.body);
    if (!only || !first || !releases(only) || mentions(attempt.body, lock)) return undefined;
    return {
      acquire,
      release: only,
      first,
      last: statementsOf(attempt.body).at(-1)!,
      attempt: attempt.node,
      isEarly: false,
    };
  }
  let isEarly = false;
  let takesOther = false;
  for (let node = next, last: Node | undefined; node; last = node, node = nextStatement(node)) {
    if (releases(node))
      return last && next ? { acquire, release: node, first: next, last, attempt: undefined, isEarly } : undefined;
    takesOther ||= /\.acquire\(/.test(node.text);
    if (!mentions(node, lock)) continue;
    if (takesOther || !leavesReleased(node, lock, releases)) return undefined;
    isEarly = true;
  }
  return undefined;
}

/** Branches that give the lock back and leave at once: a `with` block does both. */
function leavesReleased(node: Node, lock: Node, releases: (node: Node) => boolean): boolean {
  const given = node.descendants("expression_statement").filter(releases);
  const all = node
    .descendants("attribute")
    .filter((it) => it.text.startsWith(`${lock.text}.`) && LOCKING.test(it.text));
  return all.length === given.length && given.every((it) => LEAVES.has(nextStatement(it)?.kind ?? ""));
}

const LOCKING = /\.(acquire|release)$/;
const LEAVES = new Set(["return_statement", "raise_statement", "break_statement", "continue_statement"]);

/** Hand-over-hand locking and early releases are not what `with` does. */
function mentions(node: Node, lock: Node): boolean {
  return node
    .descendants("attribute")
    .some((it) => it.text === `${lock.text}.release` || it.text === `${lock.text}.acquire`);
}

/** What the lock is called by, `self._lock` or `locks[key]`, is given anew while the lock is held. */
function isRebound(lock: Node, { first, last }: Region, facts: Facts): boolean {
  const held: Node[] = [];
  for (let node: Node | undefined = first; node && node.start <= last.start; node = nextStatement(node))
    held.push(node);
  const names = lock.kind === "identifier" ? [lock] : lock.descendants("identifier");
  if (names.some((name) => held.some((it) => facts.writesOf(name, it).length > 0))) return true;
  const assignments = held.flatMap((it) => it.descendants("assignment"));
  return assignments.some((it) =>
    asAssignment(it)?.targets.some((target) => lock.text === target.text || lock.text.startsWith(`${target.text}.`)),
  );
}

/** The try's body keeps its indentation: it moves under the `with` as it is. */
function unwrapTry({ acquire, attempt, release }: Region, lock: Node, { facts }: File): Fix | Declined {
  const parts = asTry(attempt)!;
  const keyword = attempt!.allChildren[0]!;
  const colon = attempt!.allChildren[1]!;
  const acquireLines = linesOf(acquire);
  const finalizer = release.ancestor("finally_clause")!;
  const finalLines = linesOf(finalizer);
  if (parts.handlers.length > 0 || parts.orElse) return declined("the try has an except or else of its own");
  if (!acquireLines || !finalLines) return declined("a line holds several statements");
  if (hasCommentsIn(acquireLines) || hasComments(finalizer)) return declined("a comment would be lost");
  const edits: Edit[] = [
    remove(acquireLines),
    replace({ tree: keyword.tree, start: keyword.start, end: colon.start }, `with ${lock.text}`),
    remove(finalLines),
  ];
  return fixOf(`Use \`with ${lock.text}:\``, [lockDoubt(lock, attempt!, facts)], edits);
}

/** `with` asks the lock for other methods, and gives back the very lock it took. */
function lockDoubt(lock: Node, region: Node, facts: Facts): string | undefined {
  if (!facts.typeOf(lock)) return `\`${lock.text}\` must be a lock that works in a with statement`;
  const own = facts.typeOf(lock)?.name.startsWith("local.") || facts.runsOwnCode(lock);
  if (own) return `the class of \`${lock.text}\` may define its own __enter__ and __exit__`;
  const object = asAttribute(lock);
  const isGivenAnew = object
    ? facts.unknownCallsIn(region).length > 0 && !isGivenOnce(object.name, lock, facts)
    : lock.kind === "identifier"
      ? facts.writesOf(lock).length > 1
      : facts.unknownCallsIn(region).length > 0;
  return isGivenAnew ? `\`${lock.text}\` may be a different lock when it is released` : undefined;
}

/** The attribute is set in the class's constructor, and nowhere else in the file. */
function isGivenOnce(name: string, lock: Node, facts: Facts): boolean {
  const owner = facts.classOf(lock.ancestor("function_definition") ?? lock);
  const writes = owner?.writes.filter((it) => it.name === name) ?? [];
  const attributes = owner?.attributes.filter((it) => it.name === name) ?? [];
  return writes.length + attributes.length <= 1 && !facts.foreignStores().has(name);
}

function wrapStatements({ acquire, release, first, last }: Region, lock: Node, file: File): Fix | Declined {
  const acquireLines = linesOf(acquire);
  const releaseLines = linesOf(release);
  if (!acquireLines || !releaseLines) return declined("a line holds several statements");
  if (hasCommentsIn(acquireLines) || hasCommentsIn(releaseLines)) return declined("a comment would be lost");
  const body = { tree: first.tree, start: first.start, end: last.end };
  const unit = indentUnit(statementOf(acquire), file.facts);
  const edits = [replace(acquire, `with ${lock.text}:`), ...indentLines(body, unit), remove(releaseLines)];
  const ways = leaves({ first, last }) ? "an exception, return, break or continue" : "an exception";
  return fixOf(
    `Use \`with ${lock.text}:\``,
    [`the lock is now also released after ${ways}`, !file.facts.typeOf(lock) && lockDoubt(lock, first, file.facts)],
    edits,
  );
}

/** There is another way out than an exception: whoever takes it now has the lock in hand. */
function leaves({ first, last }: Pick<Region, "first" | "last">): boolean {
  const ways =
    first.parent
      ?.descendants("return_statement", "break_statement", "continue_statement")
      .filter((it) => first.start <= it.start && it.end <= last.end) ?? [];
  return ways.some(
    (it) => it.kind === "return_statement" || !it.ancestor("for_statement", "while_statement")?.isInside(first.parent!),
  );
}

function hasCommentsIn(span: { readonly tree: Node["tree"]; readonly start: number; readonly end: number }): boolean {
  return span.tree.text.slice(span.start, span.end).includes("#");
}
