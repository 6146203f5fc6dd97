/** Debug text that is formatted before the logger knows whether anybody wants it, where that happens often or costs much. */

import {
  asBinary, asCall, asFunction, asMethodCall, asString, defineRule, functionAround, hasComments, isQuick, isText, joinedParts, lazyMessage, replace, turnsOften, unwrap, useOf,
  type Facts, type Fix, type LazyMessage, type MethodCall, type Node,
} from "../../analysis/authoring.js";

/** What takes longer to show than to compute with. */
const LONG_TO_SHOW = new Set(["numpy.ndarray", "pandas.DataFrame", "pandas.Series", "torch.Tensor"]);

export default defineRule({
  title: "Debug message formatted before the logger asks for it",
  why: "Debug messages are dropped unless somebody asks for them, but text built at the call is built every time. With a template and arguments the logger builds it only when it is shown, which pays in loops and for values that take long to show; the arguments are computed all the same.",
  guide: "logging",
  level: "info",
  gain: "time",
  imports: ["logging"],
  words: ["debug", "DEBUG"],
  overlaps: ["G001", "G002", "G003", "G004"],
  fixes: "safe",

  examples: [
    {
      before: `
import logging

logger = logging.getLogger(__name__)

def longest(path: str) -> int:
    size = 0
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            logger.debug(f"line {number}: {line!r}")
            size = max(size, len(line))
    return size
`,
      after: `
import logging

logger = logging.getLogger(__name__)

def longest(path: str) -> int:
    size = 0
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            logger.debug("line %s: %r", number, line)
            size = max(size, len(line))
    return size
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asMethodCall(node, "debug", "log");
    const message = call && call.args[call.method === "log" ? 1 : 0];
    if (!call || !message || call.hasSplat || facts.isTest || (call.method === "log" && !isDebug(call.args[0]!, facts))) return undefined;
    const how = eagerKind(message);
    if (!how || !isLogger(call, facts) || !(isOften(node, facts) || showsMuch(message, facts)) || isAskedFor(node, facts)) return undefined;
    return { at: message, call, how };
  },

  message: ({ how }) => `This ${how} is built even when debug messages are off; pass a template and its arguments.`,

  fix({ at, call }, { facts }) {
    const isLast = call.args.at(-1) === at;
    if (!isLast || hasComments(at)) return undefined;
    const made = lazyMessage(unwrap(at), facts);
    if (!made || made.args.length === 0) return undefined;
    const args = made.args.map((it) => `, ${it.text}`).join("");
    return { ...safetyOf(made), edits: [replace(at, `${made.text}${args}`)] };
  },
});

function eagerKind(message: Node): string | undefined {
  const node = unwrap(message);
  const isFormatted = (it: Node) => asString(it)?.parts.some((part) => typeof part !== "string") === true;
  if (isFormatted(node) || (node.kind === "concatenated_string" && node.children.some(isFormatted))) return "f-string";
  const format = asMethodCall(node, "format");
  if (format && isText(format.object)) return "format() text";
  const binary = asBinary(node);
  if (binary?.operator === "%" && isText(unwrap(binary.left))) return "% text";
  return binary?.operator === "+" && joinedParts(node).some(isText) && !joinedParts(node).every(isText) ? "joined text" : undefined;
}

/** A standard library logger, or the logging module itself: other libraries format in other ways. */
function isLogger(call: MethodCall, facts: Facts): boolean {
  return facts.nameOf(call.object) === "logging" || facts.isA(call.object, "logging.Logger") || facts.isA(call.object, "logging.LoggerAdapter");
}

function isDebug(level: Node, facts: Facts): boolean {
  return facts.nameOf(level) === "logging.DEBUG" || level.text === "10";
}

/** In a loop that is long for certain, or in a function that such a loop of this file calls. */
function isOften(node: Node, facts: Facts): boolean {
  if (isInLongLoop(node, facts)) return true;
  const def = asFunction(functionAround(node));
  if (!def || facts.classOf(def.node) || mayTakeLong(facts.bodyOf(def), undefined, facts)) return false;
  return facts.readsOf(def.nameNode).some((it) => useOf(it).kind === "call" && isInLongLoop(it, facts));
}

/** Where a turn waits for something or does much, one message more costs nothing. */
function isInLongLoop(node: Node, facts: Facts): boolean {
  const loops = facts.loopsAround(node);
  return loops.length > 0 && turnsOften(loops, facts) && !mayTakeLong(loops[0]!, node, facts);
}

function mayTakeLong(region: Node, message: Node | undefined, facts: Facts): boolean {
  const isQuiet = (it: Node) => it === message || isQuick(asCall(it), facts) || (asMethodCall(it) !== undefined && isLogger(asMethodCall(it)!, facts));
  return region.descendants("await", "with_statement", "yield").length > 0 || !region.descendants("call").every(isQuiet);
}

/** The text shows an array, a table or a tensor. */
function showsMuch(message: Node, facts: Facts): boolean {
  const node = unwrap(message);
  const shown = node.descendants("interpolation").map((it) => it.field("expression"));
  const values = asBinary(node)?.operator === "%" ? unwrap(asBinary(node)!.right) : undefined;
  const format = asMethodCall(node, "format")?.args ?? [];
  return [...shown, ...(values?.kind === "tuple" ? values.children : [values]), ...format].some((it) => it?.kind === "identifier" && LONG_TO_SHOW.has(facts.typeOf(it)?.name ?? ""));
}

/** Somebody wants the message: the code asks for the level or a switch first, the file turns debug messages on, or an error is told, which is seldom. */
function isAskedFor(node: Node, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  if (node.ancestor("except_clause") || /\bisEnabledFor\b|\bgetEffectiveLevel\b/.test((def?.body ?? node.tree.root).text)) return true;
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement")) if (/debug|verbos/i.test(at.field("condition")?.text ?? "")) return true;
  return facts.view.readsOf("logging").some((it) => it.parent?.kind === "attribute" && /\.(DEBUG|NOTSET)$/.test(it.parent.text) && !/\.log$/.test(useOf(it.parent).call?.field("function")?.text ?? ""));
}

function safetyOf({ doubt, args }: LazyMessage): Omit<Fix, "edits"> {
  const title = "Pass a template and its arguments";
  if (doubt === "format") return { title: `${title} (review: % may show a value in another way, and a value that fails or has changed shows as it is later)`, safety: "review" };
  if (doubt === "tuple") return { title: `${title} (review: ${args[0]!.text} must not be a tuple)`, safety: "review" };
  if (doubt === "later") return { title: `${title} (review: a value that fails or has changed shows as it is later)`, safety: "review" };
  return { title, safety: "safe" };
}
