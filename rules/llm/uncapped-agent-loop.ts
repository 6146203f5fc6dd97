/** A loop in which a model decides whether it goes on, with nothing that ends it otherwise. */

import {
  askedOf,
  asksModelInside,
  asWhile,
  calleeText,
  declined,
  defineRule,
  fixOf,
  functionAround,
  hasComments,
  indentOf,
  indentUnit,
  insertAfter,
  MODEL_LIBRARIES,
  replace,
  type Facts,
  growsListNamed,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Agent loop without a step limit",
  why: "The model alone decides when this loop ends. One that calls tools in circles, or never gives the answer that is waited for, costs money and time until somebody stops the program.",
  guide: "agents",
  level: "warning",
  gain: "safety",
  imports: MODEL_LIBRARIES,
  fixes: "review",

  examples: [
    {
      before: `
from openai import OpenAI

client = OpenAI(timeout=60)

def run(task: str, call_tool) -> str:
    messages = [{"role": "user", "content": task}]
    while True:
        answer = client.chat.completions.create(model="gpt", messages=messages).choices[0].message
        if not answer.tool_calls:
            return answer.content
        messages.append(answer)
        for call in answer.tool_calls:
            messages.append({"role": "tool", "tool_call_id": call.id, "content": call_tool(call)})
`,
      after: `
from openai import OpenAI

client = OpenAI(timeout=60)

def run(task: str, call_tool) -> str:
    messages = [{"role": "user", "content": task}]
    for _ in range(50):
        answer = client.chat.completions.create(model="gpt", messages=messages).choices[0].message
        if not answer.tool_calls:
            return answer.content
        messages.append(answer)
        for call in answer.tool_calls:
            messages.append({"role": "tool", "tool_call_id": call.id, "content": call_tool(call)})
    else:
        raise RuntimeError("no answer after 50 steps")
`,
    },
  ],

  on: ["while_statement"],

  find(node, { facts }) {
    const loop = asWhile(node);
    if (!loop || facts.isTest) return undefined;
    const { condition, body } = loop;
    const isEndless = condition.kind === "true" || condition.text === "1";
    // `while response.tool_calls:` asks the model too; any other condition may be a limit.
    if (!isEndless && !MODEL_DECIDES.test(condition.text)) return undefined;
    const calls = body.descendants("call").filter((it) => functionAround(it) === functionAround(node));
    const asking = calls.find((it) => asksModel(it, facts));
    if (!asking || hasLimit(node, body) || calls.some((it) => WAITS.test(it.field("function")?.text ?? "")))
      return undefined;
    // Some other loop inside is the agent's, or a `for` bounds the turns.
    if (facts.loopAround(asking) !== node && asking.ancestor("while_statement") !== node) return undefined;
    if (isRetry(asking, node)) return undefined;
    const isAgent = TOOLS.test(body.text);
    if (!isAgent && !growsListNamed(TALK, body)) return undefined;
    return {
      at: { tree: node.tree, start: node.start, end: condition.end },
      evidence: isAgent ? "strong" : "fair",
      weight: "heavy",
      loop,
      asking,
      isEndless,
    };
  },

  message: ({ asking }) =>
    `Only the model ends this loop around \`${calleeText(asking)}\`; a limit on the number of turns keeps it from running, and costing, for ever.`,

  fix({ loop: { node, condition, body, orElse }, isEndless }, { facts }) {
    if (!isEndless) return declined("the condition has to stay: a counter beside it can limit the turns");
    if (orElse) return declined("the loop has an else branch");
    if (hasComments(condition)) return declined("a comment would be lost");
    const last = body.lastChild;
    if (!last) return undefined;
    const indent = indentOf(node);
    // `_("text")` translates.
    const counter = /\b_\(/.test(node.tree.text) ? facts.freshName("turn", node) : "_";
    return fixOf(
      "Stop after 50 turns with an error",
      ["50 turns must be enough for every task"],
      [
        replace({ tree: node.tree, start: node.start, end: condition.end }, `for ${counter} in range(50)`),
        insertAfter(
          body,
          `\n${indent}else:\n${indent}${indentUnit(last, facts)}raise RuntimeError("no answer after 50 steps")`,
        ),
      ],
    );
  },
});

const MODEL_DECIDES = /^(?:not )?[\w.]*(?:tool_calls?|stop_reason|finish_reason|function_call)\b(?! *(?:<|>))/;
/** Signs of an agent: the model chooses what is done next. */
const TOOLS = /\b(?:tool_calls?|tools|tool_use|function_call|stop_reason|tool_outputs|requires_action|final_answer)\b/i;
/** What was said is sent again with the next turn. */
const TALK = /messages|history|conversation|transcript/;
/** Somebody else decides when the next turn comes. */
const WAITS =
  /(?:^|[._])(?:receive_\w|(?:input|prompt|Prompt\.ask|recv|receive|get_message|accept|readline|listen|wait|get_input|user_input|select|get_nowait|poll|subscribe|confirm|questionary)\b)|(?:queue|q|inbox|mailbox)\.get$/i;
const BOUND =
  /max|limit|budget|deadline|timeout|remaining|attempt|retries|\bsteps?\b|\bturns?\b|iteration|counter|\bcount\b|elapsed|time\(\)|perf_counter|monotonic|should_stop|stop_event|is_set|cancel/i;

/** Something that is compared in the loop counts turns, time or cost. */
function hasLimit(node: Node, body: Node): boolean {
  return (
    body.descendants("comparison_operator").some((it) => /[<>]|==|%/.test(it.text) && BOUND.test(it.text)) ||
    body.descendants("if_statement").some((it) => BOUND.test(it.field("condition")?.text ?? "")) ||
    body.descendants("augmented_assignment").some((it) => {
      const name = it.field("left")?.text ?? "";
      return body.descendants("comparison_operator").some((test) => test.identifiers(name).length > 0);
    }) ||
    BOUND.test(node.field("condition")?.text ?? "")
  );
}

/** `try: return ask() except RateLimit: sleep()`: the answer ends the loop, whatever it is. */
function isRetry(asking: Node, loop: Node): boolean {
  for (let at = asking.parent; at && at !== loop; at = at.parent) {
    if (at.kind === "return_statement") return true;
    if (at.kind !== "try_statement") continue;
    const block = at.field("body");
    const last = block?.lastChild?.kind;
    if (last === "return_statement" || last === "break_statement") return true;
  }
  return false;
}

/** Itself, or by way of a function of the file. */
function asksModel(call: Node, facts: Facts): boolean {
  const callee = call.field("function");
  return callee !== undefined && (askedOf(calleeText(call)) === "answer" || asksModelInside(callee, facts));
}
