/** Calls that build what a program should build once: clients with their connections, models with their weights, stores with their indexes. */

import { members } from "./table.js";

/** `client`: connections to a service · `service`: the same of a database or cloud · `http`: to any server · `chat`: a model behind a service, as a framework wraps it · `store`: a vector store or index · `model`: weights are read · `tokenizer`. */
export type BuilderKind = "client" | "service" | "http" | "chat" | "store" | "model" | "tokenizer";

/** What a call builds. */
export interface Builder {
  readonly kind: BuilderKind;
  /** It reads documents or weights, and works for long. */
  readonly isHeavy: boolean;
}

const CLIENTS = members({
  openai: "OpenAI AsyncOpenAI AzureOpenAI AsyncAzureOpenAI",
  anthropic: "Anthropic AsyncAnthropic AnthropicBedrock AsyncAnthropicBedrock AnthropicVertex AsyncAnthropicVertex",
  groq: "Groq AsyncGroq",
  mistralai: "Mistral",
  cohere: "Client ClientV2 AsyncClient AsyncClientV2",
  "google.genai": "Client",
  together: "Together AsyncTogether",
  ollama: "Client AsyncClient",
  huggingface_hub: "InferenceClient AsyncInferenceClient",
  tavily: "TavilyClient AsyncTavilyClient",
  pinecone: "Pinecone",
  qdrant_client: "QdrantClient AsyncQdrantClient",
  weaviate: "Client connect_to_local connect_to_weaviate_cloud connect_to_wcs connect_to_custom",
  chromadb: "HttpClient AsyncHttpClient",
  pymilvus: "MilvusClient AsyncMilvusClient",
  replicate: "Client",
  gradio_client: "Client",
  exa_py: "Exa AsyncExa",
  firecrawl: "FirecrawlApp Firecrawl AsyncFirecrawlApp",
  wolframalpha: "Client",
  deepl: "Translator DeepLClient",
});
const SERVICES = members({
  boto3: "client resource",
  pymongo: "MongoClient AsyncMongoClient",
  "motor.motor_asyncio": "AsyncIOMotorClient",
  elasticsearch: "Elasticsearch AsyncElasticsearch",
  sqlalchemy: "create_engine",
  "sqlalchemy.ext.asyncio": "create_async_engine",
  supabase: "create_client",
  "google.cloud.storage": "Client",
  "google.cloud.bigquery": "Client",
  "google.cloud.firestore": "Client AsyncClient",
  "azure.storage.blob": "BlobServiceClient BlobServiceClient.from_connection_string",
  "azure.cosmos": "CosmosClient",
  neo4j: "GraphDatabase.driver AsyncGraphDatabase.driver",
  redis: "Redis StrictRedis from_url",
  minio: "Minio",
});
const HTTP = members({ httpx: "Client AsyncClient", aiohttp: "ClientSession" });

const CHATS = members({
  langchain_openai: "ChatOpenAI AzureChatOpenAI OpenAI AzureOpenAI OpenAIEmbeddings AzureOpenAIEmbeddings",
  langchain_anthropic: "ChatAnthropic",
  langchain_groq: "ChatGroq",
  langchain_mistralai: "ChatMistralAI MistralAIEmbeddings",
  langchain_cohere: "ChatCohere CohereEmbeddings",
  langchain_aws: "ChatBedrock ChatBedrockConverse BedrockEmbeddings",
  langchain_google_genai: "ChatGoogleGenerativeAI GoogleGenerativeAIEmbeddings",
  langchain_google_vertexai: "ChatVertexAI VertexAIEmbeddings",
  langchain_ollama: "ChatOllama OllamaLLM OllamaEmbeddings",
  "langchain.chat_models": "init_chat_model ChatOpenAI AzureChatOpenAI ChatAnthropic",
  "langchain.llms": "OpenAI AzureOpenAI Ollama HuggingFaceHub",
  "langchain.embeddings": "OpenAIEmbeddings init_embeddings",
  "langchain.embeddings.openai": "OpenAIEmbeddings",
  "langchain_community.chat_models": "ChatOpenAI ChatOllama ChatAnthropic BedrockChat",
  "langchain_community.llms": "Ollama OpenAI HuggingFaceHub Bedrock",
  "langchain_community.embeddings": "OpenAIEmbeddings OllamaEmbeddings BedrockEmbeddings",
  "llama_index.llms.openai": "OpenAI",
  "llama_index.llms.ollama": "Ollama",
  "llama_index.llms.anthropic": "Anthropic",
  "llama_index.embeddings.openai": "OpenAIEmbedding",
  "llama_index.embeddings.ollama": "OllamaEmbedding",
});

const STORE_CLASSES = members({
  langchain_chroma: "Chroma",
  langchain_pinecone: "PineconeVectorStore",
  langchain_qdrant: "QdrantVectorStore Qdrant",
  langchain_milvus: "Milvus",
  langchain_postgres: "PGVector",
  "langchain_community.vectorstores":
    "Chroma FAISS Qdrant Pinecone Milvus Weaviate PGVector Redis DocArrayInMemorySearch",
  "langchain.vectorstores": "Chroma FAISS Qdrant Pinecone Milvus Weaviate PGVector Redis DocArrayInMemorySearch",
  "langchain_core.vectorstores": "InMemoryVectorStore",
});
const STORE_MAKERS = [
  "from_documents",
  "from_texts",
  "from_embeddings",
  "load_local",
  "from_existing_index",
  "from_existing_collection",
];
const INDEXES = members({
  "llama_index.core":
    "VectorStoreIndex VectorStoreIndex.from_documents VectorStoreIndex.from_vector_store load_index_from_storage",
  llama_index: "VectorStoreIndex VectorStoreIndex.from_documents load_index_from_storage",
  faiss: "read_index",
  chromadb: "Client PersistentClient EphemeralClient",
});

const MODELS = members({
  sentence_transformers: "SentenceTransformer CrossEncoder SparseEncoder",
  langchain_huggingface: "HuggingFaceEmbeddings HuggingFacePipeline HuggingFacePipeline.from_model_id",
  "langchain_community.embeddings":
    "HuggingFaceEmbeddings HuggingFaceBgeEmbeddings HuggingFaceInstructEmbeddings SentenceTransformerEmbeddings",
  "langchain.embeddings":
    "HuggingFaceEmbeddings HuggingFaceBgeEmbeddings HuggingFaceInstructEmbeddings SentenceTransformerEmbeddings",
  "llama_index.embeddings.huggingface": "HuggingFaceEmbedding",
  transformers: "pipeline",
  torch: "load",
  "torch.jit": "load",
  "torch.hub": "load",
  joblib: "load",
  pickle: "load",
  "tensorflow.keras.models": "load_model",
  "tensorflow.saved_model": "load",
  "keras.models": "load_model",
  "keras.saving": "load_model",
  tensorflow_hub: "load",
  spacy: "load",
  whisper: "load_model",
  faster_whisper: "WhisperModel",
  easyocr: "Reader",
  ultralytics: "YOLO",
  onnxruntime: "InferenceSession",
  llama_cpp: "Llama Llama.from_pretrained",
  vllm: "LLM",
  fasttext: "load_model",
  "gensim.models.Word2Vec": "load",
  "gensim.models.KeyedVectors": "load load_word2vec_format",
  "cv2.dnn": "readNet readNetFromCaffe readNetFromDarknet readNetFromONNX readNetFromTensorflow",
  "mlflow.pyfunc": "load_model",
  "mlflow.sklearn": "load_model",
  catboost: "CatBoost.load_model",
  "fastai.vision.all": "load_learner",
  "fastai.learner": "load_learner",
});

const KINDS = new Map<string, BuilderKind>([
  ...CLIENTS.map((it) => [it, "client"] as const),
  ...SERVICES.map((it) => [it, "service"] as const),
  ...HTTP.map((it) => [it, "http"] as const),
  ...CHATS.map((it) => [it, "chat"] as const),
  ...STORE_CLASSES.flatMap((it) => [it, ...STORE_MAKERS.map((method) => `${it}.${method}`)]).map(
    (it) => [it, "store"] as const,
  ),
  ...INDEXES.map((it) => [it, "store"] as const),
  ...MODELS.map((it) => [it, "model"] as const),
]);

/** Of the makers by class method, whatever the class of the library is. */
const PRETRAINED =
  /^(?:transformers|diffusers|peft|sentence_transformers|optimum|auto_gptq|torchvision)\.[\w.]+\.from_pretrained$/;
const TOKENIZERS = /(?:Tokenizer(?:Fast)?|Processor|FeatureExtractor)\.from_pretrained$/;

/** Qualified names of all that builds something of these kinds, as a rule's `calls`. The class methods of models go by `BUILDER_METHODS`. */
export function builderCalls(...kinds: readonly BuilderKind[]): readonly string[] {
  return [...KINDS].filter(([, kind]) => kinds.includes(kind)).map(([name]) => name);
}

/** `AutoModel.from_pretrained(…)`: class methods that read weights, as a rule's `methods`. */
export const BUILDER_METHODS: readonly string[] = ["from_pretrained"];

/** What a call of the function, class or class method with this qualified name builds; undefined for anything else, and for what only reads a configuration. */
export function builderOf(name: string | undefined): Builder | undefined {
  if (name === undefined) return undefined;
  const known = KINDS.get(name);
  if (known) return { kind: known, isHeavy: known === "model" || /\.from_(?:documents|texts|embeddings)$/.test(name) };
  if (!PRETRAINED.test(name) || /Config\.from_pretrained$/.test(name)) return undefined;
  return TOKENIZERS.test(name) ? { kind: "tokenizer", isHeavy: false } : { kind: "model", isHeavy: true };
}
