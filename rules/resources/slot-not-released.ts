/** A slot, connection or worker that is taken and given back, but not where something in between fails. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  declined,
  defineRule,
  fixOf,
  hasComments,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  lastName,
  linesOf,
  nextStatement,
  remove,
  replace,
  statementOf,
  unwrap,
  type Evidence,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

/** By the method that takes something: the methods that give it back. */
const PAIRS: Readonly<Record<string, RegExp>> = {
  acquire: /^release$/,
  getconn: /^putconn$/,
  get_connection: /^(?:close|release|release_connection|putconn)$/,
  checkout: /^(?:checkin|release)$/,
  start: /^(?:stop|shutdown|terminate)$/,
};

export default defineRule({
  title: "Slot that an error does not give back",
  why: "Between taking a slot, a connection or a worker and giving it back something may fail or return. Then it is never given back: each failure leaves one less, and when the last is gone every caller waits for ever.",
  guide: "thread-sync",
  level: "warning",
  gain: "safety",
  words: [
    "acquire",
    "getconn",
    "get_connection",
    "checkout",
    "GeneratorEnqueuer",
    "OrderedEnqueuer",
    "Enqueuer",
    "Observer",
    "QueueListener",
  ],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def size(name: str) -> int:
    limit = asyncio.Semaphore(2)
    await limit.acquire()
    await asyncio.sleep(0)
    found = len(name)
    limit.release()
    return found
`,
      after: `
import asyncio

async def size(name: str) -> int:
    limit = asyncio.Semaphore(2)
    async with limit:
        await asyncio.sleep(0)
        found = len(name)
    return found
`,
    },
  ],

  on: ["call"],
  methods: Object.keys(PAIRS),

  find(node, { facts }): Found | undefined {
    const method = asMethodCall(node);
    const back = method && PAIRS[method.method];
    if (!back || facts.isTest) return undefined;
    const isAwaited = node.parent?.kind === "await";
    const value = isAwaited ? node.parent! : node;
    const taken = statementOf(node);
    const assignment = asAssignment(taken);
    const name = assignment?.targets.length === 1 && assignment.value === value ? assignment.targets[0] : undefined;
    const isAlone = taken.kind === "expression_statement" && taken.children[0] === value;
    if (!isAlone && name?.kind !== "identifier") return undefined;
    const evidence = evidenceOf(method, name !== undefined, isAwaited, facts);
    if (!evidence) return undefined;
    const region = regionOf(taken, method.object, name, back);
    if (!region) return undefined;
    const held = name ?? method.object;
    return {
      at: method.methodNode,
      evidence,
      weight: facts.weightOf(node) === "light" ? "light" : "heavy",
      construct: node,
      related: [{ at: region.release, message: "It is not given back if something above fails." }],
      taken,
      held,
      isSemaphore: name === undefined && method.method === "acquire",
      isAwaited,
      ...region,
    };
  },

  message: ({ held, release, leaves }) =>
    `\`${held.text}\` is given back by \`${shown(release)}\` only if nothing above it ${leaves ? "fails or returns" : "fails"}; a try with finally gives it back in any case.`,

  fix({ taken, held, first, last, release, isSemaphore, isAwaited, leaves }, { facts }) {
    const acquireLines = linesOf(taken);
    const releaseLines = linesOf(release);
    if (!acquireLines || !releaseLines || hasComments(release)) return declined("a line holds several statements");
    const isLost = (it: Node) => [acquireLines, releaseLines].some((at) => at.start <= it.start && it.end <= at.end);
    if (taken.tree.root.comments.some(isLost)) return declined("a comment would be lost");
    const body = { tree: first.tree, start: first.start, end: last.end };
    const unit = indentUnit(taken, facts);
    const ways = leaves ? "an exception or return" : "an exception";
    const doubts = [`it is given back after ${ways} too`];
    if (isSemaphore && facts.typeOf(held)?.name.endsWith("Semaphore"))
      return fixOf(`Use \`${isAwaited ? "async with" : "with"}\``, doubts, [
        replace(taken, `${isAwaited ? "async " : ""}with ${held.text}:`),
        ...indentLines(body, unit),
        remove(releaseLines),
      ]);
    const own = indentOf(first);
    return fixOf("Give it back in a finally", doubts, [
      insertBefore({ tree: first.tree, start: first.start - own.length, end: first.start }, `${own}try:\n`),
      ...indentLines(body, unit),
      replace(release, `finally:\n${own}${unit}${release.text}`),
    ]);
  },
});

interface Region {
  readonly first: Node;
  readonly last: Node;
  /** The statement that gives it back. */
  readonly release: Node;
  /** A statement in between leaves the function or the loop. */
  readonly leaves: boolean;
}

interface Found extends Match, Region {
  readonly taken: Node;
  readonly held: Node;
  readonly isSemaphore: boolean;
  readonly isAwaited: boolean;
}

const shown = (release: Node): string => /^(?:await )?[\w.]{1,50}/.exec(release.text)?.[0] ?? "release";

/** Locks have a rule of their own, and what is called like this need not be a pool. */
function evidenceOf(
  { object, method, args }: NonNullable<ReturnType<typeof asMethodCall>>,
  isNamed: boolean,
  isAwaited: boolean,
  facts: Facts,
): Evidence | undefined {
  const type = facts.typeOf(object)?.name ?? "";
  if (/(?:Lock|Condition)$|^(?:threading|multiprocessing)\./.test(type)) return undefined;
  const name = lastName(object);
  if (method === "start") {
    const made = asCall(facts.valueOf(object));
    return /(?:Enqueuer|Observer|QueueListener)$/.test(made?.callee.text ?? "") ? "strong" : undefined;
  }
  if (method !== "acquire") return isNamed ? "strong" : undefined;
  if (/Semaphore$/.test(type)) return args.length === 0 ? "proof" : undefined;
  if (/lock|mutex|cond/i.test(name)) return undefined;
  if (isNamed) return isAwaited || /pool|conn|engine/i.test(name) ? "strong" : undefined;
  return args.length === 0 && /sem|limit|slot|pool|throttle|bucket|gate/i.test(name) ? "fair" : undefined;
}

/** From behind the statement that takes it to the one in the same block that gives it back. */
function regionOf(taken: Node, object: Node, name: Node | undefined, back: RegExp): Region | undefined {
  const first = nextStatement(taken);
  let last: Node | undefined;
  let leaves = false;
  for (let at = first; at; last = at, at = nextStatement(at)) {
    if (gives(at, object, name, back)) {
      const isRisky =
        last &&
        [...between(first!, last)].some(
          (it) => it.descendants("call", "await", "raise_statement", "assert_statement").length > 0,
        );
      return isRisky ? { first: first!, last: last!, release: at, leaves } : undefined;
    }
    // It is given back somewhere inside: with a finally, in a branch, or by somebody else.
    if (at.descendants("call").some((it) => isBack(it, object, name, back))) return undefined;
    if (at.kind === "return_statement" || at.kind === "raise_statement") return undefined;
    if (name && escapes(at, name)) return undefined;
    leaves ||= at.descendants("return_statement", "break_statement", "continue_statement").length > 0;
  }
  return undefined;
}

function* between(first: Node, last: Node): Iterable<Node> {
  for (let at: Node | undefined = first; at && at.start <= last.start; at = nextStatement(at)) yield at;
}

function gives(statement: Node, object: Node, name: Node | undefined, back: RegExp): boolean {
  if (statement.kind !== "expression_statement") return false;
  const value = unwrap(statement.children[0]!);
  return isBack(value.kind === "await" ? unwrap(value.children[0]!) : value, object, name, back);
}

/** `pool.release(connection)`, `connection.close()`, `limit.release()`. */
function isBack(node: Node, object: Node, name: Node | undefined, back: RegExp): boolean {
  const method = asMethodCall(node);
  if (!method || !back.test(method.method)) return false;
  if (!name) return method.object.text === object.text;
  return method.object.text === name.text || (method.object.text === object.text && method.args[0]?.text === name.text);
}

/** Kept by an object or a container: somebody else gives it back. */
function escapes(statement: Node, name: Node): boolean {
  const assignment = asAssignment(statement);
  return (
    assignment?.value !== undefined &&
    unwrap(assignment.value).text === name.text &&
    assignment.targets.some((it) => it.kind !== "identifier")
  );
}
