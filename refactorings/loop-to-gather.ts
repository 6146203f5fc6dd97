/** A loop that awaits in each turn becomes one wait for all turns together: `asyncio.gather`, or a task group where Python has them. */

import {
  asAssignment,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asTry,
  asTurnFunction,
  comprehension,
  defineRefactoring,
  expressionOf,
  fillingOf,
  gatheringOf,
  headOf,
  importModule,
  indentLines,
  indentOf,
  indentUnit,
  insertBefore,
  insteadOfFilling,
  isComprehensible,
  removeStatement,
  replace,
  startsLine,
  turnList,
  turnName,
  turnOf,
  turnsText,
  unwrap,
  wrapped,
  type Edit,
  type Facts,
  type Filling,
  type File,
  type Gathering,
  type Node,
  type Turn,
} from "../analysis/authoring.js";

type Match =
  /** `results.append(await read(item))` */
  | { readonly form: "filled"; readonly node: Node; readonly call: Node; readonly filling: Filling }
  /** `await write(item)` */
  | { readonly form: "plain"; readonly node: Node; readonly call: Node; readonly gathering: Gathering }
  /** `[await read(item) for item in items]` */
  | { readonly form: "comprehension"; readonly node: Node; readonly call: Node; readonly awaited: Node }
  /** More happens in a turn: the body becomes a coroutine function. */
  | { readonly form: "body"; readonly node: Node; readonly turn: Turn };

export default defineRefactoring({
  title: "Awaits in a loop to asyncio.gather",
  guide: "async-patterns",
  kind: "rewrite",
  on: ["for_statement", "list_comprehension", "expression_statement", "return_statement"],
  reach: "inside",
  rules: ["asyncio/sequential-awaits"],

  example: {
    before: `
import asyncio

async def size(path: str) -> int:
    await asyncio.sleep(0.1)
    return len(path)

async def sizes(paths: list[str]) -> list[int]:
    found = []
    for path in paths:
        ‸found.append(await size(path))
    return found
`,
    after: `
import asyncio

async def size(path: str) -> int:
    await asyncio.sleep(0.1)
    return len(path)

async def sizes(paths: list[str]) -> list[int]:
    found = await asyncio.gather(*(size(path) for path in paths))
    return found
`,
  },

  find(around, _selection, file): Match | undefined {
    const node = around.kind === "return_statement" ? around.children[0] : (asAssignment(around)?.value ?? around);
    if (
      !node ||
      (node !== around && node.kind !== "list_comprehension") ||
      !file.facts.isAsync(node) ||
      file.facts.isTest
    )
      return undefined;
    const matches = node.kind === "for_statement" ? ofLoop(node, file.facts) : ofComprehension(node, file.facts);
    return matches.find((it) => editsFor(it, file) !== undefined);
  },

  offer: (match) =>
    match.form === "body" || match.call.text.includes("\n")
      ? "Run the iterations of this loop at the same time"
      : `Await \`${match.call.text.split("(")[0]!.slice(-40)}\` for all items at the same time`,

  doubt(match, { facts }) {
    const failing = usesGroup(match, facts)
      ? "If one iteration fails, the others are cancelled, and the error is raised in an ExceptionGroup."
      : "If one iteration fails, the others keep running and nothing waits for them.";
    return `All iterations run at once and in no fixed order: none may need the result of another or share an object that serves only one at a time, and many of them need a semaphore. ${failing}`;
  },

  apply(match, file) {
    const made = editsFor(match, file);
    return made && { edits: made };
  },
});

/** The forms that the loop can be given, the plainest first. */
function ofLoop(node: Node, facts: Facts): readonly Match[] {
  const loop = asFor(node);
  const awaits = node.descendants("await");
  if (
    !loop ||
    loop.isAsync ||
    loop.orElse ||
    awaits.length === 0 ||
    loop.iterable.descendants("await").length > 0 ||
    !isFree(loop.target, loop.iterable, node, awaits, facts)
  )
    return [];
  const filling = fillingOf(node, facts, true);
  const filled = filling?.kind === "list" && !filling.otherwise ? onlyAwait(filling.item.value, awaits) : undefined;
  const gathering = gatheringOf(loop, true);
  const plain = gathering && onlyAwait(expressionOf(gathering.statement), awaits);
  const turn = turnOf(loop, facts);
  return [
    ...(filling && filled ? [{ form: "filled", node, call: filled, filling } as const] : []),
    ...(plain && isComprehensible(gathering, facts, true)
      ? [{ form: "plain", node, call: plain, gathering } as const]
      : []),
    ...(turn ? [{ form: "body", node, turn } as const] : []),
  ];
}

function ofComprehension(node: Node, facts: Facts): readonly Match[] {
  const whole = asComprehension(node);
  const awaited = whole && unwrap(whole.element);
  const call = awaited && onlyAwait(awaited, node.descendants("await"));
  const [clause] = whole?.clauses ?? [];
  if (
    !whole ||
    !awaited ||
    !call ||
    !clause ||
    whole.clauses.some((it) => it.isAsync) ||
    !isFree(clause.target, clause.iterable, node, [awaited], facts)
  )
    return [];
  return node.descendants("yield", "named_expression").length > 0 || node.comments.length > 0
    ? []
    : [{ form: "comprehension", node, call, awaited }];
}

/** The call that the one `await` of the loop waits for. */
function onlyAwait(node: Node | undefined, awaits: readonly Node[]): Node | undefined {
  const call =
    node?.kind === "await" && awaits.length === 1 && awaits[0] === node ? asCall(unwrap(node.children[0]!)) : undefined;
  return call?.node;
}

/** What one connection, stream or lock does one after another. */
const IN_TURN = /^(send(_\w+)?|write|drain|recv|receive|acquire|execute(many)?|commit|flush)$/;
const SHARED = /^asyncio\.(\w*Queue|Semaphore|Lock|Stream\w+)/;

/** Each turn asks about its own item, none takes turns, sleeps between two or changes what is looped over. */
function isFree(target: Node, iterable: Node, loop: Node, awaits: readonly Node[], facts: Facts): boolean {
  const names = new Set(target.descendants("identifier").map((it) => it.text));
  const isRead = (it: Node) =>
    it.descendants("identifier").some((name) => names.has(name.text) && !name.isInside(target));
  const isPaced = awaits.some((it) => {
    const call = asCall(unwrap(it.children[0]!));
    const method = call && asMethodCall(call.node);
    if (!call || facts.nameOf(call.callee) === "asyncio.sleep") return call !== undefined;
    if (!method || isRead(method.object)) return method !== undefined && method.method.startsWith("__");
    return (
      IN_TURN.test(method.method) ||
      /queue|lock|semaphore/i.test(method.object.text) ||
      SHARED.test(facts.typeOf(method.object)?.name ?? "")
    );
  });
  const body = loop.field("body") ?? loop;
  return (
    isRead(body) && !isPaced && iterable.descendants("identifier").every((it) => facts.isStableIn(it, body) !== "no")
  );
}

/** A task is made of a coroutine, so what is awaited must be one for sure; an `except` around would not see errors in a group. */
function usesGroup(match: Match, facts: Facts): boolean {
  if (match.form === "comprehension" || !facts.hasPython("3.11")) return false;
  for (let outer = match.node.parent; outer && outer.kind !== "function_definition"; outer = outer.parent)
    if (asTry(outer)) return false;
  return (
    match.form === "body" ||
    (!match.call.text.includes("\n") && facts.functionNamed(match.call.field("function")!)?.isAsync === true)
  );
}

function editsFor(match: Match, file: File): readonly Edit[] | undefined {
  const { node } = match;
  const asyncio = importModule(file, "asyncio", node);
  const isGroup = usesGroup(match, file.facts);
  const made =
    asyncio &&
    (match.form === "comprehension"
      ? inPlace(match, asyncio.name)
      : match.form === "body"
        ? extracted(match.turn, asyncio.name, isGroup, file.facts)
        : together(match, asyncio.name, isGroup, file.facts));
  return made && [...asyncio.edits, ...made];
}

function inPlace(
  { node, awaited, call }: Match & { readonly form: "comprehension" },
  asyncio: string,
): readonly Edit[] {
  const { tree, parent } = node;
  const gather = `await ${asyncio}.gather(*(${call.text}${tree.text.slice(wrapped(awaited).end, node.end - 1)}))`;
  const isPart = parent?.kind === "attribute" || (parent?.kind === "subscript" && node.fieldName === "value");
  return [replace(node, isPart ? `(${gather})` : gather)];
}

function together(
  match: Match & { readonly form: "filled" | "plain" },
  asyncio: string,
  isGroup: boolean,
  facts: Facts,
): readonly Edit[] | undefined {
  const { node, call } = match;
  if (!startsLine(node)) return undefined;
  const [indent, unit] = [indentOf(node), indentUnit(node, facts)];
  const group = facts.freshName("group", node);
  if (match.form === "plain") {
    const coroutines = isGroup
      ? ""
      : comprehension(match.gathering, call, `await ${asyncio}.gather(*)`, facts.lineLength, ["(", ")"]);
    if (coroutines === undefined) return undefined;
    if (!isGroup) return [replace(node, `await ${asyncio}.gather(*${coroutines})`)];
    const [, ...lines] = indentLines(node, unit);
    return [
      insertBefore(node, `async with ${asyncio}.TaskGroup() as ${group}:\n${indent}${unit}`),
      ...lines,
      replace(match.gathering.statement, `${group}.create_task(${call.text})`),
    ];
  }
  const { gathering, assignment, start } = match.filling;
  if (!isGroup) {
    const coroutines = comprehension(
      gathering,
      call,
      `${headOf(assignment)}await ${asyncio}.gather(*)`,
      facts.lineLength,
      ["(", ")"],
    );
    return coroutines === undefined
      ? undefined
      : insteadOfFilling(match.filling, `await ${asyncio}.gather(*${coroutines})`);
  }
  const line = removeStatement(start);
  const tasks = comprehension(
    gathering,
    () => `${group}.create_task(${call.text})`,
    `${unit}tasks = `,
    facts.lineLength,
  );
  return line && tasks !== undefined
    ? [
        line,
        replace(
          node,
          groupOf(group, (all) => `${all} = ${tasks}`, headOf(assignment), asyncio, node, facts).join(`\n${indent}`),
        ),
      ]
    : undefined;
}

function groupOf(
  group: string,
  tasks: (name: string) => string,
  head: string,
  asyncio: string,
  loop: Node,
  facts: Facts,
): readonly string[] {
  const unit = indentUnit(loop, facts);
  const [all, one] = [facts.freshName("tasks", loop), facts.freshName("task", loop)];
  return [
    `async with ${asyncio}.TaskGroup() as ${group}:`,
    `${unit}${tasks(all).replaceAll("\n", `\n${unit}`)}`,
    `${head}[${one}.result() for ${one} in ${all}]`,
  ];
}

function extracted(turn: Turn, asyncio: string, isGroup: boolean, facts: Facts): readonly Edit[] | undefined {
  const {
    loop: { node, iterable },
    names,
    result,
  } = turn;
  const [unit, group, name, turns] = [
    indentUnit(node, facts),
    facts.freshName("group", node),
    turnName(turn, facts),
    turnsText(turn),
  ];
  const call = `${name}(${names.join(", ")})`;
  if (!isGroup) {
    const isMap = names.length === 1 && facts.isBuiltin("map", node);
    const all = isMap
      ? `*map(${name}, ${iterable.kind === "expression_list" ? `(${iterable.text})` : iterable.text})`
      : `*(${call} ${turns})`;
    return asTurnFunction(turn, `async def ${name}`, `${result?.head ?? ""}await ${asyncio}.gather(${all})`);
  }
  const lines = result
    ? groupOf(
        group,
        (all) => turnList(turn, all, `${group}.create_task(${call})`, indentOf(node) + unit, unit, facts.lineLength),
        result.head,
        asyncio,
        node,
        facts,
      )
    : [
        `async with ${asyncio}.TaskGroup() as ${group}:`,
        `${unit}${turns}:`,
        `${unit}${unit}${group}.create_task(${call})`,
      ];
  return asTurnFunction(turn, `async def ${name}`, lines.join("\n"));
}
