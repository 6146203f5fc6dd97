/** Reads that do not need each other, awaited one after another. */

import {
  asAssignment,
  asAttribute,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asTry,
  asWith,
  between,
  declined,
  defineRule,
  expressionOf,
  importModule,
  indentOf,
  indentUnit,
  functionAround,
  isSharedClient,
  jumpsOf,
  looksLikeReading,
  nextStatement,
  onlyReads,
  onlyStatement,
  previousStatement,
  replace,
  startsLine,
  unwrap,
  weakest,
  type Call,
  type Evidence,
  type Facts,
  type File,
  type Fix,
  type ForLoop,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Independent awaits run one after another",
  why: "Each await waits until the one before it is done, so the waiting times add up. Independent reads that are started together take only as long as the slowest of them.",
  guide: "async-patterns",
  level: "info",
  gain: "time",
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def price(symbol: str) -> float:
    await asyncio.sleep(0.1)
    return len(symbol) * 10.0

async def spread() -> float:
    first = await price("ABC")
    second = await price("WXYZ")
    return second - first
`,
      after: `
import asyncio

async def price(symbol: str) -> float:
    await asyncio.sleep(0.1)
    return len(symbol) * 10.0

async def spread() -> float:
    first, second = await asyncio.gather(price("ABC"), price("WXYZ"))
    return second - first
`,
    },
  ],

  on: ["expression_statement", "for_statement", "list_comprehension", "dictionary_comprehension"],
  words: ["await"],

  find(node, { facts }) {
    if (!facts.isAsync(node) || facts.isTest || isSaid(node)) return undefined;
    if (node.kind !== "expression_statement") {
      const read = collected(node);
      const known = read && evidenceOf(read, facts, itemsOf(node));
      // What stands between, and is written down after it, is known to nobody: such a loop is worth a look.
      const asked = known ? undefined : (askedPerItem(node, facts) ?? toldEach(node));
      const call = known ? read : asked;
      const likely = known ?? (asked && evidenceOfAsked(asked, facts));
      if (!call || !likely) return undefined;
      const evidence: Evidence = isFree(node, facts, likely) ? likely : "fair";
      if (!isFree(node, facts, evidence)) return undefined;
      const weight = facts.sizeOf(iterableOf(node)!) === "light" ? "light" : weightOf(node, facts);
      const isTold = asked !== undefined && isTelling(asked);
      return { at: call.callee, evidence, weight, construct: node, steps: [], related: [], isTold };
    }
    const [first, ...others] = runFrom(node, facts);
    const evidence = weakest(first?.evidence, ...others.map((it) => it.evidence));
    if (!first || others.length === 0 || !evidence || !isFree(node, facts, evidence)) return undefined;
    // Where the turns around can wait together, that is the larger gain, and is said there.
    const loop = facts.loopAround(node);
    if (loop && askedPerItem(loop, facts)) return undefined;
    return {
      at: first.call.callee,
      evidence,
      weight: weightOf(node, facts),
      steps: [first, ...others],
      isTold: false,
      related: others.map(({ call }) => ({
        at: call.callee,
        message: "This await waits for the one before it without needing its result.",
      })),
    };
  },

  message({ at, steps, evidence, isTold }) {
    if (isTold)
      return `\`${at.text}\` waits for one receiver after the other, and a slow one holds up all that follow; gather tells them all at once.`;
    if (evidence === "fair")
      return steps.length === 0
        ? `Each iteration waits for the one before; if the calls of \`${at.text}\` do not depend on each other, they can run at once (gather, and a semaphore for many).`
        : `\`${steps[1]!.target.text}\` is asked for when \`${steps[0]!.target.text}\` has arrived; if the two do not depend on each other, await them together.`;
    if (steps.length === 0)
      return `Each iteration waits for the one before; \`${at.text}\` can run for several items at once (gather, and a semaphore for many).`;
    return `\`${steps[0]!.target.text}\` and \`${steps[1]!.target.text}\` do not need each other; await them together so that they wait at the same time.`;
  },

  fix({ steps }, file) {
    const [first] = steps;
    const last = steps.at(-1);
    if (!first || !last) return declined("how many items may run at once is yours to say");
    if (steps.some((it) => it.isAnnotated)) return declined("a name is annotated where it is assigned");
    if (steps.some((it) => !startsLine(it.statement) || it.call.node.text.includes("\n")))
      return declined("the awaits do not stand on one line each");
    const span = between(first.statement, last.statement);
    if (span.tree.commentsIn(span).length > 0) return declined("a comment would be lost");
    const asyncio = importModule(file, "asyncio", first.target);
    if (!asyncio) return declined("the name `asyncio` means something else here");
    const isRescued = first.statement.ancestor("try_statement", "function_definition")?.kind === "try_statement";
    if (steps.some((it) => triedAlone(it.statement))) return declined("each has its own way with errors");
    const made =
      file.facts.hasPython("3.11") && !isRescued
        ? inGroup(steps, asyncio.name, file)
        : gathered(steps, asyncio.name, file);
    const isKnown = steps.every((it) => it.evidence === "proof");
    const doubts = isKnown ? made.doubts : ["neither may change what the other one asks for", ...made.doubts];
    return { ...made, doubts, edits: [...asyncio.edits, replace(span, made.text)] };
  },
});

interface Step {
  readonly statement: Node;
  readonly target: Node;
  readonly call: Call;
  readonly isAnnotated: boolean;
  readonly evidence: Evidence;
}

/** How sure it is that the call only asks for something. */
function evidenceOf(call: Call, facts: Facts, items: readonly string[] = []): Evidence | undefined {
  return onlyReads(call, facts) ? "proof" : looksLikeReading(call, facts, items) ? "fair" : undefined;
}

/** `name = await read(…)`. */
function stepOf(statement: Node | undefined, facts: Facts): Step | undefined {
  const assignment = statement && asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  const value = assignment?.value;
  if (!statement || target?.kind !== "identifier" || more || value?.kind !== "await") return undefined;
  const call = asCall(unwrap(value.children[0]!));
  const evidence = call && evidenceOf(call, facts);
  return evidence && { statement, target, call, isAnnotated: assignment!.annotation !== undefined, evidence };
}

/** The run of steps that begins at a statement, as far as none needs an earlier one or asks the same again. */
function runFrom(statement: Node, facts: Facts): readonly Step[] {
  if (asAssignment(statement)?.value?.kind !== "await") return [];
  const before = previousStatement(triedAlone(statement) ?? statement);
  if (stepOf(before && (triedIn(before) ?? before), facts)) return [];
  const steps: Step[] = [];
  for (let step = stepOf(statement, facts); step; step = stepOf(following(step.statement), facts)) {
    const names = step.statement.descendants("identifier").map((it) => it.text);
    const { text } = step.call.node;
    if (steps.some((it) => names.includes(it.target.text) || it.call.node.text === text)) break;
    steps.push(step);
  }
  return steps;
}

function following(statement: Node): Node | undefined {
  const next = nextStatement(triedAlone(statement) ?? statement);
  return next && (triedIn(next) ?? next);
}

/** The one statement in a `try` after which the code goes on, whether or not it failed. */
function triedIn(statement: Node): Node | undefined {
  const tried = asTry(statement);
  return tried && !tried.orElse && !tried.finalizer && tried.handlers.every(({ body }) => staysHere(body))
    ? onlyStatement(tried.body)
    : undefined;
}

/** The `try` around a statement that is alone in it. */
function triedAlone(statement: Node): Node | undefined {
  const around = statement.ancestor("try_statement", "function_definition");
  return around && triedIn(around) === statement ? around : undefined;
}

const staysHere = (handler: Node): boolean =>
  handler.descendants("return_statement", "raise_statement", "break_statement", "continue_statement", "await")
    .length === 0;

/** `[await read(x) for x in items]`, and a loop that only appends such a result. */
function collected(node: Node): Call | undefined {
  const loop = asFor(node);
  const comprehension = asComprehension(node);
  if (loop) {
    const only = onlyStatement(loop.body);
    const append = only && asMethodCall(expressionOf(only), "append");
    if (loop.isAsync || loop.orElse || !append || append.args.length !== 1) return undefined;
    return awaited(append.args[0]!, loop.target, append.object.text);
  }
  const [clause, more] = comprehension?.clauses ?? [];
  const value = comprehension?.kind === "dict" ? comprehension.element.field("value") : comprehension?.element;
  return value && clause && !more && !clause.isAsync && comprehension?.conditions.length === 0
    ? awaited(value, clause.target)
    : undefined;
}

/** The same question again and again is polling, and a question about the answers so far is no independent one. */
function awaited(node: Node, item: Node, results?: string): Call | undefined {
  const call = node.kind === "await" ? asCall(unwrap(node.children[0]!)) : undefined;
  const names = call?.argumentList.descendants("identifier").map((it) => it.text) ?? [];
  const asksAboutItem = item.descendants("identifier").some((it) => names.includes(it.text));
  return asksAboutItem && (results === undefined || !names.includes(results)) ? call : undefined;
}

/** A loop whose turns ask once, about the item and about nothing that an earlier turn made. */
function askedPerItem(node: Node, facts: Facts): Call | undefined {
  const loop = asFor(node);
  if (!loop) return undefined;
  const isQuestion = (it: Call) => isClientCall(it, facts) || looksLikeReading(it, facts, itemsOf(node));
  const call = soleQuestion(loop, facts);
  // A name that tells a question is the rarest of all that is asked for.
  if (call) return isQuestion(call) && standsAlone(loop, call.node) ? call : undefined;
  // Several questions of a turn wait for each other, as they may need what came before; the turns do not.
  const awaits = loop.body.descendants("await", "with_statement");
  const asked = awaits.map((it) => (it.kind === "await" ? asCall(unwrap(it.children[0]!)) : undefined));
  return asked.every((it) => it && isQuestion(it) && standsAlone(loop, it.node)) ? asked[0] : undefined;
}

/** What a client that many tasks may use at a time only asks for. */
const evidenceOfAsked = ({ node }: Call, facts: Facts): Evidence =>
  asMethodCall(node, "get", "head") && isSharedClient(node, facts) ? "strong" : "fair";

/** Each turn is for itself: it ends no search, and what it asks with is of its own item. */
function standsAlone(loop: ForLoop, call: Node): boolean {
  if (loop.isAsync || loop.orElse || functionAround(call) !== functionAround(loop.node)) return false;
  if (loop.body.descendants("return_statement", "yield").length > 0) return false;
  // Whoever times each answer by itself wants them one by one.
  if (loop.body.descendants("call").some((it) => it.start < call.start && CLOCK.test(asCall(it)?.callee.text ?? "")))
    return false;
  if (jumpsOf(loop.node).some((it) => it.kind === "break_statement")) return false;
  for (let around = call.parent; around && around !== loop.body; around = around.parent)
    if (asWith(around)?.items.some(({ value }) => value !== call && EXCLUSIVE.test(withoutClients(value))))
      return false;
  const made = madeOf(loop, call);
  const names = namesIn(call);
  if (!names.some((it) => made.fromItem.has(it))) return false;
  const tests = loop.body.descendants("if_statement").filter((it) => it.start < call.start);
  const asked = [...names, ...tests.flatMap((it) => namesIn(it.field("condition")))];
  return !asked.some((it) => made.carried.has(it));
}

const CLOCK = /(?:^|\.)(?:time|monotonic|perf_counter)(?:_ns)?$/;

const withoutClients = (value: Node): string => value.text.replace(/\b(?:Client|Async)Session\b/g, "");

/** The one call that a turn waits for; what only reads its answer counts as part of it: `async with session.get(url) as page: await page.text()`. */
function soleQuestion({ body }: ForLoop, facts: Facts): Call | undefined {
  const awaits = body.descendants("await").map((it) => asCall(unwrap(it.children[0]!)));
  const opened = body.descendants("with_statement").filter((it) => asWith(it)?.isAsync);
  const asking = opened.flatMap((it) =>
    asWith(it)!.items.flatMap(({ value, alias }) => {
      const call = asCall(value);
      return call && isClientCall(call, facts) ? [{ call, alias, node: it }] : [];
    }),
  );
  const [asked, more] = asking;
  if (more) return undefined;
  const answer = asked ? asked.alias?.text : answerOf(awaits[0]);
  const rest = asked ? awaits : awaits.slice(1);
  const isRead = (it: Call | undefined) => {
    const read = it && asMethodCall(it.node, "json", "text", "read", "aread");
    return read !== undefined && read.object.text === answer;
  };
  return rest.every(isRead) ? (asked?.call ?? awaits[0]) : undefined;
}

/** `answer = await client.get(…)`: the name of what comes back. */
function answerOf(call: Call | undefined): string | undefined {
  const assignment = asAssignment(call?.node.ancestor("assignment"));
  const [target, more] = assignment?.targets ?? [];
  return assignment?.value?.kind === "await" &&
    asCall(unwrap(assignment.value.children[0]!))?.node === call?.node &&
    !more
    ? target?.text
    : undefined;
}

/** A request of an asynchronous HTTP client, by its type, or by what it is called in a file that has such clients. */
function isClientCall({ node }: Call, facts: Facts): boolean {
  const method = asMethodCall(node, "get", "head", "options", "post");
  if (!method) return false;
  const type = facts.typeOf(method.object)?.name;
  if (type !== undefined) return /^(?:aiohttp\.ClientSession|httpx2?\.AsyncClient)$/.test(type);
  return (
    ["aiohttp", "httpx"].some((it) => facts.view.imports(it)) && /(?:client|session|http)$/i.test(method.object.text)
  );
}

/** `for socket in sockets: await socket.send_text(message)`: each is told by itself. */
function toldEach(node: Node): Call | undefined {
  const loop = asFor(node);
  const [only, more] = loop?.body.descendants("await") ?? [];
  const call = only && !more ? asCall(unwrap(only.children[0]!)) : undefined;
  if (!loop || !call || !isTelling(call) || only!.parent?.kind !== "expression_statement") return undefined;
  const receiver = /^\w+/.exec(asMethodCall(call.node)!.object.text)?.[0] ?? "";
  return namesIn(loop.target).includes(receiver) && standsAlone(loop, call.node) ? call : undefined;
}

const isTelling = ({ node }: Call): boolean =>
  asMethodCall(node, "send", "send_text", "send_json", "send_bytes", "send_str", "send_message") !== undefined;

/** A dotted name among them as a whole too: `self.seen`. */
function namesIn(node: Node | undefined): readonly string[] {
  if (!node) return [];
  return [node, ...node.descendants("identifier", "attribute")].map((it) => it.text);
}

/** Names that a turn makes of its item before the call, and those that a turn leaves changed for the next one. */
function madeOf(loop: ForLoop, call: Node): { readonly fromItem: Set<string>; readonly carried: Set<string> } {
  const fromItem = new Set([loop.target, ...loop.target.descendants("identifier")].map((it) => it.text));
  const carried = new Set<string>();
  for (const statement of loop.body.descendants("assignment", "augmented_assignment")) {
    const target = statement.field("left");
    const value = statement.field("right");
    const names = target ? [target, ...target.descendants("identifier")] : [];
    const isOfItem = [value, ...(value?.descendants("identifier") ?? [])].some((it) => it && fromItem.has(it.text));
    const isNew = statement.kind === "assignment" && target?.kind !== "subscript" && target?.kind !== "attribute";
    for (const { text } of names)
      if (isNew && statement.end <= call.start) {
        if (isOfItem) fromItem.add(text);
      } else if (!fromItem.has(text)) carried.add(text);
  }
  for (const it of loop.body.descendants("call")) {
    const grown = asMethodCall(
      it,
      "append",
      "add",
      "extend",
      "update",
      "insert",
      "pop",
      "remove",
      "appendleft",
    )?.object;
    if (grown && !fromItem.has(grown.text)) carried.add(grown.text);
  }
  return { fromItem, carried };
}

/** Not inside a lock, transaction or limit, nor in a loop that polls or takes results as they come. */
function isFree(node: Node, facts: Facts, evidence: Evidence): boolean {
  const isPlain = (it: Node) => isPlainIterable(it, facts) || (evidence === "fair" && !ARRIVING.test(it.text));
  const isOpen = (it: Node) => isSharedClient(it, facts) || (evidence === "fair" && !EXCLUSIVE.test(it.text));
  for (let around = node.parent; around && around.kind !== "function_definition"; around = around.parent) {
    if (
      around.kind === "while_statement" ||
      asFor(around)?.isAsync ||
      (asFor(around) && !isPlain(asFor(around)!.iterable))
    )
      return false;
    if (around.kind === "with_statement" && !asWith(around)?.items.every((it) => isOpen(it.value))) return false;
  }
  const iterable = iterableOf(node);
  return iterable === undefined || isPlain(iterable);
}

/** What comes one after another, as it is ready. */
const ARRIVING = /as_completed|stream|\bi?iter|paginat|wait/i;
/** Lets in one task at a time, or keeps the order of what is done inside. */
const EXCLUSIVE = /lock|sem|limit|transaction|begin|acquire|connect|session|throttle|open|playwright|browser/i;

function iterableOf(node: Node): Node | undefined {
  return asFor(node)?.iterable ?? asComprehension(node)?.clauses[0]?.iterable;
}

/** What the loop or comprehension calls its item. */
function itemsOf(node: Node): readonly string[] {
  return namesIn(asFor(node)?.target ?? asComprehension(node)?.clauses[0]?.target);
}

/** The waiting time adds up at any size; only what runs once does not matter. */
function weightOf(node: Node, facts: Facts): Weight {
  return facts.weightOf(node) === "light" ? "light" : "heavy";
}

function isPlainIterable(iterable: Node, facts: Facts): boolean {
  const node = unwrap(iterable);
  return node.kind === "identifier" || asAttribute(node) !== undefined || facts.isPure(node) === "yes";
}

function gathered(
  steps: readonly Step[],
  asyncio: string,
  { facts }: File,
): Omit<Fix, "edits"> & { readonly text: string } {
  const { statement } = steps[0]!;
  const names = steps.map((it) => it.target.text).join(", ");
  const written = steps.map((it) => it.call.node.text);
  const line = `${names} = await ${asyncio}.gather(${written.join(", ")})`;
  const own = indentOf(statement);
  const inner = own + indentUnit(statement, facts);
  const text =
    own.length + line.length <= facts.lineLength
      ? line
      : `${names} = await ${asyncio}.gather(\n${written.map((it) => `${inner}${it},\n`).join("")}${own})`;
  return {
    title: "Await them together",
    doubts: ["if one fails, the others keep running and nothing waits for them"],
    text,
  };
}

function inGroup(
  steps: readonly Step[],
  asyncio: string,
  { facts }: File,
): Omit<Fix, "edits"> & { readonly text: string } {
  const { statement } = steps[0]!;
  const own = indentOf(statement);
  const unit = indentUnit(statement, facts);
  const group = facts.freshName("group", statement);
  const tasks = steps.map((it) => ({
    name: facts.freshName(`${it.target.text}_task`, statement),
    call: it.call.node.text,
  }));
  const lines = [
    `async with ${asyncio}.TaskGroup() as ${group}:`,
    ...tasks.map(({ name, call }) => `${unit}${name} = ${group}.create_task(${call})`),
    `${steps.map((it) => it.target.text).join(", ")} = ${tasks.map(({ name }) => `${name}.result()`).join(", ")}`,
  ];
  return {
    title: "Await them together",
    doubts: ["errors are raised as an ExceptionGroup"],
    text: lines.join(`\n${own}`),
  };
}

/** One after the other by name. */
const isSaid = (node: Node): boolean =>
  /sequential|one_by_one|serial(?:ly)?$/.test(functionAround(node)?.field("name")?.text ?? "");
