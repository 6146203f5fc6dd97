/** The answer of a server is used without a look at its status: an error page is taken for what was asked for. */

import {
  asAssignment,
  asCall,
  asMethodCall,
  asWith,
  argumentOf,
  cacheDecorator,
  contextsAround,
  declined,
  asFor,
  defineRule,
  asFunction,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  isCaught,
  isStarted,
  lineAbove,
  lineBelow,
  statementOf,
  statementsOf,
  textValue,
  useOf,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Use,
} from "../../analysis/authoring.js";

const METHODS = ["get", "post", "put", "patch", "delete", "request"];
const FUNCTIONS = METHODS.flatMap((it) => [`requests.${it}`, `httpx.${it}`]);
const CLIENTS = /^(?:requests(?:\.sessions)?\.Session|httpx\.(?:Async)?Client|aiohttp(?:\.client)?\.ClientSession)$/;

/** What becomes of the body, the worst first. */
const FATES = ["written", "cached", "sent", "emptied", "returned", "keyed"] as const;
type Fate = (typeof FATES)[number];
/** `looked`: somebody sees whether it is an error. `kept`: nothing that has to be said. */
type Outcome = { readonly fate: Fate | "looked" | "kept"; readonly at: Node };

interface Unchecked extends Match {
  readonly call: Call;
  readonly answer: Answer | undefined;
  readonly fate: Fate;
}

export default defineRule({
  title: "Answer of a server used without its status",
  why: "requests, httpx and aiohttp raise nothing when a server answers 404 or 500: the text of the error is the body then. Saved, kept or taken for an empty list it passes for data, and nobody learns of the failure; raise_for_status() stops there.",
  guide: "networking",
  level: "warning",
  gain: "safety",
  imports: ["requests", "httpx", "aiohttp"],
  fixes: "review",

  examples: [
    {
      before: `
import requests

def save(url: str, path: str) -> None:
    answer = requests.get(url, timeout=30)
    with open(path, "wb") as file:
        file.write(answer.content)
`,
      after: `
import requests

def save(url: str, path: str) -> None:
    answer = requests.get(url, timeout=30)
    answer.raise_for_status()
    with open(path, "wb") as file:
        file.write(answer.content)
`,
    },
  ],

  on: ["call"],
  calls: FUNCTIONS,
  methods: METHODS,

  find(node, { facts }, call): Unchecked | undefined {
    if (facts.isTest || call.hasSplat || call.keywords.has("hooks") || call.keywords.has("raise_for_status"))
      return undefined;
    const evidence = asks(call, facts);
    if (!evidence || /^file:/.test(textValue(argumentOf(call, "url", 0)) ?? "")) return undefined;
    const answer = answerOf(node);
    const uses = answer === undefined ? [useOf(awaited(node))] : facts.readsSeeing(answer.name).map(useOf);
    const outcomes: Outcome[] = [];
    for (const use of uses) {
      const body = bodyOf(use);
      if (body === "kept") continue;
      if (body === "looked") return undefined;
      follow(body, facts, outcomes, 0);
      if (outcomes.some((it) => it.fate === "looked")) return undefined;
    }
    const fate = FATES.find((fate) => outcomes.some((it) => it.fate === fate));
    const found = outcomes.find((it) => it.fate === fate);
    if (!fate || !found) return undefined;
    if (fate === "keyed" && isExpected(found.at)) return undefined;
    const isOnce = facts.isNotebook || !functionAround(node);
    const isWeak = fate === "keyed" || fate === "returned";
    return {
      at: lineOf(found.at),
      evidence,
      weight: isWeak ? (facts.isNotebook ? "light" : "unknown") : isOnce || isStarted(facts) ? "unknown" : "heavy",
      call,
      answer,
      fate,
    };
  },

  message: ({ fate, call, answer }) => {
    const asked = excerpt(call.callee.text, 40);
    const of = answer ? `\`${answer.name.text}\`` : `the answer of \`${asked}\``;
    return fate === "written"
      ? `Nobody looks at the status of ${of}: if the server answers with an error, its text is written to the file as if it were the data.`
      : fate === "cached"
        ? `Nobody looks at the status of ${of}: if the server answers with an error, that is kept and given to everybody who asks later.`
        : fate === "sent"
          ? `Nobody looks at the status of ${of}: if the server answers with an error, its text is sent on as if it were the file.`
          : fate === "emptied"
            ? `Nobody looks at the status of ${of}: an error of the server has no such key, so it passes for an empty result.`
            : fate === "returned"
              ? `Nobody looks at the status of ${of}: if the server answers with an error, the caller gets its text as if it were the file.`
              : `Nobody looks at the status of ${of}: an error of the server shows only as a missing key here, and what it says is lost.`;
  },

  fix({ answer }) {
    if (!answer) return declined("the answer has no name; give it one and call its raise_for_status()");
    const line = `${answer.name.text}.raise_for_status()`;
    const doubts = [
      "an answer with an error status raises, also where its body says all that is needed",
      "whoever calls this gets the exception",
    ];
    const edit = answer.block ? lineAbove(statementsOf(answer.block)[0]!, line) : lineBelow(answer.statement, line);
    return fixOf("Raise if the server reports an error", doubts, [edit]);
  },
});

/** It is known to ask a server, by a function or a client. */
function asks({ callee, node }: Call, facts: Facts): Evidence | undefined {
  const name = facts.nameOf(callee);
  if (name !== undefined && FUNCTIONS.includes(name)) return facts.ofFile(REPLACES_FUNCTIONS) ? undefined : "proof";
  const method = asMethodCall(node);
  if (!method || name?.startsWith("builtins.") || facts.ofFile(LOOKS_ELSEWHERE)) return undefined;
  const known = facts.typed(method.object, "strong");
  if (known) return CLIENTS.test(known.type.name) ? known.evidence : undefined;
  // `async with session.get(…) as answer`, in a file that uses aiohttp.
  const isOpened = node.ancestor("with_item") !== undefined && asWith(node.ancestor("with_statement"))?.isAsync;
  return isOpened && facts.view.imports("aiohttp") && /(?:^|[._])session$/.test(method.object.text)
    ? "fair"
    : undefined;
}

/** A client, adapter or hook of the file may raise for all answers; a client of tests asks nobody. */
const LOOKS_ELSEWHERE = fileQuestion((facts) =>
  facts.fileMatches(
    /raise_for_status ?= ?True|event_hooks|\bhooks\b|\bHTTPAdapter\b|\bTestClient\b|ASGITransport|MockTransport|\((?:\w+\.)*(?:Session|Client|AsyncClient|ClientSession)\):/,
  ),
);
const REPLACES_FUNCTIONS = fileQuestion((facts) =>
  facts.fileMatches(/\brequests\.(?:get|post|request) ?= |requests_mock/),
);

/** A name for the answer. */
interface Answer {
  readonly name: Node;
  readonly statement: Node;
  /** The block of the `with` that gives it the name. */
  readonly block: Node | undefined;
}

/** The name that an answer gets, if any. */
function answerOf(call: Node): Answer | undefined {
  const value = awaited(call);
  const { parent } = value;
  if (parent?.kind === "assignment") {
    const assignment = asAssignment(parent);
    const [name, more] = assignment?.targets ?? [];
    if (!name || more || name.kind !== "identifier") return undefined;
    return { name, statement: statementOf(call), block: undefined };
  }
  const item = value.ancestor("with_item");
  const around = item && asWith(item.ancestor("with_statement"));
  const own = around?.items.find((it) => it.value === call || wrapped(it.value) === value);
  return own?.alias?.kind === "identifier"
    ? { name: own.alias, statement: around!.node, block: around!.body }
    : undefined;
}

/** The value itself, with its parentheses and its `await`. */
function awaited(node: Node): Node {
  const value = wrapped(node);
  return value.parent?.kind === "await" ? wrapped(value.parent) : value;
}

const BODY_METHODS = /^(?:json|text|read|iter_(?:content|lines|bytes|text|raw)|aiter_(?:lines|bytes|text|raw))$/;
const BODY_ATTRIBUTES = /^(?:text|content|raw)$/;
/** What says nothing about whether the answer is an error. */
const ASIDE = /^(?:close|aclose|aread|encoding|apparent_encoding|url|cookies|elapsed|history|request|release)$/;

/** The body of the answer, as one use takes it. */
function bodyOf(use: Use): Node | "kept" | "looked" {
  const { kind, name = "" } = use;
  if (kind === "method" && BODY_METHODS.test(name)) return use.in;
  if (kind === "attribute" || kind === "method") {
    if (BODY_ATTRIBUTES.test(name)) return use.in;
    if (ASIDE.test(name)) return "kept";
    if (name === "headers") return /content-type/i.test(statementOf(use.node).text) ? "looked" : "kept";
  }
  if (kind === "attribute-store" || kind === "discarded" || kind === "deleted") return "kept";
  return "looked";
}

/** Keys of a body that say whether it is an error. */
const TELLS =
  /^(?:errors?|err|error_?\w*|ok|success|status\w*|code|message|msg|detail|result_?code|ret_?code|reason|retcode|errno|errcode|errmsg|state|Error\w*|Response|Note|Information)$/i;
/** Functions that look at what they are given. */
const CHECKS = /(?:check|valid|assert|raise|verify|ensure|handle|error|isinstance|hasattr)/i;
const SHOWS =
  /^(?:print|pprint|rprint|display|pprint\.pprint)$|(?:^|\.)(?:print\w*|debug|info|warning|error|exception|critical|log|raises)$/;
/** What gives the same body in another form. */
const SAME =
  /^(?:str|bytes|bytearray|list|iter|enumerate|zip|tqdm|(?:\w+\.)*(?:BytesIO|StringIO|loads|dumps|b64encode|b64decode|tqdm|track|from_iterable|fromstring|unescape))$/;
const WRITES = /(?:^|\.)(?:write|write_bytes|write_text|writelines)$/;
const NO_FILES =
  /(?:sys\.std\w+|\bst|wfile|socket|sock|response|resp|ws|writer|request|process\.stdin|proc\.stdin)\.write\w*$/i;
const SENDS = /^(?:(?:\w+\.)*(?:Response|StreamingResponse|HttpResponse|send_file|FileResponse))$|discord\.File$/;
const MOST_STEPS = 6;

/** Where a body goes. */
function follow(body: Node, facts: Facts, outcomes: Outcome[], steps: number, isTaken = false): void {
  if (steps > MOST_STEPS) return;
  const value = awaited(body);
  const tell = (fate: Outcome["fate"], at: Node = body) => void outcomes.push({ fate, at });
  if (isAsked(value)) return isTaken && !isTold(value) ? undefined : tell("looked");
  const use = useOf(value);
  const on = (next: Node) => follow(next, facts, outcomes, steps + 1, isTaken);
  const onName = (name: Node) => {
    for (const read of facts.readsSeeing(name)) follow(read, facts, outcomes, steps + 1, isTaken);
  };
  const { parent } = value;
  switch (use.kind) {
    case "subscript": {
      if (isTaken || use.in.descendants("slice").length > 0) return on(use.in);
      const [index] = use.in.children.slice(1);
      const key = textValue(index);
      if (key !== undefined && TELLS.test(key)) return tell("looked");
      return key !== undefined || index?.kind === "integer" ? tell("keyed") : undefined;
    }
    case "method": {
      const call = asCall(use.call)!;
      if (use.name === "get" && !isTaken) {
        const key = textValue(call.args[0]);
        if (key === undefined || TELLS.test(key)) return tell("looked");
        const isOr = isEmptyOr(use.in);
        if (!(isEmpty(call.args[1]) || isOr)) return on(use.in);
        tell("emptied", use.in);
        return follow(isOr ? use.in.parent! : use.in, facts, outcomes, steps + 1, true);
      }
      if (/^(?:startswith|endswith|find|count|index)$/.test(use.name!)) return tell("looked");
      return /^(?:decode|encode|strip|read|iter_chunked|iter_any|replace|splitlines|split|get|items|values|lower)$/.test(
        use.name!,
      )
        ? on(use.in)
        : undefined;
    }
    case "iterated": {
      const target = asFor(parent)?.target ?? (parent?.kind === "for_in_clause" ? parent.field("left") : undefined);
      return target?.kind === "identifier" ? onName(target) : undefined;
    }
    case "argument":
    case "starred":
      return given(use, value, { tell, on, isTaken });
    case "assigned": {
      const assignment = asAssignment(parent);
      const [target, more] = assignment?.targets ?? [];
      if (parent?.kind === "named_expression") return tell("looked");
      if (!target || more) return undefined;
      if (target.kind === "identifier") return onName(target);
      return /cache/i.test(target.text) ? tell("cached") : undefined;
    }
    case "returned": {
      const def = asFunction(functionAround(value));
      if (def && cacheDecorator(def, facts)) return tell("cached");
      return isBytes(body) && !isTaken ? tell("returned") : undefined;
    }
    case "operand":
      return parent?.kind === "conditional_expression" || parent?.kind === "boolean_operator" ? on(parent) : undefined;
    case "formatted":
      return isShown(value) ? tell("looked") : undefined;
    case "membership":
    case "compared":
    case "tested":
      return tell("looked");
    case "element":
      return isShown(value) ? tell("looked") : undefined;
    default:
      return value.ancestor("raise_statement") ? tell("looked") : undefined;
  }
}

interface Following {
  readonly tell: (fate: Outcome["fate"], at?: Node) => void;
  readonly on: (next: Node) => void;
  readonly isTaken: boolean;
}

/** What a call does with a body that it is given. */
function given({ call: node, in: inside }: Use, value: Node, { tell, on, isTaken }: Following): void {
  const call = asCall(node ?? inside.ancestor("call"));
  if (!call) return;
  const { text } = call.callee;
  if (SHOWS.test(text) || isShown(value)) return tell("looked");
  if (SAME.test(text)) return on(call.node);
  if (isTaken) return;
  if (WRITES.test(text) && !NO_FILES.test(text)) return tell("written");
  if (/(?:^|\.)(?:dump|copyfileobj)$/.test(text)) return tell("written");
  if (SENDS.test(text)) return tell("sent");
  if (CHECKS.test(text) || inside.kind === "dictionary_splat") tell("looked");
}

/** `answer.content`, `await answer.read()`, and a file in memory of that. */
const isBytes = (body: Node): boolean => /\.content$|\.read\(\)$|^(?:\w+\.)?BytesIO\(/.test(body.text);

/** What is empty is told to somebody, or is an error. */
function isTold(value: Node): boolean {
  const branch = value.ancestor("if_statement");
  return branch === undefined || TOLD.test(branch.field("consequence")?.text ?? "");
}
const TOLD = /\b(?:raise|print|log\w*|warn\w*|error|fail\w*|exit|status)\b/i;

/** The part of a long expression that ends it. */
function lineOf(node: Node): Node {
  const call = asCall(node);
  if (!call || !node.text.includes("\n")) return node;
  return call.callee.text.includes("\n") ? (asMethodCall(node)?.methodNode ?? call.callee) : call.callee;
}

/** Stands in the message of a log, a print or an error. */
function isShown(value: Node): boolean {
  if (value.ancestor("raise_statement")) return true;
  const call = asCall(value.ancestor("call"));
  return call !== undefined && value.isInside(call.argumentList) && SHOWS.test(call.callee.text);
}

/** It is part of what an `if`, `while` or `assert` asks. */
function isAsked(value: Node): boolean {
  let at = value;
  for (let { parent } = at; parent; { parent } = at) {
    if (/_statement$|_clause$/.test(parent.kind)) {
      if (parent.kind === "assert_statement") return true;
      return /^(?:if_statement|elif_clause|while_statement|if_clause)$/.test(parent.kind)
        ? parent.kind === "if_clause" || parent.field("condition") === at
        : false;
    }
    if (/^(?:comparison_operator|not_operator)$/.test(parent.kind)) return true;
    if (parent.kind === "conditional_expression" && parent.children[1] === at) return true;
    if (parent.kind === "block" || parent.kind === "lambda") return false;
    at = parent;
  }
  return false;
}

const isEmpty = (node: Node | undefined): boolean =>
  node !== undefined && /^(?:\[\]|\{\}|\(\)|""|''|0|list\(\)|dict\(\))$/.test(node.text);

/** `… or []`. */
const isEmptyOr = ({ parent }: Node): boolean =>
  parent?.kind === "boolean_operator" && isEmpty(parent.children[1]) && /\bor\b/.test(parent.text);

/** A handler around it deals with whatever goes wrong. */
const isExpected = (node: Node): boolean =>
  isCaught(node) || contextsAround(node).some((it) => /^(?:contextlib\.)?suppress\(/.test(it.text));
