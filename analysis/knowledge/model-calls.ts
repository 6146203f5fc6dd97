/** Calls that ask a language or embedding model, by the ends of their names, for the libraries that are reached in one and the same way. */

/** Top-level modules through which programs ask models. */
export const MODEL_LIBRARIES: readonly string[] = [
  "openai",
  "anthropic",
  "litellm",
  "groq",
  "mistralai",
  "together",
  "cohere",
  "ollama",
  "google",
  "langchain",
  "langchain_core",
  "langchain_openai",
  "langchain_anthropic",
  "langchain_community",
  "langchain_ollama",
  "langchain_google_genai",
  "langchain_groq",
  "langgraph",
  "llama_index",
  "huggingface_hub",
  "boto3",
];

/** `client.chat.completions.create`, `litellm.acompletion`, `model.generate_content`: whatever the object is called. */
const ASKS =
  /\b(?:chat\.completions|responses|messages|completions|beta\.chat\.completions|chat)\.(?:create|parse|complete)$|\b(?:litellm\.a?completion|ollama\.(?:chat|generate)|openai\.(?:ChatCompletion|Completion)\.a?create)$|\.(?:generate_content(?:_async)?|chat_completion|invoke_model|converse)$/;
/** `llm.invoke`, `self.agent.ainvoke`: the object has to be called what it is. */
const INVOKES = /\b(?=\w*(?:llm|model|chat|agent|chain|graph|assistant))\w+\.a?(?:invoke|predict|run_sync|complete)$/i;
const EMBEDS =
  /\b(?:embeddings|Embedding)\.a?create$|\.a?embed_(?:query|content)$|\bollama\.(?:embeddings|embed)$|\blitellm\.a?embedding$/;

/** What a call asks of a model, by the text of what is called; undefined for everything else. Only in files that import one of these libraries. */
export function askedOf(callee: string): "answer" | "embedding" | undefined {
  if (EMBEDS.test(callee)) return "embedding";
  return ASKS.test(callee) || INVOKES.test(callee) ? "answer" : undefined;
}
