/** `except Exception: pass`: any error at all, and nobody hears of it. */

import {
  CHAT_METHODS,
  ENDS_BUSINESS,
  asAssignment,
  asAugmented,
  asCall,
  asFunction,
  asMethodCall,
  asTry,
  asWith,
  commentsAbove,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fixOf,
  functionAround,
  hasComments,
  importEdits,
  indentOf,
  isConstant,
  itemsOf,
  moduleLogger,
  nextStatement,
  replace,
  statementsOf,
  unwrap,
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
  leftToRuff: true,
  unlike: "handlers that log, hand on or keep the error are left alone, and the fix makes the logger that is missing",
  overrides: ["errors/lost-traceback"],
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

  on: ["try_statement", "with_statement"],

  find(node, { facts }) {
    if (node.kind === "with_statement") return suppressedIn(node, facts);
    const tried = asTry(node);
    if (!tried || facts.isTest) return undefined;
    return tried.handlers.flatMap((handler) => {
      const { type, body } = handler;
      const meant = type && isBroad(type) ? silenceOf(handler, node) : undefined;
      if (!type || !meant || isLegitimate(tried.body, node)) return [];
      const silence = meant === "value" && endsWork(handler, tried.body, node) ? "ended" : meant;
      const raised = isHandled(node) || hasComments(handler.node) ? undefined : raisedBy(tried.body, facts);
      const found = weightOf(handler, silence, tried.body, node, facts) ?? (raised && weightOfNarrow(silence, node));
      // `price = float(text.strip())`: there is hardly another error that it could hide.
      const weight = found && isConversion(tried.body) ? "light" : found;
      if (!weight) return [];
      const doing = doingOf(tried.body, silence);
      return [
        {
          at: type,
          evidence: "proof",
          weight,
          body,
          silence,
          doing,
          raised: raised && { ...raised, type },
          ...((silence === "logged" || silence === "replaced") && { construct: handler.node }),
        } as const,
      ];
    });
  },

  message({ silence, doing, raised }) {
    const what = doing === undefined ? "this block" : `\`${excerpt(doing, 40)}\``;
    if (raised)
      return `What \`${excerpt(raised.of, 40)}\` cannot read raises ${listed(raised.errors)} here; any other error, a misspelt name too, is passed over in silence with it.`;
    if (silence === "ended")
      return `Any error around ${what} ends this function: what stands below is not done, and nobody hears why; log it, or name the error that is meant.`;
    if (silence === "told")
      return `Any error around ${what} is printed without its traceback, and the program goes on; \`logger.exception\` keeps where it came from.`;
    if (silence === "sent")
      return `Any error around ${what} is answered by a message that does not name it, and nothing is logged; \`logger.exception\` keeps it with its traceback.`;
    if (silence === "text")
      return `Any error around ${what} is returned as a text like any other: callers take it for a result, and its traceback is lost.`;
    if (silence === "replaced")
      return `Any error around ${what} is replaced by a fixed value, and what follows takes that for a result; name the error that is meant.`;
    if (silence === "logged")
      return `Any error around ${what}, a misspelt name too, is logged without its traceback, and callers get an ordinary answer; name the error that is meant.`;
    if (silence === "value")
      return `Any error around ${what}, a lost connection or a misspelt name, looks like an ordinary answer here; name the error that is meant.`;
    if (silence === "suppressed")
      return `Whatever goes wrong around ${what} is passed over in silence, a misspelt name too, and the rest of the block is left out; name the error that is meant.`;
    return silence === "print"
      ? `Any error around ${what} is answered by a line that does not even name it; \`logger.exception\` keeps it with its traceback.`
      : `Whatever goes wrong around ${what} is passed over in silence, a misspelt name too; name the error that is meant, or log it.`;
  },

  fix({ body, silence, doing, raised }, file) {
    if (raised) {
      if (!raised.errors.every((it) => file.facts.isBuiltin(it, body)))
        return declined("a name means something else here");
      const [only, more] = raised.errors;
      const type = more ? `(${raised.errors.join(", ")})` : only!;
      return fixOf(
        `Catch ${listed(raised.errors).replaceAll("`", "")}`,
        ["errors of any other kind are raised"],
        [replace(raised.type, type)],
      );
    }
    if (silence === "print" || silence === "told" || silence === "sent")
      return declined("the text is for whoever runs the program");
    if (silence !== "pass") return declined("only its author knows which errors are meant");
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

/**
 * `told`: it prints the error · `text`: it returns the error's text · `value`: it returns something fixed ·
 * `suppressed`: `with suppress(Exception)` around it ·
 * `ended`: it leaves a function that has more to do · `sent`: it sends a message that does not name the error · `logged`: the same, after a line in the log · `replaced`: it binds something fixed to what the block was to bind.
 */
type Silence = "pass" | "suppressed" | "print" | "sent" | "told" | "text" | "value" | "ended" | "logged" | "replaced";

/** `with suppress(Exception):` around several steps: the first that fails takes the others with it. Around a single one it is a choice that somebody has made. */
function suppressedIn(node: Node, facts: Facts) {
  const view = asWith(node);
  const item = view?.items.find((it) => {
    const call = asCall(it.value);
    return call?.args.some(isBroad) === true && facts.nameOf(call.callee) === "contextlib.suppress";
  });
  if (!view || !item || facts.isTest || isLegitimate(view.body, node) || isHandled(node)) return undefined;
  // One way is tried after the other; and what a comment explains is meant.
  if (view.body.descendants("return_statement").length > 0 || node.comments.some((it) => EXPECTED.test(it.text)))
    return undefined;
  const doing = doingOf(view.body, "suppressed");
  if (doing === undefined || statementsOf(view.body).length < 2) return undefined;
  return {
    at: item.value,
    evidence: "proof",
    weight: "unknown",
    body: view.body,
    silence: "suppressed",
    doing,
    raised: undefined,
  } as const;
}

function isConversion(body: Node): boolean {
  const calls = body.descendants("call").map((it) => it.field("function")!.text);
  return (
    calls.some((it) => /^(?:int|float)$/.test(it)) &&
    calls.every((it) => /^(?:int|float|round|abs|str)$|\.(?:strip|replace|split|group|lower|get)$/.test(it))
  );
}

/** Somebody has thought about it, or it is an error path already. */
const isHandled = (node: Node): boolean =>
  isExpected(node) || node.ancestor("except_clause") !== undefined || node.ancestor("finally_clause") !== undefined;

/** What the handler does, where that is as good as nothing. */
function silenceOf({ body, alias }: Try["handlers"][number], node: Node): Silence | undefined {
  let silence = "pass" as Silence;
  let isLogged = false;
  let isReplaced = false;
  for (const statement of statementsOf(body)) {
    if (statement.kind === "pass_statement" || statement.kind === "continue_statement") continue;
    if (/traceback|format_exc|exc_info/.test(statement.text)) return undefined;
    const names = alias !== undefined && statement.identifiers(alias.text).length > 0;
    if (statement.kind === "return_statement") {
      const value = statement.children[0];
      if (silence === "sent" && value === undefined) continue;
      if (names) return value && isErrorText(value, alias!.text) ? "text" : undefined;
      if (value !== undefined && !isFixed(value)) return undefined;
      return !isLogged ? "value" : isNothing(value) ? "logged" : undefined;
    }
    const assignment = asAssignment(statement);
    if (assignment?.value && !names) {
      if (!isFixed(assignment.value) || SAYS_SO.test(assignment.value.text)) return undefined;
      isReplaced = true;
      continue;
    }
    const expression = expressionOf(statement);
    if (expression?.kind === "ellipsis" || expression?.kind === "string") continue;
    const call = asCall(expression);
    if (call && LOGS.test(call.callee.text)) {
      isLogged = true;
      continue;
    }
    const sent = expression?.kind === "await" ? asMethodCall(expression.children[0]) : undefined;
    if (sent && !names && CHAT_METHODS.test(sent.method)) {
      if (silence === "pass") silence = "sent";
      continue;
    }
    if (call?.callee.text !== "print") return undefined;
    silence = names || silence === "told" ? "told" : "print";
  }
  if (isReplaced) return isLogged ? undefined : "replaced";
  if (!isLogged) return silence;
  const below = nextStatement(node);
  const [given] = below?.kind === "return_statement" ? below.children : [];
  return silence === "pass" && given && isNothing(given) ? "logged" : undefined;
}

/** False, and a text such as "unknown", are no results. */
const SAYS_SO = /^(?:True|False|[bru]*["'][^\w\n]*\w.*["'])$/;

/** None, an empty text or collection: False and a status may well say that it failed. */
const isNothing = (value: Node | undefined): boolean =>
  value === undefined || (isFixed(value) && !/^(?:False|True|-?\d.*)$/.test(value.text));

/** An error in the log is seen; a line among the others is not. */
const LOGS = /^(?:self\.)?_?(?:logger|log|logging)\.(?:warning|warn|info|debug)$/i;

/** `str(error)`, `f"Failed: {error}"`, `"Failed: " + str(error)`. */
function isErrorText(value: Node, error: string): boolean {
  const text = unwrap(value);
  const call = asCall(text);
  if (call) return /^(?:str|repr)$/.test(call.callee.text) && call.args[0]?.text === error;
  if (text.kind === "binary_operator")
    return text.children.some((it) => /^["']/.test(it.text) || isErrorText(it, error));
  return text.kind === "string";
}

/** It says nothing of the error: None, a truth value, a number, a text, an empty collection or table. */
function isFixed(value: Node): boolean {
  const it = unwrap(value);
  if (isConstant(it) || /^(?:(?:np|numpy|math)\.nan|float\(["']nan["']\))$/i.test(it.text)) return true;
  if (/^(?:list|dictionary|tuple|expression_list)$/.test(it.kind)) return it.children.every(isFixed);
  const call = asCall(it);
  return /(?:^|\.)(?:DataFrame|Series|dict|list|set)$/.test(call?.callee.text ?? "") && call!.args.every(isFixed);
}

const CLEANUP =
  /^(?:__del__|__exit__|__aexit__|_?a?close\w*|_?clean_?up\w*|_?shut_?down\w*|_?stop\w*|_?tear_?down\w*|_?dispose\w*|_?kill\w*|_?terminate\w*|_?release\w*|on_exit|atexit\w*|_?finali[sz]e\w*)$/i;
const CLEANS =
  /(?:^|\.)(?:a?close\w*|terminate|kill|killpg|unlink|remove|rmtree|rmdir|cancel|disconnect|release|stop\w*|flush|shutdown|rollback|join|quit|detach|unsubscribe|pop|discard|remove_\w+|delete_\w+|destroy\w*)$/;
const BEST_EFFORT =
  /telemetry|analytics|posthog|sentry|capture_(?:event|message|exception)|track_event|\bspan\b|set_attribute/i;

/** Clean-up goes on whatever happens; a report to somebody else must not stop the program; an import may be of any kind. */
function isLegitimate(tried: Node, node: Node): boolean {
  // A magic command of a notebook leaves nothing here that could fail.
  if (tried.descendants("call", "subscript", "attribute", "await").length === 0) return true;
  // A line in the log is no step of the program.
  if (statementsOf(tried).every((it) => WRITES_LOG.test(asCall(expressionOf(it))?.callee.text ?? ""))) return true;
  const name = asFunction(functionAround(node))?.name ?? "";
  if ((CLEANUP.test(name) && !ENDS_BUSINESS.test(name)) || BEST_EFFORT.test(tried.text)) return true;
  return cleansUp(tried);
}

const WRITES_LOG = /^(?:self\.)?_?(?:logger|log|logging)\.\w+$/i;

function cleansUp(block: Node): boolean {
  return statementsOf(block).every((it): boolean => {
    if (/^import_/.test(it.kind)) return true;
    if (it.kind === "if_statement" && !it.field("alternative")) return cleansUp(it.field("consequence")!);
    // What has been removed is counted.
    const counted = asAugmented(expressionOf(it));
    if (counted) return isConstant(counted.value);
    const value = asAssignment(it)?.value ?? expressionOf(it);
    const call = asCall(value?.kind === "await" ? value.children[0] : value);
    // A property that is only looked for may fail in any way.
    return call !== undefined && (CLEANS.test(call.callee.text) || call.callee.text === "getattr");
  });
}

/** Undefined where somebody has thought about it, it is an error path already, or something else is done below. */
function weightOf(
  { node: handler, body }: Try["handlers"][number],
  silence: Silence,
  tried: Node,
  node: Node,
  facts: Facts,
): Weight | undefined {
  if (hasComments(handler) || isHandled(node)) return undefined;
  // `HAS_STREAMING = True`: whether something is there is tried out.
  if (/^[ \t]*[\w.]+ = True$/m.test(tried.text)) return "light";
  if (silence === "print" || silence === "sent") return "unknown";
  const around = asFunction(functionAround(node));
  // A script, and what begins one, shows it to whoever runs it.
  if (silence === "told") return around && !/^_?main$|^run_?cli$/.test(around.name) ? "light" : undefined;
  // A model that asked for a tool is told in words what went wrong.
  if (silence === "text")
    return around && !/tool/i.test(decoratorsOf(around)) && !/Tool/.test(classAround(node)) ? "unknown" : "light";
  if (silence === "ended") return "unknown";
  if (silence === "value" || silence === "logged")
    return around && askedIn(tried, around.name) !== undefined ? "light" : undefined;
  if (silence === "replaced") return around && isBoundIn(tried, body, around.name) ? "light" : undefined;
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

/** A result of the block, worked out by a call, is what the handler replaces; not a sign of whether something works, nor what is optional. */
function isBoundIn(tried: Node, body: Node, name: string): boolean {
  if (QUESTIONS.test(name) || tried.descendants("import_statement", "import_from_statement").length > 0) return false;
  if (tried.descendants("call").every((it) => CONVERTS.test(it.field("function")!.text))) return false;
  const replaced = new Set(
    statementsOf(body)
      .flatMap(targetsOf)
      .filter((it) => !SIGNS.test(it)),
  );
  return tried.descendants("assignment").some((it) => namesOf(it).some((target) => replaced.has(target)));
}

const targetsOf = (statement: Node): readonly string[] => {
  const assignment = expressionOf(statement);
  return assignment?.kind === "assignment" ? namesOf(assignment) : [];
};

/** What an assignment binds: names, `self.rate` and `results["rate"]`. */
function namesOf(assignment: Node): readonly string[] {
  const left = assignment.field("left");
  return left ? (/_list$/.test(left.kind) ? left.children : [left]).map((it) => it.text) : [];
}

interface Raised {
  /** The call that reads a value. */
  readonly of: string;
  readonly errors: readonly string[];
}

/** The errors of a block that does nothing but read one value out of a text, by the names of built-in ones; undefined for any other. */
function raisedBy(tried: Node, facts: Facts): Raised | undefined {
  const [only, more] = statementsOf(tried);
  const value =
    only?.kind === "return_statement" ? only.children[0] : (asAssignment(only)?.value ?? (only && expressionOf(only)));
  if (!only || more || !value || value.descendants("await", "lambda").length > 0) return undefined;
  const calls = value.descendants("call");
  const reading = calls.flatMap((it) => {
    const name = facts.nameOf(it.field("function")!) ?? "";
    const errors = READERS.get(name);
    return errors ? [{ node: it, of: it.field("function")!.text, errors }] : [];
  });
  const [first, another] = reading;
  if (!first || another) return undefined;
  const errors = new Set(first.errors);
  for (const it of calls) {
    if (it === first.node) continue;
    const method = asMethodCall(it);
    if (!method || !TRIMS.test(method.method)) return undefined;
    errors.add("AttributeError");
  }
  for (const it of value.descendants("subscript")) {
    const [key, other] = it.fieldAll("subscript");
    if (!key || other || !/^(?:string|integer)$/.test(key.kind)) return undefined;
    errors.add(key.kind === "string" ? "KeyError" : "IndexError");
  }
  // Arithmetic, and the attributes of what is read, fail in ways of their own.
  if (value.descendants("binary_operator", "list_comprehension", "generator_expression").length > 0) return undefined;
  return { of: first.of, errors: [...errors].sort() };
}

const listed = (errors: readonly string[]): string => {
  const shown = errors.map((it) => `\`${it}\``);
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}` : shown.join();
};

/** What these raise for a value that they cannot read. */
const READERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["builtins.int", ["TypeError", "ValueError"]],
  ["builtins.float", ["TypeError", "ValueError"]],
  ["json.loads", ["TypeError", "ValueError"]],
  ["ast.literal_eval", ["SyntaxError", "TypeError", "ValueError"]],
  ["uuid.UUID", ["AttributeError", "TypeError", "ValueError"]],
  ["datetime.datetime.strptime", ["TypeError", "ValueError"]],
  ["datetime.datetime.fromisoformat", ["TypeError", "ValueError"]],
  ["datetime.date.fromisoformat", ["TypeError", "ValueError"]],
]);
const TRIMS = /^(?:l?strip|rstrip|lower|upper|replace|removeprefix|removesuffix)$/;

/** What a helper is for whose name says that it tries, it may do in its own way. */
function weightOfNarrow(silence: Silence, node: Node): Weight | undefined {
  const around = asFunction(functionAround(node));
  return silence === "replaced" && around && !QUESTIONS.test(around.name) ? "light" : undefined;
}

/** The handler leaves a function that gives nothing back and has more to do below. */
function endsWork({ body }: Try["handlers"][number], tried: Node, node: Node): boolean {
  const def = asFunction(functionAround(node));
  const [only, more] = statementsOf(body);
  if (!def || more || only?.kind !== "return_statement" || node.parent !== def.body) return false;
  const isEmpty = (it: Node) => it.children.length === 0 || it.children[0]!.kind === "none";
  const others = def.body.descendants("return_statement", "yield").filter((it) => functionAround(it) === def.node);
  if (!isEmpty(only) || !others.every((it) => it.kind === "return_statement" && isEmpty(it))) return false;
  const below = def.body.children.filter((it) => it.start > node.end);
  return below.length >= 3 && tried.descendants("call").some((it) => MAKES.test(it.field("function")!.text));
}

/** An object of a class is made. */
const MAKES = /(?:^|\.)[A-Z][A-Z\d_]*[a-z]\w*$/;

const CONVERTS =
  /^(?:int|float|str|len|bool)$|(?:^|\.)(?:get|strip|split|group|fromisoformat|strptime|Timestamp|to_datetime|to_numeric|Decimal|loads|parse\w*)$/;
const SIGNS =
  /^[A-Z_\d]+$|(?:^|[._])(?:is|has|can|ok|success\w*|valid|passed|enabled|available|connected|status|error\w*|fail\w*)(?:_|$)/;

/** A comment above it says that it may fail. */
function isExpected(tried: Node): boolean {
  return EXPECTED.test(commentsAbove(tried));
}

const EXPECTED = /\b(?:try|except|exceptions?|fails?|failing|errors?|may not|might not|optional|best.effort|ignore)\b/i;

const decoratorsOf = ({ node }: { readonly node: Node }): string =>
  node.parent?.kind === "decorated_definition"
    ? node.parent.children
        .filter((it) => it.kind === "decorator")
        .map((it) => it.text)
        .join()
    : "";

/** The call that asks something outside of the program. Whatever `is_number` or `parse` meets means no; a server that does not answer does not. */
function askedIn(tried: Node, name: string): string | undefined {
  if (QUESTIONS.test(name)) return undefined;
  for (const it of tried.descendants("call")) {
    const method = asMethodCall(it);
    if (!method || !/^[\w.]+$/.test(method.callee.text)) continue;
    if (ASKS.test(method.method) || (/^(?:get|load|open)$/.test(method.method) && OUTSIDE.test(method.object.text)))
      return method.callee.text;
  }
  return undefined;
}

const QUESTIONS = /^_*(?:is|has|can|try|safe|parse|to|as|get_or|maybe|convert|coerce)_|^_*(?:parse|convert|safe)$/;
/** Methods that ask a server, a database, a file or a model. */
const ASKS =
  /^(?:post|put|request|urlopen|execute|executemany|query|fetch\w*|a?invoke|download\w*|upload\w*|send_\w+|connect|read_(?:csv|sql|parquet|json|excel|text)|to_sql|predict|get_\w+|list_\w+|describe_\w+|commit|find_one|aggregate|insert_\w+|update_\w+|delete_\w+|search_\w+|scrape\w*|login)$/;
const OUTSIDE = /(?:^|[._])(?:client|session|requests|httpx|api|db|conn|connection|redis|cache|s3|bucket|store)$/i;

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
function doingOf(tried: Node, silence: Silence): string | undefined {
  const asked = silence === "pass" || silence === "print" ? undefined : askedIn(tried, "");
  if (asked !== undefined) return asked;
  const names = tried.descendants("call").flatMap((it) => it.field("function")?.text ?? []);
  const telling = names.filter((it) => /^[\w.]+$/.test(it) && !SAFE.test(it));
  // "int failed" says less than the name of what gave the text.
  return (
    telling.find((it) => !/^(?:int|float|bool|open|max|min|sum|sorted|next|iter|tuple|zip)$/.test(it)) ?? telling[0]
  );
}

const SAFE =
  /^(?:print|len|str|repr|list|dict|set|isinstance|range|enumerate)$|\.(?:append|extend|add|update|get|items|keys|values|strip|lower|upper|format|info|debug|warning)$/;

/** The name and bases of the class around a node. */
function classAround(node: Node): string {
  const owner = node.ancestor("class_definition");
  return owner ? `${owner.field("name")?.text ?? ""} ${owner.field("superclasses")?.text ?? ""}` : "";
}
