/** `except Exception: pass`: any error at all, and nobody hears of it. */

import {
  asAssignment,
  asCall,
  asFunction,
  asTry,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  hasComments,
  importEdits,
  indentOf,
  itemsOf,
  moduleLogger,
  nextStatement,
  replace,
  statementsOf,
  type Facts,
  type Node,
  type Try,
  type Weight,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Errors of any kind passed over in silence",
  why: "The handler is meant for one error and takes all of them: a misspelt name, a column that is gone, a full disk. The program goes on with less data than it should have, and nothing says where it was lost. What the type of the error and its traceback would have told is gone.",
  guide: "logging",
  level: "warning",
  gain: "safety",
  overlaps: ["BLE001", "S110", "S112"],
  fixes: "review",

  examples: [
    {
      before: `
import json
import logging

logger = logging.getLogger(__name__)

def names(lines: list[str]) -> list[str]:
    found = []
    for line in lines:
        try:
            found.append(json.loads(line)["name"])
        except Exception:
            pass
    return found
`,
      after: `
import json
import logging

logger = logging.getLogger(__name__)

def names(lines: list[str]) -> list[str]:
    found = []
    for line in lines:
        try:
            found.append(json.loads(line)["name"])
        except Exception:
            logger.exception("json.loads failed")
    return found
`,
    },
  ],

  on: ["try_statement"],

  find(node, { facts }) {
    const tried = asTry(node);
    if (!tried || facts.isTest) return undefined;
    return tried.handlers.flatMap((handler) => {
      const { type, body } = handler;
      const silence = type && isBroad(type) ? silenceOf(body) : undefined;
      if (!type || !silence || isLegitimate(tried.body, node)) return [];
      const weight = weightOf(handler, silence, node, facts);
      return weight
        ? [{ at: type, evidence: "proof", weight, body, silence, doing: doingOf(tried.body) } as const]
        : [];
    });
  },

  message: ({ silence, doing }) => {
    const what = doing === undefined ? "this block" : `\`${excerpt(doing, 40)}\``;
    return silence === "print"
      ? `Any error around ${what} is answered by a line that does not even name it; \`logger.exception\` keeps it with its traceback.`
      : `Whatever goes wrong around ${what} is passed over in silence, a misspelt name too; name the error that is meant, or log it.`;
  },

  fix({ body, silence, doing }, file) {
    if (silence === "print") return declined("the text is for whoever runs the program");
    const [only, more] = statementsOf(body);
    if (!only || more || hasComments(body)) return declined("a comment would be lost");
    const logger = moduleLogger(file, [body]);
    if (!logger) return declined("there is no logger here");
    const text = `${logger.name}.exception("${doing === undefined ? "Failed" : `${excerpt(doing, 40).replace(/["\\]/g, "'")} failed`}")`;
    return fixOf(
      "Log it with its traceback",
      ["each of these errors is written to the log"],
      [
        ...importEdits(logger),
        replace(only, only.kind === "continue_statement" ? `${text}\n${indentOf(only)}continue` : text),
      ],
    );
  },
});

const isBroad = (type: Node): boolean =>
  /^(?:builtins\.)?(?:Base)?Exception$/.test(type.text) ||
  (type.kind === "tuple" && itemsOf(type).some((it) => /^(?:Base)?Exception$/.test(it.text)));

/** What the handler does, where that is as good as nothing. */
function silenceOf(body: Node): "pass" | "print" | undefined {
  let silence: "pass" | "print" = "pass";
  for (const statement of statementsOf(body)) {
    if (statement.kind === "pass_statement" || statement.kind === "continue_statement") continue;
    const expression = expressionOf(statement);
    if (expression?.kind === "ellipsis" || expression?.kind === "string") continue;
    const call = asCall(expression);
    if (call?.callee.text !== "print" || /traceback|format_exc|exc_info/.test(statement.text)) return undefined;
    silence = "print";
  }
  return silence;
}

const CLEANUP =
  /^(?:__del__|__exit__|__aexit__|_?a?close\w*|_?clean_?up\w*|_?shut_?down\w*|_?stop\w*|_?tear_?down\w*|_?dispose\w*|_?kill\w*|_?terminate\w*|_?release\w*|on_exit|atexit\w*|_?finali[sz]e\w*)$/i;
const CLEANS =
  /(?:^|\.)(?:a?close\w*|terminate|kill|killpg|unlink|remove|rmtree|rmdir|cancel|disconnect|release|stop\w*|flush|shutdown|rollback|join|quit|detach|unsubscribe|remove_\w+|delete_\w+|destroy\w*)$/;
const BEST_EFFORT =
  /telemetry|analytics|posthog|sentry|capture_(?:event|message|exception)|track_event|\bspan\b|set_attribute/i;

/** Clean-up goes on whatever happens; a report to somebody else must not stop the program; an import may be of any kind. */
function isLegitimate(tried: Node, node: Node): boolean {
  // A magic command of a notebook leaves nothing here that could fail.
  if (tried.descendants("call", "subscript", "attribute", "await").length === 0) return true;
  if (CLEANUP.test(asFunction(functionAround(node))?.name ?? "") || BEST_EFFORT.test(tried.text)) return true;
  return statementsOf(tried).every((it) => {
    if (/^import_/.test(it.kind)) return true;
    const value = asAssignment(it)?.value ?? expressionOf(it);
    const call = asCall(value?.kind === "await" ? value.children[0] : value);
    // A property that is only looked for may fail in any way.
    return call !== undefined && (CLEANS.test(call.callee.text) || call.callee.text === "getattr");
  });
}

/** Undefined where somebody has thought about it, it is an error path already, or something else is done below. */
function weightOf(
  { node: handler, alias }: Try["handlers"][number],
  silence: "pass" | "print",
  node: Node,
  facts: Facts,
): Weight | undefined {
  if (hasComments(handler) || node.ancestor("except_clause") || node.ancestor("finally_clause")) return undefined;
  // What is printed of the error is seen by whoever runs it.
  if (silence === "print") return alias && handler.identifiers(alias.text).length > 1 ? undefined : "unknown";
  const loop = facts.loopAround(node);
  const returns = node.descendants("return_statement").length > 0;
  // What is given back otherwise stands below.
  const last = statementsOf(node.field("body")!).at(-1);
  if (last?.kind === "return_statement" || (returns && returnsBelow(node))) return undefined;
  // It tries one way after the other, or waits and asks again.
  const breaks = node
    .descendants("break_statement")
    .some((it) => it.ancestor("for_statement", "while_statement") === loop);
  if (loop && (returns || breaks)) return undefined;
  return loop ? "heavy" : "unknown";
}

/** The next thing that the function does is to return. */
function returnsBelow(node: Node): boolean {
  for (let at: Node | undefined = node; at && !asFunction(at); at = at.parent) {
    if (!/_statement$/.test(at.kind)) continue;
    const next = nextStatement(at);
    if (next) return next.kind === "return_statement";
  }
  return false;
}

/** The first call in the block that may well fail. */
function doingOf(tried: Node): string | undefined {
  const names = tried.descendants("call").flatMap((it) => it.field("function")?.text ?? []);
  return names.find((it) => /^[\w.]+$/.test(it) && !SAFE.test(it));
}

const SAFE =
  /^(?:print|len|str|repr|list|dict|set|isinstance|range|enumerate)$|\.(?:append|extend|add|update|get|items|keys|values|strip|lower|upper|format|info|debug|warning)$/;
