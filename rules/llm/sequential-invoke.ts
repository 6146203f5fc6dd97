/** Questions to a model that do not depend on each other and are asked one after another. */

import {
  asCall,
  asComprehension,
  asFor,
  askedOf,
  asMethodCall,
  builderOf,
  comesFromTurn,
  declined,
  defineRule,
  fileQuestion,
  fixOf,
  functionCalled,
  functionQuestion,
  hasComments,
  MODEL_LIBRARIES,
  onlyStatement,
  replace,
  statementsOf,
  unwrap,
  type Call,
  type Evidence,
  type Facts,
  growsListNamed,
  type MethodCall,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Model asked for one item after another",
  why: "Each answer takes seconds, and nearly all of that is waiting for the server. Questions that do not depend on each other can wait together, with a limit that the service allows.",
  guide: "agents",
  level: "warning",
  gain: "safety",
  imports: MODEL_LIBRARIES,
  fixes: "review",

  examples: [
    {
      before: `
from langchain_openai import ChatOpenAI

llm = ChatOpenAI(model="gpt", timeout=60)

def answers(prompts: list[str]) -> list:
    return [llm.invoke(prompt) for prompt in prompts]
`,
      after: `
from langchain_openai import ChatOpenAI

llm = ChatOpenAI(model="gpt", timeout=60)

def answers(prompts: list[str]) -> list:
    return llm.batch(prompts, config={"max_concurrency": 8})
`,
    },
  ],

  on: ["call"],
  within: "loop",

  find(node, { facts }, call) {
    const method = asMethodCall(node, ...METHODS);
    const loop = facts.loopAround(node);
    if (!loop || loop.kind === "while_statement" || facts.isTest) return undefined;
    const evidence = method ? modelEvidence(method, facts) : helperEvidence(call, facts);
    const inputs = [...call.args, ...call.keywords.values()];
    if (!evidence || inputs.length === 0 || !inputs.some((it) => comesFromTurn(it, loop, facts))) return undefined;
    if (!onlyCollects(loop, node)) return undefined;
    return { at: call.callee, evidence, weight: facts.weightOf(node), call, loop, isHidden: !method };
  },

  message: ({ call, isHidden }) =>
    `\`${call.callee.text.replace(/\s+/g, "")}\` ${isHidden ? "asks a model and " : ""}waits for one answer before it asks the next; the questions do not depend on each other and can wait together${!isHidden && asMethodCall(call.node, "invoke") ? ", as with `batch`" : ", some at a time"}.`,

  fix({ call, loop, isHidden }, { facts }) {
    const method = asMethodCall(call.node, "invoke");
    if (isHidden || !method) return declined("threads or coroutines are another way of writing the program");
    const comprehension = asComprehension(loop.kind === "for_in_clause" ? loop.parent : loop);
    const [clause, more] = comprehension?.clauses ?? [];
    if (!comprehension || !clause || more || comprehension.conditions.length > 0 || comprehension.kind !== "list")
      return declined("the loop does more than ask");
    const { node, element } = comprehension;
    const isPlain = unwrap(element) === call.node && call.args.length === 1 && call.keywords.size === 0;
    if (!isPlain || hasComments(node)) return declined("more is done with each answer");
    const input = unwrap(call.args[0]!);
    const items =
      input.text === clause.target.text
        ? clause.iterable.text
        : `[${input.text} for ${clause.target.text} in ${clause.iterable.text}]`;
    const isList = input.text !== clause.target.text || facts.typeOf(clause.iterable)?.name === "list";
    return fixOf(
      "Ask them in one batch",
      ["the service must take several questions at a time", !isList && `\`${clause.iterable.text}\` must be a list`],
      [replace(node, `${method.object.text}.batch(${items}, config={"max_concurrency": 8})`)],
    );
  },
});

const METHODS = ["invoke", "create", "completion", "generate_content", "complete"];

/** A function of the file that asks once and hands nothing on to the next question. */
function helperEvidence({ callee }: Call, facts: Facts): Evidence | undefined {
  const def = functionCalled(callee, facts);
  return def && !def.isAsync && facts.ofFile(hasModels) && asksOnce(def, facts) ? "fair" : undefined;
}

const hasModels = fileQuestion((facts) =>
  facts.fileMatches(/\.(?:invoke|create|completion|generate_content|complete)\s*\(/),
);

const asksOnce = functionQuestion<boolean>((def, facts) => {
  const body = facts.bodyOf(def);
  if (def.decorators.length > 0 || WAITS.test(body.text) || body.descendants("yield").length > 0) return false;
  // What it keeps of one question may be what the next is about.
  if (body.descendants("assignment", "augmented_assignment").some((it) => /^self\./.test(it.text))) return false;
  if (growsListNamed(TALK, body)) return false;
  return body.descendants("call").some((it) => {
    const method = asMethodCall(it, ...METHODS);
    return method !== undefined && !facts.loopAround(it) && modelEvidence(method, facts) !== undefined;
  });
});

/** By what the object was built as, or by what it is called. */
function modelEvidence({ object, callee, method }: MethodCall, facts: Facts): Evidence | undefined {
  const maker = asCall(facts.valueOf(object));
  if (maker && builderOf(facts.nameOf(maker.callee))?.kind === "chat") return method === "invoke" ? "proof" : undefined;
  const chain = callee.text.replace(/\s+/g, "");
  if (askedOf(chain) !== "answer") return undefined;
  // Agents have tools, which may change what the next question is about.
  if (method === "invoke") return /agent|graph|assistant/i.test(chain) ? undefined : "fair";
  return "strong";
}

/** The loop does little but ask and put the answer away: no messages grow, nobody waits, nothing ends it early. */
function onlyCollects(loop: Node, node: Node): boolean {
  const statement = asFor(loop);
  if (!statement) return true;
  const { body } = statement;
  if (body.descendants("break_statement", "return_statement", "yield", "raise_statement").length > 0) return false;
  if (WAITS.test(body.text) || leavesErrorsOut(body) || growsListNamed(TALK, body)) return false;
  return onlyStatement(body) !== undefined || statementsOf(body).length <= 6 || node.ancestor("for_statement") !== loop;
}

const WAITS = /\bsleep\(|\binput\(|limiter|rate_limit/;
const TALK = /messages|history|conversation|context|memory/;

/** `except …: continue`: the turn of an error is left out. */
function leavesErrorsOut(body: Node): boolean {
  const [handler] = body.descendants("except_clause");
  return handler !== undefined && body.descendants("continue_statement").some((it) => it.start > handler.start);
}
