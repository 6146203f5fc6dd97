/** Whether what a call builds is used up where it is built, so that the next request, turn or call has to build it again. */

import { builderOf } from "../knowledge/builders.js";
import type { Evidence, Facts, Weight } from "../semantics/facts.js";
import { fileQuestion } from "../semantics/file-questions.js";
import { methodCalled } from "../semantics/called.js";
import { useOf } from "../semantics/uses.js";
import { asCall, wrapped, type Call } from "../syntax/expressions.js";
import { asAssignment, asFunction, functionAround, statementOf, type FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import { entryOf, type Entry } from "./entry-points.js";

/** Something built where it is used, and what makes it be built again. */
export interface BuiltAgain {
  /** `dependency`: of each request · `rerun`: of a page whose script runs anew for each click · `call`: of the function it is built in. */
  readonly per: Entry["kind"] | "dependency" | "rerun" | "turn" | "call";
  /** The function that builds it; of an entry the entry itself. */
  readonly def: FunctionDef | undefined;
  readonly evidence: Evidence;
  readonly weight: Weight;
}

/** Undefined where it is kept, handed out by a factory, cached, guarded, or made of what the request, turn or call brings. */
export function builtAgain(call: Call, facts: Facts): BuiltAgain | undefined {
  const { node } = call;
  const home = functionAround(node);
  const def = asFunction(home);
  if (facts.isTest || facts.isNotebook || (home && !def) || isGuarded(node)) return undefined;
  for (let at = home; at; at = functionAround(at)) {
    const around = asFunction(at);
    if (!around || around.decorators.some((it) => KEEPS.test(it.text)) || SETS_UP.test(around.name)) return undefined;
  }
  const around = facts.loopAround(node);
  if (around && isInvariant(call, around, facts) && !(isTriedAgain(around) && isContext(node))) {
    const weight = facts.weightOf(node);
    return isKept(node, around, facts) ? undefined : { per: "turn", def, evidence: "strong", weight };
  }
  // Where a loop only tries again, the first try is the one that counts.
  const loop = around && isTriedAgain(around) ? facts.loopAround(around) : around;
  if (!def) {
    if (loop || !facts.view.imports("streamlit")) return undefined;
    return isStateOf(node) ? undefined : { per: "rerun", def, evidence: "strong", weight: "heavy" };
  }
  if (loop || dependsOnCall(call, def, facts)) return undefined;
  const entry = entryOf(node, facts);
  if (isHandedOut(node, entry !== undefined, facts)) {
    const isDependency = facts
      .readsOf(def.nameNode)
      .some((it) => asCall(useOf(it).call)?.callee.text.endsWith("Depends"));
    if (isDependency) return { per: "dependency", def, evidence: "strong", weight: "heavy" };
    return facts.memo("who uses up what it builds", def.node, () => usedUpBy(def, node, facts) ?? null) ?? undefined;
  }
  if (entry) return { per: entry.kind, def: entry.def, evidence: entry.evidence, weight: "heavy" };
  const weight = facts.weightOf(around && !loop ? around : node);
  // That it is called often is no more than likely.
  return { per: "call", def, evidence: weight === "heavy" ? "strong" : "fair", weight };
}

/** `get_client().chat(…)` in another function, where `get_client` does nothing but build it: it is handed out, and gone with that call. */
function usedUpBy(def: FunctionDef, made: Node, facts: Facts): BuiltAgain | undefined {
  if (def.isAsync || def.decorators.length > 0 || KEEPS_GLOBAL.test(def.body.text) || !isReturned(made, facts))
    return undefined;
  let used: BuiltAgain | undefined;
  for (const { kind, call } of readsOf(def, facts).map(useOf)) {
    if (kind !== "call" || !call) return undefined;
    const user = asFunction(functionAround(call));
    // Kept by somebody, or set up with the program: then it is built for that.
    if (!user || user.node === def.node) return undefined;
    for (let at: Node | undefined = user.node; at; at = functionAround(at)) {
      const around = asFunction(at);
      if (!around || around.decorators.some((it) => KEEPS.test(it.text)) || SETS_UP.test(around.name)) return undefined;
    }
    if (isGuarded(call)) return undefined;
    const entry = entryOf(call, facts);
    if (isHandedOut(call, entry !== undefined, facts)) return undefined;
    const weight = facts.weightOf(call);
    used ??= entry
      ? { per: entry.kind, def: entry.def, evidence: entry.evidence, weight: "heavy" }
      : { per: "call", def, evidence: "fair", weight };
  }
  return used;
}

/** `return OpenAI()`, and `client = OpenAI()` that is returned. */
function isReturned(made: Node, facts: Facts): boolean {
  const node = configured(made);
  if (useOf(node).kind === "returned") return true;
  const target = targetOf(node);
  return target?.kind === "identifier" && facts.readsSeeing(target).some((it) => useOf(it).kind === "returned");
}

/** Where a function is read by its name, or a method by `self`. */
const readsOf = (def: FunctionDef, facts: Facts): readonly Node[] =>
  facts.classOf(def.node)
    ? facts.view.attributesOf(def.name).filter((it) => methodCalled(it, facts)?.def.node === def.node)
    : facts.readsOf(def.nameNode);

/** `for attempt in range(3):`, which the first success leaves. */
function isTriedAgain(loop: Node): boolean {
  const head = loop.field("condition") ?? loop.field("left");
  return (
    head !== undefined &&
    /(?:^|_|\b)(?:retr(?:y|ies)|attempts?|tries)(?:_|\b)/i.test(head.text) &&
    loop.descendants("return_statement", "break_statement").length > 0
  );
}

/** Closed where its block ends. */
const isContext = ({ parent }: Node): boolean =>
  parent?.kind === "with_item" || (parent?.kind === "as_pattern" && parent.parent?.kind === "with_item");

const KEEPS =
  /cache|singleton|memo|once|fixture|lifespan|contextmanager|on_event|startup|provide|property|inject|lazy/i;
const SETS_UP =
  /^(?:(?:\w+_)?main|_?from_\w+|__init__|__new__|__enter__|__aenter__|__post_init__|model_post_init|validate_\w+|lifespan|setup|_?(?:init|setup|startup|start_up|on_startup|load|initiali[sz]e|warm_?up|connect|ready)(?:_\w+)?)$/;

/** `if client is None:`, `if "model" not in st.session_state:`, `if not self.client:`. */
function isGuarded(node: Node): boolean {
  for (let at = node.parent; at && at.kind !== "function_definition"; at = at.parent) {
    if (at.kind !== "if_statement" && at.kind !== "elif_clause" && at.kind !== "conditional_expression") continue;
    const condition = at.kind === "conditional_expression" ? at.children[1] : at.field("condition");
    if (condition && !node.isInside(condition) && LACKS.test(condition.text)) return true;
  }
  return node.parent?.kind === "boolean_operator";
}
const LACKS = /\bis None\b|\bnot in\b|^not \w+|\bhasattr\(|\bis not None\b/;

/** Nothing it is made of is bound in the loop, or worked out anew. */
function isInvariant({ argumentList }: Call, loop: Node, facts: Facts): boolean {
  return (
    argumentList.descendants("call", "await", "list_splat", "dictionary_splat").every(isFromEnvironment) &&
    argumentList
      .descendants("identifier")
      .every((it) => isKeywordName(it) || it.fieldName === "attribute" || facts.writesOf(it, loop).length === 0)
  );
}

const isFromEnvironment = (call: Node): boolean => /^(?:os\.)?(?:getenv|environ\.get)\(|^Path\(/.test(call.text);
const isKeywordName = (it: Node): boolean => it.parent?.kind === "keyword_argument" && it.parent.start === it.start;

/** In a loop: put into a list, an attribute or a result, so that there are to be several. */
function isKept(made: Node, loop: Node, facts: Facts): boolean {
  const node = configured(made);
  const use = useOf(node);
  if (/^(?:returned|yielded|element|attribute-store)$/.test(use.kind) || isAdded(node)) return true;
  const target = targetOf(node);
  if (!target) return use.kind === "assigned" || use.kind === "other";
  if (target.kind !== "identifier") return true;
  return (
    facts.isRemote(target) ||
    facts.isSeenOutside(target, loop) ||
    facts
      .readsSeeing(target)
      .some((it) => /^(?:returned|yielded|element|assigned)$/.test(useOf(it).kind) || isAdded(it))
  );
}

function isAdded(read: Node): boolean {
  const { kind, call } = useOf(read);
  return (
    kind === "argument" &&
    /\.(?:append|add|put|put_nowait|insert|setdefault)$/.test(call?.field("function")?.text ?? "")
  );
}

/** Returned, yielded, kept by an object, a global or a container, or given to something that is. What an entry returns is its answer. */
function isHandedOut(made: Node, isEntry: boolean, facts: Facts): boolean {
  const node = configured(made);
  const { kind } = useOf(node);
  if (/^(?:returned|yielded|element)$/.test(kind)) return true;
  const target = targetOf(node);
  if (!target) return kind === "assigned" || (!isEntry && isPartOfResult(node));
  if (target.kind !== "identifier" || facts.isRemote(target)) return true;
  // A function inside this one may live longer.
  if (!isEntry && facts.readsOf(target).some((it) => functionAround(it) !== functionAround(node))) return true;
  return facts
    .readsSeeing(target)
    .some(
      (it) =>
        /^(?:returned|yielded|element|assigned)$/.test(useOf(it).kind) ||
        isAdded(it) ||
        (!isEntry && isPartOfResult(it)),
    );
}

/** `return Chain(llm)`, `self.chain = prompt | llm`. */
function isPartOfResult(node: Node): boolean {
  if (!/^(?:argument|operand)$/.test(useOf(node).kind)) return false;
  const statement = statementOf(node);
  const isAwaited = statement.descendants("await").length > 0;
  if (statement.kind === "return_statement")
    return !isAwaited && /^[^(]*\b(?:[A-Z]\w*|cls)\(|^return [^(]*\||^return wrap/.test(statement.text);
  const assignment = asAssignment(statement);
  return assignment !== undefined && assignment.targets.some((it) => it.kind !== "identifier");
}

/** `ChatOpenAI().with_structured_output(Answer)` is the model still. */
function configured(made: Node): Node {
  let node = made;
  for (let use = useOf(node); use.kind === "method" && CONFIGURES.test(use.name ?? ""); use = useOf(node)) {
    const around = wrapped(node).parent?.parent;
    if (around?.kind !== "call") break;
    node = around;
  }
  return node;
}

const CONFIGURES =
  /^(?:with_(?:structured_output|config|retry|fallbacks|options|types|listeners)|bind(?:_tools|_functions)?|configurable_\w+)$/;

function targetOf(node: Node): Node | undefined {
  const assignment = asAssignment(statementOf(node));
  const [target, more] = assignment?.targets ?? [];
  return more
    ? undefined
    : target && assignment?.value && node.isInside(assignment.value) && useOf(node).kind !== "method"
      ? target
      : undefined;
}

function isStateOf(node: Node): boolean {
  const target = targetOf(node);
  return target !== undefined && target.kind !== "identifier";
}

/** `create_llm()`, `agent_factory.factory()`: by its name it puts a client, model or agent together. */
const FACTORY =
  /\b(?=\w*_(?:llm|chat_model|chain|agent|graph|workflow|crew|retriever|vector_?store|embeddings|query_engine|llm_client|openai_client)$)(?:\w*_)?(?:create|build|make|init|initiali[sz]e|setup|new)_|(?:^|[._])(?:agent|llm|chain|model|graph)_?factory\.(?:factory|create|build|make|get)\w*$/i;
const ASKED =
  /^(?:a?invoke|a?stream|a?run|a?batch|a?call|kickoff\w*|a?query|a?chat|a?predict|generate\w*|complete|astream_events|get_relevant_documents)$/;

/** What a handler, or a step of a graph, has put together by a function that is called what it does, asks and drops again. */
export function madeAgain(node: Node, facts: Facts): readonly { readonly call: Call; readonly built: BuiltAgain }[] {
  // Who calls a function is asked of few: of those that put something together and ask it.
  const speaks = facts.ofFile(HAS_FACTORIES) && CALLS_FACTORY.test(node.text) && CALLS_ASKED.test(node.text);
  const def = speaks ? asFunction(node) : undefined;
  if (!def) return [];
  const entry = facts.isTest || facts.isNotebook ? undefined : entryOf(def.body, facts);
  const isStep = !entry && isStepOfGraph(def, facts);
  if (!isStep && entry?.def.node !== def.node) return [];
  return facts
    .bodyOf(def)
    .descendants("call")
    .flatMap((node) => {
      const call = asCall(node);
      if (!call || functionAround(node) !== def.node || !FACTORY.test(call.callee.text) || isGuarded(node)) return [];
      const made = call.callee.kind === "identifier" ? facts.functionNamed(call.callee) : undefined;
      if (made?.decorators.some((it) => KEEPS.test(it.text)) || (made && KEEPS_GLOBAL.test(made.body.text))) return [];
      if (isHandedOut(node, entry !== undefined, facts) || !isAsked(node, facts)) return [];
      const evidence: Evidence = made && builds(made, facts) ? "strong" : "fair";
      const weight: Weight = dependsOnCall(call, def, facts) ? "unknown" : "heavy";
      return [{ call, built: { per: entry?.kind ?? ("call" as const), def, evidence, weight } }];
    });
}

/** What `FACTORY` asks of the name of a call, looked for in the text: few files have it. */
const CALLS_FACTORY =
  /\b(?=\w*(?:create|build|make|init|initiali[sz]e|setup|new)_)\w+_(?:llm|chat_model|chain|agent|graph|workflow|crew|retriever|vector_?store|embeddings|query_engine|llm_client|openai_client)\s*\(|(?:agent|llm|chain|model|graph)_?factory\./i;
const CALLS_ASKED =
  /\.\s*(?:a?invoke|a?stream|a?run|a?batch|a?call|kickoff\w*|a?query|a?chat|a?predict|generate\w*|complete|astream_events|get_relevant_documents)\b/;
/** Most files hold none: they are told by how such a name ends, which a long text is looked through for quickly. */
const HAS_FACTORIES = fileQuestion((facts) =>
  facts.fileMatches(
    /_(?:llm|chat_model|chain|agent|graph|workflow|crew|retriever|vector_?store|embeddings|query_engine|llm_client|openai_client)\(|factory\./i,
  ),
);
const KEEPS_GLOBAL = /^[ \t\f]*global\b|\bis None\b/m;

/** A function over the state of a graph, which runs again for each question. */
function isStepOfGraph({ parameters: [first, second] }: FunctionDef, facts: Facts): boolean {
  return (
    first?.name === "state" &&
    (!second || second.name === "config" || second.name === "runtime") &&
    /State\b/.test(first.annotation?.text ?? "") &&
    facts.fileMatches(/\blang(?:graph|chain)/)
  );
}

/** It is asked where it was made, and nowhere else. */
function isAsked(node: Node, facts: Facts): boolean {
  const method = (it: Node) => it.parent?.kind === "attribute" && ASKED.test(it.parent.field("attribute")?.text ?? "");
  if (method(node)) return true;
  const target = targetOf(node);
  return target?.kind === "identifier" && facts.readsSeeing(target).some(method);
}

const builds = (made: FunctionDef, facts: Facts): boolean =>
  facts
    .bodyOf(made)
    .descendants("call")
    .some((it) => builderOf(facts.nameOf(it.field("function")!)) !== undefined);

const STEPS = 3;
/** Settings are the same for all calls, whoever hands them in. */
const SETTINGS = /^(?:self|cls|app|settings|config|cfg|conf|args|env|context|ctx|_?logger)$/i;

/** Something it is made of comes with the call: credentials, the name of a model, a path. */
function dependsOnCall({ argumentList }: Call, def: FunctionDef, facts: Facts): boolean {
  return dependsOn(argumentList, def, facts, 0);
}

function dependsOn(value: Node, def: FunctionDef, facts: Facts, depth: number): boolean {
  if (depth > STEPS) return true;
  return [...(value.kind === "identifier" ? [value] : []), ...value.descendants("identifier")].some((it) => {
    if (isKeywordName(it)) return false;
    if (it.fieldName === "attribute" || SETTINGS.test(it.text)) return false;
    return facts.reachingSites(it).some((site) => {
      if (!site.name.isInside(def.node) || site.kind === "import") return false;
      if (site.kind === "parameter") return !/\bDepends\(/.test(site.value?.text ?? "");
      return site.kind === "for" || !site.value || dependsOn(site.value, def, facts, depth + 1);
    });
  });
}
