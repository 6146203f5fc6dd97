/** Text that is formatted before the logger knows whether anybody wants it. */

import {
  asBinary, asMethodCall, asString, defineRule, hasComments, placeholders, replace, templateOf, textValue, unwrap,
  type Facts, type Fix, type MethodCall, type Node, type Template,
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
    const made = lazy(unwrap(at), facts);
    if (!made) return undefined;
    const args = made.args.map((it) => `, ${it.text}`).join("");
    return { ...made.fix, edits: [replace(at, `${made.text}${args}`)] };
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
  return binary?.operator === "+" && concatenated(node).some(isText) && !concatenated(node).every(isText) ? "joined text" : undefined;
}

function isText(node: Node): boolean {
  return node.kind === "string" || node.kind === "concatenated_string";
}

/** A standard library logger, or the logging module itself: other libraries format in other ways. */
function isLogger(call: MethodCall, facts: Facts): boolean {
  return facts.nameOf(call.object) === "logging" || facts.isA(call.object, "logging.Logger") || facts.isA(call.object, "logging.LoggerAdapter");
}

interface Lazy {
  readonly text: string;
  readonly args: readonly Node[];
  readonly fix: Omit<Fix, "edits">;
}

const SAFE = { title: "Pass a template and its arguments", safety: "safe" } as const;

function lazy(node: Node, facts: Facts): Lazy | undefined {
  if (isText(node)) {
    const template = templateOf(node);
    return template && template.args.length > 0 ? { text: template.text, args: template.args, fix: safetyOf(template, facts) } : undefined;
  }
  const binary = asBinary(node);
  if (binary?.operator === "%") return fromPercent(unwrap(binary.left), unwrap(binary.right), facts);
  return binary?.operator === "+" ? fromConcatenation(node, facts) : undefined;
}

/** Types whose `format(x)` is `str(x)`. */
const PLAIN = new Set(["str", "int", "float", "bool", "None", "list", "dict", "set", "tuple", "bytes", "pathlib.Path", "datetime.datetime", "datetime.date"]);

function safetyOf({ plain }: Template, facts: Facts): Omit<Fix, "edits"> {
  if (plain.every((it) => PLAIN.has(facts.typeOf(it)?.name ?? ""))) return SAFE;
  return { title: "Pass a template and its arguments (review: %s calls str(), an f-string calls format())", safety: "review" };
}

/** `"… %s …" % values`: the template stays, the values become arguments. */
function fromPercent(text: Node, values: Node, facts: Facts): Lazy | undefined {
  const wanted = text.kind === "string" && !asString(text)?.isFormatted ? placeholders(textValue(text) ?? "%?") : undefined;
  if (wanted === undefined) return undefined;
  if (values.kind === "tuple") {
    const items = values.children;
    return items.length === wanted && items.every((it) => it.kind !== "list_splat") ? { text: text.text, args: items, fix: SAFE } : undefined;
  }
  const type = facts.typeOf(values)?.name;
  if (wanted !== 1 || type === "tuple" || type === "dict") return undefined;
  return {
    text: text.text,
    args: [values],
    fix: type === undefined ? { title: `Pass a template and its arguments (review: ${values.text} must not be a tuple)`, safety: "review" } : SAFE,
  };
}

/** `"read " + name + "…"`: only where all that is joined is known to be text. */
function fromConcatenation(node: Node, facts: Facts): Lazy | undefined {
  const parts = concatenated(node);
  const values = parts.filter((it) => !isText(it));
  if (!values.every((it) => facts.typeOf(it)?.name === "str")) return undefined;
  const texts = parts.map((it) => (isText(it) ? textValue(it) : "\0"));
  if (!texts.every((it) => it !== undefined)) return undefined;
  const template = texts.join("").replaceAll("%", "%%").replaceAll("\0", "%s");
  if (/["\\\n\r\t]|[^\x20-\x7e]/.test(template)) return undefined;
  return { text: `"${template}"`, args: values, fix: SAFE };
}

function concatenated(node: Node): readonly Node[] {
  const binary = asBinary(node);
  return binary?.operator === "+" ? [...concatenated(unwrap(binary.left)), ...concatenated(unwrap(binary.right))] : [node];
}
