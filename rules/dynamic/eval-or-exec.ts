/** `eval` on text that is put together or comes from elsewhere, and `exec` where plain code does the same. */

import {
  asAssignment,
  asAttribute,
  asBinary,
  asCall,
  asComparison,
  asConditional,
  asFunction,
  asIf,
  asMethodCall,
  asString,
  asSubscript,
  asTry,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  importName,
  isConstant,
  isNumber,
  previousStatement,
  replace,
  statementOf,
  statementsOf,
  textValue,
  unwrap,
  useOf,
  type Call,
  commentsAbove,
  type Facts,
  type Match,
  type Node,
  type Site,
  type Weight,
} from "../../analysis/authoring.js";

type Origin = "typed" | "sent" | "model" | "given" | undefined;

interface Run extends Match {
  readonly call: Call;
  readonly code: Node;
  readonly name: string;
  /** Who writes the text, where that is known to be somebody else. */
  readonly origin: Origin;
  /** The text is put together only to name something. */
  readonly isLookup: boolean;
}

export default defineRule({
  title: "Text run as code with eval or exec",
  why: "Whoever can influence the text can run any code with the program's rights; a namespace of its own or empty builtins do not prevent that. It is also slow, because the text is compiled at every call, and no tool can check what it contains.",
  guide: "dynamic-code",
  level: "warning",
  gain: "safety",
  overlaps: ["S307", "S102"],
  leftToRuff: true,
  unlike:
    "constant text and words that the program spells out are left alone, and the fix uses `ast.literal_eval` where data is read",
  fixes: "review",

  examples: [
    {
      before: `
def read_setting(text: str):
    return eval(text)
`,
      after: `from ast import literal_eval

def read_setting(text: str):
    return literal_eval(text)
`,
    },
  ],

  on: ["call"],
  calls: ["builtins.eval", "builtins.exec"],
  words: ["eval", "exec"],

  find(node, { facts }): Run | undefined {
    if (facts.isTest || !EVALUATORS.includes(node.field("function")?.text ?? "")) return undefined;
    const call = asCall(node);
    const name = call && facts.nameOf(call.callee);
    const [code] = call?.args ?? [];
    if ((name !== "builtins.eval" && name !== "builtins.exec") || !call || !code) return undefined;
    if (isBuiltHere(code, facts) || isShownByNotebook(code, facts) || isNoText(code, facts)) return undefined;
    const origin = originOf(code, facts) ?? (isWrittenByModel(code, facts) ? "model" : undefined);
    // Code that was compiled first, and a module or script that is given a namespace, is run on purpose.
    if (!origin && (isCompiledHere(code, facts) || (name === "builtins.exec" && !isAlone(call)))) return undefined;
    const isMade = isPutTogether(code, facts);
    if (name === "builtins.exec" && !isMade && !origin) return undefined;
    const twin = origin === "typed" ? twinOf(node, code) : undefined;
    if (twin !== undefined && facts.ofFile(FIRST_TYPED, twin) !== placeIn(node)) return undefined;
    const isLookup = !origin && isMade && (name === "builtins.exec" || completesName(code, facts));
    return {
      at: call.callee,
      evidence: origin === "model" && !originOf(code, facts) ? "fair" : "proof",
      weight: isRepeated(node, code, origin, facts) ? "light" : weightOf(call, code, origin, isLookup, facts),
      call,
      code,
      name,
      origin,
      isLookup,
    };
  },

  message({ call, code, name, origin, isLookup }) {
    const shown = excerpt(code.text.replace(/\s+/g, " "), 30);
    const does = `\`${name.slice(9)}\` runs`;
    if (origin === "model")
      return `${does} what a model replied, \`${shown}\`: whoever writes what the model reads can run code here; parse the reply as data.`;
    if (origin === "sent")
      return `${does} what somebody else sends, \`${shown}\`; parse data as data, or check it against a table.`;
    if (origin === "typed" && name === "builtins.eval")
      return `${does} whatever somebody types, \`${shown}\`; convert the text with int(), float() or ast.literal_eval().`;
    if (isLookup)
      return `${does} \`${shown}\` where getattr(), importlib or a table would do, and whatever else the text contains.`;
    if (isDropped(call))
      return `${does} whatever \`${shown}\` contains, and drops the value: import the module or call the function by its name.`;
    return isAlone(call)
      ? `${does} whatever \`${shown}\` contains; parse data as data, or look the wanted function up in a table.`
      : `${does} whatever \`${shown}\` contains, and the names that are passed do not restrict it; parse data as data.`;
  },

  fix({ call, name, origin, isLookup }, file) {
    const [code] = call.args;
    if (name !== "builtins.eval") return declined("exec runs statements, which no reader of data replaces");
    if (isDropped(call)) return declined("the text is run for what it does, and the value is dropped");
    if (call.args.length !== 1 || call.keywords.size > 0 || call.hasSplat)
      return declined("the text may use the names that are passed with it");
    // Text put together is a formula, not a literal.
    if (isLookup || isPutTogether(code!, file.facts))
      return declined("the text is put together here: it is no literal");
    const method = asMethodCall(unwrap(code!))?.method;
    if (unwrap(code!).kind === "call" && origin === undefined && !TEXT_METHODS.has(method ?? ""))
      return declined("it is not known what the call returns");
    if (EXPRESSION.test(code!.text)) return declined("the text is said to be an expression");
    // What is called or asked for an attribute is no literal.
    const other = usedAsCode(call.node, file.facts);
    if (other !== undefined) return declined(other);
    if (missesValueError(call.node)) return declined("the handlers around it wait for what literal_eval never raises");
    const literal = importName(file, "ast", "literal_eval", call.node);
    if (!literal) return declined("the name `literal_eval` means something else here");
    return fixOf(
      "Use ast.literal_eval",
      ["it accepts only literals, and raises ValueError for anything else, `[1] * 3` included"],
      [...literal.edits, replace(call.callee, literal.name)],
    );
  },
});

const TEXT_METHODS = new Set(["strip", "lstrip", "rstrip", "read", "readline", "decode", "get"]);
const EXPRESSION = /(^|_|\b)(expr|expression|formula|equation|operator|calculation|term|lambda)s?\b/i;

/** `eval(text)` as a statement of its own. */
const isDropped = (call: Call): boolean =>
  call.callee.text === "eval" && call.node.parent?.kind === "expression_statement";

const EVALUATORS = ["eval", "exec"];

/** Why the value can be no literal: it is called, compared with a class, or said to be code. Undefined where nothing speaks against one. */
function usedAsCode(value: Node, facts: Facts, depth = 2): string | undefined {
  const use = useOf(value);
  switch (use.kind) {
    case "call":
      return "the result is called";
    case "method":
    case "attribute":
    case "attribute-store":
      return LITERAL_METHODS.has(use.name ?? "")
        ? undefined
        : `the result is used for its \`${use.name ?? "attribute"}\`, which no literal has`;
    case "operand":
      return use.in.kind === "conditional_expression" || use.in.kind === "boolean_operator"
        ? usedAsCode(use.in, facts, depth)
        : undefined;
    case "compared":
    case "membership":
      return use.in.descendants("identifier").some((it) => isClass(it, facts))
        ? "the result is compared with a class"
        : undefined;
    case "argument":
      if (use.name !== undefined && /(^|_)(layer|cls|class|fn|func|function|factory|callback)$/.test(use.name))
        return `\`${use.name}\` is a class or function`;
      return facts.nameOf(asCall(use.call)!.callee) === "builtins.issubclass" ? "the result is a class" : undefined;
    case "assigned": {
      const said = saidToBeCode(value);
      if (said) return said;
      const [target, more] = asAssignment(statementOf(value))?.targets ?? [];
      if (depth === 0 || !target || more || target.kind !== "identifier") return undefined;
      return facts
        .readsSeeing(target)
        .map((it) => usedAsCode(it, facts, depth - 1))
        .find((it) => it !== undefined);
    }
    default:
      return saidToBeCode(value);
  }
}

function isClass(name: Node, facts: Facts): boolean {
  if (facts.typeOf(name)?.name === "type") return true;
  const sites = facts.writesOf(name);
  return (
    sites.length > 0 && sites.every((it) => it.kind === "class" || (it.kind === "import" && /^[A-Z]/.test(name.text)))
  );
}

/** A comment beside or above the statement, or the function's own description, speaks of code. */
function saidToBeCode(value: Node): string | undefined {
  const statement = statementOf(value);
  const { text } = statement.tree;
  const beside = /^[^#\n]*(#.*)/.exec(text.slice(statement.end, statement.end + FARTHEST))?.[1] ?? "";
  const described = asFunction(functionAround(value))?.body.firstChild?.children[0];
  const docstring = described?.kind === "string" ? described.text : "";
  const comments = `${commentsAbove(statement)}${beside}`;
  const isCode =
    CODE_WORD.test(comments) ||
    CODE.test(comments) ||
    /\b(expression|formula|lambda|source code|python code)s?\b/i.test(docstring);
  return isCode ? "a comment says that it is code" : undefined;
}

/** In characters: a comment that says more is not about one line. */
const FARTHEST = 2_000;

const CODE_WORD = /\b(?:lambda|expression|formula|class|function|Ellipsis)\b/;
/** `scale(x)`, `rows[i]`. */
const CODE = /\w\([^()]*\)|[a-z]\[[a-z]+\]/;

const LITERAL_METHODS = new Set([
  ..."append extend insert remove pop clear index count sort reverse copy get keys values items update setdefault".split(
    " ",
  ),
  ..."add discard union intersection difference strip split lower upper replace startswith endswith join encode decode real imag".split(
    " ",
  ),
]);

/** Names that are set from one another go round in a circle: `seen` has those that were looked at. */
function isNew(name: Node, seen: Set<Node>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return true;
}

/** Heavy where somebody else writes the text; light where it can be little more than a name or a number. */
function weightOf(call: Call, code: Node, origin: Origin, isLookup: boolean, facts: Facts): Weight {
  if (origin === "typed" && facts.isNotebook) return "light";
  if (origin && origin !== "given") return "heavy";
  // Whoever passes names means to evaluate expressions.
  const isExpression = origin === undefined && !isAlone(call);
  return isLookup || isExpression || isNumeric(code) ? "light" : "unknown";
}

/** `eval(text) if text.isnumeric() else …` */
function isNumeric(code: Node): boolean {
  const test = asMethodCall(
    asConditional(code.ancestor("conditional_expression"))?.condition,
    "isnumeric",
    "isdigit",
    "isdecimal",
    "isidentifier",
  );
  return test?.object.text === code.text;
}

/** `f"torch.{name}"`, `"self." + name`: what is constant in it is the beginning or end of a name. */
function completesName(node: Node, facts: Facts): boolean {
  const code = unwrap(node);
  const value = code.kind === "identifier" ? facts.valueOf(code) : undefined;
  if (value && value.kind !== "identifier") return completesName(value, facts);
  const binary = asBinary(code);
  const parts = asString(code)?.parts;
  const texts = parts
    ? parts.filter((it) => typeof it === "string")
    : binary?.operator === "+"
      ? [binary.left, binary.right].flatMap((it) => textValue(it) ?? [])
      : [];
  if (texts.length === 0 || !texts.every((it) => /^[\w.]*$/.test(it))) return false;
  // `"size" + rest`, where `size` is a name that stands here: the rest is no part of a name but of a formula.
  const around = functionAround(code) ?? code.tree.root;
  return !/^[A-Za-z_]\w*$/.test(texts[0]!) || around.identifiers(texts[0]!).length === 0;
}

/** Not text at all: a syntax tree, a code object, a column of a table. */
function isNoText(code: Node, facts: Facts): boolean {
  const known = facts.typed(code, "strong")?.type.name;
  return known !== undefined && !["str", "bytes", "bytearray"].includes(known);
}

/** `compile(…)`, or a name for what it gave: whoever compiles means to run it. */
function isCompiledHere(node: Node, facts: Facts): boolean {
  const code = unwrap(node);
  const value = code.kind === "identifier" ? facts.valueOf(code) : code;
  const compiled = asCall(value);
  return compiled !== undefined && facts.nameOf(compiled.callee) === "builtins.compile";
}

/** Constant text, words of the program's own, numbers, or what is put together of such alone. */
function isBuiltHere(node: Node, facts: Facts, seen = new Set<Node>()): boolean {
  const code = unwrap(node);
  if (isConstant(code)) return true;
  const binary = asBinary(code);
  if (binary)
    return (
      ["+", "%"].includes(binary.operator) && [binary.left, binary.right].every((it) => isBuiltHere(it, facts, seen))
    );
  if (code.kind === "tuple") return code.children.every((it) => isBuiltHere(it, facts, seen));
  const either = asConditional(code);
  if (either) return [either.then, either.otherwise].every((it) => isBuiltHere(it, facts, seen));
  const parts = asString(code)?.parts;
  if (parts)
    return parts.every(
      (it) =>
        typeof it === "string" || isNumber(facts.typeOf(it.expression)) || isBuiltHere(it.expression, facts, seen),
    );
  if (isChosen(code, facts)) return true;
  if (code.kind !== "identifier") return false;
  if (!isNew(code, seen)) return true;
  const sites = facts.reachingSites(code);
  return (
    sites.length > 0 &&
    sites.every(({ kind, path, value }) => {
      // `for number, word in enumerate(words)`
      const counted = kind === "for" && path.join() === "1" ? asCall(value) : undefined;
      if (counted?.args[0] && facts.nameOf(counted.callee) === "builtins.enumerate")
        return areOwnWords(counted.args[0], facts);
      if (path.length > 0 || value === undefined) return false;
      return kind === "for"
        ? areOwnWords(value, facts)
        : kind === "assign" && value.text !== code.text && isBuiltHere(value, facts, seen);
    })
  );
}

/** A list of constants: spelled out on the spot, or by a name or a class attribute that is set once and never added to. */
function areOwnWords(node: Node, facts: Facts): boolean {
  const words = unwrap(node);
  if (["list", "tuple", "set"].includes(words.kind)) return words.children.every(isConstant);
  if (words.kind === "identifier") {
    const site = onlySite(words, facts);
    const values = site?.path.length === 0 ? [site.value] : site ? columnOf(site, facts) : [];
    return (
      values.length > 0 && values.every((it) => it !== undefined && it.kind !== "identifier" && areOwnWords(it, facts))
    );
  }
  const attribute = asAttribute(words);
  const method = attribute && functionAround(words);
  const owner = method && ["self", "cls"].includes(attribute.object.text) ? facts.classOf(method) : undefined;
  const values = owner?.attributes.filter((it) => it.name === attribute?.name) ?? [];
  return (
    values.length === 1 &&
    values[0]!.value?.kind === "list" &&
    areOwnWords(values[0]!.value, facts) &&
    !owner!.writes.some((it) => it.name === attribute!.name)
  );
}

/** Where the name is given its one value, which nothing adds to. */
function onlySite(name: Node, facts: Facts): Site | undefined {
  const [site, more] = facts.writesOf(name);
  const isGrown = facts
    .usesOf(name)
    .some((it) => it.kind === "subscript-store" || (it.kind === "method" && !facts.isHarmless(it)));
  return site?.kind === "assign" && !site.isRemote && !more && !isGrown ? site : undefined;
}

/** What `_, words = TABLE[kind]` takes from each row of a table that the file spells out. */
function columnOf({ value, path: [place, deeper] }: Site, facts: Facts): readonly (Node | undefined)[] {
  const table = asSubscript(value)?.value;
  const rows = table?.kind === "identifier" ? onlySite(table, facts)?.value : undefined;
  if (rows?.kind !== "dictionary" || place === undefined || deeper !== undefined) return [];
  return rows.children.map((it) => {
    const row = it.kind === "pair" ? it.field("value") : undefined;
    return row?.kind === "tuple" ? row.children[place] : undefined;
  });
}

/** No namespace of its own. */
function isAlone({ args, keywords, hasSplat }: Call): boolean {
  return args.length === 1 && keywords.size === 0 && !hasSplat;
}

/** An f-string, `"…" % name`, `"…" + name`, `"…".format(name)`, or a name that holds one. */
function isPutTogether(node: Node, facts: Facts, seen = new Set<Node>()): boolean {
  const code = unwrap(node);
  if (code.kind === "identifier")
    return (
      isNew(code, seen) &&
      facts
        .reachingSites(code)
        .some(
          (it) =>
            it.value !== undefined &&
            it.path.length === 0 &&
            it.value.text !== code.text &&
            isPutTogether(it.value, facts, seen),
        )
    );
  const binary = asBinary(code);
  if (binary)
    return (
      ["+", "%"].includes(binary.operator) &&
      [binary.left, binary.right].some((it) => isPutTogether(it, facts, seen) || asString(unwrap(it)) !== undefined)
    );
  return (
    asString(code)?.parts.some((it) => typeof it !== "string") === true ||
    asMethodCall(code, "format", "join", "replace") !== undefined
  );
}

const TYPED =
  /^(builtins\.input|sys\.stdin|getpass\.getpass|click\.prompt|streamlit\.(text_input|text_area|chat_input)|tkinter\.simpledialog\.askstring|easygui\.enterbox)(\.|$)/;
/** What the program was started with. Whoever starts it may do as much without it. */
const GIVEN = /^(sys\.argv|os\.(getenv|environ))\b/;
/** Fields of a window that somebody writes into. */
const FIELDS = /(^|\.)(Entry|StringVar|Text|QLineEdit|QTextEdit|TextInput|CTkEntry)$/;
const SENT = new Set(["requests.Response", "httpx.Response", "aiohttp.ClientResponse", "socket.socket"]);
const SERVER_MODULES = "flask django rest_framework fastapi starlette aiohttp sanic bottle tornado quart falcon".split(
  " ",
);
/** What holds a request's data, of whatever framework. */
const REQUEST =
  /^(self\.)?(request|req)\.(args|form|json|values|data|body|GET|POST|query_params|headers|cookies|params|query|match_info|get_json|get_argument|get_data|match_info|files)\b/;
const ROUTES = new Set(["get", "post", "put", "delete", "patch", "route", "api_route", "websocket"]);

/** `reply.choices[0].message.content`, as clients of OpenAI's interface give it. */
const CHOICES = /\.choices\[\w+\]\.(?:message\b|text$|delta\b)/;
const CHOICES_OF_DICT = /\[["']choices["']\]\[\w+\]\[["'](?:message|text)["']\]/;
/** Names that are given to the reply of a model and to little else. */
const isReply = (name: string): boolean => REPLY_OF_MODEL.test(name) || REPLY.test(name);
const REPLY_OF_MODEL =
  /^(?:(?:llm|gpt|chatgpt|claude|gemini|assistant|chatbot|bot|agent|ai|model|lm)_|gpt[34]\w*?_)(?:(?:reply|response|output|answer|text|completion|result|message)$|generated)/i;
const REPLY =
  /^(?:completion(?:_text)?|generated_(?:code|text|sql|python|expression)|(?:llm|ai)_(?:code|expression))$/i;
/** Whom one asks for a reply. */
const MODEL =
  /(^|_|\.)(llm|chat_?model|chat_?llm|gpt|openai|chatbot|gemini|claude|anthropic|ollama|litellm|language_?model|chain|llm_?chain)\d*$/i;
const ASKED = new Set(
  "invoke ainvoke predict apredict run arun complete acomplete chat achat generate agenerate generate_content ask aask query call create completion chat_completion".split(
    " ",
  ),
);
/** Functions of the program's own that ask. */
const ASKS =
  /^(?:async_)?(?:ask|call|query|prompt|chat|invoke|get)_(?:with_)?(?:the_)?(?:gpt\d|(?:llm|gpt|chatgpt|openai|model|claude|gemini|ai|completion|chat_completion|llm_response|model_response|gpt_response)$)|^(?:llm|gpt|chatgpt|litellm\.completion|ollama\.(?:chat|generate))$/i;

/** Conversions after which the text can be no code. */
const HARMLESS = /^builtins\.(int|float|bool|len|ord|hash|id|abs|isinstance|repr|sum|min|max|range|hex)$/;
const CHECKS = /(sanit|valid|safe|check|verif|escape|allow|clean|parse_args|literal)/i;

/** Who writes the text, if that is somebody else: what is typed, sent, or replied by a model. A name counts where one of its values does. */
function originOf(node: Node, facts: Facts, seen = new Set<Node>()): Origin {
  const code = node.kind === "await" ? unwrap(node.lastChild!) : unwrap(node);
  const name = facts.nameOf(code);
  if (name !== undefined && TYPED.test(name)) return "typed";
  if (name !== undefined && GIVEN.test(name)) return "given";
  if (name !== undefined && /^(flask|bottle|quart)\.request\./.test(name)) return "sent";
  const type = facts.typeOf(code)?.name ?? "";
  if (SENT.has(type)) return "sent";
  if (CHOICES.test(code.text) || CHOICES_OF_DICT.test(code.text)) return "model";
  const call = asCall(code);
  const method = asMethodCall(code);
  if (call) {
    if (name !== undefined && HARMLESS.test(name)) return undefined;
    const callee = facts.nameOf(call.callee);
    if (callee !== undefined && (HARMLESS.test(callee) || callee === "builtins.open")) return undefined;
    if (ASKS.test(callee ?? "") || ASKS.test(method?.method ?? call.callee.text)) return "model";
    if (method && ASKED.has(method.method) && MODEL.test(asCall(method.object)?.callee.text ?? method.object.text))
      return "model";
    if (method?.method === "get" && isField(method.object, facts)) return "typed";
    if (method?.method === "text" && isField(method.object, facts)) return "typed";
    if (CHECKS.test(call.callee.text)) return undefined;
    if (takesCodeBlock(call)) return "model";
    const whole = originOf(call.callee, facts, seen);
    return whole ?? firstOf(call.args, (it) => originOf(it, facts, seen));
  }
  if (REQUEST.test(code.text) && isServer(facts)) return "sent";
  const binary = asBinary(code);
  if (binary && ["+", "%", "or"].includes(binary.operator))
    return originOf(binary.left, facts, seen) ?? originOf(binary.right, facts, seen);
  const parts = asString(code)?.parts;
  if (parts) return firstOf(parts, (it) => (typeof it === "string" ? undefined : originOf(it.expression, facts, seen)));
  if (code.kind === "identifier") return isNew(code, seen) ? originOfName(code, facts, seen) : undefined;
  const attribute = asAttribute(code);
  if (attribute && isReply(attribute.name)) return "model";
  const inner = attribute?.object ?? asSubscript(code)?.value;
  return inner && inner.text !== "self" ? originOf(inner, facts, seen) : undefined;
}

/** `re.search("```python(.*)```", response)`, `reply.split("```")`: answers of models have their code in blocks of Markdown. */
function takesCodeBlock({ callee, args }: Call): boolean {
  return (
    args.some((it) => it.kind === "string" && it.text.includes("```")) &&
    [callee, ...args].some((it) => it.kind !== "string" && ANSWER.test(it.text))
  );
}

const ANSWER = /(response|reply|answer|completion|generated|llm)/i;

function originOfName(name: Node, facts: Facts, seen: Set<Node>): Origin {
  const sites = facts.reachingSites(name);
  const found = firstOf(sites, ({ kind, value }) =>
    value !== undefined && (kind === "assign" || kind === "for" || kind === "walrus")
      ? originOf(value, facts, seen)
      : undefined,
  );
  if (found) return found;
  if (sites.some((it) => it.kind === "parameter" && isOfRoute(it.owner, facts))) return "sent";
  const isOwn =
    sites.length > 0 && sites.every((it) => it.kind === "assign" && it.value !== undefined && isConstant(it.value));
  return isReply(name.text) && !isOwn ? "model" : undefined;
}

function firstOf<T>(items: readonly T[], of: (item: T) => Origin): Origin {
  for (const it of items) {
    const found = of(it);
    if (found) return found;
  }
  return undefined;
}

function isServer(facts: Facts): boolean {
  return SERVER_MODULES.some((it) => facts.view.imports(it));
}

/** A parameter of what answers requests: `@app.get("/rows")`. */
function isOfRoute(parameter: Node, facts: Facts): boolean {
  const def = asFunction(functionAround(parameter) ?? parameter.ancestor("function_definition"));
  return (
    isServer(facts) &&
    (def?.decorators ?? []).some((it) => {
      const made = asCall(it);
      return ROUTES.has(asAttribute(made?.callee)?.name ?? "") && textValue(made?.args[0])?.startsWith("/") === true;
    })
  );
}

function isField(object: Node, facts: Facts): boolean {
  const value = object.kind === "identifier" || object.kind === "attribute" ? facts.valueOf(object) : object;
  const made = asCall(value)?.callee;
  return made !== undefined && FIELDS.test(facts.nameOf(made) ?? made.text);
}

/** What several calls of a file that run typed text have in common: such files are full of them, and one finding says it. */
function twinOf(node: Node, code: Node): string | undefined {
  if (/^(builtins\.)?input\(/.test(code.text)) return "input(";
  return asCall(code) ? code.text : undefined;
}

/** `eval(args.layers)`, `eval(args.sizes)`: the first of several says what there is to say. */
function isRepeated(node: Node, code: Node, origin: Origin, facts: Facts): boolean {
  const owner = origin === undefined || origin === "given" ? asAttribute(code)?.object.text : undefined;
  return owner !== undefined && facts.ofFile(FIRST_OF_OWNER, owner) !== placeIn(node);
}

const FIRST_OF_OWNER = fileQuestion((facts, owner) => {
  for (const read of EVALUATORS.flatMap((it) => facts.view.readsOf(it))) {
    facts.view.looksInto(read.tree);
    const call = asCall(read.parent);
    const [code] = call?.callee === read ? call.args : [];
    if (code && asAttribute(code)?.object.text === owner) return placeIn(call!.node);
  }
  return "";
});

/** A parameter called `code`, in a file that says a model writes it: `exec(compile(code, "<tool>", "exec"), names)`. */
function isWrittenByModel(node: Node, facts: Facts): boolean {
  const value = unwrap(node);
  const compiled = asCall(value);
  const code = compiled?.callee.text === "compile" ? compiled.args[0] : value;
  return (
    code?.kind === "identifier" &&
    /^(\w*_)?(code|script|snippet|program)$/.test(code.text) &&
    facts.writesOf(code).some((it) => it.kind === "parameter") &&
    facts.fileMatches(OF_MODEL)
  );
}

const OF_MODEL =
  /\b(LLM|model|AI|agent)[- ](generated|written)\b|\b(generated|written) by (an? |the )?(LLM|model|AI|agent)\b/i;

const placeIn = (node: Node) => `${node.tree.text.length}:${node.start}`;

const FIRST_TYPED = fileQuestion((facts, twin) => {
  for (const read of EVALUATORS.flatMap((it) => facts.view.readsOf(it))) {
    facts.view.looksInto(read.tree);
    const call = asCall(read.parent);
    const [code] = call?.callee === read ? call.args : [];
    if (code && twinOf(call!.node, code) === twin) return placeIn(call!.node);
  }
  return "";
});

/** `if text in ["True", "False"]:` around it, or `if text not in ["True", "False"]: raise …` ahead of it, lets only the program's own words through. */
function isChosen(code: Node, facts: Facts): boolean {
  const tests = (condition: Node | undefined, operator: string): boolean => {
    const test = asComparison(condition);
    return test?.operator === operator && test.left.text === code.text && areOwnWords(test.right, facts);
  };
  const either = asConditional(code.ancestor("conditional_expression"));
  if (either && code.isInside(either.then) && tests(either.condition, "in")) return true;
  for (let at = code.ancestor("if_statement", "elif_clause"); at; at = at.ancestor("if_statement", "elif_clause")) {
    if (tests(at.field("condition"), "in") && code.isInside(at.field("consequence")!)) return true;
  }
  if (code.kind !== "identifier") return false;
  const around = functionAround(code);
  for (let at: Node | undefined = statementOf(code); at && at !== around; at = at.parent) {
    for (let earlier = previousStatement(at); earlier; earlier = previousStatement(earlier)) {
      const guard = asIf(earlier);
      const leaves = guard && LEAVES.has(statementsOf(guard.body).at(-1)?.kind ?? "");
      const { start } = earlier;
      if (guard && leaves && tests(guard.condition, "not in"))
        return facts.reachingSites(code).every((it) => it.name.start < start);
    }
  }
  return false;
}

const LEAVES = new Set(["raise_statement", "return_statement", "continue_statement"]);

/** `_repr_html_` of a notebook's helper shows expressions that are written into its cells: who writes them and who runs them is one person. */
function isShownByNotebook(code: Node, facts: Facts): boolean {
  const method = asFunction(functionAround(code));
  return (
    facts.isNotebook &&
    method !== undefined &&
    facts.classOf(method.node) !== undefined &&
    /^(__repr__|__str__|_repr_\w+_)$/.test(method.name) &&
    originOf(code, facts) === undefined
  );
}

/** `except NameError` around it waits for what literal_eval never raises, and lets pass what it does raise. */
function missesValueError(node: Node): boolean {
  const attempt = asTry(node.ancestor("try_statement"));
  const types =
    attempt && node.isInside(attempt.body) ? attempt.handlers.map((it) => it.type?.text ?? "Exception") : [];
  return (
    types.some((it) => /\b(Name|Type|Attribute)Error\b/.test(it)) &&
    !types.some((it) => /\b(ValueError|(Base)?Exception)\b/.test(it))
  );
}
