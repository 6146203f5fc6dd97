/** Text of a log message that is formatted before the logger knows whether anybody wants it, where that happens often or costs much. */

import {
  asAttribute,
  asBinary,
  asCall,
  asFunction,
  asMethodCall,
  asString,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  isQuick,
  isText,
  joinedParts,
  lazyMessage,
  mayBeImported,
  ownCodeDoubt,
  replace,
  statementOf,
  statementsOf,
  turnsOften,
  unwrap,
  useOf,
  type Declined,
  type Evidence,
  type Facts,
  type Fix,
  type LazyMessage,
  type Match,
  type MethodCall,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

/** What takes longer to show than to compute with. */
const LONG_TO_SHOW = new Set(["numpy.ndarray", "pandas.DataFrame", "pandas.Series", "torch.Tensor"]);

interface Eager extends Match {
  readonly at: Node;
  readonly call: MethodCall;
  readonly how: string;
  /** What the messages are called that may be off. */
  readonly level: string;
  /** The logger is one of the standard library for certain. */
  readonly isKnown: boolean;
  /** Others of a function, where each costs little: they are told once, at the first. */
  readonly more: number;
}

export default defineRule({
  title: "Log message formatted even when it is not logged",
  why: "A message below the logger's level is dropped, but text built at the call is built every time. With a template and arguments, the logger builds the text only when the message is logged. That pays off in loops and for values that are slow to format; the arguments are computed in any case.",
  guide: "logging",
  level: "info",
  gain: "time",
  imports: ["logging"],
  orWords: ["logger", "_logger", "log", "_log", "LOGGER", "LOG"],
  words: ["debug", "info", "log"],
  overlaps: ["G001", "G002", "G003", "G004"],
  leftToRuff: true,
  unlike: "what is shown by default, what costs little and what runs once are left alone or are hints",
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

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    print(longest("server.log"))
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

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    print(longest("server.log"))
`,
    },
  ],

  on: ["call"],
  methods: ["debug", "info", "log"],

  find(node, { facts }): Eager | undefined {
    const found = eagerAt(node, facts);
    if (found?.weight !== "light") return found;
    const [first, ...others] = lightOnesAround(node, facts);
    if (first !== node) return undefined;
    const related = others.slice(0, MOST_RELATED).map((at) => ({ at, message: "and here" }));
    return { ...found, related, more: others.length };
  },

  message: ({ how, level, weight, call, isKnown, more }) =>
    more > 0
      ? `This ${how}, and ${more === 1 ? "one more" : `${more} more`} below, are built even when ${level} messages are off; pass templates and their arguments.`
      : !isKnown
        ? `\`${excerpt(call.object.text, 30)}\` is taken for a logger: this ${how} is built even when ${level} messages are off; pass a template and its arguments.`
        : weight === "heavy" && level === "debug"
          ? `This ${how} is built even when debug messages are off; pass a template and its arguments.`
          : `This ${how} is built even when ${level} messages are off, which matters if it runs often; pass a template and its arguments.`,

  fix({ at, call, isKnown }, { facts }): Fix | Declined {
    const isLast = call.args.at(-1) === at;
    if (!isLast) return declined("the message has arguments already");
    if (hasComments(at)) return declined("there is a comment inside the message");
    const made = lazyMessage(unwrap(at), facts);
    if (!made || made.args.length === 0) return declined("the % templates of loggers have no twin for this text");
    const args = made.args.map((it) => `, ${it.text}`).join("");
    return fixOf(
      "Pass a template and its arguments",
      [
        !isKnown && `\`${call.object.text}\` must be a logger of the logging module, which fills in %s`,
        ...doubtsOf(made),
        recordDoubt(call, facts),
        made.args.map((it) => ownCodeDoubt(it, facts)).find((it) => it !== undefined),
      ],
      [replace(at, `${made.text}${args}`)],
    );
  },
});

const MOST_RELATED = 5;

function eagerAt(node: Node, facts: Facts): Eager | undefined {
  const call = asMethodCall(node, "debug", "info", "log");
  const message = call && call.args[call.method === "log" ? 1 : 0];
  if (!call || !message || call.hasSplat || facts.isTest) return undefined;
  const how = eagerKind(message);
  const logger = how && loggerEvidence(call, facts);
  const level = logger && levelOf(call, facts);
  if (!how || !logger || !level || isAskedFor(node, level, facts)) return undefined;
  return {
    at: message,
    // Info messages are on more often than not where a program has any.
    evidence: level === "debug" ? logger : "fair",
    weight: weightOf(node, message, level, facts),
    call,
    how,
    level,
    isKnown: logger === "proof",
    more: 0,
  };
}

/** Those of the function in which each costs little, in source order; a script says what it does once, and nothing is said of that. */
function lightOnesAround(node: Node, facts: Facts): readonly Node[] {
  const home = functionAround(node);
  // What runs once, and says so.
  if (!home || asFunction(home)?.name === "main") return [];
  return facts.memo("light messages built ahead", home, () =>
    home
      .descendants("call")
      .filter(
        (it) =>
          functionAround(it) === home &&
          !isBeforeError(it) &&
          !isSeldom(it, facts) &&
          eagerAt(it, facts)?.weight === "light",
      ),
  );
}

/** Its block ends in an error, which is seldom. */
const isBeforeError = (node: Node): boolean => {
  const block = statementOf(node).parent;
  return block !== undefined && statementsOf(block).at(-1)?.kind === "raise_statement";
};

function eagerKind(message: Node): string | undefined {
  const node = unwrap(message);
  const isFormatted = (it: Node) => asString(it)?.parts.some((part) => typeof part !== "string") === true;
  if (isFormatted(node) || (node.kind === "concatenated_string" && node.children.some(isFormatted))) return "f-string";
  const format = asMethodCall(node, "format");
  if (format && isText(format.object)) return "format() text";
  const binary = asBinary(node);
  if (binary?.operator === "%" && isText(unwrap(binary.left))) return "% text";
  return binary?.operator === "+" && joinedParts(node).some(isText) && !joinedParts(node).every(isText)
    ? "joined text"
    : undefined;
}

/** A standard library logger, or the logging module itself: other libraries format in other ways. A name that says so counts where nothing else is known. */
function loggerEvidence({ object }: MethodCall, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(object);
  if (
    name === "logging" ||
    facts.isA(object, "logging.Logger", "strong") ||
    facts.isA(object, "logging.LoggerAdapter", "strong")
  )
    return "proof";
  const isNamed = /^_?(logger|log|LOGGER|LOG)$/.test(asAttribute(object)?.name ?? object.text);
  if (!isNamed || facts.typed(object) || OTHERS.some((it) => facts.view.imports(it) || name?.startsWith(`${it}.`)))
    return undefined;
  return "fair";
}

/** Libraries whose loggers fill in values in ways of their own. */
const OTHERS = ["loguru", "structlog", "logbook", "eliot", "twisted", "absl"];

/** How messages are called that this call makes, if they are of a kind that is often off. */
function levelOf({ method, args }: MethodCall, facts: Facts): string | undefined {
  if (method !== "log") return method;
  const [level] = args;
  if (facts.nameOf(level!) === "logging.DEBUG" || level!.text === "10") return "debug";
  return facts.nameOf(level!) === "logging.INFO" || level!.text === "20" ? "info" : undefined;
}

function weightOf(node: Node, message: Node, level: string, facts: Facts): Weight {
  if (level === "info" && isSeldom(node, facts)) return "light";
  if (isOften(node, facts) || showsMuch(message, facts)) return "heavy";
  const weight = facts.weightOf(node);
  // Outside loops an info message tells of a step of the program, of which there are few.
  if (weight === "light" || (level === "info" && weight === "unknown" && !facts.loopAround(node))) return "light";
  return "unknown";
}

/** Once an epoch, or every so many turns: `if step % 100 == 0:`. */
function isSeldom(node: Node, facts: Facts): boolean {
  const loop = facts.loopAround(node);
  if (!loop) return false;
  if (/^for [^\n]*epoch/i.test(loop.text.slice(0, 80))) return true;
  for (let at = node.ancestor("if_statement"); at?.isInside(loop); at = at.ancestor("if_statement"))
    if (/%/.test(at.field("condition")?.text ?? "")) return true;
  return false;
}

/** In a loop that is long for certain, or in a function that such a loop of this file calls. */
function isOften(node: Node, facts: Facts): boolean {
  if (isInLongLoop(node, facts)) return true;
  const def = asFunction(functionAround(node));
  if (!def || facts.classOf(def.outer) || mayTakeLong(facts.bodyOf(def), facts)) return false;
  return facts.memo("is called in long loops", def.node, () =>
    facts.readsOf(def.nameNode).some((it) => useOf(it).kind === "call" && isInLongLoop(it, facts)),
  );
}

/** Where a turn waits for something or does much, one message more costs nothing. */
function isInLongLoop(node: Node, facts: Facts): boolean {
  const loops = facts.loopsAround(node);
  return loops.length > 0 && turnsOften(loops, facts) && !mayTakeLong(loops[0]!, facts);
}

function mayTakeLong(region: Node, facts: Facts): boolean {
  const isQuiet = (it: Node) => {
    const method = asMethodCall(it);
    return isQuick(asCall(it), facts) || (method !== undefined && loggerEvidence(method, facts) !== undefined);
  };
  return facts.memo(
    "may take long",
    region,
    () =>
      region.descendants("await", "with_statement", "yield").length > 0 || !region.descendants("call").every(isQuiet),
  );
}

/** The text shows an array, a table or a tensor. */
function showsMuch(message: Node, facts: Facts): boolean {
  const node = unwrap(message);
  const shown = node.descendants("interpolation").map((it) => it.field("expression"));
  const values = asBinary(node)?.operator === "%" ? unwrap(asBinary(node)!.right) : undefined;
  const format = asMethodCall(node, "format")?.args ?? [];
  return [...shown, ...(values?.kind === "tuple" ? values.children : [values]), ...format].some(
    (it) => it?.kind === "identifier" && LONG_TO_SHOW.has(facts.typeOf(it)?.name ?? ""),
  );
}

/** Somebody wants the message: the code asks for the level or a switch first, the file turns such messages on, or an error is told, which is seldom. */
function isAskedFor(node: Node, level: string, facts: Facts): boolean {
  const def = asFunction(functionAround(node));
  const around = def?.body ?? node.tree.root;
  if (node.ancestor("except_clause") || facts.memo("asks for the level", around, () => ASKS.test(around.text)))
    return true;
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement"))
    if (/debug|verbos/i.test(at.field("condition")?.text ?? "")) return true;
  return facts.ofFile(TURNS_ON, level);
}

const ASKS = /\bisEnabledFor\b|\bgetEffectiveLevel\b/;

/** `basicConfig(level=logging.DEBUG)`, `logger.setLevel("INFO")`. */
const TURNS_ON = fileQuestion((facts, level) => {
  const shown = level === "debug" ? /\.(DEBUG|NOTSET)$/ : /\.(DEBUG|INFO|NOTSET)$/;
  return facts.view.readsOf("logging").some((it) => {
    facts.view.looksInto(it.tree);
    return (
      it.parent?.kind === "attribute" &&
      shown.test(it.parent.text) &&
      !/\.log$/.test(useOf(it.parent).call?.field("function")?.text ?? "")
    );
  });
});

/** A logger, adapter, filter or handler of the file may look at the message before it is put together. */
function recordDoubt(call: MethodCall, facts: Facts): string | undefined {
  const isOwn = facts.typeOf(call.object)?.name.startsWith("local.");
  if (isOwn || facts.fileMatches(OWN_LOGGING)) return "code of this file gets the template instead of the text";
  return mayBeImported(facts)
    ? "a test or a formatter in another file that looks at `msg` gets the template, not the text"
    : undefined;
}

const OWN_LOGGING =
  /^[ \t]*class \w+\(.*\b(?:Filter|Handler|Formatter|LoggerAdapter|Logger|LogRecord)\b|\b(?:setLogRecordFactory|setLoggerClass|record\.(?:msg|args)\b|addFilter\()/m;

function doubtsOf({ doubt, args }: LazyMessage): readonly string[] {
  const later = "values are formatted later: changes and formatting errors show up then";
  if (doubt === "format") return ["% formatting may show a value differently", later];
  if (doubt === "tuple") return [`${args[0]!.text} must not be a tuple`];
  return doubt === "later" ? [later] : [];
}
