/** A call in a coroutine that is awaited in another thread instead, and whether anybody waits for it at all. */

import type { Facts } from "../semantics/facts.js";
import { useOf, type Use } from "../semantics/uses.js";
import { asCall, unwrap, wrapped, type Call } from "../syntax/expressions.js";
import { asFunction, asWith, functionAround, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { replace } from "../rule/edits.js";
import type { File, Fix } from "../rule/rule.js";

/** Ahead of the first await of the coroutine that the program runs no other task has had its turn; one that was made may wait while a file is opened, not while the thread sleeps. */
export function isAheadOfTasks(node: Node, isOpening: boolean, facts: Facts): boolean {
  const def = programAround(node, facts);
  const isRepeated = facts.loopsAround(node).some((it) => it.hasToken("async") || it.descendants("await").length > 0);
  return (
    def !== undefined &&
    !isRepeated &&
    ![...def.body.descendants("await", "for_statement", "with_statement")].some(
      (it) => it.start < node.start && (it.kind === "await" || it.hasToken("async")),
    ) &&
    (isOpening || !/create_task|ensure_future|start_soon/.test(def.body.text.slice(0, node.start - def.body.start)))
  );
}

/** The coroutine around a node, where all that is done with it is to run it as a program. */
function programAround(node: Node, facts: Facts): FunctionDef | undefined {
  const def = asFunction(functionAround(node));
  const uses = def ? usesOfFunction(def, facts).map((it) => (it.kind === "call" ? useOf(it.in) : it)) : [];
  const isRun = (it: Use) => {
    const call = it.kind === "argument" ? asCall(it.call) : undefined;
    return (
      call !== undefined && /^asyncio\.run$|run_until_complete$/.test(facts.nameOf(call.callee) ?? call.callee.text)
    );
  };
  return uses.length > 0 && uses.every(isRun) ? def : undefined;
}

/** A coroutine of the program, in a file that never has two things done at once: nobody else would have the loop. */
export function isOnlyTask(node: Node, facts: Facts): boolean {
  if (isBeforeServing(node)) return true;
  if (facts.fileMatches(SEVERAL)) return false;
  return programAround(node, facts) !== undefined || isAwaitedByProgram(asFunction(functionAround(node)), facts, 3);
}

/** `@app.on_event("startup")`, and what stands above the `yield` of a lifespan: no request is served yet. */
function isBeforeServing(node: Node): boolean {
  const def = asFunction(functionAround(node));
  const decorators = def?.decorators.map((it) => it.text).join("\n") ?? "";
  if (/\bon_event\(\s*["']startup["']/.test(decorators)) return true;
  const [handsOver] = /\basynccontextmanager\b/.test(decorators) ? def!.body.descendants("yield") : [];
  return handsOver !== undefined && node.end < handsOver.start;
}

/** Those of a method that is private to its class go by its name. */
function usesOfFunction(def: FunctionDef, facts: Facts): readonly Use[] {
  if (facts.classOf(def.node) === undefined) return facts.usesOf(def.nameNode);
  return /^_(?!_\w+__$)/.test(def.name) ? facts.view.attributesOf(def.name).map(useOf) : [];
}

/** The coroutine is awaited where it is called, by the program or by another such coroutine, and nothing else is done with it. */
function isAwaitedByProgram(def: FunctionDef | undefined, facts: Facts, depth: number): boolean {
  const uses = def?.isAsync && depth > 0 ? facts.usesOf(def.nameNode) : [];
  return (
    uses.length > 0 &&
    uses.every(
      (it) =>
        it.kind === "call" &&
        useOf(it.in).kind === "awaited" &&
        (programAround(it.in, facts) !== undefined ||
          isAwaitedByProgram(asFunction(functionAround(it.in)), facts, depth - 1)),
    )
  );
}

const SEVERAL =
  /create_task|ensure_future|start_soon|gather|TaskGroup|asyncio\.(?:as_completed|wait\b|Queue|Event|Semaphore|start_server)|\bserve\b|run_in_executor|to_thread/;

/** `async def test_…` of a `class Test…`, wherever the file lies: a loop that runs one case at a time has nobody to hold up. */
export function isCoroutineTest(node: Node, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  return (
    def !== undefined &&
    def.name.startsWith("test_") &&
    /^_?Test|Tests?(Base|Case)?$/.test(facts.classOf(def.node)?.name ?? "")
  );
}

/**
 * The answer is read as if it were there already: it cannot be a coroutine.
 * @param isCertain something of it must be read; otherwise it is enough that nobody awaits it or hands it to asyncio
 */
export function isUsedAtOnce(node: Node, isCertain: boolean, facts: Facts): boolean {
  const { parent } = node;
  if (parent?.kind === "attribute" || (parent?.kind === "subscript" && node.fieldName === "value")) return true;
  const target = parent?.kind === "assignment" ? parent.field("left") : undefined;
  if (target?.kind === "pattern_list") return !isCertain;
  if (target?.kind !== "identifier") return false;
  const reads = facts.readsSeeing(target);
  return (
    (reads.length > 0 || !isCertain) &&
    reads.every((it) => !isAwaitedLater(it)) &&
    (!isCertain || reads.some((it) => it.parent?.kind === "attribute" || it.parent?.kind === "subscript"))
  );
}

/** `await it`, `async for … in it`, `asyncio.gather(it)`. */
function isAwaitedLater(read: Node): boolean {
  const use = useOf(read);
  const managed = read.parent?.kind === "as_pattern" ? read.parent : read;
  return (
    use.kind === "awaited" ||
    (use.kind === "iterated" && use.in.hasToken("async")) ||
    (managed.parent?.kind === "with_item" && read.ancestor("with_statement")!.hasToken("async")) ||
    (use.kind === "argument" && TAKES_AWAITABLES.test(asCall(use.call)!.callee.text))
  );
}

const TAKES_AWAITABLES = /(?:^|\.)(?:create_task|ensure_future|gather|wait|wait_for|shield|isawaitable|iscoroutine)$/;

/** Other event loops know no asyncio, a lock must not be held over an await, and a generator would become an asynchronous one. */
export function obstacleToAwait(node: Node, { facts }: File): string | undefined {
  const isOtherLoop = ["trio", "anyio", "curio"].some((it) => facts.view.imports(it));
  const around = functionAround(node);
  if (isOtherLoop) return "the file uses another event loop than asyncio's";
  if (node.ancestor("generator_expression", "function_definition") !== around)
    return "await would turn the generator into an asynchronous one";
  if (node.ancestor("with_item")) return "a with statement takes its result";
  for (
    let block = node.ancestor("with_statement", "function_definition");
    block && block !== around;
    block = block.ancestor("with_statement", "function_definition")
  ) {
    const items = asWith(block)?.isAsync === false ? asWith(block)!.items : [];
    if (
      items.some((it) =>
        /lock|mutex|semaphore|condition/i.test(`${facts.typeOf(it.value)?.name ?? ""} ${it.value.text}`),
      )
    )
      return "a lock is held, and would stay so while other tasks run";
  }
  return undefined;
}

/** `f(a, b=c)` as `await asyncio.to_thread(f, a, b=c)`, in parentheses where more hangs on the result. */
export function awaitedInThread(call: Call, asyncio: string, imports: Fix["edits"]): Fix {
  const { node, callee, argumentList } = call;
  const { tree } = node;
  const [open, close] = aroundAwait(node);
  const inside = tree.text.slice(argumentList.start + 1, argumentList.end - 1);
  // Arguments on lines of their own: so is the function, which is one of them now.
  const ownLine = /^[^\S\n]*\n[^\S\n]*(?=\S)/.exec(inside)?.[0];
  const comma = argumentList.children.length === 0 ? "" : ownLine !== undefined ? "," : ", ";
  const before = comma === "" ? "" : (ownLine ?? "");
  return {
    title: "Run it in a thread",
    doubts: ["other tasks run in the meantime"],
    edits: [
      ...imports,
      replace(
        { tree, start: node.start, end: argumentList.start + 1 },
        `${open}await ${asyncio}.to_thread(${before}${unwrap(callee).text}${comma}`,
      ),
      ...(close ? [replace({ tree, start: node.end, end: node.end }, close)] : []),
    ],
  };
}

/** The parentheses that a call needs once it is awaited: where more hangs on its result. */
export function aroundAwait(node: Node): readonly [string, string] {
  const outer = node.parent;
  const isTight =
    outer?.kind === "attribute" ||
    (outer?.kind === "subscript" && node.fieldName === "value") ||
    (outer?.kind === "call" && node.fieldName === "function");
  return isTight && wrapped(node) === node ? ["(", ")"] : ["", ""];
}
