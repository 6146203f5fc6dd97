/** A session, connection or lock of asyncio that is opened and closed by hand, where `async with` would close it in any case. */

import {
  asAssignment,
  asCall,
  asFunction,
  asMethodCall,
  asTry,
  declined,
  emptyLinesAtEnd,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  linesOf,
  nextStatement,
  remove,
  removeWithGap,
  replace,
  statementOf,
  statementsOf,
  unwrap,
  type Evidence,
  type Facts,
  lastName,
  type Match,
  type Node,
  type Use,
  type Weight,
} from "../../analysis/authoring.js";

/** What is closed by which method; `isBlock`: an `async with` of it closes it. */
const OPENS: Readonly<Record<string, { readonly close: RegExp; readonly isBlock: boolean }>> = {
  "aiohttp.ClientSession": { close: /^close$/, isBlock: true },
  "httpx.AsyncClient": { close: /^aclose$/, isBlock: true },
  "asyncpg.connect": { close: /^(?:close|terminate)$/, isBlock: false },
  "asyncpg.create_pool": { close: /^(?:close|terminate)$/, isBlock: true },
  "aiosqlite.connect": { close: /^close$/, isBlock: true },
  "aiofiles.open": { close: /^close$/, isBlock: true },
  "aiomysql.connect": { close: /^(?:close|ensure_closed)$/, isBlock: true },
  "websockets.connect": { close: /^close$/, isBlock: true },
  "websockets.client.connect": { close: /^close$/, isBlock: true },
};

export default defineRule({
  title: "Session or lock that is closed by hand",
  why: "A session or connection that is closed further down stays open if anything in between fails or is cancelled, and a lock stays taken for ever. A block closes it and gives it back in any case.",
  guide: "asyncio",
  level: "warning",
  gain: "safety",
  words: ["async"],
  overrides: ["resources/unmanaged-resource", "resources/manual-lock", "asyncio/client-per-call"],
  fixes: "safe",

  examples: [
    {
      before: `
import asyncio

async def add(rows: list[str], row: str) -> int:
    lock = asyncio.Lock()
    await lock.acquire()
    rows.append(row)
    count = len(rows)
    lock.release()
    return count
`,
      after: `
import asyncio

async def add(rows: list[str], row: str) -> int:
    lock = asyncio.Lock()
    async with lock:
        rows.append(row)
        count = len(rows)
    return count
`,
    },
  ],

  on: ["call"],
  calls: Object.keys(OPENS),
  methods: ["acquire", "__aenter__"],

  find(node, { facts }): Found | undefined {
    if (facts.isTest) return undefined;
    const kept = keptOpen(node, facts);
    if (kept || !facts.isAsync(node)) return kept;
    const method = asMethodCall(node);
    if (method?.method === "__aenter__") return entered(node, facts);
    const call = asCall(node)!;
    if (method?.method === "acquire" && OPENS[facts.nameOf(call.callee) ?? ""] === undefined)
      return acquired(node, facts);
    return opened(node, facts);
  },

  message({ kind, held, taken, close }) {
    const shown = `\`${excerpt(held.text.replaceAll(/\s+/g, " "), 50)}\``;
    switch (kind) {
      case "enter":
        return `${shown} is entered by hand: if something fails before it is left again, it stays open. \`async with\`, or an AsyncExitStack, leaves it in any case.`;
      case "lock":
        return `${shown} stays locked for ever if something above \`release()\` fails; \`async with\` releases it in any case.`;
      case "kept":
        return `Nothing closes \`${excerpt(asAssignment(taken)?.targets[0]?.text ?? held.text, 40)}\`: its connections stay open until the program ends; close it where the program shuts down.`;
      case "tried":
        return `\`async with ${shown.slice(1, -1)}:\` does what this acquire() and the finally do.`;
      default:
        return close
          ? `${shown} stays open if something above \`${close}()\` fails; ${kind === "block" ? "`async with`" : "a try with finally"} closes it in any case.`
          : `${shown} is never closed; ${kind === "block" ? "`async with`" : "a try with finally"} closes it in any case.`;
    }
  },

  fix({ kind, taken, held, first, last, release, node }, { facts }) {
    if (kind === "enter") return declined("how far the block is to reach has to be decided");
    if (kind === "kept") return declined("when it is done with is not in sight");
    const openLines = linesOf(taken);
    const closeLines = release && linesOf(release);
    if (!release || !first || !last) return declined("where it is to be closed has to be decided");
    if (!openLines || !closeLines || hasComments(release)) return declined("a line holds several statements");
    // Lines that go take the comments behind them along.
    const going = [...(kind === "tried" ? [openLines] : []), ...(kind === "finally" ? [] : [closeLines])];
    const isLost = (it: Node) => going.some((lines) => lines.start <= it.start && it.end <= lines.end);
    if (taken.tree.root.comments.some(isLost)) return declined("a comment would be lost");
    const unit = indentUnit(taken, facts);
    const doubts = ["it is closed after an exception and an early return too"];
    if (kind === "tried") {
      const attempt = asTry(nextStatement(taken));
      if (!attempt || attempt.handlers.length > 0 || attempt.orElse)
        return declined("the try has an except or else of its own");
      const clause = release.ancestor("finally_clause");
      const finalizer = clause && linesOf(clause);
      const head = attempt.node.tree.text.slice(attempt.node.start, attempt.body.start);
      if (!finalizer || hasComments(clause) || !/^try:\s*$/.test(head)) return declined("a comment would be lost");
      const end = attempt.node.start + "try".length;
      return fixOf(
        "Use `async with`",
        [!facts.typeOf(held) && `\`${excerpt(held.text, 40)}\` must be a lock of asyncio`],
        [
          remove(openLines),
          replace({ tree: taken.tree, start: attempt.node.start, end }, `async with ${held.text}`),
          remove(finalizer),
        ],
      );
    }
    const body = { tree: first.tree, start: first.start, end: last.end };
    const own = indentOf(first);
    const { tree } = release;
    const gap = emptyLinesAtEnd(tree.text.slice(0, closeLines.start));
    if (kind === "finally")
      return fixOf("Close it in a finally", doubts, [
        insertBefore({ tree: first.tree, start: first.start - own.length, end: first.start }, `${own}try:\n`),
        ...indentLines(body, unit),
        ...(gap === "" ? [] : [remove({ tree, start: closeLines.start - gap.length, end: closeLines.start })]),
        replace(release, `finally:\n${own}${unit}${release.text}`),
      ]);
    const name = asAssignment(taken)?.targets[0];
    const header = name ? `async with ${node.text} as ${name.text}:` : `async with ${held.text}:`;
    if (name && facts.readsOf(name).some((it) => it.start > release.end))
      return declined(`\`${name.text}\` is used after it was closed`);
    return fixOf(
      "Use `async with`",
      [...doubts, kind === "lock" && !facts.typeOf(held) && `\`${excerpt(held.text, 40)}\` must be a lock of asyncio`],
      [replace(taken, header), ...indentLines(body, unit), removeWithGap(release) ?? remove(closeLines)],
    );
  },
});

interface Found extends Match {
  /** `enter`: \`__aenter__()\` by hand · `lock` · `tried`: a lock with a finally · `block` or `finally`: what closes it · `kept`: in an attribute or global name. */
  readonly kind: "enter" | "kept" | "lock" | "tried" | "block" | "finally";
  readonly evidence: Evidence;
  readonly weight: Weight;
  readonly node: Node;
  /** The statement that opens it. */
  readonly taken: Node;
  readonly held: Node;
  readonly close: string | undefined;
  readonly first: Node | undefined;
  readonly last: Node | undefined;
  readonly release: Node | undefined;
}

/** Clients that say so when they were not closed. */
const CLIENTS = new Set(["aiohttp.ClientSession", "httpx.AsyncClient"]);

/** `self.client = AsyncClient()` in a class that never closes it, or a private name of the module for it. */
function keptOpen(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node);
  const taken = statementOf(node);
  const [name, more] = asAssignment(taken)?.targets ?? [];
  const home = functionAround(node);
  if (!call || !name || more || !home || asAssignment(taken)!.value !== node) return undefined;
  if (!CLIENTS.has(facts.nameOf(call.callee) ?? "")) return undefined;
  const isLeft = name.kind === "attribute" ? isLeftByClass(name, home, facts) : isLeftByModule(name, facts);
  if (!isLeft) return undefined;
  return {
    at: call.callee,
    kind: "kept",
    evidence: name.kind === "attribute" ? "strong" : "fair",
    weight: "light",
    construct: node,
    node,
    taken,
    held: call.callee,
    close: undefined,
    first: undefined,
    last: undefined,
    release: undefined,
  };
}

function isLeftByClass(name: Node, home: Node, facts: Facts): boolean {
  const info = facts.classOf(home);
  const place = facts.placeOf(name);
  return (
    info !== undefined &&
    place !== undefined &&
    !info.isDynamic &&
    info.def.bases.length === 0 &&
    !info.methods.some((it) => ENDS.test(it.def.name)) &&
    place.readsElsewhere.length === 0 &&
    place.uses.every((it) => /^(?:method|attribute|compared|tested)$/.test(it.kind) && !ENDS.test(it.name ?? ""))
  );
}

/** Behind a public name, or a public function that gives it, others may close it. */
function isLeftByModule(name: Node, facts: Facts): boolean {
  if (!/^_[a-z]/.test(name.text) || !facts.isRemote(name) || facts.bindingOf(name)?.scope.kind !== "module")
    return false;
  return facts.usesOf(name).every((it) => {
    if (it.kind === "returned") return asFunction(functionAround(it.node))?.name.startsWith("_") === true;
    return /^(?:method|attribute|compared|tested)$/.test(it.kind) && !ENDS.test(it.name ?? "");
  });
}

const ENDS = /close(?!d)|exit|__del__|disconnect|shutdown|stop|finish|clean|release|dispose|teardown|quit/i;

/** Classes that are managers themselves keep what they enter, and functions that open something for others. */
const MANAGES = /^(?:__aenter__|__anext__|_?(?:start|connect|open|enter|initiali[sz]e|setup|ensure)\w*)$/;

function entered(node: Node, facts: Facts): Found | undefined {
  const { object, methodNode } = asMethodCall(node)!;
  const def = asFunction(functionAround(node));
  if (
    object.kind !== "identifier" ||
    !def ||
    MANAGES.test(def.name) ||
    object.text === "self" ||
    object.text === "super()"
  )
    return undefined;
  // Somebody takes it along, and leaves it there.
  if (facts.usesOf(object).some((it) => KEPT.test(it.kind) || isGivenAway(it))) return undefined;
  return {
    at: methodNode,
    kind: "enter",
    evidence: "strong",
    weight: "heavy",
    construct: node,
    node,
    taken: statementOf(node),
    held: object,
    close: undefined,
    first: undefined,
    last: undefined,
    release: undefined,
  };
}

function acquired(node: Node, facts: Facts): Found | undefined {
  const { object, methodNode, args } = asMethodCall(node)!;
  const taken = statementOf(node);
  if (
    node.parent?.kind !== "await" ||
    taken.children[0] !== node.parent ||
    taken.kind !== "expression_statement" ||
    args.length > 0
  )
    return undefined;
  const type = facts.typeOf(object)?.name;
  const evidence: Evidence | undefined = type
    ? /^asyncio\.(?:Lock|Condition)$/.test(type)
      ? "proof"
      : undefined
    : /(?:^|_)(?:lock|mutex)$/i.test(lastName(object))
      ? "fair"
      : undefined;
  if (!evidence) return undefined;
  const first = nextStatement(taken);
  const attempt = asTry(first);
  const isRelease = (it: Node) => asMethodCall(it.children[0], "release")?.object.text === object.text;
  const isAcquire = (it: Node) =>
    it.children[0]?.kind === "await" &&
    asMethodCall(it.children[0].children[0], "acquire")?.object.text === object.text;
  const found = { at: methodNode, construct: node, node, taken, held: object, close: "release", evidence };
  if (attempt) {
    const [only, more] = attempt.finalizer
      ? statementsOf(attempt.finalizer.field("body") ?? attempt.finalizer.descendants("block")[0] ?? attempt.finalizer)
      : [];
    return only && !more && isRelease(only)
      ? { ...found, kind: "tried", weight: "light", first, last: first, release: only }
      : undefined;
  }
  for (let at = first, last: Node | undefined; at; last = at, at = nextStatement(at)) {
    // It waits for itself here: which of the two is released is not told apart.
    if (isAcquire(at)) return undefined;
    if (isRelease(at)) return last ? { ...found, kind: "lock", weight: "heavy", first, last, release: at } : undefined;
    if (at.text.includes(`${object.text}.release`) || at.kind === "return_statement") return undefined;
  }
  return undefined;
}

function opened(node: Node, facts: Facts): Found | undefined {
  const call = asCall(node)!;
  const { close, isBlock } = OPENS[facts.nameOf(call.callee) ?? ""] ?? {};
  const value = node.parent?.kind === "await" ? node.parent : node;
  const taken = statementOf(node);
  const assignment = asAssignment(taken);
  const [name, more] = assignment?.targets ?? [];
  if (!close || !name || more || name.kind !== "identifier" || !assignment?.value || unwrap(assignment.value) !== value)
    return undefined;
  if (facts.isRemote(name) || facts.writesOf(name).length > 1) return undefined;
  const uses = facts.usesOf(name);
  if (uses.some((it) => KEPT.test(it.kind) || isGivenAway(it) || functionAround(it.in) !== functionAround(node)))
    return undefined;
  const closes = uses.filter((it) => it.kind === "method" && close.test(it.name ?? ""));
  // Somebody else may close what is handed on, and a block of its own does.
  if (closes.length === 0 && uses.some((it) => it.kind === "argument" || it.kind === "other")) return undefined;
  const [only] = closes;
  const kind = isBlock ? ("block" as const) : ("finally" as const);
  const found = {
    at: call.callee,
    kind,
    evidence: "proof" as const,
    weight: "heavy" as const,
    construct: node,
    node,
    taken,
    held: call.callee,
    close: only?.name,
  };
  if (!only) return { ...found, first: undefined, last: undefined, release: undefined };
  const release = statementOf(only.in);
  if (
    closes.some(
      (it) => it.in.ancestor("finally_clause", "except_clause", "function_definition")?.kind !== "function_definition",
    )
  )
    return undefined;
  const first = nextStatement(taken);
  if (closes.length > 1 || release.parent !== taken.parent || !first || first === release)
    return closes.length > 1 ? undefined : { ...found, first: undefined, last: undefined, release: undefined };
  let last = first;
  for (let at = nextStatement(first); at && at !== release; at = nextStatement(at)) last = at;
  return { ...found, first, last, release };
}

const KEPT = /^(?:returned|yielded|attribute-store|element|assigned|subscript-store|context)$/;
const isGivenAway = (it: Use): boolean => it.kind === "argument" && KEEPS.test(asCall(it.call)?.callee.text ?? "");
const KEEPS =
  /(?:append|add|setdefault|enter_async_context|push_async_callback|push|closing|aclosing|append_task|partial)$/;
