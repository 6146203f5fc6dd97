/** What LangChain 1.0 took out of the package `langchain`, and the packages that have it now; checked by scripts/removed.py. */

import { like, words, type Present, type RemovedTable } from "./table.js";

/** The other package has to be installed. */
const moved = (to: string): Present =>
  like(to, `the project needs the package ${to.split(".")[0]!.replaceAll("_", "-")}`);
const CLASSIC = words("the package `langchain_classic` has it");
const AGENT = words("`create_agent` takes its place, and `langchain_classic.agents` has the old form");

/** The table of what LangChain 1.0 took out. */
export const LANGCHAIN_REMOVED: RemovedTable = {
  roots: { langchain: ["langchain", "LangChain"] },
  source: { langchain: "https://docs.langchain.com/oss/python/migrate/langchain-v1" },
  removals: [
    [
      "langchain.agents.{AgentExecutor|initialize_agent|AgentType|ZeroShotAgent|ConversationalAgent|create_react_agent|create_openai_functions_agent|create_openai_tools_agent|create_tool_calling_agent|create_structured_chat_agent|create_json_chat_agent|create_xml_agent|create_self_ask_with_search_agent|LLMSingleActionAgent|AgentOutputParser|BaseSingleActionAgent|OpenAIFunctionsAgent}",
      "1.0",
      AGENT,
    ],
    [
      "langchain.agents.{load_tools|get_all_tool_names|create_csv_agent|create_pandas_dataframe_agent|create_sql_agent|create_json_agent|create_vectorstore_agent|agent_toolkits|agent_types|format_scratchpad|output_parsers|agent|react|mrkl}",
      "1.0",
      CLASSIC,
    ],
    ["langchain.agents.{Tool|tool}", "1.0", words("`langchain.tools` or `langchain_core.tools` has it")],
    ["langchain.tools.Tool", "1.0", moved("langchain_core.tools.Tool")],
    ["langchain.tools.StructuredTool", "1.0", moved("langchain_core.tools.StructuredTool")],
    ["langchain.chat_models.ChatOpenAI", "1.0", moved("langchain_openai.ChatOpenAI")],
    ["langchain.chat_models.AzureChatOpenAI", "1.0", moved("langchain_openai.AzureChatOpenAI")],
    ["langchain.chat_models.ChatAnthropic", "1.0", moved("langchain_anthropic.ChatAnthropic")],
    [
      "langchain.chat_models.{ChatOllama|ChatVertexAI|ChatGooglePalm|ChatCohere|BedrockChat}",
      "1.0",
      words("the package of the provider has it, such as `langchain_ollama`"),
    ],
    ["langchain.embeddings.OpenAIEmbeddings", "1.0", moved("langchain_openai.OpenAIEmbeddings")],
    ["langchain.embeddings.AzureOpenAIEmbeddings", "1.0", moved("langchain_openai.AzureOpenAIEmbeddings")],
    ["langchain.embeddings.HuggingFaceEmbeddings", "1.0", moved("langchain_huggingface.HuggingFaceEmbeddings")],
    [
      "langchain.embeddings.{HuggingFaceInstructEmbeddings|HuggingFaceBgeEmbeddings|SentenceTransformerEmbeddings|OllamaEmbeddings|CohereEmbeddings|BedrockEmbeddings|VertexAIEmbeddings|CacheBackedEmbeddings|openai|huggingface}",
      "1.0",
      words("the package of the provider, `langchain_community` or `langchain_classic` has it"),
    ],
    ["langchain.prompts.PromptTemplate", "1.0", moved("langchain_core.prompts.PromptTemplate")],
    ["langchain.prompts.ChatPromptTemplate", "1.0", moved("langchain_core.prompts.ChatPromptTemplate")],
    ["langchain.prompts.MessagesPlaceholder", "1.0", moved("langchain_core.prompts.MessagesPlaceholder")],
    ["langchain.prompts.FewShotPromptTemplate", "1.0", moved("langchain_core.prompts.FewShotPromptTemplate")],
    ["langchain.prompts", "1.0", words("`langchain_core.prompts` has it")],
    [
      "langchain.text_splitter.RecursiveCharacterTextSplitter",
      "1.0",
      moved("langchain_text_splitters.RecursiveCharacterTextSplitter"),
    ],
    ["langchain.text_splitter.CharacterTextSplitter", "1.0", moved("langchain_text_splitters.CharacterTextSplitter")],
    ["langchain.text_splitter.TokenTextSplitter", "1.0", moved("langchain_text_splitters.TokenTextSplitter")],
    [
      "langchain.text_splitter.MarkdownHeaderTextSplitter",
      "1.0",
      moved("langchain_text_splitters.MarkdownHeaderTextSplitter"),
    ],
    ["langchain.text_splitter", "1.0", words("the package `langchain_text_splitters` has it")],
    ["langchain.schema.Document", "1.0", moved("langchain_core.documents.Document")],
    ["langchain.schema.HumanMessage", "1.0", moved("langchain_core.messages.HumanMessage")],
    ["langchain.schema.AIMessage", "1.0", moved("langchain_core.messages.AIMessage")],
    ["langchain.schema.SystemMessage", "1.0", moved("langchain_core.messages.SystemMessage")],
    ["langchain.schema.BaseMessage", "1.0", moved("langchain_core.messages.BaseMessage")],
    ["langchain.schema", "1.0", words("`langchain_core` has it: documents, messages, output parsers and runnables")],
    ["langchain.docstore.document.Document", "1.0", moved("langchain_core.documents.Document")],
    [
      "langchain.{vectorstores|document_loaders|llms|utilities|document_transformers|graphs|chat_loaders}",
      "1.0",
      words("`langchain_community`, or the package of the provider, has it"),
    ],
    [
      "langchain.{output_parsers|callbacks|load}",
      "1.0",
      words("`langchain_core` has most of it, and `langchain_classic` the rest"),
    ],
    [
      "langchain.{LLMChain|PromptTemplate|OpenAI|ConversationChain|hub|Wikipedia|SerpAPIWrapper|VectorDBQA|FAISS}",
      "1.0",
      words("`langchain_classic`, `langchain_core` or the package of the provider has it"),
    ],
    [
      "langchain.{chains|memory|retrievers|indexes|evaluation|storage|docstore|sql_database|cache|runnables|smith|adapters|globals|requests|python|input|base_language|model_laboratory}",
      "1.0",
      CLASSIC,
    ],
  ],
};
