/** A handler for errors of any kind that tells the text of the error and forgets its traceback. */

import {
  CHAT_METHODS,
  ENDS_BUSINESS,
  asAssignment,
  asAttribute,
  asAugmented,
  asCall,
  asFunction,
  asIf,
  asMethodCall,
  asTry,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  itemsOf,
  nextStatement,
  onlyStatement,
  replace,
  statementsOf,
  useOf,
  wrapped,
  withArgument,
  type Evidence,
  type Facts,
  type Match,
  type MethodCall,
  type Node,
  type Try,
  type Weight,
} from "../../analysis/authoring.js";

interface Lost extends Match {
  readonly how: "logged" | "printed" | "answered" | "run";
  readonly call: MethodCall | undefined;
  readonly evidence: Evidence;
}

export default defineRule({
  title: "Error told without its traceback",
  why: "A handler for errors of any kind also gets the ones that nobody thought of, such as a misspelt name. Their text alone does not say where they come from; logger.exception writes the same message with the traceback below it.",
  guide: "logging",
  level: "info",
  gain: "safety",
  overlaps: ["TRY400"],
  unlike: "only handlers for errors of any kind that tell the error's text count, also by print",
  overrides: ["logging/print-in-library"],
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
        except Exception as error:
            logger.error("Could not read %r: %s", line, error)
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
        except Exception as error:
            logger.exception("Could not read %r: %s", line, error)
    return found
`,
    },
  ],

  on: ["try_statement"],

  find(node, { facts }): Lost[] {
    if (facts.isTest) return [];
    return (asTry(node)?.handlers ?? []).flatMap((it) => lostIn(it, node, facts) ?? []);
  },

  message: ({ how, call }) =>
    how === "run"
      ? `This one line is all that is left of whatever goes wrong anywhere in this long block; ${instead(call!)} also says where it comes from.`
      : how === "logged"
        ? `This handler takes errors of any kind and logs their text alone; ${instead(call!)} also says where they come from.`
        : how === "printed"
          ? "This handler takes errors of any kind and prints their text alone: where they come from is lost."
          : "This handler takes errors of any kind and hands on their text alone; nothing is logged, so where they come from is lost.",

  fix({ how, call }) {
    if (how === "printed") return declined("what is printed is for whoever runs the program; log the error beside it");
    if (!call) return declined("nothing is logged here; call logger.exception before it");
    const doubts = ["the traceback is written to the log too"];
    if (call.method === "error")
      return fixOf("Log it with its traceback", doubts, [replace(call.methodNode, "exception")]);
    const edit = withArgument(call, "exc_info=True");
    return edit
      ? fixOf("Log it with its traceback", doubts, [edit])
      : declined("there is no room for another argument");
  },
});

const instead = ({ object, method }: MethodCall): string =>
  method === "error" ? `\`${excerpt(object.text, 40)}.exception\`` : "`exc_info=True`";

const isBroad = (type: Node | undefined): boolean =>
  type === undefined ||
  /^(?:builtins\.)?(?:Base)?Exception$/.test(type.text) ||
  (type.kind === "tuple" && itemsOf(type).some((it) => /^(?:Base)?Exception$/.test(it.text)));

/** Somebody gets the traceback, or the error itself. */
const KEPT =
  /\b(?:traceback|format_exc|print_exc|exc_info|stack_info|exception\(|opt\(|capture_exception|print_exception|excepthook|set_exception|record_exception|pdb|__traceback__|warnings\.warn)/;
const CLEANS =
  /(?:^|\.)(?:(?:clean_?up|close|shut_?down|dispose)\w*|a?close\w*|terminate|kill|unlink|remove|rmtree|rmdir|cancel|disconnect|release|stop\w*|flush|shutdown|rollback|join|quit|delete_\w+|remove_\w+|destroy\w*)$/;
/** An answer that a web framework makes of what is raised: it logs nothing of the error before it. */
const ANSWERS =
  /^raise\s+(?:\w+\.)*(?:HTTPException|HTTP(?:BadRequest|InternalServerError|BadGateway|ServiceUnavailable))\(/;
const raisesOn = (body: Node): boolean => body.descendants("raise_statement").some((it) => !ANSWERS.test(it.text));
/** It is tried again. */
const AGAIN = /\b(?:retry|retries|retrying|attempts?|max_tries)\b/i;

function lostIn(handler: Try["handlers"][number], node: Node, facts: Facts): Lost | undefined {
  const { type, alias, body } = handler;
  if (!isBroad(type)) return type && ofWholeRun(handler, type, node, facts);
  const said = body.text;
  if (KEPT.test(said) || raisesOn(body) || isClosing(node) || !keepsNothing(handler)) return undefined;
  const statements = statementsOf(body);
  const method = withBranches(statements, alias)
    .map((it) => asMethodCall(expressionOf(it), "error", "critical", "fatal", "warning", "warn"))
    .find((it) => it !== undefined);
  const evidence = method && loggerEvidence(method, facts);
  if (method && evidence) {
    if (AGAIN.test(said) && facts.loopAround(node)) return undefined;
    // What a server starts without is missed by whoever asks for it later.
    const isError = (method.method !== "warning" && method.method !== "warn") || startsServer(node);
    return {
      at: method.callee,
      how: "logged",
      call: method,
      evidence,
      weight: isError && !ends(said) && !isOneFile(node) ? "heavy" : "unknown",
    };
  }
  // A line of its own for whoever runs it says enough where nothing of the error is said.
  if (!alias || facts.isNotebook || /\blog(?:ger|ging)?\b/i.test(said)) return undefined;
  const told = textsOf(statements, alias);
  const printed = statements
    .map(expressionOf)
    .find((it) => asCall(it)?.callee.text === "print" && told.some((name) => mentions(it!, name)));
  const weight: Weight = "unknown";
  if (printed)
    return AGAIN.test(said)
      ? undefined
      : { at: asCall(printed)!.callee, how: "printed", call: undefined, evidence: "proof", weight };
  const speaking = statements.filter((it) => !isPlain(it, told));
  const [only, more] = speaking;
  const answer = answerOf(only);
  const given = answer ?? (facts.isNotebook || isReading(node) ? undefined : shownBy(only, facts));
  const says = answer ? mentions : saysText;
  if (!given || more || isLook(node) || !told.some((it) => says(given, it))) return undefined;
  return { at: alias, how: "answered", call: undefined, evidence: "proof", weight };
}

/** The error is named, but stands for anything that a long stretch of work may come to. */
function ofWholeRun(handler: Try["handlers"][number], type: Node, node: Node, facts: Facts): Lost | undefined {
  const { alias, body } = handler;
  const only = onlyStatement(body);
  const method = asMethodCall(expressionOf(only ?? body), "error", "critical", "fatal");
  if (!method || !alias || !GENERAL.test(type.text) || KEPT.test(body.text) || !keepsNothing(handler)) return undefined;
  const evidence = loggerEvidence(method, facts);
  const tried = node.field("body")!;
  // What is raised there on purpose is a message to somebody.
  if (!evidence || tried.descendants("raise_statement").length > 0) return undefined;
  const lines = tried.text.split("\n").length;
  const { length } = tried.descendants("call");
  return lines >= LONG && length >= LONG / 2
    ? { at: method.callee, how: "run", call: method, evidence, weight: "heavy" }
    : undefined;
}

/** What a misspelt key or a wrong value anywhere may raise. */
const GENERAL = /^(?:ValueError|KeyError|TypeError|AttributeError|IndexError|RuntimeError|NameError|LookupError)$/;
const LONG = 16;

/** The statements of a block, and those in its branches that do not ask for the error. */
function withBranches(statements: readonly Node[], alias: Node | undefined): readonly Node[] {
  return statements.flatMap((it) => {
    const branch = asIf(it);
    if (!branch || (alias && mentions(branch.condition, alias)) || branch.orElse || branch.elifs.length > 0)
      return [it];
    return statementsOf(branch.body);
  });
}

/** The error, and names that are given a text of it. */
function textsOf(statements: readonly Node[], alias: Node): readonly Node[] {
  const names = [alias];
  for (const it of statements) {
    const { value, targets = [] } = asAssignment(it) ?? {};
    const [target] = targets;
    if (value && target?.kind === "identifier" && names.some((name) => saysText(value, name))) names.push(target);
  }
  return names;
}

/** It says nothing of the error to anybody: it goes on, gives back something else, or only makes a text of it. */
function isPlain(statement: Node, told: readonly Node[]): boolean {
  if (/^(?:continue|break|pass)_statement$/.test(statement.kind)) return true;
  if (statement.kind === "return_statement") return statement.children.length === 0;
  const assignment = asAssignment(statement);
  const value = assignment?.value ?? asAugmented(statement)?.value;
  if (!value) return false;
  const [target] = assignment?.targets ?? [];
  return value.descendants("call").length === 0 && !told.some((it) => mentions(value, it))
    ? true
    : target !== undefined && told.some((it) => it.start === target.start) && isReadLater(statement, target);
}

/** The text is put to use in the handler itself. */
function isReadLater(statement: Node, target: Node): boolean {
  for (let next = nextStatement(statement); next; next = nextStatement(next)) if (mentions(next, target)) return true;
  return false;
}

/** They show a text on the page. */
const PAGES = /^(?:streamlit|gradio)\.(?:error|warning|write|Warning|Error|Info|info)$/;

/** No function is told of it, which might log it. */
const isOnlyText = (value: Node): boolean =>
  value
    .descendants("call")
    .every((it) =>
      /^(?:(?:str|repr|format|dict|type)|(?:\w+\.)*(?:_?[A-Z]\w*|dumps|format))$/.test(it.field("function")!.text),
    );

/** The text is logged, printed or raised below. */
function isToldLater(target: Node | undefined, facts: Facts): boolean {
  if (target?.kind !== "identifier") return false;
  return facts
    .readsSeeing(target)
    .some(
      (it) =>
        it.ancestor("raise_statement") !== undefined ||
        /log|print|warn|error|fail/i.test(it.ancestor("call")?.field("function")?.text ?? ""),
    );
}

/** `row.error = str(error)`, `text += f"failed: {error}"`, `await ctx.send(str(error))`, `st.error(str(error))`. */
function shownBy(statement: Node | undefined, facts: Facts): Node | undefined {
  if (!statement) return undefined;
  const assignment = asAssignment(statement);
  const kept = assignment?.value ?? asAugmented(statement)?.value;
  if (kept) return isOnlyText(kept) && !isToldLater(assignment?.targets[0], facts) ? kept : undefined;
  const value = expressionOf(statement);
  const call = asCall(value?.kind === "await" ? value.children[0] : value);
  if (!call) return undefined;
  const isSent = value?.kind === "await" && CHAT_METHODS.test(asMethodCall(call.node)?.method ?? "");
  return isSent || PAGES.test(facts.nameOf(call.callee) ?? "") ? call.argumentList : undefined;
}

/** `return {"error": str(error)}`, `yield Chunk(str(error))`, `raise HTTPException(500, str(error))`. */
function answerOf(statement: Node | undefined): Node | undefined {
  if (statement?.kind === "return_statement" || statement?.kind === "raise_statement") return statement.children[0];
  const value = statement && expressionOf(statement);
  return value?.kind === "yield" ? value.children[0] : undefined;
}

const mentions = (node: Node, alias: Node): boolean => node.identifiers(alias.text).length > 0;

/** More than the name of its class. */
const saysText = (node: Node, alias: Node): boolean =>
  node
    .identifiers(alias.text)
    .some((it) => asAttribute(it.parent)?.name !== "__class__" && asCall(it.parent?.parent)?.callee.text !== "type");

const ends = (said: string): boolean => /\b(?:sys\.exit|os\._exit|exit|quit|abort)\(/.test(said);

/** A logger, by its type or by what it is called. */
function loggerEvidence({ object }: MethodCall, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(object);
  if (name === "logging" || facts.isA(object, "logging.Logger", "strong")) return "proof";
  if (name?.startsWith("loguru.") || name?.startsWith("structlog.")) return "proof";
  return /(?:^|\.)_*(?:[a-z]+_)*(?:logger|log|logging)$/i.test(object.text) && !facts.typed(object)
    ? "strong"
    : undefined;
}

/** Only the text of the error is used. */
function keepsNothing({ alias, body }: Try["handlers"][number]): boolean {
  if (!alias) return true;
  const own = functionAround(body);
  return body.identifiers(alias.text).every((it) => {
    if (functionAround(it) !== own) return false;
    const parent = wrapped(it).parent;
    if (parent?.kind === "interpolation" || parent?.kind === "attribute") return true;
    if (parent?.kind === "raise_statement" && it.fieldName === "cause") return true;
    const use = useOf(it);
    const callee = asCall(use.call)?.callee;
    if (use.kind === "formatted" || use.kind === "operand" || use.kind === "compared") return true;
    return (
      use.kind === "argument" &&
      callee !== undefined &&
      (/^(?:str|repr|type|print|isinstance|getattr|hasattr|format)$/.test(callee.text) ||
        MAKES_SAFE.test(callee.text) ||
        /\.(?:error|critical|fatal|warning|warn|info|debug|write|format|log)$/.test(callee.text))
    );
  });
}

/** `sanitize_for_log(error)`: a text of it that is fit to be shown. */
const MAKES_SAFE = /(?:^|[._])(?:sanitiz|redact|mask|truncat|shorten|escap|scrub|clean)/;

/** `async def lifespan(app)`, `def on_startup()`. */
const startsServer = (node: Node): boolean =>
  /^(?:\w+_)?lifespan$|^_?(?:on_)?start_?up(?:_event)?$/.test(asFunction(functionAround(node))?.name ?? "");

/** It is closed, or removed: whatever goes wrong there matters little. */
function isClosing(node: Node): boolean {
  const statements = statementsOf(node.field("body")!);
  const name = asFunction(functionAround(node))?.name ?? "";
  if (
    !ENDS_BUSINESS.test(name) &&
    /^(?:__del__|__exit__|__aexit__|_?a?close\w*|_?clean_?up\w*|_?shut_?down\w*|_?tear_?down\w*)$/i.test(name)
  )
    return true;
  const calls = statements.map((it) => {
    const value = expressionOf(it);
    return asCall(value?.kind === "await" ? value.children[0] : value)?.callee.text;
  });
  const isTold = calls.some((it) => it !== undefined && TELLS.test(it));
  return (
    (!isTold || calls.some((it) => it !== undefined && CLEANS.test(it))) &&
    statements.every((it, index) => {
      const call = calls[index];
      return /^import_/.test(it.kind) || (call !== undefined && (CLEANS.test(call) || TELLS.test(call)));
    })
  );
}

/** A line in the log, or on the terminal, that says that it is done. */
const TELLS = /^print$|(?:^|[._])(?:logger|log|logging)\.(?:debug|info)$/i;

/** All that is tried is to read one text: the text of the error says it all. */
const isReading = (node: Node): boolean =>
  node
    .field("body")!
    .descendants("call")
    .every((it) =>
      /^(?:int|float|str|dict|isinstance|type|(?:\w+\.)?(?:loads|strptime|fromisoformat|literal_eval))$/.test(
        it.field("function")!.text,
      ),
    );

/** One file is read or written, by calls whose errors name it: the text says what happened. */
const isOneFile = (node: Node): boolean => {
  const calls = node.field("body")!.descendants("call");
  return calls.length > 0 && calls.length <= 4 && calls.every((it) => OF_A_FILE.test(it.field("function")!.text));
};
const OF_A_FILE =
  /^(?:open|len|str|int|float|dict|list|print|Path|os\.(?:makedirs|remove|unlink|rename|replace|path\.\w+)|shutil\.\w+|(?:json|pickle|yaml|toml|tomllib)\.\w+|(?:PIL\.)?Image\.open|(?:pd|pandas)\.read_\w+|[\w.]+\.(?:read|write|read_text|write_text|read_bytes|write_bytes|exists|mkdir|unlink|get|to_csv|to_json|to_parquet|readlines|convert|splitlines|strip))$/;

/** It is asked whether something works: the text of the error is the answer. */
function isLook(node: Node): boolean {
  const def = asFunction(functionAround(node));
  return def === undefined || /(?:^|_)(?:check|is|validate|test|ping|health|probe|verify|try)(?:_|$)/i.test(def.name);
}
