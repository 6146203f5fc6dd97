/** Text that is formatted before the logger knows whether anybody wants it. */

import {
  asBinary, asMethodCall, asString, defineRule, hasComments, isText, joinedParts, lazyMessage, replace, unwrap,
  type Facts, type Fix, type LazyMessage, type MethodCall, type Node,
} from "../../analysis/authoring.js";

const METHODS = ["debug", "info", "warning", "warn", "error", "critical", "fatal", "exception", "log"];

export default defineRule({
  title: "Log message formatted before the logger asks for it",
  why: "A logger drops messages below its level, but text built at the call is built every time; with a template and arguments it is built only when it is shown, and tools can group messages by template.",
  guide: "logging",
  level: "info",
  gain: "time",
  imports: ["logging"],
  overlaps: ["G001", "G002", "G003", "G004"],
  fixes: "safe",

  examples: [
    {
      before: `
import logging

logger = logging.getLogger(__name__)

def load(path: str, rows: int) -> None:
    logger.info(f"read {rows} rows from {path!r}")
`,
      after: `
import logging

logger = logging.getLogger(__name__)

def load(path: str, rows: int) -> None:
    logger.info("read %s rows from %r", rows, path)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }) {
    const call = asMethodCall(node, ...METHODS);
    const message = call && call.args[call.method === "log" ? 1 : 0];
    if (!call || !message || call.hasSplat) return undefined;
    const how = eagerKind(message);
    return how && isLogger(call, facts) ? { at: message, call, how } : undefined;
  },

  message: ({ how }) => `This ${how} is built even when the message is not logged; pass a template and its arguments.`,

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

function safetyOf({ doubt, args }: LazyMessage): Omit<Fix, "edits"> {
  const title = "Pass a template and its arguments";
  if (doubt === "format") return { title: `${title} (review: %s calls str(), an f-string calls format())`, safety: "review" };
  if (doubt === "tuple") return { title: `${title} (review: ${args[0]!.text} must not be a tuple)`, safety: "review" };
  return { title, safety: "safe" };
}
