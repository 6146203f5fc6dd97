/** What hovers say of agents, their tools, and retrieval. */

import {
  argumentOf,
  asAttribute,
  asFunction,
  asString,
  callOf,
  defineConstructs,
  dottedName,
  expressionOf,
  integerOf,
  textValue,
  type File,
  type Node,
} from "../../analysis/authoring.js";
import { origin } from "./parts/origins.js";

const SPLITTERS =
  "CharacterTextSplitter RecursiveCharacterTextSplitter TokenTextSplitter MarkdownTextSplitter PythonCodeTextSplitter LatexTextSplitter".split(
    " ",
  );
const OLD_AGENTS = [
  "AgentExecutor",
  "initialize_agent",
  "create_openai_functions_agent",
  "create_openai_tools_agent",
  "create_tool_calling_agent",
  "create_react_agent",
].map((it) => `langchain.agents.${it}`);

export default defineConstructs([
  {
    name: "@tool",
    guide: "agents",
    at: [
      {
        name: [
          "langchain_core.tools.tool",
          "langchain.tools.tool",
          "langchain.agents.tool",
          "crewai.tools.tool",
          "smolagents.tool",
        ],
      },
    ],
    says: "Name, docstring and annotations go to the model, which supplies the arguments, and anything it has read can steer them: treat them as untrusted text. A vague docstring makes it choose the wrong tool. No `eval`, no shell, a timeout for every request, and errors returned as text it can act on.",
    here: toolNote,
    example:
      'from langchain_core.tools import tool\n\n@‸tool\ndef rate(city: str) -> float:\n    """Exchange rate used in a city."""\n    return 1.0\n',
    unlike: ["def tool(f):\n    return f\n\n@‸tool\ndef rate(city): ...\n", "import bokeh\n\nbokeh.‸tool()\n"],
  },
  {
    name: "agent constructor",
    guide: "agents",
    at: [
      {
        name: [
          "langchain.agents.create_agent",
          "langgraph.prebuilt.create_react_agent",
          ...OLD_AGENTS,
          "langchain_classic.agents.AgentExecutor",
          "crewai.Agent",
          "pydantic_ai.Agent",
          "smolagents.CodeAgent",
          "smolagents.ToolCallingAgent",
        ],
      },
    ],
    says: "Puts a model into a loop with tools: it chooses one, reads the result, and goes on until it answers. Set a limit of steps and of cost, since each step sends all messages so far. Where the steps are known in advance, plain code that calls the model is cheaper and can be tested.",
    here: agentNote,
    example: "from langchain.agents import create_agent\n\nagent = ‸create_agent('openai:gpt-4.1', tools=[])\n",
    unlike: ["class Agent:\n    pass\n\n‸Agent()\n", "from estate import Agent\n\n‸Agent()\n"],
  },
  {
    name: "Crew / Task",
    guide: "agents",
    at: [{ name: ["crewai.Crew", "crewai.Task", "crewai.Process"] }],
    says: "Tasks name an agent, a description and an expected output; `context=` hands on the results of earlier tasks. The sequential process runs them in the order of the list, the hierarchical one needs `manager_llm` or `manager_agent` and spends extra calls on planning. A second agent pays when tools, instructions or models must differ.",
    here(node, { facts }) {
      const call = callOf(node);
      if (!call || call.hasSplat || facts.nameOf(call.callee) !== "crewai.Crew") return undefined;
      const isHierarchical =
        facts.nameOf(call.keywords.get("process") ?? call.callee) === "crewai.Process.hierarchical";
      return isHierarchical && !call.keywords.has("manager_llm") && !call.keywords.has("manager_agent")
        ? "Hierarchical, and no `manager_llm` or `manager_agent` is given."
        : undefined;
    },
    example: "from crewai import Crew\n\ncrew = ‸Crew(agents=[], tasks=[])\n",
    unlike: ["import asyncio\n\ndef f(job: asyncio.‸Task): ...\n", "class Crew:\n    pass\n\n‸Crew()\n"],
  },
  {
    name: "retriever",
    guide: "agents",
    at: [
      {
        attribute: "as_retriever",
        of: ["langchain_core.vectorstores.VectorStore", "langchain_core.vectorstores.InMemoryVectorStore"],
      },
      { name: ["langchain_core.retrievers.BaseRetriever", "langchain_core.vectorstores.VectorStoreRetriever"] },
      { node: "identifier" },
    ],
    when: isRetriever,
    says: 'Fetches the `k` nearest pieces, 4 unless `search_kwargs={"k": …}` says otherwise; near does not mean relevant, so a threshold or a reranker may pay. Questions and documents need the same embedding model. Measure how often the right piece is among the k before changing the prompt, and treat what was found as data, not as instructions.',
    here(node) {
      const options = callOf(node)?.keywords.get("search_kwargs");
      const k =
        options?.kind === "dictionary"
          ? options.children.find((it) => it.kind === "pair" && textValue(it.field("key")) === "k")
          : undefined;
      const count = integerOf(k?.field("value"));
      return count === undefined
        ? undefined
        : `Puts up to ${count} ${count === 1 ? "piece" : "pieces"} into each prompt.`;
    },
    example:
      "from langchain_chroma import Chroma\n\nstore = Chroma('docs')\nretriever = store.‸as_retriever(search_kwargs={'k': 4})\n",
    unlike: [
      "class Kennel:\n    def as_retriever(self): ...\n\nKennel().‸as_retriever()\n",
      "def find(store):\n    return store.‸as_retriever()\n",
    ],
  },
  {
    name: "text splitter",
    guide: "agents",
    at: [{ name: SPLITTERS.flatMap((it) => [`langchain_text_splitters.${it}`, `langchain.text_splitter.${it}`]) }],
    says: "Sizes are characters unless the splitter counts tokens: `chunk_size` 4,000 and `chunk_overlap` 200 by default. The overlap keeps a sentence at a border whole in one piece; more of it stores and embeds the same text again. `CharacterTextSplitter` cuts at its separator alone, so a piece can exceed the size; the recursive one tries finer separators.",
    here: splitNote,
    example:
      "from langchain_text_splitters import RecursiveCharacterTextSplitter\n\nsplitter = ‸RecursiveCharacterTextSplitter(chunk_overlap=80, chunk_size=800)\n",
    unlike: [
      "class CharacterTextSplitter:\n    pass\n\n‸CharacterTextSplitter()\n",
      "import textwrap\n\ntextwrap.‸wrap('a')\n",
    ],
  },
]);

/** The function that a decorator stands on has no docstring of its own. */
function toolNote(node: Node, { facts }: File): string | undefined {
  const decorator = node.ancestor("decorator");
  const def = decorator?.parent ? asFunction(decorator.parent) : undefined;
  const name = facts.nameOf(dottedName(node)) ?? "";
  if (!def || callOf(node)?.keywords.has("description")) return undefined;
  const [first] = def.body.children;
  const isDocumented = first !== undefined && asString(expressionOf(first)) !== undefined;
  if (!isDocumented)
    return name.startsWith("langchain")
      ? "No docstring: LangChain raises ValueError."
      : "No docstring: the model is told nothing of what it does.";
  const bare = def.parameters.filter((it) => !it.annotation && it.star === "").map((it) => `\`${it.name}\``);
  return bare.length === 0 ? undefined : `The model is not told the type of ${bare.join(", ")}.`;
}

function agentNote(node: Node, { facts }: File): string | undefined {
  const name = facts.nameOf(dottedName(node)) ?? "";
  if (OLD_AGENTS.includes(name))
    return "Not part of LangChain 1.x: use `create_agent`, or import the old form from `langchain_classic.agents`.";
  if (name === "smolagents.CodeAgent")
    return "It writes Python and runs it; the local executor restricts that but is no sandbox.";
  if (name === "langchain.agents.create_agent")
    return 'LangChain 1.4 stops it after 9,999 steps only: pass `config={"recursion_limit": …}` when you call it.';
  return facts.loopAround(node) ? "In a loop: build it once and call it for each input." : undefined;
}

/** Packages with vector stores. */
const STORES = /^langchain(_[a-z]+)*\.(\w+\.)*[A-Z]\w*(\.from_\w+)?$/;

function isRetriever(node: Node, { facts }: File): boolean {
  if (node.text !== "as_retriever")
    return /^langchain_core\.(retrievers|vectorstores)\./.test(
      (node.text.endsWith("Retriever") && facts.nameOf(dottedName(node))) || "",
    );
  const attribute = node.fieldName === "attribute" ? asAttribute(node.parent) : undefined;
  if (!attribute) return false;
  return (
    facts.isA(attribute.object, "langchain_core.vectorstores.VectorStore") ||
    facts.isA(attribute.object, "langchain_core.vectorstores.InMemoryVectorStore") ||
    STORES.test(origin(attribute.object, facts) ?? "")
  );
}

function splitNote(node: Node): string | undefined {
  const call = callOf(node);
  if (!call || call.hasSplat) return undefined;
  const size = call.keywords.has("chunk_size") ? integerOf(argumentOf(call, "chunk_size")) : 4000;
  const overlap = call.keywords.has("chunk_overlap") ? integerOf(argumentOf(call, "chunk_overlap")) : 200;
  if (size === undefined || overlap === undefined || size <= 0) return undefined;
  if (overlap > size) return `An overlap of ${overlap} in pieces of ${size} raises ValueError.`;
  return overlap === 0
    ? undefined
    : `Each piece can repeat up to ${Math.round((100 * overlap) / size)}% of itself from the one before.`;
}
