/** A handler around an await that takes the cancelling of its task for an error, and goes on. */

import {
  asTry,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  indentUnit,
  itemsOf,
  lineAbove,
  lineBelow,
  onlyStatement,
  replace,
  statementsOf,
  unwrap,
  type Facts,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Cancelling of a task that is swallowed",
  why: "A task is cancelled by an error that is raised where it waits. A handler that keeps it to itself makes a task that cannot be ended: timeouts do not hold, a group of tasks waits for ever, and the program hangs when it shuts down.",
  guide: "asyncio",
  level: "warning",
  gain: "safety",
  words: ["CancelledError", "BaseException"],
  overrides: ["errors/silent-broad-except"],
  fixes: "review",

  examples: [
    {
      before: `
import asyncio

async def sizes(names: list[str]) -> list[int]:
    found = []
    for name in names:
        try:
            await asyncio.sleep(0)
            found.append(len(name))
        except asyncio.CancelledError:
            print("cancelled")
    return found
`,
      after: `
import asyncio

async def sizes(names: list[str]) -> list[int]:
    found = []
    for name in names:
        try:
            await asyncio.sleep(0)
            found.append(len(name))
        except asyncio.CancelledError:
            print("cancelled")
            raise
    return found
`,
    },
  ],

  on: ["try_statement"],

  find(node, { facts }): Found | undefined {
    const attempt = asTry(node);
    const handler = attempt?.handlers.find((it) => it.type && CATCHES.test(it.type.text));
    if (!attempt || !handler?.type || facts.isTest || !facts.isAsync(node)) return undefined;
    const { type, body } = handler;
    const types = unwrap(type).kind === "tuple" ? itemsOf(unwrap(type)) : [unwrap(type)];
    const caught = types.find((it) => CAUGHT.test(it.text));
    if (!caught || !awaits(attempt.body, node) || isHandedOn(body, handler.alias)) return undefined;
    // Waiting for the end of something that was cancelled here gives this very error.
    if (cancelsBefore(node)) return undefined;
    const isAll = /BaseException$/.test(caught.text);
    const loop = facts.loopAround(node);
    const leaves = leavesAtOnce(body);
    if (leaves ? !isAll || endsTask(node) : !loop && !isAll) return undefined;
    return {
      at: caught,
      evidence: "proof",
      weight: loop && !leaves ? "heavy" : "unknown",
      construct: handler.node,
      handler: handler.node,
      body,
      isAlone: types.length === 1 && !isAll,
      goesOn: loop !== undefined && !leaves,
      caught,
    };
  },

  message: ({ caught, goesOn }) =>
    goesOn
      ? `A cancelled task goes on with its loop: \`except ${caught.text}\` swallows what should end it. Raise it again.`
      : `\`except ${caught.text}\` also catches the cancelling of the task, which then does not end; raise that again.`,

  fix({ handler, body, isAlone }, file) {
    const { facts } = file;
    const doubts = ["a cancelled task ends here"];
    const last = statementsOf(body).at(-1);
    if (!last) return declined("the handler is empty");
    if (isAlone) {
      if (LEAVES.has(last.kind)) return declined("the handler leaves another way");
      if (onlyStatement(body)?.kind === "pass_statement" && !hasComments(body))
        return fixOf("Raise it again", doubts, [replace(last, "raise")]);
      return fixOf("Raise it again", doubts, [lineBelow(last, "raise")]);
    }
    const name = cancelledName(facts, handler);
    if (name === undefined) return declined("the name `asyncio` means something else here");
    return fixOf("Let the cancelling pass", doubts, [
      lineAbove(handler, `except ${name}:\n${indentUnit(last, facts)}raise`),
    ]);
  },
});

interface Found extends Match {
  readonly handler: Node;
  readonly body: Node;
  /** It catches nothing else. */
  readonly isAlone: boolean;
  readonly goesOn: boolean;
  readonly caught: Node;
}

const CATCHES = /CancelledError\b|\bBaseException\b/;
const CAUGHT = /^(?:(?:builtins\.)?BaseException|(?:asyncio\.(?:exceptions\.)?)?CancelledError)$/;
const LEAVES = new Set(["return_statement", "raise_statement", "break_statement", "continue_statement"]);

const awaits = (body: Node, attempt: Node): boolean =>
  [...body.descendants("await", "for_statement", "with_statement")].some(
    (it) => (it.kind === "await" || it.hasToken("async")) && functionAround(it) === functionAround(attempt),
  );

/** Raised again, kept for whoever asks later, or answered by cancelling or ending something. */
function isHandedOn(body: Node, alias: Node | undefined): boolean {
  const { text } = body;
  if (/\braise\b|\.cancel(?:ling)?\(|\buncancel\(|set_exception|sys\.exit|os\._exit/.test(text)) return true;
  if (!alias) return false;
  const name = alias.text;
  return body
    .descendants("identifier")
    .some(
      (it) =>
        it.text === name &&
        (/^(?:assignment|return_statement|yield|keyword_argument|pair|tuple|expression_list)$/.test(
          it.parent?.kind ?? "",
        ) ||
          /\.(?:append|put|put_nowait|send)\($/.test(callHead(it))) &&
        it.parent?.field("name")?.text !== "exc_info",
    );
}

function callHead(node: Node): string {
  const call = node.parent?.kind === "argument_list" ? node.parent.parent : undefined;
  return call ? `${call.field("function")?.text}(` : "";
}

/** `task.cancel()` in the same function, ahead of the try or in it: also of several, in a loop. */
function cancelsBefore(attempt: Node): boolean {
  const home = functionAround(attempt);
  const from = home?.start ?? 0;
  return (
    /\.cancel\(|cancel_scope|\.aclose\(|\.disconnect\(/.test(attempt.tree.text.slice(from, attempt.start)) ||
    /\.cancel\(/.test(attempt.field("body")?.text ?? "")
  );
}

/** The last statement leaves the loop or the function. */
function leavesAtOnce(body: Node): boolean {
  const last = statementsOf(body).at(-1);
  return last?.kind === "return_statement" || last?.kind === "break_statement";
}

/** What the handler gives up is the whole work of a task: nobody awaits a value of it. */
function endsTask(attempt: Node): boolean {
  const home = functionAround(attempt);
  return home !== undefined && !/\breturn [^\n]/.test(home.text);
}

/** The name by which the file can catch it. */
function cancelledName(facts: Facts, near: Node): string | undefined {
  if (facts.view.imports("asyncio") && facts.fileMatches(/^[ \t]*import asyncio\b/m)) return "asyncio.CancelledError";
  return facts.fileMatches(/^[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import[ \t].*\bCancelledError\b/m) && near
    ? "CancelledError"
    : undefined;
}
