/** Functions that a language model may call: tools of agents, by their decorator, their class, or by being given to a model. */

import type { Evidence, Facts } from "../semantics/facts.js";
import { fileQuestion } from "../semantics/file-questions.js";
import { useOf } from "../semantics/uses.js";
import { asCall, asMethodCall } from "../syntax/expressions.js";
import type { FunctionDef } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";

const DECORATORS = new Set([
  "langchain_core.tools.tool",
  "langchain.tools.tool",
  "langchain.agents.tool",
  "crewai.tools.tool",
  "crewai_tools.tool",
  "smolagents.tool",
  "agents.function_tool",
  "autogen_core.tools.tool",
  "llama_index.core.tools.tool",
  "strands.tool",
]);
const TOOL_CLASSES = new Set([
  "langchain_core.tools.BaseTool",
  "langchain.tools.BaseTool",
  "langchain_core.tools.base.BaseTool",
  "crewai.tools.BaseTool",
  "crewai_tools.BaseTool",
  "smolagents.Tool",
]);
const MAKERS = new Set([
  "langchain_core.tools.StructuredTool.from_function",
  "langchain.tools.StructuredTool.from_function",
  "langchain_core.tools.Tool",
  "langchain.tools.Tool",
  "langchain.agents.Tool",
  "langchain_core.tools.Tool.from_function",
  "langchain.tools.Tool.from_function",
  "llama_index.core.tools.FunctionTool.from_defaults",
]);
const METHODS = new Set(["_run", "_arun", "forward", "run", "execute", "invoke", "__call__"]);
/** `@mcp.tool()`, `@agent.tool_plain`, `@server.tool`. */
const TOOL_METHOD = /^\w+(\.\w+)*\.(tool|tool_plain|function_tool)$/;
/** A base class called so, of whatever framework. */
const TOOL_NAME = /(^|\.)\w*Tool$/;
/** Options by which agents and models get their functions. */
const HANDED = /^(tools|functions|function_tools)$/;

/** By which evidence a function is what a model may call. */
export function toolEvidence(def: FunctionDef, facts: Facts): Evidence | undefined {
  for (const it of def.decorators) {
    const callee = asCall(it)?.callee ?? it;
    if (DECORATORS.has(facts.nameOf(callee) ?? "")) return "proof";
    if (TOOL_METHOD.test(callee.text)) return "strong";
  }
  const owner = facts.classOf(def.node);
  if (owner) {
    if (!METHODS.has(def.name)) return undefined;
    const bases = facts.basesOf(owner);
    if (bases.some((it) => typeof it === "string" && TOOL_CLASSES.has(it))) return "proof";
    return owner.def.bases.some((it) => TOOL_NAME.test(it.text)) ? "fair" : undefined;
  }
  const binding = facts.bindingOf(def.nameNode);
  const isOfFile = binding?.scope.kind === "module" && !binding.scope.parent;
  const evidence = isOfFile
    ? facts.ofFile(GIVEN_NAME, def.name)
    : givenEvidence(
        facts.usesOf(def.nameNode).map((it) => it.node),
        facts,
      );
  return evidence === "" ? undefined : evidence;
}

/** Asked of the file, so that a function is looked at again only where the answer changed, and not with each of its uses. */
const GIVEN_NAME = fileQuestion((facts, name) => givenEvidence(facts.view.readsOf(name), facts));

/** Whether one of the reads gives the function to a model. */
function givenEvidence(reads: readonly Node[], facts: Facts): "proof" | "strong" | "" {
  const isMade = reads.some((read) => {
    const use = useOf(read);
    const maker = use.kind === "argument" ? asCall(use.call) : undefined;
    return maker !== undefined && MAKERS.has(facts.nameOf(maker.callee) ?? "");
  });
  if (isMade) return "proof";
  // `tools=[calculate]`, `model.bind_tools([calculate])`
  const isHanded = reads.some((read) => {
    const list = read.parent?.kind === "list" ? read.parent : undefined;
    const use = list && useOf(list);
    if (use?.kind !== "argument") return false;
    return HANDED.test(use.name ?? "") || asMethodCall(use.call, "bind_tools") !== undefined;
  });
  return isHanded ? "strong" : "";
}
