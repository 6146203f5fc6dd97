/** `except:`, which catches Ctrl-C, sys.exit and cancelled tasks as well. */

import {
  callsUnder,
  isQuick,
  asTry,
  defineRule,
  fixOf,
  insertAfter,
  isCompiled,
  statementsOf,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Handler that catches everything",
  why: "It catches KeyboardInterrupt, SystemExit and the cancelling of a task too: a program that cannot be stopped by Ctrl-C, a worker that does not end. A misspelt name in the block looks like the error that is expected.",
  guide: "debugging",
  level: "warning",
  gain: "safety",
  overlaps: ["E722"],
  leftToRuff: true,
  unlike: "functions that Numba compiles are left alone, and the fix writes `except Exception`",
  fixes: "review",

  examples: [
    {
      before: `
def numbers(lines: list[str]) -> list[int]:
    found = []
    for line in lines:
        try:
            found.append(int(line))
        except:
            continue
    return found
`,
      after: `
def numbers(lines: list[str]) -> list[int]:
    found = []
    for line in lines:
        try:
            found.append(int(line))
        except Exception:
            continue
    return found
`,
    },
  ],

  on: ["try_statement"],

  find(node, { facts }) {
    const handlers = asTry(node)?.handlers ?? [];
    const handler = handlers.find((it) => !it.type);
    // Numba compiles no other form.
    if (!handler || facts.isTest || isCompiled(node, facts)) return undefined;
    const { body } = handler;
    // The handler above it lets out what must get out: what is left to this one is meant.
    if (goesOn(body) || handlers.some((it) => it.type && goesOn(it.body) && !ORDINARY.test(it.type.text)))
      return undefined;
    const ends = body.descendants("raise_statement").length > 0 || ENDS.test(body.text);
    const isCoroutine = facts.isAsync(node) && asTry(node)!.body.descendants("await").length > 0;
    const leaves = ends || body.descendants("return_statement", "break_statement").length > 0;
    const isEndless = facts.loopAround(node) !== undefined && !leaves;
    // What takes no time is hardly ever what Ctrl-C meets.
    const isBrief = callsUnder(asTry(node)!.body).every((it) => isQuick(it, facts));
    // Ctrl-C has a handler of its own.
    const isToldApart = handlers.some((it) => /\bKeyboardInterrupt\b/.test(it.type?.text ?? ""));
    return {
      at: { tree: node.tree, start: handler.node.start, end: handler.node.start + "except".length },
      evidence: "proof",
      weight:
        ends || isToldApart || handsOn(body) || (isBrief && !isCoroutine)
          ? "light"
          : isEndless || isCoroutine
            ? "heavy"
            : "unknown",
      tried: asTry(node)!.body,
      keyword: handler.node,
      isEndless,
      isCoroutine,
      isToldApart,
    };
  },

  message: ({ tried, isEndless, isCoroutine, isToldApart }) =>
    isImport(tried)
      ? "Any error of the imported module looks as if it were not installed; `except ImportError` catches what is meant."
      : isCoroutine
        ? "This catches the cancelling of the task too, so that a timeout does not end it; `except Exception` lets that pass."
        : isToldApart
          ? "This catches `sys.exit` too; `except Exception`, or the error that is meant, lets it pass."
          : isEndless
            ? "This catches Ctrl-C and `sys.exit` too, and the loop goes on; `except Exception`, or the error that is meant, lets them pass."
            : "This catches Ctrl-C and `sys.exit` too; `except Exception`, or the error that is meant, lets them pass.",

  fix({ tried, keyword }) {
    const type = isImport(tried) ? "ImportError" : "Exception";
    return fixOf(
      `Catch ${type}`,
      type === "ImportError"
        ? ["other errors of the imported module go up"]
        : ["what ends the program or cancels the task goes up, as it should"],
      [insertAfter({ tree: keyword.tree, start: keyword.start, end: keyword.start + "except".length }, ` ${type}`)],
    );
  },
});

/** The program ends there anyway. */
const ENDS = /\b(?:sys\.exit|os\._exit|exit|quit|os\.abort)\(/;

/** Errors that an `except Exception` would catch too. */
const ORDINARY = /^\(?[\w.]*(?:Error|Exception|Warning|Iteration)\b/;

/** What was caught is kept, told with its traceback or raised again: nothing is lost but that the program goes on. */
function handsOn(body: Node): boolean {
  return HANDS_ON.test(body.text) || body.descendants("raise_statement").length > 0;
}

const HANDS_ON =
  /\b(?:exc_info\(|print_exc\(|format_exc\(|print_exception\(|excepthook\(|\.exception\()|exc_info\s*=\s*True/;

/** The last thing it does, on its own level, is to raise the same error again. */
function goesOn(body: Node): boolean {
  const last = statementsOf(body).at(-1);
  return last?.kind === "raise_statement" && last.children.length === 0;
}

const isImport = (tried: Node): boolean =>
  statementsOf(tried).length > 0 && statementsOf(tried).every((it) => /^import_(?:from_)?statement$/.test(it.kind));
