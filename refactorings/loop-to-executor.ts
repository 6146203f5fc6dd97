/** A loop whose turns do not need each other hands them to an executor: threads where a turn may wait, processes where it only computes. */

import {
  asAssignment,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asTurnFunction,
  asWith,
  changesShared,
  comprehension,
  defineRefactoring,
  expressionOf,
  fillingOf,
  functionAround,
  gatheringOf,
  hasComments,
  headOf,
  importName,
  indentOf,
  indentUnit,
  insertBefore,
  isComprehensible,
  isComputing,
  isQuick,
  mayRunInProcess,
  removeStatement,
  replace,
  startsLine,
  statementOf,
  turnList,
  turnName,
  turnOf,
  unwrap,
  waitsOutside,
  usesOneAtATime,
  writesOnePlace,
  type Call,
  type Edit,
  type Facts,
  type File,
  type Filling,
  type ForLoop,
  type Gathering,
  type Node,
  type Turn,
} from "../analysis/authoring.js";

type Form =
  /** `results.append(load(path))`, or `load(path)` alone. */
  | { readonly kind: "call"; readonly call: Call; readonly gathering: Gathering; readonly filling: Filling | undefined }
  /** `[load(path) for path in paths]` is assigned or returned. */
  | { readonly kind: "comprehension"; readonly call: Call; readonly target: Node; readonly iterable: Node }
  /** More happens in a turn: the body becomes a function. */
  | { readonly kind: "body"; readonly turn: Turn };

type Match = Form & { readonly node: Node; readonly usesProcesses: boolean };

export default defineRefactoring({
  title: "Loop with independent iterations to executor",
  guide: "futures",
  kind: "rewrite",
  on: ["for_statement", "list_comprehension", "expression_statement", "return_statement"],
  reach: "inside",

  example: {
    before: `
from urllib.request import urlopen

def size(url: str) -> int:
    with urlopen(url) as answer:
        return len(answer.read())

def sizes(urls: list[str]) -> list[int]:
    found = []
    for url in urls:
        ‸found.append(size(url))
    return found
`,
    after: `
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

def size(url: str) -> int:
    with urlopen(url) as answer:
        return len(answer.read())

def sizes(urls: list[str]) -> list[int]:
    with ThreadPoolExecutor() as pool:
        found = list(pool.map(size, urls))
    return found
`,
  },

  find(around, _selection, file): Match | undefined {
    const { facts } = file;
    const node = around.kind === "return_statement" ? around.children[0] : (asAssignment(around)?.value ?? around);
    if (!node || (node !== around && node.kind !== "list_comprehension")) return undefined;
    const loop = asFor(node);
    const clause = asComprehension(node)?.clauses[0];
    const { target, iterable } = loop ?? clause ?? {};
    if (facts.isAsync(node) || facts.isTest || !target || !iterable || !isFree(target, iterable, node, facts))
      return undefined;
    for (const form of loop ? ofLoop(loop, facts) : ofComprehension(node)) {
      const usesProcesses = form.kind !== "body" && isComputing(form.call, facts);
      const match = { ...form, node, usesProcesses };
      if ((!usesProcesses || mayMove(match, facts)) && editsFor(match, file)) return match;
    }
    return undefined;
  },

  offer: (match) => {
    const callee = match.kind === "body" ? undefined : match.call.callee.text;
    const work =
      callee === undefined || !/^[\w.]{1,40}$/.test(callee)
        ? "the iterations of this loop"
        : `\`${callee}\` for all items`;
    return `Run ${work} in ${match.usesProcesses ? "processes" : "threads"}`;
  },

  doubt: ({ usesProcesses }) =>
    usesProcesses
      ? "Arguments and results are pickled, starting processes takes time, and the script that is run needs a main guard. After an error other iterations still run."
      : "Iterations run in parallel, in no fixed order: none may need the result of another, and what they share must be safe for several threads; threads are faster only while an iteration waits. After an error other iterations still run.",

  apply(match, file) {
    const made = editsFor(match, file);
    return made && { edits: made };
  },
});

/** Each turn works on its own item, waits for something outside or computes for long, and does not pause on purpose. */
function isFree(target: Node, iterable: Node, loop: Node, facts: Facts): boolean {
  const body = loop.field("body") ?? loop;
  const names = new Set(target.descendants("identifier").map((it) => it.text));
  const isRead = body.descendants("identifier").some((it) => names.has(it.text) && !it.isInside(target));
  const isPooled =
    asWith(loop.ancestor("with_statement"))?.items.some(({ value }) => /Executor|Pool/.test(value.text)) ?? false;
  const calls = body.descendants("call").map(asCall);
  const own = new Set([...names, ...body.descendants("assignment").flatMap((it) => it.field("left")?.text ?? [])]);
  const isShared = (it: Call | undefined) =>
    changesShared(it, facts) || writesOnePlace(it, own, facts) || usesOneAtATime(it, own, facts);
  if (calls.some(isShared)) return false;
  const isWork = calls.some((it) => waitsOutside(it, facts) || isComputing(it, facts));
  return (
    isRead &&
    !isPooled &&
    isWork &&
    facts.callsTo("time.sleep", body).length === 0 &&
    body.descendants("await", "yield").length === 0 &&
    iterable.descendants("identifier").every((it) => facts.isStableIn(it, body) !== "no")
  );
}

function ofLoop(loop: ForLoop, facts: Facts): readonly Form[] {
  const { node } = loop;
  if (loop.isAsync || loop.orElse || !startsLine(node)) return [];
  const filling = fillingOf(node, facts);
  const filled = filling?.kind === "list" && !filling.otherwise ? direct(filling.item.value, facts) : undefined;
  const gathering = gatheringOf(loop, true);
  const plain = gathering && direct(expressionOf(gathering.statement), facts);
  const isBusy = loop.body.descendants("call").some((it) => isComputing(asCall(it), facts));
  const turn = isBusy ? undefined : turnOf(loop, facts);
  return [
    ...(filling && filled ? [{ kind: "call", call: filled, gathering: filling.gathering, filling } as const] : []),
    ...(plain && !filled && asMethodCall(plain.node)?.method !== "append" && isComprehensible(gathering, facts)
      ? [{ kind: "call", call: plain, gathering, filling: undefined } as const]
      : []),
    ...(turn ? [{ kind: "body", turn } as const] : []),
  ];
}

/** A call whose operands are at hand: what they call in their turn would not run in the pool. */
function direct(value: Node | undefined, facts: Facts): Call | undefined {
  const call = asCall(value && unwrap(value));
  const operands = call && [call.callee, ...call.args, ...call.keywords.values()];
  const isPlain = operands?.every(
    (it) =>
      it.descendants("lambda", "generator_expression").length === 0 &&
      it.descendants("call").every((inner) => isQuick(asCall(inner), facts)),
  );
  return call && isPlain && !isQuick(call, facts) ? call : undefined;
}

function ofComprehension(node: Node): readonly Form[] {
  const whole = asComprehension(node);
  const [clause, more] = whole?.clauses ?? [];
  const call = asCall(whole && unwrap(whole.element));
  const statement = statementOf(node);
  const isWhole =
    asAssignment(statement)?.value === node ||
    (statement.kind === "return_statement" && statement.children[0] === node);
  if (
    !whole ||
    !call ||
    !clause ||
    more ||
    clause.isAsync ||
    whole.conditions.length > 0 ||
    !isWhole ||
    !startsLine(statement) ||
    hasComments(statement) ||
    statement.text.includes("\n")
  )
    return [];
  return [{ kind: "comprehension", call, target: clause.target, iterable: clause.iterable }];
}

function mayMove(match: Match, facts: Facts): boolean {
  const { node } = match;
  const def = match.kind === "body" ? undefined : facts.functionNamed(match.call.callee);
  const guard = node.ancestor("if_statement");
  const isStarted =
    functionAround(node) !== undefined || (guard?.field("condition")?.text.includes("__name__") ?? false);
  return def !== undefined && mayRunInProcess(def, facts) && isStarted && !facts.isNotebook;
}

/** `pool.map(load, paths)`, where each call takes its item and nothing else, or one item of each of several. */
function mapped(call: Call, target: Node, iterable: Node, pool: string, facts: Facts): string | undefined {
  const names = target.kind === "identifier" ? [target] : target.children;
  const isItems =
    call.keywords.size === 0 &&
    !call.hasSplat &&
    call.args.map((it) => it.text).join() === names.map((it) => it.text).join() &&
    names.every((it) => it.kind === "identifier");
  if (!isItems || call.callee.descendants("identifier").some((it) => names.some((name) => name.text === it.text)))
    return undefined;
  const zip = target.kind === "identifier" ? undefined : asCall(iterable);
  const isZipped =
    zip &&
    facts.nameOf(zip.callee) === "builtins.zip" &&
    zip.keywords.size === 0 &&
    !zip.hasSplat &&
    zip.args.length === names.length;
  if (target.kind !== "identifier" && !isZipped) return undefined;
  const items = isZipped
    ? zip.args.map((it) => it.text).join(", ")
    : iterable.kind === "expression_list"
      ? `(${iterable.text})`
      : iterable.text;
  return `${pool}.map(${call.callee.text}, ${items})`;
}

function editsFor(match: Match, file: File): readonly Edit[] | undefined {
  const { facts } = file;
  const { node } = match;
  const executor = importName(
    file,
    "concurrent.futures",
    match.usesProcesses ? "ProcessPoolExecutor" : "ThreadPoolExecutor",
    node,
  );
  if (!executor || !facts.isBuiltin("list", node)) return undefined;
  const pool = facts.freshName("pool", node);
  const opened = `with ${executor.name}() as ${pool}:`;
  const made =
    match.kind === "call"
      ? ofCall(match, opened, pool, facts)
      : match.kind === "body"
        ? ofBody(match.turn, opened, pool, facts)
        : inStatement(match, opened, pool, facts);
  return made && [...executor.edits, ...made];
}

function inStatement(
  { node, call, target, iterable }: Match & { readonly kind: "comprehension" },
  opened: string,
  pool: string,
  facts: Facts,
): readonly Edit[] | undefined {
  const items = mapped(call, target, iterable, pool, facts);
  const statement = statementOf(node);
  return items === undefined
    ? undefined
    : [
        insertBefore(statement, `${opened}\n${indentOf(statement)}${indentUnit(statement, facts)}`),
        replace(node, `list(${items})`),
      ];
}

function ofCall(
  { node, call, gathering, filling }: Match & { readonly kind: "call" },
  opened: string,
  pool: string,
  facts: Facts,
): readonly Edit[] | undefined {
  const [indent, unit] = [indentOf(node), indentUnit(node, facts)];
  const start = filling && removeStatement(filling.start);
  const { loop, clauses } = gathering;
  const head = filling ? headOf(filling.assignment) : "";
  const items = clauses.length === 1 ? mapped(call, loop.target, loop.iterable, pool, facts) : undefined;
  if ((filling && !start) || hasComments(node)) return undefined;
  const submitted = comprehension(
    gathering,
    () => `${pool}.submit(${[call.callee.text, ...call.argumentList.children.map((it) => it.text)].join(", ")})`,
    `${unit}futures = `,
    facts.lineLength,
  );
  if (items === undefined && (submitted === undefined || call.argumentList.kind !== "argument_list")) return undefined;
  const lines =
    items !== undefined
      ? [opened, `${unit}${head}list(${items})`]
      : submission(opened, (all) => `${all} = ${submitted}`, filling && head, node, facts);
  return [...(start ? [start] : []), replace(node, lines.join(`\n${indent}`))];
}

function submission(
  opened: string,
  submitted: (name: string) => string,
  head: string | undefined,
  node: Node,
  facts: Facts,
): readonly string[] {
  const unit = indentUnit(node, facts);
  const [all, one] = [facts.freshName("futures", node), facts.freshName("future", node)];
  const collected =
    head === undefined
      ? [`for ${one} in ${all}:`, `${unit}${one}.result()`]
      : [`${head}[${one}.result() for ${one} in ${all}]`];
  return [opened, `${unit}${submitted(all).replaceAll("\n", `\n${unit}`)}`, ...collected];
}

function ofBody(turn: Turn, opened: string, pool: string, facts: Facts): readonly Edit[] | undefined {
  const {
    loop: { node, iterable },
    names,
    result,
  } = turn;
  const name = turnName(turn, facts);
  const items = iterable.kind === "expression_list" ? `(${iterable.text})` : iterable.text;
  const unit = indentUnit(node, facts);
  const submitted = (all: string) =>
    turnList(turn, all, `${pool}.submit(${name}, ${names.join(", ")})`, indentOf(node) + unit, unit, facts.lineLength);
  const lines =
    names.length === 1
      ? [opened, `${unit}${result?.head ?? ""}list(${pool}.map(${name}, ${items}))`]
      : submission(opened, submitted, result?.head, node, facts);
  return asTurnFunction(turn, `def ${name}`, lines.join("\n"));
}
