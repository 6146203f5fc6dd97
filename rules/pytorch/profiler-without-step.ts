/** A profiler with a schedule that nobody tells of the steps. */

import {
  argumentOf,
  asAssignment,
  asCall,
  asFor,
  declined,
  defineRule,
  fixOf,
  lineBelow,
  startsLine,
  statementOf,
  statementsOf,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const PROFILES = ["torch.profiler.profile", "torch.profiler.profiler.profile"];

export default defineRule({
  title: "Profiler with a schedule and without steps",
  why: "A schedule counts the calls of step(): so many are waited for, so many warm up, so many are recorded. Without step() the profiler stays at the first of them and records nothing, or never hands on what it recorded.",
  guide: "pytorch",
  level: "warning",
  // It runs once, and is lost all the same.
  differs: { light: "kept", unknown: "kept" },
  gain: "safety",
  imports: ["torch"],
  words: ["schedule"],
  fixes: "review",

  examples: [
    {
      before: `
import torch
from torch.profiler import profile, schedule

def recorded(batches: list[torch.Tensor], traces: list[int]) -> None:
    plan = schedule(wait=0, warmup=0, active=1)
    with profile(schedule=plan, on_trace_ready=lambda it: traces.append(it.step_num)) as prof:
        for batch in batches:
            batch.sum()
`,
      after: `
import torch
from torch.profiler import profile, schedule

def recorded(batches: list[torch.Tensor], traces: list[int]) -> None:
    plan = schedule(wait=0, warmup=0, active=1)
    with profile(schedule=plan, on_trace_ready=lambda it: traces.append(it.step_num)) as prof:
        for batch in batches:
            batch.sum()
            prof.step()
`,
    },
  ],

  on: ["call"],
  calls: PROFILES,

  find(node, { facts }) {
    const call = asCall(node);
    if (!call || call.hasSplat || !PROFILES.includes(facts.nameOf(call.callee) ?? "")) return undefined;
    const plan = argumentOf(call, "schedule");
    if (!plan || plan.kind === "none") return undefined;
    const statement = node.ancestor("with_statement");
    const item = node.ancestor("with_item");
    if (!statement || !item || !isWithItem(node, item)) return startedByHand(node, facts);
    const name = item.descendants("as_pattern_target")[0]?.children[0];
    if (name && (name.kind !== "identifier" || isStepped(name, facts))) return undefined;
    // Without a name somebody else would have to know it.
    return { at: call.callee, name, statement };
  },

  message: ({ name }) =>
    `The schedule counts calls of step(), and nobody calls ${name ? `\`${name.text}.step()\`` : "it: the profiler has no name"}; the profiler stays at its first step.`,

  fix({ name, statement }) {
    if (!statement) return declined("it is not plain which loop makes the steps");
    if (!name) return declined("the profiler has no name");
    const loops = statementsOf(statement.field("body")!).filter(
      (it) => it.kind === "for_statement" || it.kind === "while_statement",
    );
    const [loop] = loops;
    const body = loop && (asFor(loop)?.body ?? loop.field("body"));
    const last = body && statementsOf(body).at(-1);
    if (!loop || !last || loops.length > 1) return declined("it is not plain which loop makes the steps");
    if (loop.descendants("continue_statement", "break_statement").length > 0 || !startsLine(last))
      return declined("some turns of the loop end early");
    return fixOf(
      "Tell the profiler of each step",
      ["what it records is recorded"],
      [lineBelow(last, `${name.text}.step()`)],
    );
  },
});

/** `prof = profile(…)`, then `prof.start()`. */
function startedByHand(node: Node, facts: Facts) {
  const [name, more] = asAssignment(statementOf(node))?.targets ?? [];
  if (!name || more || name.kind !== "identifier" || asAssignment(statementOf(node))?.value !== node) return undefined;
  const isStarted = facts.usesOf(name).some((it) => it.kind === "method" && it.name === "start");
  return isStarted && !isStepped(name, facts)
    ? { at: asCall(node)?.callee ?? node, name, statement: undefined }
    : undefined;
}

/** `with profile(…) as prof`, not something that the profiler is given to. */
function isWithItem(node: Node, item: Node): boolean {
  for (let at = node.parent; at && at !== item; at = at.parent)
    if (at.kind === "call" || at.kind === "lambda") return false;
  return true;
}

/** It is told, or somebody gets it who may tell it. */
const isStepped = (name: Node, facts: Facts): boolean =>
  facts
    .usesOf(name)
    .some((it) =>
      it.kind === "method"
        ? it.name === "step"
        : it.kind !== "discarded" && (it.kind !== "attribute" || it.name === "step"),
    );
